"""What is assumed of dates, in words: between which collections engagements fell, and how far off outcomes were.

Wording: docs/methods.md C4a. The numbers are those of `ci_eval.evidence.exposure_dates.dates`.
"""

from collections.abc import Mapping
from typing import Any

from ci_eval.report import sentences
from ci_eval.sections.impact.point_differences import signed


def clause(about: Mapping[str, Any]) -> str:
    """What has to be true of dates, after "if" or "that"; "" where nothing is assumed."""
    what = "the census" if about["census"] else "the collection ended"
    parts = [
        f"{'the engagement of one host' if hosts == 1 else f'the engagements of all {hosts} hosts'} fell after {what} "
        f"{_day(after, about)} and ended by that of {sentences.date(by)}"
        for hosts, after, by in about["assumed"]
    ]
    return sentences.listed(parts)


def _day(day: Any, about: Mapping[str, Any]) -> str:
    return f"{'of' if about['census'] else 'on'} {sentences.date(day)}"


def condition(about: Mapping[str, Any]) -> str:
    """The assumption as a sentence, the bounds without it, and how long after the engagement outcomes came."""
    assumed = clause(about)
    said = [f"The comparison holds if {assumed}, which the register leaves open."] if assumed else []
    said.append(bounds(about))
    if about["months"] is not None:
        fewest, most = about["months"]
        said.append(f"Outcomes were gathered {fewest} to {most} months after the engagement.")
    return " ".join(filter(None, said))


def bounds(about: Mapping[str, Any]) -> str:
    """Between which numbers the estimate lies whatever the dates were; "" where they are certain or outcomes are closed."""
    if about["bounds"] is None:
        return ""
    low, high = (signed(value) for value in about["bounds"])
    return (
        f"Over all dates that the register allows, the difference lies between {low} and {high} percentage points: bounds "
        "of the estimate, and no interval."
    )
