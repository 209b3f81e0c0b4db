"""What did they say in their own words? Comments are counted; a quotation needs a person's approval.

Comments can name people and places. None reaches an output unless the approvals file of the period names the
response and the column, says that it is approved and by whom, and nothing in the text was flagged as personal.
"""

from ci_eval.report import sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.interim.missing import survey_missing
from ci_eval.report.pieces import Column, Sentence, Table

TEXTS = {"comment": "a comment on the statements", "improve": "a way in which the process could be improved"}
NOTHING = frozenset({"n/a", "na", "none", "nothing", "no", "nil", "-", ".", "nothing to add", "no comment"})
"""Answers that say there is no answer, after evening out case, spaces and full stops."""


def comments(evidence: Evidence) -> list[Piece]:
    """How many wrote something, what was coded, and quotations a person has approved."""
    if not evidence.has_survey:
        return [survey_missing(evidence, "comments-missing")]
    return [written(evidence), *coded(evidence), *quoted(evidence)]


def written(evidence: Evidence) -> Sentence:
    """How many respondents wrote a comment or a way to improve, and how many wrote that they had none."""
    frame, numbers, parts = evidence.survey.frame, {}, []
    for column, what in TEXTS.items():
        texts = frame[column].fillna("").str.strip()
        empty_words = texts.str.casefold().str.rstrip(".").isin(NOTHING) & (texts != "")
        given, nothing = int(((texts != "") & ~empty_words).sum()), int(empty_words.sum())
        numbers |= {column: given, f"{column}_nothing": nothing}
        part = f"{sentences.of(given, len(frame))} of respondents wrote {what}"
        parts.append(part + (f" ({nothing:,} more wrote that they had none)" if nothing else ""))
    return Sentence(
        "comments-written", f"{'; '.join(parts)}.", numbers, source=evidence.survey.record.file, level="key"
    )


def coded(evidence: Evidence) -> list[Piece]:
    """Themes of the comments, as coded by people; without a coding, how to supply one."""
    codes = evidence.comment_codes
    if codes is None:
        return [
            Sentence.missing(
                "comments-coded",
                "The comments have not been coded, so no theme of theirs can be reported.",
                f"let two people code them and {evidence.mend('comment_codes, a file')}: a csv with the "
                "columns id, column, coder and themes (several separated by semicolons).",
            )
        ]
    table = codes.copy()
    table["share"] = table["respondents"] / table["of"]
    return [
        Table(
            "comment-themes",
            "What the comments were about",
            table,
            (
                Column("theme", "Theme"),
                Column("question", "Question"),
                Column("respondents", "Respondents", "count"),
                Column("of", "Who wrote something", "count"),
                Column("share", "Share", "percent"),
                Column("word", "Word"),
            ),
        )
    ]


def quoted(evidence: Evidence) -> list[Piece]:
    """The approved quotations, or why there are none."""
    quotations = evidence.quotations
    if quotations is None or quotations.empty:
        return [
            Sentence(
                "quotations",
                "No quotation is shown: none has been approved by a person. To show some, list them in a csv with the "
                "columns id, column, text, approved and approved_by, and "
                f"{evidence.mend('quotations, a file')}.",
                {"quotations": 0},
            )
        ]
    return [
        Table(
            "quotations",
            "In respondents’ own words",
            quotations,
            (Column("text", "Quotation"), Column("question", "In answer to")),
            note="Each quotation was approved by a person before it was shown.",
            row_heading="text",
        )
    ]
