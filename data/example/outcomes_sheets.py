"""The published layout of Tables 10 and 11, with its headings, symbols and changes of habit, marked as invented."""

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import xlsxwriter
from forms_export import same_everywhere
from outcomes_truth import (
    COMBINED,
    COUNCILS,
    NO_SECONDARY,
    NOT_COLLECTED,
    ORGANISERS,
    SECONDARY,
    STAGES,
    YEARS,
    Council,
)

FILE = "levels_invented_2016-17_to_2024-25.xlsx"
NOTICE = "Invented example data: no pupil, school or council has these levels. Evidence about nobody."
SMALLEST = 10  # pupils; fewer are suppressed
FEWEST = 4  # pupils on the smaller side; fewer of them are banded
QUINTILES = (
    "SIMD Quintile 1 - most deprived",
    "SIMD Quintile 2",
    "SIMD Quintile 3",
    "SIMD Quintile 4",
    "SIMD Quintile 5 - least deprived",
    "SIMD Unknown",
)
COVER = (
    "Invented levels of achievement, in the layout of the published workbook",
    NOTICE,
    "Layout after: Achievement of Curriculum for Excellence (CfE) Levels, Scottish Government. Numbers: drawn at random.",
    "Written by data/example/generate.py of the Collaborative Improvement evaluation workbook.",
    "Symbols: [w] none recorded; [c] and c suppressed; - and NA no pupils; 95-100% a band.",
)
NOTES = (
    ("[note 1]", "Invented like everything here: no levels of secondary pupils in 2020-21."),
    ("[note 2]", "Invented like everything here: no collection in 2019-20."),
    ("[note 3]", "Quintiles of areas by deprivation, 1 the most deprived; invented."),
    ("[note 8]", "Small numbers are suppressed or banded, as in the published tables."),
)
TABLE_10 = ("Stage", "Organiser", "Local Authority [note 8]")
YEAR_NOTES = {NOT_COLLECTED: "2019-20 [Note 2]", NO_SECONDARY: "2020-21 [note 1]"}
TABLE_11 = (
    "Year",
    "Stage",
    "Local Authority",
    "SIMD [note 3]",
    *(f"English {organiser} \n[note 2] [note 8]" for organiser in ORGANISERS[:4]),
    "Numeracy \n[note 2] [note 8]",
)
PIVOT = (
    "year",
    "lacode",
    "LA",
    "cohort",
    "org_order",
    "stage_order",
    "stage",
    "organiser",
    "percent",
    "LAorder",
)

Counts = npt.NDArray[np.int64]
Pupils = Mapping[tuple[str, str, str], Counts]
Achieved = Mapping[tuple[str, str, str, str], Counts]
Row = list[str | float]


def suppressed(year: str) -> str:
    return "[c]" if year == YEARS[-1] else "c" if year > NOT_COLLECTED else "c  "


def nobody(year: str) -> str:
    return "NA" if year == YEARS[-1] else "-"


def cell(achieved: int, pupils: int, year: str) -> str | float:
    """A percentage as it would be published: a number, a band, or a symbol."""
    if pupils == 0:
        return nobody(year)
    if pupils < SMALLEST:
        return suppressed(year)
    between = "  - " if year == YEARS[-1] else "-"
    if pupils - achieved < FEWEST:
        return f"{100 * (pupils - FEWEST) // pupils}{between}100%"
    if achieved < FEWEST:
        return f"0{between}{-(-100 * FEWEST // pupils)}%"
    return 100 * achieved / pupils


def table_10(pupils: Pupils, achieved: Achieved) -> Iterator[Row]:
    yield ["Table 10: Invented percentage of pupils achieving expected level by local authority"]
    yield [NOTICE]
    yield ["Some cells refer to notes which can be found on the notes worksheet."]
    yield []
    yield [*TABLE_10, *(YEAR_NOTES.get(year, year) for year in YEARS)]
    for stage in (*STAGES, COMBINED, *SECONDARY):
        for organiser in ORGANISERS:
            for council in (*COUNCILS, None):
                name = council.name if council else "Scotland"
                yield [
                    stage,
                    organiser,
                    name,
                    *(percent(pupils, achieved, council, year, stage, organiser) for year in YEARS),
                ]


def percent(
    pupils: Pupils, achieved: Achieved, council: Council | None, year: str, stage: str, organiser: str
) -> str | float:
    """A value of Table 10; of the whole country without a council."""
    names = [council.name] if council else [one.name for one in COUNCILS]
    if (names[0], year, stage) not in pupils:
        return "[w]"
    count = sum(int(achieved[name, year, stage, organiser].sum()) for name in names)
    return round(100 * count / sum(int(pupils[name, year, stage].sum()) for name in names), 8)


def table_11(pupils: Pupils, achieved: Achieved) -> Iterator[Row]:
    yield ["Table 11: Invented percentage of pupils achieving expected levels by local authority and SIMD"]
    yield [NOTICE]
    yield []
    yield [*TABLE_11]
    for year in reversed(YEARS):
        for council in COUNCILS:
            key = council.name, year, COMBINED
            counted = pupils.get(key)
            for place, quintile in enumerate((*QUINTILES, "Local Authority Total")):
                total = place == len(QUINTILES)
                row: Row = [year, COMBINED, council.in_table_11, quintile]
                if counted is None:
                    yield [*row, *["[w]"] * len(ORGANISERS)]
                    continue
                of = int(counted.sum() if total else counted[place])
                if of == 0 and year < NOT_COLLECTED:
                    continue  # in the first years a quintile without pupils has no row
                did = (achieved[(*key, organiser)] for organiser in ORGANISERS)
                yield [*row, *(cell(int(one.sum() if total else one[place]), of, year) for one in did)]


def pivot(pupils: Pupils, achieved: Achieved) -> Iterator[Row]:
    """The numbers of pupils behind Table 10, of the primary stages together."""
    yield [*PIVOT]
    for order, organiser in enumerate(ORGANISERS, start=1):
        for number, council in enumerate(COUNCILS, start=1):
            for year in YEARS:
                key = council.name, year, COMBINED
                if key in pupils:
                    value = percent(pupils, achieved, council, year, COMBINED, organiser)
                    count = int(pupils[key].sum())
                    school_year = year.replace("-", "/")
                    yield [
                        school_year,
                        number,
                        council.name,
                        count,
                        order,
                        4,
                        COMBINED,
                        organiser,
                        value,
                        number,
                    ]


def workbook(pupils: Pupils, achieved: Achieved) -> bytes:
    """The workbook as .xlsx, the same bytes each time."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    made = datetime(2025, 12, 9, 9, 30, tzinfo=UTC)
    title = "Invented example data: levels of achievement by local authority"
    book.set_properties(
        {"title": title, "comments": NOTICE, "category": "Invented example data", "created": made}
    )
    book.set_custom_property("Invented", True)
    sheets: dict[str, Iterator[Row]] = {
        "Cover_sheet": ([line] for line in COVER),
        "Notes": (list(row) for row in (("Notes",), ("Note number", "Note text"), *NOTES)),
        "Table_10": table_10(pupils, achieved),
        "pivotchart 10 data": pivot(pupils, achieved),
        "Table_11": table_11(pupils, achieved),
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write_number(number, column, value)
        if name == "pivotchart 10 data":
            sheet.hide()
    book.close()
    return same_everywhere(buffer.getvalue())
