"""A small workbook in the layout of the published one, written with openpyxl, for changing one thing at a time."""

import copy
from pathlib import Path
from typing import Any

import openpyxl

YEARS = ("2016-17", "2017-18", "2018-19", "2019-20 [Note 2]", "2020-21 [note 3]", "2021-22")
ORGANISERS = ("Reading", "Writing", "Listening & Talking", "Literacy", "Numeracy")
TEN: list[list[Any]] = [
    ["Table 10: Percentage of pupils achieving expected level [Note 14]"],
    ["This worksheet contains one table."],
    ["Back to table of contents"],
    [],
    ["Stage", "Organiser", "Local Authority [note 8]", *YEARS],
    ["P1, P4 and P7 combined", "Literacy", "Angus", 60.0, 61.5, 62.0, "[w]", 58.0, 63.25],
    ["P1, P4 and P7 combined", "Literacy", "Edinburgh, City of", 70.0, 71.0, 72.0, "[w]", 68.0, 73.0],
    ["P1, P4 and P7 combined", "Literacy", "Scotland", 69.24, 71.41, 72.3, "[w]", 66.88, 70.54],
    ["S3 - third level", "Numeracy", "Angus", 88.0, 89.0, 90.0, "[w]", "[w]", 91.0],
]
ELEVEN: list[list[Any]] = [
    ["Table 11: Percentage of pupils achieving expected CfE Levels by local authority and SIMD"],
    ["Back to table of contents"],
    [
        "Year [note 9]",
        "Stage",
        "Local Authority [note 7]",
        "SIMD [note 3]",
        *(f"English {name} \n[note 1] [note 2]" for name in ORGANISERS[:4]),
        "Numeracy \n[note 1]",
    ],
    ["2021-22", "P1, P4 and P7 combined", "Angus", "SIMD Quintile 1 - most deprived", 50, 51.5, 70, 48, 60],
    ["2021-22", "P1, P4 and P7 combined", "Angus", "SIMD Quintile 2", "c  ", "c", "[c]", "C", "95-100%"],
    [
        "2021-22",
        "P1, P4 and P7 combined",
        "Angus",
        "SIMD Quintile 3",
        "-",
        "NA",
        "[z]",
        "96  - 100%",
        "0-10%",
    ],
    [
        "2021-22",
        "P1, P4 and P7 combined",
        "Angus",
        "SIMD Quintile 5 - least deprived",
        80,
        81,
        90,
        78,
        "93–100%",
    ],
    ["2021-22", "P1, P4 and P7 combined", "Angus", "SIMD Unknown", 40, 41, 42, 43, 44],
    ["2021-22", "P1, P4 and P7 combined", "Angus", "Local Authority Total", 70, 69, 80, 63.25, 72],
    ["2021-22", "P1, P4 and P7 combined", "Edinburgh City", "SIMD Quintile 2", 61, 62, 63, 60, 64],
    ["2019-20", "S3 (Level 3 or better)", "Angus", "SIMD Quintile 2", "[w]", "[w]", "[w]", "[w]", "[w]"],
]
PUPILS: list[list[Any]] = [
    [
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
    ],
    ["2021/22", 120, "Angus", 400, 4, 4, "P1, P4 and P7 combined", "Literacy", 63.25, 1],
    ["2020/21", 120, "Angus", 350, 4, 4, "P1, P4 and P7 combined", "Literacy", 58, 1],
    ["2019/20", 120, "Angus", 350, 4, 4, "P1, P4 and P7 combined", "Literacy", None, 1],
    ["2016/17", 230, "Edinburgh, City of", 1000, 4, 4, "P1, P4 and P7 combined", "Literacy", 70, 1],
]
NOTES: list[list[Any]] = [
    ["Notes"],
    ["Note number", "Note text"],
    ["[note 3]", "SIMD is based on pupils' home postcode."],
    ["[note 12]", "Nothing to do with these tables."],
]


class Book:
    """The sheets as lists of rows; change them, then write."""

    def __init__(self) -> None:
        self.cover: list[list[Any]] = [["Achievement of levels"], ["A cover"]]
        self.notes, self.ten = copy.deepcopy(NOTES), copy.deepcopy(TEN)
        self.pupils, self.eleven = copy.deepcopy(PUPILS), copy.deepcopy(ELEVEN)
        self.names = {"ten": "Table_10", "eleven": "Table_11", "pupils": "pivotchart 10 data"}

    def write(self, folder: Path) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        sheets = {"Cover_sheet": self.cover, "Notes": self.notes}
        sheets |= {self.names[which]: getattr(self, which) for which in ("ten", "pupils", "eleven")}
        for name, rows in sheets.items():
            if rows:
                sheet = book.create_sheet(name)
                for row in rows:
                    sheet.append(row)
        path = folder / "levels.xlsx"
        book.save(path)
        return path
