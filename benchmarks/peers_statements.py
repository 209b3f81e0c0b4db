"""Statistics on statements and weights, as the peers compute the published cases."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers_inputs import as_rows


def statsmodels_interval(agree: int, answered: int, level: float, asked: int | None = None) -> Any:
    """Wilson; where a number asked is given, the exact interval for a population without end comes nearest."""
    method = "wilson" if asked is None else "beta"
    compute = import_module("statsmodels.stats.proportion").proportion_confint
    return compute(agree, answered, alpha=1 - level, method=method)


def statsmodels_difference(
    agree_first: int, answered_first: int, agree_second: int, answered_second: int
) -> list[float]:
    compute = import_module("statsmodels.stats.proportion").confint_proportions_2indep
    low, high = compute(
        agree_second, answered_second, agree_first, answered_first, method="newcomb", compare="diff"
    )
    return [agree_second / answered_second - agree_first / answered_first, low, high]


def statsmodels_superiority(first: Sequence[int], second: Sequence[int]) -> dict[str, Any]:
    found = import_module("statsmodels.stats.nonparametric").rank_compare_2ordinal(second, first)
    low, high = found.conf_int()
    return {"estimate": found.prob1, "low": low, "high": high, "p": found.test_prob_superior().pvalue}


def statsmodels_holm(p: Sequence[float]) -> Any:
    return import_module("statsmodels.stats.multitest").multipletests(p, method="holm")[1]


def pingouin_cronbach(answers: Any, missing: str = "listwise") -> dict[str, Any]:
    frame = pd.DataFrame(answers, dtype=float)
    alpha, interval = import_module("pingouin").cronbach_alpha(data=frame, nan_policy=missing)
    return {"alpha": alpha, "low": interval[0], "high": interval[1]}


def ipfn_weights(sample: Any, margins: Any) -> dict[str, Any]:
    table = np.array(sample, dtype=float)
    wanted = [np.array(margin, dtype=float) for margin in margins]
    axes = [[axis] for axis in range(table.ndim)]
    return {"weights": import_module("ipfn.ipfn").ipfn(table.copy(), wanted, axes).iteration() / table}


def weightipy_weights(sample: Any, margins: Any) -> dict[str, Any]:
    frame, total = as_rows(sample), float(np.sum(margins[0]))
    shares = {
        column: {group: 100 * people / total for group, people in enumerate(margin)}
        for column, margin in zip(frame.columns, margins, strict=True)
    }
    module = import_module("weightipy")
    found = module.weight_dataframe(frame.copy(), module.scheme_from_dict(shares), weight_column="weight")
    cells = found.pivot_table(index="axis0", columns="axis1", values="weight", aggfunc="first")
    return {"weights": cells.to_numpy() * total / len(frame)}


PUBLISHED: dict[tuple[str, str], Callable[..., Any]] = {
    ("statsmodels", "interval"): statsmodels_interval,
    ("statsmodels", "difference"): statsmodels_difference,
    ("statsmodels", "superiority"): statsmodels_superiority,
    ("statsmodels", "holm"): statsmodels_holm,
    ("pingouin", "cronbach_alpha"): pingouin_cronbach,
    ("ipfn", "rake"): ipfn_weights,
    ("weightipy", "rake"): weightipy_weights,
}
