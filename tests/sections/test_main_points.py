"""The main points: the verdict's rule, the rank of the findings, and what is said to stand whatever the others say."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from ci_eval.evidence import Evidence
from ci_eval.evidence.own_texts import Texts
from ci_eval.report import markup
from ci_eval.sections.interim import main_points, what_people_judge
from ci_eval.settings.evaluator_file import Decision, EvaluatorTexts, Judgement

LONGEST = 25  # words of a sentence
Answered = Callable[..., Evidence]


def texts_of(evidence: Evidence) -> dict[str, str]:
    return {piece.key: piece.text for piece in main_points.words(evidence.points())}


@pytest.fixture
def answered(second: Evidence) -> Answered:
    """The second period with a share of each statement chosen: code → people who agree, of 100."""

    def change(first: dict[str, int] | int, now: dict[str, int] | int, earlier: bool = True) -> Evidence:
        surveys = []
        for survey, agreeing in ((second.earlier[0], first), (second.survey, now)):
            frame = survey.unmasked.frame.head(100).copy()
            for one in second.questionnaire.statements:
                people = agreeing if isinstance(agreeing, int) else agreeing.get(one.code, 80)
                given = ["Agree"] * people + ["Disagree"] * (100 - people)
                frame[one.code] = frame[one.code].cat.set_categories(second.questionnaire.answers)
                frame[one.code] = given
            responses = replace(survey.unmasked.responses, frame=frame)
            surveys.append(replace(survey, responses=responses, complete=None, asked=120))
        return replace(second, survey=surveys[1], earlier=(surveys[0],) if earlier else ())

    return change


def test_the_two_falls_of_the_example_are_the_verdict_and_the_first_findings(second: Evidence) -> None:
    texts = texts_of(second)
    assert texts["main-verdict"] == (
        "Almost all respondents find the process worth developing further, but agreement on equal partnership and on time "
        "fell by 75 points each."
    )
    first, then = texts["main-findings"].splitlines()[:2]
    assert first.startswith("1. 16% (16 of 100) agreed that the process felt like an equal partnership.")
    assert "In 2021-22 it was 91%: a fall of 75 points" in first
    assert then.startswith("2. 15% (15 of 100) agreed that the time spent on the CI process was appropriate.")
    assert "That is the lowest of the 15 statements." in then


def test_the_number_of_hosts_is_a_least_number_only_where_the_register_cannot_say(
    first: Evidence, second: Evidence
) -> None:
    """As the published report has it: 11 by June 2022, and nobody else before August 2022."""
    assert " 11 of 32 authorities had been a host by 30 June 2022." in texts_of(first)["main-findings"]
    least = "At least 12 of 32 authorities had been a host by 30 June 2023; for 20 others the register cannot say."
    assert least in texts_of(second)["main-findings"]


@pytest.mark.parametrize(
    ("first", "now", "verdict"),
    [
        # both fall: the larger first, and the statement on the whole is good
        (85, {"s03": 25, "s06": 45}, "Most respondents find the process worth developing further, but "
         "agreement on the process and on open discussions fell by 60 and 40 points"),
        # a rise beside a good whole is no contrast
        ({"s03": 20}, 80, "Most respondents find the process worth developing further, and agreement on the process rose "
         "by 60 points"),
        # of a rise and a smaller fall only the rise is named
        ({"s03": 10}, {"s06": 40}, "Most respondents find the process worth developing further, and agreement on the "
         "process rose by 70 points"),
        # a bad whole and a fall agree with one another
        (90, {"s15": 30, "s03": 20}, "Less than half of respondents find the process worth developing further, and "
         "agreement on the process and on developing it further fell by 70 and 60 points"),
        (80, 80, "Most respondents find the process worth developing further; there is no evidence of change since 2021-22"),
    ],
)  # fmt: skip
def test_the_verdict_joins_the_whole_with_the_largest_changes(
    answered: Answered, first: dict[str, int] | int, now: dict[str, int] | int, verdict: str
) -> None:
    if isinstance(first, int) and isinstance(now, dict):
        now = dict.fromkeys((f"s{n:02}" for n in range(1, 16)), first) | now
    assert texts_of(answered(first, now))["main-verdict"] == f"{verdict}."


def test_without_an_earlier_period_the_verdict_names_the_lowest(answered: Answered) -> None:
    texts = texts_of(answered(80, {"s07": 60, "s15": 83}, earlier=False))
    assert texts["main-verdict"] == (
        "Most respondents find the process worth developing further; agreement is lowest on honest discussions (60%)."
    )


def test_an_unsure_word_gives_way_to_the_number(answered: Answered) -> None:
    texts = texts_of(answered(75, 75))
    assert texts["main-verdict"].startswith("75 of 100 respondents find")


def test_without_a_statement_on_the_whole_the_verdict_names_the_ends(answered: Answered) -> None:
    evidence = answered(80, {"s02": 95, "s07": 60}, earlier=False)
    evidence = replace(evidence, questionnaire=replace(evidence.questionnaire, overall=None))
    text = texts_of(evidence)["main-verdict"]
    assert text == "Agreement is lowest on honest discussions (60%) and highest on purpose (95%)."


def test_points_are_ranked_by_size_times_sureness(second: Evidence) -> None:
    points = second.points()
    scored = points.dropna(subset=["score"])
    assert scored["score"].is_monotonic_decreasing
    change, statements = second.change(), second.statements()
    for row in scored.to_dict("records"):
        if row["point"] == "change":
            sure = 1 - change.loc[row["code"], "p_holm"]
            assert row["size"] == abs(change.loc[row["code"], "difference"])
        else:
            sure = statements.loc[row["code"], "sureness"]
            assert row["size"] == abs(row["share"] - statements["share"].median())
        assert row["score"] == pytest.approx(row["size"] * sure)
    assert points["point"].to_list()[-2:] == ["report", "hosts"]


def test_a_move_within_agreement_is_no_fall_of_the_share(second: Evidence) -> None:
    survey = second.earlier[0]
    frame = survey.frame.copy()
    frame["s01"] = frame["s01"].where(frame["s01"].isna(), "Strongly agree")
    weaker = frame.assign(s01=frame["s01"].where(frame["s01"].isna(), "Agree"))
    before = replace(survey, responses=replace(survey.responses, frame=frame))
    now = replace(survey, responses=replace(survey.responses, frame=weaker), period="2022-23")
    evidence = replace(second, survey=now, earlier=(before,))
    assert evidence.change().loc["s01", "p_holm"] < 0.05
    assert "change" not in set(evidence.points()["point"])
    texts = texts_of(evidence)
    assert "no evidence of change" not in texts["main-verdict"] + texts["main-findings"]


def test_a_change_stands_where_no_answer_of_the_others_could_turn_it(second: Evidence) -> None:
    """By hand: the least share before is agreeing / asked; the greatest now counts all who did not answer."""
    change = second.change()
    for row in second.points().query("point == 'change'").to_dict("records"):
        one = change.loc[row["code"]]
        least_before = Fraction(int(one["agreeing_first"]), 178)
        greatest_now = Fraction(int(one["agreeing_second"]) + 156 - int(one["answered_second"]), 156)
        assert row["stands"] is (greatest_now < least_before), row["code"]
    assert "The changes in findings 1 and 2 would stand whatever" in texts_of(second)["main-sure"]


def test_a_change_that_others_could_turn_is_not_said_to_stand(answered: Answered) -> None:
    small = answered({"s03": 95}, 80)
    assert "would stand" not in texts_of(small)["main-sure"]


def test_where_nobody_knows_how_many_were_asked_nothing_is_said_of_the_others(second: Evidence) -> None:
    unknown = replace(second, survey=replace(second.survey, asked=None, asked_by={}))
    text = texts_of(unknown)["main-sure"]
    assert "would stand" not in text
    assert "How many were asked is not known" in text


@pytest.mark.parametrize(
    ("first", "now"), [(80, 80), (90, 20), (20, 90), ({"s03": 5, "s04": 95}, 50), (100, 0)]
)
def test_there_are_at_most_six_findings_and_no_long_sentence(
    answered: Answered, first: dict[str, int] | int, now: int
) -> None:
    evidence = answered(first, now)
    texts = texts_of(evidence)
    assert 1 <= len(texts["main-findings"].splitlines()) <= 6
    for text in texts.values():
        for sentence in re.split(r"(?<=[.?!])\s+", re.sub(r"^\d\. ", "", text, flags=re.MULTILINE)):
            assert len(sentence.split()) <= LONGEST, sentence
    assert "nan" not in " ".join(texts.values())


def test_the_evaluators_verdict_overrules_and_is_marked_as_hers(second: Evidence) -> None:
    own = EvaluatorTexts(
        name="A. <b>Name</b>", written_on=date(2023, 9, 14), verdict="It works, but <i>slowly</i>."
    )
    (verdict, *_) = main_points.words(replace(second, texts=Texts(evaluator=own)).points())
    assert (
        verdict.text
        == "It works, but <i>slowly</i>.\n\nThe evaluator’s own verdict: A. <b>Name</b>, 14 September 2023."
    )
    assert "<i>" not in markup.piece_html(verdict.key, verdict.record())


def test_decisions_carry_the_numbers_of_their_statements(second: Evidence) -> None:
    asked = (Decision("Set the days.", statements=("s04",), evidence="Six of 28 comments name it."),)
    own = EvaluatorTexts(name="N", written_on=date(2023, 9, 14), decisions=asked)
    table = main_points.decisions(replace(second, texts=Texts(evaluator=own)).decisions())
    assert table.frame["evidence"].to_list() == [
        "15% (15 of 100) agreed that the time spent on the CI process was appropriate. Six of 28 comments name it."
    ]
    assert main_points.decisions(replace(second, texts=Texts()).decisions()) is None


def test_a_judgement_is_shown_with_name_source_and_date_and_absent_where_none_is_written(
    second: Evidence,
) -> None:
    judged = Judgement("Hosts liked it.", "Notes", date(2023, 9, 1))
    own = EvaluatorTexts(name="N", written_on=date(2023, 9, 14), strengths=judged)
    judgements = replace(second, texts=Texts(evaluator=own)).judgements()
    (only,) = what_people_judge.words(judgements)
    assert only.text == (
        "Emerging strengths. Hosts liked it.\n\nThe evaluator’s own judgement: N, 1 September 2023. It rests on: Notes."
    )
    assert what_people_judge.words(judgements, "pace") == []
    with pytest.raises(ValueError, match="there is no subject 'speed'"):
        what_people_judge.words(judgements, "speed")
