"""Which choices of people may be shown, so that no comparison of two choices leads to a few.

Rule: as `ci_eval.report.disclosure`, carried from one table to every combination of filters. A choice is shown if it holds
nobody or at least the smallest group; if dropping any of its filters adds nobody or at least as many; if each choice
with one filter fewer is shown; and if what is hidden beside it, in every line of groups that add up to a total which is
shown, is two groups or more and together at least the smallest group.
"""

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.agreement import hedged_word, interval, share, sureness, van_der_eijk
from ci_eval.agreement.answer_counts import NOT_STATED
from ci_eval.evidence.group_frames import GROUPINGS
from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.evidence.interim_opening import open_interim
from ci_eval.evidence.period_survey import Survey, answered
from ci_eval.report import Book
from ci_eval.report.disclosure import masking

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def with_margins(cells: "NDArray[np.int64]", axes: int) -> "NDArray[np.int64]":
    """Cells with "everybody" put before the groups of each of the first `axes` axes: place 0 holds the sum."""
    for axis in range(axes):
        cells = np.concatenate([cells.sum(axis=axis, keepdims=True), cells], axis=axis)
    return cells


def visible(table: "NDArray[np.int64]", threshold: int) -> "NDArray[np.bool_]":
    """Which cells may be shown.

    Parameters
    ----------
    table : people by combination of groups, with margins (`with_margins`); along each axis place 0 is everybody, the
        last place those who did not say, between them the groups
    threshold : the least number of people that may be shown

    Returns
    -------
    bool of the same shape. Those who did not say are never shown as a group. Where one filter is chosen they stand
    beside the groups as in the report, where nobody can tell who they are; with more filters they are protected
    like any small group.
    """
    shown = np.zeros(table.shape, dtype=bool)
    everybody = (0,) * table.ndim
    total = int(table[everybody])
    shown[everybody] = total == 0 or total >= threshold
    for depth in range(1, table.ndim + 1):
        for axes in combinations(range(table.ndim), depth):
            hidden = _small_or_close(table, shown, axes, threshold)
            if depth == 1:
                hidden[:-1] |= [bool(reason) for reason in masking(_part(table, axes)[:-1], threshold)]
            else:
                _close(_part(table, axes), hidden, threshold)
            _part(shown, axes)[...] = ~hidden
    return shown


def _part(table: "NDArray[Any]", axes: tuple[int, ...]) -> "NDArray[Any]":
    """The groups along these axes, everybody along the others; a view."""
    return table[tuple(slice(1, None) if axis in axes else 0 for axis in range(table.ndim))]


def _small_or_close(
    table: "NDArray[np.int64]", shown: "NDArray[np.bool_]", axes: tuple[int, ...], threshold: int
) -> "NDArray[np.bool_]":
    """Cells that hold too few, differ from a wider choice by too few, or stand under a choice that is hidden."""
    people = _part(table, axes)
    hidden: NDArray[np.bool_] = (people > 0) & (people < threshold)
    for fewer in range(len(axes)):
        for kept in combinations(axes, fewer):
            spread = tuple(slice(None) if axis in kept else None for axis in axes)
            more = _part(table, kept)[spread] - people
            hidden |= (more > 0) & (more < threshold)
            hidden |= ~_part(shown, kept)[spread]
    for place in range(len(axes)):
        np.moveaxis(hidden, place, 0)[-1] = True  # those who did not say
    return hidden


def _close(people: "NDArray[np.int64]", hidden: "NDArray[np.bool_]", threshold: int) -> None:
    """Hide more, the smallest first, until no line of groups gives away what it hides; changes `hidden`."""
    changed = True
    while changed:
        changed = False
        for axis in range(people.ndim):
            lines = np.moveaxis(people, axis, -1), np.moveaxis(hidden, axis, -1)
            for place in np.ndindex(lines[0].shape[:-1]):
                changed |= _close_line(lines[0][place], lines[1][place], threshold)


def _close_line(people: "NDArray[np.int64]", hidden: "NDArray[np.bool_]", threshold: int) -> bool:
    changed = False
    while True:
        secret = hidden & (people > 0)
        number = int(secret.sum())
        open_to = np.flatnonzero(~hidden & (people > 0))
        if not number or (number > 1 and people[secret].sum() >= threshold) or not open_to.size:
            return changed
        hidden[open_to[np.argmin(people[open_to])]] = True
        changed = True


@dataclass(frozen=True)
class Choice:
    """Whom to look at: a period, and a group of each grouping; "" is everybody."""

    period: str
    organisation: str = ""
    role: str = ""
    mode: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups chosen, one for each grouping in the order of GROUPINGS; "" for everybody."""
        return tuple(getattr(self, name) for name in GROUPINGS)

    @property
    def told(self) -> str:
        """The choice in words: ``2022-23, Local authority, In person``."""
        return ", ".join([self.period, *(group for group in self.groups if group)])


@dataclass(frozen=True)
class Cube:
    """One period's counts by organisation, role and mode, with margins (`masking.with_margins`).

    Attributes
    ----------
    labels : of each grouping the groups, in the order of the places 1, 2, …
    respondents : people (organisation, role, mode)
    on_scale : answers (statement, organisation, role, mode, scale)
    shown : which of `respondents` may be shown; `shown_answers` which of the answers to each statement
    """

    labels: tuple[list[str], ...]
    respondents: "NDArray[np.int64]"
    on_scale: "NDArray[np.int64]"
    shown: "NDArray[np.bool_]"
    shown_answers: "NDArray[np.bool_]"

    def place(self, choice: Choice) -> tuple[int, ...]:
        """Where the choice stands. Raises LookupError for a group that does not occur."""
        for name, group, labels in zip(GROUPINGS, choice.groups, self.labels, strict=True):
            if group and group not in labels:
                raise LookupError(f"there is no {GROUPINGS[name]} {group!r} in {choice.period}")
        return tuple(
            labels.index(group) + 1 if group else 0
            for group, labels in zip(choice.groups, self.labels, strict=True)
        )


@dataclass(frozen=True)
class Exploration:
    """The surveys of a period and of those before it, ready to be cut."""

    evidence: Evidence
    _cubes: dict[str, Cube] = field(default_factory=dict)

    @property
    def surveys(self) -> dict[str, Survey]:
        """The periods that have a survey, the latest first."""
        newest_first = (self.evidence.survey, *reversed(self.evidence.earlier))
        return {survey.period: survey for survey in newest_first if survey.responses is not None}

    def cube(self, period: str) -> Cube:
        """The period's counts, made when first asked for. Raises LookupError where it has no survey."""
        if period not in self.surveys:
            raise LookupError(f"there is no survey of {period!r} to look at")
        if period not in self._cubes:
            self._cubes[period] = cube(self.surveys[period], self.evidence.smallest_group)
        return self._cubes[period]

    def groups(self, period: str, column: str) -> list[str]:
        """The groups of a grouping that may be shown by themselves; the names of others could tell who they are."""
        made, axis = self.cube(period), list(GROUPINGS).index(column)
        place: list[int | slice] = [0] * len(GROUPINGS)
        place[axis] = slice(1, -1)
        ready = made.shown[tuple(place)] & (made.respondents[tuple(place)] > 0)
        return [label for label, shown in zip(made.labels[axis], ready, strict=True) if shown]

    def respondents(self, choice: Choice) -> int | None:
        """How many people are chosen; None where that may not be shown."""
        made = self.cube(choice.period)
        place = made.place(choice)
        return int(made.respondents[place]) if made.shown[place] else None

    def results(self, choice: Choice) -> "pd.DataFrame":
        """One row a statement, indexed by its code: answered, agreeing, share, low, high, said, sureness, consensus.

        NaN and "" where nobody answered or the answers may not be shown; `masked` tells which. The interval is exact
        where the number asked of the very people chosen is known, Wilson's elsewhere.
        """
        import pandas as pd

        survey, made = self.surveys[choice.period], self.cube(choice.period)
        place = made.place(choice)
        at: tuple[Any, ...] = (slice(None), *place)
        hidden = ~made.shown_answers[at] | ~made.shown[place]
        cells = np.where(hidden[:, None], 0, made.on_scale[at])
        questionnaire = survey.questionnaire
        agree = [questionnaire.scale.index(answer) for answer in questionnaire.agree]
        m, n = cells[:, agree].sum(axis=1), cells.sum(axis=1)
        asked = _asked(survey, choice)
        known = np.where(asked >= n, asked, np.nan)
        low, high = interval(m, n, known)
        return pd.DataFrame(
            {
                "statement": [statement.text for statement in questionnaire.statements],
                "answered": np.where(hidden, np.nan, n),
                "agreeing": np.where(hidden, np.nan, m),
                "share": share(m, n),
                "low": low,
                "high": high,
                "hedged_word": hedged_word(m, n, known, bands=survey.bands),
                "sureness": sureness(m, n, known, bands=survey.bands),
                "consensus": van_der_eijk(cells),
                "masked": hidden,
            },
            index=pd.Index([statement.code for statement in questionnaire.statements], name="code"),
        )


def cube(survey: Survey, smallest_group: int) -> Cube:
    """Count a survey by every combination of its groupings, and decide what may be shown of each."""
    frame = survey.frame.assign(**{name: _groups(survey, name) for name in GROUPINGS})
    counted = survey.counts_of(frame, list(GROUPINGS))
    axes = [list(dict.fromkeys(group[axis] for group in counted.groups)) for axis in range(len(GROUPINGS))]
    shape = tuple(len(labels) for labels in axes)
    # where everybody said, the place of those who did not say is empty
    padding = [(0, 0 if labels[-1:] == [NOT_STATED] else 1) for labels in axes]
    people = np.pad(counted.respondents.reshape(shape), padding)
    on_scale = counted.on_scale
    answers = np.pad(on_scale.reshape(len(on_scale), *shape, -1), [(0, 0), *padding, (0, 0)])
    people = with_margins(people, len(axes))
    answers = np.stack([with_margins(statement, len(axes)) for statement in answers])
    return Cube(
        tuple([label for label in labels if label != NOT_STATED] for labels in axes),
        people,
        answers,
        visible(people, smallest_group),
        np.stack([visible(statement.sum(axis=-1), smallest_group) for statement in answers]),
    )


def _groups(survey: Survey, name: str) -> "pd.Series[Any]":
    """A grouping column as categories in the report's order; blanks and what marks no answer are not stated."""
    column = survey.frame[name]
    said = answered(column) & ~column.isin(survey.questionnaire.missing)
    texts = column.astype(object).astype(str).str.strip().where(said)
    order = [str(group).strip() for group in survey.counts_by(name).groups]
    present = set(texts.dropna())
    return texts.astype("category").cat.set_categories([g for g in dict.fromkeys(order) if g in present])


def _asked(survey: Survey, choice: Choice) -> float:
    chosen = {name: group for name, group in zip(GROUPINGS, choice.groups, strict=True) if group}
    if not chosen:
        return float("nan") if survey.asked is None else float(survey.asked)
    if set(chosen) == {"organisation"}:
        return float(survey.asked_by.get(chosen["organisation"], np.nan))
    return float("nan")


def open_explore(period: str, settings: str = "", output: str = "") -> tuple[Exploration, Book]:
    """The surveys of the period and of those before it, and the book of a survey explored by hand.

    Parameters and errors as `open_interim`.
    """
    evidence, interim = open_interim(period, settings)
    book = Book(
        title=evidence.programme.titles.explore_survey,
        subtitle=f"Review period {evidence.period} and those before it",
        period=evidence.period,
        notebook="explore_survey",
        folder=output or None,
        programme=evidence.programme.name,
        invented=interim.invented,
        smallest_group=interim.smallest_group,
    )
    return Exploration(evidence), book
