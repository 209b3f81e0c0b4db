"""Was the order of the rollout as good as random? Cohorts compared before anybody was exposed.

Method: docs/methods.md C4. The answer decides the words of the evaluation: an experiment by chance, or parallel trends.
"""

from typing import TYPE_CHECKING

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.impact import balance, pre_exposure
from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table
from ci_eval.sections.impact.estimates import planned_orders

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.impact import Balance, Panel

LEVEL, TREND, PUPILS, REGION = (
    "Level of the primary outcome",
    "Its change a year",
    "Pupils",
    "Regional Improvement Collaborative",
)


def order(evidence: ImpactEvidence) -> list[Piece]:
    """The joint test in a sentence, what it means for the wording, and one row a covariate."""
    panel = evidence.scheduled(evidence.plan.primary)
    facts = covariates(evidence, panel)
    try:
        result = balance(panel, facts, planned_orders(evidence, panel))
    except Refused as error:
        return [
            Sentence.missing(
                "balance",
                f"Whether the order was as good as random cannot be tested: {error.message}",
                error.fix or "look at the map of comparisons.",
            )
        ]
    pieces: list[Piece] = [in_words(evidence, result), _table(result)]
    if evidence.covariates is None:
        pieces.append(
            Sentence.missing(
                "covariates",
                "Deprivation and other facts that a schedule may have followed are not declared.",
                'give a table of the councils as covariates = "…" under [impact] in the settings file.',
            )
        )
    return pieces


def covariates(evidence: ImpactEvidence, panel: "Panel") -> "pd.DataFrame":
    """Index units: level and trend before exposure, pupils where published, region, and what is declared."""
    facts = pre_exposure(panel).rename(columns={"level": LEVEL, "trend": TREND})
    pupils = _pupils(evidence)
    if pupils is not None and pupils.reindex(facts.index).notna().all():
        facts[PUPILS] = pupils.reindex(facts.index)
    region = evidence.councils.table["regional_improvement_collaborative"]
    facts[REGION] = region.reindex(facts.index).astype(str)
    if evidence.covariates is not None:
        facts = facts.join(evidence.covariates, how="left")
    return facts


def _pupils(evidence: ImpactEvidence) -> "pd.Series[float] | None":
    """Pupils behind the primary outcome, mean over the years before exposure; None where not published."""
    series = evidence.series(evidence.plan.primary)
    before = series[series["school_year"] <= evidence.last_pre_exposure]
    known = before[before["denominator"].notna()]
    return None if known.empty else known.groupby("gss_code")["denominator"].mean()


def in_words(evidence: ImpactEvidence, result: "Balance") -> Sentence:
    """The joint test, and what may be said on its strength."""
    alpha = 1 - evidence.plan.level
    names = sentences.listed(
        name if name == REGION else name[:1].lower() + name[1:] for name in result.table["covariate"]
    )
    text = (
        f"Cohorts were compared before exposure on {names}, all together: p = {formats.rounded(result.p, 3)} in "
        f"{result.orders:,} orders."
    )
    if result.p <= alpha:
        text += (
            " The order does not look random: hosts of the first collections differed from the others beforehand. "
            "The evaluation then rests on parallel trends, the belief that those exposed would have changed as the "
            "others did, and has to say so in its first sentence."
        )
    else:
        text += (
            " Nothing here speaks against an order as good as random. With so few authorities a moderate imbalance "
            "would go unseen, and authorities took their places by agreement and not by lot, so this is a check "
            "passed and no proof."
        )
    numbers = {"p": result.p, "orders": result.orders, "covariates": result.covariates}
    return Sentence("balance", text, numbers, level="key")


def _table(result: "Balance") -> Table:
    frame = result.table.copy()
    cohorts = [name for name in frame.columns if name not in ("covariate", "difference_sd", "p")]
    names = {name: f"cohort_{place + 1}" for place, name in enumerate(cohorts)}
    words = "words have no mean"
    return Table(
        "balance-table",
        "Cohorts before anybody was exposed",
        frame.rename(columns=names),
        (
            Column("covariate", "Before exposure"),
            *(Column(names[name], f"Mean, {name}", "number", blank=words, decimals=1) for name in cohorts),
            Column("difference_sd", "Largest difference, standard deviations", "number", blank=words),
            Column("p", "p by itself", "number", decimals=3),
        ),
        note=(
            "Single p values show where to look; only the joint test above decides, because among many one is small "
            "by chance. Cohorts are named by their first exposed collection."
        ),
    )
