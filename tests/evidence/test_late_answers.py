"""Early against late answers (docs/methods.md A12)."""

from dataclasses import replace

import pandas as pd
import pytest

from ci_eval.evidence import Evidence
from ci_eval.evidence.change_frames import halves
from ci_eval.sections.interim import did_late_answers_differ


def at(*days: str | None) -> "pd.Series[pd.Timestamp]":
    return pd.Series(pd.to_datetime(list(days)))


@pytest.mark.parametrize(
    ("days", "early"),
    [
        (("2023-08-01", "2023-08-02", "2023-08-03", "2023-08-04"), 2),
        (("2023-08-01", "2023-08-02", "2023-08-02", "2023-08-02"), 1),  # one moment is in one half
        (("2023-08-01", "2023-08-01", "2023-08-01", "2023-08-02"), 3),
        (("2023-08-01", "2023-08-01"), 0),  # nothing is later
        ((None, None), 0),
    ],
)
def test_halves_keep_one_moment_together(days: tuple[str | None, ...], early: int) -> None:
    first, second = halves(at(*days))
    assert first.sum() == early
    assert not (first & second).any()
    if early:
        assert (first | second).all()


def made(second: Evidence, late_agree: int, untimed: int = 0, answers: int = 30) -> Evidence:
    """Sixty people, thirty early of whom all agree with s01, thirty late of whom `late_agree` do; s02 by `answers`."""
    frame = second.survey.frame.head(60).reset_index(drop=True)
    given = ["Agree"] * 30 + ["Agree"] * late_agree + ["Disagree"] * (30 - late_agree)
    s02 = ["Agree"] * (30 + answers) + [None] * (30 - answers)
    ended = pd.Series(pd.date_range("2023-08-01", periods=60)).mask(pd.Series(range(60)) < untimed)
    frame = frame.assign(
        s01=pd.Series(given, dtype=frame["s01"].dtype), s02=pd.Series(s02, dtype=frame["s02"].dtype),
        ended=ended.astype(frame["ended"].dtype),
        started=pd.Series(pd.NaT, index=frame.index).astype(frame["started"].dtype),
    )  # fmt: skip
    return replace(
        second, survey=replace(second.survey, responses=replace(second.survey.responses, frame=frame))
    )


def test_the_halves_have_the_shares_of_their_answers(second: Evidence) -> None:
    late = made(second, 12).early_and_late()
    assert late.loc["s01", ["share_first", "share_second", "difference"]].tolist() == [1.0, 0.4, -0.6]
    assert late.loc["s01", "superiority"] == 0.2  # 0.4 of the pairs are equal and count half
    assert late.loc["s01", "evidence"] == "less agreement"
    (said,) = did_late_answers_differ.words(late)
    assert "30 people answered early, up to 30 August 2023, and 30 late" in said.text
    assert "less agreement on 1 and of more on none" in said.text
    assert "100% early, 40% late" in said.text


@pytest.mark.parametrize(("answers", "compared"), [(19, False), (20, True)])
def test_a_half_of_fewer_than_twenty_answers_is_left_out(
    second: Evidence, answers: int, compared: bool
) -> None:
    assert ("s02" in made(second, 12, answers=answers).early_and_late().index) == compared


@pytest.mark.parametrize(("untimed", "compared"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_few_people_without_a_time_are_not_what_is_left_over(
    second: Evidence, untimed: int, compared: bool
) -> None:
    assert ("s01" in made(second, 12, untimed).early_and_late().index) == compared


def test_without_times_nothing_is_compared(second: Evidence) -> None:
    late = made(second, 12, untimed=60).early_and_late()
    assert did_late_answers_differ.table(late) == []
    assert "cannot be compared" in did_late_answers_differ.words(late)[0].text
