"""How does the difference look over time? The event study: placebos before exposure, effects from it on, and gaps."""

from typing import Any

import numpy as np
import pandas as pd

from ci_eval.impact.detectable_effects import WANTED
from ci_eval.report import figures, formats
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.impact import point_differences
from ci_eval.sections.impact.point_differences import signed
from ci_eval.sections.wording import level_of, missing

UNUSUAL = 0.05  # a p below it is called unusual
NO_BAND = "a cohort of one authority leaves no standard error"


def words(over_time: pd.DataFrame) -> list[Sentence]:
    """What there was to find before anybody was exposed; of `ImpactEvidence.over_time`."""
    if over_time.empty:
        return missing(over_time, "over-time")
    before = over_time[over_time["placebo"]]
    if before.empty:
        text = "No difference before exposure can be estimated, so nothing shows whether authorities moved alike before."
        return [Sentence("over-time", text, level="warning")]
    low = int((before["p"] < UNUSUAL).sum())
    least, most = signed(before["estimate"].min()), signed(before["estimate"].max())
    ran = f"differences between the same authorities ran from {least} to {most}"
    if len(before) == 1:
        ran = f"the one difference between the same authorities was {least}"
    text = (
        f"Before anybody was exposed, {ran} percentage points, where no engagement had happened yet; {low} of "
        f"{len(before)} would be called unusual at {UNUSUAL:.0%}. A difference after exposure of that size is no sign of "
        "an effect."
    )
    outside = int(((before["band_low"] > 0) | (before["band_high"] < 0)).sum())
    if before["band_low"].notna().all():
        text += f" Bands that hold for all years together leave out 0 in {outside if outside else 'none'} of them."
    numbers: dict[str, float | None] = {"placebos": len(before), "unusual": low, "outside_bands": outside}
    slope = over_time.attrs["slope"]
    if slope is not None:
        text += (
            f" The years before would show a difference in trend of {formats.rounded(slope[0], 1)} points a year with a "
            f"probability of {WANTED:.0%}; one that size moves the answer by {formats.rounded(slope[1], 1)} points."
        )
        numbers |= {"slope": slope[0], "bias": slope[1]}
    return [Sentence("over-time", text, numbers)]


def chart(over_time: pd.DataFrame) -> Figure | None:
    """Dots with their intervals around no difference, by school year or time since exposure."""
    if over_time.empty:
        return None
    exposed = over_time.loc[~over_time["placebo"], "number"]
    base = over_time.attrs["base"]
    drawn = ("estimate", "low", "high", "band_low", "band_high")
    rows: list[dict[Any, Any]] = over_time[["number", "label", *drawn]].to_dict("records")
    low, high = (signed(bound) for bound in (over_time["estimate"].min(), over_time["estimate"].max()))
    if base is not None and base[0] not in set(over_time["number"]):
        rows.append({"number": base[0], "label": base[1]} | dict.fromkeys(drawn, np.nan))
    rows.sort(key=lambda row: row["number"])
    return Figure(
        "over-time-chart",
        _finding(over_time),
        lambda ax: figures.effects(
            ax,
            [int(row["number"]) for row in rows],
            [str(row["label"]) for row in rows],
            *([row[name] for row in rows] for name in ("estimate", "low", "high")),
            band_low=[row["band_low"] for row in rows],
            band_high=[row["band_high"] for row in rows],
            exposed_from=int(exposed.min()) if len(exposed) else None,
            base=None if base is None else base[0],
        ),
        alt=f"Dots with {level_of(over_time)} intervals around a line at no difference: differences from {low} to {high}.",
        frame=over_time,
        size=figures.YEARS_SIZE,
        note=(
            "A line is the interval of its year alone; the pale bar behind it holds for all years together. Years left of "
            "the dashed line are placebos. A year without a collection is a grey band, not a point."
        ),
        columns=(Column("label", "School year or time since exposure"), *point_differences.columns()),
    )


def _finding(over_time: pd.DataFrame) -> str:
    """How many differences stand out from 0 before exposure and after it, by the bands for all years together."""
    low, high = (
        over_time[f"band_{end}"].where(over_time[f"band_{end}"].notna(), over_time[end])
        for end in ("low", "high")
    )
    stands_out = (low > 0) | (high < 0)
    before = over_time["placebo"].astype(bool)
    parts = [
        f"{'none' if not stands_out[these].any() else int(stands_out[these].sum())} of {int(these.sum())} {when}"
        for these, when in ((before, "before exposure"), (~before, "after it"))
        if these.any()
    ]
    return f"Differences that stand out from 0: {' and '.join(parts)}"


def table(over_time: pd.DataFrame) -> Table | None:
    """Differences by year, with the authorities compared."""
    if over_time.empty:
        return None
    frame = over_time.replace([np.inf, -np.inf], np.nan)
    frame["kind"] = ["placebo" if placebo else "effect" for placebo in frame["placebo"]]
    return Table(
        "over-time-table",
        "Differences by year, with the units compared",
        frame,
        (
            Column("label", "School year or time since exposure"),
            Column("kind", "Kind"),
            *point_differences.columns(),
            Column("band_low", "Band for all years, from", "number", blank=NO_BAND),
            Column("band_high", "Band for all years, to", "number", blank=NO_BAND),
        ),
    )
