"""Data quality: reliability, flags, clustering, the self-check's line."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from interim_pieces import Piece, pieces_of

from ci_eval.agreement import cronbach_alpha, sureness
from ci_eval.agreement import published_values as own_check
from ci_eval.evidence import Evidence, record_frames
from ci_eval.evidence.statement_frames import places_on_scale, seconds


def quality(evidence: Evidence) -> dict[str, Piece]:
    return pieces_of(evidence, "were_answers_careful")


def altered(evidence: Evidence, frame: pd.DataFrame) -> Evidence:
    responses = replace(evidence.survey.responses, frame=frame)
    return replace(evidence, survey=replace(evidence.survey, responses=responses))


def test_reliability_is_that_of_the_respondents_who_answered_every_statement(
    second: Evidence,
) -> None:
    said = quality(second)["reliability"]
    expected = cronbach_alpha(places_on_scale(second.survey))
    assert said.numbers["alpha"] == expected.alpha
    assert (said.numbers["alpha_low"], said.numbers["alpha_high"]) == (expected.low, expected.high)
    assert said.numbers["respondents"] + said.numbers["left_out"] == 118
    assert f"alpha is {expected.alpha:.2f}" in said.text


def test_a_scale_nobody_answered_whole_is_refused_in_words(second: Evidence) -> None:
    frame = second.survey.frame
    half = np.arange(len(frame)) < 60
    evidence = altered(second, frame.assign(s01=frame["s01"].where(half), s02=frame["s02"].where(~half)))
    said = quality(evidence)["reliability"]
    assert said.numbers == {"alpha": None, "omega": None}
    assert "0 respondents answered every item" in said.text


def test_a_statement_without_answers_takes_no_respondent_from_the_others(second: Evidence) -> None:
    frame = second.survey.frame
    evidence = altered(second, frame.assign(s04=frame["s04"].where(np.zeros(len(frame), dtype=bool))))
    said = quality(evidence)["reliability"]
    without = np.delete(places_on_scale(second.survey), 3, axis=1)
    assert said.numbers["alpha"] == cronbach_alpha(without).alpha
    assert "Do the 14 statements, of 15, that have answers to show hang together" in said.text


def test_answers_without_variation_have_no_reliability_and_say_why(second: Evidence) -> None:
    codes = [s.code for s in second.questionnaire.statements]
    evidence = altered(second, second.survey.frame.assign(**dict.fromkeys(codes, "Agree")))
    said = quality(evidence)
    assert "not defined (no variation" in said["reliability"].text
    assert said["response-quality"].numbers["straight_lining"] == 118


def test_flags_are_counted_and_nobody_is_dropped(second: Evidence) -> None:
    frame = second.survey.frame.copy()
    codes = [s.code for s in second.questionnaire.statements]
    for code in codes:
        frame.loc[frame.index[:6], code] = "Agree"
    took = np.full(len(frame), 600)
    took[10:17], took[17] = 199, 200  # a third of the median is not less than a third
    frame["ended"] = frame["started"] + pd.to_timedelta(took, unit="s")
    evidence = altered(second, frame)
    numbers = quality(evidence)["response-quality"].numbers
    assert (numbers["straight_lining"], numbers["speeders"]) == (6, 7)
    table = pieces_of(evidence, "what_they_said")["statements-table"].frame
    assert table["answered"].max() > 100


@pytest.mark.parametrize(
    ("flagged", "said"), [(0, "nobody"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5 gave")]
)
def test_a_handful_of_flagged_people_is_not_numbered(second: Evidence, flagged: int, said: str) -> None:
    frame = second.survey.frame.copy()
    for code in (s.code for s in second.questionnaire.statements):
        frame.loc[frame.index[:flagged], code] = "Agree"
    piece = quality(altered(second, frame))["response-quality"]
    assert said in piece.text
    assert piece.numbers["straight_lining"] == (None if 0 < flagged < 5 else flagged)


def test_without_times_nobody_hurried(second: Evidence) -> None:
    evidence = altered(second, second.survey.frame.assign(ended=pd.NaT))
    piece = quality(evidence)["response-quality"]
    assert piece.numbers["speeders"] is None
    assert "How long a response took is not recorded" in piece.text
    assert "Nobody is flagged." in piece.text


def test_a_response_that_ends_before_it_starts_has_no_time(second: Evidence) -> None:
    frame = second.survey.frame
    turned = frame.assign(ended=frame["started"] - pd.to_timedelta(1, unit="s"))
    assert np.isnan(seconds(altered(second, turned).survey)).all()


def test_words_are_sure_as_often_as_their_probability_says(second: Evidence) -> None:
    frame = second.resemblance().set_index("effect")
    m, n = second.survey.counts.agreeing[:, 0], second.survey.counts.answered[:, 0]
    for effect in (1.0, 2.0, 5.0):
        sure = sureness(m, n, 156, design_effect=effect) >= 0.8
        assert frame.loc[effect, "sure"] == sure.sum()
        assert frame.loc[effect, "lost"] == ((sureness(m, n, 156) >= 0.8) & ~sure).sum()
    said = quality(second)["clustering"]
    assert "reads no question on the engagement" in said.text
    assert said.numbers["lost_at_most"] == frame["lost"].iloc[-1]


def test_where_everybody_answered_no_design_effect_takes_a_word_away(second: Evidence) -> None:
    full = replace(second, survey=replace(second.survey, asked=None))
    codes = [s.code for s in second.questionnaire.statements]
    frame = second.survey.frame.assign(**dict.fromkeys(codes, "Strongly disagree"))
    evidence = altered(full, frame)
    evidence = replace(evidence, survey=replace(evidence.survey, asked=118))
    assert "None of them would cease to be" in quality(evidence)["clustering"].text


def test_the_method_section_says_how_many_published_values_are_reproduced(
    second: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = pieces_of(second, "how_it_was_made")["self-check"]
    assert said.numbers["reproduced"] == said.numbers["values"] > 200
    assert (
        f"{said.numbers['values']} of {said.numbers['values']} published values reproduced (ci-eval "
        in said.text
    )
    rows = own_check.published()[:2]
    rows[0]["expected"] = [0.5, 0.6]
    monkeypatch.setattr(own_check, "published", lambda: rows)
    monkeypatch.setattr(record_frames, "_checked", own_check.self_check)
    broken = pieces_of(second, "how_it_was_made")["self-check"]
    assert broken.level == "warning"
    assert f"Not reproduced: {rows[0]['id']}." in broken.text


def test_without_a_survey_there_is_neither_quality_nor_clustering(second: Evidence) -> None:
    bare = replace(second, survey=replace(second.survey, responses=None))
    assert list(quality(bare)) == ["quality-missing", "late-answers"]
    assert "self-check" in pieces_of(bare, "how_it_was_made")
