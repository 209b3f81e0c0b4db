"""A survey, or an area of focus, that fewer people gave than may be shown: nothing is told of their answers."""

from dataclasses import replace

import pytest
from interim_pieces import pieces_of

from ci_eval.evidence import Evidence, open_interim
from ci_eval.evidence.period_survey import Survey
from ci_eval.report import Sentence, Table

SECTIONS = [
    "main_points", "who_answered", "what_they_said", "do_groups_differ", "what_changed", "was_a_report_published",
    "what_was_the_focus", "in_their_own_words",
]  # fmt: skip


def answered_by(survey: Survey, people: int) -> Survey:
    responses = survey.responses
    return replace(survey, responses=replace(responses, frame=responses.frame.head(people)))


@pytest.mark.parametrize("section", SECTIONS)
def test_of_fewer_people_than_the_smallest_group_nothing_is_told(section: str, second: Evidence) -> None:
    few = replace(second, survey=answered_by(second.survey, 4))
    told = [piece for piece in pieces_of(few, section).values() if isinstance(piece, Sentence)]
    assert [p.text for p in told if p.level == "missing" and "fewer than 5 are not shown" in p.text]
    assert "smallest_group under [disclosure]" in repr(few)
    assert not [p.key for p in told if "agreed" in p.text or "of 4" in p.text]


def test_as_many_people_as_the_smallest_group_are_told_of(second: Evidence) -> None:
    five = replace(second, survey=answered_by(second.survey, 5), earlier=())
    assert not any(
        piece.level == "missing"
        for piece in pieces_of(five, "what_they_said").values()
        if isinstance(piece, Sentence)
    )


def test_an_earlier_period_of_too_few_people_is_not_compared_with(second: Evidence) -> None:
    few = replace(second, earlier=(answered_by(second.earlier[0], 4),))
    piece = pieces_of(few, "what_changed")["change-missing"]
    assert piece.level == "missing"
    assert "Four people answered the survey of 2021-22" in piece.text


def test_a_question_that_too_few_people_answered_is_not_told(second: Evidence) -> None:
    responses = second.survey.responses
    nobody_else = responses.frame.index >= responses.frame.index[4]
    frame = responses.frame.copy()
    for column in ("published", "s01"):
        frame[column] = frame[column].where(~nobody_else)
    few = replace(second, survey=replace(second.survey, responses=replace(responses, frame=frame)))
    said = pieces_of(few, "was_a_report_published")["publication-missing"]
    assert "Fewer than 5 people, too few to show, answered whether" in said.text
    assert "report" not in few.points()["point"].to_list()
    assert "What comes nearest" not in pieces_of(few, "what_was_the_focus")["focus-rooted"].text


def test_an_area_of_focus_named_by_too_few_is_not_singled_out(second: Evidence) -> None:
    responses = second.survey.responses
    frame = responses.frame.assign(focus=["Inclusion"] * 4 + [""] * (len(responses.frame) - 4))
    survey = replace(second.survey, responses=replace(responses, frame=frame))
    said = pieces_of(replace(second, survey=survey), "what_was_the_focus")["focus-named"]
    assert "Fewer than 5 people named an area of focus" in said.text
    assert "nclusion" not in said.text


def test_areas_of_focus_are_counted_each_for_itself(second: Evidence) -> None:
    """Five people who name six areas between them are five people, and no share is above 100%."""
    named = ["Inclusion; Numeracy and mathematics", "Inclusion; Curricular pathways"] * 2 + ["Inclusion"]
    five = answered_by(second.survey, 5)
    responses = replace(five.responses, frame=five.responses.frame.assign(focus=named))
    pieces = pieces_of(replace(second, survey=replace(five, responses=responses)), "what_was_the_focus")
    said, table = pieces["focus-named"], pieces["focus-themes"]
    assert said.numbers["most_named"] == 5
    assert dict(zip(table.frame["theme"], table.frame["respondents"], strict=True)) == {
        "Inclusion": 5,
        "Numeracy and mathematics": 2,
        "Curricular pathways": 2,
    }


@pytest.mark.parametrize("answer", ["Don’t know", float("nan")])
def test_where_nobody_answered_on_the_scale_every_section_is_told_without_it(
    second: Evidence, answer: object
) -> None:
    responses = second.survey.responses
    codes = [one.code for one in second.questionnaire.statements]
    frame = responses.frame.copy()
    frame[codes] = frame[codes].apply(lambda given: given.mask(given.index >= 0, answer))
    nobody = replace(second, survey=replace(second.survey, responses=replace(responses, frame=frame)))
    said = pieces_of(nobody, "main_points")["main-survey"]
    assert said.text.startswith("Nobody, or too few people to show, gave an answer on the scale")
    (only,) = pieces_of(nobody, "what_they_said").values()
    assert only.text == (
        "Nobody, or fewer than 5 people, gave an answer on the scale to any statement: no share, no word."
    )
    assert all(pieces_of(nobody, section) for section in SECTIONS)


def test_areas_of_focus_named_equally_often_are_named_together(second: Evidence) -> None:
    said = pieces_of(second, "what_was_the_focus")["focus-named"]
    assert said.text.startswith(
        "The areas of focus named most often were collecting and using data to set priorities and curricular "
        "pathways, each by 19% (22 of 116)"
    )
    assert said.numbers["most_named"] == 22


@pytest.mark.parametrize(("people", "told"), [(4, False), (5, True)])
def test_a_statement_that_too_few_people_answered_has_no_share_anywhere(
    second: Evidence, people: int, told: bool
) -> None:
    responses = second.survey.responses
    frame = responses.frame.copy()
    given = frame.index[frame["s04"].isin(second.questionnaire.scale)][:people]
    frame["s04"] = frame["s04"].where(frame.index.isin(given))
    survey = replace(second.survey, responses=replace(responses, frame=frame)).masked(second.smallest_group)
    assert survey.counts.answered[3, 0] == (people if told else 0)
    assert list(survey.counts.answered[:3, 0]) == list(second.survey.counts.answered[:3, 0])
    few = replace(second, survey=survey)
    shown = [piece for piece in pieces_of(few, *SECTIONS).values() if isinstance(piece, Table)]
    shares = next(table for table in shown if table.key == "statements-table").frame["share"]
    assert shares.notna().tolist() == [number != 3 or told for number in range(15)]
    # A number that was taken out is no 0.
    by_key = {table.key: table.frame for table in shown}
    answered = by_key["statements-table"]["answered"], by_key["change-table"]["answered_second"]
    assert all(
        column.notna().tolist() == [number != 3 or told for number in range(15)] for column in answered
    )
    ranks = next(table for table in shown if table.key == "statements-ranks")
    assert all("too few to show" in c.blank for c in ranks.columns if c.heading.startswith("Whatever"))
    if not told:
        said = " ".join(p.text for p in pieces_of(few, "what_they_said").values() if isinstance(p, Sentence))
        assert "Nobody, or fewer than 5 people, gave an answer on the scale to “The time spent" in said


def test_every_section_stands_where_too_few_people_answered_each_statement(second: Evidence) -> None:
    responses = second.survey.responses
    frame = responses.frame.copy()
    for statement in second.questionnaire.statements:
        given = frame.index[frame[statement.code].isin(second.questionnaire.scale)][:4]
        frame[statement.code] = frame[statement.code].where(frame.index.isin(given))
    survey = replace(second.survey, responses=replace(responses, frame=frame)).masked(second.smallest_group)
    few = replace(second, survey=survey)
    told = {key: piece.text for key, piece in pieces_of(few).items() if isinstance(piece, Sentence)}
    assert "Nobody, or too few people to show, gave an answer" in told["main-survey"]
    assert not [key for key, text in told.items() if "0 of 0" in text or " nan" in text]


def test_the_evidence_of_a_run_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    masked = Survey.masked
    monkeypatch.setattr(
        Survey, "masked", lambda self, least: seen.append((self.period, least)) or masked(self, least)
    )
    open_interim("2022-23")
    assert seen == [("2021-22", 5), ("2022-23", 5)]


def test_where_everybody_gives_one_answer_no_statement_is_singled_out(second: Evidence) -> None:
    responses = second.survey.responses
    codes = [one.code for one in second.questionnaire.statements]
    frame = responses.frame.copy()
    frame[codes] = frame[codes].apply(lambda given: given.mask(given.index >= 0, "Agree"))
    same = replace(second, survey=replace(second.survey, responses=replace(responses, frame=frame)))
    told = pieces_of(same, "what_they_said", "do_groups_differ", "main_points", "what_changed")
    alone = pieces_of(replace(same, earlier=()), "main_points")["main-findings"].text
    assert "Agreement is the same on all 15 statements: 100% each." in alone
    assert told["consensus"].text.startswith(
        "Respondents agree with each other as much on one statement as on"
    )
    assert "the same share as the others on each statement" in told["groups-organisation"].text
    assert "furthest apart" not in " ".join(
        getattr(p, "alt", "") + getattr(p, "text", "") for p in told.values()
    )


def test_where_nothing_moved_no_difference_is_the_largest(second: Evidence) -> None:
    same = replace(second, earlier=(replace(second.survey, period="2021-22"),))
    told = pieces_of(same, "what_changed")["change"].text
    assert told.endswith("Every share is what it was.")


QUESTIONS = ("organisation", "role", "mode", "focus", "comment", "published", "improve")


@pytest.mark.parametrize(
    ("questions", "people"),
    [*(((one,), (0, 3)[place % 2]) for place, one in enumerate(QUESTIONS)), (QUESTIONS, 0), (QUESTIONS, 3)],
)
def test_questions_that_were_not_asked_or_hardly_answered_stop_no_section(
    second: Evidence, questions: tuple[str, ...], people: int
) -> None:
    """As after absent = […] in the settings, which a loader's message itself may ask for."""
    responses = second.survey.responses
    frame = responses.frame.copy()
    for question in questions:
        frame[question] = frame[question].where(frame[question].notna().cumsum() <= people)
    survey = replace(second.survey, responses=replace(responses, frame=frame))
    few = replace(second, survey=replace(survey, coding=None), earlier=())
    told = list(pieces_of(few).values())
    keys = {piece.key for piece in told}
    assert "None of the 0" not in " ".join(getattr(piece, "text", "") for piece in told)
    if "organisation" in questions and not people:
        assert "organisation-unsaid" in keys
        assert not keys & {"responses-by-organisation", "respondents-by-organisation"}
    assert not keys & {f"respondents-by-{question}" for question in questions if question in ("role", "mode")}
    for table in (piece for piece in told if isinstance(piece, Table)):
        for column in table.columns:
            assert column.blank or table.frame[column.name].notna().all(), (table.key, column.name)
