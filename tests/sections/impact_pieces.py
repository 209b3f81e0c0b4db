"""Pieces of the impact notebooks' sections by key, as the notebooks make them, for the tests of sections."""

from dataclasses import replace
from typing import Any

from ci_eval.evidence import ImpactEvidence
from ci_eval.report.book import flatten
from ci_eval.sections.impact import (
    did_it_spill_over,
    does_it_hold_up,
    how_did_it_go_over_time,
    how_might_outcomes_change,
    was_the_order_random,
    what_are_the_limits,
    what_could_be_detected,
    what_is_the_answer,
    what_of_other_outcomes,
    what_was_planned,
    what_will_be_measured,
    who_is_compared,
)


def changed(evidence: ImpactEvidence, **other: Any) -> ImpactEvidence:
    """The same evidence with other files, facts or another plan."""
    return ImpactEvidence(replace(evidence.panels, **other))


def by_key(*pieces: Any) -> dict[str, Any]:
    flat = flatten(pieces)
    keys = [piece.key for piece in flat]
    assert len(keys) == len(set(keys))
    return dict(zip(keys, flat, strict=True))


def of_theory(evidence: ImpactEvidence) -> dict[str, Any]:
    words = how_might_outcomes_change.words(evidence.plan())
    return by_key(
        words, how_might_outcomes_change.spillover(), how_might_outcomes_change.chart(evidence.steps())
    )


def of_measured(evidence: ImpactEvidence) -> dict[str, Any]:
    frame, lacking = evidence.measured(), evidence.missing()
    return by_key(
        what_will_be_measured.words(frame),
        what_will_be_measured.table(frame),
        what_will_be_measured.missing_words(lacking),
        what_will_be_measured.missing_table(lacking),
        what_will_be_measured.files_read(evidence.load_record()),
    )


def of_comparison(evidence: ImpactEvidence) -> dict[str, Any]:
    design, authorities = evidence.design(), evidence.authorities()
    return by_key(
        who_is_compared.words(design),
        who_is_compared.chart(design),
        who_is_compared.table(design),
        who_is_compared.parts_words(authorities),
        who_is_compared.parts_table(authorities),
    )


def of_order(evidence: ImpactEvidence) -> dict[str, Any]:
    frame = evidence.balance()
    return by_key(was_the_order_random.words(frame), was_the_order_random.table(frame))


def of_detection(evidence: ImpactEvidence) -> dict[str, Any]:
    frame, costs = evidence.detectable(), evidence.calendar_costs()
    return by_key(
        what_could_be_detected.words(frame),
        what_could_be_detected.how_worked_out(frame),
        what_could_be_detected.smallest_table(frame),
        what_could_be_detected.table(frame),
        what_could_be_detected.costs_words(costs),
        what_could_be_detected.costs_table(costs),
    )


def of_the_plan(evidence: ImpactEvidence) -> dict[str, Any]:
    plan = evidence.plan()
    return by_key(
        what_was_planned.words(plan),
        what_was_planned.table(plan),
        what_was_planned.analyses(evidence.analyses()),
        what_was_planned.amendments(evidence.amendments()),
    )


def of_limits(evidence: ImpactEvidence) -> dict[str, Any]:
    limits = what_are_the_limits.of_the_plan(evidence.authorities())
    return by_key(limits, what_are_the_limits.inputs(evidence.provenance()))


def of_the_answer(evidence: ImpactEvidence) -> dict[str, Any]:
    answer = evidence.estimate()
    return by_key(
        what_is_the_answer.words(answer),
        what_is_the_answer.chart(evidence.panel()),
        what_of_other_outcomes.table(answer),
    )


def of_departures(evidence: ImpactEvidence) -> dict[str, Any]:
    departures = evidence.departures()
    return by_key(
        what_was_planned.departures_words(departures, evidence.amendments()),
        what_was_planned.departures_table(departures),
    )


def of_time(evidence: ImpactEvidence) -> dict[str, Any]:
    frame = evidence.over_time()
    return by_key(
        how_did_it_go_over_time.words(frame),
        how_did_it_go_over_time.chart(frame),
        how_did_it_go_over_time.table(frame),
    )


def of_variations(evidence: ImpactEvidence) -> dict[str, Any]:
    frame = evidence.variations()
    return by_key(does_it_hold_up.words(frame), does_it_hold_up.table(frame))


def of_spillover(evidence: ImpactEvidence) -> dict[str, Any]:
    frame = evidence.spillover()
    return by_key(did_it_spill_over.words(frame), did_it_spill_over.table(frame))


def of_outcomes(evidence: ImpactEvidence) -> dict[str, Any]:
    lacking = evidence.missing()
    return by_key(
        what_of_other_outcomes.table(evidence.outcomes()),
        what_will_be_measured.missing_words(lacking),
        what_will_be_measured.missing_table(lacking),
    )


def of_the_end(evidence: ImpactEvidence) -> dict[str, Any]:
    answer = evidence.estimate()
    return by_key(
        what_are_the_limits.what_would_change(answer),
        what_are_the_limits.of_the_evaluation(answer),
        what_are_the_limits.inputs(evidence.provenance()),
    )
