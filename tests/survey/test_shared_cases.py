"""Small exports rebuilt from public bug reports: each loads with its true answers, or says what is wrong with it.

The files lie beside the checkout; where they are absent, the kinds they stand for are tested in the other modules.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ci_eval import survey
from ci_eval.inputs.problems import InputError
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings

# File → what it is refused for, or, in brackets, what its acceptance is noted with; "" where it loads.
CASES = {
    "c13_utf8_with_one_cut_letter.csv": "(letters-damaged)",
    "c20_html_table.xls": "wrong-kind",
    "f01_option_column_missing.csv": "option-missing",
    "f02_answers_in_the_text_column_beside.csv": "question-unanswered",
    "f03_row_with_id_without_date.csv": "note-row",
    "g01_narrow_nbsp_before_am.csv": "",
    "g07_js_date.csv": "",
    "g08_long_words.csv": "",
    "h01_no_heading_another_survey.csv": "question-missing",
    "q01_zone_z.csv": "",
    "q02_display_order.csv": "",
    "q03_seen_but_unanswered.csv": "numbers-among-words",
    "s04_stata.dta": "wrong-kind",
    "t01_alchemer_partials.csv": "partials-undecided",
    "t03_typeform_partials.csv": "partials-undecided",
    "t04_redcap_labels.csv": "partials-undecided",
    "t07_plain_completed_no.csv": "partials-undecided",
    "t12_alchemer_row_colon_question.csv": "",
    "t20_surveymonkey_uk_dates.csv": "dates-ambiguous",
    "t21_surveymonkey_partials.csv": "(partials-untold)",
    "x02_workbook_part_has_another_name.xlsx": "",
    "x11_google_count_below_comments.xlsx": "total-row",
    "x13_google_note_below.csv": "note-row",
    "x21_helper_column_of_formula_errors.xlsx": "",
}
# The setting that the message asks for, with which the true answers load.
ANSWERED: dict[str, dict[str, Any]] = {
    "q03_seen_but_unanswered.csv": {"missing": {"-99": "not answered"}},
    "t20_surveymonkey_uk_dates.csv": {"fieldwork": (date(2022, 9, 1), date(2022, 9, 12))},
    **{name: {"keep_partials": False} for name, check in CASES.items() if check == "partials-undecided"},
}
FIELDS = {
    "org": "organisation",
    "mode": "mode",
    "published": "published",
    "role": "role",
    "comment": "comment",
}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    where = shared / "cases" / "loader" / "survey"
    if not where.is_dir():
        pytest.skip("the cases are not beside this checkout")
    return where


def differences(responses: survey.Responses, truth: list[dict[str, Any]], timed: bool) -> list[str]:
    """Answers that are not the true ones, as row and field."""
    frame = responses.frame
    if len(frame) != len(truth):
        return [f"{len(frame)} responses instead of {len(truth)}"]
    got = {key: frame[column].astype(str).tolist() for key, column in FIELDS.items()}
    got["s"] = frame[[f"s{number:02d}" for number in range(1, 16)]].astype(str).values.tolist()
    if timed:
        got["end"] = frame["ended"].astype(str).tolist()
    return [
        f"{row} {key}"
        for row, right in enumerate(truth)
        for key, values in got.items()
        if values[row] != right[key] and not (key == "s" and "" in right[key])
    ]


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_case_loads_with_its_true_answers_or_says_what_is_wrong(
    name: str, folder: Path, questionnaire: Questionnaire
) -> None:
    expected = json.loads((folder / "expect.json").read_text("utf-8")).get(name)
    truth, timed = (expected["truth"], expected["dates"]) if expected else ([], False)
    check = CASES[name]
    if check and not check.startswith("("):
        with pytest.raises(InputError) as stopped:
            survey.load(folder / name, questionnaire)
        assert check in {problem.check for problem in stopped.value.problems}
        if name not in ANSWERED:
            return
    responses = survey.load(folder / name, questionnaire, declared=SurveySettings(**ANSWERED.get(name, {})))
    assert check.strip("()") in {note.check for note in responses.record.notes} or not check.startswith("(")
    if check == "(partials-untold)":
        assert len(responses.frame) > len(truth)
        return
    wrong = differences(responses, truth, timed)
    assert wrong == (["11 comment"] if check == "(letters-damaged)" else [])


def test_no_cell_of_a_row_in_the_heading_s_place_is_shown(folder: Path, questionnaire: Questionnaire) -> None:
    path = folder / "h01_no_heading_another_survey.csv"
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    first = path.read_text("utf-8").splitlines()[0].split(",")
    assert not any(cell in str(stopped.value) for cell in first if len(cell) > 3)
