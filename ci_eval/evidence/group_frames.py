"""How far each group of respondents agreed with each statement, and whether groups differ.

Rules: docs/methods.md, "Small groups" and A8. Small groups are put together before anything is counted, and everything
about groups rests on the groups as put together: shares, numbers asked, weights and tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement import Counts, compare_groups, holm, interval, share, word
from ci_eval.evidence.period_survey import Survey, answered
from ci_eval.programme import Question
from ci_eval.report import sentences, small_groups
from ci_eval.survey.wording_matches import PEOPLE, WORDING

ORGANISATION = "organisation"  # the code of the grouping whose numbers asked are known
EVIDENCE = 0.05  # of the p-values adjusted by Holm's method
NONE, NOT_TESTED = "none", "not tested"
HINT = "a hint"  # the interval leaves out no difference, the adjusted p is no evidence
MIRRORED = "compared once"  # of two groups the second is the first's mirror
COMPARED = ("others", "superiority", "superiority_low", "superiority_high", "p", "test")

Part = tuple[str, ...]


@dataclass(frozen=True)
class Groups:
    """The groups of one grouping as they may be shown.

    Attributes
    ----------
    question : by whose answers people are grouped
    parts : the names of each group, several where small ones are put together; empty where none may be shown
    stated : the group each respondent named, NaN where she named none
    counts : statement × named group × answer, and last those who named none, if any
    merged : how many free-text answers were merged by what
    """

    question: Question
    parts: tuple[Part, ...]
    stated: "pd.Series[Any]"
    counts: Counts
    smallest: int
    merged: dict[str, int]

    @property
    def names(self) -> list[str]:
        """Every group that somebody named."""
        return list(self.stated.cat.categories)

    @property
    def unsaid(self) -> int:
        """Respondents who named no group."""
        return int(self.stated.isna().sum())

    def label(self, part: Part) -> str:
        """The name of a group, or of the smaller ones together, or of several for one statement."""
        if len(part) == 1:
            return part[0]
        alone = [name for name in part if (name,) in self.parts]
        small = [f"smaller {self.question.groups}"] if len(alone) < len(part) else []
        return sentences.opening(f"{sentences.listed([*alone, *small])} together")

    def people(self, part: Part) -> int:
        """Respondents of a group."""
        return int(self.stated.isin(part).sum())

    def summed(self, table: np.ndarray[Any, Any], part: Part) -> np.ndarray[Any, Any]:
        """The sum over the names of a group; `table` is (statements, named groups, …)."""
        names = self.names
        return np.asarray(table[:, [names.index(name) for name in part]].sum(axis=1))

    def by_statement(self) -> list[list[Part]]:
        """The groups as they may be shown for each statement, in the order of the statements."""
        if self.smallest == 1:
            return [list(self.parts) for _ in self.counts.statements]
        return [
            small_groups.for_one_statement(
                self.parts,
                dict(zip(self.names, people.tolist(), strict=False)),
                dict(zip(self.names, agreeing.tolist(), strict=False)),
                self.smallest,
            )
            for people, agreeing in zip(self.counts.answered, self.counts.agreeing, strict=True)
        ]

    def for_every_statement(self) -> list[Part]:
        """The finest groups that are unions of those shown for each statement: weights rest on them."""
        joined = list(self.parts)
        for parts in self.by_statement():
            for part in parts:
                inside = [one for one in joined if set(one) <= set(part) or set(one) & set(part)]
                if len(inside) > 1:
                    union = tuple(name for one in inside for name in one)
                    joined = [*(one for one in joined if one not in inside), union]
        return joined

    def counted_in(self, survey: Survey) -> "Groups":
        """The same groups, with the counts of the statements of a part of the survey."""
        code = self.question.code
        return replace(self, counts=survey.counts_of(survey.frame.assign(**{code: self.stated}), code))

    def note(self) -> str:
        """Who is left out, and what is put together."""
        said = []
        for part in self.parts:
            if len(part) > 1:
                said.append(
                    f"“{self.label(part)}” holds {len(part):,} {self.question.groups}: those of which fewer "
                    f"than {self.smallest} people answered a statement, and the next in size where that is needed."
                )
        if self.unsaid:
            who = sentences.opening(sentences.count(self.unsaid, "respondent"))
            said.append(f"{who} did not say and {'is' if self.unsaid == 1 else 'are'} left out.")
        for how, done in ((WORDING, "merged with the codebook by wording"), (PEOPLE, "coded by people")):
            if self.merged.get(how, 0):  # their number, less another, can be a small group's
                said.append(f"Some answers were {done}.")
        return " ".join(said)


def groups_of(survey: Survey, grouping: str, smallest: int) -> Groups:
    """The groups that respondents named, small ones put together; those who did not say are in none.

    The size of a group is the fewest of its people who answered one statement: a group that is small on one statement
    only would follow from its size, were it shown by name on the others.
    """
    column = survey.frame[grouping]
    text = column.astype(object).where(answered(column) & ~column.isin(survey.questionnaire.missing))
    text = text.map(str.strip, na_action="ignore")
    order = (
        column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else sorted(set(text.dropna()))
    )
    present = set(text.dropna())
    names = [name for name in dict.fromkeys(str(one).strip() for one in order) if name in present]
    stated = pd.Series(pd.Categorical(text, categories=names), index=column.index)
    counted = survey.counts_of(survey.frame.assign(**{grouping: stated}), grouping)
    people, answers = counted.respondents[: len(names)], counted.answered[:, : len(names)]
    fewest = np.vstack([people[None], answers[widely_answered(counted)]]).min(axis=0)
    sizes = dict(zip(names, np.maximum(fewest, 1).tolist(), strict=True))
    parts = small_groups.put_together(sizes, smallest)
    if len(parts) == 1 and (len(parts[0]) > 1 or sum(sizes.values()) < smallest):
        parts = []
    question = survey.questionnaire.question(grouping)
    return Groups(question, tuple(parts), stated, counted, smallest, survey.merged.get(grouping, {}))


def widely_answered(counted: Counts) -> np.ndarray[Any, Any]:
    """Which statements at least half of the respondents answered; the others are not shown by group."""
    return np.asarray(2 * counted.answered.sum(axis=1) >= counted.respondents.sum())


def reading(p: float, superiority: float, more: str, less: str, none: str = NONE) -> str:
    """What an adjusted p allows to be said; "" where nothing was compared."""
    if np.isnan(p):
        return ""
    if p >= EVIDENCE:
        return none
    return more if superiority > 0.5 else less


def readings(
    frame: pd.DataFrame,
    measures: Sequence[str],
    low: str = "superiority_low",
    high: str = "superiority_high",
    even: float = 0.5,
) -> list[str]:
    """The `reading` of every row by p_holm and superiority; a hint where low to high leaves out `even`."""
    columns = (frame[name] for name in ("p_holm", "superiority", low, high))
    return [
        reading(p, above, f"more {measure}", f"less {measure}", NONE if first <= even <= last else HINT)
        for p, above, first, last, measure in zip(*columns, measures, strict=True)
    ]


def agreement_by_group(survey: Survey, smallest: int, level: float = 0.95) -> pd.DataFrame:
    """A row a grouping, statement and group; the columns are those of `Evidence.groups`.

    Groupings with fewer than two groups that may be shown have no row: `attrs["without"]` holds a note on each.
    Everything that is tested is one family of Holm's method.
    """
    blocks, notes, without = [], {}, {}
    everybody = pd.Series(
        share(survey.counts.agreeing[:, 0], survey.counts.answered[:, 0]), index=survey.counts.statements
    )
    for grouping in survey.questionnaire.groupings:
        groups = groups_of(survey, grouping, smallest)
        cells = survey.of_each_scale(lambda part: shares_by(part, groups.counted_in(part), level))  # noqa: B023
        if cells.empty:
            without[grouping] = groups.note()
            continue
        notes[grouping] = groups.note()
        cells.insert(0, "grouping", grouping)
        blocks.append(cells.assign(everybody=cells["code"].map(everybody)))
    frame = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()
    if blocks:
        frame["p_holm"] = holm(frame["p"])
        measures = [survey.questionnaire.scale_of(code).measure for code in frame["code"]]
        untested = np.where(frame.pop("mirrored"), MIRRORED, NOT_TESTED)
        frame["evidence"] = np.where(frame["p_holm"].isna(), untested, readings(frame, measures))
    asked = survey.questionnaire
    frame.attrs = {
        "groupings": dict(asked.groupings),
        "notes": notes,
        "without": without,
        "described": [one.code for one in asked.questions if one.described],
        "scales": {part.scale.code: (part.scale, {}) for part in survey.by_scale},
    }
    return frame


def shares_by(survey: Survey, groups: Groups, level: float = 0.95) -> pd.DataFrame:
    """A row a statement and group, of the statements that two groups or more can be shown for.

    Columns: code, statement, group, further (True where groups are put together further for this statement),
    answered, agreeing, share, low, high, word, and `COMPARED`: NaN and "" where nothing is tested. Shares and
    intervals are whole per cent. The interval is exact where the number asked of the group is known, else Wilson's.
    """
    scale = groups.counts.on_scale
    rows: list[dict[str, Any]] = []
    texts = {one.code: one.text for one in survey.questionnaire.statements}
    widely = widely_answered(groups.counts)
    for place, parts in enumerate(groups.by_statement()):
        given = [groups.summed(scale[place : place + 1], part)[0] for part in parts]
        if len(parts) < 2 or not widely[place] or not sum(one.sum() for one in given):
            continue
        code = groups.counts.statements[place]
        tests: list[dict[str, Any]] = [{} for _ in parts]
        tested = not groups.question.described  # of the engagement, not of the respondent (A8)
        if tested:
            tests = _tests(given, level)
        for part, counted, test in zip(parts, given, tests, strict=True):
            agreeing = sum(counted[groups.counts.scale.index(answer)] for answer in groups.counts.agree)
            rows.append(
                {
                    "code": code,
                    "statement": texts[code],
                    "group": groups.label(part),
                    "further": part not in groups.parts,
                    "answered": int(counted.sum()),
                    "agreeing": int(agreeing),
                    "mirrored": tested and len(parts) == 2 and part == parts[1],
                    "asked": asked_of(survey, part) if groups.question.code == ORGANISATION else np.nan,
                    **{name: test.get(name, "" if name == "test" else np.nan) for name in COMPARED},
                }
            )
    if not rows:
        return pd.DataFrame()
    frame = pd.DataFrame(rows)
    people, agreeing, asked = frame["answered"], frame["agreeing"], frame.pop("asked")
    low, high = interval(agreeing, people, np.where(asked >= people, asked, np.nan), level)
    shares = {"share": share(agreeing, people), "low": low, "high": high}
    if groups.smallest > 1:
        shares = {name: whole_per_cent(values) for name, values in shares.items()}
    shares["word"] = word(agreeing, people, bands=survey.bands)
    for number, (name, values) in enumerate(shares.items()):
        frame.insert(list(frame.columns).index("agreeing") + 1 + number, name, values)
    return frame


def whole_per_cent(shares: Any) -> np.ndarray[Any, Any]:
    """Shares rounded to whole per cent; what is neither none nor all stays apart from 0 and 1."""
    values = np.asarray(shares, dtype=float)
    rounded = np.round(values, 2)
    rounded = np.where((values > 0) & (rounded == 0), 0.01, rounded)
    return np.where((values < 1) & (rounded == 1), 0.99, rounded)


def asked_of(survey: Survey, part: Part) -> float:
    """How many people of a group were asked; NaN where that is not known of each of its names."""
    return float(sum(survey.asked_by.get(name, np.nan) for name in part))


def _tests(given: Sequence[np.ndarray[Any, Any]], level: float) -> list[dict[str, Any]]:
    """For each group, its comparison with the other groups together; of two groups there is one comparison.

    `given` are people by answer, the most agreement first.
    """
    everybody = np.sum(given, axis=0)
    tests: list[dict[str, Any]] = [{} for _ in given]
    for number in range(1 if len(given) == 2 else len(given)):
        own, others = given[number], everybody - given[number]
        if not own.sum() or not others.sum():
            continue
        compared = compare_groups(others[::-1], own[::-1], level)
        tests[number] = {
            "others": float(others.sum()),
            "superiority": float(compared.estimate),
            "superiority_low": float(compared.low),
            "superiority_high": float(compared.high),
            "p": float(compared.p),
            "test": str(compared.test),
        }
    return tests
