"""An attacker who holds what is released, and the rule, and solves for whole numbers what is protected.

Her unknowns are, for each group that exists and for those who named none, how many people it is (n), how many of them
answered each statement (a) and how many of those agreed (m). What is released is equations between them. A set of small
groups is recovered where such a number has one value only and the set is smaller than the threshold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from ci_eval.evidence import Evidence

GROUPINGS = ("organisation", "role", "mode")
Interval = tuple[float, float]


@dataclass(frozen=True)
class Cell:
    """What is released of one statement and group."""

    grouping: str
    statement: str
    label: str
    answered: float
    agreeing: Interval
    further: bool

    @classmethod
    def exact(cls, row: Mapping[str, Any], further: bool) -> "Cell":
        """Of a row of `Evidence.groups`, whose numbers of people are known to one."""
        agreeing = (row["agreeing"], row["agreeing"])
        return cls(row["grouping"], row["statement"], row["group"], row["answered"], agreeing, further)


@dataclass
class Released:
    """What is released of one period's survey, whatever the file.

    Attributes
    ----------
    received : people who responded
    totals : statement → people who answered, and who agreed
    people : grouping, group as it is called, people
    weights : organisation as it is called → weight of a respondent
    weighted : statement → weighted share, three decimals
    """

    received: int
    totals: dict[str, tuple[float, Interval]]
    people: list[tuple[str, str, float]]
    cells: list[Cell]
    weights: dict[str, float] = field(default_factory=dict)
    weighted: dict[str, float] = field(default_factory=dict)


def of_results(results: Mapping[str, Any]) -> Released:
    """What results.json of a run holds of its own period."""
    pieces = results["pieces"]

    def rows(key: str) -> list[dict[str, Any]]:
        return pieces[key]["rows"] if key in pieces else []

    cells = [Cell.exact(row, False) for row in rows("groups-chart")]
    for by in GROUPINGS:
        for row in rows(f"groups-{by}-further-table"):
            between = ((row["share"] - 0.0101) * row["answered"], (row["share"] + 0.0101) * row["answered"])
            cells.append(Cell(by, row["statement"], row["group"], row["answered"], between, True))
    return Released(
        pieces["received"]["numbers"]["responses"],
        {
            row["statement"]: (row["answered"], (round(row["share"] * row["answered"]),) * 2)
            for row in rows("statements-table")
            if row["answered"]
        },
        [(by, row["answer"], row["responses"]) for by in GROUPINGS for row in rows(f"respondents-by-{by}")],
        cells,
        {row["organisation"]: row["weight"] for row in rows("weights")},
        {row["statement"]: row["weighted_share"] for row in rows("weighted-words") if row["answered"]},
    )


class Attacker:
    """The equations of one grouping, and what follows from them."""

    def __init__(self, released: Released, grouping: str, present: Sequence[str], threshold: int) -> None:
        self.released, self.grouping, self.threshold = released, grouping, threshold
        self.present = list(present)
        self.many = released.received + threshold  # more than anything can be
        self.solutions: list[np.ndarray[Any, Any]] = []
        self.people = [one for one in released.people if one[0] == grouping and one[2]]
        self.by_name = [label for _, label, _ in self.people if label in self.present]
        self.small = [name for name in self.present if name not in self.by_name]
        self.statements = list(released.totals)
        self.columns: dict[str, int] = {}
        self.rows: list[dict[int, float]] = []
        self.ends: list[Interval] = []
        for name in (*self.present, ""):
            for statement in self.statements:
                self.knows({f"n {name}": 1, f"a {statement} {name}": -1}, 0, self.many)
                self.knows({f"a {statement} {name}": 1, f"m {statement} {name}": -1}, 0, self.many)
        self._reads()
        self._knows_the_rule()

    def knows(self, terms: Mapping[str, float], low: float, high: float) -> None:
        """A weighted sum of unknowns lies between two ends."""
        self.rows.append(
            {self.columns.setdefault(name, len(self.columns)): value for name, value in terms.items()}
        )
        self.ends.append((low, high))

    def members(self, label: str) -> list[str]:
        """The groups that a label speaks of: those it names, and the smaller ones, which are all others."""
        rest, named = label.casefold(), []
        for name in sorted(self.by_name, key=len, reverse=True):
            if name.casefold() in rest:
                named.append(name)
                rest = rest.replace(name.casefold(), "")
        return [*named, *(self.small if "smaller" in rest else [])]

    def _reads(self) -> None:
        released = self.released
        everybody = (*self.present, "")
        self.knows({f"n {name}": 1 for name in everybody}, released.received, released.received)
        for statement, (answered, (low, high)) in released.totals.items():
            self.knows({f"a {statement} {name}": 1 for name in everybody}, answered, answered)
            self.knows({f"m {statement} {name}": 1 for name in everybody}, low, high)
        for _, label, number in self.people:
            self.knows({f"n {name}": 1 for name in self.members(label)}, number, number)
        for cell in released.cells:
            if cell.grouping == self.grouping:
                inside = self.members(cell.label)
                self.knows({f"a {cell.statement} {n}": 1 for n in inside}, cell.answered, cell.answered)
                self.knows({f"m {cell.statement} {n}": 1 for n in inside}, *cell.agreeing)
        if self.grouping == "organisation":
            self._reads_weights()

    def _reads_weights(self) -> None:
        own = {label: weight for label, weight in self.released.weights.items() if self.members(label)}
        if not own:
            return
        for statement, share in self.released.weighted.items():
            for end, sign in ((share - 0.0005, 1), (share + 0.0005, -1)):
                terms: dict[str, float] = {}
                for label, weight in [*own.items(), ("", 1.0)]:
                    for name in self.members(label) if label else [""]:
                        terms[f"m {statement} {name}"] = sign * weight
                        terms[f"a {statement} {name}"] = -sign * weight * end
                self.knows(terms, -1e-6, self.many**2)

    def _knows_the_rule(self) -> None:
        """One of the smaller groups is under the threshold, and none is larger than the smallest group that is named."""
        if not self.small or not self.people:
            return
        widely = [
            s for s, (answered, _) in self.released.totals.items() if 2 * answered >= self.released.received
        ]
        named = {label: [number] for _, label, number in self.people if label in self.by_name}
        for cell in self.released.cells:
            if cell.grouping == self.grouping and cell.label in named and cell.statement in widely:
                named[cell.label].append(cell.answered)
        sizes = {
            name: [f"n {name}", *(f"a {statement} {name}" for statement in widely)] for name in self.small
        }
        if named:
            least = min(min(numbers) for numbers in named.values())
            for quantities in sizes.values():
                self._some_is(quantities, least)
        self._some_is([one for quantities in sizes.values() for one in quantities], self.threshold - 1)

    def _some_is(self, quantities: Sequence[str], at_most: float) -> None:
        flags = [f"? {at_most} {one}" for one in quantities]
        for one, flag in zip(quantities, flags, strict=True):
            self.knows({one: 1, flag: self.many}, -self.many, at_most + self.many)
        self.knows(dict.fromkeys(flags, 1), 1, len(flags))

    def only_value(self, quantities: Sequence[str]) -> int | None:
        """The one value that a sum has, everything released being true; None where it may have several.

        Surveys that would be released alike, as they are met, are kept: two of them that differ settle the question.
        """
        places = [self.columns[name] for name in quantities]
        for sign in (1, -1):
            values = {round(one[places].sum()) for one in self.solutions}
            if len(values) > 1:
                return None
            self.solutions.append(self._survey_with(places, sign))
        values = {round(one[places].sum()) for one in self.solutions}
        return values.pop() if len(values) == 1 else None

    def _survey_with(self, places: Sequence[int], sign: int) -> "np.ndarray[Any, Any]":
        """A survey that would be released alike, with the least (1) or the most (-1) of a sum."""
        if not self.solutions:
            cells = [(row, column) for row, terms in enumerate(self.rows) for column in terms]
            values = [value for terms in self.rows for value in terms.values()]
            shape = (len(self.rows), len(self.columns))
            self.matrix = csr_array((values, tuple(np.array(cells).T)), shape=shape)
        cost = np.zeros(len(self.columns))
        cost[places] = sign
        low = [float(name.startswith("n ") and name != "n ") for name in self.columns]
        high = [1.0 if name.startswith("? ") else self.many for name in self.columns]
        solved = milp(
            cost,
            constraints=LinearConstraint(self.matrix, *np.array(self.ends).T),
            bounds=Bounds(low, high),
            integrality=np.ones(len(self.columns), dtype=np.int64),
        )
        if not solved.success:
            raise ValueError(f"what is released contradicts itself: {solved.message}")
        return np.asarray(solved.x)

    def recovers(self) -> Iterator[str]:
        """What has one value only, of each number of the small groups together that is smaller than the threshold.

        Nothing that is released tells one small group from another, so one set of each size stands for all.
        Where all or none of a union agreed, so did each of its groups (docs/methods.md, "Small groups").
        """
        yield from (f"{label} is {number:g}" for _, label, number in self.people if number < self.threshold)
        for cell in self.released.cells:
            if cell.grouping == self.grouping and cell.answered < self.threshold:
                yield f"{cell.label} gave {cell.answered:g} answers to {cell.statement}"
        for number in range(1, len(self.small) + 1):
            chosen = self.small[:number]
            if number == len(self.small) and self.people:
                continue  # the union itself is shown, and holds the threshold
            for what in ("n", *(f"{of} {one}" for one in self.statements for of in "am")):
                if what[0] == "m" and self._alike(what[2:]):
                    continue
                only = self.only_value([f"{what} {name}" for name in chosen])
                if only is not None and only < self.threshold:
                    yield f"{self.grouping}: {what} of {number} smaller groups is {only}"

    def _alike(self, statement: str) -> bool:
        """Whether all or none agreed of everybody, or of a group that is shown with small ones in it."""
        answered, (low, high) = self.released.totals[statement]
        if low == high and low in (0, answered):
            return True
        return any(
            cell.agreeing[0] <= 0 or cell.agreeing[1] >= cell.answered
            for cell in self.released.cells
            if cell.grouping == self.grouping
            and cell.statement == statement
            and set(self.small) & set(self.members(cell.label))
        )


def named(evidence: Evidence, grouping: str) -> "pd.Series[int]":
    """How many people named each group, in truth."""
    column = evidence.survey.frame[grouping]
    answers = column.astype(object).where(~column.isin(evidence.questionnaire.missing)).dropna()
    answers = answers.map(str.strip)
    return answers[answers != ""].value_counts()


def recovered(released: Released, evidence: Evidence, threshold: int) -> Iterator[str]:
    """What of `released` leads to a group, or groups together, of fewer people than the threshold."""
    for grouping in GROUPINGS:
        present = named(evidence, grouping)
        if (present < threshold).any():
            yield from Attacker(released, grouping, list(present.index), threshold).recovers()
