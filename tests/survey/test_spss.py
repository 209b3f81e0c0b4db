"""SPSS files: labels are the answers, and what the file declares missing is not lost."""

import os
import sys
from pathlib import Path

import pytest

from ci_eval import survey
from ci_eval.inputs import spss
from ci_eval.inputs.problems import InputError
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
    assert "pip install 'ci-eval[spss]'" in stopped.value.problems[0].fix


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


@pytest.mark.usefixtures("quick_spss")
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


@pytest.mark.parametrize(("at", "byte"), [(1116, 0x7F), (4562, 0x7F), (5988, 0x80), (7214, 0x01)])
def test_one_byte_that_kills_the_reading_library_is_a_damaged_file(
    at: int, byte: int, tmp_path: Path, invented: Path, questionnaire: Questionnaire
) -> None:
    """Found by changing bytes at random: each of these ends pyreadstat 1.3.7 with a segmentation fault."""
    pytest.importorskip("pyreadstat", reason="the optional package for SPSS files is not installed")
    whole = bytearray((invented / "spss" / "survey_user_missing_6_and_99.sav").read_bytes())
    whole[at] = byte
    path = tmp_path / "one_byte.sav"
    path.write_bytes(whole)
    try:
        survey.load(path, questionnaire)
    except InputError as error:
        assert error.problems[0].check == "broken-file"  # noqa: PT017 - a later version may read the file


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for the reader is a shell script")
@pytest.mark.parametrize("does", ["kill -SEGV $$", "sleep 30", "echo '[1, 2'", "echo '[]'", "exit 3"])
def test_a_reader_that_dies_hangs_or_babbles_has_met_a_damaged_file(
    does: str, tmp_path: Path, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyreadstat", reason="the optional package for SPSS files is not installed")
    stand_in = tmp_path / "python"
    stand_in.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    stand_in.chmod(0o700)
    monkeypatch.setattr(spss.sys, "executable", str(stand_in))
    monkeypatch.setattr(spss, "SECONDS", 1)
    path = tmp_path / "survey.sav"
    path.write_bytes(b"$FL2" + bytes(200))
    assert check_of(path, questionnaire) == "broken-file"
