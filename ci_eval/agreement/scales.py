"""Do the statements form one scale, and which responses may not have been given with care?

Method: docs/methods.md A10. Cronbach's alpha with Feldt's interval, and omega total of a one-factor model
fitted by maximum likelihood, which does not assume that every statement measures the scale equally well.
In this programme most people agree strongly with most statements, so one answer throughout can be an honest
one; a flag is a reason to look, and the evaluator decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from ci_eval.agreement.arguments import is_number, is_whole, level_checked, numbers, refuse_where
from ci_eval.agreement.refusals import BoolArray, FloatArray, refuse

QUALITY = "CANNOT COMPUTE the quality of responses"
FEWEST_ANSWERS = 10  # one answer throughout means little over fewer statements
FAST_PART = 1 / 3  # of the median time
RELIABILITY = "CANNOT COMPUTE the reliability of a scale"
SMALLEST_UNIQUE = 0.005  # of a statement's variance; R factanal's bound against Heywood cases
REPEATED = "items repeat each other, so the interval has no width and says nothing of other respondents"
NO_VARIATION = "no variation: everybody's answers add up to the same"


def straight_lining(answers: ArrayLike, fewest: int = FEWEST_ANSWERS) -> BoolArray:
    """Respondents who gave one and the same answer to every statement they answered.

    Examples
    --------
    >>> straight_lining([[4, 4, 4], [4, 5, 4]], fewest=3).tolist()
    [True, False]

    Parameters
    ----------
    answers : (respondents, statements) numbers such as places on the scale, NaN where not answered
    fewest : answers below which nobody is flagged

    Returns
    -------
    bool (respondents,).

    Raises
    ------
    Refused
        For what is not a table of numbers, or `fewest` below 2.
    """
    x = numbers(answers, "answers", QUALITY)
    if x.ndim != 2 or not is_whole(fewest) or fewest < 2:
        refuse(QUALITY, "answers", "a table of respondents × statements and two answers or more are needed")
    given = ~np.isnan(x)
    low = np.where(given, x, np.inf).min(axis=1, initial=np.inf)
    high = np.where(given, x, -np.inf).max(axis=1, initial=-np.inf)
    return np.asarray((given.sum(axis=1) >= fewest) & (low == high))


def speeders(seconds: ArrayLike, part: float = FAST_PART) -> BoolArray:
    """Respondents who took less than `part` of the median time.

    Examples
    --------
    >>> speeders([300, 320, 60]).tolist()
    [False, False, True]

    Parameters
    ----------
    seconds : (respondents,) time from start to end; NaN where not known, which is never flagged
    part : share of the median

    Returns
    -------
    bool (respondents,).

    Raises
    ------
    Refused
        For negative times or a part outside 0 to 1.
    """
    time = numbers(seconds, "seconds", QUALITY)
    refuse_where(time < 0, QUALITY, "negative-time", "a response cannot end before it starts; seconds", time)
    if not (is_number(part) and 0 < part < 1):
        refuse(QUALITY, "part", f"the part of the median lies between 0 and 1, not {part!r}")
    known = ~np.isnan(time)
    if not known.any():
        return np.zeros(time.shape, dtype=bool)
    return np.asarray(known & (time < part * np.median(time[known])))


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha; `note` says why a number is NaN."""

    alpha: float
    low: float
    high: float
    respondents: int
    left_out: int
    items: int
    note: str = ""


@dataclass(frozen=True)
class Omega:
    """Omega total of a one-factor maximum-likelihood model, with standardised loadings; `note` says why
    NaN."""

    omega: float
    loadings: FloatArray
    respondents: int
    left_out: int
    items: int
    note: str = ""


def positions(frame: pd.DataFrame, statements: Sequence[str], scale: Sequence[str]) -> FloatArray:
    """Answers as places 1, 2, … on the scale; float (respondents, statements), NaN for any other or no
    answer.

    Examples
    --------
    >>> import pandas as pd
    >>> positions(pd.DataFrame({"s01": ["Low", "High", None]}), ["s01"], ["Low", "High"]).tolist()
    [[1.0], [2.0], [nan]]
    """
    place = {answer: float(i) for i, answer in enumerate(scale, start=1)}
    columns = [frame[statement].astype(object).map(place).to_numpy(dtype=float) for statement in statements]
    return np.column_stack(columns) if columns else np.empty((len(frame), 0))


def cronbach_alpha(
    answers: ArrayLike, level: float = 0.95, missing: Literal["complete", "pairwise"] = "complete"
) -> Alpha:
    """Cronbach's alpha of the answers, with Feldt's interval.

    Examples
    --------
    >>> round(cronbach_alpha([[1, 2, 2], [3, 3, 4], [5, 4, 5], [2, 2, 3]]).alpha, 2)
    0.96

    Parameters
    ----------
    answers : (respondents, items) numbers, NaN where not answered
    level : level of the interval
    missing : "complete" uses respondents who answered every item; "pairwise" uses for each pair of items
        those who answered both, and then gives no interval, because no one number of respondents stands
        behind it

    Returns
    -------
    Alpha. Where answers do not vary alpha is NaN, where items repeat each other its interval is a point, and the
    note says so; `left_out` counts respondents not used.

    Raises
    ------
    Refused
        With fewer than two items or two usable respondents.

    Validated against pingouin and R psych on complete data.
    """
    x = _matrix(answers, fewest_items=2)
    level = level_checked(level, RELIABILITY)
    complete = _complete(x)
    if missing == "pairwise":
        used = x[(~np.isnan(x)).sum(axis=1) >= 2]
        covariance = pd.DataFrame(used).cov().to_numpy()
    elif missing == "complete":
        used = complete
        covariance = _covariance(complete)
    else:
        refuse(RELIABILITY, "missing", f"there is no rule '{missing}'", fix="use 'complete' or 'pairwise'")
    people, items = used.shape
    left_out = len(x) - people
    total = covariance.sum()
    nan = float("nan")
    if not np.isfinite(total):
        return Alpha(nan, nan, nan, people, left_out, items, "a pair of items was answered by fewer than two")
    if total <= 1e-12:
        return Alpha(nan, nan, nan, people, left_out, items, NO_VARIATION)
    alpha = float(items / (items - 1) * (1 - np.trace(covariance) / total))
    if missing == "pairwise":
        return Alpha(alpha, nan, nan, people, left_out, items, "no interval with answers used in pairs")
    df, tail = people - 1, (1 - level) / 2
    below, above = (float(special.fdtri(df, df * (items - 1), q)) for q in (1 - tail, tail))
    low, high = (1 - (1 - alpha) * end for end in (below, above))
    return Alpha(alpha, low, high, people, left_out, items, REPEATED if alpha > 1 - 1e-12 else "")


def omega_total(answers: ArrayLike) -> Omega:
    """Omega total: the part of the variance of the sum that one common factor explains.

    Examples
    --------
    >>> answers = [[1, 2, 2], [3, 3, 4], [5, 4, 4], [2, 1, 3], [4, 5, 3], [3, 2, 4]]
    >>> round(omega_total(answers).omega, 2)
    0.89

    Parameters
    ----------
    answers : (respondents, items) numbers, NaN where not answered; respondents with every item are used

    Returns
    -------
    Omega, on the metric of the answers (covariances). Where an item does not vary, respondents are too few
    for the model, or the model does not fit properly (an item without variance of its own), the note says
    so.

    Raises
    ------
    Refused
        With fewer than three items, for which one factor is not determined, or fewer than two respondents.

    Validated against R lavaan through Bayesrel (ASRM data).
    """
    x = _matrix(answers, fewest_items=3)
    complete = _complete(x)
    covariance = _covariance(complete)
    (people, items), left_out = complete.shape, len(x) - len(complete)
    deviation = np.sqrt(np.diag(covariance))
    unknown = np.full(items, np.nan)
    constant = np.flatnonzero(deviation <= 1e-12)
    if constant.size:
        note = f"no variation in item {int(constant[0]) + 1}"
        return Omega(float("nan"), unknown, people, left_out, items, note)
    correlation = covariance / np.outer(deviation, deviation)
    if np.linalg.eigvalsh(correlation)[0] <= 1e-10:
        note = "items depend on each other exactly, or respondents are fewer than items"
        return Omega(float("nan"), unknown, people, left_out, items, note)
    loading, unique, note = _one_factor(correlation)
    common = float((loading * deviation).sum()) ** 2
    own = float((unique * deviation**2).sum())
    return Omega(common / (common + own), loading, people, left_out, items, note)


def _one_factor(correlation: FloatArray) -> tuple[FloatArray, FloatArray, str]:
    """Maximum-likelihood loadings and unique variances of one factor (Jöreskog 1967, as concentrated
    there)."""
    from scipy.optimize import minimize  # half as long to load as all the rest of this floor

    items = len(correlation)

    def loadings(unique: FloatArray) -> tuple[FloatArray, FloatArray]:
        root = np.sqrt(unique)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        return root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0)), values[:-1]

    def misfit(unique: FloatArray) -> tuple[float, FloatArray]:
        loading, rest = loadings(unique)
        gradient = (loading**2 + unique - np.diag(correlation)) / unique**2
        return float((rest - np.log(rest)).sum() - items + 1), gradient

    start = np.clip((1 - 0.5 / items) / np.diag(np.linalg.inv(correlation)), SMALLEST_UNIQUE, 1.0)
    fit = minimize(
        misfit,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(SMALLEST_UNIQUE, 1.0)] * items,
        options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-10},
    )
    unique = np.asarray(fit.x, dtype=np.float64)
    loading, _ = loadings(unique)
    loading = loading if loading.sum() >= 0 else -loading
    improper = np.flatnonzero(unique <= SMALLEST_UNIQUE * 1.001)
    note = f"item {int(improper[0]) + 1} has no variance of its own: read with care" if improper.size else ""
    return loading, unique, note


def _covariance(complete: FloatArray) -> FloatArray:
    if len(complete) < 2:
        text = f"{len(complete)} respondents answered every item; two or more are needed"
        refuse(RELIABILITY, "respondents", text)
    apart = complete - complete.mean(axis=0)
    return np.asarray(apart.T @ apart / (len(complete) - 1))


def _complete(x: FloatArray) -> FloatArray:
    """The rows without NaN, which need no copy where that is all of them."""
    if np.isfinite(x.sum()):  # one pass tells what is nearly always true
        return x
    return x[~np.isnan(x).any(axis=1)]


def _matrix(answers: ArrayLike, fewest_items: int) -> FloatArray:
    x = numbers(answers, "answers", RELIABILITY)
    if x.ndim != 2 or x.shape[1] < fewest_items:
        text = f"a table of respondents × {fewest_items} or more items is needed, not {x.shape}"
        refuse(RELIABILITY, "items", text)
    if not np.isfinite(x.sum()) and np.isinf(x).any():
        refuse(RELIABILITY, "not-finite", "an answer is infinite")
    return x
