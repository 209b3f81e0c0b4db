"""Exports changed at random, and what has to come of them: responses, or a refusal in words, in time."""

import csv
import io
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import shapes
from hypothesis import strategies as st

from ci_eval import programme, survey
from ci_eval.inputs.problems import InputError
from ci_eval.survey import Limits, SurveySettings

QUESTIONNAIRE = programme.load_questionnaire()
SECONDS = 30  # for one file of at most a few hundred kB; loading one takes a hundredth of that
SMALL = Limits(
    file_bytes=5_000_000,
    unpacked_bytes=20_000_000,
    rows=2_000,
    columns=500,
    cells=200_000,
    cell_characters=20_000,
)
DECLARED = (
    SurveySettings(limits=SMALL),
    SurveySettings(limits=SMALL, keep_partials=True, keep_previews=True, duplicates="keep first"),
    SurveySettings(limits=SMALL, keep_partials=False, date_order="month first", expected=3),
    SurveySettings(
        limits=SMALL,
        fieldwork=(date(2022, 8, 1), date(2022, 8, 31)),
        codes={"statements": {"1": "Agree", "5": "Strongly agree"}},
        missing={"-": "not answered", "N/A": "Not shown"},
        absent=("s03",),
        changed=("s04",),
    ),
)
NUMBERS = st.integers(0, 10**6)
Change = tuple[str, int, int, bytes]

# --- exports to begin with


def own() -> dict[str, bytes]:
    """Exports made here, so that the search needs nothing from outside the repository."""
    q, made = QUESTIONNAIRE, {}
    tables = {
        "plain": shapes.plain(q, comment=["A – “note”, £5", 'with "marks"\nand lines', ""]),
        "qualtrics": shapes.qualtrics(q),
        "surveymonkey": shapes.surveymonkey(q),
        "smartsurvey": shapes.smartsurvey(q),
        "limesurvey": shapes.limesurvey(q),
    }
    for name, rows in tables.items():
        made[name] = as_bytes(rows)
    made["utf-16"] = as_bytes(tables["plain"], "\t").decode().encode("utf-16")
    made["cp1252"] = as_bytes(tables["plain"], ";").decode().encode("cp1252")
    return made


def as_bytes(rows: list[list[str]], separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode()


OWN = own()


# --- what is done to them


def changed(data: bytes, changes: list[Change]) -> bytes:
    for kind, at, other, new in changes:
        data = CHANGES[kind](data, at, other, new)
    return data[: 4 * SMALL.file_bytes]


def flip(data: bytes, at: int, other: int, _: bytes) -> bytes:
    at %= len(data) + 1
    return data[:at] + bytes([other % 256]) + data[at + 1 :]


def cut(data: bytes, at: int, other: int, _: bytes) -> bytes:
    at %= len(data) + 1
    return data[:at] + data[at + other % 200 :]


def insert(data: bytes, at: int, _: int, new: bytes) -> bytes:
    at %= len(data) + 1
    return data[:at] + new + data[at:]


def copied(data: bytes, at: int, other: int, _: bytes) -> bytes:
    at %= len(data) + 1
    return data[:at] + data[at : at + other % 400] * 2 + data[at + other % 400 :]


def huge(data: bytes, at: int, other: int, new: bytes) -> bytes:
    return insert(data, at, 0, (new or b"x") * (other % 30_000 // max(1, len(new))))


def rows_moved(data: bytes, at: int, other: int, _: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    first, second = at % (len(lines) or 1), other % (len(lines) or 1)
    if lines:
        lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def cells_moved(data: bytes, at: int, other: int, _: bytes) -> bytes:
    lines = data.split(b"\n")
    cells = lines[at % len(lines)].split(b",")
    first, second = other % len(cells), at % len(cells)
    cells[first], cells[second] = cells[second], cells[first]
    lines[at % len(lines)] = b",".join(cells)
    return b"\n".join(lines)


def marked(data: bytes, at: int, _: int, __: bytes) -> bytes:
    return (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf\xef\xbb\xbf")[at % 4] + data


CHANGES: dict[str, Callable[[bytes, int, int, bytes], bytes]] = {
    "flip": flip,
    "cut": cut,
    "insert": insert,
    "copy": copied,
    "huge": huge,
    "rows": rows_moved,
    "cells": cells_moved,
    "mark": marked,
}
BITS = st.one_of(
    st.sampled_from(
        [b'"', b"\0", b",", b";", b"\r", b"\n", b'""', b"\t", b"'", b"\x80", b"\xc2", b"=1+1", b"1E999"]
    ),
    st.sampled_from(
        [b"99999999999999999999", b"31/12/9999", b"-1", b"1.14E+11", "\u202e\u0130".encode(), b"_x000D_"]
    ),
    st.binary(max_size=8),
)
SOME = st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), NUMBERS, NUMBERS, BITS), min_size=1, max_size=6)


# --- what has to come of it


@contextmanager
def in_time(seconds: int) -> Iterator[None]:
    """Fail instead of hanging (where the system has alarms)."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def outcome(data: bytes, path: Path, declared: SurveySettings) -> str:
    """Write, read and load; the checks it was refused for, "" where it loads. Anything else is an error of ours."""
    path.write_bytes(data)
    with in_time(SECONDS):
        refused(lambda: survey.read(path, QUESTIONNAIRE, declared=declared))
        said, responses = refused(lambda: survey.load(path, QUESTIONNAIRE, declared=declared))
    if responses is not None:
        record = responses.record
        assert record.rows_in == record.used + sum(record.left_out.values())
        assert len(responses.frame) == record.used > 0
    return said


def refused(act: Callable[[], Any]) -> tuple[str, Any]:
    """What comes of reading or loading a file: the checks it was refused for and nothing, or "" and the result."""
    try:
        return "", act()
    except InputError as error:
        stopped = error
    assert stopped.problems
    assert all(problem.stops and problem.message for problem in stopped.problems)
    assert "\0" not in str(stopped)
    return " ".join(problem.check for problem in stopped.problems), None


TABLES = {
    "plain": shapes.plain(QUESTIONNAIRE, rows=12),
    "qualtrics": shapes.qualtrics(QUESTIONNAIRE, rows=12),
    "away": shapes.qualtrics(QUESTIONNAIRE, zone="Pacific/Auckland"),
    "surveymonkey": shapes.surveymonkey(QUESTIONNAIRE),
    "limesurvey": shapes.limesurvey(QUESTIONNAIRE),
}
# Cells that mean something to one rule or another.
ODD = st.one_of(
    st.sampled_from(
        ["", " ", "0", "-1", "1", "5", "1E999", "nan", "NaT", "-99", "N/A", "Total", "Response", "#####"]
    ),
    st.sampled_from(
        ["31/12/9999", "30/02/2022", "0001-01-01", "9999-12-31 23:59:59", "1/1/1", "44774.5", "9" * 30]
    ),
    st.sampled_from(
        ["2022-08-01 24:00", "99999999999999", "1659355200000", "08/13/2022 13:05 PM", "12/31/69", "٣/٤/٢٠٢٢"]
    ),
    st.sampled_from(
        [
            "Strongly agree",
            "Don’t know",
            "Online;In person",
            "Donâ€™t know",
            "Agree " * 40,
            "x@y.org",
            "\u0130",
        ]
    ),
    st.sampled_from(
        [shapes.S01, shapes.MODE, f"{shapes.MODE} - Online", "Other", "Response ID", "Name", "${q://x}"]
    ),
    st.sampled_from(
        ['{"ImportId":"QID1","timeZone":"Mars/Phobos"}', "[Q1]", shapes.S02[:30] + "…", "a\nb\r\n", "_x000D_"]
    ),
    st.text(max_size=12),
)
CELLS = st.lists(st.tuples(NUMBERS, NUMBERS, ODD), max_size=8)
SHIFTS = st.lists(
    st.tuples(st.sampled_from(["row", "column", "twice", "move", "all"]), NUMBERS, NUMBERS, ODD), max_size=3
)


def table_of(name: str, cells: list[tuple[int, int, str]], shifts: list[tuple[str, int, int, str]]) -> bytes:
    """A whole table with other cells, rows and columns: what is changed is found by rules about meaning, not form."""
    rows = [list(row) for row in TABLES[name]]
    for kind, at, other, text in shifts:
        row, column = at % len(rows), other % max(1, len(rows[0]))
        if kind == "row" and len(rows) > 2:
            del rows[row]
        elif kind == "column" and len(rows[0]) > 2:
            rows = [each[:column] + each[column + 1 :] for each in rows]
        elif kind == "twice":
            rows.insert(row, list(rows[row]))
        elif kind == "move":
            rows = [each[column:] + each[:column] for each in rows]
        elif kind == "all":
            rows = [
                [*each[:column], text if number > 2 else each[column], *each[column + 1 :]]
                for number, each in enumerate(rows)
            ]
    for at, other, text in cells:
        row = rows[at % len(rows)]
        row[other % len(row)] = text
    return as_bytes(rows)


def book() -> bytes:
    stream = io.BytesIO()
    shapes.workbook(stream, ("Summary", [["a", "b"]]), ("Data", shapes.plain(QUESTIONNAIRE)))  # type: ignore[arg-type]
    return stream.getvalue()


BOOK = book()


def packed(changes: list[Change], member: int) -> bytes:
    """The workbook with one of its parts changed and packed again, so that its check sums are right."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts)[member % len(parts)]
    parts[name] = changed(parts[name], changes)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return stream.getvalue()
