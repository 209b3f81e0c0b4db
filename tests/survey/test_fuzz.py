"""Whatever is done to an export, it loads or is refused in words: no other exception, no hang.

Exports of every shape are changed at random, as files are in the world: bytes flipped, rows cut, cells copied,
headings moved, quotation marks lost, NUL bytes, byte order marks, cells of great length. What is found wrong is kept
as a plain test at the end.
"""

import csv
import io
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ci_eval import programme, survey
from ci_eval.problems import InputError
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
TOO_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
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


@pytest.fixture(scope="session")
def texts(shared: Path) -> list[bytes]:
    """The text exports beside the checkout: invented ones of every tool, with faults, and real ones."""
    folder = shared / "exports"
    files = sorted((*folder.glob("invented/*/*.[ct]sv"), *folder.glob("real/*/*.csv")))
    return [path.read_bytes() for path in files if 0 < path.stat().st_size < 60_000]


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
        refused(lambda: survey.read(path, declared=declared))
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


# --- the search


def search(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=TOO_SLOW)


def fuzz_own(data: bytes, changes: list[Change], declared: SurveySettings, folder: Path) -> None:
    outcome(changed(data, changes), folder / "export.csv", declared)


@search(150)
@given(name=st.sampled_from(sorted(OWN)), changes=SOME, declared=st.sampled_from(DECLARED))
def test_changed_exports(name: str, changes: list[Change], declared: SurveySettings, tmp_path: Path) -> None:
    fuzz_own(OWN[name], changes, declared, tmp_path)


@pytest.mark.slow
@search(3_000)
@given(name=st.sampled_from(sorted(OWN)), changes=SOME, declared=st.sampled_from(DECLARED))
def test_changed_exports_at_length(
    name: str, changes: list[Change], declared: SurveySettings, tmp_path: Path
) -> None:
    fuzz_own(OWN[name], changes, declared, tmp_path)


@search(60)
@given(number=NUMBERS, changes=SOME, declared=st.sampled_from(DECLARED))
def test_changed_exports_of_every_tool(
    number: int, changes: list[Change], declared: SurveySettings, tmp_path: Path, texts: list[bytes]
) -> None:
    fuzz_own(texts[number % len(texts)], changes, declared, tmp_path)


@pytest.mark.slow
@search(2_000)
@given(number=NUMBERS, changes=SOME, declared=st.sampled_from(DECLARED))
def test_changed_exports_of_every_tool_at_length(
    number: int, changes: list[Change], declared: SurveySettings, tmp_path: Path, texts: list[bytes]
) -> None:
    fuzz_own(texts[number % len(texts)], changes, declared, tmp_path)


@pytest.mark.slow
@search(3_000)
@given(
    data=st.binary(max_size=2_000),
    start=st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"ID,"]),
)
def test_any_bytes_at_length(data: bytes, start: bytes, tmp_path: Path) -> None:
    outcome(start + data, tmp_path / "any", DECLARED[0])


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


@search(80)
@given(changes=SOME, member=NUMBERS, whole=st.booleans())
def test_changed_workbooks(changes: list[Change], member: int, whole: bool, tmp_path: Path) -> None:
    outcome(changed(BOOK, changes) if whole else packed(changes, member), tmp_path / "book.xlsx", DECLARED[0])


@pytest.mark.slow
@search(2_000)
@given(changes=SOME, member=NUMBERS, whole=st.booleans())
def test_changed_workbooks_at_length(changes: list[Change], member: int, whole: bool, tmp_path: Path) -> None:
    outcome(changed(BOOK, changes) if whole else packed(changes, member), tmp_path / "book.xlsx", DECLARED[0])


@pytest.fixture(scope="session")
def sav(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    pyreadstat = pytest.importorskip(
        "pyreadstat", reason="the optional package for SPSS files is not installed"
    )
    pandas = pytest.importorskip("pandas")
    rows = shapes.plain(QUESTIONNAIRE)
    names = [f"v{place}" for place in range(len(rows[0]))]
    path = tmp_path_factory.mktemp("sav") / "survey.sav"
    pyreadstat.write_sav(pandas.DataFrame(rows[1:], columns=names), str(path), column_labels=rows[0])
    return path.read_bytes()


@search(5)
@given(changes=SOME)
def test_changed_sav_files(changes: list[Change], sav: bytes, tmp_path: Path) -> None:
    outcome(b"$FL2" + changed(sav[4:], changes), tmp_path / "survey.sav", DECLARED[0])


@pytest.mark.slow
@search(150)
@given(changes=SOME)
def test_changed_sav_files_at_length(changes: list[Change], sav: bytes, tmp_path: Path) -> None:
    outcome(b"$FL2" + changed(sav[4:], changes), tmp_path / "survey.sav", DECLARED[0])
