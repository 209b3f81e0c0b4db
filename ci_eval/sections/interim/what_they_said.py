"""What did they say? Each statement's share, the word for it and how sure it is, and consensus.

The page runs no scripts, so its table cannot be sorted there: ranks are beside the questionnaire's order, and the
spreadsheet's tables and the notebook sort (docs/decisions/0005-sorting.md).
"""

from typing import TYPE_CHECKING

from ci_eval import agreement
from ci_eval.report import figures, sentences
from ci_eval.report.markup import ITEM
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.wording import NOBODY, level_of, missing, nothing_in, without_zeros

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from typing import Any

    import pandas as pd

RANKED = {"share": "share", "sureness": "sureness of the word", "consensus": "consensus"}
NAMED = 3  # more statements than this are a list, or left to the table
ONE = "fewer than two people answered"
ASKED = f"{NOBODY}, or how many were asked is not recorded"
UNANSWERED = "statements-without-an-answer"


def words(statements: "pd.DataFrame") -> list[Sentence]:
    """A sentence a word, which of them might be others, and consensus; `statements` as `Evidence.statements` gives it."""
    if nothing_in(statements):
        return missing(statements, "statements-missing")
    answered = statements[statements["answered"] > 0]
    if answered.empty:
        text = "Nobody, or too few people to show, gave an answer on the scale to any statement: no share, no word."
        return [Sentence(UNANSWERED, text, {"statements": len(statements)}, level="warning")]
    return [*key_messages(statements), not_sure(answered), consensus(answered)]


def ordered(statements: "pd.DataFrame", by: str) -> "pd.DataFrame":
    """The most first, by one of `RANKED`; as the frame has it where `by` is empty.

    Raises
    ------
    ValueError
        For an order that is not known.
    """
    if by not in ("", *RANKED):
        raise ValueError(
            f'there is no order {by!r}; give one of {", ".join(RANKED)}, or "" for the frame\'s own'
        )
    if not by or statements.empty:
        return statements
    return statements.sort_values(by, ascending=False, kind="stable", na_position="last")


def chart(statements: "pd.DataFrame", order: str = "share") -> Figure | None:
    """Diverging stacked bars with n and the word; None where there is no answer.

    `order`: share, sureness or consensus, the most first, or "" as the frame has it.
    """
    if nothing_in(statements) or not statements["answered"].any():
        return None
    rows = ordered(statements, order)
    texts, by_word = list(rows["statement"]), list(rows["word"])
    bands = rows.attrs["bands"]
    answers, scale = rows.attrs["answers"], rows.attrs["scale"]
    ranked = ordered(rows[rows["answered"] > 0], "share").to_dict("records")
    return Figure(
        "statements",
        _extremes(ranked, bands),
        lambda ax: figures.likert(
            ax, rows[list(answers)].to_numpy(), texts, list(answers.values()), scale, by_word
        ),
        alt=f"Stacked bars of the answers to {sentences.count(len(rows), 'statement')}: {_range(ranked, bands)} agreed.",
        frame=rows[["statement", *answers, "not_answered"]].reset_index(),
        size=figures.likert_size(texts, by_word),
        note=(
            "Percentages are of those who answered on the scale; “Don’t know” is shown apart and is not part of any "
            "percentage. n is the number who answered on the scale."
        ),
        source=rows.attrs["source"],
    )


def ladder(
    statements: "pd.DataFrame", change: "pd.DataFrame | None" = None, order: str = "share"
) -> Figure | None:
    """Each statement's share on the bands of the words; with `change`, as `Evidence.change`, the period before as rings.

    None where there is no answer; `order` as for `chart`.
    """
    if nothing_in(statements) or not statements["answered"].any():
        return None
    rows = ordered(statements[statements["answered"] > 0], order)
    bands = rows.attrs["bands"]
    edges = [(band.word, float(band.above), float(band.up_to)) for band in bands]
    compared = change is not None and not change.empty
    before = change["share_first"].reindex(rows.index) if change is not None and compared else ()
    periods = (change.attrs["previous"] if change is not None and compared else "", rows.attrs["period"])
    ranked = ordered(rows, "share").to_dict("records")
    unsure = int((rows["hedged_word"] != rows["word"]).sum())
    title = f"{unsure or 'None'} of {sentences.count(len(rows), 'word')} could be the next one"
    return Figure(
        "ladder-of-words",
        f"{title}: each share and its interval on the bands of the words",
        lambda ax: figures.ladder(
            ax,
            list(rows["statement"]),
            rows["share"],
            rows["low"],
            rows["high"],
            edges,
            before=before,
            periods=periods,
            beside=[
                sentences.percent(row["agreeing"], row["answered"], bands=bands)
                for row in rows.to_dict("records")
            ],
            level=level_of(rows),
        ),
        alt=(
            f"Shares of {sentences.count(len(rows), 'statement')} on the bands of the words, each with its interval: "
            f"{_range(ranked, bands)} agreed."
        ),
        frame=rows[
            ["statement", "answered", "agreeing", "share", "low", "high", "word", "sureness"]
        ].reset_index(),
        size=figures.ladder_size(list(rows["statement"])),
        note=(
            f"The bar is the {level_of(rows)} interval: the longer it is, the less sure is the word. "
            "A bar over the edge of a band could bear either word."
        ),
        source=rows.attrs["source"],
    )


def table(statements: "pd.DataFrame", sort: str = "") -> Table | None:
    """The share of each statement and how far it can be trusted; `sort` as `chart`'s order."""
    if nothing_in(statements) or not statements["answered"].any():
        return None
    asked = statements.attrs["asked"]
    interval = (
        "The interval is for a population without end (Wilson), because how many were asked is not recorded"
        if asked is None
        else f"The interval is exact for the {asked:,} people asked"
    )
    return Table(
        "statements-table",
        "Agreement with each statement, and how far it can be trusted",
        without_zeros(ordered(statements, sort), "answered"),
        (
            Column("statement", "Statement"),
            Column("answered", "Answered", "count", blank=NOBODY),
            Column("share", "Agree or strongly agree", "percent", blank=NOBODY),
            Column("low", "Interval from", "percent", blank=NOBODY),
            Column("high", "Interval to", "percent", blank=NOBODY),
            Column("hedged_word", "Word, and the next where not sure", blank=NOBODY),
            Column("sureness", "How sure is the word", "percent", blank=NOBODY),
            Column("would_change", "What would change the word", blank=NOBODY),
            Column("median", "Median answer", blank=NOBODY),
            Column("consensus", "Consensus", "number", blank=NOBODY),
        ),
        note=(
            f"{interval}, at {level_of(statements)}, and treats those who answered as a random sample of them. “How sure” "
            "is the probability that the word is right for everybody asked. “What would change the word” is how many "
            "people fewer or more, at the least, would have to agree to make it untrue, and the word then (docs/methods.md "
            "A1 to A5). “Consensus” is van der Eijk’s A: 1 where all give one answer, 0 where all answers are given equally "
            "often, −1 where half are at each end (A9)."
        ),
        source=statements.attrs["source"],
        bands=statements.attrs["bands"],
    )


def ranking(statements: "pd.DataFrame") -> Table | None:
    """Ranks of each statement, more measures of consensus, and what those who did not answer could change."""
    if nothing_in(statements) or not statements["answered"].any():
        return None
    return Table(
        "statements-ranks",
        "Which statements come first, how far respondents agree with each other, and whatever the others would say",
        statements,
        (
            Column("statement", "Statement"),
            *(Column(f"rank_{by}", f"Rank by {name}", "count", blank=NOBODY) for by, name in RANKED.items()),
            Column("tastle_wierman", "Consensus (Tastle and Wierman)", "number", blank=NOBODY),
            Column("rwg", "rwg, uniform null", "number", blank=ONE),
            Column("least", "Whatever the others say, from", "percent", blank=ASKED),
            Column("most", "Whatever the others say, to", "percent", blank=ASKED),
        ),
        note=(
            "Rank 1 is the largest share, the surest word, the most consensus (van der Eijk’s A, in the table above); "
            "equals have the same rank. Tastle and Wierman’s consensus goes from 0 to 1. rwg: 1 to 0, against answers "
            "spread evenly; where people tend to be polite that null is easy to beat (docs/methods.md A9). “Whatever the "
            "others say” assumes nothing about those who did not answer (A6). To sort a table, open tables.xlsx."
        ),
        source=statements.attrs["source"],
        bands=statements.attrs["bands"],
    )


def key_messages(statements: "pd.DataFrame") -> list[Sentence]:
    """One sentence a word, from the most agreement to the least, each statement with its share; many are a list."""
    messages, bands = [], statements.attrs["bands"]
    for one in _vocabulary(statements):
        rows = statements[statements["word"] == one]
        if rows.empty:
            continue
        parts = [
            f"{row['reported']} ({sentences.percent(row['agreeing'], row['answered'], bands=bands)})"
            for row in ordered(rows, "share").to_dict("records")
        ]
        # a sentence of fifteen statements is hard to read, and harder to listen to
        that = (
            f" {sentences.listed(parts)}."
            if len(parts) <= NAMED
            else ":\n\n" + "\n".join(f"{ITEM}{part}" for part in parts)
        )
        messages.append(
            Sentence(
                f"message-{one.replace(' ', '-')}",
                f"{sentences.opening(sentences.people(one))} agreed or strongly agreed that{that}",
                {str(code): float(value) for code, value in rows["share"].items()},
                level="key",
            )
        )
    unanswered = statements[statements["answered"] == 0]
    if len(unanswered):
        text = (
            "Nobody, or too few people to show, gave an answer on the scale to "
            f"{sentences.listed(unanswered['statement'])}, so there is no share and no word for it."
        )
        messages.append(Sentence(UNANSWERED, text, {"statements": len(unanswered)}, level="warning"))
    return messages


def not_sure(answered: "pd.DataFrame") -> Sentence:
    """Which words might be others, had everybody asked answered."""
    unsure = answered[answered["hedged_word"] != answered["word"]]
    numbers = {str(code): float(value) for code, value in unsure["sureness"].items()}
    numbers |= {"not_sure": len(unsure)}
    if unsure.empty:
        text = (
            f"Each of these words has a probability of at least 80% of being right for everybody asked: all "
            f"{len(answered)} are safe to say."
        )
    else:
        text = (
            f"For {sentences.count(len(unsure), 'statement')} the word has a probability below 80% of being right for "
            "everybody asked, and is better said with its neighbour"
        )
        named = sentences.listed(
            f"“{row['statement']}”: {row['hedged_word']}" for row in unsure.to_dict("records")
        )
        text += f": {named}." if len(unsure) <= NAMED else ", as the table has it."
    return Sentence("words-not-sure", text, numbers)


def consensus(answered: "pd.DataFrame") -> Sentence:
    """The statements on which respondents agree with each other most and least."""
    rows = answered.sort_values("consensus", kind="stable").to_dict("records")
    least, most = rows[0], rows[-1]
    text = (
        f"Respondents agree with each other most on “{most['statement']}” (consensus {most['consensus']:.2f}, median "
        f"{most['median']}) and least on “{least['statement']}” ({least['consensus']:.2f}, median {least['median']}). "
    )
    if most["consensus"] == least["consensus"]:
        text = (
            "Respondents agree with each other as much on one statement as on any other "
            f"(consensus {most['consensus']:.2f}). "
        )
    text += "Consensus is 1 where all give one answer and 0 where all answers are given equally often."
    numbers = {"most": most["consensus"], "least": least["consensus"], "statements": len(rows)}
    return Sentence("consensus", text, numbers)


def _range(ranked: "list[dict[Hashable, Any]]", bands: "Sequence[agreement.Band]") -> str:
    """``15% to 100%``, or ``90%`` of one statement or equal shares; the rows from the largest share."""
    shares = [
        sentences.percent(row["agreeing"], row["answered"], bands=bands) for row in (ranked[-1], ranked[0])
    ]
    return " to ".join(dict.fromkeys(shares))


def _extremes(ranked: "list[dict[Hashable, Any]]", bands: "Sequence[agreement.Band]") -> str:
    """The chart's finding: how far agreement reaches."""
    return (
        f"Agreement runs from {_range(ranked, bands)}"
        if " to " in _range(ranked, bands)
        else (f"{_range(ranked, bands)} agreed, whatever the statement")
    )


def _vocabulary(statements: "pd.DataFrame") -> list[str]:
    """The words for shares, from the most agreement to the least."""
    return list(reversed(agreement.words(bands=statements.attrs["bands"])))
