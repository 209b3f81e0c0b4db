"""Weights that give each organisation the part it has among those asked, and the words they lead to.

Method: docs/methods.md A11. The weighted word stands beside the unweighted one, never in its place. Organisations too
small to be shown are joined before weighting: their own weights, with the shares they lead to, would give their
answers away. Weights that would mean nothing are refused with the reason.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ci_eval.agreement import Counts, rake_counts, response_rate, weighted_words
from ci_eval.agreement.raking import Raked
from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.group_frames import shares_by
from ci_eval.evidence.period_survey import Survey, answered
from ci_eval.report import sentences

TOGETHER = "Small organisations, together"
UNSAID = "No organisation named"


@dataclass(frozen=True)
class Weighted:
    """Counts by the organisations weighted, how many of each were asked, and their weights."""

    counts: Counts
    asked: dict[str, int]
    raked: Raked

    def words(self, survey: Survey, level: float = 0.95) -> pd.DataFrame:
        """A row a statement, indexed by its code; the columns are those of `Evidence.weighted`."""
        frame = weighted_words(self.counts, self.raked.weights, level, bands=survey.bands)
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
        frame.attrs = {"together": TOGETHER}
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
        _refuse("asked-not-known", message, f"{survey.fix('asked_by_organisation')}")
    label = joined(survey, smallest)
    column = survey.frame["organisation"].astype(object)
    named = answered(column) & ~column.isin(survey.questionnaire.missing)
    names = list(dict.fromkeys(label.values()))
    own = column.map(label).where(named, UNSAID)
    groups = [*names, *([] if named.all() else [UNSAID])]
    counted = survey.counts_of(
        survey.frame.assign(organisation=pd.Categorical(own, categories=groups)), "organisation"
    )
    people = dict(zip(groups, counted.respondents.tolist(), strict=True))
    if sum(people[name] > 0 for name in names) < 2:
        message = "there are no two organisations large enough to be told apart"
        _refuse(
            "one-organisation", message, "a survey answered by two organisations large enough to be shown"
        )
    asked = dict.fromkeys(names, 0)
    for name, together in label.items():
        asked[together] += survey.asked_by.get(name, 0)
    _check_asked(survey, people, asked, set(column[named]) - set(survey.asked_by))
    mean = sum(asked.values()) / sum(people[name] for name in names)
    margin = {name: asked[name] if name in asked else mean * people[name] for name in groups}
    return Weighted(counted, asked, rake_counts(counted, {"organisation": margin}))


def joined(survey: Survey, smallest: int) -> dict[str, str]:
    """Each organisation that was asked or answered, and the one it is weighted with: itself, or all the small ones.

    An organisation is small if it is masked as a whole or for any one statement. One from which nobody answered stands
    for itself, and is refused later.
    """
    cells, _ = shares_by(survey, "organisation", smallest)
    whole = cells["answered"].notna().groupby(cells["group"], sort=False).all()
    apart = {str(name) for name, every_statement in whole.items() if every_statement}
    column = survey.frame["organisation"]
    present = set(column[answered(column)].astype(object)) - set(survey.questionnaire.missing)
    names = [name for name in column.cat.categories if name in present or name in survey.asked_by]
    names += [name for name in survey.asked_by if name not in names]
    return {name: TOGETHER if name in present - apart else name for name in names}


def _check_asked(survey: Survey, people: dict[str, int], asked: dict[str, int], unknown: set[str]) -> None:
    """Refuse what raking itself cannot see: a number asked that is not known, or smaller than the answers."""
    if unknown:
        first = sorted(unknown)[0]
        message = f"how many people of {sentences.listed(sorted(unknown))} were asked is not recorded, though some answered"
        _refuse("asked-not-known", message, survey.fix(f'"{first}" = its number', "asked_by_organisation"))
    more = [
        f"{people[name]:,} people say they are of {name}, of which {number:,} were asked"
        for name, number in asked.items()
        if people[name] > number
    ]
    if more:
        fix = "correct the number asked, or the answers to the question about the organisation"
        _refuse("fewer-asked-than-answered", "; ".join(more), fix)


def _refuse(check: str, message: str, fix: str) -> None:
    raise Refused("CANNOT COMPUTE weights", check, message, fix=fix)
