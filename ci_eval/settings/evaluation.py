"""The settings of an evaluation: what `data/evaluation.toml` declares, checked and typed.

Each review period is declared once. A real evaluation keeps its own settings file outside git and names it
with ``--settings``; every path in a settings file is relative to that file.

Nothing is read here but names. The process that starts a notebook loads settings too, so nothing here loads pandas.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ci_eval.inputs.fact_tables import programme_folder, settings_file
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.inputs.toml_fields import filled, key_of, one_value, refuse_missing
from ci_eval.inputs.toml_tables import Table, read
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.settings.outcome_files import GIVEN, LATER, Impact

# A period names folders of the outputs, so its name can hold nothing a path could misread.
PERIOD_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}")


@dataclass(frozen=True)
class PeriodSurvey(SurveySettings):
    """What is known of a period's survey, with its files.

    Attributes
    ----------
    file : the export; None where no survey was held
    coding, quotations : codes of comments and free-text answers, and what may be quoted of comments; None where not declared
    overlap : how many people answered in this period and in the one before; None where not known
    """

    file: Path | None = field(default=None, metadata=LATER)
    coding: Path | None = field(default=None, metadata=LATER)
    quotations: Path | None = field(default=None, metadata=LATER)
    overlap: int | None = field(default=None, metadata={"at_least": 0})


@dataclass(frozen=True)
class Period:
    """One review period.

    Attributes
    ----------
    name : such as ``"2021-22"``; a period is a text everywhere
    starts, ends : first and last day
    invented : whether the inputs are invented; every output then says so
    questionnaire : what its survey asked, where that is not the programme's questionnaire.toml
    due : day from which its reports are due; None for the day that `Settings.due` works out
    asked : number of people the survey was sent to; None where not known
    asked_by_organisation : the same by organisation, as far as known
    survey : what is known of its survey
    sent_by, sent_to : who sent the survey to whom, in words; "" where not declared
    evaluator : the evaluator's own texts for this period's report; None where not declared
    assurance : who answers for the report, and what it takes for granted; None where not declared
    """

    name: str = field(metadata=GIVEN)
    starts: date
    ends: date
    invented: bool = False
    due: date | None = None
    asked: int | None = None
    asked_by_organisation: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({}), metadata={"at_least": 0}
    )
    survey: PeriodSurvey = PeriodSurvey()
    sent_by: str = field(default="", metadata={"prose": True})
    sent_to: str = field(default="", metadata={"prose": True})
    questionnaire: Path | None = None
    evaluator: Path | None = field(default=None, metadata=LATER)
    assurance: Path | None = field(default=None, metadata=LATER)
    absent: tuple[Problem, ...] = field(default=(), metadata=GIVEN)
    """Its declared files that are not there; until they are, it cannot be run."""


@dataclass(frozen=True)
class Settings:
    """Everything an evaluation declares.

    Attributes
    ----------
    file, programme, outputs : the settings file; the folders of the programme's facts and of the outputs
    engagements : what is recorded of engagements beside the register; None where no file is declared
    periods : in order of time, whatever the order in the file
    smallest_group : groups of fewer people are not shown by themselves
    author, contact, licence : who answers for the reports, how to reach them, and what may be done with them; "" where not
        declared
    cell_timeout, start_timeout : seconds a cell of a notebook may take, and its Python process to start
    keep_failures : failed runs kept of one notebook and period; older ones are deleted
    due_after_days : days after its end when a period is due that names no day itself
    on_success, on_failure : commands run after a run; they get the period and the notebook's name, no data
    rehearsal : kind of the invented survey where a report is rehearsed; "" for a report
    teams : who served on whose team, in numbers of officers; None where not declared
    impact : None where no evaluation of impact is declared
    """

    file: Path = field(metadata=GIVEN)
    programme: Path
    outputs: Path
    engagements: Path | None = None
    periods: tuple[Period, ...] = ()
    smallest_group: int = field(default=5, metadata={"table": "disclosure"})
    cell_timeout: int = field(default=600, metadata={"table": "run"})
    author: str = field(default="", metadata={"table": "report", "prose": True})
    contact: str = field(default="", metadata={"table": "report", "prose": True})
    licence: str = field(default="", metadata={"table": "report", "prose": True})
    start_timeout: int = field(default=60, metadata={"table": "run"})
    keep_failures: int = field(default=5, metadata={"table": "run"})
    due_after_days: int = field(default=0, metadata={"table": "run", "at_least": 0})
    on_success: tuple[str, ...] = field(default=(), metadata={"table": "run"})
    on_failure: tuple[str, ...] = field(default=(), metadata={"table": "run"})
    rehearsal: str = field(default="", metadata={"choices": ("good", "mixed", "bad")})
    teams: Path | None = None
    impact: Impact | None = None

    def period(self, name: str) -> Period:
        """The period of that name. Raises InputError, naming the periods there are."""
        for period in self.periods:
            if period.name == name:
                return period
        known = ", ".join(period.name for period in self.periods)
        table = Table({}, self.file, {}, ("periods",))
        fix = f'Use one of {known}, or declare it as [periods."…"] in {self.file.name}.'
        table.refuse("period-unknown", "", f"The period {name!r} is not declared.", fix)
        raise InputError(f"CANNOT RUN period {name!r}: nothing was run", table.problems)

    def runnable(self, name: str) -> Period:
        """The period of that name, once its files and those of the periods before it are there.

        Raises InputError with every file that is not, and its line in the settings.
        """
        absent = [problem for one in self.up_to(name) for problem in one.absent]
        if absent:
            raise InputError(f"CANNOT RUN period {name!r}: nothing was run", absent)
        return self.period(name)

    def runnable_impact(self) -> Impact | None:
        """What is declared of impact, once its files are there; None where nothing is declared.

        Raises InputError with every file that is not, and its line in the settings.
        """
        if self.impact is not None and self.impact.absent:
            raise InputError(f"CANNOT USE {self.file.name}: nothing was run", list(self.impact.absent))
        return self.impact

    def due(self, period: Period) -> date:
        """The day from which a period's reports are due."""
        return period.due or period.ends + timedelta(days=self.due_after_days)

    def up_to(self, name: str) -> tuple[Period, ...]:
        """The period of that name and all before it, in order of time."""
        return self.periods[: self.periods.index(self.period(name)) + 1]

    def previous(self, period: Period) -> Period | None:
        """The period before this one; None for the first."""
        before = self.up_to(period.name)
        return before[-2] if len(before) > 1 else None


def load(file: str | Path | None = None) -> Settings:
    """Read and check a settings file; without one, the workbook's own `data/evaluation.toml`.

    Examples
    --------
    >>> [period.name for period in load().periods]
    ['2021-22', '2022-23']

    Raises
    ------
    InputError
        Every unknown key, wrong type, impossible date, overlap and missing file at once, each with its line.
    """
    path = Path(file) if file else settings_file()
    values, lines = read(path)
    path = path.resolve()
    top = Table(values, path, lines)
    outputs = (path.parent / (one_value(top, "outputs", str) or "outputs")).resolve()
    settings = filled(top, Settings, file=path, programme=_programme(top), outputs=outputs)
    periods = () if settings is None else settings.periods
    _check_periods(top.table("periods"), periods)
    if values.get("impact") and top.table("impact").values.get("outcomes") == {}:
        message, fix = "No outcomes file is declared.", "Add [impact.outcomes.levels] with file and kind."
        top.table("impact").refuse("impact-outcomes", "outcomes", message, fix)
    if not top.problems and not periods:
        fix = 'Add [periods."2021-22"] with its dates; ci-eval new-period 2021-22 does it.'
        top.refuse("settings-no-period", "periods", "No review period is declared.", fix)
    if settings is None or top.problems:
        raise InputError(f"CANNOT USE {path.name}: nothing was run", top.problems)
    impact = settings.impact
    if impact is not None:
        impact = replace(impact, absent=_absent_of_impact(impact, top.table("impact")))
    return replace(
        settings,
        periods=tuple(_in_order(periods, top.table("periods"), settings.smallest_group)),
        impact=impact,
    )


def _in_order(periods: tuple[Period, ...], table: Table, smallest: int) -> list[Period]:
    """The periods in order of time, each survey knowing what it has from its period and from the settings."""
    known = [
        replace(
            item,
            absent=(
                *_absent(item, table.table(item.name)),
                *_absent(item.survey, table.table(item.name).table("survey")),
            ),
            survey=replace(
                item.survey,
                period=item.name,
                starts=item.starts,
                invented=item.invented,
                smallest_group=smallest,
            ),
        )
        for item in periods
    ]
    return sorted(known, key=lambda period: (period.starts, period.ends))


def _absent(declared: Any, table: Table) -> tuple[Problem, ...]:
    """The files that a table declares and that are not there."""
    apart = Table(table.values, table.file, table.lines, table.path)
    for item in fields(declared):
        file = getattr(declared, item.name)
        if item.metadata.get("later") and file is not None and not file.is_file():
            refuse_missing(apart, key_of(item))
    return tuple(apart.problems)


def _absent_of_impact(impact: Impact, table: Table) -> tuple[Problem, ...]:
    below = table.table("outcomes")
    outcomes = (problem for one in impact.outcomes for problem in _absent(one, below.table(one.name)))
    return (*_absent(impact, table), *outcomes)


def _check_periods(table: Table, periods: tuple[Period, ...]) -> None:
    """Names that can name a folder, days in order that no other period has, and a file for each survey."""
    names: dict[str, str] = {}
    for name in table.values:
        if not PERIOD_NAME.fullmatch(name):
            message = f"The period's name {name!r} cannot name a folder."
            fix = "Use up to 40 letters a-z, figures and hyphens, the first no hyphen: 2021-22."
            table.refuse("period-name", name, message, fix)
        # A folder's case is not kept apart on every disk: 2021-A and 2021-a would share their outputs.
        if names.setdefault(name.casefold(), name) != name:
            message = f'"{name}" and "{names[name.casefold()]}" differ in upper and lower case only.'
            table.refuse("period-name", name, message, "Give the periods names that differ.")
    for period in periods:
        below = table.table(period.name)
        total = sum(period.asked_by_organisation.values())
        if period.ends < period.starts:
            message = f"Period {period.name} ends on {period.ends}, before it starts on {period.starts}."
            below.refuse("period-date", "ends", message, "Correct one of the two dates.")
        if period.asked is not None and total > period.asked:
            message = (
                f"The numbers asked by organisation add up to {total:,}, more than {period.asked:,} in all."
            )
            below.refuse("asked-total", "asked_by_organisation", message, "Correct one of the numbers.")
        if below.values.get("survey") and period.survey.file is None:
            survey = below.table("survey")
            survey.refuse("survey-file", "", "The survey's file is not named.", 'Add file = "survey.xlsx".')
    right = sorted((one for one in periods if one.starts <= one.ends), key=lambda one: one.starts)
    for before, after in pairwise(right):
        if after.starts <= before.ends:
            message = f"{after.name} starts on {after.starts}; {before.name} ends on {before.ends} only."
            table.refuse("period-overlap", after.name, message, "Give each day to one review period only.")


def _programme(top: Table) -> Path:
    written = one_value(top, "programme", str)
    path = top.file.parent / (written or "programme")
    if path.is_dir():
        return path
    if written:
        message = f"There is no folder {written!r} beside {top.file.name}."
        fix = "Name it relative to the settings file, or leave the line out: the workbook's own is then used."
        top.refuse("folder-missing", "programme", message, fix)
    return programme_folder()


def too_few_asked(period: str, received: int, asked: int, file: str = "") -> Problem:
    """What is wrong where more people answered than were asked: every interval rests on the number asked.

    Examples
    --------
    >>> too_few_asked("2021-22", 211, 150).message
    '211 people responded in 2021-22, 150 were asked.'
    """
    return Problem(
        "asked-too-few",
        "REJECT",
        f"{received:,} people responded in {period}, {asked:,} were asked.",
        where=f'{file}, [periods."{period}"] asked',
        fix="Correct the number of people the survey was sent to, or leave it out where it is not known.",
    )
