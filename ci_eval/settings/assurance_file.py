"""Who answers for an analysis, what it takes for granted and how good it is: the file the team fills for each report.

Roles and the log of assumptions follow the AQuA Book, https://www.gov.uk/guidance/the-aqua-book (10 June 2025).
docs/assurance.md says how the rest of it is met.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ci_eval.inputs.problems import InputError, refuse
from ci_eval.inputs.toml_fields import filled
from ci_eval.inputs.toml_tables import Table, read
from ci_eval.settings.evaluator_file import PASSAGE, SENTENCE

ROLES = ("commissioner", "analyst", "assurer", "approver")
# `ci-eval new-period` writes it; "#" stands before everything that only the team can fill.
TEMPLATE = """\
# Who answers for this report. Fill every line, take the "# " away, and declare the file: docs/assurance.md.
# written_on = 2023-09-15
# quality = "How far the numbers can be relied on for the decision, in at most 700 characters."

# [roles]
# commissioner = "who asked for the analysis and will use it"
# analyst = "who made it"
# assurer = "who checked it, and did not make it"
# approver = "who signs it off"

# One table for each assumption:
# [[assumptions]]
# text = "What is taken for granted."
# basis = "Why, and who agreed it."
# if_wrong = "What would change in the report."
"""


@dataclass(frozen=True)
class Roles:
    """The four roles of the AQuA Book, each a name and an office; the assurer is not the analyst."""

    commissioner: str = field(metadata=SENTENCE)
    analyst: str = field(metadata=SENTENCE)
    assurer: str = field(metadata=SENTENCE)
    approver: str = field(metadata=SENTENCE)

    def __post_init__(self) -> None:
        if self.assurer.casefold() == self.analyst.casefold():
            raise ValueError(f"The assurer and the analyst are the same, {self.analyst!r}.")


@dataclass(frozen=True)
class Assumption:
    """What is taken for granted, why, and what would change if it is wrong."""

    text: str = field(metadata=SENTENCE)
    basis: str = field(metadata=SENTENCE)
    if_wrong: str = field(metadata=SENTENCE)


@dataclass(frozen=True)
class Assurance:
    """The assurance of one report.

    Attributes
    ----------
    written_on : the day of the statement
    quality : how far the numbers can be relied on for the decision
    roles : who asked for, made, checked and approved it
    assumptions : in the order of the file
    """

    written_on: date
    quality: str = field(metadata=PASSAGE)
    roles: Roles
    assumptions: tuple[Assumption, ...] = ()


def read_assurance(path: str | Path) -> Assurance:
    """Read and check the assurance of a report.

    Examples
    --------
    >>> from ci_eval.settings import load
    >>> read_assurance(load().period("2021-22").assurance).roles.assurer
    'A Checker (invented)'

    Raises
    ------
    InputError
        With every key that is unknown, missing, empty or too long, each with its line, and where the assurer is the
        analyst.
    """
    file = Path(path)
    values, lines = read(file)
    headline = f"CANNOT USE {file.name}: nothing was run"
    if not values:
        message = "Nothing is filled in: every line is a comment."
        fix = 'Fill each line, and take its "# " away.'
        refuse(headline, "assurance-empty", message, where=file.name, fix=fix)
    table = Table(values, file, lines)
    given = filled(table, Assurance)
    if given is None or table.problems:
        raise InputError(headline, table.problems)
    return given
