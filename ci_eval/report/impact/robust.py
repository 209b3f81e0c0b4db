"""Does the answer hold up? Every variation the plan lists, on one scale."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import sentences
from ci_eval.report.book import Piece
from ci_eval.report.impact.answer import p_value, signed
from ci_eval.report.impact.estimates import all_estimates
from ci_eval.report.impact.evidence import ImpactEvidence
from ci_eval.report.impact.variations import FEWEST, agree, compared, variations
from ci_eval.report.pieces import Column, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    Column("kind", "Variation"),
    Column("how", "How"),
    Column("estimate", "Difference, percentage points", "number", blank="bounds or an interval only"),
    Column("low", "From", "number", blank="no limit, or none could be worked out"),
    Column("high", "To", "number", blank="no limit, or none could be worked out"),
    Column("p", "p", "number", blank="not tested", decimals=3),
    Column("exposed", "Authorities exposed", "count", blank="as in the plan"),
    Column("controls", "Authorities compared with", "count", blank="as in the plan"),
    Column("note", "Note", blank="nothing to note"),
)


def robust(evidence: ImpactEvidence) -> list[Piece]:
    """The variations in words and as a table."""
    primary = all_estimates(evidence)[0]
    if primary.result is None:
        return [
            Sentence.missing(
                "robust",
                "Without an estimate there is nothing to vary.",
                "look at the map of comparisons; a later period may allow an estimate.",
            )
        ]
    frame = variations(evidence)
    return [_sentence(evidence, frame, primary.result.estimate), _table(frame)]


def _sentence(evidence: ImpactEvidence, frame: "pd.DataFrame", estimate: float) -> Sentence:
    same, tried = agree(frame, estimate)
    tested = compared(frame)
    text = (
        f"{same} of {tried} variations with an estimate from {FEWEST} or more authorities on either side have the sign of "
        f"the planned one ({signed(estimate)}); they run from {signed(tested['estimate'].min())} to "
        f"{signed(tested['estimate'].max())} percentage points."
    )
    placebos = frame[frame["kind"] == "placebo years"]
    if len(placebos):
        worst = placebos.to_dict("records")[int(placebos["estimate"].abs().to_numpy().argmax())]
        text += f" The largest placebo is {signed(worst['estimate'])} ({worst['how']}; p = {p_value(worst['p'])})."
    magnitudes = frame[(frame["kind"] == "relative magnitudes") & frame["low"].notna()]
    excluded = [row["how"] for row in magnitudes.to_dict("records") if row["low"] > 0 or row["high"] < 0]
    if len(magnitudes):
        text += (
            f" Zero stays excluded where {excluded[-1]}."
            if excluded
            else f" Zero is not excluded where {magnitudes['how'].iloc[0]}."
        )
    unmade = frame[(frame["note"] != "") & frame["estimate"].isna() & frame["low"].isna()]
    if len(unmade):
        text += f" Not made here: {sentences.listed(sorted(set(unmade['kind'])))}; the table says why."
    return Sentence("robust", text, {"same_sign": same, "variations": tried})


def _table(frame: "pd.DataFrame") -> Table:
    shown = frame.replace([np.inf, -np.inf], np.nan)
    return Table(
        "robust-table",
        "The primary outcome, estimated in the other ways that the plan lists",
        shown,
        COLUMNS,
        note=(
            "Relative magnitudes and smoothness (Rambachan and Roth 2023) give intervals that hold although trends are not "
            "parallel. Bounds over unknown dates are the smallest and largest estimate, without allowance for chance."
        ),
        row_heading="how",
    )
