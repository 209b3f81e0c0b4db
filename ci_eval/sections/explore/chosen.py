"""What is seen of a choice: how many people it holds, a chart of the statements and the table behind it."""

from typing import TYPE_CHECKING

from ci_eval.evidence.choices import Choice, Exploration
from ci_eval.report import figures, sentences
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

SORTS = {
    "": "the questionnaire’s order",
    "share": "share",
    "sureness": "sureness of the word",
    "consensus": "consensus",
}
BLANK = "nobody answered, or too few people to show"


def everybody(exploration: Exploration) -> list[Piece]:
    """The view of all respondents of the period, and why the engagement is no filter."""
    evidence = exploration.evidence
    if not evidence.reports_survey:
        return [Sentence.missing("explore-missing", *evidence.no_survey())]
    return [*view(exploration, Choice(evidence.period)), engagement()]


def engagement() -> Sentence:
    """Why nobody can be chosen by engagement."""
    return Sentence(
        "explore-engagement",
        "The survey does not record which engagement a respondent took part in, so people cannot be chosen by it. A survey "
        "that asked would add one filter.",
    )


def view(exploration: Exploration, choice: Choice, sort: str = "") -> list[Piece]:
    """A sentence with the number of people chosen, and, where they may be shown, a chart and a table.

    Parameters
    ----------
    choice : a period and groups; `Exploration.groups` lists those that can be chosen
    sort : "" the questionnaire's order, or "share", "sureness" or "consensus", the most first

    Raises
    ------
    LookupError
        For a period without a survey, a group that does not occur in it, or an order that does not exist.
    """
    if sort not in SORTS:
        raise LookupError(f"there is no order {sort!r}; there are {', '.join(repr(name) for name in SORTS)}")
    least = exploration.evidence.smallest_group
    people, everyone = exploration.respondents(choice), exploration.respondents(Choice(choice.period))
    if people is None:
        text = (
            f"This choice is not shown ({choice.told}): it holds fewer than {least} people, or as few could be worked "
            "out by comparing it with others. Choose fewer things at once."
        )
        return [Sentence("explore-people", text, {"people": None, "of": everyone}, level="warning")]
    frame = exploration.results(choice)
    if sort:
        frame = frame.sort_values(sort, ascending=False, kind="stable", na_position="last")
    pieces: list[Piece] = [people_sentence(choice, people, everyone or 0, frame, least)]
    if frame["share"].notna().any():
        pieces += [chart(exploration, choice, frame, sort), table(exploration, choice, frame)]
    return pieces


def people_sentence(
    choice: Choice, people: int, everyone: int, frame: "pd.DataFrame", least: int
) -> Sentence:
    """How many people are chosen, and of how many statements nothing is shown."""
    text = f"{people:,} of {everyone:,} respondents of {choice.told}." if any(choice.groups) else ""
    text = text or f"All {people:,} respondents of {choice.period}."
    masked = int(frame["masked"].sum())
    if masked:
        text += (
            f" {sentences.opening(sentences.count(masked, 'statement'))} {'is' if masked == 1 else 'are'} not shown: fewer "
            f"than {least} of these people answered, or as few could be worked out."
        )
    numbers = {"people": people, "of": everyone, "masked_statements": masked}
    return Sentence("explore-people", text, numbers, level="key")


def chart(exploration: Exploration, choice: Choice, frame: "pd.DataFrame", sort: str) -> Figure:
    """A dot with its interval for each statement, its numbers beside it."""
    labels, bands = list(frame["statement"]), exploration.evidence.bands
    rows = frame.to_dict("records")
    beside = [
        f"{row['agreeing']:,.0f} of {row['answered']:,.0f}" if row["share"] == row["share"] else ""
        for row in rows
    ]
    told = "; ".join(
        f"{row['statement']}: {sentences.share_of(int(row['agreeing']), int(row['answered']), bands=bands)}, "
        f"{row['hedged_word']}"
        for row in rows
        if row["share"] == row["share"]
    )
    order = f", sorted by {SORTS[sort]}, the most first" if sort else ""
    hidden = int(frame["share"].isna().sum())
    return Figure(
        "explore-statements",
        f"Share who agreed or strongly agreed: {choice.told}",
        lambda ax: figures.intervals(
            ax, labels, frame["share"], frame["low"], frame["high"], beside=beside, heading="Agreed"
        ),
        alt=(
            f"A dot with its 95% interval for each of {len(rows)} statements{order}. {choice.told}. {told}."
            + (f" {sentences.opening(sentences.count(hidden, 'statement'))} not shown." if hidden else "")
        ),
        frame=frame.drop(columns="masked").reset_index(),
        size=figures.intervals_size(labels),
        note="The line through a dot is its 95% interval. Beside it, how many of those who answered agreed.",
        source=exploration.surveys[choice.period].record.file,
    )


def table(exploration: Exploration, choice: Choice, frame: "pd.DataFrame") -> Table:
    """The numbers of the chart, with the word, how sure it is, and consensus."""
    return Table(
        "explore-table",
        f"Agreement with each statement: {choice.told}",
        frame,
        (
            Column("statement", "Statement"),
            Column("answered", "Answered", "count", blank=BLANK),
            Column("share", "Agree or strongly agree", "percent", blank=BLANK),
            Column("low", "Interval from", "percent", blank=BLANK),
            Column("high", "Interval to", "percent", blank=BLANK),
            Column("hedged_word", "Word, and the next where not sure", blank=BLANK),
            Column("sureness", "How sure is the word", "percent", blank=BLANK),
            Column("consensus", "Consensus", "number", blank=BLANK),
        ),
        note=(
            "Looking at many groups, some will stand out by chance alone: what is found here is a question for the next "
            "survey, and no finding of this one (docs/methods.md A1 to A4, A9)."
        ),
        source=exploration.surveys[choice.period].record.file,
        bands=exploration.evidence.bands,
    )
