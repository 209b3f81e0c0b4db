"""Comments as people have coded them: which themes a comment is reported under, and what is not settled.

A coding and a list of quotations name a comment by the id of its response and its column. Messages about them
name the cell and never hold its text.

A coder gives a comment any number of themes of the codebook, or none. What is reported is the code the coders
have settled on (coder ``agreed``); without one, what all of a comment's coders gave. A theme that only some of
them gave is neither there nor not there until a third person has decided (docs/methods.md B3).
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from ci_eval.inputs.fact_tables import Row, in_quotes, read_rows
from ci_eval.inputs.personal_data import kinds
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import nearest
from ci_eval.survey.record import Responses

TEXTS = ("comment", "improve")
NOTHING = frozenset({"", "n/a", "n.a", "na", "none", "nothing", "no", "nil", "-", "nothing to add"})
NOTHING |= {"no comment", "no comments", "not applicable"}
"""Answers that say there is no answer, after evening out case, spaces and full stops."""

Cell = tuple[str, str]  # a response's id and the column's name


def says_something(texts: pd.Series) -> pd.Series:
    """Whether each text is an answer: not empty, and not one of `NOTHING`."""
    return ~texts.fillna("").str.casefold().str.strip(" .\n\r\t").isin(NOTHING)


def filled(responses: Responses) -> list[tuple[Cell, bool]]:
    """Every cell that holds a text, and whether that says something; by column, in the order of the responses.

    A response without an id, which some exports have, counts like any other; no file can point at it.
    """
    frame = responses.frame
    return [
        ((str(identity), column), bool(something))
        for column in TEXTS
        for identity, text, something in zip(
            frame["id"], frame[column], says_something(frame[column]), strict=True
        )
        if str(text).strip()
    ]


def ids(responses: Responses) -> frozenset[str]:
    """The ids that a file can point at."""
    return frozenset(responses.frame["id"].astype(str)) - {""}


def note_unknown(rows: Sequence[Row], known: Collection[str], findings: Findings) -> None:
    """Note rows whose response is none of the known ids, or whose column is not known."""
    for row in rows:
        if row["id"] not in known:
            message = f"No response has the id {in_quotes(row['id'])}."
            fix = "take the id from the export; a response left out of the load cannot be used"
            reject(findings, "unknown-response", message, row, "id", fix)
        if row["column"] not in TEXTS:
            message = f"{in_quotes(row['column'])} is not a column of comments."
            reject(findings, "unknown-text-column", message, row, "column", f"write {' or '.join(TEXTS)}")


def reject(findings: Findings, check: str, message: str, row: Row, column: str, fix: str) -> None:
    """Note a problem that names the row and the column, and shows the cell only as far as its message does."""
    findings.add(check, "REJECT", message, f'row {row.number:,}, column "{column}"', fix)


COLUMNS = ("id", "column", "coder", "themes")
AGREED = "agreed"
SETTLED, ALIKE, ALONE, DIFFERENT, UNCODED = "settled", "alike", "one coder", "not agreed", "not coded"

Codes = dict[str, dict[Cell, frozenset[str]]]


@dataclass(frozen=True)
class Coding:
    """The coded comments of one survey. A *cell* is what one response holds in one column, where it says something.

    Attributes
    ----------
    file : name of the file of codes
    codebook : the themes, one row each: key, theme, reported, source
    codes : one row a cell and coder: id, column, coder, themes (a frozenset). Without the coder ``agreed``,
        who is nobody's own judgement
    decided : cell × theme, ``boolean``: whether the comment is reported under the theme; NA where its coders
        differ on it, or nobody has coded it
    status : by cell: "settled" by an agreed code, "alike" of two coders or more, "one coder", "not agreed",
        "not coded"
    """

    file: str
    codebook: pd.DataFrame
    codes: pd.DataFrame
    decided: pd.DataFrame
    status: pd.Series

    @property
    def coders(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.codes["coder"])))

    def counts(self) -> pd.DataFrame:
        """One row a column and theme, every one of them: column, key, theme, reported, people, undecided, of.

        `people` raised the theme, of the `of` who wrote something in the column; for `undecided` more it is
        not settled, or not coded. Whole numbers.
        """
        blocks = []
        for column in TEXTS:
            cells = self.decided[self.decided.index.get_level_values("column") == column]
            block = self.codebook[["key", "theme", "reported"]].copy()
            block.insert(0, "column", column)
            block["people"] = (cells == True).sum().to_numpy(dtype=int)  # noqa: E712  NA is neither
            block["undecided"] = cells.isna().sum().to_numpy(dtype=int)
            block["of"] = len(cells)
            blocks.append(block)
        return pd.concat(blocks, ignore_index=True)

    def cells(self, *status: str) -> pd.DataFrame:
        """The cells of these states, as id and column; never their text."""
        return self.status[self.status.isin(status)].index.to_frame(index=False)


def load_codes(path: str | os.PathLike[str], responses: Responses, codebook: pd.DataFrame) -> Coding:
    """Read a file of codes: a csv with the columns id, column, coder, themes.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from ci_eval.survey import LoadRecord
    >>> record = LoadRecord("export.csv", "", 0, "", "", 1, 1, {})
    >>> frame = pd.DataFrame({"id": ["7"], "comment": ["More time, please."], "improve": [""]})
    >>> responses = Responses(frame, record, pd.DataFrame())
    >>> codebook = pd.DataFrame({"key": ["time"], "theme": ["Time"], "reported": [True]})
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "codes.csv"
    ...     _ = file.write_text("id,column,coder,themes\\n7,comment,A,time\\n", encoding="utf-8")
    ...     coding = load_codes(file, responses, codebook)
    >>> coding.status.tolist()
    ['one coder']

    Parameters
    ----------
    path : one row a cell and coder; `themes` are keys of the codebook parted by semicolons, empty for none
    responses : the survey whose comments were coded
    codebook : its themes, as `programme.load_comment_themes` gives them

    Raises
    ------
    InputError
        All problems of the file at once: a response, column or theme that is not known; a code of a cell that
        holds no text, or a theme of one that says there is nothing to say; a coder who coded a cell twice, who
        is blank, or who is named by a contact address; and what `fact_tables.read_rows` refuses.
    """
    file = Path(path)
    rows = read_rows(file, COLUMNS, filled=())
    held, known = filled(responses), ids(responses)
    themes = tuple(str(key) for key in codebook["key"])
    findings = Findings(file.name, f"CANNOT USE {file.name}: no comment was counted")
    note_unknown(rows, known, findings)
    _note_problems(rows, known, dict(held), themes, findings)
    findings.raise_if_stopping()
    codes: Codes = {}
    for row in rows:
        by_coder = codes.setdefault(row["coder"].casefold(), {})
        by_coder[row["id"], row["column"]] = frozenset(row.parts("themes"))
    return _coding(file.name, codebook, codes, [cell for cell, something in held if something])


def _note_problems(
    rows: Sequence[Row],
    known: frozenset[str],
    held: Mapping[Cell, bool],
    themes: tuple[str, ...],
    findings: Findings,
) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        add = partial(reject, findings, row=row)
        cell, coder = (row["id"], row["column"]), row["coder"].casefold()
        named = f"response {in_quotes(row['id'])}, {row['column']}"
        if not coder or kinds(coder) or "@" in coder:
            # The address itself is not repeated: messages go to logs.
            message = "A coder is a contact address." if coder else "The coder is blank."
            fix = f"write a pseudonym such as A, or {AGREED} for the code that all have settled on"
            add("coder", message, column="coder", fix=fix)
        elif (number := first.setdefault((*cell, coder), row.number)) != row.number:
            message = f"The coder has coded {named}, in row {number} already."
            add("coded-twice", message, column="coder", fix="keep one of the two rows")
        keys = row.parts("themes")
        for key in sorted({key for key in keys if key not in themes}):
            near = nearest(key, themes)
            fix = f"write {near}" if near else f"use {', '.join(themes)}, or add it to comment_themes.csv"
            add("unknown-theme", f"The codebook has no theme {in_quotes(key)}.", column="themes", fix=fix)
        if len(set(keys)) < len(keys):
            message = f"A theme comes twice in one cell: {in_quotes(row['themes'])}."
            add("theme-twice", message, column="themes", fix="keep it once")
        if row["id"] in known and row["column"] in TEXTS and cell not in held:
            fix = "correct the id or the column, or delete the row"
            add("no-text", f"There is no text in {named}.", column="id", fix=fix)
        elif keys and not held.get(cell, True):
            message = f"There is a theme for {named}, which says that there is nothing to say."
            add("nothing-said", message, column="themes", fix="correct the id, or leave themes empty")


def _coding(file: str, codebook: pd.DataFrame, codes: Codes, cells: list[Cell]) -> Coding:
    themes = [str(key) for key in codebook["key"]]
    index = pd.MultiIndex.from_tuples(cells, names=["id", "column"])
    settled = codes.get(AGREED, {})
    coders = sorted(coder for coder in codes if coder != AGREED)
    decided: list[list[bool | None]] = []
    status: list[str] = []
    for cell in cells:
        given = [codes[coder][cell] for coder in coders if cell in codes[coder]]
        final = [settled[cell]] if cell in settled else given
        decided.append([_decision(theme, final) for theme in themes])
        if cell in settled:
            status.append(SETTLED)
        elif len(given) < 2:
            status.append(ALONE if given else UNCODED)
        else:
            status.append(ALIKE if len(set(given)) == 1 else DIFFERENT)
    rows = [(*cell, coder, codes[coder][cell]) for cell in cells for coder in coders if cell in codes[coder]]
    return Coding(
        file=file,
        codebook=codebook,
        codes=pd.DataFrame(rows, columns=list(COLUMNS)),
        decided=pd.DataFrame(decided, index, themes, "boolean"),
        status=pd.Series(status, index, "str"),
    )


def _decision(theme: str, given: Sequence[frozenset[str]]) -> bool | None:
    """Whether a cell has the theme; None where its codes differ on it, or there are none."""
    has = {theme in codes for codes in given}
    return has.pop() if len(has) == 1 else None
