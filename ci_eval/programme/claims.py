"""What the published report claims, and whether the programme's own records bear it out.

Each claim of claims.csv names its kind of check, one of `KINDS`. What a record cannot decide is "cannot be known", never
shared out between the other two. Claims about answers need a survey: `ci_eval.evidence.claim_frames` checks those.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from ci_eval.inputs.fact_tables import Row, programme_folder, read_rows
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme.approximate_dates import bounds, day_in_words, is_date, month_in_words
from ci_eval.programme.proportion_words import ProportionWord
from ci_eval.programme.questionnaire import Questionnaire
from ci_eval.programme.register import MODES, Register

if TYPE_CHECKING:
    import pandas as pd

Result = Literal["supported", "contradicted", "cannot be known"]
SUPPORTED: Final = "supported"
CONTRADICTED: Final = "contradicted"
UNKNOWN: Final = "cannot be known"
Claim = Mapping[str, Any]
COLUMNS = ("key", "claim", "where", "check", "about", "value", "period", "as_at", "against", "note", "source")
# Kind of check → what its value is.
KINDS = {
    "hosts": "number",  # authorities with an engagement by the day; about: a mode, or blank for all
    "authorities": "number",  # authorities in the register
    "first year": "number",  # no engagement begins before that year
    "last year": "number",  # no engagement ends after that year
    "years between": "number",  # about: the keys of two other claims, the first year and the last
    "first engagement": "month",
    "questions": "number",  # numbered questions of the questionnaire
    "statements": "number",  # its statements
    "report": "share",  # of engagements; about: report_written or report_published, of the register
    "statement": "share",  # who agreed; about: a statement's code, or each
    "answer": "share",  # about: a question's code and an answer, as published: Unsure
    "theme": "share",  # who raised it; about: the code of a question for comments, and a theme, as comment: time
}
OF_SURVEY = ("statement", "answer", "theme")
REPORTS = ("report_written", "report_published")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_EDGE = re.compile(r"at (least|most) (\d{1,3})%", re.ASCII)
_PAIR = re.compile(r"[\w-]+: .+")


@dataclass(frozen=True)
class Checked:
    """What a check came to, and the evidence in a sentence or two."""

    result: Result
    evidence: str


def load_claims(folder: Path | str | None = None) -> "pd.DataFrame":
    """What the report claims, one row a claim.

    Examples
    --------
    >>> load_claims().set_index("key").loc["plan-length", "value"]
    '3'

    Returns
    -------
    key, claim : the claim's name, and its words without its value
    where : the part of the report that holds it
    check, about : one of `KINDS`, and its argument
    value : text: a whole number, a month as 2021-06, a word for a proportion as published, or ``at least 80%``
    period : the review period whose survey it speaks of; "" where it speaks of no survey
    as_at, as_at_day : year, month or day the claim is of, and the last day of that (``datetime.date``)
    against : key of another claim with which it must fit; "" where there is none
    note, source

    Raises
    ------
    InputError
        With every kind, argument, value, date and key that does not fit.
    """
    rows = read_rows(
        programme_folder(folder) / "claims.csv",
        COLUMNS,
        key="key",
        filled=("claim", "where", "check", "value", "as_at", "source"),
    )
    keys = {row["key"] for row in rows}
    problems = [problem for row in rows for problem in _problems(row, keys)]
    if problems:
        raise InputError("CANNOT USE claims.csv", problems)
    import pandas as pd

    frame = pd.DataFrame([[row[column] for column in COLUMNS] for row in rows], columns=list(COLUMNS))
    frame.insert(COLUMNS.index("as_at") + 1, "as_at_day", [bounds(row["as_at"])[1] for row in rows])
    return frame


def _problems(row: Row, keys: set[str]) -> list[Problem]:
    kind, value, about = row["check"], row["value"], row["about"]
    if kind not in KINDS:
        return [row.problem("unknown-check", "There is no such check.", "check", f"use {', '.join(KINDS)}")]
    wrong = []
    if KINDS[kind] == "number" and not _NUMBER.fullmatch(value):
        fix = "write at most nine digits and nothing else"
        wrong.append(("bad-number", "This is not a whole number.", "value", fix))
    if KINDS[kind] == "month" and not (len(value) == 7 and is_date(value, bounds)):
        wrong.append(("bad-month", "This is not a month.", "value", "write it as 2021-06"))
    if not is_date(row["as_at"], bounds):
        wrong.append(
            ("bad-date", "This is not a year, month or day.", "as_at", "write 2022, 2022-06 or 2022-06-30")
        )
    fitting: dict[str, tuple[bool, str]] = {
        "hosts": (about in MODES, "write a mode of the register, or leave it blank"),
        "years between": (
            len(row.parts("about")) == 2 and set(row.parts("about")) <= keys,
            "name two claims",
        ),
        "report": (about in REPORTS, f"write {' or '.join(REPORTS)}"),
        "statement": (bool(about), "write a statement's code, or each"),
        "answer": (bool(_PAIR.fullmatch(about)), "write a question's code and an answer: published: Unsure"),
        "theme": (bool(_PAIR.fullmatch(about)), "write a question's code and a theme: comment: time"),
    }
    fits, fix = fitting.get(kind, (not about, "leave it blank"))
    if not fits:
        wrong.append(("bad-argument", f'The check "{kind}" cannot be made of this.', "about", fix))
    if bool(row["period"]) != (kind in OF_SURVEY):
        fix = "name the review period of a claim about answers, and of no other"
        wrong.append(("bad-period", "The period does not fit the check.", "period", fix))
    if row["against"] and (row["against"] not in keys or row["against"] == row["key"]):
        wrong.append(
            ("unknown-claim", "This is no other claim's key.", "against", "write a key, or leave it blank")
        )
    return [row.problem(*one) for one in wrong]


def expected(value: str, bands: Sequence[ProportionWord]) -> ProportionWord | None:
    """The shares that a claim's value stands for; None for a word that is none of the scale.

    Examples
    --------
    >>> expected("at least 80%", ()).above, expected("some", ())
    (Fraction(4, 5), None)
    """
    edge = _EDGE.fullmatch(value)
    if edge:
        share = Fraction(int(edge[2]), 100)
        low, high = (share, Fraction(1)) if edge[1] == "least" else (Fraction(0), share)
        return ProportionWord(value, low, True, high, True)
    return next((band for band in bands if band.word == value), None)


def of_bounds(band: ProportionWord, least: Fraction, most: Fraction) -> Result:
    """What is known of a claimed share that lies between two bounds.

    Examples
    --------
    >>> of_bounds(expected("at least 80%", ()), Fraction(7, 10), Fraction(9, 10))
    'cannot be known'
    """
    over = least >= band.above if band.above_included else least > band.above
    under = most <= band.up_to if band.up_to_included else most < band.up_to
    if over and under:
        return SUPPORTED
    above = least > band.up_to or (least == band.up_to and not band.up_to_included)
    below = most < band.above or (most == band.above and not band.above_included)
    return CONTRADICTED if above or below else UNKNOWN


def check_record(
    claim: Claim,
    register: Register,
    questionnaire: Questionnaire,
    bands: Sequence[ProportionWord],
    values: Mapping[str, str],
) -> Checked:
    """Check one claim by the register and the questionnaire; `values` holds every claim's value by its key.

    Raises
    ------
    KeyError
        For a claim whose check needs a survey (`OF_SURVEY`).
    """
    hosts = {code for entry in register.entries for code in entry.hosts}
    questions = len(questionnaire.questions) + bool(questionnaire.statements)
    statements = len(questionnaire.statements)
    checks: dict[str, Callable[[], Checked]] = {
        "hosts": lambda: _hosts(claim, register),
        "authorities": lambda: _counted(claim, len(hosts), "The register has {}."),
        "first year": lambda: _plan_year(claim, register),
        "last year": lambda: _plan_year(claim, register),
        "years between": lambda: _years(claim, values),
        "first engagement": lambda: _first(claim, register),
        "questions": lambda: _counted(claim, questions, "The questionnaire has {} numbered questions."),
        "statements": lambda: _counted(claim, statements, "The questionnaire has {} statements."),
        "report": lambda: _reports(claim, register, bands),
    }
    return checks[claim["check"]]()


def _counted(claim: Claim, number: int, evidence: str) -> Checked:
    return Checked(SUPPORTED if number == int(claim["value"]) else CONTRADICTED, evidence.format(number))


def _hosts(claim: Claim, register: Register) -> Checked:
    """A number of hosts lies between those certain and those possible on its day."""
    certain: set[str] = set()
    possible: set[str] = set()
    for entry in register.entries:
        begun = entry.begun_by(claim["as_at_day"])
        if begun == "yes" and claim["about"] in ("", entry.mode):
            certain.update(entry.hosts)
        if begun != "no" and (not claim["about"] or entry.mode in ("", claim["about"])):
            possible.update(entry.hosts)
    low, high, value = len(certain), len(possible), int(claim["value"])
    most = "" if low == high else f" and {high} at most"
    evidence = f"By {day_in_words(claim['as_at_day'])} the register has {low} for certain{most}."
    if not low <= value <= high:
        return Checked(CONTRADICTED, evidence)
    return Checked(SUPPORTED if low == high else UNKNOWN, evidence)


def _plan_year(claim: Claim, register: Register) -> Checked:
    year, first = int(claim["value"]), claim["check"] == "first year"
    outside = [
        register.names(e)
        for e in register.entries
        if (e.earliest.year < year if first else e.latest.year > year)
    ]
    side = "begins before it" if first else "ends after it"
    if outside:
        return Checked(CONTRADICTED, f"An engagement of the register {side}: {'; '.join(outside)}.")
    return Checked(SUPPORTED, f"No engagement of the register {side}.")


def _years(claim: Claim, values: Mapping[str, str]) -> Checked:
    first, last = (values[key.strip()] for key in claim["about"].split(";"))
    result: Result = SUPPORTED if int(last) - int(first) == int(claim["value"]) else CONTRADICTED
    return Checked(result, f"The years named are {first} and {last}.")


def _first(claim: Claim, register: Register) -> Checked:
    """Certain only where an engagement lies wholly within the month; one before it refutes the claim."""
    begins, ends = bounds(claim["value"])
    month = month_in_words(begins)
    begun = [entry for entry in register.entries if entry.status == "took place"]
    sooner = [register.names(entry) for entry in begun if entry.latest < begins]
    if sooner:
        return Checked(CONTRADICTED, f"The register has engagements before {month}: {'; '.join(sooner)}.")
    maybe_sooner = any(entry.earliest < begins for entry in begun)
    if not maybe_sooner and any(e.earliest >= begins and e.latest <= ends for e in begun):
        return Checked(SUPPORTED, f"The register dates an engagement to {month}, and none before.")
    if any(entry.earliest <= ends and entry.latest >= begins for entry in begun):
        text = f"An engagement can have begun in {month}; the register dates none to it for certain."
        return Checked(UNKNOWN, text)
    return Checked(CONTRADICTED, f"No engagement of the register can have begun in {month}.")


def _reports(claim: Claim, register: Register, bands: Sequence[ProportionWord]) -> Checked:
    """The share of engagements with a report lies between those recorded as yes and those not recorded as no."""
    begun = [entry for entry in register.entries if entry.begun_by(claim["as_at_day"]) == "yes"]
    answers = [getattr(entry, claim["about"]) for entry in begun]
    yes, no = answers.count("yes"), answers.count("no")
    evidence = (
        f"Of {len(begun)} engagements by {day_in_words(claim['as_at_day'])} the register has yes for {yes}, no for {no}, "
        f"and nothing for {len(begun) - yes - no}."
    )
    share = expected(claim["value"], bands)
    if share is None or not begun:
        return Checked(UNKNOWN, evidence)
    return Checked(
        of_bounds(share, Fraction(yes, len(begun)), Fraction(len(begun) - no, len(begun))), evidence
    )


def misfits(claims: Sequence[Claim], register: Register, bands: Sequence[ProportionWord]) -> dict[str, str]:
    """Claims that do not fit the claim they name under `against`, by key, each with that claim and what explains it.

    Two numbers of one thing are one number. The share of hosts with a report and the share of respondents who do not
    know of one are together at most the whole.
    """
    by_key, unfit = {claim["key"]: claim for claim in claims}, {}
    for claim in claims:
        other = by_key.get(claim["against"])
        if other is None:
            continue
        if KINDS[claim["check"]] == "number":
            if claim["value"] != other["value"]:
                unfit[claim["key"]] = f"{in_words(other)}.{_between(register, claim, other)}"
            continue
        shares = [expected(one["value"], bands) for one in (claim, other)]
        if all(shares) and sum(share.above for share in shares if share) > 1:
            why = "Fewer respondents can have known of a report than hosts are said to have one."
            unfit[claim["key"]] = f"{in_words(other)}. {why}"
    return unfit


def in_words(claim: Mapping[Any, Any]) -> str:
    """What was published, as the beginning of a sentence."""
    return f"“{claim['claim']}” is given as {claim['value']}"


def _between(register: Register, claim: Claim, other: Claim) -> str:
    """Which engagements the register has between two days of a differing number of hosts."""
    if claim["check"] != "hosts":
        return ""
    days: list[date] = sorted((claim["as_at_day"], other["as_at_day"]))
    gained = [e for e in register.entries if e.begun_by(days[0]) == "no" and e.begun_by(days[-1]) == "yes"]
    named = ", ".join(f"{register.names(e)} ({e.when})" for e in gained)
    return f" Between the two the register has {named}." if named else " The register does not explain it."
