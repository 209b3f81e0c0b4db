"""What the peers say where there is nothing to compute, or where it is easy to go wrong.

Each function gives what a user would read; what it raises is shown as well. No value is published for these: they
show who stops and who goes on.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import agreement_data as data

TRAPS = {
    "one value": "every coder gives every unit the same code",
    "empty group": "20 of 120 people asked belong to a group that nobody answered from",
    "totals differ": "the margins add up to 120 people by organisation and 150 by mode",
    "listwise": "interval of alpha with incomplete rows left out, and of the complete rows alone",
}
SAME = np.full((4, 3), 3.0)
LEAVES_OUT = 3  # respondents with an answer missing


def empty_group() -> tuple[pd.DataFrame, dict[str, dict[str, float]]]:
    """Fifty respondents of two organisations, and the people asked of three."""
    frame = pd.DataFrame({"organisation": ["LA"] * 30 + ["ES"] * 20, "mode": ["Online", "In person"] * 25})
    return frame, {
        "organisation": {"LA": 50.0, "ES": 50.0, "Other": 20.0},
        "mode": {"Online": 60.0, "In person": 60.0},
    }


def totals_differ() -> tuple[pd.DataFrame, dict[str, dict[str, float]]]:
    frame, _ = empty_group()
    return frame, {"organisation": {"LA": 80.0, "ES": 40.0}, "mode": {"Online": 50.0, "In person": 100.0}}


def incomplete() -> pd.DataFrame:
    """Answers of twelve respondents, three of them with one missing."""
    frame = data.answers(12)
    return frame.mask(np.eye(*frame.shape, dtype=bool) & (np.arange(12) < LEAVES_OUT)[:, None])


def shown(weights: Any, frame: pd.DataFrame, by: str = "organisation") -> str:
    """The people that each group's respondents speak for."""
    sums = pd.Series(np.asarray(weights, dtype=float)).groupby(frame[by].to_numpy()).sum()
    return "weights for " + ", ".join(f"{group} {people:.1f}" for group, people in sums.items())


def interval_shown(low: float, high: float) -> str:
    return f"{low:.3f} to {high:.3f}"


def irrcac_one_value() -> Any:
    return import_module("irrCAC.raw").CAC(pd.DataFrame(SAME)).krippendorff()["est"]["coefficient_value"]


def ipfn(make: Callable[[], tuple[pd.DataFrame, dict[str, dict[str, float]]]]) -> Callable[[], str]:
    def call() -> str:
        frame, groups = make()
        margins = [pd.Series(people).rename_axis(name) for name, people in groups.items()]
        fit = import_module("ipfn.ipfn").ipfn(frame.assign(total=1.0), margins, [[name] for name in groups])
        found = fit.iteration()
        return shown(found["total"], found)

    return call


def weightipy(make: Callable[[], tuple[pd.DataFrame, dict[str, dict[str, float]]]]) -> Callable[[], str]:
    def call() -> str:
        frame, groups = make()
        module = import_module("weightipy")
        asked = sum(groups["organisation"].values())
        shares = {name: {g: 100 * p / asked for g, p in people.items()} for name, people in groups.items()}
        scheme = module.scheme_from_dict(shares)
        found = module.weight_dataframe(frame.copy(), scheme, weight_column="weight")
        try:
            module.validate_scheme(frame, scheme)
            checked = "accepts it"
        except ValueError:
            checked = "refuses it"
        return f"{shown(found['weight'], frame)}; its validate_scheme, if called, {checked}"

    return call


def pingouin_listwise() -> str:
    frame, compute = incomplete(), import_module("pingouin").cronbach_alpha
    both = [compute(data=one, nan_policy="listwise")[1] for one in (frame, frame.dropna())]
    return " and ".join(interval_shown(*one) for one in both)


SAID: dict[tuple[str, str], Callable[[], Any]] = {
    ("krippendorff", "one value"): lambda: import_module("krippendorff").alpha(SAME.T),
    ("irrCAC", "one value"): irrcac_one_value,
    ("simpledorff", "one value"): lambda: import_module("simpledorff").calculate_krippendorffs_alpha_for_df(
        data.long(SAME), experiment_col="unit", annotator_col="coder", class_col="code"
    ),
    ("nltk", "one value"): lambda: (
        import_module("nltk.metrics.agreement").AnnotationTask(data.triples(SAME)).alpha()
    ),
    ("statsmodels", "one value"): lambda: import_module("statsmodels.stats.inter_rater").fleiss_kappa(
        np.array([[3, 0]] * 4)
    ),
    ("scikit-learn", "one value"): lambda: import_module("sklearn.metrics").cohen_kappa_score(
        [3] * 4, [3] * 4
    ),
    ("ipfn", "empty group"): ipfn(empty_group),
    ("ipfn", "totals differ"): ipfn(totals_differ),
    ("weightipy", "empty group"): weightipy(empty_group),
    ("weightipy", "totals differ"): weightipy(totals_differ),
    ("pingouin", "listwise"): pingouin_listwise,
}
