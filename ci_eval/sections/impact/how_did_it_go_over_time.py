"""How does the difference look over time? The event study: placebos before exposure, effects from it on, and gaps."""

from typing import TYPE_CHECKING

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.impact import Panel, event_study
from ci_eval.report import figures
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table
from ci_eval.sections.impact.estimates import planned_orders, planned_test
from ci_eval.sections.impact.what_is_the_answer import signed

if TYPE_CHECKING:
    import pandas as pd


def over_time(evidence: ImpactEvidence) -> list[Piece]:
    """Differences in every year from the base year of the plan, with their intervals."""
    panel = evidence.panel(evidence.plan.primary)
    try:
        frame = differences(evidence, panel)
    except Refused as error:
        return [
            Sentence.missing(
                "over-time",
                f"No event study can be made: {error.message}",
                "look at the map of comparisons; it says what each cohort and year lacks.",
            )
        ]
    return [_sentence(frame), _figure(evidence, panel, frame), _table(frame)]


def differences(evidence: ImpactEvidence, panel: Panel) -> "pd.DataFrame":
    """One row a time: since (collections since exposure began), label, number, estimate, low, high, p, placebo.

    With one certain cohort a time is a school year; with several it is counted from each cohort's exposure. The base
    is the last observed year before exposure for all, so placebos and effects share one scale.
    """
    import pandas as pd

    plan, design = evidence.plan, panel.design
    orders = planned_orders(evidence, panel)
    cohorts = [
        int(first)
        for first, sure in zip(design.first, design.certain, strict=True)
        if sure and first < len(panel.years)
    ]
    rows = []
    for contrast in event_study(design, "dynamic", base="universal", lag=plan.base_lag):
        since = int(contrast.key or 0)
        place = cohorts[0] + since
        single = len(cohorts) == 1 and 0 <= place < len(panel.years)
        result = planned_test(evidence, panel, contrast, orders)
        rows.append(
            {
                "since": since,
                "label": panel.years.label(place) if single else f"{since:+d}",
                "number": panel.years.numbers[place] if single else since,
                "estimate": result.estimate,
                "low": result.low,
                "high": result.high,
                "p": result.p,
                "placebo": since < 0,
                "exposed": result.exposed_units,
                "controls": result.control_units,
            }
        )
    return pd.DataFrame(rows).sort_values("number", ignore_index=True)


def _sentence(frame: "pd.DataFrame") -> Sentence:
    before = frame[frame["placebo"]]
    if before.empty:
        return Sentence(
            "over-time",
            "There is one year before exposure only, so that nothing shows whether authorities moved alike before.",
            level="warning",
        )
    low = int((before["p"] < 0.05).sum())
    least, most = signed(before["estimate"].min()), signed(before["estimate"].max())
    ran = f"differences between the same authorities ran from {least} to {most}"
    if len(before) == 1:
        ran = f"the one difference between the same authorities was {least}"
    text = (
        f"Before anybody was exposed, {ran} percentage points, where no engagement had happened yet; {low} of "
        f"{len(before)} would be called unusual at 5%. A difference after exposure of that size is no sign of an effect."
    )
    return Sentence("over-time", text, {"placebos": len(before), "unusual": low})


def _figure(evidence: ImpactEvidence, panel: Panel, frame: "pd.DataFrame") -> Figure:
    exposed = frame.loc[~frame["placebo"], "number"]
    from_year = int(exposed.min()) if len(exposed) else None
    base = _base(panel, frame, evidence.plan.base_lag)
    with_base = frame
    if base is not None:
        row = {
            "label": base[1],
            "number": base[0],
            "estimate": float("nan"),
            "low": float("nan"),
            "high": float("nan"),
        }
        with_base = _with_row(frame, row)
    each_year = "; ".join(
        f"{row['label']}: {signed(row['estimate'])} ({signed(row['low'])} to {signed(row['high'])})"
        for row in frame.to_dict("records")
    )
    return Figure(
        "over-time-chart",
        f"{evidence.plan.primary}: difference from the base year, by school year",
        lambda ax: figures.effects(
            ax,
            [int(number) for number in with_base["number"]],
            list(with_base["label"]),
            with_base["estimate"],
            with_base["low"],
            with_base["high"],
            exposed_from=from_year,
            base=None if base is None else base[0],
        ),
        alt=f"Dots with {evidence.plan.level:.0%} intervals around a line at no difference. {each_year}.",
        frame=frame,
        size=figures.YEARS_SIZE,
        note="Years left of the dashed line are placebos. A year without a collection is a grey band, not a point.",
    )


def _with_row(frame: "pd.DataFrame", row: dict[str, object]) -> "pd.DataFrame":
    import pandas as pd

    if row["number"] in set(frame["number"]):
        return frame
    return pd.concat([frame, pd.DataFrame([row])]).sort_values("number", ignore_index=True)


def _base(panel: Panel, frame: "pd.DataFrame", lag: int) -> tuple[int, str] | None:
    """Number and label of the base year, where a time is a school year."""
    if not set(frame["label"]) <= set(panel.years.labels):
        return None
    place = int(panel.design.first.min()) - lag
    return panel.years.numbers[place], panel.years.labels[place]


def _table(frame: "pd.DataFrame") -> Table:
    import numpy as np

    finite = frame.replace([np.inf, -np.inf], np.nan)
    finite["kind"] = ["placebo" if placebo else "effect" for placebo in finite["placebo"]]
    blank = "the orders are too few to reject any effect"
    return Table(
        "over-time-table",
        "Differences by year, with the units compared",
        finite,
        (
            Column("label", "School year or time since exposure"),
            Column("kind", "Kind"),
            Column("estimate", "Difference, percentage points", "number"),
            Column("low", "Interval from", "number", blank=blank),
            Column("high", "Interval to", "number", blank=blank),
            Column("p", "p", "number", decimals=3),
            Column("exposed", "Authorities exposed", "count"),
            Column("controls", "Authorities compared with", "count"),
        ),
    )
