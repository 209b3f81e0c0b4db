"""Was the rollout order as good as random? Balance of cohorts before anybody was exposed.

Method: docs/methods.md C4; Hansen & Bowers 2008. One permutation test of all covariates together, as many single
ones would find something by chance; single p values beside it show where to look.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import FloatArray, named, refuse
from ci_eval.impact.inference.orders import Orders
from ci_eval.impact.inference.statistics_by_order import share_as_extreme
from ci_eval.impact.panel import Panel

WHAT = "CANNOT TEST THE BALANCE OF THE ORDER"
FLAT = 1e-12  # a standard deviation this small beside the values is rounding


@dataclass(frozen=True)
class Balance:
    """Result of the test of balance.

    Attributes
    ----------
    p : of all covariates together, the order that happened counted in
    table : one row a covariate: covariate, one column of means a cohort, difference_sd (largest less smallest
        cohort mean, in standard deviations between units), p; a covariate in words has a p only
    covariates : number tested together, words counted by their categories less one
    orders, kind : orders tried, "exact" or "random"
    """

    p: float
    table: pd.DataFrame
    covariates: int
    orders: int
    kind: str


def pre_exposure(panel: Panel, lag: int = 1) -> pd.DataFrame:
    """Level and trend of the outcome in the years before anybody can have been exposed, by unit.

    Columns: level, the mean; trend, the change a (true) year by least squares, and base, the level in the base year,
    `lag` observed years before the first exposure, where there are two years or more. Nothing of a later year is
    looked at.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> exposure = Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2020, 2021, 2022]))
    >>> pre_exposure(Panel(exposure, np.array([[1.0, 3, 9], [2, 2, 9]]), np.ones(2))).to_numpy().tolist()
    [[2.0, 2.0, 3.0], [2.0, 0.0, 2.0]]

    Raises
    ------
    Refused
        If somebody is exposed from the first year on.
    """
    years = int(panel.design.first.min())
    if years < 1:
        text = "Somebody is exposed from the first year on, so that there is no year before."
        refuse(WHAT, "no-year-before", text, fix="leave those units out")
    before = panel.outcomes[:, :years]
    columns = {"level": before.mean(axis=1)}
    if years > 1:
        number = np.array(panel.years.numbers[:years], dtype=np.float64)
        number -= number.mean()
        columns["trend"] = before @ number / (number @ number)
        columns["base"] = before[:, -lag]
    return pd.DataFrame(columns, index=pd.Index(panel.units, name="unit"))


def balance(panel: Panel, covariates: pd.DataFrame, orders: Orders) -> Balance:
    """Test whether cohorts differ before exposure by more than a random order lets them.

    Parameters
    ----------
    panel : units and cohorts; its outcome is used only through `covariates`, e.g. `pre_exposure(panel)`
    covariates : index units; numbers, or words such as a region, without gaps
    orders : from `rollout_orders(panel, strata, …)`; covariates are centred within its strata

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years, rollout_orders
    >>> exposure = Exposure.from_cohorts(dict(zip("ABCD", [2022, 2022, None, None])), Years.of([2021, 2022]))
    >>> panel = Panel(exposure, np.zeros((4, 2)), np.ones(4))
    >>> pupils = pd.DataFrame({"pupils": [4.0, 3.0, 2.0, 1.0]}, index=list("ABCD"))
    >>> round(balance(panel, pupils, rollout_orders(panel, seed=1)).p, 3)
    0.333

    Raises
    ------
    Refused
        If a unit or value is missing, a covariate does not vary, or there are too many for so few units.
    """
    numbers, tested, owner = _matrix(panel, covariates)
    part = np.flatnonzero(orders.cohorts[0] >= 0)
    stratum = orders.stratum[orders.member[part]]
    centred = np.zeros_like(tested)
    for one in np.unique(stratum):
        rows = part[stratum == one]
        centred[rows] = tested[rows] - tested[rows].mean(axis=0)
    scale = np.sqrt((centred[part] ** 2).mean(axis=0))
    flat = scale <= FLAT * (1 + np.abs(tested).max(axis=0))
    if flat.any():
        names = sorted({str(covariates.columns[owner[place]]) for place in np.flatnonzero(flat)})
        text = f"{named(names)} does not vary between units of a stratum."
        refuse(WHAT, "constant", text, fix="leave the covariate out")
    free = len(part) - len(np.unique(stratum)) - 1
    if tested.shape[1] > free:
        text = f"{tested.shape[1]} covariates are too many for {len(part)} units."
        refuse(WHAT, "too-many", text, fix=f"choose at most {free}, those the schedule may have followed")
    standard = centred / scale
    p = share_as_extreme(_distance(standard @ _whitening(standard[part]), orders))
    single = []
    for column in range(len(covariates.columns)):
        own = standard[:, owner == column]
        single.append(share_as_extreme(_distance(own @ _whitening(own[part]), orders)))
    table = _table(panel, covariates, numbers, single)
    return Balance(p, table, tested.shape[1], len(orders), orders.kind)


def _matrix(panel: Panel, covariates: pd.DataFrame) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Numbers for the table (units, columns), to test (units, K), and the column each tested one belongs to (K,)."""
    table = covariates.set_axis(covariates.index.map(str))
    lacking = [unit for unit in panel.units if unit not in table.index]
    if lacking or table.index.has_duplicates:
        text = f"There is no row for {named(lacking)}." if lacking else "A unit has more than one row."
        refuse(WHAT, "units", text, fix="give one row a unit, its name as index")
    table = table.loc[list(panel.units)]
    numbers, tested, owner = [], [], []
    for place, name in enumerate(table.columns):
        column = table[name]
        if column.isna().any():
            missing = [unit for unit, gap in column.isna().items() if gap]
            text = f"{name} is not known for {named([str(unit) for unit in missing])}."
            refuse(WHAT, "missing", text, count=len(missing), fix="supply it or leave the covariate out")
        if pd.api.types.is_numeric_dtype(column):
            parts = [column.to_numpy(dtype=np.float64)]
            numbers.append(parts[0])
        else:
            codes = np.unique([str(value) for value in column], return_inverse=True)[1]
            parts = [(codes == code).astype(np.float64) for code in range(int(codes.max()))]
            parts = parts or [np.zeros(len(codes))]
            numbers.append(np.full(len(codes), np.nan))
        tested += parts
        owner += [place] * len(parts)
    return np.column_stack(numbers), np.column_stack(tested), np.array(owner)


def _whitening(centred: FloatArray) -> FloatArray:
    """A matrix that makes the columns uncorrelated with variance one; what others repeat drops out."""
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = values > 1e-9 * values.max()
    return np.asarray(vectors[:, kept] / np.sqrt(values[kept]))


def _distance(white: FloatArray, orders: Orders) -> FloatArray:
    """(B,) squared distance of cohort means from the overall one, each cohort counted by its units."""
    cohorts = orders.cohorts
    total = np.zeros(len(orders))
    for cohort in np.unique(orders.cohort):
        member = (cohorts == cohort).astype(np.float64)
        total += ((member @ white) ** 2).sum(axis=1) / member.sum(axis=1)
    return total


def _table(panel: Panel, covariates: pd.DataFrame, numbers: FloatArray, single: list[float]) -> pd.DataFrame:
    design = panel.design
    labels = enumerate(design.labels)
    means = {label: numbers[panel.groups == cohort].mean(axis=0) for cohort, label in labels}
    compared = np.array([means[design.labels[cohort]] for cohort in np.flatnonzero(design.compared)])
    with np.errstate(invalid="ignore"):
        spread = numbers[design.compared[panel.groups]].std(axis=0, ddof=1)
    table = pd.DataFrame({"covariate": [str(name) for name in covariates.columns], **means})
    table["difference_sd"] = (compared.max(axis=0) - compared.min(axis=0)) / spread
    return table.assign(p=single)
