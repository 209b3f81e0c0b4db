"""Quotations from comments: shown only where a person has approved them and nothing speaks against it.

Comments can name people and places. A quotation needs the approval of somebody who answers for it, has to be
whole sentences in the respondent's own words, and is not taken from a comment that may hold personal data, whoever
approved it.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from ci_eval.inputs.fact_tables import Row, read_rows
from ci_eval.inputs.personal_data import kinds
from ci_eval.inputs.problems import Findings
from ci_eval.programme.approximate_dates import is_date, parse_day
from ci_eval.survey.coding_file import ids, note_unknown, reject
from ci_eval.survey.record import Responses

COLUMNS = ("id", "column", "text", "approved", "approved_by", "approved_on")
YES, NO = "yes", "no"
ELLIPSIS = "…"
_ELLIPSIS = re.compile(r"\[?(?:…|\.{3})\]?")
_WORD_BEGINS, _WORD_ENDS = r"(?<!\w)", r"(?!\w)"
_STOP, _CLOSE = "[.!?…]", "[\"'”’)\\]]"
_SENTENCE_BEGINS = rf"(?:\A|{_STOP}{_CLOSE}*\s|\n)[\s\"'“‘(]*"
_SENTENCE_ENDS = (
    rf"(?:(?:(?<={_STOP})|(?<={_STOP}{_CLOSE}))(?=\s|\Z)|{_STOP}+{_CLOSE}*(?=\s|\Z)|\s*(?:\Z|\n))"
)


@dataclass(frozen=True)
class Quotations:
    """What may be shown of a file of quotations.

    Attributes
    ----------
    file : its name
    shown : column and text of each quotation that may be shown, in the order of the file
    refused : id, column and reason of every other one; never its text
    """

    file: str
    shown: pd.DataFrame
    refused: pd.DataFrame


def load_quotations(path: str | os.PathLike[str], responses: Responses) -> Quotations:
    """Read a file of quotations: a csv with the columns id, column, text, approved, approved_by, approved_on.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from ci_eval.survey import LoadRecord
    >>> record = LoadRecord("export.csv", "", 0, "", "", 1, 1, {})
    >>> frame = pd.DataFrame({"id": ["7"], "comment": ["More time, please."], "improve": [""]})
    >>> responses = Responses(frame, record, pd.DataFrame(), ("comment", "improve"))
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "quotations.csv"
    ...     heading = "id,column,text,approved,approved_by,approved_on"
    ...     row = '7,comment,"More time, please.",yes,Lead evaluator,2022-09-30'
    ...     _ = file.write_text(f"{heading}\\n{row}\\n", encoding="utf-8")
    ...     quotations = load_quotations(file, responses)
    >>> quotations.shown["text"].tolist()
    ['More time, please.']

    A quotation is shown if `approved` is yes; `approved_by` names a role, not a person's address; `approved_on` is a
    day; its text is in that comment word for word, in whole sentences unless an ellipsis marks what is left out; and
    the screen for personal data finds nothing in the whole comment. Any other is refused with the first of these
    reasons.

    Raises
    ------
    InputError
        All problems of the file at once: a response or column that is not known, a blank text, an approval
        that is neither yes nor no, a date that is no day, a quotation that comes twice. No message holds a
        text.
    """
    file = Path(path)
    rows = read_rows(file, COLUMNS, filled=(), respondents=True)
    findings = Findings(file.name, f"CANNOT USE {file.name}: nothing is quoted")
    note_unknown(rows, ids(responses), findings, "column", responses.comments)
    _note_problems(rows, findings)
    findings.raise_if_stopping()
    comments = dict(
        zip(responses.frame["id"], responses.frame[list(responses.comments)].to_dict("records"), strict=True)
    )
    shown, refused = [], []
    for row in rows:
        comment = str(comments[row["id"]][row["column"]])
        if reason := _refusal(row, comment):
            refused.append((row["id"], row["column"], reason))
        else:
            shown.append((row["column"], row["text"]))
    return Quotations(
        file.name,
        pd.DataFrame(shown, columns=["column", "text"]),
        pd.DataFrame(refused, columns=["id", "column", "reason"]),
    )


def _refusal(row: Row, comment: str) -> str:
    """Why the quotation may not be shown, with what mends it; "" where it may."""
    if row["approved"].casefold() != YES:
        return "not approved"
    if not row["approved_by"]:
        return "nobody is named who approved it"
    if "@" in row["approved_by"] or kinds(row["approved_by"]):
        return "approved_by holds a person's address, where a role is wanted"
    if not row["approved_on"]:
        return "the day of its approval is missing"
    if not verbatim(row["text"], comment):
        return "it is not in the comment word for word"
    if not whole(row["text"], comment):
        return f"it is part of a sentence: quote whole sentences, or mark what is left out with {ELLIPSIS} and approve that"
    if personal := kinds(comment):
        return f"the comment may hold personal data ({personal})"
    return ""


def verbatim(text: str, comment: str) -> bool:
    """Whether the text is part of the comment, letter for letter and in whole words.

    "helpful" is no part of "unhelpful". An ellipsis stands for what was left out. Only the ends of lines are evened
    out, because spreadsheets change them.
    """
    return _stands(text, comment, _WORD_BEGINS, _WORD_ENDS)


def whole(text: str, comment: str) -> bool:
    """Whether the text begins and ends where sentences of the comment do, or says by an ellipsis that it does not.

    "worth the time" of "It was not worth the time." would say the opposite of what was meant.
    """
    return _stands(text, comment, _SENTENCE_BEGINS, _SENTENCE_ENDS)


def _stands(text: str, comment: str, begins: str, ends: str) -> bool:
    text, comment = ("\n".join(part.splitlines()) for part in (text.strip(), comment))
    parts = [part.strip() for part in _ELLIPSIS.split(text)]
    begins, ends = (begins if parts[0] else _WORD_BEGINS), (ends if parts[-1] else _WORD_ENDS)
    body = f"{_WORD_ENDS}.*?{_WORD_BEGINS}".join(re.escape(part) for part in parts if part)
    return bool(body) and re.search(f"{begins}{body}{ends}", comment, re.DOTALL) is not None


def _note_problems(rows: Sequence[Row], findings: Findings) -> None:
    first: dict[tuple[str, str, str], int] = {}
    for row in rows:
        add = partial(reject, findings, row=row)
        if not row["text"]:
            fix = "fill it in, or delete the row"
            add("no-quotation", "There is no text to quote.", column="text", fix=fix)
        if row["approved"].casefold() not in (YES, NO):
            message = "The approval is neither yes nor no."
            add("approval", message, column="approved", fix=f"write {YES} or {NO}")
        if row["approved_on"] and not is_date(row["approved_on"], parse_day):
            add("bad-date", "This is not a day.", column="approved_on", fix="write it as 2022-09-30")
        number = first.setdefault((row["id"], row["column"], row["text"]), row.number)
        if number != row.number:
            message = "A quotation comes twice."
            add("quoted-twice", message, column="text", fix="keep one of the two rows")
