"""SPSS files: labels are the answers, and what the file declares missing is not lost."""

import sys
from pathlib import Path

import pytest

from ci_eval import survey
from ci_eval.problems import InputError
from ci_eval.programme import Questionnaire
from ci_eval.survey import Limits, SurveySettings


def check_of(path: Path, questionnaire: Questionnaire, limits: Limits | None = None) -> str:
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire, declared=SurveySettings(limits=limits or Limits()))
    return stopped.value.problems[0].check


def test_without_its_package_a_sav_file_is_refused_with_the_command_that_helps(
    tmp_path: Path, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "survey.sav"
    path.write_bytes(b"$FL2" + bytes(200))
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    assert "pip install 'ci-eval[spss]'" in stopped.value.problems[0].mend


def test_dont_know_declared_missing_in_the_file_is_still_an_answer(
    invented: Path, questionnaire: Questionnaire
) -> None:
    """6 and 99 are user-missing in this file; pyreadstat drops both unless it is told not to."""
    pytest.importorskip("pyreadstat", reason="the optional package for SPSS files is not installed")
    frame = survey.load(invented / "spss" / "survey_user_missing_6_and_99.sav", questionnaire).frame
    statements = frame[[statement.code for statement in questionnaire.statements]]
    counts = statements.stack().value_counts()
    assert counts["Don’t know"] == 10  # shared/exports/invented/truth.csv
    assert statements.isna().sum().sum() == 24 * 15 - 344


def test_a_damaged_or_large_sav_file_is_refused(
    tmp_path: Path, invented: Path, questionnaire: Questionnaire
) -> None:
    pytest.importorskip("pyreadstat", reason="the optional package for SPSS files is not installed")
    whole = (invented / "spss" / "survey_user_missing_6_and_99.sav").read_bytes()
    path = tmp_path / "cut.sav"
    path.write_bytes(whole[:300])
    assert check_of(path, questionnaire) == "broken-file"
    path.write_bytes(whole)
    assert check_of(path, questionnaire, Limits(rows=23)) == "too-many-rows"
    assert check_of(path, questionnaire, Limits(columns=20)) == "too-many-columns"
    assert check_of(path, questionnaire, Limits(cell_characters=20)) == "cell-too-long"
    assert len(survey.load(path, questionnaire, declared=SurveySettings(limits=Limits(rows=26))).frame) == 24
