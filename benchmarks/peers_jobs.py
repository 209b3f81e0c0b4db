"""What the peers are timed at: each job makes its data, and gives the action that is timed.

The data stand ready in the form that the peer asks for; the action is what a user calls from there on.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import agreement_data as data

Action = Callable[[], Any]
Job = Callable[[int], Action]

DRAWS = 1_000
LARGE = 100_000  # units from which a loop over draws is timed for some of them only
LARGE_DRAWS = 20


def draws(units: int) -> int:
    """How many draws a loop runs through; the rest of the 1,000 are taken to last as long."""
    return LARGE_DRAWS if units >= LARGE else DRAWS


def krippendorff_alpha(units: int) -> Action:
    by_coder, compute = np.ascontiguousarray(data.ratings(units).T), import_module("krippendorff").alpha
    return lambda: compute(reliability_data=by_coder, level_of_measurement="nominal")


def krippendorff_counts(units: int) -> Action:
    counts, compute = data.counts(units), import_module("krippendorff").alpha
    return lambda: compute(value_counts=counts, level_of_measurement="nominal")


def krippendorff_interval(units: int) -> Action:
    by_coder, compute = np.ascontiguousarray(data.measurements(units).T), import_module("krippendorff").alpha
    return lambda: compute(reliability_data=by_coder, level_of_measurement="interval")


def krippendorff_loop(units: int) -> Action:
    by_coder, compute = np.ascontiguousarray(data.ratings(units).T), import_module("krippendorff").alpha

    def action() -> Any:
        generator = np.random.default_rng(data.SEED)
        sampled = (by_coder[:, generator.integers(0, units, units)] for _ in range(draws(units)))
        alphas = [compute(reliability_data=one, level_of_measurement="nominal") for one in sampled]
        return np.quantile(alphas, 0.025)

    return action


def krippendorff_loop_counts(units: int) -> Action:
    counts, compute = data.counts(units), import_module("krippendorff").alpha

    def action() -> Any:
        generator = np.random.default_rng(data.SEED)
        sampled = (counts[generator.integers(0, units, units)] for _ in range(draws(units)))
        return np.quantile(
            [compute(value_counts=one, level_of_measurement="nominal") for one in sampled], 0.025
        )

    return action


def irrcac(method: str, make: Callable[[int], Any], coders: int | None = None) -> Job:
    def job(units: int) -> Action:
        frame, module = pd.DataFrame(make(units)).iloc[:, :coders], import_module("irrCAC.raw")
        return lambda: getattr(module.CAC(frame.copy(), digits=12), method)()["est"]["coefficient_value"]

    return job


def simpledorff_alpha(units: int) -> Action:
    frame, module = data.long(data.ratings(units)), import_module("simpledorff")
    columns = {"experiment_col": "unit", "annotator_col": "coder", "class_col": "code"}
    return lambda: module.calculate_krippendorffs_alpha_for_df(frame, **columns)


def nltk(method: str, make: Callable[[int], Any], coders: int | None = None) -> Job:
    def job(units: int) -> Action:
        rows = data.triples(make(units)[:, :coders])
        task = import_module("nltk.metrics.agreement").AnnotationTask
        return lambda: getattr(task(rows), method)()

    return job


def statsmodels_fleiss(units: int) -> Action:
    codes, module = data.complete(units), import_module("statsmodels.stats.inter_rater")
    return lambda: module.fleiss_kappa(module.aggregate_raters(codes)[0])


def statsmodels_cohen(units: int) -> Action:
    codes, module = data.complete(units)[:, :2], import_module("statsmodels.stats.inter_rater")
    return lambda: module.cohens_kappa(module.to_table(codes)[0]).kappa


def sklearn_cohen(units: int) -> Action:
    first, second = np.ascontiguousarray(data.complete(units)[:, :2].T)
    compute = import_module("sklearn.metrics").cohen_kappa_score
    return lambda: compute(first, second)


def pingouin_cronbach(respondents: int) -> Action:
    frame, module = data.answers(respondents), import_module("pingouin")
    return lambda: module.cronbach_alpha(data=frame)[0]


def ipfn_rows(rows: int) -> Action:
    frame, module = data.respondents(rows), import_module("ipfn.ipfn")
    margins = [pd.Series(groups).rename_axis(name) for name, groups in data.margins(rows).items()]

    def action() -> Any:
        start = frame.assign(total=1.0)
        return module.ipfn(start, margins, [[name] for name in data.GROUPS]).iteration()["total"]

    return action


def ipfn_table(rows: int) -> Action:
    table, module = data.table(rows), import_module("ipfn.ipfn")
    margins = [np.array(list(groups.values())) for groups in data.margins(rows).values()]
    return lambda: module.ipfn(table.copy(), margins, [[0], [1]]).iteration()


def weightipy_rows(rows: int) -> Action:
    frame, module = data.respondents(rows), import_module("weightipy")
    asked = data.ASKED_FOR_EACH * rows
    shares = {
        name: {group: 100 * people / asked for group, people in groups.items()}
        for name, groups in data.margins(rows).items()
    }

    def action() -> Any:
        scheme = module.scheme_from_dict(shares)
        return module.weight_dataframe(frame.copy(), scheme, weight_column="weight")["weight"]

    return action


JOBS: dict[tuple[str, str], Job] = {
    ("krippendorff", "alpha"): krippendorff_alpha,
    ("krippendorff", "alpha of counts"): krippendorff_counts,
    ("krippendorff", "alpha of measurements"): krippendorff_interval,
    ("krippendorff", "bootstrap"): krippendorff_loop,
    ("krippendorff", "bootstrap of counts"): krippendorff_loop_counts,
    ("irrCAC", "alpha"): irrcac("krippendorff", data.ratings),
    ("irrCAC", "Fleiss"): irrcac("fleiss", data.complete),
    ("irrCAC", "Cohen"): irrcac("conger", data.complete, coders=2),
    ("simpledorff", "alpha"): simpledorff_alpha,
    ("nltk", "alpha"): nltk("alpha", data.ratings),
    ("nltk", "Fleiss"): nltk("pi", data.complete),
    ("nltk", "Cohen"): nltk("kappa", data.complete, coders=2),
    ("statsmodels", "Fleiss"): statsmodels_fleiss,
    ("statsmodels", "Cohen"): statsmodels_cohen,
    ("scikit-learn", "Cohen"): sklearn_cohen,
    ("pingouin", "Cronbach"): pingouin_cronbach,
    ("ipfn", "raking"): ipfn_rows,
    ("ipfn", "raking of a table"): ipfn_table,
    ("weightipy", "raking"): weightipy_rows,
}
