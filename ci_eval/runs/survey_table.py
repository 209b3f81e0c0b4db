"""The table ``[periods."…".survey]`` of the settings: checked here, and what `ci_eval.survey` is told.

The survey floor loads pandas, which the process that starts a notebook has no use for; so its settings are made
when they are first asked for, from values checked before.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ci_eval.runs.toml_tables import Table

if TYPE_CHECKING:
    from ci_eval.survey import SurveySettings

DATE_ORDERS = ("day first", "month first")
DUPLICATES = ("keep first",)
LIMITS = ("file_bytes", "unpacked_bytes", "rows", "columns", "cells", "cell_characters")
FILES = ("file", "comment_codes", "quotations")  # what the survey floor is handed, not told
NOT_TOLD = (*FILES, "overlap")  # and what it has no use for
KEYS = (
    *FILES,
    "tool",
    "sheet",
    "key",
    "date_order",
    "fieldwork",
    "headings",
    "codes",
    "missing",
    "absent",
    "changed",
    "keep_partials",
    "keep_previews",
    "duplicates",
    "expected",
    "overlap",
    "limits",
)


def checked(table: Table) -> Mapping[str, Any]:
    """What the table declares of a survey's export, by key; problems are collected in the table."""
    table.only(KEYS)
    if table.values and "file" not in table.values:
        table.refuse("survey-file", "", "The survey's file is not named.", 'Add file = "survey.xlsx".')
    codes, limits = table.table("codes"), table.table("limits")
    limits.only(LIMITS)
    values = {
        **{key: table.existing_file(key) for key in FILES},
        "tool": table.text("tool"),
        "sheet": table.text("sheet"),
        "key": table.existing_file("key"),
        "date_order": table.choice("date_order", DATE_ORDERS),
        "fieldwork": table.span("fieldwork"),
        "headings": table.words("headings"),
        "codes": MappingProxyType({question: codes.words(question) for question in codes.values}),
        "missing": table.words("missing"),
        "absent": table.texts("absent"),
        "changed": table.texts("changed"),
        "keep_partials": table.flag("keep_partials", False),
        "keep_previews": table.flag("keep_previews", False),
        "duplicates": table.choice("duplicates", DUPLICATES),
        "expected": table.whole("expected", None, 0),
        "overlap": table.whole("overlap", None, 0),
        "limits": MappingProxyType({name: limits.whole(name, None, 1) for name in limits.values}),
    }
    return MappingProxyType({key: values[key] for key in table.values if key in values})


def survey_settings(
    values: Mapping[str, Any], *, period: str, starts: date, invented: bool
) -> "SurveySettings":
    """The survey floor's settings from checked values; what is not declared keeps that floor's defaults."""
    from ci_eval.survey import Limits, SurveySettings

    declared = {key: value for key, value in values.items() if key not in (*NOT_TOLD, "limits")}
    limits = Limits(**values.get("limits", {}))
    return SurveySettings(**declared, limits=limits, period=period, starts=starts, invented=invented)
