"""Claims about answers: held against their own period's survey and no other, and never against invented answers."""

from dataclasses import replace

import pandas as pd
import pytest

from ci_eval.evidence import Evidence
from ci_eval.evidence.period_survey import Survey
from ci_eval.sections.interim import does_what_was_published_hold


def real(survey: Survey) -> Survey:
    return replace(survey, invented=False)


def results(evidence: Evidence) -> pd.DataFrame:
    return pd.DataFrame(evidence.published_claims()).set_index("key")


OF_ANSWERS = ["agreement", "reports-unsure", "comments-celebrating", "comments-stakeholders"]


def test_invented_answers_say_nothing_of_the_real_survey(first: Evidence, second: Evidence) -> None:
    for evidence in (first, second):
        rows = results(evidence).loc[OF_ANSWERS]
        assert set(rows["result"]) == {"cannot be known"}
        assert rows["evidence"].str.startswith("Only invented answers of 2021-22").all()
        assert evidence.published_claims().attrs["invented"] == ["2021-22"]


def test_answers_that_are_not_invented_decide(first: Evidence) -> None:
    rows = results(replace(first, survey=real(first.survey)))
    assert rows.loc["agreement", "result"] == "supported"
    assert "the lowest is almost all, 90.1% (118 of 131)" in rows.loc["agreement", "evidence"]
    assert rows.loc["reports-unsure", "result"] == "supported"
    assert rows.loc["comments-celebrating", "result"] == "cannot be known"
    assert "is no word of the scale" in rows.loc["comments-celebrating", "evidence"]


def test_one_statement_below_its_word_contradicts_each(first: Evidence) -> None:
    survey = real(first.survey)
    frame = survey.frame.copy()
    agreeing = frame.index[frame["s04"].isin(["Strongly agree", "Agree"])][0]
    frame.loc[agreeing, "s04"] = "Disagree"
    changed = replace(survey, responses=replace(survey.responses, frame=frame))
    assert results(replace(first, survey=changed)).loc["agreement", "result"] == "contradicted"


def test_a_claim_is_never_held_against_another_periods_survey(first: Evidence, second: Evidence) -> None:
    alone = replace(second, survey=real(second.survey), earlier=())
    rows = results(alone).loc[OF_ANSWERS]
    assert set(rows["result"]) == {"cannot be known"}
    assert set(rows["evidence"]) == {"No answers of 2021-22 on this are at hand."}
    # the later survey would contradict the claim, the earlier one supports it
    both = replace(second, survey=real(second.survey), earlier=(real(first.survey),))
    assert results(both).loc["agreement", "result"] == "supported"


@pytest.mark.parametrize(("people", "known"), [(4, False), (5, True)])
def test_answers_of_too_few_people_are_not_used(first: Evidence, people: int, known: bool) -> None:
    survey = real(first.survey)
    few = replace(survey, coding=None, responses=replace(survey.responses, frame=survey.frame.head(people)))
    evidence = results(replace(first, survey=few)).loc["agreement", "evidence"]
    assert ("No answers" not in evidence) is known


def test_a_theme_of_too_few_people_is_worded_without_a_number(first: Evidence) -> None:
    claims = first.claims.copy()
    claims.loc[claims["key"] == "comments-celebrating", ["value", "about"]] = ["few", "comment: follow-up"]
    row = results(replace(first, survey=real(first.survey), claims=claims)).loc["comments-celebrating"]
    assert row["evidence"].startswith("Few")
    assert "of 35" not in row["evidence"]
    assert row["result"] in ("supported", "cannot be known")


def test_the_page_names_what_is_contradicted_and_what_does_not_fit(second: Evidence) -> None:
    count, loose = does_what_was_published_hold.words(second.published_claims())
    assert "no claim about that survey is tested" in count.text
    assert sum(count.numbers[name] for name in ("supported", "contradicted", "cannot_be_known")) == len(
        second.claims
    )
    lines = loose.text.splitlines()[2:]
    assert len(lines) == 3
    assert "9. The questionnaire has 8" in lines[0]
    assert "12" in lines[1]
    assert "11" in lines[1]
    assert "Hosts with a written report" in lines[2]
    assert "Hosts that shared" in lines[2]


def test_nothing_is_listed_where_every_claim_holds(second: Evidence) -> None:
    frame = second.published_claims()
    held = frame[(frame["result"] == "supported") & (frame["misfit"] == "")]
    (count,) = does_what_was_published_hold.words(held)
    assert count.numbers["contradicted"] == 0
