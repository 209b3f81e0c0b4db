"""What has changed: differences, readings, words, overlap and trend, on the example data and on altered answers."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from interim_pieces import Piece, pieces_of

from ci_eval.agreement import Pair, compare, difference, holm, trend
from ci_eval.evidence import Evidence
from ci_eval.evidence.change_frames import compared_periods
from ci_eval.evidence.group_frames import HINT, NONE, reading
from ci_eval.evidence.period_survey import Survey
from ci_eval.report import Sentence
from ci_eval.sections.interim.what_changed import excluded

MORE, LESS = "more agreement", "less agreement"


def changes(evidence: Evidence) -> dict[str, Piece]:
    return pieces_of(evidence, "what_changed")


def with_answers(survey: Survey, **columns: object) -> Survey:
    return replace(survey, responses=replace(survey.responses, frame=survey.frame.assign(**columns)))


def test_differences_intervals_and_adjusted_p_are_those_of_the_methods(second: Evidence) -> None:
    before, now = second.previous, second.survey
    table = changes(second)["change-table"].frame
    expected = compare(before.counts, now.counts, asked_first=178, asked_second=156)
    for column in ("difference", "low", "high", "p_holm", "superiority", "word_changed"):
        assert list(table[column]) == list(expected[column]), column
    s02 = difference(Pair(124, 131, 99, 110, 178, 156))
    assert tuple(table.loc["s02", ["difference", "low", "high"]]) == pytest.approx(s02)
    assert table["p_holm"].ge(expected["p"]).all()


@pytest.mark.parametrize(
    ("p", "superiority", "said"),
    [(0.0499, 0.6, MORE), (0.0499, 0.4, LESS), (0.05, 0.6, NONE), (np.nan, 0.6, "")],
)
def test_evidence_begins_under_five_in_a_hundred(p: float, superiority: float, said: str) -> None:
    assert reading(p, superiority, MORE, LESS) == said


def test_the_sentence_counts_what_the_table_says(second: Evidence) -> None:
    said = changes(second)
    table = said["change-table"].frame
    numbers = said["change"].numbers
    assert numbers["evidence_of_change"] == int(table["evidence"].isin([MORE, LESS]).sum()) == 9
    assert (
        said["change-no-evidence"].numbers["statements"]
        == int(table["evidence"].isin([NONE, HINT]).sum())
        == 6
    )
    assert numbers["statements"] == 15


def test_no_sentence_says_that_nothing_changed(first: Evidence, second: Evidence) -> None:
    same = replace(second, survey=replace(first.survey, period="2022-23"))
    pieces = changes(same)
    assert "evidence that answers moved on none of 15 statements" in pieces["change"].text
    assert "The word differs for none of 15 statements" in " ".join(
        getattr(p, "text", "") for p in pieces.values()
    )
    chart = pieces["change-by-statement"]
    assert "lower for none and higher for none of 15 statements." in chart.alt
    assert chart.title == "No statement has evidence of change in agreement since 2021-22"
    assert "On 15 statements there is no evidence of change" in pieces["change-no-evidence"].text
    texts = " ".join(piece.text for piece in pieces.values() if isinstance(piece, Sentence))
    assert "no change" not in texts.replace("no evidence of change", "")
    reach = pieces["change-no-evidence"].numbers
    frame = pieces["change-table"].frame
    assert reach["least"] == frame[["low", "high"]].abs().max(axis=1).min()
    assert reach["most"] == frame[["low", "high"]].abs().max(axis=1).max()


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.04, 0.09, "falls of more than 4 points and rises of more than 9 points"),
        (0.02, 0.09, "rises of less than 2 points and rises of more than 9 points"),
        (-0.09, -0.02, "falls of more than 9 points and falls of less than 2 points"),
        (-1.0, 1.0, "nothing"),
        (-1.0, 0.5, "rises of more than 50 points"),
    ],
)
def test_what_an_interval_leaves_out_is_said_at_both_ends(low: float, high: float, said: str) -> None:
    assert excluded(low, high) == said


def test_a_statement_of_one_period_only_is_shown_and_not_tested(second: Evidence) -> None:
    gone = second.survey.frame["s15"].cat.remove_categories(second.survey.frame["s15"].cat.categories)
    frame = replace(second, survey=with_answers(second.survey, s15=gone)).change()
    assert np.isnan(frame.loc["s15", "difference"])
    assert frame.loc["s15", "evidence"] == ""
    pieces = changes(replace(second, survey=with_answers(second.survey, s15=gone)))
    assert "of 14 statements" in pieces["change"].text
    assert "worthwhile" not in pieces["change-by-statement"].alt


def test_an_overlap_not_recorded_is_said_to_be_so(second: Evidence) -> None:
    text = changes(second)["change-overlap"].text
    assert text.startswith("How many people answered both in 2021-22 and in 2022-23 is not recorded")


def test_a_declared_overlap_changes_no_number_and_says_what_it_could_be_worth(
    second: Evidence,
) -> None:
    told = replace(second, survey=replace(second.survey, overlap=40))
    before, after = changes(second), changes(told)
    assert after["change-table"].frame["low"].equals(before["change-table"].frame["low"])
    assert "40 people answered both in 2021-22 and in 2022-23" in after["change-overlap"].text
    narrower = compared_periods(second.previous, told.survey, correlation=0.5)
    assert (
        narrower["high"] - narrower["low"] <= after["change-table"].frame.eval("high - low") + 1e-12
    ).all()
    none = changes(replace(second, survey=replace(second.survey, overlap=0)))
    assert none["change-overlap"].text.startswith("Nobody answered both")


def test_an_overlap_larger_than_the_answers_to_one_statement_is_held_to_them(
    second: Evidence,
) -> None:
    few = second.survey.frame["s01"].where(second.survey.frame.index < 20)
    survey = replace(with_answers(second.survey, s01=few), overlap=60)
    assert compared_periods(second.previous, survey, correlation=0.5).loc["s01", "answered_second"] <= 20


def test_the_dumbbell_shows_the_intervals_of_both_periods(second: Evidence) -> None:
    chart = changes(second)["change-by-statement"]
    row = chart.frame.set_index("code").loc["s02"]
    assert row["low_first"] <= row["share_first"] <= row["high_first"]
    assert row["low_second"] <= row["share_second"] <= row["high_second"]
    held = chart.frame.set_index("code").join(second.change()[["p_holm", "superiority"]])
    down = held[(held["p_holm"] < 0.05) & (held["superiority"] < 0.5)]
    assert chart.title.startswith(
        f"Less agreement with {len(down)} of {len(held)} statements than in 2021-22"
    )


def three(first: Evidence, second: Evidence) -> Evidence:
    middle = replace(first.survey, period="2022-23", starts=date(2022, 6, 1))
    last = replace(second.survey, period="2024-25", starts=date(2024, 6, 1))
    return replace(second, period="2024-25", survey=last, earlier=(first.survey, middle))


def test_two_periods_have_no_trend(second: Evidence) -> None:
    assert second.trend().empty


def test_a_trend_is_that_of_cochran_and_armitage_on_the_true_spacing(
    first: Evidence, second: Evidence
) -> None:
    evidence = three(first, second)
    frame = evidence.trend()
    agree, answered = [124, 124, 99], [131, 131, 110]
    expected = trend(agree, answered, [0, 1, 3])
    assert frame.loc["s02", "slope"] == pytest.approx(expected.slope)
    assert frame.loc["s02", ["low", "high"]].tolist() == pytest.approx([expected.low, expected.high])
    ps = [
        trend(
            [s.counts.agreeing[n, 0] for s in (*evidence.earlier, evidence.survey)],
            [s.counts.answered[n, 0] for s in (*evidence.earlier, evidence.survey)],
            [0, 1, 3],
        ).p
        for n in range(15)
    ]
    assert frame["p_holm"].tolist() == pytest.approx(holm(ps).tolist())


def test_the_trend_is_told_in_a_sentence_and_a_table(first: Evidence, second: Evidence) -> None:
    pieces = changes(three(first, second))
    text, table = pieces["trend"].text, pieces["trend-table"]
    assert "Over the 3 periods from 2021-22 to 2024-25" in text
    assert pieces["trend"].numbers["falls"] == int((table.frame["evidence"] == "a fall").sum()) > 0
    assert "no evidence of a trend" in text
    assert [c.heading for c in table.columns][1:4] == ["Share 2021-22", "Share 2022-23", "Share 2024-25"]


def test_a_period_without_a_survey_is_passed_over_in_the_trend(first: Evidence, second: Evidence) -> None:
    evidence = three(first, second)
    bare = replace(evidence.earlier[0], period="2023-24", responses=None, starts=date(2023, 6, 1))
    with_gap = replace(evidence, earlier=(*evidence.earlier, bare))
    assert changes(with_gap)["trend"].text == changes(evidence)["trend"].text
    assert changes(with_gap)["change-missing"].level == "missing"
