"""Several of several options, numbers, and sets of statements on scales of their own, read from an export."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import Question, Questionnaire
from ci_eval.programme.questionnaire import Scale
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey import Responses, load

OPTIONS = ("Time", "Data, shared early", "Data", "Other")
HELPED = Question("helped_most", "What helped?", "several", OPTIONS, other="Other", number=9)
DAYS = Question("days", "How many days?", "number", number=10)
HABITS = Question("habits", "How often?", "statements", scale="often", number=11)
OFTEN = Scale(
    "often", ("Always", "Often", "Sometimes", "Never"), ("Always", "Often"), "said so", "it", "ours"
)


def asking(questionnaire: Questionnaire, *questions: Question) -> Questionnaire:
    """The questionnaire with its first statement and these questions alone."""
    return replace(questionnaire, statements=questionnaire.statements[:1], questions=questions)


def loaded(
    folder: Path,
    asked: Questionnaire,
    heading: Sequence[str],
    rows: Iterable[Sequence[str]],
    **declared: object,
) -> Responses:
    """Each row's answers, beside "Agree" to the first statement."""
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([asked.statements[0].text, *heading])
        table.writerows(["Agree", *row] for row in rows)
    return load(path, asked, declared=SurveySettings(**declared))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("Time", ("Time",)),
        ("Time;Data", ("Time", "Data")),
        ("Data; Time;", ("Time", "Data")),
        ("Data, shared early", ("Data, shared early",)),
        ("Data, Time", ("Time", "Data")),
        ("Time, Data, shared early, Data", ("Time", "Data, shared early", "Data")),
        ("time | DATA", ("Time", "Data")),
        ("Time\nData", ("Time", "Data")),
        ("Time, the lunch", ("Time", "Other")),
        ("Data protection", ("Other",)),  # words of her own, and not the option "Data"
        ("Data;Data protection", ("Data", "Other")),
        ("", None),
    ],
)
def test_a_cell_holds_the_options_it_names(
    tmp_path: Path, questionnaire: Questionnaire, cell: str, options: tuple[str, ...] | None
) -> None:
    rows = [[cell], ["Data"], ["Time"]]
    frame = loaded(tmp_path, asking(questionnaire, HELPED), [HELPED.text], rows).frame
    assert frame["helped_most"].tolist() == [options, ("Data",), ("Time",)]


def test_without_other_a_part_that_is_no_option_stops_the_load(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    asked = asking(questionnaire, replace(HELPED, options=OPTIONS[:3], other=""))
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, asked, [HELPED.text], [["Time;Lunch"], ["Data"]])
    assert "Lunch" not in str(caught.value)  # it may be anybody's words


def test_codes_between_commas_are_read_by_the_key(tmp_path: Path, questionnaire: Questionnaire) -> None:
    codes = {"helped_most": {"1": "Time", "2": "Data"}}
    asked = asking(questionnaire, HELPED)
    frame = loaded(tmp_path, asked, [HELPED.text], [["1,2"], ["2"]], codes=codes).frame
    assert frame["helped_most"].tolist() == [("Time", "Data"), ("Data",)]
    with pytest.raises(InputError):
        loaded(tmp_path, asked, [HELPED.text], [["1,3"], ["2"]], codes=codes)


def test_a_column_an_option_is_one_question_and_several_may_be_filled(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    heading = [f"{HELPED.text} [{option}]" for option in OPTIONS]
    rows = [["Yes", "", "Yes", ""], ["", "1", "", ""], ["", "", "", "Yes"], ["", "", "", ""]]
    frame = loaded(tmp_path, asking(questionnaire, HELPED), heading, rows).frame
    expected = [("Time", "Data"), ("Data, shared early",), ("Other",), None]
    assert frame["helped_most"].tolist() == expected


def test_a_heading_declared_for_a_code_with_a_stroke_is_that_question(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    asked = asking(questionnaire, HELPED)
    frame = loaded(tmp_path, asked, ["Help"], [["Time"]], headings={"Help": "helped_most"}).frame
    assert frame["helped_most"].tolist() == [("Time",)]


def test_numbers_are_read_and_what_is_none_is_counted_and_not_repeated(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    cells = ["2", " 2.5 ", "1,5", "three days", "", "-1", "1e9"]
    asked, codes = asking(questionnaire, DAYS), {"days": {"three days": "3", "1e9": "not answered"}}
    bare = loaded(tmp_path, asked, [DAYS.text], [[cell] for cell in cells])
    (note,) = [one for one in bare.record.notes if one.check == "answers-not-numbers"]
    assert (note.count, "three" in note.message + note.fix) == (3, False)
    known = loaded(tmp_path, asked, [DAYS.text], [[cell] for cell in cells], codes=codes)
    values = known.frame["days"]
    assert values.dropna().tolist() == [2, 2.5, 3, -1]
    assert [one.count for one in known.record.notes if one.check == "answers-not-numbers"] == [1]


def test_each_set_of_statements_takes_the_answers_of_its_scale(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    kept = replace(questionnaire.statements[1], question="habits")
    asked = replace(
        asking(questionnaire, DAYS),
        statements=(questionnaire.statements[0], kept),
        sets=(*questionnaire.sets, HABITS),
        scales=(*questionnaire.scales, OFTEN),
    )
    frame = loaded(tmp_path, asked, [kept.text, DAYS.text], [["Often", "1"], ["Never", "2"]]).frame
    assert frame["s02"].tolist() == ["Often", "Never"]
    with pytest.raises(InputError, match="answer"):
        loaded(tmp_path, asked, [kept.text, DAYS.text], [["Agree", "1"], ["Never", "2"]])
    codes = {"habits": {"4": "Always", "1": "Never"}}
    frame = loaded(tmp_path, asked, [kept.text, DAYS.text], [["4", "1"], ["1", "2"]], codes=codes).frame
    assert frame["s02"].tolist() == ["Always", "Never"]
    with pytest.raises(InputError, match='We cannot tell whether 1 is "Always" or "Never"'):
        loaded(tmp_path, asked, [kept.text, DAYS.text], [["4", "1"], ["1", "2"]])
