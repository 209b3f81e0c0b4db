"""Did those who answered late agree otherwise than those who answered early? (docs/methods.md A12)."""

import pandas as pd

from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import EVIDENCE, missing, of_each_scale, scale_of


@of_each_scale
def words(late: pd.DataFrame) -> list[Sentence]:
    """On how many statements the halves differ, in which direction; of `Evidence.early_and_late`."""
    if "missing" in late.attrs:
        return missing(late, "late-answers")
    if late.empty:
        text = (
            "Late and early answers cannot be compared: times are not known, or halves by time are too small."
        )
        return [Sentence("late-answers", text)]
    held = late[late["p_holm"] < EVIDENCE]
    less, more = int((held["superiority"] < 0.5).sum()), int((held["superiority"] > 0.5).sum())
    about = late.attrs
    numbers = {
        "early": about["early"],
        "late": about["late"],
        "less": less,
        "more": more,
        "statements": len(late),
    }
    text = (
        f"{about['early']:,} people answered early, up to {sentences.date(about['last'])}, and {about['late']:,} late. Late "
        f"answers show evidence of less {scale_of(late).measure} on {less or 'none'} and of more on {more or 'none'} of "
        f"{sentences.count(len(late), 'statement')}. "
    )
    widest = late.to_dict("records")[int(late["difference"].abs().to_numpy().argmax())]
    numbers |= {name: widest[name] for name in ("share_first", "share_second")}
    first, second = (formats.percent(widest[name], bands=()) for name in ("share_first", "share_second"))
    furthest = f"The shares are furthest apart on “{widest['statement']}”: {first} early, {second} late. "
    text += furthest if widest["difference"] else "Every share is the same in both. "
    text += "If late answers are like those never given, this hints at what the others would say; it proves nothing."
    return [Sentence("late-answers", text, numbers, source=about["source"])]


@of_each_scale
def table(late: pd.DataFrame) -> Table | None:
    """The share of each statement in the two halves."""
    if late.empty:
        return None
    return Table(
        "late-answers-table",
        f"Share who {scale_of(late).said}, early and late",
        late,
        (
            Column("statement", "Statement"),
            Column("share_first", "Earlier half", "percent"),
            Column("share_second", "Later half", "percent"),
            Column("difference", "Difference, percentage points", "points"),
            Column("superiority", f"Chance of more {scale_of(late).measure}, late", "number"),
            Column("p_holm", "p, adjusted", "number", decimals=3),
            Column("evidence", "Evidence of"),
        ),
        note=(
            "Halves by the moment of the answer. A statement with fewer than 20 answers in a half is left out. p is "
            "Brunner–Munzel’s, adjusted by Holm’s method for all statements here (docs/methods.md A8, A12)."
        ),
        source=late.attrs["source"],
        bands=(),
    )
