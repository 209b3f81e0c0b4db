"""The invented levels of achievement: published layout, marked, with the effect that the page states."""

import re
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from example_workbooks import FOLDER

from ci_eval.outcomes import Outcomes, equity_gap, read_acel
from ci_eval.programme import load_councils, load_register

FILE = FOLDER / "levels_invented_2016-17_to_2024-25.xlsx"
YEARS = ["2016-17", "2017-18", "2018-19", "2020-21", "2021-22", "2022-23", "2023-24", "2024-25"]
COMBINED = "P1, P4 and P7 combined"


@cache
def levels() -> Outcomes:
    return read_acel(FILE)


@cache
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(FILE)


def test_it_says_that_it_is_invented_in_every_way() -> None:
    assert "invented" in FILE.name
    assert str(book().properties.title).startswith("Invented example data")
    assert [p.value for p in book().custom_doc_props.props if p.name == "Invented"] == [True]
    cover = [str(row[0]) for row in book()["Cover_sheet"].iter_rows(values_only=True)]
    assert any(line.startswith("Invented example data") for line in cover)
    assert levels().record.invented


def test_sheets_and_headings_are_those_of_the_published_workbook(shared: Path) -> None:
    published = openpyxl.load_workbook(shared / "data" / "acel" / "cfe_levels_2024_25.xlsx", read_only=True)
    for sheet, columns in (("Table_10", 12), ("Table_11", 9), ("pivotchart 10 data", 10)):
        headings = []
        for opened in (published, book()):
            rows = [list(row)[:columns] for row in opened[sheet].iter_rows(max_row=8, values_only=True)]
            heading = next(row for row in rows if row[1] in ("Organiser", "Stage", "lacode"))
            headings.append(
                [" ".join(re.sub(r"\[note [0-9]+\]", "", str(text), flags=re.I).split()) for text in heading]
            )
        assert headings[0] == headings[1]
    assert [
        sheet.sheet_state for sheet in (published["pivotchart 10 data"], book()["pivotchart 10 data"])
    ] == ["hidden"] * 2


def test_all_councils_years_and_kinds_of_cell_are_there() -> None:
    frame = levels().frame
    assert set(frame["gss_code"]) == set(load_councils().by_code)
    numbers = frame[frame["value"].notna()]
    assert sorted(numbers["school_year"].unique()) == YEARS
    assert set(frame.loc[frame["school_year"] == "2019-20", "missing"]) == {"not collected"}
    assert set(levels().record.missing) == {"suppressed", "not collected", "no pupils", "banded"}
    symbols = {
        cell
        for row in book()["Table_11"].iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, str)
    }
    assert {"[c]", "c", "c  ", "[w]", "-", "NA"} <= symbols


def test_every_percentage_of_the_combined_stages_is_a_whole_number_of_pupils() -> None:
    assert "pupils-disagree" not in {problem.check for problem in levels().record.notes}
    series = levels().series(f"Literacy ({COMBINED})")
    assert series.loc[series["value"].notna(), "denominator"].notna().all()


def hosts_by_june_2022() -> set[str]:
    hosts = load_register().hosts
    done = (hosts["status"] == "took place") & (hosts["latest"].astype(str) <= "2022-06-30")
    return set(hosts.loc[done, "gss_code"])


@pytest.mark.parametrize("organiser", ["Reading", "Writing", "Listening & Talking", "Literacy", "Numeracy"])
def test_the_page_states_the_differences_that_stand_in_the_workbook(organiser: str) -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| {organiser} | "))
    true, *stated = (float(cell) for cell in row.strip("| ").split(" | ")[1:])
    assert true == (0.0 if organiser == "Numeracy" else 2.0)
    series = levels().series(f"{organiser.replace('&', 'and').capitalize()} ({COMBINED})")
    wide = series.pivot(index="gss_code", columns="school_year", values="value")
    hosts = wide.index.isin(hosts_by_june_2022())
    assert hosts.sum() == 11
    found = []
    for base, year in (("2020-21", "2021-22"), ("2018-19", "2021-22"), ("2018-19", "2020-21")):
        change = wide[year] - wide[base]
        found.append(change[hosts].mean() - change[~hosts].mean())
    assert stated == pytest.approx(found, abs=0.0006)


def test_the_built_in_effect_is_within_chance_of_what_the_draws_made_of_it() -> None:
    # Spread of a council's change: new noise of a year and draws of pupils, about 1.6 points a council.
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for organiser, truth in (("Literacy", 2.0), ("Numeracy", 0.0)):
        row = next(line for line in page.splitlines() if line.startswith(f"| {organiser} | "))
        estimate = float(row.split(" | ")[2])
        assert abs(estimate - truth) < 3 * 1.6 * (1 / 11 + 1 / 21) ** 0.5


def test_the_gap_between_quintiles_has_missing_values_to_count() -> None:
    gap = equity_gap(levels(), f"Literacy ({COMBINED})")
    assert gap["value"].mean() > 10
    assert gap["missing"].str.contains("suppressed").any()
