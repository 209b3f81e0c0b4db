"""Sentences that once asserted a fact about the data: each is derived from the data, or true of any."""

from dataclasses import replace
from datetime import date

import pytest
from interim_pieces import pieces_of

from ci_eval.evidence import Evidence, follow_up_frames, programme_frames
from ci_eval.evidence.period_survey import Survey
from ci_eval.programme.questionnaire import Questionnaire


def not_asked(survey: Survey, *codes: str) -> Survey:
    """As after absent = […] in the settings: the columns are there and empty."""
    nobody = survey.frame.index < survey.frame.index[0]
    frame = survey.frame.assign(**{code: survey.frame[code].where(nobody) for code in codes})
    return replace(survey, responses=replace(survey.responses, frame=frame), not_asked=codes)


def asking(questionnaire: Questionnaire, code: str, text: str) -> Questionnaire:
    statements = tuple(
        replace(one, text=text) if one.code == code else one for one in questionnaire.statements
    )
    questions = tuple(replace(one, text=text) if one.code == code else one for one in questionnaire.questions)
    return replace(questionnaire, statements=statements, questions=questions)


def test_a_statement_declared_as_not_asked_is_said_to_be_so_and_no_other(second: Evidence) -> None:
    said = pieces_of(
        replace(second, survey=not_asked(second.survey, "s03")), "what_they_said", "what_changed"
    )
    assert said["statements-without-an-answer"].text == (
        "Not asked in 2022-23: “The process for the CI was clearly explained”."
    )
    assert said["change-not-compared"].text == (
        "Not compared: “The process for the CI was clearly explained”: not asked in 2022-23."
    )
    assert second.statements()["without"].eq("").all()


def test_a_statement_of_the_earlier_period_only_is_named_with_the_period_that_lacks_it(
    second: Evidence,
) -> None:
    earlier = (not_asked(second.earlier[0], "s03", "s15"),)
    text = pieces_of(replace(second, earlier=earlier), "what_changed")["change-not-compared"].text
    assert text.count("not asked in 2021-22") == 2
    assert "2022-23" not in text


def test_where_no_statement_was_asked_nobody_is_said_to_have_been_few(second: Evidence) -> None:
    codes = [one.code for one in second.questionnaire.statements]
    said = pieces_of(replace(second, survey=not_asked(second.survey, *codes)), "what_they_said")
    assert [piece.text for piece in said.values()] == ["Not asked in 2022-23: all statements."]


@pytest.mark.parametrize("code", ["s03", "s01", "mode"])
def test_a_question_on_self_evaluation_is_not_denied(second: Evidence, code: str) -> None:
    text = "The area of focus came from our own self-evaluation"
    asked = asking(second.survey.questionnaire, code, text)
    evidence = replace(second, survey=replace(second.survey, questionnaire=asked), questionnaire=asked)
    said = pieces_of(evidence, "what_was_the_focus")["focus-rooted"]
    assert said.text.startswith(f"The survey asks about self-evaluation: “{text}”.")
    assert "nearest" not in said.text
    if code == "s03":
        assert said.text.endswith(" 89% (98 of 110) of those who answered agreed or strongly agreed.")
    assert ("agreed" in said.numbers) == (code != "mode")


def test_the_nearest_statement_is_found_by_its_words_and_not_by_its_place(second: Evidence) -> None:
    said = pieces_of(second, "what_was_the_focus")["focus-rooted"].text
    assert (
        "What comes nearest is “The area of focus agreed for the CI was appropriate”. 100% (112 of 112)"
        in said
    )
    other = asking(second.survey.questionnaire, "s01", "Lunch was good")
    evidence = replace(second, survey=replace(second.survey, questionnaire=other), questionnaire=other)
    said = pieces_of(evidence, "what_was_the_focus")["focus-rooted"].text
    assert said == (
        "No statement or question of the survey names self-evaluation, so it does not say whether the focus came from it."
    )


def test_a_survey_that_did_not_ask_for_the_organisation_or_a_report_says_so(second: Evidence) -> None:
    survey = not_asked(second.survey, "organisation", "published")
    said = pieces_of(replace(second, survey=survey), "who_answered", "was_a_report_published")
    assert said["organisation-unsaid"].text == "The survey of 2022-23 did not ask for the organisation."
    assert "did not ask whether the host wrote" in said["publication-missing"].text


def test_recommendations_and_questions_are_sourced_as_a_summary(second: Evidence) -> None:
    for items in (second.recommendations(), second.questions()):
        assert items["source"].str.startswith("Our summary, in our words, of ").all()


def test_all_is_said_bare_only_where_everybody_asked_answered(second: Evidence) -> None:
    survey = second.survey
    everybody = replace(survey, asked=survey.received)
    frame = everybody.frame.assign(s01="Agree").astype({"s01": survey.frame["s01"].dtype})
    everybody = replace(everybody, responses=replace(everybody.responses, frame=frame))
    said = pieces_of(replace(second, survey=everybody, earlier=()), "what_they_said")
    assert said["message-all-asked"].text.startswith("All who were asked agreed or strongly agreed that")
    assert "All who answered" in pieces_of(second, "what_they_said")["message-all-answered"].text


def test_a_word_under_80_percent_sure_gives_way_to_the_number(second: Evidence) -> None:
    said = pieces_of(second, "was_a_report_published")["report-published"].text
    assert said == "52 of 104 respondents (50%) were unsure whether the host wrote and published a report."
    sure = second.statements().query("sureness >= 0.8")
    for piece in pieces_of(second, "what_they_said").values():
        if piece.key.startswith("message-") and piece.key not in ("message-numbers", "message-all-answered"):
            assert set(piece.numbers) <= set(sure.index)


def test_answers_on_a_report_given_as_often_are_named_together(second: Evidence) -> None:
    column = second.survey.frame["published"]
    answers, rows = column.cat.categories, second.survey.frame.index
    frame = second.survey.frame.assign(published=column.where(rows < rows[0]))
    frame.loc[rows[:30], "published"] = [answers[0], answers[1]] * 15
    survey = replace(second.survey, responses=replace(second.survey.responses, frame=frame))
    said = pieces_of(replace(second, survey=survey, earlier=()), "was_a_report_published", "main_points")
    both = "15 of 30 {} (50%) said that the host wrote and published a report, and as many said that the host did not"
    assert said["report-published"].text.startswith(both.format("respondents"))
    assert both.format("who answered the question") in said["main-findings"].text


def test_more_agreement_with_a_reversed_statement_is_no_gain(second: Evidence) -> None:
    change = second.change()
    code = str(change.sort_values("difference").index[0])
    plain = pieces_of(second, "main_points")["main-verdict"].text
    assert ", but agreement on " in plain
    statements = tuple(
        replace(one, reversed=change["difference"].loc[one.code] < -0.5)
        for one in second.questionnaire.statements
    )
    turned = replace(second.questionnaire, statements=statements)
    against = replace(second, questionnaire=turned, survey=replace(second.survey, questionnaire=turned))
    said = pieces_of(against, "main_points", "what_they_said")
    assert ", and agreement on " in said["main-verdict"].text
    shown = against.statements().drop(code)
    assert f"{100 * shown['share'].min():.0f}%" not in said["statements"].title or shown["share"].min() > 0.2
    assert said["statements"].title.startswith("Agreement with favourable statements runs from ")
    assert "15%" not in said["statements"].title


def test_what_no_record_confirms_is_never_said_to_be_none(second: Evidence) -> None:
    entries = tuple(replace(entry, status="planned") for entry in second.register.entries)
    undated = replace(second, register=replace(second.register, entries=entries))
    said = pieces_of(undated, "who_took_part", "main_points", "was_a_report_published", "what_was_the_focus")
    assert said["authorities-map"].title == "No authority is confirmed to have hosted by 30 June 2023"
    assert "No authority is confirmed to have been a host by 30 June 2023; for " in said["main-findings"].text
    text = " ".join(getattr(piece, "text", "") for piece in said.values())
    assert "the no engagements" not in text
    assert "0 of 0" not in text
    assert "No hosts" not in text


def test_an_engagement_of_roughly_known_days_is_of_the_period_by_whose_end_it_had_begun(
    first: Evidence,
) -> None:
    span = (date(2021, 7, 1), date(2022, 6, 30))  # the register knows most as between June 2021 and June 2022
    assert follow_up_frames.engagements_to(first.register, span, None)["in_period"].all()
    later = (date(2022, 7, 1), date(2023, 6, 30))
    frame = follow_up_frames.engagements_to(first.register, later, None)
    assert list(frame.loc[frame["in_period"], "engagement"]) == ["scottish-borders"]


def test_answers_that_moved_within_the_favourable_ones_are_no_fall_of_a_share(second: Evidence) -> None:
    def all_answer(survey: Survey, answer: str, period: str) -> Survey:
        codes = [one.code for one in survey.questionnaire.statements]
        frame = survey.frame.assign(**dict.fromkeys(codes, answer))
        frame = frame.astype({code: survey.frame[code].dtype for code in codes})
        return replace(survey, period=period, responses=replace(survey.responses, frame=frame))

    before = all_answer(second.survey, "Strongly agree", "2021-22")
    moved = replace(second, survey=all_answer(second.survey, "Agree", "2022-23"), earlier=(before,))
    said = pieces_of(moved, "what_changed")
    assert said["change-by-statement"].title == "Answers to 15 of 15 statements moved since 2021-22"
    assert "On 15 of these the share of favourable answers did not move that way" in said["change"].text


def test_an_engagement_that_may_have_begun_is_not_the_next(first: Evidence) -> None:
    day = date(2022, 3, 7)
    ahead = programme_frames.hosts_on(first.register, day).attrs
    assert ahead["next"]
    assert all("2021" not in when for _, when in ahead["next"])
    undated = {code for entry in first.register.entries if entry.precision == "plan" for code in entry.hosts}
    assert ahead["undated"] == len(undated)


def test_one_engagement_is_spoken_of_as_one(second: Evidence) -> None:
    names = [entry.engagement for entry in second.register.entries if entry.status == "took place"]
    entries = tuple(
        entry if entry.engagement == names[0] else replace(entry, status="planned")
        for entry in second.register.entries
    )
    alone = replace(second, register=replace(second.register, entries=entries))
    said = pieces_of(alone, "what_was_the_focus", "was_a_report_published")
    assert said["focus-register"].text == "The register names no focus of the one engagement of these hosts."
    assert "does not record, for the one engagement of these hosts," in said["report-register"].text
