"""The published workbook of achievement of levels: as downloaded, and with one thing wrong at a time."""

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from acel_book import Book

from ci_eval.inputs import published as opening
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.outcomes import Outcomes, read_acel
from ci_eval.programme import load_councils

LITERACY, NUMERACY = "Literacy (P1, P4 and P7 combined)", "Numeracy (P1, P4 and P7 combined)"
ANGUS, EDINBURGH = "S12000041", "S12000036"


@pytest.fixture
def book() -> Book:
    return Book()


def one(outcomes: Outcomes, **wanted: str) -> pd.Series:
    frame = outcomes.frame
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def note(outcomes: Outcomes, check: str) -> Problem:
    (found,) = [problem for problem in outcomes.record.notes if problem.check == check]
    return found


def problems(path: Path, **declared: object) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as stopped:
        read_acel(path, **declared)  # type: ignore[arg-type]
    assert stopped.value.headline == "CANNOT LOAD levels.xlsx: nothing was loaded"
    assert all(problem.fix for problem in stopped.value.problems)
    assert "survey" not in str(stopped.value)
    assert "responses" not in str(stopped.value)
    return stopped.value.problems


# --- the workbook published on 9 December 2025, as downloaded

# Scotland, P1, P4 and P7 combined, percent: literacy, numeracy. Scottish Government, Achievement of Curriculum for
# Excellence (CfE) Levels 2024-25, main findings.
NATIONAL = {
    "2016-17": (69.24, 76.36),
    "2018-19": (72.30, 79.07),
    "2020-21": (66.88, 74.69),
    "2021-22": (70.54, 77.95),
    "2024-25": (74.53, 80.30),
}


def test_the_national_figures_are_the_published_ones(published: Outcomes) -> None:
    values = published.national.set_index(["school_year", "measure"])["value"]
    for year, (literacy, numeracy) in NATIONAL.items():
        assert values[year, LITERACY].round(2) == literacy
        assert values[year, NUMERACY].round(2) == numeracy


def test_all_32_councils_resolve_in_both_tables(published: Outcomes) -> None:
    everybody = set(load_councils().by_code)
    for quintile in ("all", "3"):
        assert set(published.frame.loc[published.frame["simd_quintile"] == quintile, "gss_code"]) == everybody
    assert not {problem.check for problem in published.record.notes} & {"councils-absent", "nation-absent"}


def test_every_cell_of_the_published_tables_is_used_or_counted(published: Outcomes) -> None:
    record = published.record
    # Table 10: 990 rows of 9 years; Table 11: 11,949 rows of 5 organisers; 66 sums stand beside Table 10.
    assert record.rows_in == 990 * 9 + 11_949 * 5 + 66
    assert record.rows_in == record.used + sum(record.left_out.values())
    assert record.left_out["in a column without a heading"] == 66
    assert record.left_out["SIMD not known"] == 1720 * 5
    assert record.left_out["repeats Table 10"] == 1724 * 5
    assert record.used == len(published.frame)
    assert record.left_out["of Scotland, kept apart"] == len(published.national) == 6 * 5 * 9


def test_the_year_without_a_collection_is_not_collected_and_never_a_number(published: Outcomes) -> None:
    frame = published.frame
    gone = frame[frame["school_year"] == "2019-20"]
    assert len(gone)
    assert set(gone["missing"]) == {"not collected"}
    assert gone["value"].isna().all()
    secondary = frame[(frame["school_year"] == "2020-21") & frame["stage"].str.startswith("S3")]
    assert set(secondary["missing"]) == {"not collected"}


def test_every_missing_value_has_a_reason_and_every_number_none(published: Outcomes) -> None:
    for frame in (published.frame, published.national):
        assert ((frame["missing"] != "") == frame["value"].isna()).all()
        banded = frame["missing"] == "banded"
        assert (frame["low"].notna() == banded).all()
        assert (frame["high"].notna() == banded).all()
        assert (frame.loc[banded, "low"] < frame.loc[banded, "high"]).all()
    # The bands of 2024-25 are written with spaces ("96  - 100%"), so a reader that misses them has none of that year.
    last = published.frame[
        (published.frame["school_year"] == "2024-25") & (published.frame["missing"] == "banded")
    ]
    assert len(last) > 100


def test_every_value_of_table_10_is_a_whole_number_of_pupils(published: Outcomes) -> None:
    frame = pd.concat([published.frame, published.national])
    known = frame[(frame["simd_quintile"] == "all") & frame["value"].notna()]
    assert known["denominator"].notna().all()
    assert np.allclose(100 * known["numerator"] / known["denominator"], known["value"], atol=1e-6)
    assert "pupils-disagree" not in {problem.check for problem in published.record.notes}


def test_table_11_adds_up_to_table_10_so_that_no_row_went_to_another_council(published: Outcomes) -> None:
    assert "tables-disagree" not in {problem.check for problem in published.record.notes}


def test_the_notes_of_the_headings_come_along(published: Outcomes) -> None:
    assert set(published.record.published_notes) == {1, 2, 3, 7, 8, 9}
    assert "SIMD 2020 for 2020-21" in published.record.published_notes[3]


# --- what cells say


def test_a_heading_is_read_without_its_notes_and_a_year_as_it_is_written_here(
    tmp_path: Path, book: Book
) -> None:
    outcomes = read_acel(book.write(tmp_path))
    years = tuple(outcomes.series(LITERACY)["school_year"].unique())
    assert years == ("2016-17", "2017-18", "2018-19", "2019-20", "2020-21", "2021-22")
    assert outcomes.measures[0] == LITERACY
    assert one(outcomes, measure="Numeracy (S3, third level or better)", school_year="2021-22")["value"] == 91


def test_both_spellings_of_edinburgh_are_one_council(tmp_path: Path, book: Book) -> None:
    frame = read_acel(book.write(tmp_path)).frame
    edinburgh = frame[frame["gss_code"] == EDINBURGH]
    assert set(edinburgh["simd_quintile"]) == {"all", "2"}
    assert set(edinburgh["council"]) == {"City of Edinburgh"}


def test_scotland_is_kept_apart(tmp_path: Path, book: Book) -> None:
    outcomes = read_acel(book.write(tmp_path))
    assert set(outcomes.national["gss_code"]) == {"S92000003"}
    assert "S92000003" not in set(outcomes.frame["gss_code"])
    assert outcomes.national["value"].tolist()[:3] == [69.24, 71.41, 72.3]


@pytest.mark.parametrize(
    ("quintile", "organiser", "missing", "low", "high"),
    [
        ("2", "Reading", "suppressed", None, None),
        ("2", "Writing", "suppressed", None, None),
        ("2", "Listening and talking", "suppressed", None, None),
        ("2", "Literacy", "suppressed", None, None),
        ("2", "Numeracy", "banded", 95, 100),
        ("3", "Reading", "no pupils", None, None),
        ("3", "Writing", "no pupils", None, None),
        ("3", "Listening and talking", "no pupils", None, None),
        ("3", "Literacy", "banded", 96, 100),
        ("3", "Numeracy", "banded", 0, 10),
        ("5", "Numeracy", "banded", 93, 100),
    ],
)
def test_a_mark_gives_its_reason(
    tmp_path: Path, book: Book, quintile: str, organiser: str, missing: str, low: float, high: float
) -> None:
    row = one(
        read_acel(book.write(tmp_path)),
        gss_code=ANGUS,
        simd_quintile=quintile,
        organiser=organiser,
        school_year="2021-22",
    )
    assert row["missing"] == missing
    assert np.isnan(row["value"])
    assert (None if np.isnan(row["low"]) else row["low"]) == low
    assert (None if np.isnan(row["high"]) else row["high"]) == high


def test_marks_not_known_are_asked_about_once_each_and_a_declaration_answers(
    tmp_path: Path, book: Book
) -> None:
    book.ten[5][3] = book.ten[6][4] = "*"
    book.eleven[3][4] = "n/k"
    path = book.write(tmp_path)
    star, other = problems(path)
    assert (star.check, star.level, star.count) == ("unknown-mark", "ASK", 2)
    assert star.where == "levels.xlsx, sheet 'Table_10', row 6, column D \"2016-17\""
    assert '"*"' in star.message
    assert other.where == "levels.xlsx, sheet 'Table_11', row 4, column E \"English Reading\""
    outcomes = read_acel(path, marks={"*": "suppressed", " N/K ": "no pupils"})
    assert outcomes.record.missing["suppressed"] == 6


def test_a_declared_mark_must_be_a_reason(tmp_path: Path, book: Book) -> None:
    with pytest.raises(InputError, match="cannot mean lost"):
        read_acel(book.write(tmp_path), marks={"*": "lost"})


@pytest.mark.parametrize("number", [-0.1, 100.1, 7000])
def test_a_number_that_is_no_percentage_is_refused(tmp_path: Path, book: Book, number: float) -> None:
    book.ten[5][4] = number
    (problem,) = problems(book.write(tmp_path))
    assert problem.check == "not-a-percentage"
    assert f"{number:g}" in problem.message


@pytest.mark.parametrize("number", [0, 100])
def test_nought_and_a_hundred_are_percentages(tmp_path: Path, book: Book, number: float) -> None:
    book.ten[6][4] = number
    row = one(read_acel(book.write(tmp_path)), gss_code=EDINBURGH, simd_quintile="all", school_year="2017-18")
    assert row["value"] == number


def test_fractions_are_not_taken_for_percent(tmp_path: Path, book: Book) -> None:
    """A workbook saved with percent formats holds 0.74 for 74%: an effect would be off by 70 points."""
    book.ten[5][4], book.ten[6][4], book.eleven[3][4] = 0.7431, 1, "0.65%"
    ten, *_ = problems(book.write(tmp_path))
    assert (ten.check, ten.count) == ("fractions", 3)
    assert "row 6" in ten.where
    assert "0.7431" in ten.where
    book.ten[5][4], book.ten[6][4], book.eleven[3][4] = 1.01, 0, "65%"
    assert read_acel(book.write(tmp_path))


def test_a_value_is_not_both_used_and_twice(tmp_path: Path, book: Book) -> None:
    book.ten.append([*book.ten[5][:3], 61.0, 62.0, 63.0, "[w]", 64.0, 65.0])
    (problem,) = problems(book.write(tmp_path))
    assert (problem.check, problem.count) == ("value-twice", 6)


# --- tables, headings, councils


def test_a_council_not_known_is_asked_about_once_with_its_nearest_names(tmp_path: Path, book: Book) -> None:
    book.ten[5][2] = book.ten[8][2] = "Angsu"
    (problem,) = problems(book.write(tmp_path))
    assert (problem.check, problem.count) == ("unknown-council", 2)
    assert "row 6" in problem.where
    assert "Angus" in problem.fix


def test_councils_absent_are_shown_by_name(tmp_path: Path, book: Book) -> None:
    outcomes = read_acel(book.write(tmp_path))
    absent = [problem for problem in outcomes.record.notes if problem.check == "councils-absent"]
    assert [problem.count for problem in absent] == [30, 30]
    assert "Fife" in absent[0].message


@pytest.mark.parametrize(("which", "title"), [("ten", "Table 10"), ("eleven", "Table 11")])
def test_a_table_that_is_not_there_is_named_with_what_the_nearest_sheet_lacks(
    tmp_path: Path, book: Book, which: str, title: str
) -> None:
    row = next(row for row in getattr(book, which) if "Stage" in row)
    row[row.index("Stage")] = "Year group"
    (problem,) = problems(book.write(tmp_path))
    assert problem.check == "table-missing"
    assert title in problem.message
    assert 'lacks "Stage"' in problem.message


def test_a_table_is_found_by_its_headings_whatever_its_sheet_is_called(tmp_path: Path, book: Book) -> None:
    book.names["ten"], book.names["eleven"] = "Table_12", "by SIMD"
    book.ten[:3] = []
    outcomes = read_acel(book.write(tmp_path))
    assert outcomes.record.description == "read as the published workbook, sheets 'Table_12' and 'by SIMD'"
    assert outcomes.series(LITERACY)["value"].notna().sum() == 10


def test_two_sheets_that_could_be_the_table_are_not_chosen_between(tmp_path: Path, book: Book) -> None:
    book.names["ten"], book.pupils, book.names["pupils"] = "first", book.ten, "second"
    (problem,) = problems(book.write(tmp_path))
    assert problem.check == "table-unclear"


def test_two_columns_of_one_year_are_refused(tmp_path: Path, book: Book) -> None:
    book.ten[4][4] = "2016/17"
    (problem,) = problems(book.write(tmp_path))
    assert problem.check == "column-twice"


def test_stages_not_known_are_left_out_and_shown(tmp_path: Path, book: Book) -> None:
    book.ten[5][0] = "S1"
    outcomes = read_acel(book.write(tmp_path))
    assert outcomes.record.left_out["stage not known"] == 6
    assert note(outcomes, "unknown-stage").level == "WARN"
    assert outcomes.record.rows_in == outcomes.record.used + sum(outcomes.record.left_out.values())


def test_a_line_of_text_below_the_table_is_no_row(tmp_path: Path, book: Book) -> None:
    book.ten.append(["Source: Scottish Government"])
    outcomes = read_acel(book.write(tmp_path))
    assert outcomes.record.left_out["line of text"] == 6


def test_tables_that_disagree_are_shown(tmp_path: Path, book: Book) -> None:
    book.eleven[8][7] = 63.25 + 0.051
    problem = note(read_acel(book.write(tmp_path)), "tables-disagree")
    assert problem.where == "levels.xlsx, Angus, 2021-22, P1, P4 and P7 combined, Literacy"
    book.eleven[8][7] = 63.25 + 0.049
    checks = {problem.check for problem in read_acel(book.write(tmp_path)).record.notes}
    assert "tables-disagree" not in checks


# --- numbers of pupils


def test_pupils_are_taken_where_they_give_the_percentage(tmp_path: Path, book: Book) -> None:
    row = one(
        read_acel(book.write(tmp_path)),
        gss_code=ANGUS,
        simd_quintile="all",
        school_year="2021-22",
        organiser="Literacy",
    )
    assert (row["numerator"], row["denominator"]) == (253, 400)


@pytest.mark.parametrize(("column", "value"), [(3, 401), (8, 63.3), (8, 63.5), (3, 0), (3, -400)])
def test_pupils_that_disagree_with_the_table_are_shown_and_not_used(
    tmp_path: Path, book: Book, column: int, value: float
) -> None:
    book.pupils[1][column] = value
    outcomes = read_acel(book.write(tmp_path))
    row = one(outcomes, gss_code=ANGUS, simd_quintile="all", school_year="2021-22", organiser="Literacy")
    assert np.isnan(row["denominator"])
    assert row["value"] == 63.25
    assert note(outcomes, "pupils-disagree").count == 1


def test_a_workbook_without_pupils_is_read_without_them(tmp_path: Path, book: Book) -> None:
    book.pupils = []
    outcomes = read_acel(book.write(tmp_path))
    assert outcomes.frame["denominator"].isna().all()
    assert outcomes.frame["value"].notna().any()


# --- marks of invention, formulas, files that are no workbook


def test_a_file_that_says_it_is_invented_is_recorded_so(tmp_path: Path, book: Book) -> None:
    assert not read_acel(book.write(tmp_path)).record.invented
    book.cover.append(["Invented example data: no pupil was assessed."])
    assert read_acel(book.write(tmp_path)).record.invented


def test_a_formula_without_a_value_in_a_column_used_is_refused_and_beside_the_table_not(
    tmp_path: Path, book: Book
) -> None:
    path = book.write(tmp_path)
    opened = openpyxl.load_workbook(path)
    opened["Table_10"]["N6"] = "=I6-H6"
    opened.save(path)
    assert "formula-without-value" not in {problem.check for problem in read_acel(path).record.notes}
    opened["Table_10"]["I6"] = "=H6+1"
    opened.save(path)
    (problem,) = problems(path)
    assert problem.check == "formula-without-value"
    assert "I6" in problem.message


@pytest.mark.parametrize(
    ("content", "check"),
    [
        (b"", "empty-file"),
        (b"council,school_year\nAngus,2021-22\n", "wrong-kind"),
        (b"<!DOCTYPE html><html>Sign in</html>", "wrong-kind"),
        (b"PK\x03\x04 not really", "broken-workbook"),
        (b"%PDF-1.7", "wrong-kind"),
    ],
)
def test_what_is_no_workbook_is_named_with_a_fix_for_published_files(
    tmp_path: Path, content: bytes, check: str
) -> None:
    path = tmp_path / "levels.xlsx"
    path.write_bytes(content)
    (problem,) = problems(path)
    assert problem.check == check
    assert "Download the file again" in problem.fix


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "levels.xlsx")
    assert problem.check == "file-missing"


def test_a_workbook_is_never_changed(tmp_path: Path, book: Book) -> None:
    path = book.write(tmp_path)
    before = path.read_bytes(), path.stat().st_mtime_ns
    read_acel(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


# --- files meant to break the reader


def with_sheet(path: Path, cells: bytes) -> Path:
    """Replace the first sheet's cells; the rest of the workbook stays as it was."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept["xl/worksheets/sheet1.xml"] = b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (
        space,
        cells,
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in kept.items():
            archive.writestr(name, data)
    return path


def test_a_workbook_that_unpacks_to_far_more_is_refused_unread(
    tmp_path: Path, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LIMITS", replace(opening.LIMITS, unpacked_bytes=20_000_000))
    path = with_sheet(book.write(tmp_path), b"<row></row>" * 3_000_000)
    assert path.stat().st_size < 100_000
    (problem,) = problems(path)
    assert problem.check == "workbook-too-large"
    assert "unpacks to more than 20,000,000 bytes" in problem.message


def test_a_single_cell_at_the_far_corner_is_refused_before_room_is_made(tmp_path: Path, book: Book) -> None:
    path = with_sheet(book.write(tmp_path), b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    (problem,) = problems(path)
    assert problem.check == "workbook-too-large"


def test_a_text_without_end_and_control_characters_in_a_cell_are_named_on_one_line(
    tmp_path: Path, book: Book
) -> None:
    book.ten[5][3] = "a" * 30_000
    book.ten[6][3] = "x\ny\tz"
    for problem in problems(book.write(tmp_path)):
        assert problem.check == "unknown-mark"
        assert len(problem.message) < 200
        assert "\n" not in problem.message + problem.where


# --- headings with marks


@pytest.mark.parametrize("mark", [" [r]", " (p)", "*", "¹", " [note 3] [r]", "†"])
def test_a_mark_beside_a_heading_loses_neither_a_year_nor_an_organiser(
    tmp_path: Path, book: Book, mark: str
) -> None:
    whole = read_acel(book.write(tmp_path))
    book.ten[4][8] += mark
    book.eleven[2][8] = f"Numeracy{mark}"
    assert read_acel(book.write(tmp_path)).frame.equals(whole.frame)


@pytest.mark.parametrize(("table", "row", "heading"), [("ten", 4, "2021-22 revised"), ("eleven", 2, "Maths")])
def test_a_column_of_numbers_with_another_heading_is_refused_by_name(
    tmp_path: Path, book: Book, table: str, row: int, heading: str
) -> None:
    getattr(book, table)[row][8] = heading
    (problem,) = problems(book.write(tmp_path))
    assert problem.check == "heading-unknown"
    assert heading in problem.where


def test_a_column_of_remarks_beside_the_table_is_passed_over(tmp_path: Path, book: Book) -> None:
    whole = read_acel(book.write(tmp_path))
    book.ten[4].append("Remarks")
    book.ten[5].append("seen")
    assert read_acel(book.write(tmp_path)).frame.equals(whole.frame)
