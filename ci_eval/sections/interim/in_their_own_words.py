"""What did they say in their own words? How many wrote something, and the quotations a person has approved.

Comments can name people and places. None reaches an output unless the period's file of quotations names the response
and the column, says that it is approved and by whom, and nothing in the comment was flagged as personal
(`ci_eval.survey.quotations`).
"""

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Sentence
from ci_eval.sections.wording import missing


def words(comments: pd.DataFrame) -> list[Sentence]:
    """How many respondents wrote under each question for comments; `comments` as `Evidence.comments` gives it."""
    without = comments.attrs.get("not_asked", [])
    titles = sentences.listed(f"“{title}”" for title in without)
    not_asked = (
        [Sentence("comments-not-asked", f"Not asked in {comments.attrs['period']}: {titles}.")]
        if without
        else []
    )
    if comments.empty:
        return not_asked or missing(comments, "comments-missing")
    numbers: dict[str, float] = {"respondents": int(comments["respondents"].iloc[0])}
    parts, bands = [], comments.attrs["bands"]
    for row in comments.to_dict("records"):
        column, wrote, nothing = row["column"], row["wrote"], row["nothing"]
        numbers |= {column: wrote, f"{column}_nothing": nothing, f"{column}_share": row["share"]}
        part = (
            f"{sentences.share_of(wrote, row['respondents'], bands=bands)} of respondents wrote {row['what']}"
        )
        parts.append(part + (f" ({nothing:,} more wrote that they had none)" if nothing else ""))
    return [
        Sentence(
            "comments-written", f"{'; '.join(parts)}.", numbers, source=comments.attrs["source"], level="key"
        ),
        *not_asked,
    ]


def quoted(quotations: pd.DataFrame) -> list[Sentence]:
    """Each approved quotation with the question it answers, or why there are none; of `Evidence.quotations`."""
    if "missing" in quotations.attrs:
        return missing(quotations, "quotations")
    source = quotations.attrs["source"]
    if quotations.empty:
        text = "No quotation is shown: none of those listed may be shown."
        return [Sentence("quotations", text, {"quotations": 0}, source=source)]
    return [
        Sentence(
            f"quotation-{place}",
            f"“{row['text']}”\n\nOne respondent, under “{row['question']}”",
            source=source,
        )
        for place, row in enumerate(quotations.to_dict("records"), start=1)
    ]
