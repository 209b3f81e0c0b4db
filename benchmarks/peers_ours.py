"""The same as the peers' modules, computed by ci_eval: published cases, timed jobs, and what it says to traps."""

from collections.abc import Callable
from typing import Any

from benchmarks import agreement_data as data
from benchmarks import peers_traps as traps
from benchmarks.peers_jobs import DRAWS, Action, Job
from ci_eval import agreement
from ci_eval.agreement import coders
from ci_eval.agreement.published_values import FUNCTIONS

OURS = "ci-eval"


def _coefficient(make: Callable[[int], Any], compute: Callable[[Any], Any]) -> Job:
    def job(units: int) -> Action:
        codes = make(units)
        return lambda: compute(codes).coefficient

    return job


def _first_two(units: int) -> Any:
    return data.complete(units)[:, :2]


def _alpha(codes: Any) -> coders.Agreement:
    return coders.krippendorff_alpha(codes, interval=None)


def _alpha_of_counts(counts: Any) -> coders.Agreement:
    return coders.krippendorff_alpha(coders.from_counts(counts), interval=None)


def _alpha_of_measurements(values: Any) -> coders.Agreement:
    return coders.krippendorff_alpha(values, "interval", interval=None)


def _bootstrap(units: int) -> Action:
    codes = data.ratings(units)
    return lambda: coders.krippendorff_alpha(codes, draws=DRAWS).low


def _bootstrap_of_counts(units: int) -> Action:
    counts = data.counts(units)
    return lambda: coders.krippendorff_alpha(coders.from_counts(counts), draws=DRAWS).low


def _cronbach(respondents: int) -> Action:
    frame = data.answers(respondents)
    return lambda: agreement.cronbach_alpha(frame).alpha


def _rake_rows(rows: int) -> Action:
    frame, margins = data.respondents(rows), data.margins(rows)
    return lambda: agreement.rake_rows(frame, margins)


def _rake_table(rows: int) -> Action:
    table = data.table(rows)
    margins = [list(groups.values()) for groups in data.margins(rows).values()]
    return lambda: agreement.rake(table, margins).weights * table


def _one_value() -> str:
    return coders.krippendorff_alpha(traps.SAME).note


def _raked(make: Callable[[], Any]) -> Callable[[], str]:
    def call() -> str:
        frame, margins = make()
        return traps.shown(agreement.rake_rows(frame, margins), frame)

    return call


def _listwise() -> str:
    found = [agreement.cronbach_alpha(frame) for frame in (traps.incomplete(), traps.incomplete().dropna())]
    return " and ".join(traps.interval_shown(one.low, one.high) for one in found)


PUBLISHED: dict[tuple[str, str], Callable[..., Any]] = {
    (OURS, name): call for name, call in FUNCTIONS.items()
}

JOBS: dict[tuple[str, str], Job] = {
    (OURS, "alpha"): _coefficient(data.ratings, _alpha),
    (OURS, "alpha of counts"): _coefficient(data.counts, _alpha_of_counts),
    (OURS, "alpha of measurements"): _coefficient(data.measurements, _alpha_of_measurements),
    (OURS, "bootstrap"): _bootstrap,
    (OURS, "bootstrap of counts"): _bootstrap_of_counts,
    (OURS, "Fleiss"): _coefficient(data.complete, coders.fleiss_kappa),
    (OURS, "Cohen"): _coefficient(_first_two, coders.cohen_kappa),
    (OURS, "Cronbach"): _cronbach,
    (OURS, "raking"): _rake_rows,
    (OURS, "raking of a table"): _rake_table,
}

SAID: dict[tuple[str, str], Callable[[], Any]] = {
    (OURS, "one value"): _one_value,
    (OURS, "empty group"): _raked(traps.empty_group),
    (OURS, "totals differ"): _raked(traps.totals_differ),
    (OURS, "listwise"): _listwise,
}
