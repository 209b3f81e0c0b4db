"""Weights that give each organisation the part it has among those asked (docs/methods.md A11).

Organisations too small to be shown are joined before weighting: their own weights, with the shares they lead to, would
give their answers away.
"""

from dataclasses import dataclass

from ci_eval.agreement import Counts, rake_counts
from ci_eval.agreement.raking import Raked
from ci_eval.problems import InputError, Problem
from ci_eval.report import sentences
from ci_eval.report.interim.evidence import Evidence, answered
from ci_eval.report.interim.groups import shares_by

TOGETHER = "Small organisations, together"
UNSAID = "No organisation named"


@dataclass(frozen=True)
class Weighted:
    """Counts by the organisations weighted, how many of each were asked, and their weights."""

    counts: Counts
    asked: dict[str, int]
    raked: Raked

    @property
    def unsaid(self) -> int:
        """Respondents who named no organisation."""
        people = dict(zip(self.counts.groups, self.counts.respondents.tolist(), strict=True))
        return int(people.get(UNSAID, 0))


def weigh(evidence: Evidence) -> Weighted | None:
    """Weights by organisation; None where fewer than two can be told apart.

    Respondents who named no organisation keep the mean weight: nobody knows for whom else they would speak.

    Raises
    ------
    InputError
        If weights would mean nothing: an organisation of those asked from which nobody answered, one that answered of
        which the number asked is not known, more answers than people asked, a weight over the cap.
    """
    import pandas as pd

    survey = evidence.survey
    label = labels(evidence)
    column = survey.frame["organisation"].astype(object)
    said = answered(column) & ~column.isin(evidence.questionnaire.missing)
    names = list(dict.fromkeys(label.values()))
    own = column.map(label).where(said, UNSAID)
    groups = [*names, *([] if said.all() else [UNSAID])]
    counted = survey.counts_of(
        survey.frame.assign(organisation=pd.Categorical(own, categories=groups)), "organisation"
    )
    people = dict(zip(groups, counted.respondents.tolist(), strict=True))
    if sum(people[name] > 0 for name in names) < 2:
        return None
    asked = dict.fromkeys(names, 0)
    for name, together in label.items():
        asked[together] += survey.asked_by.get(name, 0)
    _refuse(evidence, people, asked, set(column[said]) - set(survey.asked_by))
    mean = sum(asked.values()) / sum(people[name] for name in names)
    margin = {name: asked[name] if name in asked else mean * people[name] for name in groups}
    return Weighted(counted, asked, rake_counts(counted, {"organisation": margin}))


def labels(evidence: Evidence) -> dict[str, str]:
    """Each organisation that was asked or answered, and the one it is weighted with: itself, or all the small ones.

    An organisation is small if it is masked as a whole or for any one statement. One from which nobody answered stands
    for itself, and is refused later.
    """
    shown, _ = shares_by(evidence, "organisation")
    whole = shown["answered"].notna().groupby(shown["group"], sort=False).all()
    apart = {str(name) for name, all_shown in whole.items() if all_shown}
    column = evidence.survey.frame["organisation"]
    present = set(column[answered(column)].astype(object)) - set(evidence.questionnaire.missing)
    names = [name for name in column.cat.categories if name in present or name in evidence.survey.asked_by]
    names += [name for name in evidence.survey.asked_by if name not in names]
    return {name: TOGETHER if name in present - apart else name for name in names}


def _refuse(evidence: Evidence, people: dict[str, int], asked: dict[str, int], unknown: set[str]) -> None:
    """Refuse what raking itself cannot see: a number asked that is not known, or smaller than the answers."""
    if unknown:
        first = sorted(unknown)[0]
        message = f"how many people of {sentences.listed(sorted(unknown))} were asked is not recorded, though some answered"
        mend = evidence.mend(f'"{first}" = its number', "asked_by_organisation")
        raise InputError("CANNOT COMPUTE weights", [Problem("asked-not-known", "REJECT", message, mend=mend)])
    problems = [
        Problem(
            "fewer-asked-than-answered",
            "REJECT",
            f"{people[name]:,} people say they are of {name}, of which {number:,} were asked",
            mend="correct the number asked, or the answers to the question about the organisation",
        )
        for name, number in asked.items()
        if people[name] > number
    ]
    if problems:
        raise InputError("CANNOT COMPUTE weights", problems)
