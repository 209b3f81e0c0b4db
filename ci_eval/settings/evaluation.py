"""The settings of an evaluation: what `data/evaluation.toml` declares, checked and typed.

Each review period is declared once. A real evaluation keeps its own settings file outside git and names it
with ``--settings``; every path in a settings file is relative to that file.

Nothing is read here but names. The process that starts a notebook loads settings too, so nothing here loads pandas.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from ci_eval.inputs.fact_tables import programme_folder, settings_file
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.inputs.toml_fields import filled, one_value
from ci_eval.inputs.toml_tables import Table, read
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.settings.outcome_files import GIVEN, Impact

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

    file: Path | None = None
    coding: Path | None = None
    quotations: Path | None = None
    overlap: int | None = field(default=None, metadata={"at_least": 0})


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
    survey : what is known of its survey
    sent_by, sent_to : who sent the survey to whom, in words; "" where not declared
    evaluator : the evaluator's own texts for this period's report; None where not declared
    """

    name: str = field(metadata=GIVEN)
    starts: date
    ends: date
    invented: bool = False
    asked: int | None = None
    asked_by_organisation: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({}), metadata={"at_least": 0}
    )
    survey: PeriodSurvey = PeriodSurvey()
    sent_by: str = field(default="", metadata={"prose": True})
    sent_to: str = field(default="", metadata={"prose": True})
    evaluator: Path | None = None


@dataclass(frozen=True)
class Settings:
    """Everything an evaluation declares.

    Attributes
    ----------
    file, programme, outputs : the settings file; the folders of the programme's facts and of the outputs
    periods : in order of time, whatever the order in the file
    smallest_group : groups of fewer people are not shown by themselves
    cell_timeout : seconds a cell of a notebook may take
    author, contact : who answers for the reports, and how to reach them; "" where not declared
    impact : None where no evaluation of impact is declared
    """

    file: Path = field(metadata=GIVEN)
    programme: Path
    outputs: Path
    periods: tuple[Period, ...] = ()
    smallest_group: int = field(default=5, metadata={"table": "disclosure"})
    cell_timeout: int = field(default=600, metadata={"table": "run"})
    author: str = field(default="", metadata={"table": "report", "prose": True})
    contact: str = field(default="", metadata={"table": "report", "prose": True})
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
        fix = 'Add [periods."2021-22"] with its dates.'
        top.refuse("settings-no-period", "periods", "No review period is declared.", fix)
    if settings is None or top.problems:
        raise InputError(f"CANNOT USE {path.name}: nothing was run", top.problems)
    return replace(settings, periods=tuple(_in_order(periods)))


def _in_order(periods: tuple[Period, ...]) -> list[Period]:
    """The periods in order of time, each survey knowing of which period it is."""
    known = [
        replace(
            item,
            survey=replace(item.survey, period=item.name, starts=item.starts, invented=item.invented),
        )
        for item in periods
    ]
    return sorted(known, key=lambda period: (period.starts, period.ends))


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
