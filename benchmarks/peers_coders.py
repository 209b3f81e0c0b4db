"""Coefficients of agreement between coders, as the peers compute the published cases.

Each function takes the input of a case and gives the parts that the peer offers, by their names in the case.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.agreement_data import long, triples
from benchmarks.peers_inputs import NotOfferedError, as_counts, as_ratings, as_table, refuse

Parts = Mapping[str, Any]
DIGITS = 12  # irrCAC rounds to five digits unless told


def krippendorff(metric: str = "nominal", weights: Any = None, interval: Any = None, **given: Any) -> Parts:
    refuse(weights)
    data = (
        {"value_counts": as_counts(given)} if "counts" in given else {"reliability_data": as_ratings(given).T}
    )
    return {"coefficient": import_module("krippendorff").alpha(level_of_measurement=metric, **data)}


def simpledorff(metric: str = "nominal", weights: Any = None, interval: Any = None, **given: Any) -> Parts:
    refuse(weights)
    distance = getattr(import_module("simpledorff.metrics"), f"{metric}_metric", None)
    if distance is None:
        raise NotOfferedError
    compute = import_module("simpledorff").calculate_krippendorffs_alpha_for_df
    frame = long(as_ratings(given))
    return {
        "coefficient": compute(
            frame, experiment_col="unit", annotator_col="coder", class_col="code", metric_fn=distance
        )
    }


def nltk(method: str, who_matters: bool = False) -> Callable[..., Parts]:
    """One of the coefficients of nltk's annotation task."""

    def call(metric: str = "nominal", weights: Any = None, distances: Any = None, **given: Any) -> Parts:
        given.pop("interval", None)
        refuse(weights, distances)
        known = import_module("nltk.metrics.distance")
        distance = {"nominal": known.binary_distance, "interval": known.interval_distance}.get(metric)
        if distance is None:
            raise NotOfferedError
        task = import_module("nltk.metrics.agreement").AnnotationTask
        return {"coefficient": getattr(task(triples(as_ratings(given, who_matters)), distance), method)()}

    return call


def nltk_masi(first: Any, second: Any) -> float:
    return float(import_module("nltk.metrics.distance").masi_distance(set(first), set(second)))


def irrcac(raw: str, table: str = "", who_matters: bool = False) -> Callable[..., Parts]:
    """irrCAC for raw ratings, and for a table of two coders where it has a method for it."""

    def call(metric: str = "nominal", weights: Any = None, interval: Any = None, **given: Any) -> Parts:
        scheme = weights or {"nominal": "identity", "interval": "quadratic", "ratio": "ratio"}.get(metric)
        if scheme is None or "distances" in given:
            raise NotOfferedError
        if "table" in given and table:
            frame = pd.DataFrame(as_table(given))
            found = getattr(import_module("irrCAC.table").CAC(frame, weights=scheme, digits=DIGITS), table)()
        else:
            frame = pd.DataFrame(as_ratings(given, who_matters))
            module, declared = import_module("irrCAC.raw"), given.get("categories")
            if "counts" in given:
                declared = list(range(1, as_counts(given).shape[1] + 1))
            found = getattr(module.CAC(frame, weights=scheme, categories=declared, digits=DIGITS), raw)()
        one = found["est"]
        low, high = one["confidence_interval"]
        parts = {"coefficient": one["coefficient_value"], "se": one["se"], "low": low, "high": high}
        return parts | {"observed": one["pa"], "expected": one["pe"]}

    return call


def irrcac_cohen(**given: Any) -> Parts:
    """Without its limits: they are Student's and those published (SAS) normal, which is a choice and no mistake."""
    found = irrcac("conger", "cohen", who_matters=True)(**given)
    return {"coefficient": found["coefficient"], "se": found["se"]}


def irrcac_percent(**given: Any) -> Parts:
    """Percent agreement: a method for tables, and a part of every coefficient for raw ratings."""
    if "table" in given:
        one = import_module("irrCAC.table").CAC(pd.DataFrame(as_table(given)), digits=DIGITS).pa2()["est"]
        return {"coefficient": one["coefficient_value"], "se": one["se"]}
    return {"coefficient": irrcac("fleiss")(**given)["observed"]}


def statsmodels_fleiss(method: str) -> Callable[..., Parts]:
    def call(weights: Any = None, **given: Any) -> Parts:
        refuse(weights)
        module = import_module("statsmodels.stats.inter_rater")
        counts = as_counts(given) if "counts" in given else module.aggregate_raters(as_ratings(given))[0]
        return {"coefficient": module.fleiss_kappa(counts, method=method)}

    return call


def statsmodels_cohen(weights: Any = None, distances: Any = None, **given: Any) -> Parts:
    options = {} if weights is None else {"wt": weights}
    if distances is not None:
        options["weights"] = np.array(distances)
    found = import_module("statsmodels.stats.inter_rater").cohens_kappa(as_table(given), **options)
    return {
        "coefficient": found.kappa,
        "se": found.std_kappa,
        "low": found.kappa_low,
        "high": found.kappa_upp,
    }


def sklearn_cohen(weights: Any = None, distances: Any = None, **given: Any) -> Parts:
    refuse(distances)
    first, second = as_ratings(given, who_matters=True).T
    return {"coefficient": import_module("sklearn.metrics").cohen_kappa_score(first, second, weights=weights)}


PUBLISHED: dict[tuple[str, str], Callable[..., Any]] = {
    ("krippendorff", "krippendorff_alpha"): krippendorff,
    ("simpledorff", "krippendorff_alpha"): simpledorff,
    ("nltk", "krippendorff_alpha"): nltk("alpha"),
    ("nltk", "percent_agreement"): nltk("avg_Ao"),
    ("nltk", "fleiss_kappa"): nltk("pi"),
    ("nltk", "conger_kappa"): nltk("multi_kappa", who_matters=True),
    ("nltk", "cohen_kappa"): nltk("kappa", who_matters=True),
    ("nltk", "brennan_prediger"): nltk("S"),
    ("nltk", "masi"): nltk_masi,
    ("irrCAC", "krippendorff_alpha"): irrcac("krippendorff", "krippendorff"),
    ("irrCAC", "percent_agreement"): irrcac_percent,
    ("irrCAC", "fleiss_kappa"): irrcac("fleiss", "scott"),
    ("irrCAC", "conger_kappa"): irrcac("conger", "cohen", who_matters=True),
    ("irrCAC", "cohen_kappa"): irrcac_cohen,
    ("irrCAC", "brennan_prediger"): irrcac("bp", "bp"),
    ("irrCAC", "gwet_ac1"): irrcac("gwet", "gwet"),
    ("irrCAC", "gwet_ac2"): irrcac("gwet", "gwet"),
    ("statsmodels", "fleiss_kappa"): statsmodels_fleiss("fleiss"),
    ("statsmodels", "brennan_prediger"): statsmodels_fleiss("randolph"),
    ("statsmodels", "cohen_kappa"): statsmodels_cohen,
    ("scikit-learn", "cohen_kappa"): sklearn_cohen,
}

# The parts that these give; a case which asks for none of them is not offered, whatever else happens to it.
OFFERED = {peer: {"coefficient"} for peer in ("krippendorff", "simpledorff", "nltk", "scikit-learn")}
