"""The answer of the impact evaluation: one sentence, one figure, one table.

Wording (docs/methods.md C10): a difference is called an effect only under the design's own assumption, which is
said; "no evidence of an effect" never stands without the smallest effect that could have been found.
"""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.impact import Panel
from ci_eval.report import figures, formats
from ci_eval.report.pieces import Figure, Piece, Sentence
from ci_eval.sections.impact.estimates import Estimated, all_estimates, table
from ci_eval.sections.impact.what_could_be_detected import could_be_found, detectable_or_reason
from ci_eval.sections.impact.what_of_other_outcomes import OF_THE_PRIMARY, results_table

if TYPE_CHECKING:
    import pandas as pd


def answer(evidence: ImpactEvidence) -> list[Piece]:
    """The first page: the finding for the primary outcome, its course, and its numbers."""
    primary = all_estimates(evidence)[0]
    if primary.result is None or primary.panel is None:
        return [
            Sentence.missing(
                "answer",
                f"The primary outcome, {evidence.plan.primary}, cannot be estimated: {primary.problem}",
                "look at the map of comparisons below; a later review period may allow what this one does not.",
            )
        ]
    frame = table(evidence)
    return [
        headline(evidence, primary),
        course(evidence, evidence.whole(evidence.plan.primary)),
        results_table(
            evidence, frame[frame["role"] == "primary"], "answer-table", "The primary outcome", OF_THE_PRIMARY
        ),
    ]


def headline(evidence: ImpactEvidence, primary: Estimated) -> Sentence:
    """The finding in words that carry no more than the design does."""
    result = primary.result
    if result is None:
        raise LookupError("the primary outcome was not estimated")
    plan, level = evidence.plan, f"{evidence.plan.level:.0%}"
    text = (
        f"After a {evidence.programme.name}, {plan.primary} differed by {signed(result.estimate)} percentage points "
        f"({level} interval {signed(result.low)} to {signed(result.high)}; p = {p_value(result.p)}) from what it would have "
        f"been had the {result.exposed_units} authorities exposed changed as the {result.control_units} not yet exposed "
        "did."
    )
    power = detectable_or_reason(evidence)
    if result.p <= 1 - plan.level:
        text += (
            " A difference this large would be rare if the engagements changed nothing and their order was as good as "
            "random. Whether it was is looked at below; without that, this is a difference, and no proof of an effect."
        )
    else:
        text += f" This is no evidence of an effect. {could_be_found(evidence, power)}"
    text += _not_as_planned(evidence)
    return Sentence(
        "answer",
        text,
        {
            "estimate": result.estimate,
            "low": result.low,
            "high": result.high,
            "p": result.p,
            "p_raw": result.p_raw,
            "sd": result.estimate / primary.base_sd,
            "exposed": result.exposed_units,
            "controls": result.control_units,
            "smallest_detectable": None if isinstance(power, str) else power.smallest,
        },
        level="key",
    )


def _not_as_planned(evidence: ImpactEvidence) -> str:
    """A word on the first page where the plan was changed after it was frozen; the next section says how."""
    text = ""
    if evidence.departures:
        text += " This is not what was planned: it departs from the frozen plan and is exploratory."
    if evidence.frozen is not None and evidence.frozen.amendments:
        text += " The plan was frozen anew after it had been frozen; the next section says why."
    return text


def p_value(p: float) -> str:
    """A p value as the tables write it."""
    return formats.rounded(p, 3)


def signed(value: float) -> str:
    """A number of percentage points with its sign, one decimal; an interval without end says so."""
    if np.isinf(value):
        return "no limit"
    text = formats.rounded(value, 1)
    return text if text.startswith(formats.MINUS) or float(text) == 0 else f"+{text}"


def course(evidence: ImpactEvidence, panel: Panel) -> Figure:
    """Means of the authorities exposed first and of those not yet exposed, over all years of the panel."""
    first = int(panel.design.first.min())
    exposed = panel.exposure.certain & (panel.exposure.first == first)
    later = panel.exposure.first > first
    names = (
        f"First exposed in {panel.years.label(first)}: {int(exposed.sum())} authorities",
        f"Not yet exposed then: {int(later.sum())} authorities",
    )
    rows = np.array(
        [
            np.average(panel.outcomes[chosen], axis=0, weights=panel.weights[chosen])
            for chosen in (exposed, later)
        ]
    )
    means = "; ".join(
        f"{label}: {formats.rounded(float(one), 1)} and {formats.rounded(float(other), 1)}"
        for label, one, other in zip(panel.years.labels, *rows, strict=True)
    )
    return Figure(
        "answer-course",
        f"{evidence.plan.primary}: mean of authorities exposed and not yet exposed",
        lambda ax: figures.courses(
            ax,
            panel.years.numbers,
            panel.years.labels,
            rows,
            series=names,
            exposed_from=panel.years.numbers[first],
            ylabel="Per cent",
        ),
        alt=f"Two lines over school years: {names[0]}; {names[1]}. Their means, in that order: {means}.",
        frame=_course_frame(panel, names, rows),
        size=figures.YEARS_SIZE,
        note=_after_the_comparison(evidence, panel),
    )


def _after_the_comparison(evidence: ImpactEvidence, panel: Panel) -> str:
    """What the years are that the figure shows and the comparison leaves out; "" where there are none."""
    compared = evidence.compared(evidence.plan.primary).labels[-1]
    if compared == panel.years.labels[-1]:
        return ""
    return (
        f"After {compared} some of those not yet exposed may have become hosts, and the register does not say which: the "
        "comparison ends there."
    )


def _course_frame(
    panel: Panel, names: tuple[str, ...], rows: "np.ndarray[tuple[int, int], np.dtype[np.float64]]"
) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows.T, columns=list(names)).assign(school_year=list(panel.years.labels))
