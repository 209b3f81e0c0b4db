"""How far each group of respondents agreed with each statement, and whether groups differ.

Methods: docs/methods.md A8. A cell that may not be shown enters no comparison on either side, so that nothing tested
could give it away. Of two groups there is one comparison; of more, each group has its own.
"""

import numpy as np
import pandas as pd

from ci_eval.agreement import holm, interval, share, superiority, word
from ci_eval.agreement.answer_counts import NOT_STATED
from ci_eval.evidence.period_survey import Survey, answered
from ci_eval.report import disclosure, sentences

GROUPINGS = {"organisation": "organisation", "role": "job role", "mode": "how the engagement was undertaken"}
EVIDENCE = 0.05  # of the p-values adjusted by Holm's method
MORE, LESS, NONE, NOT_TESTED = "more agreement", "less agreement", "none", "not tested"
COMPARED = ("others", "superiority", "superiority_low", "superiority_high", "p", "p_holm", "p_all")


def reading(p: float, superiority: float, more: str = MORE, less: str = LESS, none: str = NONE) -> str:
    """What an adjusted p allows to be said; "" where nothing was compared."""
    if np.isnan(p):
        return ""
    if p >= EVIDENCE:
        return none
    return more if superiority > 0.5 else less


def agreement_by_group(survey: Survey, smallest: int, level: float = 0.95) -> pd.DataFrame:
    """A row a grouping, statement and group; the columns are those of `Evidence.groups`.

    Groupings with fewer than two groups that may be shown have no row: `attrs["without"]` holds a note on each.
    """
    blocks, notes, without = [], {}, {}
    everybody = pd.Series(
        share(survey.counts.agreeing[:, 0], survey.counts.answered[:, 0]), index=survey.counts.statements
    )
    for grouping in GROUPINGS:
        cells, note = shares_by(survey, grouping, smallest, level)
        if cells["group"].nunique() < 2:
            without[grouping] = note
            continue
        notes[grouping] = note
        tested = compared_groups(survey, grouping, cells, level)
        cells = cells.merge(tested, on=["code", "group"], how="left", validate="one_to_one", sort=False)
        cells["evidence"] = [
            NOT_TESTED if np.isnan(others) else reading(p, above)
            for p, above, others in zip(cells["p_holm"], cells["superiority"], cells["others"], strict=True)
        ]
        cells["test"] = cells["test"].fillna("")
        cells["word"] = word(
            *(cells[name].fillna(0).astype(int) for name in ("agreeing", "answered")), bands=survey.bands
        )
        cells.insert(0, "grouping", grouping)
        blocks.append(cells.assign(everybody=cells["code"].map(everybody)))
    frame = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()
    frame.attrs = {"groupings": dict(GROUPINGS), "notes": notes, "without": without}
    return frame


def shares_by(survey: Survey, grouping: str, smallest: int, level: float = 0.95) -> tuple[pd.DataFrame, str]:
    """A row a statement and group: code, statement, group, answered, agreeing, share, low, high; and a note.

    A cell of fewer people than the smallest group is masked (NaN), and another where the first could be worked out
    from the total. Groups masked for every statement are left out and counted in the note. Those who did not say
    which group is theirs are no group: they are not shown, and as nobody can tell who they are, no other group is
    masked to protect them. The interval is exact where the number asked of the group is known, else Wilson's.
    """
    counted = survey.counts_by(grouping)
    agreeing, people = counted.agreeing, counted.answered
    asked = np.array([float(survey.asked_by.get(group, np.nan)) for group in counted.groups])
    low, high = interval(agreeing, people, np.where(asked >= people, asked, np.nan), level)
    statements = survey.questionnaire.statements
    frame = pd.DataFrame(
        {
            "code": np.repeat([one.code for one in statements], len(counted.groups)),
            "statement": np.repeat([one.text for one in statements], len(counted.groups)),
            "group": [str(group).strip() or NOT_STATED for group in counted.groups] * len(statements),
            "answered": people.ravel(),
            "agreeing": agreeing.ravel(),
            "share": share(agreeing, people).ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
        }
    )
    frame = frame[frame["group"] != NOT_STATED].reset_index(drop=True)
    masked = disclosure.mask(
        frame,
        count="answered",
        values=("agreeing", "share", "low", "high"),
        by=("code",),
        threshold=smallest,
    ).frame.drop(columns="masked")
    seen = (masked["answered"] > 0).groupby(masked["group"], sort=False).any()
    people_in = frame.groupby("group", sort=False)["answered"].max()
    kept = masked[masked["group"].isin(seen.index[seen])].reset_index(drop=True)
    hidden = int((~seen & (people_in > 0)).sum())
    return kept, _note(int((~answered(survey.frame[grouping])).sum()), hidden, smallest)


def _note(unsaid: int, hidden: int, smallest: int) -> str:
    parts = []
    if unsaid:
        who = sentences.opening(sentences.count(unsaid, "respondent"))
        parts.append(f"{who} did not say and are left out.")
    if hidden:
        parts.append(
            f"{sentences.opening(sentences.count(hidden, 'group'))} not shown: fewer than {smallest} people answered, "
            "or a smaller group could be worked out from it."
        )
    return " ".join(parts)


def compared_groups(survey: Survey, grouping: str, cells: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """A row a group and statement with people on both sides: the group beside the other groups shown.

    `cells` are those of `shares_by`. Columns: code, group, `COMPARED`, test. `superiority` is the chance that a
    person of the group agrees more than one of the `others` (people), equal answers counting half; `p_holm` is
    adjusted within the statements of one group, `p_all` within all comparisons of the grouping.
    """
    counted = survey.counts_by(grouping)
    place = {str(group).strip(): number for number, group in enumerate(counted.groups)}
    codes, names = list(counted.statements), list(dict.fromkeys(cells["group"]))
    unmasked = cells[cells["share"].notna()]
    seen = np.zeros((len(codes), len(names)), dtype=bool)
    seen[
        [codes.index(code) for code in unmasked["code"]], [names.index(name) for name in unmasked["group"]]
    ] = True
    own = counted.on_scale[:, [place[name] for name in names], ::-1] * seen[:, :, None]
    everybody = own.sum(axis=1, keepdims=True)
    both = (own.sum(axis=-1) > 0) & ((everybody - own).sum(axis=-1) > 0)
    rows = []
    for number in range(
        1 if len(names) == 2 else len(names)
    ):  # of two groups the second is the first's mirror
        use = np.flatnonzero(both[:, number])
        first, second = (everybody[:, 0] - own[:, number])[use], own[use, number]
        compared = superiority(first, second, level)
        rows.append(
            pd.DataFrame(
                {
                    "code": [codes[row] for row in use],
                    "group": names[number],
                    "others": first.sum(axis=-1),
                    "superiority": compared.estimate,
                    "superiority_low": compared.low,
                    "superiority_high": compared.high,
                    "p": compared.p,
                    "p_holm": holm(compared.p),
                    "test": compared.test,
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    return table.assign(p_all=holm(table["p"]))
