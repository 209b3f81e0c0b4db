"""What became of the recommendations and the questions: from the register's record of engagements, else as entered.

A recommendation with criteria is met where every engagement of the period meets every criterion. What is not recorded is
counted apart and never taken for a no; a limit that nobody agreed decides nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ci_eval.programme import Register
from ci_eval.programme.engagement_facts import FREE, NUMBERS, READERS, YES_NO
from ci_eval.programme.follow_up import LIMITED
from ci_eval.report import sentences
from ci_eval.settings.evaluator_file import Limits

Row = Mapping[Any, Any]
Span = tuple[date, date]  # first and last day of a review period
MET, PARTLY, NOT_MET = "met", "partly met", "not met"
SO_FAR = " where recorded"
UNITS = {
    "team_size": ("person", "people"),
    "report_weeks": ("week", "weeks"),
    "schools": ("school", "schools"),
}
THINGS = {"team_size": "team", "report_weeks": "report"}
NOTHING = "No evidence was collected in this period."


def engagements_to(register: Register, span: Span, limits: Limits | None) -> pd.DataFrame:
    """A row an engagement that took place by the end of the period; the columns are those of `Evidence.engagements`."""
    starts, ends = span
    rows = []
    for entry in register.entries:
        if entry.begun_by(ends) != "yes":
            continue
        facts = register.facts.get(entry.engagement, {})
        row: dict[str, Any] = {
            "engagement": entry.engagement,
            "hosts": register.names(entry),
            "when": entry.when,
        }
        # Where a day is known roughly, the engagement is of the period by whose end it had begun for certain.
        row |= {"in_period": entry.latest >= starts, "mode": entry.mode}
        row |= {name: float(facts[name]) if facts.get(name) else float("nan") for name in NUMBERS}
        row |= {name: facts.get(name, "") for name in (*YES_NO, READERS, *FREE)}
        for name in LIMITED:
            known = limits is not None and row[name] == row[name]
            meets = limits.meets(name, float(row[name])) if known and limits is not None else None
            row[f"{name}_met"] = "" if meets is None else "yes" if meets else "no"
        rows.append(row)
    columns = ["engagement", "hosts", "when", "in_period", "mode", *NUMBERS, *YES_NO, READERS, *FREE]
    frame = pd.DataFrame(rows, columns=[*columns, *(f"{name}_met" for name in LIMITED)])
    frame["in_period"] = frame["in_period"].astype(bool)
    frame.attrs = {
        "limits": {
            "team_size": (limits.team_size_least, limits.team_size_most) if limits else (None, None),
            "report_weeks": (None, limits.report_weeks_most) if limits else (None, None),
        },
        "limits_source": limits.source if limits else "",
    }
    return frame


def recommendations_followed(
    recommended: pd.DataFrame, progress: pd.DataFrame, now: pd.DataFrame, before: pd.DataFrame, days: Span
) -> pd.DataFrame:
    """A row a recommendation; the columns are those of `Evidence.recommendations`.

    `now` and `before` are the engagements of the period and of the one before; `days` the last day of each, the
    earlier first.
    """
    rows = []
    for item in recommended.to_dict("records"):
        criteria = item["criteria"]
        yes, no, blank = _answers(now, criteria)
        entered = _entered(progress, item["key"], days)
        if yes + no:
            status, movement = _status(yes, no, blank), _movement(*_answers(before, criteria)[:2])
            rows.append(item | entered | {"status": status, "as_at": "", "movement": movement})
        else:
            rows.append(item | entered)
        derived = _derived_evidence(now, criteria, (yes, no, blank))
        rows[-1]["evidence"] = derived or entered["evidence"]
    columns = [
        "key",
        "name",
        "recommendation",
        "owner",
        "status",
        "as_at",
        "movement",
        "evidence",
        "next_step",
        "source",
    ]
    return pd.DataFrame(rows, columns=columns)


def _answers(engagements: pd.DataFrame, criteria: Sequence[str]) -> tuple[int, int, int]:
    """How many checks of engagements by criteria are met, are not met, and are not recorded."""
    columns = [f"{name}_met" if name in LIMITED else name for name in criteria]
    given = [str(value) for name in columns for value in engagements[name]]
    return given.count("yes"), given.count("no"), given.count("")


def _status(yes: int, no: int, blank: int) -> str:
    if yes and no:
        return PARTLY
    return (MET if yes else NOT_MET) + (SO_FAR if blank else "")


def _movement(yes: int, no: int) -> str:
    """The checks met before; "" where nothing was recorded before."""
    return f"{yes} of {yes + no} met" if yes + no else ""


def _derived_evidence(
    engagements: pd.DataFrame, criteria: Sequence[str], counts: tuple[int, int, int]
) -> str:
    yes, no, blank = counts
    parts = []
    if yes + no:
        what = THINGS.get(criteria[0], "engagement") if len(criteria) == 1 else "check"
        of = f"{yes} of {yes + no} {what}{'' if yes + no == 1 else 's'}"
        parts.append(of + (f", {blank} not recorded" if blank else ""))
    if len(criteria) == 1 and criteria[0] in LIMITED:
        parts += [range_of(engagements, criteria[0])] if engagements[criteria[0]].notna().any() else []
        least, most = engagements.attrs["limits"][criteria[0]]
        parts.append(limit_in_words(criteria[0], least, most) if least or most else "no limit is agreed")
    text = "; ".join(parts) if yes + no or len(parts) > 1 else ""
    return f"{sentences.opening(text)}." if text else ""


def range_of(engagements: pd.DataFrame, name: str) -> str:
    """The least and the most of a number that the register records: ``6 to 19 people``."""
    given = engagements[name].dropna()
    low, high = int(given.min()), int(given.max())
    unit = UNITS[name][high != 1]
    return f"{low} to {high} {unit}" if low < high else f"{low} {unit}"


def limit_in_words(name: str, least: int | None, most: int | None) -> str:
    """``agreed: 6 to 12 people``."""
    unit = UNITS[name][(most or least) != 1]
    if least and most:
        return f"agreed: {least} to {most} {unit}"
    return f"agreed: {f'at least {least}' if least else f'at most {most}'} {unit}"


def _entered(progress: pd.DataFrame, key: str, days: Span) -> dict[str, str]:
    """What a person recorded last by the end of the period, and what had been recorded by the end of the one before."""
    own = progress[progress["key"] == key]
    before, now = (own[[day <= end for day in own["as_at_day"]]].tail(1).to_dict("records") for end in days)
    if not now:
        return dict.fromkeys(("status", "as_at", "movement", "evidence", "next_step"), "")
    kept = {name: str(now[0][name]) for name in ("status", "as_at", "evidence", "next_step")}
    return kept | {"movement": str(before[0]["status"]) if before else ""}


def questions_followed(
    questions: pd.DataFrame,
    progress: pd.DataFrame,
    days: Span,
    engagements: pd.DataFrame,
    hosts: pd.DataFrame,
    answers: Mapping[str, pd.DataFrame],
    in_words: Callable[[str], str],
) -> pd.DataFrame:
    """A row a question; the columns are those of `Evidence.questions`.

    `answers` holds the frames ``themes``, ``focus`` and ``judgements`` of the evidence; `in_words` gives a
    statement's share in words.
    """
    rows = []
    for item in questions.to_dict("records"):
        entered = _entered(progress, item["key"], days)
        texts = [_one_evidence(kind, engagements, hosts, answers, in_words) for kind in item["evidence"]]
        blank = [kind for kind in item["evidence"] if kind in FREE and not (engagements[kind] != "").any()]
        if blank and any(texts):
            texts.append(f"The register records no {sentences.listed(blank, 'or')}.")
        texts = list(filter(None, [*texts, entered["evidence"]]))
        rows.append(item | entered | {"evidence": " ".join(texts) or NOTHING})
    return pd.DataFrame(
        rows,
        columns=["key", "name", "question", "evidence", "needed", "status", "as_at", "next_step", "source"],
    )


def _one_evidence(
    kind: str,
    engagements: pd.DataFrame,
    hosts: pd.DataFrame,
    answers: Mapping[str, pd.DataFrame],
    in_words: Callable[[str], str],
) -> str:
    """What one kind of evidence gives, as a sentence; "" where there is none."""
    what, _, which = kind.partition(": ")
    recorded = engagements[kind] if kind in engagements else pd.Series(dtype=object)
    recorded = recorded[(recorded != "") & recorded.notna()]
    of = f"of {len(engagements)} engagement{'' if len(engagements) == 1 else 's'}"
    if what == "hosts":
        return f"{int((hosts['hosted'] == 'yes').sum())} of {len(hosts)} authorities had hosted."
    if what == "focus":
        named = len(answers["focus"])
        return f"Respondents named {sentences.count(named, 'area')} of focus." if named else ""
    if what == "statement":
        text = in_words(which)
        return f"{text}." if text else ""
    if what == "theme" and not answers["themes"].empty:
        rows = answers["themes"][answers["themes"]["key"] == which].head(1).to_dict("records")
        return "".join(f"{row['people']} of {row['of']} who commented {row['reported']}." for row in rows)
    if what == "judgement":
        own = (answers["judgements"]["subject"] == which).any()
        return f"The evaluator’s own judgement on {which} stands below." if own else ""
    if what in UNITS and len(recorded):
        return (
            f"{sentences.opening(range_of(engagements, what))} an engagement ({len(recorded)} {of} recorded)."
        )
    if what in (*FREE, "mode") and len(recorded):
        verb = "are" if what.endswith("s") else "is"
        return f"The {what} {verb} recorded for {len(recorded)} {of}."
    return ""
