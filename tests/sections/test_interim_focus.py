"""The area of focus named most often: how answers were matched, and no ranking over those that were not."""

from dataclasses import replace

import pytest
from interim_pieces import pieces_of

from ci_eval.evidence import Evidence


def named(evidence: Evidence, answers: list[str]) -> tuple[str, dict[str, object], str]:
    """The sentence on the focus, its numbers and its level, had the first respondents answered so."""
    responses = evidence.survey.responses
    blank = [""] * (len(responses.frame) - len(answers))
    frame = responses.frame.assign(focus=[*answers, *blank])
    survey = replace(evidence.survey, responses=replace(responses, frame=frame))
    sentence = pieces_of(replace(evidence, survey=survey), "what_was_the_focus")["focus-named"]
    return sentence.text, dict(sentence.numbers), sentence.level


def test_a_short_name_that_half_of_them_wrote_is_the_most_named(first: Evidence) -> None:
    """ "Numeracy" stands for "Numeracy and mathematics"; it once counted as no theme, and inclusion by 8% as first."""
    answers = ["Numeracy"] * 30 + ["Inclusion"] * 5 + ["Local support groups"] * 25
    text, numbers, _ = named(first, answers)
    assert text == (
        "The area of focus named most often was numeracy and mathematics, by 50% (30 of 60) of those who named one. "
        "30 answers were matched by other wordings than the list’s own."
    )
    assert (numbers["most_named"], numbers["by_wording"], numbers["unmatched"]) == (30, 30, 0)


@pytest.mark.parametrize(("unmatched", "ranked"), [(10, True), (11, False)])
def test_nothing_is_ranked_while_the_unmatched_outnumber_the_first(
    first: Evidence, unmatched: int, ranked: bool
) -> None:
    text, numbers, level = named(first, ["Inclusion"] * 10 + ["Attendance"] * unmatched)
    assert ("named most often was inclusion" in text) is ranked
    assert ("cannot be said yet" in text) is not ranked
    assert numbers["unmatched"] == unmatched
    assert level == ("text" if ranked else "warning")
    if not ranked:
        assert "52% (11 of 21) of those who named one gave an answer that is not yet matched" in text
        assert "most_named" not in numbers


@pytest.mark.parametrize(("second_named", "could_change"), [(6, False), (7, True)])
def test_a_first_that_the_unmatched_could_overtake_says_so(
    first: Evidence, second_named: int, could_change: bool
) -> None:
    answers = ["Inclusion"] * 10 + ["Curricular pathways"] * second_named + ["Attendance"] * 3
    text, _, _ = named(first, answers)
    assert ("could change which comes first" in text) is could_change
    assert "Three answers are not yet matched" in text


def test_an_answer_that_says_nothing_is_no_focus(first: Evidence) -> None:
    _, numbers, _ = named(first, ["Inclusion"] * 6 + ["N/A", "none"])
    assert (numbers["answered"], numbers["unmatched"]) == (6, 0)


def test_answers_of_which_none_is_matched_rank_nothing(first: Evidence) -> None:
    text, _, level = named(first, ["Attendance"] * 7)
    assert text == "No answer of the 7 who named an area of focus fits an area of the list."
    assert level == "warning"
