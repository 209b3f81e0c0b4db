"""Files that are broken or meant to break the reader are refused in words: no traceback, no hang, no full memory."""

import io
import os
import resource
import socket
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import shapes
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small_tables import as_csv, table

from ci_eval import survey
from ci_eval.inputs.problems import InputError
from ci_eval.programme import Questionnaire
from ci_eval.survey import Limits, SurveySettings
from ci_eval.survey.columns import Gatherer

NOBODY = 65534  # the number of a user without rights, on Linux and elsewhere
SMALL = Limits(
    file_bytes=5_000_000,
    unpacked_bytes=20_000_000,
    rows=2_000,
    columns=100,
    cells=100_000,
    cell_characters=10_000,
)


def refused(path: Path, questionnaire: Questionnaire, limits: Limits = SMALL) -> InputError:
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire, declared=SurveySettings(limits=limits))
    return stopped.value


def check_of(path: Path, questionnaire: Questionnaire, limits: Limits = SMALL) -> str:
    return refused(path, questionnaire, limits).problems[0].check


def as_workbook(
    rows: list[list[str]], path: Path, change: Callable[[openpyxl.Workbook], None] = lambda _: None
) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    book.save(path)
    return path


def with_parts(path: Path, **parts: bytes) -> Path:
    """Replace or add parts of a workbook; `__` in a name stands for a slash, `_dot_` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (kept | named).items():
            archive.writestr(name, data)
    return path


def sheet(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


# --- what is no file, or no file of ours


def test_a_folder_a_device_and_a_pipe_are_no_exports(tmp_path: Path, questionnaire: Questionnaire) -> None:
    pipe, plug = tmp_path / "pipe", tmp_path / "plug"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(plug))
        for path in (tmp_path, Path("/dev/zero"), Path("/dev/null"), pipe):
            assert check_of(path, questionnaire) == "not-a-file"
        assert check_of(plug, questionnaire) == "file-unreadable"


def test_a_file_that_is_missing_unreadable_or_impossible_is_named(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    assert check_of(tmp_path / "absent.csv", questionnaire) == "file-missing"
    assert check_of(tmp_path / "a\0b.csv", questionnaire) == "file-unreadable"
    assert check_of(tmp_path / ("x" * 5000), questionnaire) == "file-unreadable"


def test_a_file_of_somebody_else_is_unreadable(questionnaire: Questionnaire) -> None:
    # Not in tmp_path, which only its owner may enter: the folder may be entered here, and the file not read.
    with tempfile.TemporaryDirectory() as folder, without_rights(Path(folder)):
        locked = Path(folder) / "locked.csv"
        locked.write_text("a,b\n", encoding="utf-8")
        locked.chmod(0)
        assert check_of(locked, questionnaire) == "file-unreadable"


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """Without the superuser's right to read every file, for as long as the block; `folder` is then one's own."""
    if os.geteuid() != 0:
        yield
        return
    os.chown(folder, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_name_cannot_steer_the_terminal_or_write_a_second_line(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = tmp_path / "\x1b[31mred\nLOADED \u202egpj.csv"
    path.write_text("", encoding="utf-8")
    page = str(refused(path, questionnaire))
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "\nLOADED" not in page


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\xef\xbb\xbf  <HTML><body>Sign in</body>", "web page"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password-protected"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"a,b\0c\n", "NUL"),
        (b"<stata_dta><header><release>119</release>", "Stata"),
        (b"\x72\x02\x01\0" + bytes(60), "Stata"),
        (b"\0" * 12 + b"\xc2\xea\x81\x60" + bytes(60), "SAS"),
        (b'[{"id": 1, "answers": []}]', "JSON"),
        (b'{\n "responses": [] }', "JSON"),
        (b"<table border=1><tr><td>ID</td></tr></table>", "(HTML)"),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table>', "(HTML)"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "Excel 2003",
        ),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(
    content: bytes, what: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = tmp_path / "survey.csv"
    path.write_bytes(content)
    assert what in refused(path, questionnaire).problems[0].message


@pytest.mark.parametrize(
    ("member", "what"),
    [
        ("word/document.xml", "Word"),
        ("xl/workbook.bin", ".xlsb"),
        ("mimetype", ".ods"),
        ("Index/Document.iwa", ".numbers"),
        ("a.csv", "zip archive"),
    ],
)
def test_another_kind_of_archive_is_called_by_its_name(
    member: str, what: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = tmp_path / "survey.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "x")
    assert what in refused(path, questionnaire).problems[0].message


@pytest.mark.parametrize("name", ["~$survey.xlsx", ".~lock.survey.xlsx#"])
def test_the_mark_of_an_open_file_is_no_table(
    name: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x05A user" + b" " * 150)
    assert "while it is open" in refused(path, questionnaire).problems[0].message


@pytest.mark.parametrize("main", ["xl/workbook2.xml", "book/wb.xml"])
def test_a_workbook_may_name_its_main_part_otherwise(
    main: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = shapes.workbook(tmp_path / "usual.xlsx", ("Sheet1", shapes.plain(questionnaire)))
    whole = survey.load(path, questionnaire).frame
    folder, name = main.rsplit("/", 1)
    with zipfile.ZipFile(path) as usual, zipfile.ZipFile(tmp_path / "moved.xlsx", "w") as moved:
        for part in usual.namelist():
            place = part.replace("xl/workbook.xml", main).replace(
                "xl/_rels/workbook.xml", f"{folder}/_rels/{name}"
            )
            text = usual.read(part).replace(b"xl/workbook.xml", main.encode())
            place = place.replace("xl/", f"{folder}/") if place != main else place
            text = text.replace(b"/xl/", f"/{folder}/".encode())
            moved.writestr(place, text)
    assert survey.load(tmp_path / "moved.xlsx", questionnaire).frame.equals(whole)


# --- text files


def test_one_damaged_byte_costs_one_letter(tmp_path: Path, questionnaire: Questionnaire) -> None:
    texts = ["We’d do it – again", "Écoles", "It’s fine"]
    path = shapes.save(shapes.plain(questionnaire, comment=texts), tmp_path / "export.csv")
    data = path.read_bytes()
    path.write_bytes(data.replace("d do it – again".encode(), b"d do it \xe2\x80 again"))
    responses = survey.load(path, questionnaire)
    assert responses.frame["comment"].tolist() == ["We’d do it \ufffd again", *texts[1:]]
    (note,) = (note for note in responses.record.notes if note.check == "letters-damaged")
    assert (note.level, note.count, "row 2" in note.cells) == ("WARN", 1, True)


def test_formulas_in_a_column_that_answers_nothing_stop_nothing(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = [
        [*row, "Cluster" if number == 0 else "=VLOOKUP(A1,A:B,2)"]
        for number, row in enumerate(shapes.plain(questionnaire))
    ]
    path = shapes.workbook(tmp_path / "export.xlsx", ("Sheet1", rows))
    assert len(survey.load(path, questionnaire).frame) == 3


def test_ten_million_characters_in_one_cell_are_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = tmp_path / "long.csv"
    path.write_text(as_csv(table(questionnaire, "x" * 10_000_000)), encoding="utf-8")
    assert check_of(path, questionnaire, Limits()) in ("cell-too-long", "broken-text")
    path.write_text(as_csv(table(questionnaire, "x" * 10_001)), encoding="utf-8")
    assert check_of(path, questionnaire) == "cell-too-long"
    path.write_text(as_csv(table(questionnaire, "x" * 10_000)), encoding="utf-8")
    assert len(survey.load(path, questionnaire, declared=SurveySettings(limits=SMALL)).frame) == 2


def test_a_heading_of_a_million_commas_is_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = tmp_path / "commas.csv"
    path.write_text("," * 1_000_000 + "\n", encoding="utf-8")
    assert check_of(path, questionnaire, replace(SMALL, cell_characters=100_000)) == "too-many-columns"


def test_a_record_that_goes_on_for_ever_is_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    """Each line closes one cell and opens the next: no cell is long, and the record never ends."""
    path = tmp_path / "endless.csv"
    path.write_text('a,b\n"x\n' + '","x\n' * 500_000, encoding="utf-8")
    assert check_of(path, questionnaire) == "broken-text"


def test_one_row_above_the_limit_is_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(as_csv(table(questionnaire, rows=9)), encoding="utf-8")
    assert (
        len(survey.load(path, questionnaire, declared=SurveySettings(limits=replace(SMALL, rows=10))).frame)
        == 9
    )
    assert check_of(path, questionnaire, replace(SMALL, rows=9)) == "too-many-rows"


def test_a_file_may_be_longer_than_any_of_its_rows(tmp_path: Path, questionnaire: Questionnaire) -> None:
    """The limit on a row's length counts from row to row."""
    path = tmp_path / "many.csv"
    path.write_text(as_csv(table(questionnaire, rows=500)), encoding="utf-8")
    limits = replace(SMALL, cell_characters=500)
    assert path.stat().st_size > 20 * 500
    assert len(survey.load(path, questionnaire, declared=SurveySettings(limits=limits)).frame) == 500


def test_a_file_above_the_size_limit_is_not_opened(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)  # takes no room on disk
    assert check_of(path, questionnaire, Limits()) == "file-too-large"


def test_a_nul_byte_far_into_the_file_is_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = tmp_path / "nul.csv"
    path.write_text(as_csv(table(questionnaire, "a" * 3000, rows=4)) + "9,\0\n", encoding="utf-8")
    problem = refused(path, questionnaire).problems[0]
    assert "NUL" in problem.message
    assert problem.cells == "row 6"


def test_a_byte_of_no_encoding_is_named_with_its_cell(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = tmp_path / "bytes.csv"
    rows = as_csv(table(questionnaire, rows=3)).encode("cp1252").replace(b'"3","2022', b'"3","\x8f2022')
    path.write_bytes(rows)
    problem = refused(path, questionnaire).problems[0]
    assert "byte 0x8F" in problem.message
    assert (problem.where, problem.cells) == ("bytes.csv, column B", "row 4, column B")


def test_a_file_that_breaks_its_own_byte_order_mark_is_refused(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = tmp_path / "mark.csv"
    path.write_bytes(b"\xef\xbb\xbfa,b\n\xff,1\n")
    assert "says that it is UTF-8" in refused(path, questionnaire).problems[0].message
    path.write_bytes(b"\xff\xfea\0,\0b")
    assert "says that it is UTF-16" in refused(path, questionnaire).problems[0].message


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "moving.csv"
    path.write_text(as_csv(table(questionnaire)), encoding="utf-8")
    gather = Gatherer.gather

    def write_meanwhile(*arguments: object) -> object:
        with path.open("a", encoding="utf-8") as file:
            file.write("9\n")
        return gather(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Gatherer, "gather", write_meanwhile)
    assert check_of(path, questionnaire) == "file-changed"


def test_scripts_and_formulas_in_comments_stay_text(tmp_path: Path, questionnaire: Questionnaire) -> None:
    comment = '<script>alert(1)</script> =HYPERLINK("x") & "quoted", √ \u202e'
    path = tmp_path / "script.csv"
    path.write_text(as_csv(table(questionnaire, comment)), encoding="utf-8")
    assert set(survey.load(path, questionnaire).frame["comment"]) == {comment}


# --- workbooks


def test_a_workbook_of_the_same_rows_loads(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = as_workbook(table(questionnaire), tmp_path / "good.xlsx")
    assert len(survey.load(path, questionnaire, declared=SurveySettings(limits=SMALL)).frame) == 2


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = as_workbook(table(questionnaire), tmp_path / "bomb.xlsx")
    with_parts(path, xl__media__zeros_dot_bin=bytes(30_000_000))
    assert path.stat().st_size < 100_000
    assert check_of(path, questionnaire) == "workbook-too-large"


def test_a_zip_bomb_that_lies_about_its_size_is_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = as_workbook(table(questionnaire), tmp_path / "liar.xlsx")
    with_parts(path, xl__media__zeros_dot_bin=bytes(30_000_000))
    data = path.read_bytes()
    assert data.count(struct.pack("<I", 30_000_000)) == 2  # in the local and in the central header
    path.write_bytes(data.replace(struct.pack("<I", 30_000_000), struct.pack("<I", 10)))
    assert check_of(path, questionnaire) == "workbook-too-large"


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1"><c r="XFD1"/></row>',
        '<row r="1048576"><c/></row>',
        '<row><c r="AA100000"/></row>',
        # Within the limits of rows and of columns, but not of cells.
        '<row r="1999"><c r="CU1999"/></row>',
    ],
)
def test_a_cell_far_away_does_not_make_room_for_all_between(
    cell: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = as_workbook(table(questionnaire), tmp_path / "far.xlsx")
    with_parts(path, xl__worksheets__sheet1_dot_xml=sheet(cell))
    assert check_of(path, questionnaire) == "workbook-too-large"


def test_a_long_cell_in_a_workbook_is_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = as_workbook(table(questionnaire, "x" * 10_001), tmp_path / "long.xlsx")
    assert check_of(path, questionnaire) == "cell-too-long"


def test_a_text_longer_than_any_cell_is_refused_while_it_is_unpacked(
    tmp_path: Path, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few hundred kilobytes unpack to one string of hundreds of megabytes, which no reader may see."""
    monkeypatch.setattr("python_calamine.CalamineWorkbook.from_filelike", None)
    path = as_workbook(table(questionnaire), tmp_path / "text.xlsx")
    for part in ("xl__worksheets__sheet1_dot_xml", "xl__sharedStrings_dot_xml"):
        kind = "sst" if "shared" in part else "sheetData"
        text = f"<{kind}><si><t>".encode() + b"A" * 15_000_000
        with_parts(path, **{part: text})
        problem = refused(path, questionnaire).problems[0]
        assert (problem.check, "10,000 characters" in problem.message) == ("cell-too-long", True)


def test_formulas_without_a_value_and_error_values_are_refused_with_their_cells(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active["H2"] = "=1/0"
        book.active["I3"] = "#DIV/0!"
        book.active["I3"].data_type = "e"

    error = refused(as_workbook(table(questionnaire), tmp_path / "formula.xlsx", change), questionnaire)
    places = {problem.check: (problem.message, problem.cells) for problem in error.problems}
    assert "column H;" in places["formula-without-value"][0]
    assert places["formula-without-value"][1] == "H2"
    assert "column I." in places["formula-error"][0]
    assert places["formula-error"][1] == "I3"


def test_macros_links_and_hidden_rows_are_said_and_nothing_is_run(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active.row_dimensions[2].hidden = True
        book.active.column_dimensions["D"].hidden = True

    path = as_workbook(table(questionnaire), tmp_path / "macros.xlsx", change)
    with_parts(path, xl__vbaProject_dot_bin=b"macro", xl__externalLinks__externalLink1_dot_xml=b"<x/>")
    record = survey.load(path, questionnaire).record
    assert {"macros", "external-links", "hidden-cells"} <= {note.check for note in record.notes}
    assert record.used == 2


def test_entities_in_a_workbook_are_not_expanded(tmp_path: Path, questionnaire: Questionnaire) -> None:
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    text = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>'.encode()
    body = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>')
    path = as_workbook(table(questionnaire), tmp_path / "laughs.xlsx")
    with_parts(path, xl__worksheets__sheet1_dot_xml=text + body)
    refused(path, questionnaire)


def test_a_workbook_cut_short_is_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = as_workbook(table(questionnaire), tmp_path / "cut.xlsx")
    path.write_bytes(path.read_bytes()[:-200])
    assert check_of(path, questionnaire) == "broken-workbook"


# --- anything at all


def _bytes_of(name: str) -> bytes:
    """A small good export made here, so that the search needs nothing from outside the repository."""
    from ci_eval import programme

    rows = table(programme.load_questionnaire(), "A – comment, with £ and “quotes”", rows=3)
    if name == "csv":
        return as_csv(rows).encode()
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


GOOD_CSV, GOOD_XLSX = _bytes_of("csv"), _bytes_of("xlsx")
EDITS = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=8
)
SEARCH = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for at, length, new in edits:
        at %= len(data) + 1
        data = data[:at] + new + data[at + length :]
    return data


def loads_or_refuses(data: bytes, path: Path, questionnaire: Questionnaire) -> None:
    path.write_bytes(data)
    stopped, record = None, None
    try:
        record = survey.load(path, questionnaire, declared=SurveySettings(limits=SMALL)).record
    except InputError as error:
        stopped = error
    if record is not None:
        assert record.rows_in == record.used + sum(record.left_out.values())
    if stopped is not None:
        assert stopped.problems
        assert str(stopped).startswith("CANNOT LOAD")


@SEARCH
@given(data=st.binary(max_size=400))
@example(data=b"\xff\xfe")
@example(data=b"\n")
@example(data=b'"')
@example(data=b"PK\x05\x06" + bytes(18))
@example(data=b"$FL2")
def test_any_bytes_load_or_are_refused(data: bytes, tmp_path: Path, questionnaire: Questionnaire) -> None:
    loads_or_refuses(data, tmp_path / "any", questionnaire)


@SEARCH
@given(edits=EDITS)
def test_an_edited_csv_loads_or_is_refused(
    edits: list[tuple[int, int, bytes]], tmp_path: Path, questionnaire: Questionnaire
) -> None:
    loads_or_refuses(edited(GOOD_CSV, edits), tmp_path / "edited.csv", questionnaire)


@SEARCH
@given(edits=EDITS)
def test_an_edited_workbook_loads_or_is_refused(
    edits: list[tuple[int, int, bytes]], tmp_path: Path, questionnaire: Questionnaire
) -> None:
    loads_or_refuses(edited(GOOD_XLSX, edits), tmp_path / "edited.xlsx", questionnaire)


@SEARCH
@given(text=st.text(alphabet='",;\n\r\t|aé£\u2019 =', max_size=300))
def test_any_text_of_separators_and_quotes_loads_or_is_refused(
    text: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    loads_or_refuses((text + as_csv(table(questionnaire))).encode(), tmp_path / "text.csv", questionnaire)


@pytest.fixture(scope="module", autouse=True)
def memory_stays_free() -> Iterator[None]:
    """The files of this module would need gigabytes if they were believed; each process that read some is looked at."""
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    assert peak < 2_000  # MB
