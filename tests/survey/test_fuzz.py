"""Whatever is done to an export, it loads or is refused in words: no other exception, no hang.

Exports of every shape are changed at random, as files are in the world: bytes flipped, rows cut, cells copied,
headings moved, quotation marks lost, NUL bytes, byte order marks, cells of great length. What is found wrong is kept
as a plain test at the end.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import campaigns
import pytest
import shapes
from fuzzing import (
    BOOK,
    CELLS,
    DECLARED,
    NUMBERS,
    OWN,
    QUESTIONNAIRE,
    SHIFTS,
    SOME,
    TABLES,
    Change,
    as_bytes,
    changed,
    outcome,
    packed,
    table_of,
)
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from ci_eval import survey
from ci_eval.survey import SurveySettings

TOO_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture(scope="session")
def texts(shared: Path) -> list[bytes]:
    """The text exports beside the checkout: invented ones of every tool, with faults, and real ones."""
    folder = shared / "exports"
    files = sorted((*folder.glob("invented/*/*.[ct]sv"), *folder.glob("real/*/*.csv")))
    return [path.read_bytes() for path in files if 0 < path.stat().st_size < 60_000]


def search(sample: int, whole: int) -> Any:
    return campaigns.search(sample, whole, suppress_health_check=TOO_SLOW)


def fuzz_own(data: bytes, changes: list[Change], declared: SurveySettings, folder: Path) -> None:
    outcome(changed(data, changes), folder / "export.csv", declared)


@search(50, 1_000)
@given(name=st.sampled_from(sorted(OWN)), changes=SOME, declared=st.sampled_from(DECLARED))
def test_changed_exports(name: str, changes: list[Change], declared: SurveySettings, tmp_path: Path) -> None:
    fuzz_own(OWN[name], changes, declared, tmp_path)


@search(30, 600)
@given(number=NUMBERS, changes=SOME, declared=st.sampled_from(DECLARED))
def test_changed_exports_of_every_tool(
    number: int, changes: list[Change], declared: SurveySettings, tmp_path: Path, texts: list[bytes]
) -> None:
    fuzz_own(texts[number % len(texts)], changes, declared, tmp_path)


@search(100, 1_000)
@given(
    data=st.binary(max_size=2_000),
    start=st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"ID,"]),
)
def test_any_bytes(data: bytes, start: bytes, tmp_path: Path) -> None:
    outcome(start + data, tmp_path / "any", DECLARED[0])


@search(30, 1_000)
@given(name=st.sampled_from(sorted(TABLES)), cells=CELLS, shifts=SHIFTS, declared=st.sampled_from(DECLARED))
def test_tables_with_odd_cells(
    name: str,
    cells: list[tuple[int, int, str]],
    shifts: list[tuple[str, int, int, str]],
    declared: SurveySettings,
    tmp_path: Path,
) -> None:
    outcome(table_of(name, cells, shifts), tmp_path / "table.csv", declared)


@search(40, 600)
@given(changes=SOME, member=NUMBERS, whole=st.booleans())
def test_changed_workbooks(changes: list[Change], member: int, whole: bool, tmp_path: Path) -> None:
    outcome(changed(BOOK, changes) if whole else packed(changes, member), tmp_path / "book.xlsx", DECLARED[0])


TYPED = st.one_of(
    st.floats(),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    st.datetimes(dt.datetime(1900, 1, 2), dt.datetime(9999, 12, 31)),
    st.times(),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=9999)),
    st.none(),
)


@search(15, 600)
@given(
    cells=st.lists(st.tuples(NUMBERS, NUMBERS, TYPED), min_size=1, max_size=6),
    declared=st.sampled_from(DECLARED),
)
def test_workbooks_with_cells_of_every_type(
    cells: list[tuple[int, int, Any]], declared: SurveySettings, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [list(row) for row in TABLES["plain"]]
    for at, other, cell in cells:
        rows[at % len(rows)][other % len(rows[0])] = cell
    path = shapes.workbook(tmp_path / "typed.xlsx", ("Sheet1", rows))
    outcome(path.read_bytes(), path, declared)


@search(15, 150)
@given(changes=SOME)
def test_changed_keys(changes: list[Change], tmp_path: Path) -> None:
    """The file that explains the codes is as untrusted as the export."""
    rows, key = shapes.jisc(QUESTIONNAIRE, tmp_path)
    whole = key.read_bytes()
    key.write_bytes(changed(whole, changes))
    outcome(as_bytes(rows), tmp_path / "export.csv", SurveySettings(key=key))


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


@pytest.mark.usefixtures("quick_spss")
@search(10, 120)
@given(changes=SOME)
def test_changed_sav_files(changes: list[Change], sav: bytes, tmp_path: Path) -> None:
    outcome(b"$FL2" + changed(sav[4:], changes), tmp_path / "survey.sav", DECLARED[0])


# --- what was found


@pytest.mark.parametrize("day", ["9999-12-31 23:59:59", "0001-01-01 00:00:00", "2022-03-27 01:30:00"])
@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Kathmandu", "Europe/Paris"])
def test_days_at_the_ends_of_the_calendar_have_no_time_zone(day: str, zone: str, tmp_path: Path) -> None:
    """pandas cannot move the last day of the year 9999 to another time zone, and says so by an exception."""
    rows = shapes.qualtrics(QUESTIONNAIRE, zone=zone)
    rows[3][1] = day
    assert outcome(as_bytes(rows), tmp_path / "export.csv", DECLARED[0]) == ""
    noted = {note.check for note in survey.load(tmp_path / "export.csv", QUESTIONNAIRE).record.notes}
    assert ("dates-unlikely" in noted) or day.startswith("2022")
