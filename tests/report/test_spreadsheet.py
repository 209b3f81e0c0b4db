"""tables.xlsx read back: what the Analysis Function asks for, and nothing that could run."""

import datetime as dt
import zipfile

import openpyxl
import pandas as pd
import pytest

from ci_eval.report import Book, Column, Sentence, Table, book, spreadsheet
from ci_eval.report import spreadsheet as workbook

NASTY = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "http://example.org/",
    "see [x](http://example.org/)",
    "$$b$$",
    "не знаю",
    "!!!",
    "{=1}",
    "two\nlines, “quotes” and é",
    "\x07bell",
]


@pytest.fixture
def results(monkeypatch):
    """The results of a report with two tables, invented."""
    monkeypatch.setattr(book, "_display", lambda bundle, metadata=None: None)
    n = len(NASTY)
    frame = pd.DataFrame(
        {
            "who": NASTY,
            "n": [1200.0, None, *range(n - 2)],
            "share": [0.902, None, *[0.5] * (n - 2)],
            "change": [-0.031, *[0.2] * (n - 1)],
            "when": [dt.date(2022, 6, 3), "about May 2022", *[None] * (n - 2)],
        }
    )
    columns = (
        Column("who", "What somebody wrote"),
        Column("n", "Answered", "count", blank="masked"),
        Column("share", "Share", "percent", blank="nobody answered"),
        Column("change", "Change in percentage points", "points"),
        Column("when", "share", "date", blank="not known"),
    )
    report = Book("Interim evaluation", "Of a test", "2021-22", "small", None, invented=True)
    report.show(
        Sentence("s", "A sentence is no table."),
        Table(
            "first", "The first table", frame, columns, note="Read with care.", source="A survey", bands=()
        ),
        Table("second", "The second table", frame.head(1), columns[:2]),
    )
    return report.results()


@pytest.fixture
def written(results, tmp_path):
    spreadsheet.write(results, tmp_path / "tables.xlsx")
    return openpyxl.load_workbook(tmp_path / "tables.xlsx")


def rows(sheet):
    return [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]


def body(sheet):
    """The cells of the sheet's table, headings first."""
    (name,) = sheet.tables
    return [list(row) for row in sheet[sheet.tables[name].ref]]


def test_cover_contents_and_notes_come_before_one_table_a_sheet(written):
    assert written.sheetnames == ["Cover", "Contents", "Notes", "Table 1", "Table 2"]
    assert [len(sheet.tables) for sheet in written] == [0, 1, 1, 1, 1]


def test_the_document_has_title_and_language_and_no_date_of_today(written):
    assert written.properties.title == "Interim evaluation: tables"
    assert written.properties.language == "en-GB"
    assert written.properties.created == dt.datetime(2000, 1, 1)


def test_invented_data_are_marked_on_the_cover_and_every_table(written):
    for name in ("Cover", "Contents", "Table 1", "Table 2"):
        assert any("Invented data" in str(value) for row in rows(written[name]) for value in row), name
    assert any("Draft" in str(value) for row in rows(written["Cover"]) for value in row)


def test_nothing_from_outside_becomes_a_formula_or_a_link(written):
    sheet = written["Table 1"]
    cells = [row[0] for row in body(sheet)[1:]]
    assert [cell.value for cell in cells[:-1]] == NASTY[:-1]
    assert cells[-1].value.endswith("bell")
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)


def test_no_file_of_the_workbook_holds_a_formula_or_an_outside_address(results, tmp_path):
    spreadsheet.write(results, tmp_path / "tables.xlsx")
    with zipfile.ZipFile(tmp_path / "tables.xlsx") as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
        outside = [
            name for name in archive.namelist() if 'TargetMode="External"' in archive.read(name).decode()
        ]
    assert all("<f>" not in sheet for sheet in sheets)
    assert outside == []


def test_numbers_are_numbers_with_formats(written):
    first = body(written["Table 1"])[1]
    assert [cell.value for cell in first[1:4]] == [1200, 0.902, -3.1]
    assert [cell.number_format for cell in first[1:4]] == ["#,##0", "0.0%", "+#,##0;-#,##0;0"]
    assert first[4].value == dt.datetime(2022, 6, 3)
    assert first[4].number_format == "d mmmm yyyy"


def test_a_blank_is_shorthand_and_the_sheet_says_why(written):
    sheet = written["Table 1"]
    second = body(sheet)[2]
    assert [cell.value for cell in second[1:]] == ["[x]", "[x]", 20, "about May 2022"]
    said = [row[0] for row in rows(sheet)]
    assert "[x] in Answered: masked" in said
    assert "[x] in Share: nobody answered" in said
    assert all(cell.value is not None for row in body(sheet) for cell in row)


def test_headings_that_differ_by_capitals_only_are_told_apart(written):
    headings = [cell.value for cell in body(written["Table 1"])[0]]
    assert headings == [
        "What somebody wrote",
        "Answered",
        "Share",
        "Change in percentage points",
        "share (2)",
    ]


def test_notes_are_numbered_on_their_own_sheet(written):
    assert written["Table 1"]["A1"].value == "Table 1: The first table [note 1]"
    assert body(written["Notes"])[1][2].value == "Read with care."
    assert [cell.value for cell in body(written["Notes"])[1]][:2] == ["note 1", "Table 1"]
    assert written["Table 2"]["A1"].value == "Table 2: The second table"


def test_the_contents_link_to_every_sheet(written):
    links = {cell.value: cell.hyperlink.location for row in body(written["Contents"])[1:] for cell in row[:1]}
    assert links == {name: f"'{name}'!A1" for name in ("Notes", "Table 1", "Table 2")}


def test_no_cell_is_merged_or_hidden_and_letters_are_large_enough(written):
    for sheet in written:
        assert sheet.merged_cells.ranges == set()
        assert sheet.sheet_state == "visible"
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
        assert all(cell.font.sz >= 12 for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_the_same_results_are_the_same_bytes(results, tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        spreadsheet.write(results, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_report_without_tables_has_a_workbook_that_says_so(results, tmp_path):
    spreadsheet.write(results | {"pieces": {}, "mark": ""}, tmp_path / "tables.xlsx")
    read = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    assert read.sheetnames == ["Cover", "Contents", "Notes"]
    assert ["There are no tables."] in rows(read["Cover"])
    assert [cell.value for cell in body(read["Notes"])[1]] == ["none", "[x]", "[x]"]


@pytest.mark.parametrize("length", [workbook.LONGEST, workbook.LONGEST + 1])
def test_a_text_longer_than_a_cell_is_cut_and_says_so(results, tmp_path, length):
    results["pieces"]["second"]["rows"][0]["who"] = "a" * length
    spreadsheet.write(results, tmp_path / "tables.xlsx")
    value = body(openpyxl.load_workbook(tmp_path / "tables.xlsx")["Table 2"])[1][0].value
    assert len(value) == workbook.LONGEST
    assert value.endswith(workbook.CUT) is (length > workbook.LONGEST)


def test_every_table_can_be_sorted_by_each_of_its_columns(written):
    for sheet in written.worksheets[1:]:
        (name,) = sheet.tables
        assert sheet.tables[name].autoFilter.ref == sheet.tables[name].ref


def test_every_sheet_prints_on_paper_turned_sideways_as_wide_as_one_page(written):
    for sheet in written:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToWidth in (None, 1)  # one page is what is meant where nothing is written
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    top = body(written["Table 1"])[0][0].row
    assert written["Table 1"].print_title_rows == f"${top}:${top}"


def test_rows_are_as_high_as_their_text_in_any_program(results, tmp_path):
    results["pieces"]["first"]["rows"][0]["who"] = "word " * 60
    spreadsheet.write(results, tmp_path / "long.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "long.xlsx")["Table 1"]
    _, first, second = (row[0].row for row in body(sheet)[:3])
    assert sheet.row_dimensions[first].height >= 5 * spreadsheet.LINE  # 300 letters in a column of 60
    assert sheet.row_dimensions[second].height < 2 * spreadsheet.LINE


def test_lines_over_a_table_are_no_wider_than_it(results, tmp_path):
    results["pieces"]["second"]["source"] = "A long source. " * 20
    spreadsheet.write(results, tmp_path / "long.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "long.xlsx")["Table 2"]
    top = body(sheet)[0][0].row
    lines = [sheet.cell(row, 1).value for row in range(1, top)]
    across = sum(sheet.column_dimensions[letter].width for letter in "AB")
    assert max(map(len, lines)) <= max(spreadsheet.SHORTEST, across)
    assert " ".join(lines).count("A long source.") == 20
