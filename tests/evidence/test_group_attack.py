"""An attacker who holds every frame of a period does not recover how many people a small group is, nor its answers.

She knows which groups there are, the rule, the totals, and solves for whole numbers. What is protected: the size of a
group of fewer people than the threshold, how many of it answered a statement, and how many of them agreed.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from campaigns import campaign, size
from scipy.optimize import Bounds, LinearConstraint, milp

from ci_eval.evidence import Evidence, group_frames

THRESHOLD, MANY = 5, 100
CODES = ("s01", "s02", "s03")
NAMES = ("Education Scotland", "ADES", "Local authority", "Other (please specify)")
SMALLER = "maller organisations"


def invented(second: Evidence, generator: np.random.Generator) -> Evidence:
    """A survey of 5 to 40 people, most of one organisation, some of none, with statements left blank."""
    people = int(generator.integers(5, 41))
    part = generator.dirichlet(np.full(len(NAMES), 0.7))
    own = generator.choice([*NAMES, None], size=people, p=[*(0.94 * part), 0.06])
    responses = second.survey.responses
    frame = responses.frame.head(people).copy()
    frame["organisation"] = pd.Categorical(own, categories=list(frame["organisation"].cat.categories))
    for statement in second.questionnaire.statements:
        given = generator.choice(
            ["Strongly agree", "Agree", "Disagree", None], size=people, p=[0.4, 0.3, 0.2, 0.1]
        )
        frame[statement.code] = given if statement.code in CODES else np.full(people, None, dtype=object)
    asked = {name: int((own == name).sum() + generator.integers(0, 8)) for name in NAMES}
    survey = replace(
        second.survey,
        responses=replace(responses, frame=frame),
        asked=sum(asked.values()) + people,
        asked_by={name: number for name, number in asked.items() if number},
    )
    return replace(second, survey=survey.masked(THRESHOLD), earlier=())


class Attacker:
    """Whole numbers n (people), a (answered), m (agreed) of each organisation, and what the frames say of them."""

    def __init__(self, evidence: Evidence) -> None:
        self.present = [n for n in NAMES if (evidence.survey.frame["organisation"] == n).any()]
        self.columns: list[str] = [f"n {name}" for name in (*self.present, "")]
        self.columns += [f"{what} {code} {n}" for what in "am" for code in CODES for n in (*self.present, "")]
        self.rows: list[dict[str, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.bound = len(self.present) + 1
        for code in CODES:
            for name in (*self.present, ""):
                self.knows({f"n {name}": 1, f"a {code} {name}": -1}, 0, MANY)
                self.knows({f"a {code} {name}": 1, f"m {code} {name}": -1}, 0, MANY)
        self.reads(evidence)

    def knows(self, terms: dict[str, float], low: float, high: float) -> None:
        self.rows.append(terms)
        self.low.append(low)
        self.high.append(high)

    def members(self, label: str, by_name: set[str]) -> list[str]:
        """The organisations a label speaks of: those it names, and the smaller ones, which are all others."""
        named = [n for n in self.present if n in label]
        return [n for n in self.present if n in named or (SMALLER in label and n not in by_name)]

    def reads(self, evidence: Evidence) -> None:
        """Everything released, as equations; and the rule."""
        people, groups, totals = evidence.respondents(), evidence.groups(), evidence.statements()
        self.knows(
            {f"n {n}": 1 for n in (*self.present, "")}, evidence.survey.received, evidence.survey.received
        )
        for code in CODES:
            for what, column in (("a", "answered"), ("m", "agreeing")):
                total = float(totals.loc[code, column])
                if total == total:
                    self.knows({f"{what} {code} {n}": 1 for n in (*self.present, "")}, total, total)
        if not people.empty:
            people = people[people["question"] == "organisation"]
        if people.empty:
            return
        by_name = {n for n in people["answer"] if n in NAMES}
        unsaid = evidence.survey.received - people["responses"].sum()
        self.knows({"n ": 1}, unsaid, unsaid)
        for label, number in zip(people["answer"], people["responses"], strict=True):
            if number:
                self.knows({f"n {n}": 1 for n in self.members(label, by_name)}, number, number)
        rows = groups if groups.empty else groups[groups["grouping"] == "organisation"]
        for row in rows.to_dict("records"):
            inside = self.members(row["group"], by_name)
            for what, column in (("a", "answered"), ("m", "agreeing")):
                terms = {f"{what} {row['code']} {n}": 1.0 for n in inside}
                self.knows(terms, row[column], row[column])
        self._reads_weights(evidence, by_name)
        smaller = [n for n in self.present if n not in by_name]
        # the rule: one of the smaller ones is under the threshold, in people or on a statement
        if smaller:
            flags = []
            for name in smaller:
                for what in (f"n {name}", *(f"a {code} {name}" for code in CODES)):
                    flag = f"small {what}"
                    self.columns.append(flag)
                    self.knows({what: 1, flag: MANY}, 0, THRESHOLD - 1 + MANY)
                    flags.append(flag)
            self.knows(dict.fromkeys(flags, 1), 1, len(flags))

    def _reads_weights(self, evidence: Evidence, by_name: set[str]) -> None:
        weights, weighted = evidence.weights(), evidence.weighted()
        if weights.empty:
            return
        own = dict(zip(weights["organisation"], weights["weight"], strict=True))
        for label, number in zip(weights["organisation"], weights["responses"], strict=True):
            self.knows({f"n {n}": 1 for n in self.members(label, by_name)}, number, number)
        for code in CODES:
            share = float(weighted.loc[code, "weighted_share"])
            for end, sign in ((share - 0.0005, 1), (share + 0.0005, -1)):
                terms: dict[str, float] = {}
                for label, weight in [*own.items(), ("", 1.0)]:
                    for n in self.members(label, by_name) if label else [""]:
                        terms[f"m {code} {n}"] = sign * weight
                        terms[f"a {code} {n}"] = -sign * weight * end
                self.knows(terms, -1e-6, MANY * MANY)

    def range_of(self, column: str) -> tuple[int, int]:
        """The least and the most that a number can be, everything released being true."""
        matrix = np.zeros((len(self.rows), len(self.columns)))
        for place, terms in enumerate(self.rows):
            for name, value in terms.items():
                matrix[place, self.columns.index(name)] = value
        low = np.zeros(len(self.columns))
        low[: len(self.present)] = 1  # each organisation that exists holds somebody
        high = np.array([1.0 if name.startswith("small ") else MANY for name in self.columns])
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(self.columns))
            cost[self.columns.index(column)] = sign
            solved = milp(
                cost,
                constraints=LinearConstraint(matrix, self.low, self.high),
                bounds=Bounds(low, high),
                integrality=np.ones(len(self.columns)),
            )
            assert solved.success, f"what is released contradicts itself: {solved.message}"
            ends.append(round(sign * solved.fun))
        return ends[0], ends[1]


def recovered(evidence: Evidence) -> Iterator[str]:
    """What of a small group has one value only, given everything released."""
    attacker = Attacker(evidence)
    people = evidence.survey.frame["organisation"].value_counts()
    groups = evidence.groups()
    for name in attacker.present:
        if people[name] >= THRESHOLD:
            continue
        columns = [f"n {name}"]
        for code in CODES:
            if not evidence.survey.counts.answered[int(code[1:]) - 1, 0]:
                continue  # nothing is released of a statement that too few answered
            columns.append(f"a {code} {name}")
            # that none of a group agreed follows where none of its union did, and of everybody
            rows = groups if groups.empty else groups[groups["code"] == code]
            if (
                not (rows.empty or (rows["agreeing"] == 0).any())
                and evidence.statements().loc[code, "agreeing"]
            ):
                columns.append(f"m {code} {name}")
        for column in columns:
            low, high = attacker.range_of(column)
            if low == high:
                yield f"{column} is {low}"


@campaign(8, 1000)
def test_nothing_protected_is_recovered_from_the_frames_of_one_period(second: Evidence) -> None:
    generator = np.random.default_rng(20221129)
    surveys, by_name = size(8, 1000), 0
    for number in range(surveys):
        evidence = invented(second, generator)
        assert list(recovered(evidence)) == [], number
        by_name += bool(set(NAMES) & set(evidence.groups().get("group", ())))
    assert by_name > 0  # safety is not bought by showing nothing


def test_an_attacker_who_can_succeed_does(second: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were every group shown by name, each small one would be read off."""
    monkeypatch.setattr(
        group_frames.small_groups, "put_together", lambda people, _: [(name,) for name in people]
    )
    monkeypatch.setattr(group_frames.small_groups, "for_one_statement", lambda groups, *_: list(groups))
    generator = np.random.default_rng(20221129)
    assert any(list(recovered(invented(second, generator))) for _ in range(10))
