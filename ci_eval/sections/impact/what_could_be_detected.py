"""What could be detected? The power that stands beside every "no evidence of an effect", and what the calendar costs."""

import numpy as np
import pandas as pd

from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.wording import missing

TOO_LARGE = 0.15  # by how much 2.8 standard errors may differ before the reader is asked to look
COUNTED = {"power": "forecast", "realised": "realised"}  # a line's column → its numbers in the attrs
SAME = 0.005  # a ratio this near to 1 makes no difference


def words(detectable: pd.DataFrame) -> list[Sentence]:
    """The smallest detectable effect, forecast and realised, beside the smallest worth having; of `detectable`."""
    if detectable.empty:
        return missing(detectable, "detectable")
    about, forecast, realised = detectable.attrs, detectable.attrs["forecast"], detectable.attrs["realised"]
    worth = about["smallest_effect"]
    text = (
        f"By the years before exposure, the planned test finds an effect of {formats.rounded(forecast['smallest'], 1)} "
        f"percentage points with a probability of {forecast['wanted']:.0%} (standard error of this forecast "
        f"{formats.rounded(forecast['error'], 1)}). That is {formats.rounded(forecast['smallest_sd'], 2)} standard "
        f"deviations between authorities in {about['last_known']}."
    )
    if realised is not None:
        text += f" In the years opened it finds one of {formats.rounded(realised['smallest'], 1)} points."
    text += f" The plan calls {formats.rounded(worth, 1)} points the smallest effect worth having."
    counts = forecast if realised is None else realised
    if counts["smallest"] > worth:
        nothing = "finding nothing will not mean" if realised is None else "finding nothing does not mean"
        text += (
            f" It would be found with a probability of {formats.percent(counts['chance'], bands=())}, so that {nothing} "
            "that there is nothing."
        )
    numbers = {
        "smallest_detectable": forecast["smallest"],
        "forecast_error": forecast["error"],
        "smallest_realised": None if realised is None else realised["smallest"],
        "smallest_detectable_sd": forecast["smallest_sd"],
        "smallest_worth_having": worth,
    }
    return [Sentence("detectable", text, numbers, level="key")]


def chart(detectable: pd.DataFrame) -> Figure | None:
    """How often effects of each size are found, by forecast and in the years opened."""
    if detectable.empty:
        return None
    about = detectable.attrs
    counts, worth = about["realised"] or about["forecast"], about["smallest_effect"]
    lines = {"By forecast": "power", "In the years opened": "realised"}
    drawn = {name: column for name, column in lines.items() if column in detectable.columns}
    size, chance = formats.rounded(worth, 1), formats.percent(counts["chance"], bands=())
    smallest, often = formats.rounded(counts["smallest"], 1), formats.percent(counts["wanted"], bands=())
    finding = (
        f"An effect of {size} points is found in {chance} of such evaluations, one of {smallest} in {often}"
    )
    return Figure(
        "power-chart",
        finding,
        lambda ax: figures.chances(
            ax,
            detectable["effect"],
            [detectable[column] for column in drawn.values()],
            series=list(drawn),
            worth=worth,
            wanted=counts["wanted"],
            reached=[about[COUNTED[column]]["smallest"] for column in drawn.values()],
        ),
        alt=f"{sentences.opening(sentences.count(len(drawn), 'line'))} over the size of an effect. {finding}.",
        frame=detectable,
        size=figures.POWER_SIZE,
        note=(
            f"Found means that p is at most {about['alpha']:.2g}, as it is in {formats.percent(about['alpha'], bands=())} "
            f"of evaluations without an effect. The line across is {often}. The smallest effect worth having is the plan’s."
        ),
        columns=(
            Column("effect", "True effect, percentage points", "number", decimals=1),
            *(
                Column(column, f"Found, {name[:1].lower()}{name[1:]}", "percent")
                for name, column in drawn.items()
            ),
        ),
    )


def how_worked_out(detectable: pd.DataFrame) -> Sentence | None:
    """How it was worked out, and the check against the rule of thumb."""
    if detectable.empty:
        return None
    about, forecast, realised = detectable.attrs, detectable.attrs["forecast"], detectable.attrs["realised"]
    error = float(np.sqrt(about["alpha"] * (1 - about["alpha"]) / about["simulations"]))
    text = (
        f"The forecast rests on {about['simulations']:,} invented futures made of the authorities' own changes before "
        f"exposure, each put through the planned test in {about['orders']:,} orders. Without any effect the test finds one "
        f"in {formats.percent(about['size'], 1, bands=())} of them, where {formats.percent(about['alpha'], bands=())} is "
        f"meant (Monte-Carlo error {formats.percent(error, 1, bands=())}). Its standard error holds how few authorities "
        "and years the past offers, and is worked out by leaving out each in turn."
    )
    checked = {"forecast": forecast}
    if realised is not None:
        checked["years opened"] = realised
        text += (
            " The years opened are those observed, less the difference estimated: in every simulation another of the "
            "orders is taken to have happened."
        )
    rule = sentences.listed(
        f"{formats.rounded(one['cross_check'], 1)} points ({name})" for name, one in checked.items()
    )
    text += f" The rule of thumb, 2.8 standard deviations of what chance alone gives, says {rule}."
    if any(abs(one["smallest"] / one["cross_check"] - 1) > TOO_LARGE for one in checked.values()):
        text += " It differs from the simulation by more than chance explains."
    numbers = {"size": about["size"], "simulations": about["simulations"]}
    numbers |= {f"cross_check_{name.replace(' ', '_')}": one["cross_check"] for name, one in checked.items()}
    return Sentence("detectable-how", text, numbers)


def smallest_table(detectable: pd.DataFrame) -> Table | None:
    """Forecast and years opened side by side: the smallest effect that is found, and how often the one worth having is."""
    if detectable.empty:
        return None
    kinds = {
        "Forecast, from the years before exposure": "forecast",
        "Realised, in the years opened": "realised",
    }
    rows = [
        {"kind": name} | detectable.attrs[key]
        for name, key in kinds.items()
        if detectable.attrs[key] is not None
    ]
    worth = formats.rounded(detectable.attrs["smallest_effect"], 1)
    often = formats.percent(rows[0]["wanted"], bands=())
    return Table(
        "smallest-table",
        f"The smallest effect found with a probability of {often}",
        pd.DataFrame(rows),
        (
            Column("kind", "Worked out from"),
            Column("smallest", "Smallest effect, percentage points", "number", decimals=1),
            Column(
                "error", "Standard error of the forecast", "number", blank="nothing is forecast", decimals=1
            ),
            Column("mc_error", "Monte-Carlo error", "number"),
            Column("cross_check", "By the rule of thumb", "number", decimals=1),
            Column("chance", f"Found, if the effect is {worth} points", "percent"),
        ),
        bands=(),
    )


def table(detectable: pd.DataFrame) -> Table | None:
    """Power, exaggeration and wrong signs for effects around the smallest worth having."""
    if detectable.empty:
        return None
    none = "none was found"
    wrong = "Of those found, of the wrong sign (type S)"
    opened = (
        [Column("realised", "Found, in the years opened", "percent")]
        if "realised" in detectable.columns
        else []
    )
    return Table(
        "power-table",
        "If the effect were this large: how often it is found, and how misleading what is found would be",
        detectable,
        (
            Column("effect", "True effect, percentage points", "number", decimals=1),
            Column("power", "Found, by forecast", "percent"),
            Column("mc_error", "Monte-Carlo error", "percent", decimals=1),
            *opened,
            Column("exaggeration", "Estimates found, over the effect (type M)", "number", blank=none),
            Column("wrong_sign", wrong, "percent", blank=none, decimals=1),
        ),
        note=(
            "Where an effect is seldom found, the estimates that do reach significance are those that chance made too "
            "large: 2.0 means that they are twice the truth on average (Gelman and Carlin 2014)."
        ),
        bands=(),
    )


def costs_words(costs: pd.DataFrame) -> list[Sentence]:
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


def costs_table(costs: pd.DataFrame) -> Table | None:
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
