"""Do the register, the questionnaire and the published claims agree with one another?

Every check compares two records of one thing; none knows what another should hold. A finding is PASS where the
records agree, WARN where a person has to reconcile them, FAIL where one of them is wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from ci_eval.programme.approximate_dates import bounds, day_in_words, month_in_words, plain_day
from ci_eval.programme.follow_up import COUNTED
from ci_eval.programme.questionnaire import Questionnaire
from ci_eval.programme.register import Register

if TYPE_CHECKING:
    import pandas as pd

Result = Literal["PASS", "WARN", "FAIL"]
Claim = dict[str, Any]
REGISTER = "register.csv"


@dataclass(frozen=True)
class Finding:
    """One comparison: its name, its result, the values compared, and where they come from."""

    check: str
    result: Result
    message: str
    source: str


def check(
    register: Register,
    questionnaire: Questionnaire,
    claims: "pd.DataFrame",
    least_shares: Mapping[str, Fraction],
    *,
    day: date | None = None,
    unsure: tuple[int, int] | None = None,
) -> list[Finding]:
    """Every comparison of the programme's records, in a fixed order.

    Examples
    --------
    >>> from ci_eval.programme import load_claims, load_questionnaire, load_register
    >>> check(load_register(), load_questionnaire(), load_claims(), {})[0].result
    'PASS'

    Parameters
    ----------
    claims : as `load_claims` gives them
    least_shares : each word for a proportion with the share that it begins above
    day : where given, engagements unconfirmed by that day are listed
    unsure : where given, how many respondents of a survey were unsure whether the host wrote and published a report,
        and how many answered; compared with the claims as one claim more
    """
    listed: list[Claim] = claims.to_dict("records")  # type: ignore[assignment]
    stages = (
        _coverage(register),
        _report_flags(register),
        _overdue(register, day),
        _plan(register, listed),
        _first(register, listed),
        _host_counts(register, listed),
        _same_subject(register, listed),
        _wording(questionnaire, listed),
        _proportions(listed, least_shares, unsure),
    )
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


def _plan(register: Register, claims: Sequence[Claim]) -> Iterator[Finding]:
    for claim in _about(claims, "authorities in the plan"):
        hosts = len({code for entry in register.entries for code in entry.hosts})
        message = f"{claim['claim']}: {claim['value']}; the register has {hosts}."
        yield Finding(
            "plan-authorities", _same(hosts, int(claim["value"])), message, _sources([claim], REGISTER)
        )
    first, last = _about(claims, "first year of the plan"), _about(claims, "last year of the plan")
    if not (first and last):
        return
    begin, end = int(first[0]["value"]), int(last[0]["value"])
    for claim in _about(claims, "length of the plan"):
        message = f"The plan is said to run {claim['value']} years, {begin} to {end}."
        yield Finding("plan-length", _same(end - begin, int(claim["value"])), message, _sources([claim]))
    outside = [e.engagement for e in register.entries if e.earliest.year < begin or e.latest.year > end]
    named = (
        f"engagements outside them: {', '.join(outside)}" if outside else "no engagement lies outside them"
    )
    message = f"The plan's years are {begin} to {end}; {named}."
    yield Finding("plan-years", "WARN" if outside else "PASS", message, _sources([*first, *last], REGISTER))


def _first(register: Register, claims: Sequence[Claim]) -> Iterator[Finding]:
    begun = [entry for entry in register.entries if entry.status == "took place"]
    for claim in _about(claims, "first engagement"):
        earliest, latest = bounds(claim["value"])
        possible = any(e.earliest <= latest and e.latest >= earliest for e in begun)
        sooner = [e.engagement for e in begun if e.latest < earliest]
        month = month_in_words(earliest)
        if possible and not sooner:
            message = f"An engagement of the register can have been the first, in {month}."
            yield Finding("first-engagement", "PASS", message, _sources([claim], REGISTER))
        else:
            detail = f"earlier: {', '.join(sooner)}" if sooner else "none of the register can have been then"
            message = f"The first engagement is said to have been in {month}; {detail}."
            yield Finding("first-engagement", "FAIL", message, _sources([claim], REGISTER))


def _host_counts(register: Register, claims: Sequence[Claim]) -> Iterator[Finding]:
    """A number of hosts must lie between those certain and those possible on its day."""
    for claim in _about(claims, "host authorities") + _about(claims, "online hosts"):
        online = claim["subject"] == "online hosts"
        certain, possible = _hosts_on(register, claim["as_at_day"], online)
        low, high, value = len(certain), len(possible), int(claim["value"])
        most = "" if low == high else f" and {high} at most"
        by = day_in_words(claim["as_at_day"])
        message = f"{claim['claim']}: {value}. By {by} the register has {low} for certain{most}."
        result: Result = "PASS" if low <= value <= high else "FAIL"
        yield Finding(f"claim-{_dashed(claim['key'])}", result, message, _sources([claim], REGISTER))


def _hosts_on(register: Register, day: date, online: bool) -> tuple[set[str], set[str]]:
    certain: set[str] = set()
    possible: set[str] = set()
    for entry in register.entries:
        begun = entry.begun_by(day)
        if begun == "yes" and (not online or entry.mode == "Online"):
            certain.update(entry.hosts)
        if begun != "no" and (not online or entry.mode in ("", "Online")):
            possible.update(entry.hosts)
    return certain, possible


def _same_subject(register: Register, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Two numbers for one thing have to be one number, or somebody has to say why not."""
    subjects = dict.fromkeys(claim["subject"] for claim in claims if claim["unit"] in COUNTED)
    for subject in subjects:
        numbers = [claim for claim in _about(claims, subject) if claim["unit"] in COUNTED]
        if len(numbers) < 2:
            continue
        name, listed = f"one-number-of-{_dashed(subject)}", "; ".join(map(_in_words, numbers))
        if len({(claim["value"], claim["unit"]) for claim in numbers}) == 1:
            yield Finding(
                name, "PASS", f"The number of {subject} is one number: {listed}.", _sources(numbers)
            )
            continue
        why = _between(register, subject, numbers)
        message = f"The number of {subject} differs within the report: {listed}.{why}"
        yield Finding(name, "WARN", message, _sources(numbers))


def _between(register: Register, subject: str, numbers: Sequence[Claim]) -> str:
    """Which engagements the register has between two days of a differing number of hosts."""
    if subject != "host authorities":
        return ""
    days = sorted(claim["as_at_day"] for claim in numbers)
    gained = [e for e in register.entries if e.begun_by(days[0]) == "no" and e.begun_by(days[-1]) == "yes"]
    named = ", ".join(f"{register.names(e)} ({e.when})" for e in gained)
    return f" The register has between the two: {named}." if named else " The register does not explain it."


def _wording(questionnaire: Questionnaire, claims: Sequence[Claim]) -> Iterator[Finding]:
    for claim in _about(claims, "statements"):
        statements = len(questionnaire.statements)
        message = f"{claim['claim']}: {claim['value']}; the questionnaire has {statements}."
        source = _sources([claim], "questionnaire.toml")
        yield Finding("questionnaire-statements", _same(statements, int(claim["value"])), message, source)


def _proportions(
    claims: Sequence[Claim], least_shares: Mapping[str, Fraction], unsure: tuple[int, int] | None
) -> Iterator[Finding]:
    """A thing said to be so by one share and not known to be so by another: together at most 100%."""
    words = [claim for claim in claims if claim["unit"] == "word"]
    for claim in words:
        if claim["value"] not in least_shares:
            message = f'{claim["claim"]}: "{claim["value"]}" is none of the words for proportions.'
            yield Finding("claim-words", "FAIL", message, _sources([claim], "proportion_words.csv"))
    for subject in dict.fromkeys(claim["subject"] for claim in words if claim["direction"]):
        sides = [c for c in _about(words, subject) if c["direction"] and c["value"] in least_shares]
        shares = [(c, least_shares[c["value"]]) for c in sides]
        if unsure is not None and unsure[1] > 0 and subject == "written report":
            survey = {"claim": "Respondents of this survey unsure of it", "direction": "against"}
            survey |= {"source": "survey", "value": f"{unsure[0]} of {unsure[1]}"}
            shares.append((survey, Fraction(*unsure)))
        yield from _contradictions(subject, shares)


def _contradictions(subject: str, shares: Sequence[tuple[Claim, Fraction]]) -> Iterator[Finding]:
    for_it = [pair for pair in shares if pair[0]["direction"] == "for"]
    against = [pair for pair in shares if pair[0]["direction"] == "against"]
    if not (for_it and against):
        return
    name = f"shares-of-{_dashed(subject)}"
    clashing = [c for c, low in for_it if low + max(share for _, share in against) > 1]
    if not clashing:
        message = f"What is said for and against a {subject} can be true together."
        yield Finding(name, "PASS", message, _sources([c for c, _ in shares]))
        return
    clashing += [c for c, low in against if low + max(share for _, share in for_it) > 1]
    listed = "; ".join(map(_in_words, clashing))
    message = f"Of the {subject} more is said to be so than respondents knew of: {listed}."
    yield Finding(name, "WARN", message, _sources(clashing))


def _about(claims: Sequence[Claim], subject: str) -> list[Claim]:
    return [claim for claim in claims if claim["subject"] == subject and claim["value"]]


def _in_words(claim: Claim) -> str:
    words = str(claim["claim"])
    return f"{words[:1].lower()}{words[1:]}: {claim['value']}"


def _same(recorded: int, claimed: int) -> Result:
    return "PASS" if recorded == claimed else "FAIL"


def _dashed(text: str) -> str:
    return text.replace(" ", "-").replace("_", "-")


def _sources(claims: Sequence[Claim], *others: str) -> str:
    return "; ".join(dict.fromkeys([*(claim["source"] for claim in claims), *others]))
