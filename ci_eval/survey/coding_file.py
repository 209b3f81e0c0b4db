"""The coding file: what people coded comments and free-text answers with, what is reported, and what is not settled.

A coding and a list of quotations name an answer by the id of its response and its question. Messages about them
name the cell and never hold its text.

A coder gives an answer any number of codes of the codebook, or none. What is reported is the code the coders
have settled on (coder ``agreed``); without one, what all of an answer's coders gave. A code that only some of
them gave is neither there nor not there until a third person has decided (docs/methods.md B3).
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from ci_eval.inputs.fact_tables import Row, read_rows
from ci_eval.inputs.personal_data import kinds
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import nearest, one_line
from ci_eval.programme.codebook import codes_of
from ci_eval.survey.record import Responses, text_column

NOTHING = frozenset({"", "n/a", "n.a", "na", "none", "nothing", "no", "nil", "-", "nothing to add"})
NOTHING |= {"no comment", "no comments", "not applicable"}
"""Answers that say there is no answer, after evening out case, spaces and full stops."""

Cell = tuple[str, str]  # a response's id and the question
COLUMNS = ("id", "question", "coder", "code")
ONE_CODE = ("role", "organisation")  # questions whose answers name one thing
AGREED = "agreed"
SETTLED, ALIKE, ALONE, DIFFERENT, UNCODED = "settled", "alike", "one coder", "not agreed", "not coded"


def says_something(texts: pd.Series) -> pd.Series:
    """Whether each text is an answer: not empty, and not one of `NOTHING`."""
    return ~texts.fillna("").str.casefold().str.strip(" .\n\r\t").isin(NOTHING)


def filled(responses: Responses) -> list[tuple[Cell, bool]]:
    """Every cell that holds a text, and whether that says something; by question, in the order of the responses.

    A response without an id, which some exports have, counts like any other; no file can point at it.
    """
    frame = responses.frame
    return [
        ((str(identity), question), bool(something))
        for question in responses.coded
        if (column := text_column(question)) in frame
        for identity, text, something in zip(
            frame["id"], frame[column], says_something(frame[column]), strict=True
        )
        if str(text).strip()
    ]


def ids(responses: Responses) -> frozenset[str]:
    """The ids that a file can point at."""
    return frozenset(responses.frame["id"].astype(str)) - {""}


def note_unknown(
    rows: Sequence[Row], known: Collection[str], findings: Findings, column: str, questions: Sequence[str]
) -> None:
    """Note rows whose response is none of the known ids, or whose `column` holds none of the questions."""
    for row in rows:
        if row["id"] not in known:
            message = "An id is no response's."
            fix = "take the id from the export; a response left out of the load cannot be used"
            reject(findings, "unknown-response", message, row, "id", fix)
        if row[column] not in questions:
            message = "A question has no texts of respondents."
            reject(findings, "unknown-text-question", message, row, column, f"write {' or '.join(questions)}")


def reject(findings: Findings, check: str, message: str, row: Row, column: str, fix: str) -> None:
    """Note a problem of a column; its rows and their responses are for the work list."""
    cells = (
        f"row {row.number:,}: {', '.join(one_line(row[name], 40) for name in dict.fromkeys(('id', column)))}"
    )
    findings.add(check, "REJECT", message, f'column "{column}"', fix, cells=cells)


Codes = dict[str, dict[Cell, frozenset[str]]]


@dataclass(frozen=True)
class Coding:
    """The coded texts of one survey. A *cell* is what one response holds to one question, where it says something.

    Attributes
    ----------
    file : name of the coding file
    comments : codes of the questions for comments
    codebook : its codes, as `programme.load_codebook` gives them
    codes : one row a cell and coder: id, question, coder, code (a frozenset of keys). Without the coder ``agreed``,
        who is nobody's own judgement
    decided : cell × code, ``boolean``: whether the cell is reported under the code; NA where its coders
        differ on it, or nobody has coded it
    status : by cell: "settled" by an agreed code, "alike" of two coders or more, "one coder", "not agreed",
        "not coded"
    """

    file: str
    comments: tuple[str, ...]
    codebook: pd.DataFrame
    codes: pd.DataFrame
    decided: pd.DataFrame
    status: pd.Series

    @property
    def coders(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.codes["coder"])))

    def of(self, *questions: str) -> "Coding":
        """The same of some questions only."""
        codebook = codes_of(self.codebook, *questions)
        cells = self.status.index.get_level_values("question").isin(questions)
        return Coding(
            self.file,
            tuple(question for question in self.comments if question in questions),
            codebook,
            self.codes[self.codes["question"].isin(questions)],
            self.decided.loc[cells, codebook["key"].tolist()],
            self.status[cells],
        )

    def counts(self) -> pd.DataFrame:
        """One row a question for comments and code, every one of them: question, key, name, reported, people,
        undecided, of.

        `people` raised the theme, of the `of` who wrote something to the question; for `undecided` more it is
        not settled, or not coded. Whole numbers.
        """
        blocks = []
        for question in self.comments:
            part = self.of(question)
            block = part.codebook[["key", "name", "reported"]].copy()
            block.insert(0, "question", question)
            block["people"] = (part.decided == True).sum().to_numpy(dtype=int)  # noqa: E712  NA is neither
            block["undecided"] = part.decided.isna().sum().to_numpy(dtype=int)
            block["of"] = len(part.decided)
            blocks.append(block)
        columns = ["question", "key", "name", "reported", "people", "undecided", "of"]
        return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=columns)

    def cells(self, *status: str) -> pd.DataFrame:
        """The cells of these states, as id and question; never their text."""
        return self.status[self.status.isin(status)].index.to_frame(index=False)


def load_coding(path: str | os.PathLike[str], responses: Responses, codebook: pd.DataFrame) -> Coding:
    """Read a coding file: a csv with the columns id, question, coder, code.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from ci_eval.survey import LoadRecord
    >>> record = LoadRecord("export.csv", "", 0, "", "", 1, 1, {})
    >>> frame = pd.DataFrame({"id": ["7"], "comment": ["More time, please."], "improve": [""]})
    >>> responses = Responses(frame, record, pd.DataFrame(), ("comment", "improve"))
    >>> code = {"questions": [("comment",)], "key": ["time"], "name": ["Time"], "reported": ["raised time"]}
    >>> codebook = pd.DataFrame(code)
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "codes.csv"
    ...     _ = file.write_text("id,question,coder,code\\n7,comment,A,time\\n", encoding="utf-8")
    ...     coding = load_coding(file, responses, codebook)
    >>> coding.status.tolist()
    ['one coder']

    Parameters
    ----------
    path : one row a cell and coder; `code` holds keys of the codebook, several separated by semicolons, empty for none
    responses : the survey whose texts were coded
    codebook : as `programme.load_codebook` gives it

    Raises
    ------
    InputError
        All problems of the file at once: a response, question or code that is not known; a code of a cell that
        holds no text, or of one that says there is nothing to say; two codes for a job role or an organisation;
        a coder who coded a cell twice, who is blank, or who is named by a contact address; and what
        `fact_tables.read_rows` refuses.
    """
    file = Path(path)
    rows = read_rows(file, COLUMNS, filled=(), respondents=True)
    held, known = filled(responses), ids(responses)
    findings = Findings(file.name, f"CANNOT USE {file.name}: no code was counted")
    note_unknown(rows, known, findings, "question", responses.coded)
    _note_problems(rows, known, dict(held), codebook, responses.coded, findings)
    findings.raise_if_stopping()
    codes: Codes = {}
    for row in rows:
        by_coder = codes.setdefault(row["coder"].casefold(), {})
        by_coder[row["id"], row["question"]] = frozenset(row.parts("code"))
    cells = [cell for cell, something in held if something]
    return _coding(file.name, responses.comments, codebook, codes, cells)


def _note_problems(
    rows: Sequence[Row],
    known: frozenset[str],
    held: Mapping[Cell, bool],
    codebook: pd.DataFrame,
    questions: Sequence[str],
    findings: Findings,
) -> None:
    first: dict[tuple[str, ...], int] = {}
    by_question = {question: tuple(codes_of(codebook, question)["key"]) for question in questions}
    for row in rows:
        add = partial(reject, findings, row=row)
        cell, coder = (row["id"], row["question"]), row["coder"].casefold()
        if not coder or kinds(coder) or "@" in coder:
            # The address itself is not repeated: messages go to logs.
            message = "A coder is a contact address." if coder else "The coder is blank."
            fix = f"write a pseudonym such as A, or {AGREED} for the code that all have settled on"
            add("coder", message, column="coder", fix=fix)
        elif first.setdefault((*cell, coder), row.number) != row.number:
            message = "A coder has coded a comment twice."
            add("coded-twice", message, column="coder", fix="keep one of the two rows")
        given, keys = row.parts("code"), by_question.get(row["question"], ())
        for key in (
            sorted({key for key in given if key not in keys}) if row["question"] in by_question else ()
        ):
            near = nearest(key, keys)
            fix = f"write {near}" if near else f"use {', '.join(keys)}, or add it to codebook.csv"
            message = f"A code is none of the codebook's for {row['question']}."
            add("unknown-code", message, column="code", fix=fix)
        if len(set(given)) < len(given):
            message = "A code comes twice in one cell."
            add("code-twice", message, column="code", fix="keep it once")
        elif len(given) > 1 and row["question"] in ONE_CODE:
            message = f"Two codes for one answer to {row['question']}."
            add("two-codes", message, column="code", fix="keep the one that fits best")
        if row["id"] in known and row["question"] in questions and cell not in held:
            fix = "correct the id or the question, or delete the row"
            add("no-text", "There is no text in an answer that is coded.", column="id", fix=fix)
        elif given and not held.get(cell, True):
            message = "There is a code for an answer which says that there is nothing to say."
            add("nothing-said", message, column="code", fix="correct the id, or leave code empty")


def _coding(
    file: str, comments: tuple[str, ...], codebook: pd.DataFrame, codes: Codes, cells: list[Cell]
) -> Coding:
    keys = [str(key) for key in codebook["key"]]
    index = pd.MultiIndex.from_tuples(cells, names=["id", "question"])
    settled = codes.get(AGREED, {})
    coders = sorted(coder for coder in codes if coder != AGREED)
    decided: list[list[bool | None]] = []
    status: list[str] = []
    for cell in cells:
        given = [codes[coder][cell] for coder in coders if cell in codes[coder]]
        final = [settled[cell]] if cell in settled else given
        decided.append([_decision(key, final) for key in keys])
        if cell in settled:
            status.append(SETTLED)
        elif len(given) < 2:
            status.append(ALONE if given else UNCODED)
        else:
            status.append(ALIKE if len(set(given)) == 1 else DIFFERENT)
    rows = [(*cell, coder, codes[coder][cell]) for cell in cells for coder in coders if cell in codes[coder]]
    return Coding(
        file=file,
        comments=comments,
        codebook=codebook,
        codes=pd.DataFrame(rows, columns=list(COLUMNS)),
        decided=pd.DataFrame(decided, index, keys, "boolean"),
        status=pd.Series(status, index, "str"),
    )


def _decision(key: str, given: Sequence[frozenset[str]]) -> bool | None:
    """Whether a cell has the code; None where its codes differ on it, or there are none."""
    has = {key in codes for codes in given}
    return has.pop() if len(has) == 1 else None
