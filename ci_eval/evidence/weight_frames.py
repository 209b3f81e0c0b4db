"""Weights that give each organisation the part it has among those asked, and the words they lead to.

Method: docs/methods.md A11. The weighted word stands beside the unweighted one, never in its place. Organisations too
small to be shown are joined before weighting: their own weights, with the shares they lead to, would give their
answers away. Weights that would mean nothing are refused with the reason.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from ci_eval.agreement import Counts, rake_counts, response_rate, weighted_words
from ci_eval.agreement.raking import Raked
from ci_eval.agreement.refusals import refuse
from ci_eval.evidence.group_frames import ORGANISATION, Groups, asked_of, groups_of
from ci_eval.evidence.period_survey import Survey
from ci_eval.report import sentences

UNSAID = "No organisation named"
_refuse = partial(refuse, "CANNOT COMPUTE weights")


@dataclass(frozen=True)
class Weighted:
    """Counts by the organisations weighted, how many of each were asked, and their weights."""

    groups: Groups
    counts: Counts
    asked: dict[str, int]
    raked: Raked

    def words(self, survey: Survey, level: float = 0.95) -> pd.DataFrame:
        """A row a statement, indexed by its code; the columns are those of `Evidence.weighted`."""
        frame = weighted_words(self.counts, self.raked.weights, level, bands=survey.bands)
        rounded = ["weighted_share", "low", "high"]
        frame[rounded] = frame[rounded].round(
            3
        )  # no more than the page says: finer shares tell of one person
        frame.insert(0, "statement", [statement.text for statement in survey.questionnaire.statements])
        people = dict(zip(self.counts.groups, self.counts.respondents.tolist(), strict=True))
        frame.attrs = {
            "design_effect": self.raked.design_effect,
            "effective": self.raked.effective,
            "respondents": int(self.counts.respondents.sum()),
            "no_organisation": int(people.get(UNSAID, 0)),
        }
        return frame.rename_axis("code")

    def weights(self) -> pd.DataFrame:
        """A row an organisation; the columns are those of `Evidence.weights`."""
        names = [str(name) for name in self.counts.groups if name != UNSAID]
        people, weights = self.counts.respondents[: len(names)], self.raked.weights[: len(names)]
        asked = np.array([self.asked[name] for name in names])
        frame = pd.DataFrame(
            {
                "organisation": names,
                "asked": asked,
                "responses": people,
                "rate": response_rate(people, asked),
                "weight": weights / np.average(weights, weights=people),
            }
        )
        frame.attrs = {"note": self.groups.note()}
        return frame


def weigh(survey: Survey, smallest: int) -> Weighted:
    """Weights by organisation. Respondents who named none keep the mean weight: nobody knows for whom they speak.

    Raises
    ------
    Refused
        If weights would mean nothing: the numbers asked are not known; fewer than two organisations can be told
        apart; an organisation of those asked from which nobody answered; more answers than people asked; a weight
        over the cap.
    """
    if not survey.asked_by:
        message = "how many were asked is not recorded by organisation"
        _refuse("asked-not-known", message, fix=survey.fix("asked_by_organisation"))
    groups = groups_of(survey, ORGANISATION, smallest)
    parts = groups.for_every_statement()
    if len(parts) < 2 or not groups.counts.answered.any():
        message = "there are no two organisations large enough to be told apart on every statement"
        fix = "a survey answered by two organisations large enough to be shown"
        _refuse("one-organisation", message, fix=fix)
    unknown = sorted(set(groups.names) - set(survey.asked_by))
    absent = {name: number for name, number in survey.asked_by.items() if name not in groups.names}
    own = groups.stated.astype(object)
    for part in parts:
        own = own.mask(own.isin(part), groups.label(part))
    names = [*(groups.label(part) for part in parts), *absent]
    order = [*names, *([UNSAID] if groups.unsaid else [])]
    counted = survey.counts_of(
        survey.frame.assign(organisation=pd.Categorical(own.fillna(UNSAID), categories=order)), ORGANISATION
    )
    people = dict(zip(order, counted.respondents.tolist(), strict=True))
    asked = {groups.label(part): asked_of(survey, part) for part in parts} | absent
    _check_asked(survey, people, asked, unknown)
    mean = sum(asked.values()) / sum(people[name] for name in names)
    margin = {name: asked[name] if name in asked else mean * people[name] for name in order}
    return Weighted(
        groups,
        counted,
        {name: int(n) for name, n in asked.items()},
        rake_counts(counted, {"organisation": margin}),
    )


def _check_asked(survey: Survey, people: dict[str, int], asked: dict[str, float], unknown: list[str]) -> None:
    """Refuse what raking itself cannot see: a number asked that is not known, or smaller than the answers."""
    if unknown:
        message = (
            f"how many people of {sentences.listed(unknown)} were asked is not recorded, though some answered"
        )
        fix = survey.fix(f'"{unknown[0]}" = its number', "asked_by_organisation")
        _refuse("asked-not-known", message, fix=fix)
    more = [
        f"{people[name]:,} people say they are of {name}, of which {number:,.0f} were asked"
        for name, number in asked.items()
        if people[name] > number
    ]
    if more:
        fix = "correct the number asked, or the answers to the question about the organisation"
        _refuse("fewer-asked-than-answered", "; ".join(more), fix=fix)
