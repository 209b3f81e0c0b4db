"""What may be shown of small groups, so that no number leads to a person.

Rule: a group with fewer than a threshold of answers (five, unless the settings say otherwise) is masked; and
where what was masked could be worked out by taking the other groups from the total, the next smallest group
is masked with it. The Analysis Function calls these primary and secondary suppression
(https://analysisfunction.civilservice.gov.uk/policy-store/gss-disclosure-control-guidance-for-tables-produced-from-surveys/).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

THRESHOLD = 5
SHOWN, SMALL, PARTNER = "", "small", "partner"


@dataclass(frozen=True)
class Masked:
    """What may be shown.

    Attributes
    ----------
    frame : the rows given, in their order, masked values NaN; its new column ``masked`` holds the reason of
        each masked row and is empty for a row that is shown
    text : one or two sentences naming how many groups were masked and why; empty where none was
    small, partners : rows masked for their size, and rows masked to protect them
    """

    frame: "pd.DataFrame"
    text: str
    small: int
    partners: int


def masking(counts: "Sequence[int] | NDArray[np.int64]", threshold: int = THRESHOLD) -> list[str]:
    """Why each group of one total is masked: "" (it is shown), "small" or "partner".

    Parameters
    ----------
    counts : people in each group; the groups do not overlap and together are a total which is shown
    threshold : the least number of people that may be shown

    A group of nobody is shown: it holds no person, and masking it would protect none. Groups are masked, the
    smallest first, until those masked are two or more and together reach the threshold; otherwise the total
    less the groups shown would give them away. Among equals the first is masked.

    Raises
    ------
    ValueError
        If a count is negative or no whole number, or the threshold is below 1.
    """
    people = np.asarray(counts, dtype=float)
    if threshold < 1:
        raise ValueError(f"the smallest group that may be shown is 1, received {threshold}")
    if np.any(np.isnan(people)) or np.any(people < 0) or np.any(people != np.floor(people)):
        raise ValueError("counts of people are whole numbers, none below 0")
    reasons = np.where((people > 0) & (people < threshold), SMALL, SHOWN).tolist()
    for place in np.argsort(people, kind="stable").tolist():
        hidden = [n for n, reason in enumerate(reasons) if reason]
        if not hidden or (len(hidden) > 1 and people[hidden].sum() >= threshold):
            break
        if people[place] > 0 and not reasons[place]:
            reasons[place] = PARTNER
    return [str(reason) for reason in reasons]


def mask(
    frame: "pd.DataFrame",
    *,
    count: str,
    values: Sequence[str] = (),
    by: Sequence[str] = (),
    threshold: int = THRESHOLD,
    noun: str = "group",
) -> Masked:
    """Mask the small groups of a table of groups.

    Parameters
    ----------
    frame : one row a group, or one row a group and a value of `by` (such as the statement); never changed
    count : column of the number of people in the group, whole numbers
    values : columns that say something about these people, which become NaN with the count
    by : columns within which the groups make up one total
    threshold : the least number of people that may be shown
    noun : what a row is called in the text

    Raises
    ------
    ValueError
        As ``masking``, or if a column is not in the frame.
    """
    if absent := [name for name in (count, *values, *by) if name not in frame.columns]:
        raise ValueError(f"the table has no column {', '.join(absent)}")
    reasons = np.full(len(frame), SHOWN, dtype=object)
    blocks = (
        frame.groupby(list(by), sort=False, observed=True).indices.values() if by else [np.arange(len(frame))]
    )
    for places in blocks:
        reasons[places] = masking(frame[count].to_numpy()[places], threshold)
    hidden = reasons != SHOWN
    shown = frame.copy()
    for column in (count, *values):
        kept = shown[column].astype(float if shown[column].dtype.kind in "iufb" else object)
        shown[column] = kept.where(~hidden, np.nan)
    told = {SHOWN: "", SMALL: _small(threshold), PARTNER: "masked so that another group cannot be worked out"}
    shown["masked"] = [told[reason] for reason in reasons]
    small, partners = int((reasons == SMALL).sum()), int((reasons == PARTNER).sum())
    return Masked(shown, _text(small, partners, threshold, noun), small, partners)


def _small(threshold: int) -> str:
    return f"fewer than {threshold} people answered"


def _text(small: int, partners: int, threshold: int, noun: str) -> str:
    if not small:
        return ""
    text = f"{_number(small, noun)} not shown, because {_small(threshold)}."
    if partners:
        text += f" {_number(partners, f'further {noun}')} not shown, so that it cannot be worked out."
    return text


def _number(many: int, noun: str) -> str:
    return f"{many:,} {noun} is" if many == 1 else f"{many:,} {noun}s are"


def pooled(
    frame: "pd.DataFrame", label: str, count: str, threshold: int = THRESHOLD, name: str = "Other answers"
) -> "tuple[pd.DataFrame, str]":
    """Put the small rows of a table of answers together into one row at its end.

    Parameters
    ----------
    frame : one row an answer; only its columns `label` and `count` are kept; never changed
    label, count : column of the answer's text, and of the people who gave it
    threshold : the least number of people that may be shown
    name : what the row of pooled answers is called; the number of them is written after it

    Returns
    -------
    The table, and a sentence that says how many answers were put together ("" where none was). Where every
    answer together stays below the threshold there is one row with a count of NaN.
    """
    import pandas as pd

    reasons = np.asarray(masking(frame[count].to_numpy(), threshold), dtype=object)
    hidden = reasons != SHOWN
    kept = frame.loc[~hidden, [label, count]].reset_index(drop=True)
    if not hidden.any():
        return kept, ""
    together = int(frame.loc[hidden, count].sum())
    row = {
        label: f"{name}, {int(hidden.sum()):,} together",
        count: together if together >= threshold else np.nan,
    }
    table = pd.concat([kept, pd.DataFrame([row])], ignore_index=True)
    small, partners = int((reasons == SMALL).sum()), int((reasons == PARTNER).sum())
    text = f"{small:,} answer{'s' if small != 1 else ''} given by fewer than {threshold} people"
    text += f" and the next smallest {partners:,}" if partners else ""
    return (
        table,
        f"{text} {'are' if small + partners > 1 else 'is'} put together, so that nobody can be recognised.",
    )
