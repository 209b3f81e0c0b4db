"""Does the register agree with itself, and with the calendar?

A finding is PASS where it does, WARN where a person has to look, FAIL where an entry is wrong. What the published report
claims is checked by `ci_eval.programme.claims`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ci_eval.programme.approximate_dates import day_in_words, plain_day
from ci_eval.programme.register import Register

Result = Literal["PASS", "WARN", "FAIL"]
REGISTER = "register.csv"


@dataclass(frozen=True)
class Finding:
    """One check: its name, its result, what it says, and which file it is about or where its rule is written."""

    check: str
    result: Result
    message: str
    source: str = ""


def check(register: Register, *, day: date | None = None) -> list[Finding]:
    """Every comparison of the register, in a fixed order; engagements unconfirmed by `day` too, where it is given.

    Examples
    --------
    >>> from ci_eval.programme import load_register
    >>> check(load_register())[0].result
    'PASS'
    """
    stages = (_coverage(register), _report_flags(register), _overdue(register, day))
    return [finding for stage in stages for finding in stage]


def _coverage(register: Register) -> Iterator[Finding]:
    absent = [c.short_name for code, c in register.councils.by_code.items() if not register.of(code)]
    total = len(register.councils.by_code)
    if absent:
        message = (
            f"{len(absent)} of {total} authorities have no engagement in the register: {', '.join(absent)}."
        )
        yield Finding("register-covers-all", "WARN", message, REGISTER)
    else:
        message = f"All {total} authorities have an engagement in the register, dated or not."
        yield Finding("register-covers-all", "PASS", message, REGISTER)


def _report_flags(register: Register) -> Iterator[Finding]:
    wrong = [
        e.engagement for e in register.entries if e.report_published == "yes" and e.report_written == "no"
    ]
    if wrong:
        message = f"A report is published and yet not written: {', '.join(wrong)}."
        yield Finding("report-written-before-published", "FAIL", message, REGISTER)


def _overdue(register: Register, day: date | None) -> Iterator[Finding]:
    if day is None:
        return
    on = plain_day(day)
    late = [e for e in register.entries if e.latest <= on and e.status != "took place"]
    if late:
        named = "; ".join(f"{register.names(e)} ({e.when})" for e in late)
        message = f"By {day_in_words(on)} nobody had confirmed that these took place: {named}."
        yield Finding("planned-dates-confirmed", "WARN", message, REGISTER)
    else:
        message = f"No engagement due by {day_in_words(on)} lacks a confirmation."
        yield Finding("planned-dates-confirmed", "PASS", message, REGISTER)
