"""Kinds of faults met in public bug reports, and in questions of further types."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from faults import fault, loads, note, only, refused
from shapes import plain, qualtrics, with_column, workbook

from ci_eval.programme import Question, Questionnaire

Save = Callable[..., Path]


@fault(
    "file-29", "WARN", "A damaged letter in UTF-8 text", "the one cell; the others stay", "letters-damaged"
)
def test_a_damaged_letter(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire, comment=["Café", "Naïve à côté", "Größe, déjà vu"]))
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xc3", 1))
    responses = loads(path)
    assert note(responses, "letters-damaged").count == 1
    assert responses.frame["comment"][1] == "Naïve à côté"


@fault("file-30", "NOTE", "Line ends of two kinds in one file", "nothing: every row is read")
def test_line_ends_of_two_kinds(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n", 2))
    assert loads(path).record.used == 3


@fault(
    "file-31", "NOTE", "A workbook whose main part has another name", "nothing: the part is named in the file"
)
def test_a_workbook_whose_main_part_has_another_name(tmp_path: Path, questionnaire: Questionnaire) -> None:
    assert (
        loads(renamed(workbook(tmp_path / "export.xlsx", ("Sheet1", plain(questionnaire))))).record.used == 3
    )


@fault(
    "header-24",
    "WARN",
    "The name of a group before a question",
    "the headings that have one",
    "headings-grouped",
)
def test_the_name_of_a_group_before_a_question(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    wordings = {one.text for one in questionnaire.statements}
    rows[0] = [f"Part 2/{one}" if one in wordings else one for one in rows[0]]
    assert note(loads(save(rows)), "headings-grouped").count == 15


@pytest.mark.parametrize("error", ["#NAME?", "#DIV/0!", "#REF!", "#VALUE!"])
@pytest.mark.parametrize("name", ["comment", "improve"])
@fault(
    "file-32",
    "REJECT",
    "Errors of a spreadsheet in the texts of a csv",
    "their column; the rows in the work list",
    "formula-error",
)
def test_errors_of_a_spreadsheet_in_texts(
    save: Save, questionnaire: Questionnaire, name: str, error: str
) -> None:
    path = save(plain(questionnaire, **{name: ["Good", error, "#1 was better"]}))
    problem = only(path)
    assert problem.count == 1
    assert "row 3" in problem.cells


@fault(
    "file-33",
    "NOTE",
    "The numbers of rows that a script writes in front",
    "that the column was passed over",
    "row-numbers",
)
def test_the_numbers_of_rows_that_a_script_writes(save: Save, questionnaire: Questionnaire) -> None:
    for first in (0, 1):  # of pandas, of R
        rows = [
            ["" if n < 0 else str(n + first), *row] for n, row in enumerate(plain(questionnaire), start=-1)
        ]
        assert note(loads(save(rows)), "row-numbers").count == 3
    rows[2][0] = "1"
    assert only(save(rows)).check == "heading-empty"


@fault("header-25", "NOTE", "The order in which statements were shown", "nothing: the tool's own columns")
def test_the_order_in_which_statements_were_shown(save: Save, questionnaire: Questionnaire) -> None:
    rows = qualtrics(questionnaire)
    cells = ["Q5_DO_1", "Display order", '{"ImportId":"QID5_DO"}', *["1"] * (len(rows) - 3)]
    responses = loads(save([[*row, cell] for row, cell in zip(rows, cells, strict=True)]))
    assert "columns-unused" not in {one.check for one in responses.record.notes}


@fault(
    "rows-14",
    "ASK",
    "A column of states, of any tool and in any spelling",
    "both counts, and keep_partials =",
    "partials-undecided",
)
def test_a_column_of_states(save: Save, questionnaire: Questionnaire) -> None:
    path = save(with_column(plain(questionnaire), "Response Type", ["completed", "started", "completed"]))
    assert "keep_partials" in only(path).fix
    assert loads(path, keep_partials=False).record.used == 2


@fault("rows-15", "REJECT", "A note below responses that have an id", "the row", "note-row")
def test_a_note_below_responses_that_have_an_id(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    below = [
        "4",
        *("Closed early" if one == questionnaire.question("comment").text else "" for one in rows[0][1:]),
    ]
    assert "note-row" in {one.check for one in refused(save([*rows, below]))}


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Status", ["Complete", "Gone", "Gone"]),
        ("Sent", ["Completed", "Gone", "Completed"]),
        ("Completed", ["Yes", "Gone", "Gone"]),
    ],
)
@fault(
    "rows-17",
    "ASK",
    "A word that is not known in a column that says who finished",
    "the column, words of many rows, and the line that says what each means",
    "states-unknown",
)
def test_an_unknown_word_among_states(
    save: Save, questionnaire: Questionnaire, heading: str, words: list[str]
) -> None:
    path = save(with_column(plain(questionnaire), heading, words))
    problem = only(path)
    assert "Gone" in problem.cells
    assert "Gone" not in problem.message + problem.fix
    assert '"the word" = "not finished" under [periods."2021-22".survey.codes.completion]' in problem.fix
    declared = {"completion": {"Gone": "not finished"}}
    left_out = loads(path, codes=declared, keep_partials=False).record.left_out
    assert left_out == {"not finished": words.count("Gone")}
    assert loads(path, headings={heading: "not used"}).record.used == 3


@fault(
    "rows-16",
    "WARN",
    "Equal rows that neither ids nor times to the second tell apart",
    "how many, and duplicates =; with such times they are refused",
    "duplicate-rows",
)
def test_equal_rows_that_nothing_tells_apart(save: Save, questionnaire: Questionnaire) -> None:
    rows = [row[1:] for row in plain(questionnaire, comment=["Good", "Good", "Dear"])]
    assert note(loads(save(rows)), "duplicate-rows").count == 2
    for row in rows[1:]:
        row[0] = "2022-08-01 09:00:17"
    assert only(save(rows)).check == "duplicate-rows"


@fault("dates-08", "NOTE", "Dates as scripts and newer tools write them", "nothing: they are read")
def test_dates_as_scripts_write_them(save: Save, questionnaire: Questionnaire) -> None:
    for day in (
        "Mon Aug 01 2022 09:00:00 GMT+0100 (British Summer Time)",
        "8/1/2022 9:00\N{NARROW NO-BREAK SPACE}AM",
        "1 August 2022, 9:00 a.m.",
    ):
        rows = plain(questionnaire, submitted=[day, day.replace("01", "13", 1).replace("/1/", "/13/"), day])
        ended = loads(save(rows), date_order="" if "/" not in day else "month first").frame["ended"]
        assert f"{ended[0]:%Y-%m-%d %H:%M}" == "2022-08-01 09:00"


@fault(
    "dates-09",
    "REJECT",
    "Dates of which a spreadsheet exchanged day and month in some",
    "the column, and the order of the texts that are left",
    "dates-mixed",
)
def test_dates_half_exchanged(tmp_path: Path, questionnaire: Questionnaire) -> None:
    def write(book: openpyxl.Workbook) -> None:
        book.active["B2"] = datetime(2022, 9, 8, 9, 6, 11)
        book.active["B3"], book.active["B4"] = "08/13/2022 09:10:15", "08/14/2022 09:10:15"

    path = workbook(tmp_path / "export.xlsx", ("Sheet1", plain(questionnaire)), change=write)
    assert only(path).cells == "row 3, ended: 08/13/2022 09:10:15"


@fault(
    "answers-27",
    "REJECT",
    "An option without its column, where each option has one",
    "the option, and how many have none filled in",
    "option-missing",
)
def test_an_option_without_its_column(save: Save, questionnaire: Questionnaire) -> None:
    asked = questionnaire.question("mode")
    rows = plain(questionnaire)
    place = rows[0].index(asked.text)
    spread = [
        [*row[:place], *row[place + 1 :], *(["", "Yes"] if n % 2 else ["Yes", ""])]
        for n, row in enumerate(rows)
    ]
    spread[0][-2:] = [f"{asked.text} [{option}]" for option in asked.options[:2]]
    spread[2][-2:] = ["", ""]
    assert asked.options[2] in only(save(spread)).message


@fault(
    "answers-28",
    "WARN",
    "Options of one question in the text column of another",
    "how many, and of which question",
    "options-as-text",
)
def test_options_in_the_text_column_of_another(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save(plain(questionnaire, comment=["Yes", "No", "Unsure"])))
    assert "options of published" in note(responses, "options-as-text").message


@fault(
    "answers-29",
    "WARN",
    "Words in a question for a number",
    "how many, and the line that says which number they mean",
    "answers-not-numbers",
)
def test_words_in_a_question_for_a_number(save: Save, questionnaire: Questionnaire) -> None:
    days = Question("days", "How many days did you give?", "number", number=9)
    asked = replace(questionnaire, questions=(*questionnaire.questions, days))
    path = save(with_column(plain(questionnaire), days.text, ["2", "three", "4"]))
    found = note(loads(path, asked), "answers-not-numbers")
    assert (found.count, "codes.days" in found.fix) == (1, True)
    assert loads(path, asked, codes={"days": {"three": "3"}}).frame["days"].tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    "mark", ["N/A", "-", "0", "NULL", "None", "Not answered", "Not applicable", "No response", "(blank)"]
)
@fault(
    "answers-30",
    "NOTE",
    'Marks of no answer in the column for the text of "Other"',
    "how many; they are no text, and choose nothing",
    "marks-beside-other",
)
def test_a_mark_beside_other(save: Save, questionnaire: Questionnaire, mark: str) -> None:
    asked = questionnaire.question("organisation")
    rows = with_column(plain(questionnaire), f"{asked.text} - {asked.other}", [mark, mark, "Alliance"])
    place = rows[0].index(asked.text)
    rows[1][place], rows[2][place], rows[3][place] = "ADES", "", ""
    responses = loads(save(rows))
    assert responses.frame["organisation"].isna().tolist() == [False, True, False]
    assert responses.frame["organisation_other"].tolist() == ["", "", "Alliance"]
    assert note(responses, "marks-beside-other").count == 2


@pytest.mark.parametrize("mark", ["NA", "NULL", "NaN"])
@fault(
    "answers-31",
    "WARN",
    "A mark of no answer in many cells of free text",
    "how many, and the line that says it means no answer",
    "marks-as-text",
)
def test_a_mark_in_many_cells_of_free_text(save: Save, questionnaire: Questionnaire, mark: str) -> None:
    texts = ["Good", mark, mark]
    path = save(plain(questionnaire, 4, comment=[*texts, mark], improve=[*texts, "None"]))
    responses = loads(path)
    assert note(responses, "marks-as-text").count == 3
    assert f'"{mark}" = "not answered"' in note(responses, "marks-as-text").fix
    frame = loads(path, missing={mark: "not answered"}).frame
    assert frame["comment"].tolist() == ["Good", "", "", ""]
    assert frame["improve"].tolist() == ["Good", "", "", "None"]


def renamed(path: Path) -> Path:
    """The workbook with its main part under another name, as some tools write it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for name in ("[Content_Types].xml", "_rels/.rels"):
        parts[name] = parts[name].replace(b"workbook.xml", b"workbook2.xml")
    parts["xl/workbook2.xml"] = parts.pop("xl/workbook.xml")
    parts["xl/_rels/workbook2.xml.rels"] = parts.pop("xl/_rels/workbook.xml.rels")
    with zipfile.ZipFile(path, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return path
