"""Did it spill over to others? Officers sent to earlier teams, and what they make of the comparison."""

from typing import TYPE_CHECKING

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.impact.spillover import Officers, donut, exposed_share, with_spillover
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table
from ci_eval.sections.impact.estimates import planned_orders, planned_test
from ci_eval.sections.impact.what_is_the_answer import p_value, signed

if TYPE_CHECKING:
    import pandas as pd


def spillover(evidence: ImpactEvidence) -> list[Piece]:
    """How many of those compared with had sent officers to earlier teams, and the estimate that allows for it."""
    if evidence.officers is None:
        return [
            Sentence.missing(
                "spillover",
                "Nobody has recorded which authorities sent officers to which teams, so that what spread to the "
                "authorities compared with cannot be taken off. If something did, the difference above understates the "
                "effect.",
                'declare a table of councils, engagements and officers: officers = "…" under [impact] in the settings.',
            )
        ]
    panel = evidence.panel(evidence.plan.primary)
    sent = Officers.from_frame(evidence.officers.rename(columns={"gss_code": "council"}), panel.exposure)
    try:
        shares = exposed_share(panel, sent)
        return [_reached(shares), _table(shares), *_allowed_for(evidence, sent)]
    except Refused as error:
        return [Sentence("spillover", f"Spillover cannot be looked at: {error.message}", level="warning")]


def _reached(frame: "pd.DataFrame") -> Sentence:
    reached, controls = int(frame["reached"].sum()), int(frame["controls"].sum())
    return Sentence(
        "spillover",
        f"Of the authorities compared with, {sentences.share_of(reached, controls, bands=())} had sent officers to earlier "
        "teams by then, over all comparisons.",
        {"reached": reached, "controls": controls},
    )


def _table(frame: "pd.DataFrame") -> Table:
    return Table(
        "spillover-table",
        "Who had sent officers to earlier teams, in every comparison",
        frame,
        (
            Column("cohort", "Cohort"),
            Column("year", "School year"),
            Column("base", "Compared with"),
            Column("controls", "Authorities compared with", "count"),
            Column("reached", "Of them had sent officers", "count"),
            Column("share", "Share", "percent"),
            Column("officers", "Officers sent", "count"),
        ),
        bands=(),
    )


def _allowed_for(evidence: ImpactEvidence, sent: Officers) -> list[Piece]:
    """The estimate without those who had sent officers, and with what they learnt beside the effect."""
    panel, plan = evidence.panel(evidence.plan.primary), evidence.plan
    pieces: list[Piece] = []
    try:
        without = donut(panel, sent)
        result = planned_test(evidence, without, plan.contrast(without.design))
        pieces.append(
            Sentence(
                "spillover-donut",
                f"Compared only with authorities that had sent nobody, the difference is {signed(result.estimate)} "
                f"percentage points ({plan.level:.0%} interval {signed(result.low)} to {signed(result.high)}; "
                f"{result.exposed_units} against {result.control_units}).",
                {
                    "estimate": result.estimate,
                    "low": result.low,
                    "high": result.high,
                    "controls": result.control_units,
                },
            )
        )
    except Refused as error:
        message = f"Without those who had sent officers nothing can be compared: {error.message}"
        pieces.append(Sentence("spillover-donut", message, level="warning"))
    try:
        both = with_spillover(panel, sent, planned_orders(evidence, panel))
        pieces.append(
            Sentence(
                "spillover-both",
                f"Estimated together, own exposure goes with {signed(both.effect)} percentage points "
                f"(p = {p_value(both.p_effect)}) and having sent officers {signed(both.spillover)} "
                f"(p = {p_value(both.p_spillover)}); without the second the same regression gives "
                f"{signed(both.effect_alone)}.",
                {"effect": both.effect, "spillover": both.spillover, "effect_alone": both.effect_alone},
            )
        )
    except Refused as error:
        message = f"Effect and spillover cannot be estimated together: {error.message}"
        pieces.append(Sentence("spillover-both", message, level="warning"))
    return pieces
