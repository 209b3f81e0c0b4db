"""One table of counts, statement × group × answer, from which every statistic about statements is computed.

Method: docs/methods.md A (opening) and A1. Rows of respondents are touched once, here. The table has a
place for every declared answer, so an answer nobody gave is a zero; an answer nobody declared stops the
count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

EVERYBODY = "all respondents"  # the one group when no groups are asked for
NOT_STATED = "not stated"  # the group of respondents without a value in a grouping column
NOT_ANSWERED = "not answered"  # the row of frame() for respondents without an answer
HEADLINE = "CANNOT COMPUTE counts"

Group = Any  # a value of the grouping column, or a tuple of values of several


@dataclass(frozen=True)
class Counts:
    """How many respondents of each group gave each answer to each statement.

    Attributes
    ----------
    table : int64 (statements, groups, answers)
    not_answered : int64 (statements, groups), respondents whose cell was empty
    statements, groups, answers : labels of the axes, in declared order
    scale : the answers that are the base of a percentage, from one end to the other
    agree : the answers of the scale that count as agreeing
    by : the grouping columns, none for everybody together; with several, a group is a tuple of their values
    """

    table: IntArray
    not_answered: IntArray
    statements: tuple[str, ...]
    groups: tuple[Group, ...]
    answers: tuple[str, ...]
    scale: tuple[str, ...]
    agree: tuple[str, ...]
    by: tuple[str, ...] = ()

    @property
    def on_scale(self) -> IntArray:
        """Answers on the scale only, in the scale's order; int64 (statements, groups, scale)."""
        return self.table[..., [self.answers.index(answer) for answer in self.scale]]

    @property
    def answered(self) -> IntArray:
        """Respondents with an answer on the scale; int64 (statements, groups)."""
        return np.asarray(self.on_scale.sum(axis=-1))

    @property
    def agreeing(self) -> IntArray:
        """Respondents who agree; int64 (statements, groups)."""
        return np.asarray(self.table[..., [self.answers.index(a) for a in self.agree]].sum(axis=-1))

    @property
    def respondents(self) -> IntArray:
        """Respondents of each group, whether they answered or not; int64 (groups,)."""
        whole = self.table.sum(axis=-1) + self.not_answered
        return np.asarray(whole[0]) if len(self.statements) else np.zeros(len(self.groups), dtype=np.int64)

    @property
    def distribution(self) -> FloatArray:
        """Share of each answer of the scale (statements, groups, scale); NaN where nobody answered."""
        given, n = self.on_scale, self.answered[..., None]
        empty = np.full(given.shape, np.nan)
        return np.asarray(np.divide(given, n, out=empty, where=n > 0))

    @property
    def median(self) -> NDArray[np.str_]:
        """The middle answer of the scale, "Agree / Disagree" where it lies between two; "" without
        answers."""
        below = self.on_scale.cumsum(axis=-1)
        n = self.answered
        lower = (below < ((n + 1) // 2)[..., None]).sum(axis=-1)
        upper = (below < (n // 2 + 1)[..., None]).sum(axis=-1)
        labels = np.array([*self.scale, ""])
        low, high = labels[np.where(n == 0, -1, lower)], labels[np.where(n == 0, -1, upper)]
        return np.where(low == high, low, np.char.add(np.char.add(low, " / "), high))

    def frame(self) -> pd.DataFrame:
        """Long form: statement, group, answer, count; empty cells as the answer "not answered"."""
        whole = np.concatenate([self.table, self.not_answered[..., None]], axis=-1)
        rows = product(self.statements, self.groups, (*self.answers, NOT_ANSWERED))
        frame = pd.DataFrame(list(rows), columns=["statement", "group", "answer"])
        frame["count"] = whole.ravel()
        return frame


def counts(
    frame: pd.DataFrame,
    statements: Sequence[str],
    answers: Sequence[str],
    scale: Sequence[str],
    agree: Sequence[str],
    by: str | Sequence[str] | None = None,
) -> Counts:
    """Count the answers to each statement, in each group.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"s01": ["Yes", "Yes", "No"], "role": ["teacher", "officer", "officer"]})
    >>> table = counts(frame, ["s01"], ["Yes", "No"], ["Yes", "No"], ["Yes"], by="role")
    >>> table.groups
    ('officer', 'teacher')
    >>> table.agreeing.tolist()
    [[1, 1]]

    Parameters
    ----------
    frame : one row a respondent; statement columns hold answers, NaN where not answered
    statements : names of the statement columns
    answers : every answer that may occur, in the order wanted
    scale : those that are the base of a percentage; the rest ("Don't know", "Not applicable") is counted
        apart
    agree : those of the scale that count as agreeing
    by : a grouping column, or several whose combinations are the groups. Categories of a categorical column
        are all groups, in their order, with or without respondents; other columns give their values in
        sorted order. Rows without a value form a last group, "not stated", if there are any.

    Raises
    ------
    Refused
        If a column is missing, an answer occurs that was not declared, an answer is declared twice, the
        scale is not among the answers, or the answers that agree are not on the scale.
    """
    if not isinstance(frame, pd.DataFrame):
        refuse(HEADLINE, "frame", f"a frame with one row a respondent is needed, not {type(frame).__name__}")
    given = tuple(answers)
    _declared(given, tuple(scale), tuple(agree))
    grouping = [by] if isinstance(by, str) else list(by or ())
    for column in [*statements, *grouping]:
        found = list(frame.columns).count(column)
        if found != 1:
            refuse(HEADLINE, "column", f"column '{column}' stands {found} times in the responses, not once")
    groups, place = _groups(frame, grouping)
    width = len(given) + 1  # the last place takes the empty cells
    table = np.empty((len(statements), len(groups), width), dtype=np.int64)
    for i, codes in enumerate(_codes(frame, statements, given)):
        flat = codes if len(groups) == 1 else place * width + codes
        table[i] = np.bincount(flat, minlength=len(groups) * width).reshape(len(groups), width)
    return Counts(
        table[..., :-1],
        table[..., -1],
        tuple(statements),
        groups,
        given,
        tuple(scale),
        tuple(agree),
        tuple(grouping),
    )


def _declared(answers: tuple[str, ...], scale: tuple[str, ...], agree: tuple[str, ...]) -> None:
    for name, labels in (("answers", answers), ("scale", scale), ("agree", agree)):
        if len(set(labels)) != len(labels):
            refuse(HEADLINE, "declared-twice", f"{name} names an answer twice: {', '.join(labels)}")
    for name, part, whole in (("scale", scale, answers), ("agree", agree, scale)):
        stray = [label for label in part if label not in whole]
        if stray:
            text = f"{name} names '{stray[0]}', which is not among {', '.join(whole)}"
            refuse(HEADLINE, "not-declared", text)
    if NOT_ANSWERED in answers:
        text = f"'{NOT_ANSWERED}' stands for empty cells and cannot be a declared answer"
        refuse(HEADLINE, "reserved", text)


def _codes(frame: pd.DataFrame, statements: Sequence[str], answers: tuple[str, ...]) -> Iterator[IntArray]:
    """Place of each answer among the declared ones, statement by statement; empty cells come last."""
    lookup = pd.Index(answers, dtype=object)
    for statement in statements:
        column = frame[statement]
        if isinstance(column.dtype, pd.CategoricalDtype):
            place = lookup.get_indexer(column.cat.categories.astype(object))
            codes = np.append(place, len(answers))[column.cat.codes.to_numpy()]
        else:
            codes = lookup.get_indexer(pd.Index(column.astype(object)))
            codes = np.where(column.isna().to_numpy(), len(answers), codes)
        if (codes < 0).any():
            row = int(np.argmax(codes < 0))
            text = f"'{column.iloc[row]}' is not a declared answer to {statement}"
            where = f"row {row + 1} of the responses, column {statement}"
            fix = "declare the answer, or correct the reading of the export"
            refuse(HEADLINE, "undeclared-answer", text, where=where, count=int((codes < 0).sum()), fix=fix)
        yield codes


def _groups(frame: pd.DataFrame, grouping: list[str]) -> tuple[tuple[Group, ...], IntArray]:
    """Labels of the groups, and the place of each row among them.

    Categories in their order, other values sorted; "not stated" comes last, whether cells are empty or say so.
    """
    labels: list[list[Any]] = []
    place = np.zeros(len(frame), dtype=np.int64)
    for name in grouping:
        values, codes = _categories(frame[name])
        stated = np.array([value != NOT_STATED for value in values], dtype=bool)
        if not stated.all() or (codes < 0).any():
            places = np.where(stated, stated.cumsum() - 1, stated.sum())
            codes = np.append(places, stated.sum())[codes]  # −1, an empty cell, looks up the last
            values = [*(value for value in values if value != NOT_STATED), NOT_STATED]
        place = place * len(values) + codes
        labels.append(values)
    if not grouping:
        return (EVERYBODY,), place
    return tuple(labels[0] if len(labels) == 1 else product(*labels)), place


def _categories(column: pd.Series) -> tuple[list[Any], IntArray]:
    """The values of a column in their order, and the place of each row's among them, -1 where empty."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories), column.cat.codes.to_numpy().astype(np.int64)
    # as objects, because pandas takes twice as long over its own text; what is sorted is each value once
    text = isinstance(column.dtype, pd.StringDtype)
    first, found = pd.factorize(column.to_numpy(dtype=object) if text else column)
    known = pd.Series(found).astype("category")
    return list(known.cat.categories), np.append(known.cat.codes.to_numpy(), -1)[first].astype(np.int64)
