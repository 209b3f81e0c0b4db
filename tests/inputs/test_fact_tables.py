"""Strict reading of the programme's CSV files."""

from pathlib import Path

import pytest

from ci_eval.inputs.fact_tables import MAX_BYTES, in_quotes, read_rows
from ci_eval.inputs.problems import InputError

COLUMNS = ("key", "value", "source")
GOOD = "key,value,source\na,1,here\nb,,there\n"


def read(folder: Path, content: str | bytes) -> tuple[dict[str, str], ...]:
    path = folder / "facts.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return tuple(dict(row.cells) for row in read_rows(path, COLUMNS, key="key"))


def test_cells_come_by_heading_whatever_the_order_of_columns(tmp_path: Path) -> None:
    assert read(tmp_path, "source,key,value\nhere, a ,1\n") == ({"source": "here", "key": "a", "value": "1"},)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == read(tmp_path, GOOD)


def test_row_numbers_are_those_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text('key,value,source\n\na,"two\nlines",here\n,,\nb,1,\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"facts\.csv, row 5, column \"source\""):
        read_rows(path, COLUMNS, key="key")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty (0 bytes)"),
        ("\n\n", "The file is empty"),
        ("key,value,source\n", "headings and no rows"),
        ("key,value,source,notes\na,1,here,x\n", 'Column "notes" is not known'),
        ("key,source\na,here\n", 'Column "value" is missing'),
        ("key,key,value,source\na,a,1,here\n", 'Column "key" comes twice'),
        ("key;value;source\na;1;here\n", 'Column "key;value;source" is not known'),
        ("key,value,source\na,1,here,more\n", "4 cells for 3 headings"),
        ("key,value,source\na,1\n", "2 cells for 3 headings"),
        ("key,value,source\na,1,\n", '"source" may not be blank'),
        ("key,value,source\n,1,here\n", '"key" may not be blank'),
        ("key,value,source\na,1,here\nA,2,here\n", '"A" is in row 2 already'),
        ('key,value,source\na,"1,here\n', "not a well-formed CSV"),
        ("key,value,source\na," + "x" * 200_000 + ",here\n", "not a well-formed CSV"),
        ("key,value,source\na,\0,here\n", "NUL bytes"),
        ("key,value,source\n" + "a,1,b\n" * 999 + "\0,1,c\n", "NUL characters"),
        ("key,value,source\na,caf\xe9,here\n".encode("cp1252"), "not UTF-8"),
        (b"x" * (MAX_BYTES + 1), "up to 2,000,000 are read"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert message in str(caught.value)
    assert "facts.csv" in str(caught.value)
    assert "Fix: " in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"CANNOT READ absent\.csv"):
        read_rows(tmp_path / "absent.csv", COLUMNS)


def test_every_problem_of_a_file_comes_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "key,value,source\na,1,\na,2,here\nb\n")
    assert [problem.check for problem in caught.value.problems] == [
        "row-length",
        "blank-cell",
        "repeated-key",
    ]


def test_a_value_is_shown_on_one_short_printable_line() -> None:
    assert in_quotes("a\nb\x1b") == '"a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"'
    assert in_quotes("x" * 60) == f'"{"x" * 60}"'
    assert in_quotes("x" * 61) == f'"{"x" * 60}…"'
    assert in_quotes(10**5000) == '"(int)"'
