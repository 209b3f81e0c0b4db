"""Spellings of a job role are one group wherever groups are counted, and the page says that some were merged."""

from dataclasses import replace

import pytest

from ci_eval.evidence import Evidence
from ci_eval.survey import with_merged

SPELLINGS = ("QIO", "quality improvement officer", "Quality Improvement Officer (QIO)")


@pytest.mark.parametrize("people", [6, 4])
def test_spellings_of_a_role_are_one_group_and_the_note_gives_no_number(first: Evidence, people: int) -> None:
    survey = first.survey
    roles = survey.frame["role"].mask(survey.frame["role"] == "Quality improvement officer", "Headteacher")
    roles.iloc[:people] = [SPELLINGS[0], SPELLINGS[2]] * (people // 2)
    roles.iloc[people : people + 3] = SPELLINGS[1]
    spelt = replace(survey.responses, frame=survey.frame.assign(role=roles))
    merged, counted = with_merged(spelt, survey.coding, survey.codebook)
    evidence = replace(first, survey=replace(survey, responses=merged, merged=counted))
    rows = evidence.respondents()
    responses = rows[rows["question"] == "role"].set_index("answer")["responses"]
    assert responses["Quality improvement officer"] == people + 3
    assert not {*SPELLINGS} & {*responses.index}
    note = evidence.respondents().attrs["notes"]["role"]
    assert "Some answers were merged with the codebook by wording." in note
    assert counted["role"]["matched by wording"] == people
