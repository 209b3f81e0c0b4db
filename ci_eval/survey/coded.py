"""Comments as people have coded them: which themes a comment is reported under, and what is not settled.

A coder gives a comment any number of themes of the codebook, or none. What is reported is the code the coders
have settled on (coder ``agreed``); without one, what all of a comment's coders gave. A theme that only some of
them gave is neither there nor not there until a third person has decided (docs/methods.md B3).
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ci_eval.problems import InputError, Problem
from ci_eval.programme.tables import Row, read_rows
from ci_eval.programme.tables import shown as quoted
from ci_eval.survey.comment_cells import TEXTS, Cell, filled, grouped, ids, reject, unknown
from ci_eval.survey.personal import kinds
from ci_eval.survey.record import Responses
from ci_eval.survey.text import nearest

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
        is blank, or who stands there by a contact address; and what `programme.tables.read_rows` refuses.
    """
    file = Path(path)
    rows = read_rows(file, COLUMNS, filled=())
    held, known = filled(responses), ids(responses)
    themes = tuple(str(key) for key in codebook["key"])
    problems = unknown(rows, known) + _problems(rows, known, dict(held), themes)
    if problems:
        raise InputError(f"CANNOT USE {file.name}: no comment was counted", grouped(problems))
    codes: Codes = {}
    for row in rows:
        by_coder = codes.setdefault(row["coder"].casefold(), {})
        by_coder[row["id"], row["column"]] = frozenset(row.parts("themes"))
    return _coding(file.name, codebook, codes, [cell for cell, something in held if something])


def _problems(
    rows: Sequence[Row], known: frozenset[str], held: Mapping[Cell, bool], themes: tuple[str, ...]
) -> list[Problem]:
    problems: list[Problem] = []
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        cell, coder = (row["id"], row["column"]), row["coder"].casefold()
        told = f"response {quoted(row['id'])}, {row['column']}"
        if not coder or kinds(coder) or "@" in coder:
            # The address itself is not repeated: messages go to logs.
            message = "A coder is a contact address." if coder else "The coder is blank."
            mend = f"write a pseudonym such as A, or {AGREED} for the code that all have settled on"
            problems.append(reject("coder", message, row, "coder", mend))
        elif (number := first.setdefault((*cell, coder), row.number)) != row.number:
            message = f"The coder has coded {told}, in row {number} already."
            problems.append(reject("coded-twice", message, row, "coder", "keep one of the two rows"))
        keys = row.parts("themes")
        for key in sorted({key for key in keys if key not in themes}):
            near = nearest(key, themes)
            mend = f"write {near}" if near else f"use {', '.join(themes)}, or add it to comment_themes.csv"
            message = f"The codebook has no theme {quoted(key)}."
            problems.append(reject("unknown-theme", message, row, "themes", mend))
        if len(set(keys)) < len(keys):
            message = f"A theme stands twice in one cell: {quoted(row['themes'])}."
            problems.append(reject("theme-twice", message, row, "themes", "keep it once"))
        if row["id"] in known and row["column"] in TEXTS and cell not in held:
            mend = "correct the id or the column, or delete the row"
            problems.append(reject("no-text", f"There is no text in {told}.", row, "id", mend))
        elif keys and not held.get(cell, True):
            message = f"There is a theme for {told}, which says that there is nothing to say."
            mend = "correct the id, or leave themes empty"
            problems.append(reject("nothing-said", message, row, "themes", mend))
    return problems


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
    said = {theme in codes for codes in given}
    return said.pop() if len(said) == 1 else None
