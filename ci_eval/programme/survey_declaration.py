"""What an evaluation declares about one survey export: the answers to what its loader cannot tell by itself.

Every question the loader cannot answer by itself (is 1 "Strongly agree"? is 03/04 in March or in April?)
names the setting that answers it. The settings are the table ``[periods."2021-22".survey]``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from ci_eval.inputs.files import Limits

DAY_FIRST, MONTH_FIRST = "day first", "month first"
DATE_ORDERS = (DAY_FIRST, MONTH_FIRST)
KEEP_FIRST = "keep first"
NOT_ANSWERED = "not answered"
NOT_USED = "not used"
_GIVEN: dict[str, Any] = {"given": True}  # no key of the settings: the period's own


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


def _no_codes() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({})


@dataclass(frozen=True)
class SurveySettings:
    """What is known of an export besides the file.

    The settings' keys are these fields (`ci_eval.inputs.toml_fields`).

    Attributes
    ----------
    period : the review period's name, used in messages only
    starts : first day of the review period, before which nobody can have answered about it; None does not look
    tool : the tool that wrote the export; "" detects it
    sheet : the workbook's sheet that holds the responses; "" finds it
    key : the key file that explains codes (two columns: heading or code, wording)
    date_order : ``"day first"``, ``"month first"``, or ``"not used"`` to load answers without dates; "" decides by the
        fieldwork, the tool and the dates themselves
    fieldwork : first and last day on which answers can have come in; decides between date orders
    headings : exported heading → code of the question, for headings that were reworded; or ``"not used"``
    codes : question code (or ``"statements"`` for all of them) → exported answer → the questionnaire's answer; under
        ``"completion"``, word of a column that says who finished → ``"finished"``, ``"not finished"``, ``"disqualified"``
        or ``"preview or test"``
    missing : mark in an answer's cell → ``"not answered"`` or one of the questionnaire's missing answers
    absent : codes of statements or questions known not to be in this export
    changed : codes of statements known to have been added or dropped while the survey ran
    keep_partials : whether unfinished responses count; None asks when there are any
    keep_previews : whether previews and tests count
    duplicates : ``"keep first"`` keeps the first of rows that are equal throughout; "" refuses them
    expected : number of responses the tool reports; None does not compare
    invented : whether the answers are invented
    smallest_group : groups of fewer people are not shown by themselves, nor is a text that fewer gave
    limits : see `Limits`
    """

    period: str = field(default="", metadata=_GIVEN)
    starts: date | None = field(default=None, metadata=_GIVEN)
    tool: str = ""
    sheet: str = ""
    key: Path | None = field(default=None, metadata={"later": True})
    date_order: Literal["", "day first", "month first", "not used"] = ""
    fieldwork: tuple[date, date] | None = None
    headings: Mapping[str, str] = field(default_factory=_nothing)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=_no_codes)
    missing: Mapping[str, str] = field(default_factory=_nothing)
    absent: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    keep_partials: bool | None = None
    keep_previews: bool = False
    duplicates: Literal["", "keep first"] = ""
    expected: int | None = field(default=None, metadata={"at_least": 0})
    invented: bool = field(default=False, metadata=_GIVEN)
    smallest_group: int = field(default=0, metadata=_GIVEN)
    limits: Limits = Limits()

    def table(self, *below: str) -> str:
        """The settings table's name as it is written in the file: ``[periods."2021-22".survey.codes]``."""
        return ".".join((f'[periods."{self.period or "…"}"', "survey", *below)) + "]"

    def fix(self, line: str, *below: str) -> str:
        """The words that say which line to add, and where."""
        return f"add {line} under {self.table(*below)}"
