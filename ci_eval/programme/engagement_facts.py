"""What may be recorded of an engagement beyond who, when and how: its team, its report, what its focus rests on.

These are optional columns of register.csv, or of a file of their own that the settings name; the register's own value
comes first. A blank is not recorded, never "no".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ci_eval.inputs.fact_tables import Row, read_rows
from ci_eval.inputs.problems import InputError, Problem

FREE = ("days", "fidelity", "cost")
NUMBERS = ("team_size", "schools", "report_weeks", "report_pages")
YES_NO = (
    "self_evaluation", "background_summary", "report_structure", "report_statistics", "action_plan",
    "outcomes_named", "elected_members",
)  # fmt: skip
READERS = "draft_seen_by"
FACTS = (*FREE, *NUMBERS, *YES_NO, READERS)
_WHOLE = re.compile(r"\d{1,4}", re.ASCII)
Facts = dict[str, dict[str, str]]  # engagement → column → text, "" where not recorded


def facts_of(rows: Iterable[Row], readers: Sequence[str]) -> tuple[Facts, list[Problem]]:
    """The facts of each row by its engagement, and every value that is not of its column's kind.

    `readers` are those who may see the draft of a report: bodies, so that no person is named.
    """
    facts, problems = {}, []
    for row in rows:
        facts[row["engagement"]] = {name: row[name] for name in FACTS}
        for name in NUMBERS:
            if row[name] and not _WHOLE.fullmatch(row[name]):
                fix = "write at most four digits, or leave it blank"
                problems.append(row.problem("bad-number", "This is not a whole number.", name, fix))
        for name in YES_NO:
            if row[name] not in ("", "yes", "no"):
                fix = "use yes, no, or a blank for not recorded"
                problems.append(row.problem("unknown-word", "This is neither yes nor no.", name, fix))
        if set(row.parts(READERS)) - set(readers):
            fix = f"use {', '.join(readers)}, parted by semicolons (draft_readers of programme.toml)"
            problems.append(
                row.problem("unknown-reader", "This is no known reader of a draft.", READERS, fix)
            )
    return facts, problems


def read_facts(
    file: Path, engagements: Mapping[str, object], themes: Sequence[str], readers: Sequence[str]
) -> Facts:
    """The facts of a file of their own, with ``focus``: a row an engagement, by the register's name of it.

    Raises
    ------
    InputError
        For an engagement that the register does not have, one with two rows, a focus that is no theme of the
        codebook, and every value that is not of its column's kind.
    """
    rows = read_rows(file, ("engagement",), key="engagement", filled=(), optional=("focus", *FACTS))
    facts, problems = facts_of(rows, readers)
    for row in rows:
        if row["engagement"] not in engagements:
            fix = "use the register's own name of the engagement"
            problems.append(row.problem("engagement", "It is not in the register.", "engagement", fix))
        if row["focus"] and row["focus"] not in themes:
            fix = "write a key of codebook.csv, or leave it blank"
            problems.append(row.problem("focus", "This is no theme of focus.", "focus", fix))
        facts[row["engagement"]]["focus"] = row["focus"]
    if problems:
        raise InputError(f"CANNOT USE {file.name}: nothing was loaded", problems)
    return facts


def merged(own: Facts, added: Facts) -> Facts:
    """The register's own facts, and where it has none those of the file.

    Examples
    --------
    >>> merged({"fife": {"days": "3", "cost": ""}}, {"fife": {"days": "4", "cost": "10"}})
    {'fife': {'days': '3', 'cost': '10'}}
    """
    return {
        name: added.get(name, {}) | {column: value for column, value in facts.items() if value}
        if name in added
        else facts
        for name, facts in own.items()
    }
