"""What the comments were about: themes as people coded them, with the word of their share.

Rule: docs/methods.md B3. A theme that fewer people raised than may be shown is named without any number, its word
included: with 20 comments, "less than half" would say that it was four.

Comments can name people and places. None reaches an output unless the period's file of quotations names the
response and the column, says that it is approved and by whom, and nothing in the comment was flagged as
personal (`ci_eval.survey.quotations`).
"""

from typing import TYPE_CHECKING

from ci_eval.agreement import share
from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table
from ci_eval.sections.interim.nothing_to_show import survey_missing

if TYPE_CHECKING:
    from ci_eval.survey import Quotations


from ci_eval.sections.interim.what_comments_were_about import QUESTIONS, coders, themes

TEXTS = {"comment": "a comment on the statements", "improve": "a way in which the process could be improved"}


def comments(evidence: Evidence) -> list[Piece]:
    """How many wrote something, what it was about, how it was coded, and quotations a person has approved."""
    if not evidence.reports_survey:
        return [survey_missing(evidence, "comments-missing")]
    return [written(evidence), *coded(evidence), *quoted(evidence)]


def written(evidence: Evidence) -> Sentence:
    """How many respondents wrote a comment or a way to improve, and how many wrote that they had none."""
    from ci_eval.survey.comment_codes import says_something

    frame, parts = evidence.survey.frame, []
    numbers: dict[str, float] = {"respondents": len(frame)}
    for column, what in TEXTS.items():
        given = says_something(frame[column])
        nothing = int(((frame[column].fillna("").str.strip() != "") & ~given).sum())
        numbers |= {column: int(given.sum()), f"{column}_nothing": nothing}
        numbers |= {f"{column}_share": share(int(given.sum()), len(frame))}
        part = f"{sentences.share_of(int(given.sum()), len(frame), bands=evidence.bands)} of respondents wrote {what}"
        parts.append(part + (f" ({nothing:,} more wrote that they had none)" if nothing else ""))
    return Sentence(
        "comments-written", f"{'; '.join(parts)}.", numbers, source=evidence.survey.record.file, level="key"
    )


def coded(evidence: Evidence) -> list[Piece]:
    """Themes of the comments, as coded by people; without a coding, how to supply one."""
    if evidence.comment_codes is not None:
        return [*themes(evidence), *coders(evidence)]
    fix = evidence.fix('comment_codes = "the file"', "survey")
    return [
        Sentence.missing(
            "comments-coded",
            "The comments have not been coded, so no theme of theirs can be reported.",
            "let two people code them, each on their own, into a csv with the columns id (of the response), column "
            "(comment or improve), coder (a pseudonym) and themes (keys of comment_themes.csv, several separated by "
            f"semicolons, none left empty), and {fix}.",
        )
    ]


def quoted(evidence: Evidence) -> list[Piece]:
    """The approved quotations, why any other is not shown, or why there are none."""
    quotations = evidence.quotations
    fix = evidence.fix('quotations = "the file"', "survey")
    if quotations is None:
        return [
            Sentence(
                "quotations",
                "No quotation is shown: none has been approved by a person. To show some, list them in a csv with the "
                f"columns id, column, text, approved, approved_by and approved_on, and {fix}.",
                {"quotations": 0},
            )
        ]
    if quotations.shown.empty:
        text = "No quotation is shown: none of those listed may be shown."
        return [Sentence("quotations", text, {"quotations": 0}, source=quotations.file), *refused(quotations)]
    return [
        Table(
            "quotations",
            "In respondents’ own words",
            quotations.shown.assign(question=quotations.shown["column"].map(QUESTIONS)),
            (Column("text", "Quotation"), Column("question", "In answer to")),
            note="Each quotation was approved by a person before it was shown, and stands word for word in a comment.",
            source=quotations.file,
        ),
        *refused(quotations),
    ]


def refused(quotations: "Quotations") -> list[Piece]:
    """The quotations not shown, each with its reason and without its text."""
    if quotations.refused.empty:
        return []
    told = [
        f"response {row['id']}, {QUESTIONS[row['column']].lower()}: {row['reason']}"
        for row in quotations.refused.to_dict("records")
    ]
    one = len(told) == 1
    text = f"{sentences.opening(sentences.count(len(told), 'quotation'))} of the list {'is' if one else 'are'} not shown: "
    return [
        Sentence(
            "quotations-refused",
            f"{text}{'; '.join(told)}.",
            {"refused": len(told)},
            source=quotations.file,
        )
    ]
