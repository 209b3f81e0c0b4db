"""What could be detected? The power that stands beside every "no evidence of an effect", and what the calendar costs."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import missing

if TYPE_CHECKING:
    import pandas as pd

TOO_LARGE = 0.15  # by how much 2.8 standard errors may differ before the reader is asked to look
SAME = 0.005  # a ratio this near to 1 makes no difference


def words(detectable: "pd.DataFrame") -> list[Sentence]:
    """The smallest detectable effect beside the smallest worth having; of `ImpactEvidence.detectable`."""
    if detectable.empty:
        return missing(detectable, "detectable")
    about = detectable.attrs
    worth = about["smallest_effect"]
    text = (
        f"The planned test finds an effect of {formats.rounded(about['smallest'], 1)} percentage points with a "
        f"probability of {about['wanted']:.0%} (Monte-Carlo error {formats.rounded(about['mc_error'], 2)}). That is "
        f"{formats.rounded(about['smallest_sd'], 2)} standard deviations between authorities in "
        f"{about['last_pre_exposure']}. The plan calls {formats.rounded(worth, 1)} points the smallest effect worth "
        "having."
    )
    if about["smallest"] > worth:
        text += (
            f" It would be found with a probability of {formats.percent(about['chance'], bands=())}, so that finding "
            "nothing will not mean that there is nothing."
        )
    numbers = {
        "smallest_detectable": about["smallest"],
        "mc_error": about["mc_error"],
        "smallest_detectable_sd": about["smallest_sd"],
        "smallest_worth_having": worth,
    }
    return [Sentence("detectable", text, numbers, level="key")]


def how_worked_out(detectable: "pd.DataFrame") -> Sentence | None:
    """How it was worked out, and the check against the rule of thumb."""
    if detectable.empty:
        return None
    about = detectable.attrs
    error = float(np.sqrt(about["alpha"] * (1 - about["alpha"]) / about["simulations"]))
    text = (
        f"Worked out from {about['simulations']:,} invented futures made of the authorities' own changes before exposure, "
        f"each put through the planned test in {about['orders']:,} orders. Without any effect the test finds one in "
        f"{formats.percent(about['size'], 1, bands=())} of them, where {formats.percent(about['alpha'], bands=())} is "
        f"meant (Monte-Carlo error {formats.percent(error, 1, bands=())}). The rule of thumb, 2.8 standard deviations "
        f"of what chance alone gives, says {formats.rounded(about['cross_check'], 1)} points"
    )
    text += (
        "; the two differ by more than chance explains, so trust neither before somebody has looked."
        if abs(about["smallest"] / about["cross_check"] - 1) > TOO_LARGE
        else "."
    )
    numbers = {name: about[name] for name in ("size", "cross_check", "simulations")}
    return Sentence("detectable-how", text, numbers)


def table(detectable: "pd.DataFrame") -> Table | None:
    """Power, exaggeration and wrong signs for effects around the smallest worth having."""
    if detectable.empty:
        return None
    none = "none was found"
    wrong = "Of those found, of the wrong sign (type S)"
    return Table(
        "power-table",
        "If the effect were this large: how often it is found, and how misleading what is found would be",
        detectable,
        (
            Column("effect", "True effect, percentage points", "number", decimals=1),
            Column("power", "Found", "percent"),
            Column("mc_error", "Monte-Carlo error", "percent", decimals=1),
            Column("exaggeration", "Estimates found, over the effect (type M)", "number", blank=none),
            Column("wrong_sign", wrong, "percent", blank=none, decimals=1),
        ),
        note=(
            "Where an effect is seldom found, the estimates that do reach significance are those that chance made too "
            "large: 2.0 means that they are twice the truth on average (Gelman and Carlin 2014)."
        ),
        bands=(),
    )


def costs_words(costs: "pd.DataFrame") -> list[Sentence]:
    """Which changes of the calendar would have made no difference; of `ImpactEvidence.calendar_costs`."""
    if costs.empty:
        return []
    said = []
    if not costs["scenario"].str.contains("stayed unexposed").any():
        text = (
            "One cohort only is compared by the end of this period, so there is no last cohort whose exposure could "
            "cost anything yet. Once authorities not yet exposed are exposed too, nobody is left to compare with."
        )
        said.append(Sentence("cost-of-last-cohort", text))
    same = int(np.isclose(costs["ratio"].iloc[1:], 1.0, atol=SAME).sum())
    if same:
        text = (
            f"{sentences.opening(sentences.count(same, 'change', 'changes'))} of the calendar would have made no "
            "difference: the planned comparison does not use the year in question."
        )
        said.append(Sentence("costs-nothing", text))
    return said


def costs_table(costs: "pd.DataFrame") -> Table | None:
    """What the missing year and the exposure of the last cohort cost."""
    if costs.empty:
        return None
    return Table(
        "costs-table",
        "What the calendar costs: the smallest detectable effect, had it been otherwise",
        costs,
        (
            Column("scenario", "Calendar"),
            Column("smallest", "Smallest detectable effect, percentage points", "number"),
            Column("mc_error", "Monte-Carlo error", "number"),
            Column("ratio", "Over that of the plan", "number"),
        ),
        note="All rows use the same random numbers, so their ratios are surer than each number.",
    )
