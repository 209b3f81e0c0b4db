"""Would the words be others if every organisation had answered alike? (docs/methods.md A11)."""

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import NOBODY, missing, without_zeros


def words(weighted: pd.DataFrame) -> list[Sentence]:
    """Whether weighting changes a word, what it costs, and whom it leaves out; of `Evidence.weighted`."""
    if weighted.empty:
        return missing(weighted, "weighting")
    about = weighted.attrs
    rows = weighted[weighted["answered"] > 0]
    other = rows[~rows["same_word"].astype(bool)]
    text = (
        "Weighted so that each organisation counts as it does among those asked, the word is the same for "
        f"{len(rows) - len(other)} of {len(rows)} statements"
    )
    if len(other):
        differ = sentences.listed(
            f"“{row['statement']}” ({row['word']}, weighted {row['weighted_word']})"
            for row in other.to_dict("records")
        )
        text += f". It differs for {sentences.count(len(other), 'statement')}: {differ}"
    largest = float((rows["weighted_share"] - rows["share"]).abs().max()) if len(rows) else 0.0
    text += (
        f". The largest difference of a share is {100 * largest:.1f} points. Kish’s design effect is "
        f"{about['design_effect']:.2f}: the {about['respondents']:,} respondents are worth {about['effective']:,.0f} "
        "unweighted ones. Weighting corrects that organisations answered at different rates, and nothing else: within "
        "an organisation those who answered may still differ from those who did not."
    )
    unsaid = about["no_organisation"]
    if unsaid:
        who = sentences.opening(sentences.count(unsaid, "respondent"))
        text += f" {who} named no organisation and {'keeps' if unsaid == 1 else 'keep'} the mean weight."
    numbers = {
        "same_word": len(rows) - len(other),
        "other_word": len(other),
        "largest_difference": largest,
        "statements": len(rows),
    }
    numbers |= {
        name: about[name] for name in ("respondents", "design_effect", "effective", "no_organisation")
    }
    return [Sentence("weighting", text, numbers, source=about["source"])]


def table(weighted: pd.DataFrame) -> Table | None:
    """The word for each statement, unweighted and weighted."""
    if weighted.empty:
        return None
    return Table(
        "weighted-words",
        "The word for each statement, unweighted and weighted by organisation",
        without_zeros(weighted, "answered"),
        (
            Column("statement", "Statement"),
            Column("answered", "Answered", "count", blank=NOBODY),
            Column("share", "Share", "percent", blank=NOBODY),
            Column("word", "Word", blank=NOBODY),
            Column("weighted_share", "Weighted share", "percent", blank=NOBODY),
            Column("weighted_word", "Weighted word", blank=NOBODY),
            Column("low", "Interval from", "percent", blank=NOBODY),
            Column("high", "Interval to", "percent", blank=NOBODY),
        ),
        note=(
            "The interval is that of the weighted share, Wilson’s at the effective number of respondents, and takes those "
            "asked as a population without end (docs/methods.md A11)."
        ),
        source=weighted.attrs["source"],
        bands=weighted.attrs["bands"],
    )


def weights_table(weights: pd.DataFrame) -> Table | None:
    """Asked, responses and the weight of each organisation; `weights` as `Evidence.weights` gives it."""
    if weights.empty:
        return None
    return Table(
        "weights",
        "Weights by organisation",
        weights,
        (
            Column("organisation", "Organisation"),
            Column("asked", "Asked", "count"),
            Column("responses", "Responses", "count"),
            Column("rate", "Response rate", "percent"),
            Column("weight", "Weight of a respondent, mean 1", "number"),
        ),
        note=weights.attrs["note"],
        source=weights.attrs["source"],
        bands=weights.attrs["bands"],
    )
