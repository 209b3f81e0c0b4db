"""What the published report asked for and left open, and what people have recorded of it since.

A recommendation whose `criteria` the register records gets its status from there, period by period
(`ci_eval.evidence.follow_up_frames`); for the others a person enters it in progress.csv, a row each time it changes.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval.inputs.fact_tables import Row, programme_folder, read_rows
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme.approximate_dates import bounds, is_date
from ci_eval.programme.engagement_facts import FREE, YES_NO

if TYPE_CHECKING:
    import pandas as pd

STATUSES = ("not started", "under way", "done", "not taken up")
LIMITED = ("team_size", "report_weeks")  # facts that are held against a limit which somebody agreed
CRITERIA = (*LIMITED, *YES_NO)
COUNTED = ("hosts", "focus", "mode", "schools", *LIMITED, *FREE)
WORDED = ("judgement", "theme", "statement")  # kinds of evidence that name which: theme: time
RECOMMENDATIONS = ("key", "name", "recommendation", "owner", "criteria", "source")
QUESTIONS = ("key", "name", "question", "evidence", "needed", "source")
PROGRESS = ("key", "as_at", "status", "evidence", "next_step", "source")


def load_recommendations(folder: Path | str | None = None) -> "pd.DataFrame":
    """The report's recommendations, one row each, in this workbook's words.

    Examples
    --------
    >>> load_recommendations().set_index("key").loc["teams", "criteria"]
    ('team_size',)

    key, name (a few words), recommendation, owner ("" where not known), criteria (a tuple of `CRITERIA`), source.

    Raises
    ------
    InputError
        For a criterion that is not known.
    """
    path = programme_folder(folder) / "recommendations.csv"
    rows = read_rows(path, RECOMMENDATIONS, key="key", filled=("name", "recommendation", "source"))
    return _with_lists(path, rows, RECOMMENDATIONS, "criteria", CRITERIA, ())


def load_strategic_questions(folder: Path | str | None = None) -> "pd.DataFrame":
    """The questions left to the Strategic Group, one row each, in this workbook's words.

    Examples
    --------
    >>> load_strategic_questions().set_index("key").loc["governance", "evidence"]
    ('judgement: governance',)

    key, name (a few words), question, evidence (a tuple of kinds: `COUNTED`, or one of `WORDED` and which), needed (what
    an answer would need), source.

    Raises
    ------
    InputError
        For a kind of evidence that is not known.
    """
    path = programme_folder(folder) / "strategic_questions.csv"
    rows = read_rows(path, QUESTIONS, key="key", filled=("name", "question", "needed", "source"))
    return _with_lists(path, rows, QUESTIONS, "evidence", COUNTED, WORDED)


def load_progress(folder: Path | str | None = None) -> "pd.DataFrame":
    """What people recorded of recommendations and questions, in order of time: `PROGRESS` and as_at_day.

    Examples
    --------
    >>> load_progress().columns.tolist()[:3]
    ['key', 'as_at', 'status']

    Raises
    ------
    InputError
        For a key of no recommendation or question, a status that is not one of `STATUSES`, or a date that is none.
    """
    import pandas as pd

    path = programme_folder(folder) / "progress.csv"
    filled = ("key", "as_at", "status", "source")
    rows = read_rows(path, PROGRESS, filled=filled, may_be_empty=True)
    keys = {*load_recommendations(folder)["key"], *load_strategic_questions(folder)["key"]}
    problems = [problem for row in rows for problem in _entry_problems(row, keys)]
    if problems:
        raise InputError(f"CANNOT USE {path.name}", problems)
    frame = pd.DataFrame([[row[column] for column in PROGRESS] for row in rows], columns=list(PROGRESS))
    frame["as_at_day"] = [bounds(text)[1] for text in frame["as_at"]]
    return frame.sort_values("as_at_day", kind="stable", ignore_index=True)


def _entry_problems(row: Row, keys: set[str]) -> list[Problem]:
    problems = []
    if row["key"] not in keys:
        fix = "write a key of recommendations.csv or strategic_questions.csv"
        problems.append(row.problem("unknown-key", "Nothing of this key is followed.", "key", fix))
    if row["status"] not in STATUSES:
        message = '"status" has a closed list of words.'
        problems.append(row.problem("unknown-word", message, "status", f"use {', '.join(STATUSES)}"))
    if not is_date(row["as_at"], bounds):
        fix = "write 2022, 2022-06 or 2022-06-30"
        problems.append(row.problem("bad-date", "This is not a year, month or day.", "as_at", fix))
    return problems


def _with_lists(
    path: Path,
    rows: tuple[Row, ...],
    columns: tuple[str, ...],
    listed: str,
    known: tuple[str, ...],
    worded: tuple[str, ...],
) -> "pd.DataFrame":
    """The rows as a frame, with the parts of the column `listed` as a tuple."""
    import pandas as pd

    problems = [
        row.problem(
            "unknown-word", f'"{part}" is not known here.', listed, f"use {', '.join((*known, *worded))}"
        )
        for row in rows
        for part in row.parts(listed)
        if part not in known and not (part.partition(": ")[0] in worded and part.partition(": ")[2])
    ]
    if problems:
        raise InputError(f"CANNOT USE {path.name}", problems)
    data = [[row.parts(name) if name == listed else row[name] for name in columns] for row in rows]
    return pd.DataFrame(data, columns=list(columns))
