"""Was the order of hosts as good as random? Cohorts compared before anybody was exposed.

Method: docs/methods.md C4. The answer decides the words of the evaluation: an experiment by chance, or parallel trends.
"""

import pandas as pd

from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import missing

NOT_COHORTS = ("covariate", "difference_sd", "p")
REGION = "Regional Improvement Collaborative"  # a name, which keeps its capitals in a sentence


def words(balance: pd.DataFrame) -> list[Sentence]:
    """The joint test, and what may be said on its strength; of `ImpactEvidence.balance`."""
    if balance.empty:
        return missing(balance, "balance")
    about = balance.attrs
    names = sentences.listed(
        name if name == REGION else name[:1].lower() + name[1:] for name in balance["covariate"]
    )
    text = (
        f"Cohorts were compared before exposure on {names}, all together: p = {formats.rounded(about['p'], 3)} in "
        f"{about['orders']:,} orders."
    )
    if about["p"] <= 1 - about["level"]:
        text += (
            " The order does not look random: hosts of the first collections differed from the others beforehand. "
            "The evaluation then rests on parallel trends, the belief that those exposed would have changed as the "
            "others did, and has to say so in its first sentence."
        )
    else:
        text += (
            " Nothing here speaks against an order as good as random. Among few authorities a moderate imbalance goes "
            "unseen, so unless the order was drawn by lot this is a check passed and no proof."
        )
    numbers = {name: about[name] for name in ("p", "orders", "covariates")}
    return [Sentence("balance", text, numbers, level="key")]


def table(balance: pd.DataFrame) -> Table | None:
    """A row a covariate: its mean in each cohort."""
    if balance.empty:
        return None
    cohorts = [name for name in balance.columns if name not in NOT_COHORTS]
    names = {name: f"cohort_{place + 1}" for place, name in enumerate(cohorts)}
    blank = "words have no mean"
    return Table(
        "balance-table",
        "Cohorts before anybody was exposed",
        balance.rename(columns=names),
        (
            Column("covariate", "Before exposure"),
            *(Column(names[name], f"Mean, {name}", "number", blank=blank, decimals=1) for name in cohorts),
            Column("difference_sd", "Largest difference, standard deviations", "number", blank=blank),
            Column("p", "p by itself", "number", decimals=3),
        ),
        note=(
            "Single p values show where to look; only the joint test above decides, because among many one is small "
            "by chance. Cohorts are named by their first exposed collection. Pupils of all schools and deprivation are of "
            "the years that the source names."
        ),
        source=balance.attrs["source"],
    )
