"""The share that agrees when respondents come in clusters, such as the people of one engagement.

Method: docs/methods.md A7. People who took part in the same engagement resemble each other, so that they
carry less information than as many people drawn one by one. The variance is taken between clusters
(linearised ratio), the interval from Korn & Graubard 1998, with t on clusters - 1 degrees of freedom.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ci_eval.agreement.arguments import (
    as_scalar,
    broadcast,
    count_array,
    level_checked,
    numbers,
    people,
    refuse_where,
)
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

HEADLINE = "CANNOT COMPUTE a share of clustered respondents"


@dataclass(frozen=True)
class ClusteredShare:
    """Statistics of each cell, floats or float arrays of the shape before the axis of clusters.

    Attributes
    ----------
    share, se : share that agrees and its standard error between clusters
    low, high : interval
    clusters : clusters with at least one answer
    design_effect : variance over that of as many people drawn one by one; NaN where answers do not vary
    icc : intraclass correlation (analysis of variance), which may be negative; NaN where answers do not
        vary or every cluster is one person
    """

    share: Any
    se: Any
    low: Any
    high: Any
    clusters: Any
    design_effect: Any
    icc: Any


def clustered_share(
    agree: ArrayLike,
    answered: ArrayLike,
    clusters_asked: int | None = None,
    level: float = 0.95,
) -> ClusteredShare:
    """Share, interval, design effect and intraclass correlation from counts by cluster.

    Examples
    --------
    >>> result = clustered_share([9, 4, 10, 7], [10, 8, 10, 9])
    >>> round(result.share, 2), round(result.design_effect, 1)
    (0.81, 2.4)

    Parameters
    ----------
    agree, answered : whole numbers of people, the last axis being clusters; a cluster without answers
        counts for nothing
    clusters_asked : number of clusters in the population, for the finite-population correction; None for many
    level : level of the interval

    Returns
    -------
    ClusteredShare; everything NaN where nobody answered.

    Raises
    ------
    Refused
        For what is not a count, a cell whose answers all come from one cluster (its variance cannot be
        known), fewer clusters asked than answered.

    Validated against R survey 4.4 svyciprop and Stata kg_nchs (limits).
    """
    m, n = people(agree, answered, HEADLINE)
    if m.ndim == 0:
        refuse(HEADLINE, "one-cluster", "counts by cluster are needed, not one pair of numbers")
    clusters = np.asarray((n > 0).sum(axis=-1))
    text = "all answers come from one cluster, so that clusters cannot be compared; number of clusters"
    fix = "join engagements, or use the interval for respondents drawn one by one"
    refuse_where(clusters == 1, HEADLINE, "one-cluster", text, clusters, fix=fix)
    fraction = _fraction_of_clusters(clusters, clusters_asked)
    total, agreeing = n.sum(axis=-1), m.sum(axis=-1)
    some = np.maximum(total, 1)
    share = agreeing / some
    between = ((m - share[..., None] * n) ** 2).sum(axis=-1)
    variance = (1 - fraction) * clusters / np.maximum(clusters - 1, 1) * between / some**2
    se = np.sqrt(variance)
    df = np.maximum(clusters - 1, 1)
    low, high = _limits(share, se, some, df, 1 - fraction, level_checked(level, HEADLINE))
    alone = (1 - fraction) * share * (1 - share) / np.maximum(total - 1, 1)
    varies = (share > 0) & (share < 1) & (fraction < 1)
    effect = np.divide(variance, alone, out=np.full(share.shape, np.nan), where=varies)
    found = (share, se, low, high, clusters.astype(float), effect, _icc(m, n))
    empty = total == 0
    return ClusteredShare(*(as_scalar(np.where(empty, np.nan, value)) for value in found))


def korn_graubard(
    share: ArrayLike, se: ArrayLike, answered: ArrayLike, df: ArrayLike, level: float = 0.95
) -> tuple[Any, Any]:
    """Korn–Graubard limits from a share, its design-based standard error and degrees of freedom.

    The effective number of people p(1 - p) / se² is held to `answered` at most and is `answered` itself at
    a share of 0 or 1; it then stands in the Clopper–Pearson limits, reduced by the squared ratio of the t
    quantiles.

    Examples
    --------
    >>> low, high = korn_graubard(0.8, 0.05, answered=60, df=9)
    >>> f"{low:.2f} to {high:.2f}"
    '0.66 to 0.90'

    Raises
    ------
    Refused
        For shares outside 0 to 1, negative standard errors, or degrees of freedom below 1.
    """
    p, s, n, d = _design(share, se, answered, df)
    low, high = _limits(p, s, n, d, np.ones(()), level_checked(level, HEADLINE))
    return as_scalar(low), as_scalar(high)


def logit_interval(share: ArrayLike, se: ArrayLike, df: ArrayLike, level: float = 0.95) -> tuple[Any, Any]:
    """Limits p ± t·se on the logit scale, turned back; NaN at a share of 0 or 1, where the logit has no
    value.

    Examples
    --------
    >>> low, high = logit_interval(0.8, 0.05, df=9)
    >>> f"{low:.2f} to {high:.2f}"
    '0.66 to 0.89'
    """
    p, s, _, d = _design(share, se, np.asarray(1), df)
    low, high = _logit(p, s, d, level_checked(level, HEADLINE))
    return as_scalar(low), as_scalar(high)


def _limits(
    p: FloatArray, se: FloatArray, n: Any, df: Any, left: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Limits; `left` is 1 - clusters answered / clusters asked, and at 0 the share is known."""
    tail = (1 - level) / 2
    cap = n / np.where(left > 0, left, 1)
    effective = np.divide(p * (1 - p), se**2, out=np.full(np.shape(p + cap), np.inf), where=se > 0)
    effective = np.minimum(np.where((p == 0) | (p == 1), cap, effective), cap)
    ratio = special.stdtrit(np.maximum(n - 1, 1), tail) / special.stdtrit(df, tail)
    effective = effective * ratio**2
    yes, no = effective * p, effective * (1 - p)
    low = np.where(p == 0, 0.0, special.betaincinv(np.maximum(yes, 1e-300), no + 1, tail))
    high = np.where(p == 1, 1.0, special.betaincinv(yes + 1, np.maximum(no, 1e-300), 1 - tail))
    return np.where(left > 0, low, p), np.where(left > 0, high, p)


def _logit(p: FloatArray, se: FloatArray, df: Any, level: float) -> tuple[FloatArray, FloatArray]:
    inside = (p > 0) & (p < 1)
    q = np.where(inside, p, 0.5)
    centre = special.logit(q)
    half = special.stdtrit(df, (1 + level) / 2) * se / (q * (1 - q))
    low, high = special.expit(centre - half), special.expit(centre + half)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)


def _icc(m: IntArray, n: IntArray) -> FloatArray:
    """One-way analysis of variance of 0/1 answers, clusters of unequal size (Donner & Koval 1980)."""
    clusters = (n > 0).sum(axis=-1)
    total = n.sum(axis=-1)
    p = m.sum(axis=-1) / np.maximum(total, 1)
    own = m / np.maximum(n, 1)
    df_between, df_within = np.maximum(clusters - 1, 1), total - clusters
    between = (n * (own - p[..., None]) ** 2).sum(axis=-1) / df_between
    within = (n * own * (1 - own)).sum(axis=-1) / np.maximum(df_within, 1)
    typical = (total - (n**2).sum(axis=-1) / np.maximum(total, 1)) / df_between
    spread = between + (typical - 1) * within
    defined = (spread > 0) & (df_within > 0)
    return np.asarray(np.divide(between - within, spread, out=np.full(p.shape, np.nan), where=defined))


def _fraction_of_clusters(clusters: IntArray, clusters_asked: int | None) -> FloatArray:
    if clusters_asked is None:
        return np.zeros(clusters.shape)
    asked = count_array(clusters_asked, "clusters_asked", HEADLINE)
    text = f"only {asked} clusters were asked, yet this many answered"
    refuse_where(clusters > asked, HEADLINE, "fewer-clusters-asked", text, clusters)
    return np.asarray(clusters / np.maximum(asked, 1))


def _design(
    share: ArrayLike, se: ArrayLike, answered: ArrayLike, df: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    p, s = numbers(share, "share", HEADLINE), numbers(se, "se", HEADLINE)
    n, d = numbers(answered, "answered", HEADLINE), numbers(df, "df", HEADLINE)
    refuse_where(~((p >= 0) & (p <= 1)), HEADLINE, "share", "a share lies between 0 and 1, not", p)
    refuse_where(~((s >= 0) & np.isfinite(s)), HEADLINE, "se", "a standard error is not negative", s)
    refuse_where(~(n >= 1), HEADLINE, "answered", "somebody must have answered", n)
    refuse_where(~(d >= 1), HEADLINE, "df", "degrees of freedom are at least 1, not", d)
    p, s, n, d = broadcast(HEADLINE, p, s, n, d)
    return p, s, n, d
