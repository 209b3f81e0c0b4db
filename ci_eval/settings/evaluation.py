"""The settings of an evaluation: what `data/evaluation.toml` declares, checked and typed.

The survey floor loads pandas, which the process that starts a notebook has no use for; so its settings are made
when they are first asked for, from values checked before.

Nothing is read here but names; the files are opened by `opening_impact`, in the notebook's own process.

Each review period is declared once. A real evaluation keeps its own settings file outside git and names it
with ``--settings``; every path in a settings file is relative to that file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ci_eval.inputs.fact_tables import programme_folder, workbook_root
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.inputs.toml_tables import Table, read

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


KINDS = ("acel", "lgbf", "plain")
_OUTCOME = ("file", "kind", "indicators", "information", "units", "marks")


@dataclass(frozen=True)
class OutcomesFile:
    """One file of outcomes and how it is read.

    Attributes
    ----------
    name : of its table in the settings
    file, kind : path, and one of `KINDS`
    indicators, information, units : for "lgbf", as `read_lgbf` takes them
    marks : for "acel", what further symbols mean
    """

    name: str
    file: Path
    kind: str
    indicators: tuple[str, ...] = ()
    information: Path | None = None
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Impact:
    """What the evaluation of impact reads.

    Attributes
    ----------
    plan : the plan file
    outcomes : in the order declared
    officers : officers sent to teams, for spillover; None where not declared
    covariates : facts of councils from before exposure, for the balance of the order; None where not declared
    """

    plan: Path
    outcomes: tuple[OutcomesFile, ...]
    officers: Path | None = None
    covariates: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file declared, and the frozen plan where there is one."""
        frozen = self.plan.with_name(f"{self.plan.stem}.frozen.json")
        return (self.plan, *([frozen] if frozen.is_file() else []), *self.beside_the_plan)

    @property
    def beside_the_plan(self) -> tuple[Path, ...]:
        """Every file declared that is no plan."""
        known: list[Path] = []
        for outcome in self.outcomes:
            known += [outcome.file, *([outcome.information] if outcome.information else [])]
        return (*known, *(file for file in (self.officers, self.covariates) if file is not None))


def impact(top: Table) -> Impact | None:
    """What the settings declare under ``[impact]``, problems collected in the table; None where there is no such table."""
    if "impact" not in top.values:
        return None
    table = top.table("impact")
    table.only(("plan", "outcomes", "officers", "covariates"))
    plan = table.existing_file("plan")
    if plan is None:
        message = "The plan's file is not named."
        table.refuse("impact-plan", "", message, 'Add plan = "impact_plan.toml".')
    declared = table.table("outcomes")
    files = [file for name in declared.values if (file := _outcomes(name, declared)) is not None]
    if not declared.values:
        message = "No outcomes file is declared."
        table.refuse("impact-outcomes", "", message, "Add [impact.outcomes.levels] with file and kind.")
    officers, covariates = table.existing_file("officers"), table.existing_file("covariates")
    return None if plan is None else Impact(plan, tuple(files), officers, covariates)


def _outcomes(name: str, declared: Table) -> OutcomesFile | None:
    table = declared.table(name)
    table.only(_OUTCOME)
    file, kind = table.existing_file("file"), table.choice("kind", KINDS)
    for key, value in (("file", file), ("kind", kind)):
        if not value and key not in table.values:
            table.refuse("impact-outcomes", "", f"Outcomes {name} have no {key}.", f"Add {key} = ….")
    units, marks = table.words("units"), table.words("marks")
    indicators, information = table.texts("indicators"), table.existing_file("information")
    if file is None or not kind:
        return None
    return OutcomesFile(name, file, kind, indicators, information, units, marks)


# A period names folders of the outputs, so its name can hold nothing a path could misread.
PERIOD_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}")

SMALLEST_GROUP = 5
CELL_TIMEOUT = 600  # seconds
SEED = 2021

_TOP = ("programme", "outputs", "disclosure", "run", "impact", "periods")
_PERIOD = ("starts", "ends", "invented", "asked", "asked_by_organisation", "survey")


@dataclass(frozen=True)
class Period:
    """One review period.

    Attributes
    ----------
    name : such as ``"2021-22"``; a period is a text everywhere
    starts, ends : first and last day
    invented : whether the inputs are invented; every output then says so
    asked : number of people the survey was sent to; None where not known
    asked_by_organisation : the same by organisation, as far as known
    declared : what is declared of the survey's export, by key; {} where none is
    """

    name: str
    starts: date
    ends: date
    invented: bool = False
    asked: int | None = None
    asked_by_organisation: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    declared: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def survey_file(self) -> Path | None:
        """The survey's export; None where none is declared."""
        return self.declared.get("file")

    @property
    def comment_codes(self) -> Path | None:
        """The coding of the survey's comments; None where none is declared."""
        return self.declared.get("comment_codes")

    @property
    def quotations(self) -> Path | None:
        """Quotations from the comments, with their approvals; None where none are declared."""
        return self.declared.get("quotations")

    @property
    def overlap(self) -> int | None:
        """How many people answered in this period and in the one before; None where not known."""
        return self.declared.get("overlap")

    @property
    def survey(self) -> "SurveySettings":
        """What is known of the survey's export, as `ci_eval.survey` is told."""
        return survey_settings(self.declared, period=self.name, starts=self.starts, invented=self.invented)


@dataclass(frozen=True)
class Settings:
    """Everything an evaluation declares; `periods` in order of time, whatever the order in the file.

    `impact` is None where the settings declare no evaluation of impact.
    """

    file: Path
    programme: Path
    outputs: Path
    periods: tuple[Period, ...]
    smallest_group: int = SMALLEST_GROUP
    cell_timeout: int = CELL_TIMEOUT
    seed: int = SEED
    impact: Impact | None = None

    def period(self, name: str) -> Period:
        """The period of that name. Raises InputError, naming the periods there are."""
        for period in self.periods:
            if period.name == name:
                return period
        table = Table({}, self.file, {}, ("periods",))
        known = ", ".join(period.name for period in self.periods)
        fix = f'Use one of {known}, or declare it as [periods."…"] in {self.file.name}.'
        table.refuse("period-unknown", "", f"The period {name!r} is not declared.", fix)
        raise InputError(f"CANNOT RUN period {name!r}: nothing was run", table.problems)

    def up_to(self, name: str) -> tuple[Period, ...]:
        """The period of that name and all before it, in order of time."""
        return self.periods[: self.periods.index(self.period(name)) + 1]

    def previous(self, period: Period) -> Period | None:
        """The period before this one; None for the first."""
        before = self.up_to(period.name)
        return before[-2] if len(before) > 1 else None


def load(file: str | Path | None = None) -> Settings:
    """Read and check a settings file; without one, the workbook's own `data/evaluation.toml`.

    Raises
    ------
    InputError
        Every unknown key, wrong type, impossible date, overlap and missing file at once, each with its line.
    """
    path = Path(file) if file else workbook_root() / "data" / "evaluation.toml"
    values, lines = read(path)
    path = path.resolve()
    top = Table(values, path, lines)
    top.only(_TOP)
    disclosure, run = top.table("disclosure"), top.table("run")
    disclosure.only(("smallest_group",))
    run.only(("cell_timeout", "seed"))
    settings = Settings(
        file=path,
        programme=_programme(top),
        outputs=(path.parent / top.text("outputs", "outputs")).resolve(),
        periods=_periods(top.table("periods")),
        smallest_group=disclosure.whole("smallest_group", SMALLEST_GROUP, 1) or SMALLEST_GROUP,
        cell_timeout=run.whole("cell_timeout", CELL_TIMEOUT, 1) or CELL_TIMEOUT,
        seed=run.whole("seed", SEED, 0) or 0,
        impact=impact(top),
    )
    if not top.problems and not settings.periods:
        fix = 'Add [periods."2021-22"] with its dates.'
        top.refuse("settings-no-period", "periods", "No review period is declared.", fix)
    if top.problems:
        raise InputError(f"CANNOT USE {path.name}: nothing was run", top.problems)
    return settings


def _periods(table: Table) -> tuple[Period, ...]:
    found = [period for name in table.values if (period := _period(name, table)) is not None]
    found.sort(key=lambda period: (period.starts, period.ends))
    for before, after in pairwise(found):
        if after.starts <= before.ends:
            message = f"{after.name} starts on {after.starts}; {before.name} ends on {before.ends} only."
            table.refuse("period-overlap", after.name, message, "Give each day to one review period only.")
    names: dict[str, str] = {}
    for name in table.values:
        # A folder's case is not kept apart on every disk: 2021-A and 2021-a would share their outputs.
        if names.setdefault(name.casefold(), name) != name:
            message = f'"{name}" and "{names[name.casefold()]}" differ in upper and lower case only.'
            table.refuse("period-name", name, message, "Give the periods names that differ.")
    return tuple(found)


def _period(name: str, periods: Table) -> Period | None:
    table = periods.table(name)
    if not PERIOD_NAME.fullmatch(name):
        message = f"The period's name {name!r} cannot name a folder."
        fix = "Use up to 40 letters a-z, figures and hyphens, the first no hyphen: 2021-22."
        periods.refuse("period-name", name, message, fix)
        return None
    table.only(_PERIOD)
    starts, ends = _dates(table, name)
    period = Period(
        name=name,
        starts=starts or date.min,
        ends=ends or date.max,
        invented=table.flag("invented", default=False),
        asked=table.whole("asked", None, 1),
        asked_by_organisation=_asked(table),
        declared=checked(table.table("survey")),
    )
    # Everything else has been looked at by now; without its dates the period has no place in the order.
    return None if starts is None or ends is None else period


def _dates(table: Table, name: str) -> tuple[date | None, date | None]:
    starts, ends = table.day("starts"), table.day("ends")
    for key in ("starts", "ends"):
        if key not in table.values:
            message = f"Period {name} does not say when it {key}."
            table.refuse("period-date", "", message, f"Add {key} = 2021-06-01.")
    if starts is not None and ends is not None and ends < starts:
        message = f"Period {name} ends on {ends}, before it starts on {starts}."
        table.refuse("period-date", "ends", message, "Correct one of the two dates.")
        return None, None
    return starts, ends


def _asked(period: Table) -> Mapping[str, int]:
    table = period.table("asked_by_organisation")
    numbers = {name: number for name in table.values if (number := table.whole(name, None, 0)) is not None}
    asked, total = period.values.get("asked"), sum(numbers.values())
    if isinstance(asked, int) and total > asked:
        message = f"The numbers asked by organisation add up to {total:,}, more than {asked:,} in all."
        period.refuse("asked-total", "asked_by_organisation", message, "Correct one of the numbers.")
    return MappingProxyType(numbers)


def _programme(table: Table) -> Path:
    written = table.text("programme")
    path = table.file.parent / (written or "programme")
    if path.is_dir():
        return path
    if written:
        message = f"There is no folder {written!r} beside {table.file.name}."
        fix = "Name it relative to the settings file, or leave the line out: the workbook's own is then used."
        table.refuse("folder-missing", "programme", message, fix)
    return programme_folder()


def too_few_asked(period: str, received: int, asked: int, file: str = "") -> Problem:
    """What is wrong where more people answered than were asked: every interval rests on the number asked."""
    return Problem(
        "asked-too-few",
        "REJECT",
        f"{received:,} people responded in {period}, {asked:,} were asked.",
        where=f'{file}, [periods."{period}"] asked',
        fix="Correct the number of people the survey was sent to, or leave it out where it is not known.",
    )
