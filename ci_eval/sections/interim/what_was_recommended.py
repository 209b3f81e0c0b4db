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


def words(items: "pd.DataFrame") -> Sentence:
    """Each by its short name, with its status where one is recorded."""
    if items.empty:
        return Sentence(f"{_key(items)}-standing", f"No {items.attrs['noun']} is followed.")
    by_status: dict[str, list[str]] = {}
    for row in items.to_dict("records"):
        when = f" ({row['as_at']})" if row["status"] else ""
        by_status.setdefault(row["status"], []).append(row["key"].replace("-", " ") + when)
    blank = by_status.pop("", [])
    parts = [f"{status}: {sentences.listed(names)}" for status, names in by_status.items()]
    text = sentences.opening(sentences.count(len(items), items.attrs["noun"]))
    text += f" {'is' if len(items) == 1 else 'are'} followed from period to period. "
    if parts:
        text += f"{sentences.opening('; '.join(parts))}. " + (
            f"Not recorded: {sentences.listed(blank)}." if blank else ""
        )
    else:
        text += f"No record says where they are now: {sentences.listed(blank)}."
    numbers = {"listed": len(items), "recorded": len(items) - len(blank)}
    return Sentence(f"{_key(items)}-standing", text.strip(), numbers)


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
        note="" if recorded else "No record says where they are now.",
        source=sentences.listed(sorted(set(items["source"]))),
    )


def _key(items: "pd.DataFrame") -> str:
    return str(items.attrs["file"]).removesuffix(".csv").replace("_", "-")
