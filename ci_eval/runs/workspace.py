"""A workspace of one's own outside the repository: settings, the programme's facts, private data, copies of the notebooks.

    FOLDER/data/evaluation.toml    the settings, with every key explained
    FOLDER/data/programme/         a copy of the facts, to edit
    FOLDER/data/private/           surveys, other data and a pattern of the impact plan; its owner alone can open it
    FOLDER/work/                   copies of the notebooks
    FOLDER/outputs/                made by the first run

Every command run within FOLDER finds these settings by itself. Nothing that is there already is written over.
"""

import shutil
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from ci_eval.inputs.fact_tables import SETTINGS, programme_folder, workbook_root
from ci_eval.inputs.problems import InputError, refuse
from ci_eval.runs.working_copies import make_copies
from ci_eval.settings.assurance_file import TEMPLATE
from ci_eval.settings.evaluation import PERIOD_NAME, load
from ci_eval.settings.plan_file import EXAMPLE

IGNORED = "data/private/\noutputs/\nwork/\n"
BEGINNING = """\
# The settings of this evaluation. Every path is relative to this file; unknown keys are refused with their line.

programme = "programme"         # folder of the register, the questionnaire and the words for proportions
outputs = "../outputs"          # drafts/ and failed/ are made here

[disclosure]
smallest_group = 5              # groups with fewer people than this are not shown by themselves

[report]
# author = "Ann Other"          # who answers for the reports
# contact = "a@example.org"     # how to reach them
# licence = "Open Government Licence v3.0"    # needed for a release

[run]
cell_timeout = 600              # seconds a cell of a notebook may take
# due_after_days = 60           # days after its end when a period's reports are due
# on_failure = ["command"]      # run after a failed run, with no data in it

# The evaluation of impact on outcomes; it needs a review period below (ci-eval new-period --no-survey):
# [impact]
# plan = "private/impact_plan.toml"    # a pattern, to change before it is frozen
# [impact.outcomes.levels]
# file = "private/levels.xlsx"
# kind = "acel"                # or "lgbf", "plain", "pupils", which need publication = "title, publisher"
# published = 2025-12-09       # the day on which the file came out
"""
PERIOD = """
[periods."{name}"]
starts = {starts}
ends = {ends}
# due = {due}              # day from which its reports are due
# assurance = "private/assurance_{name}.toml"    # who answers for the report; the file is there, to fill
# asked = 150                   # people the survey was sent to; intervals are narrower where it is known
# sent_by = "the evaluator"     # who sent the survey
# sent_to = "everybody who took part"
# evaluator = "private/evaluator_{name}.toml"    # what only people can judge, in the evaluator's own words
"""
SURVEY = """
[periods."{name}".survey]
file = "private/survey_{name}.xlsx"    # the export of the survey tool, as it came (.xlsx, .csv, .tsv or .sav)
# coding = "private/coding_{name}.csv"
# quotations = "private/quotations_{name}.csv"
"""


def init(folder: Path) -> list[str]:
    """Make a workspace in a folder that is not there yet, or is empty; gives what was made, a line each.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as above:
    ...     lines = init(Path(above) / "evaluation")
    >>> lines[0].startswith("Made")
    True

    Raises
    ------
    InputError
        If there is something in the folder.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        fix = "Name a folder that is not there yet, or an empty one."
        _refuse(f"CANNOT MAKE a workspace in {folder}", "There is something in it.", fix)
    facts = programme_folder()
    for below in ("data", "work"):
        (folder / below).mkdir(parents=True, exist_ok=True)
    private = folder / "data" / "private"
    private.mkdir(mode=0o700)
    shutil.copytree(facts, folder / "data" / "programme", ignore=shutil.ignore_patterns(".*", "~$*"))
    (folder / SETTINGS).write_text(BEGINNING, encoding="utf-8")
    (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    shutil.copyfile(workbook_root() / EXAMPLE, private / EXAMPLE.name)
    copies = make_copies(folder)
    return [
        f"Made {folder / SETTINGS}: the settings.",
        f"Made {folder / 'data' / 'programme'}: the programme's facts, to check and edit.",
        f"Made {folder / 'data' / 'private'}: put your data here; only you can open it.",
        f"Made {private / EXAMPLE.name}: a pattern of the plan of an impact evaluation, to change.",
        f"Made {len(copies)} copies of the notebooks in {folder / 'work'}.",
        f"Next: cd {folder}, then ci-eval new-period 2023-24",
    ]


def new_period(
    name: str, settings: Path, *, starts: date | None = None, ends: date | None = None, survey: bool = True
) -> list[str]:
    """Add a period to a settings file, whose other lines stay as they are; gives what to do next, a line each.

    Without `starts`, a period begins on the day after the last one, or on 1 July of the year that opens its name;
    without `ends` it lasts a year. Without `survey` none is declared, as an evaluation of impact needs none.

    Raises
    ------
    InputError
        If the name cannot name a period, is there already, or the days cannot be worked out or overlap others.
    """
    headline = f"CANNOT ADD the period {name!r}: nothing was changed"
    text = settings.read_text(encoding="utf-8")
    declared = tomllib.loads(text).get("periods") or {}
    if not PERIOD_NAME.fullmatch(name):
        _refuse(headline, "The name cannot name a folder.", "Use letters, figures and hyphens: 2023-24.")
    if name in declared:
        _refuse(headline, f"{settings.name} has it already.", "Edit its table there.")
    starts = starts or _day_after(declared) or _first_of_july(name, headline)
    ends = ends or _a_year_on(starts) - timedelta(days=1)
    table = (PERIOD + SURVEY * survey).format(
        name=name, starts=starts, ends=ends, due=ends + timedelta(days=60)
    )
    aside = settings.with_name(f".{settings.name}.new")
    aside.write_text(f"{text.rstrip()}\n{table}", encoding="utf-8")
    try:
        load(aside)
    except InputError as error:
        own = [replace(one, where=one.where.replace(aside.name, settings.name)) for one in error.problems]
        raise InputError(headline, own) from error
    else:
        aside.replace(settings)
    finally:
        aside.unlink(missing_ok=True)
    _write_assurance(settings.parent / "private" / f"assurance_{name}.toml")
    missing = [problem.message for problem in load(settings).period(name).absent]
    return [
        f"Added {name}, {starts} to {ends}, to {settings}. Correct what is not so.",
        *(f"Missing: {message} It is the export of the survey tool, as it came." for message in missing),
        f"Made private/assurance_{name}.toml: fill it before release (docs/assurance.md).",
        "Hosts: enter those of the period in programme/register.csv; the README beside it explains the columns.",
        "Next: ci-eval check says what else is missing or wrong.",
        f"Then: ci-eval run --period {name}{'' if survey else ' --notebook impact_plan'}",
    ]


def _write_assurance(file: Path) -> None:
    """The file to fill, for its owner's eyes only; one that is there stays."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(TEMPLATE, encoding="utf-8")


def _day_after(declared: dict[str, dict[str, date]]) -> date | None:
    ends = [one["ends"] for one in declared.values() if isinstance(one.get("ends"), date)]
    return max(ends) + timedelta(days=1) if ends else None


def _first_of_july(name: str, headline: str) -> date:
    year = name[:4]
    if not (len(year) == 4 and year.isascii() and year.isdigit() and int(year)):
        _refuse(headline, "Its first day is not known.", "Give --starts and --ends, such as 2023-07-01.")
    return date(int(year), 7, 1)


def _a_year_on(day: date) -> date:
    """The same day a year later; 28 February for a leap day."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _refuse(headline: str, message: str, fix: str) -> None:
    refuse(headline, "workspace", message, fix=fix)
