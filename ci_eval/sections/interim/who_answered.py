"""Who answered, out of how many? Responses and response rates, by each grouping of the questionnaire."""

import pandas as pd

from ci_eval.report import figures, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.wording import missing, nothing_in

ORGANISATION = "organisation"


def words(respondents: pd.DataFrame) -> list[Sentence]:
    """How many answered, out of how many asked; `respondents` as `Evidence.respondents` gives it."""
    if nothing_in(respondents) and "missing" in respondents.attrs:
        return missing(respondents, "respondents-missing")
    if respondents.attrs["named"].get(ORGANISATION, 1):
        return [received(respondents)]
    text = f"The survey of {respondents.attrs['period']} did not ask for the organisation."
    if ORGANISATION not in respondents.attrs["not_asked"]:
        text = "No respondent named an organisation."
    return [received(respondents), Sentence("organisation-unsaid", text, source=respondents.attrs["source"])]


def received(respondents: pd.DataFrame) -> Sentence:
    """Responses and the response rate."""
    about = respondents.attrs
    people, asked, left_out = about["received"], about["asked"], about["left_out"]
    numbers: dict[str, object] = {
        "responses": people,
        "rows_in_the_export": about["rows_in"],
        "left_out": sum(left_out.values()),
        "asked": asked,
    }
    if asked is None:
        text = (
            f"{people:,} people answered. How many were asked is not recorded, so there is no response rate, and "
            "intervals treat those asked as a population without end."
        )
    else:
        rate = sentences.percent(people, asked, bands=about["bands"])
        numbers["response_rate"] = people / asked
        text = f"{people:,} of the {asked:,} people asked answered, a response rate of {rate}." + (
            " Those who answered may differ from those who did not." if people < asked else ""
        )
    if left_out:
        rows = sentences.opening(sentences.count(sum(left_out.values()), "row"))
        text += f" {rows} of the export left out: "
        text += sentences.listed(f"{reason} {n:,}" for reason, n in left_out.items()) + "."
    return Sentence("received", text, numbers, source=about["source"], level="key")


def chart(respondents: pd.DataFrame, by: str = "organisation") -> Figure | None:
    """Bars of responses by `by`, the code of a grouping; None where nobody said."""
    rows = _of(respondents, by)
    if rows.empty:
        return None
    labels, people = list(rows["answer"]), rows["responses"].to_numpy(dtype=float)
    named, noun = respondents.attrs["named"][by], respondents.attrs["groupings"][by]
    largest = int(people.argmax())
    most = sentences.percent(int(people[largest]), named, bands=respondents.attrs["bands"])
    return Figure(
        f"responses-by-{by}",
        f"{labels[largest]}: {most} of those who named their {noun}",
        lambda ax: figures.bars(ax, labels, people, named),
        alt=(
            f"Bars of the {named:,} respondents who named their {noun}, in "
            f"{sentences.count(len(labels), 'group')}; {labels[largest]}: {int(people[largest]):,}."
        ),
        frame=rows,
        size=figures.bars_size(labels),
        note=_note(respondents, by),
        source=respondents.attrs["source"],
        columns=(
            Column("answer", respondents.attrs["questions"][by]),
            Column("responses", "Responses", "count"),
            Column("share", "Share of those who said", "percent"),
        ),
        bands=respondents.attrs["bands"],
    )


def table(respondents: pd.DataFrame) -> list[Table]:
    """A table for each grouping that enough people named."""
    groupings = respondents.attrs.get("groupings", ())
    return [_table(respondents, by) for by in groupings if not _of(respondents, by).empty]


def _table(respondents: pd.DataFrame, by: str) -> Table:
    rows = _of(respondents, by)
    columns = [
        Column("answer", respondents.attrs["questions"][by]),
        Column("responses", "Responses", "count"),
        Column("share", "Share of those who said", "percent"),
    ]
    if by == ORGANISATION:
        unknown = "how many were asked is not recorded, or smaller than the responses"
        columns += [
            Column("asked", "Asked", "count", blank="how many were asked is not recorded"),
            Column("rate", "Response rate", "percent", blank=unknown),
        ]
    return Table(
        f"respondents-by-{by}",
        respondents.attrs["titles"][by],
        rows,
        tuple(columns),
        note=_note(respondents, by),
        source=respondents.attrs["source"],
        bands=respondents.attrs["bands"],
    )


def _of(respondents: pd.DataFrame, by: str) -> pd.DataFrame:
    return respondents if nothing_in(respondents) else respondents[respondents["question"] == by]


def _note(respondents: pd.DataFrame, by: str) -> str:
    return str(respondents.attrs["notes"][by])
