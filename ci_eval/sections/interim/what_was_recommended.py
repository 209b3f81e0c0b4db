"""What was recommended, and where is it now? And the questions left to the Strategic Group."""

from typing import TYPE_CHECKING

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

NOT_RECORDED = "not recorded"
STANDING = (
    Column("status", "Status", blank=NOT_RECORDED),
    Column("as_at", "As at", blank=NOT_RECORDED),
    Column("evidence", "Evidence", blank=NOT_RECORDED),
    Column("next_step", "Next step", blank=NOT_RECORDED),
)


def words(items: "pd.DataFrame") -> list[Sentence]:
    """How many there are and what is recorded of them; of `Evidence.recommendations` or `Evidence.questions`."""
    noun, file = items.attrs["noun"], items.attrs["file"]
    recorded = int((items["status"] != "").sum())
    missing = len(items) - recorded
    text = f"{sentences.opening(sentences.count(len(items), noun))} to follow from period to period. "
    if missing:
        are = "it is" if recorded and missing == 1 else "they are"
        text += (
            f"Where {are} now is not recorded for {missing if recorded else 'any'} of them: fill the columns status, as_at, "
            f"evidence and next_step of data/programme/{file}."
        )
    else:
        counted = items["status"].value_counts()
        text += f"Status: {sentences.listed(f'{status} {n}' for status, n in counted.items())}."
    numbers = {"listed": len(items), "recorded": recorded}
    return [Sentence(f"{_key(items)}-standing", text, numbers)]


def table(items: "pd.DataFrame") -> Table | None:
    """Each with what is recorded of it, as at the period's end."""
    if items.empty:
        return None
    noun = sentences.opening(items.attrs["noun"])
    # four columns without a value would be read out cell by cell, and say what the sentence says
    recorded = any((items[column.name] != "").any() for column in STANDING)
    return Table(
        _key(items),
        f"{noun}s and where they are now" if recorded else f"{noun}s",
        items,
        (Column(items.attrs["noun"], noun), *(STANDING if recorded else ())),
        source=sentences.listed(sorted(set(items["source"]))),
    )


def _key(items: "pd.DataFrame") -> str:
    return str(items.attrs["file"]).removesuffix(".csv").replace("_", "-")
