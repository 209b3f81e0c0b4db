"""The table ``[periods."…".survey]`` of the settings as `ci_eval.survey` wants it."""

from dataclasses import fields
from types import MappingProxyType
from typing import cast

from ci_eval.runs.toml_tables import Table
from ci_eval.survey.settings import DATE_ORDERS, KEEP_FIRST, Limits, SurveySettings

KEYS = (
    "file",
    "tool",
    "sheet",
    "key",
    "date_order",
    "fieldwork",
    "headings",
    "codes",
    "missing",
    "absent",
    "keep_partials",
    "keep_previews",
    "duplicates",
    "expected",
    "limits",
)


def survey_settings(table: Table, *, period: str, invented: bool) -> SurveySettings:
    """What the table declares of a survey's export; problems are collected in the table."""
    table.only(KEYS)
    if table.values and "file" not in table.values:
        table.refuse("survey-file", "", "The survey's file is not named.", 'Add file = "survey.xlsx".')
    codes = table.table("codes")
    keep_partials = table.flag("keep_partials", False) if "keep_partials" in table.values else None
    return SurveySettings(
        period=period,
        tool=table.text("tool"),
        sheet=table.text("sheet"),
        key=table.existing_file("key"),
        date_order=table.choice("date_order", DATE_ORDERS),
        fieldwork=table.span("fieldwork"),
        headings=table.words("headings"),
        codes=MappingProxyType({question: codes.words(question) for question in codes.values}),
        missing=table.words("missing"),
        absent=table.texts("absent"),
        keep_partials=keep_partials,
        keep_previews=table.flag("keep_previews", False),
        duplicates=table.choice("duplicates", (KEEP_FIRST,)),
        expected=table.whole("expected", None, 0),
        invented=invented,
        limits=_limits(table.table("limits")),
    )


def _limits(table: Table) -> Limits:
    names = [item.name for item in fields(Limits)]
    table.only(names)
    default = Limits()
    return Limits(**{name: cast(int, table.whole(name, getattr(default, name), 1)) for name in names})
