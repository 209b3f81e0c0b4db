"""What a notebook opens: every period up to its own, in order, and an overlap that can be true."""

import shutil
import zipfile
from pathlib import Path

import pytest

from ci_eval.evidence import open_interim
from ci_eval.inputs.problems import InputError

ONCE_MORE = """
[periods."2023-24"]
starts = 2023-07-01
ends = 2024-06-30

[periods."2023-24".survey]
file = "SURVEY"
OVERLAP
"""


@pytest.fixture
def settings_file(root: Path, tmp_path: Path):
    """Writes the example's settings with a third period, whose survey is that of the second; gives its path."""

    def write(overlap: str) -> str:
        data = (root / "data").as_posix()
        text = (root / "data" / "evaluation.toml").read_text(encoding="utf-8")
        for folder in ("example/", "programme"):
            text = text.replace(f'"{folder}', f'"{data}/{folder}')
        survey = tmp_path / "survey_2023-24.xlsx"
        shutil.copy(root / "data" / "example" / "survey_2022-23.xlsx", survey)
        with zipfile.ZipFile(survey, "a") as archive:
            archive.comment = b"another export"  # the same answers in other bytes
        text += ONCE_MORE.replace("SURVEY", survey.as_posix()).replace("OVERLAP", overlap)
        file = tmp_path / "evaluation.toml"
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


def test_earlier_periods_come_in_order_and_later_ones_do_not(settings_file) -> None:
    file = settings_file("overlap = 118")
    third, _ = open_interim("2023-24", file)
    assert [survey.period for survey in third.earlier] == ["2021-22", "2022-23"]
    assert third.previous.period == "2022-23"
    assert third.survey.overlap == 118
    second, _ = open_interim("2022-23", file)
    assert [survey.period for survey in second.earlier] == ["2021-22"]


def test_an_invented_earlier_period_marks_a_report_of_real_answers(settings_file) -> None:
    third, book = open_interim("2023-24", settings_file(""))
    assert third.invented
    assert book.invented


def test_one_export_cannot_be_that_of_two_periods(root: Path, settings_file) -> None:
    file = Path(settings_file(""))
    data = root / "data" / "example"
    text = file.read_text(encoding="utf-8")
    again = text.replace(
        (file.parent / "survey_2023-24.xlsx").as_posix(), (data / "survey_2021-22.xlsx").as_posix()
    )
    file.write_text(again, encoding="utf-8")
    with pytest.raises(InputError) as error:
        open_interim("2023-24", str(file))
    assert [problem.check for problem in error.value.problems] == ["file-twice"]


def test_no_more_people_can_have_answered_twice_than_once(settings_file) -> None:
    with pytest.raises(InputError) as error:
        open_interim("2023-24", settings_file("overlap = 119"))
    (problem,) = error.value.problems
    assert problem.check == "overlap-too-large"
    assert '[periods."2023-24".survey] overlap' in problem.where
    assert "118 people answered in 2022-23" in problem.message


@pytest.mark.parametrize(("asked", "refused"), [(118, False), (117, True)])
def test_no_more_people_can_have_answered_than_were_asked(settings_file, asked: int, refused: bool) -> None:
    file = Path(settings_file(""))
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("ends = 2024-06-30", f"ends = 2024-06-30\nasked = {asked}"), encoding="utf-8"
    )
    if not refused:
        assert open_interim("2023-24", str(file))[0].survey.received == 118
        return
    with pytest.raises(InputError) as error:
        open_interim("2023-24", str(file))
    (problem,) = error.value.problems
    assert problem.check == "asked-too-few"
    assert "118 people responded in 2023-24, 117 were asked" in problem.message
    assert '[periods."2023-24"] asked' in problem.where
