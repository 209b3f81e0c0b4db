"""The whole way on the published levels: plan, freeze, evaluate, and hold the numbers against those worked out apart."""

import re
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from ci_eval.evidence import ImpactEvidence, open_impact
from ci_eval.evidence.impact_estimates import SECONDARY, Planned, estimated
from ci_eval.impact import Panel, callaway_santanna, realised_power
from ci_eval.runs.plan_commands import freeze_plan

ROOT = Path(__file__).parents[2]
LITERACY, NUMERACY = (f"{one} (P1, P4 and P7 combined)" for one in ("Literacy", "Numeracy"))
# Equal authorities, 11 hosts of 2021-22 against 21 others, base 2020-21: worked out apart from this code.
ESTIMATES = {LITERACY: -0.296262, NUMERACY: -0.484465}
ISLANDS = ("Na h-Eileanan Siar", "Orkney Islands", "Shetland Islands")

pytestmark = pytest.mark.slow  # the published workbook holds 70,000 cells


@pytest.fixture(scope="module")
def evaluated(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> ImpactEvidence:
    """The example's plan with the published levels, frozen and then evaluated."""
    folder = tmp_path_factory.mktemp("published")
    plan = (ROOT / "data" / "example" / "impact_plan.toml").read_text("utf-8")
    (folder / "plan.toml").write_text(plan, "utf-8")
    settings = folder / "evaluation.toml"
    settings.write_text(
        f'programme = "{ROOT / "data" / "programme"}"\n'
        '[periods."2022-23"]\nstarts = 2022-07-01\nends = 2023-06-30\n'
        '[impact]\nplan = "plan.toml"\n'
        f'[impact.outcomes.levels]\nfile = "{shared / "data/acel/cfe_levels_2024_25.xlsx"}"\nkind = "acel"\n',
        "utf-8",
    )
    freeze_plan(str(settings), say=lambda _: None)
    return open_impact("2022-23", str(settings), exposed=True)[0]


def test_estimates_are_those_worked_out_apart(evaluated: ImpactEvidence) -> None:
    frame = evaluated.outcomes().set_index("outcome")
    for measure, value in ESTIMATES.items():
        row = frame.loc[measure]
        assert row["estimate"] == pytest.approx(value, abs=5e-7)
        assert (row["exposed"], row["controls"]) == (11, 21)
        assert row["low"] < value < row["high"]
        assert row["p"] > 0.5


def number(cell: object) -> float:
    """A published percentage; NaN of a cell that holds none or a bound."""
    try:
        return float(str(cell))
    except ValueError:
        return float("nan")


@pytest.mark.parametrize(("column", "measure", "stated"), [(7, LITERACY, 2.211), (8, NUMERACY, 2.386)])
def test_the_gaps_estimate_is_that_of_the_published_table(
    evaluated: ImpactEvidence, shared: Path, column: int, measure: str, stated: float
) -> None:
    """Straight from table 11: quintile 5 less quintile 1, hosts less others, 2021-22 less 2020-21."""
    book = CalamineWorkbook.from_path(str(shared / "data/acel/cfe_levels_2024_25.xlsx"))
    level = {
        (year, council, simd.split(" - ")[0][-1]): number(cells[column - 4])
        for year, stage, council, simd, *cells in book.get_sheet_by_name("Table_11").to_python()[5:]
        if "P1, P4 and P7" in stage
    }
    panels = evaluated.panels
    made = estimated(panels, Planned(measure, SECONDARY, gap=True))
    assert made.result is not None
    assert made.panel is not None
    panel, result = made.panel, made.result
    first = {
        panels.council_names[unit]: year < len(panel.years)
        for unit, year in zip(panel.units, panel.exposure.first, strict=True)
    }
    rise: dict[bool, list[float]] = {True: [], False: []}
    for council, host in first.items():
        words = set(re.findall("[A-Z][a-z]+", council))
        (named,) = {one for _, one, _ in level if set(re.findall("[A-Z][a-z]+", one)) == words}
        gaps = [level[year, named, "5"] - level[year, named, "1"] for year in ("2021-22", "2020-21")]
        rise[host].append(gaps[0] - gaps[1])
    estimate = np.mean(rise[True]) - np.mean(rise[False])
    assert result.estimate == pytest.approx(estimate, abs=1e-9)
    assert result.low < 0 < result.high
    assert result.p > 0.2
    assert estimate == pytest.approx(stated, abs=5e-4)


def test_small_authorities_have_their_rows_and_their_sentence(evaluated: ImpactEvidence) -> None:
    frame = evaluated.variations()
    rows = frame.set_index("kind")["estimate"]
    assert rows["joint reviews"] == pytest.approx(-0.92, abs=0.005)
    assert rows["islands out"] == pytest.approx(-1.35, abs=0.005)
    assert rows["pupil weights"] == pytest.approx(-1.20, abs=0.005)
    assert frame.attrs["joint"]["hosts"] == list(ISLANDS)
    assert frame.attrs["joint"]["moved"] == pytest.approx(1.06, abs=0.005)
    assert frame.attrs["base_year"]["correlation"] == pytest.approx(-0.67, abs=0.005)


def by_hand(panel: Panel, islands: list[int], effect: float, orders: int) -> float:
    """Share found of an effect added under each of many orders of 9 in 30 units, the slow way."""
    exposed = panel.exposure.first < len(panel.years)
    change = panel.outcomes[:, -1] - panel.outcomes[:, -2]
    change = change - exposed * (change[exposed].mean() - change[~exposed].mean())
    blocks = [islands, *([unit] for unit in range(len(change)) if unit not in islands)]
    value = np.array([change[block].mean() for block in blocks])
    weight = np.array([len(block) for block in blocks], dtype=float)
    random = np.random.default_rng(7)
    chosen = np.argsort(random.random((orders, len(blocks))), axis=1) < 9
    found = 0
    for happened in chosen:
        outcome = value + effect * happened
        estimate = variance = 0.0
        for side, sign in ((chosen, 1), (~chosen, -1)):
            size = int(side[0].sum())
            share = side * weight / (side * weight).sum(axis=1, keepdims=True)
            mean = share @ outcome
            estimate = estimate + sign * mean
            variance = variance + size / (size - 1) * (share**2 * (outcome - mean[:, None]) ** 2).sum(axis=1)
        ratio = estimate**2 / variance
        own = ratio[int(np.flatnonzero((chosen == happened).all(axis=1))[0])]
        found += bool((ratio >= own * (1 - 1e-9)).mean() <= 0.05)
    return found / orders


@pytest.mark.parametrize("measure", list(ESTIMATES))
def test_the_realised_smallest_effect_is_found_in_80_per_cent_by_another_simulation(
    evaluated: ImpactEvidence, measure: str
) -> None:
    panels = evaluated.panels
    panel = panels.panel(measure)
    contrast = callaway_santanna(panel.design)
    result = realised_power(panel, contrast, simulations=1000, draws=999, seed=3)
    islands = [place for place, unit in enumerate(panel.units) if panels.council_names[unit] in ISLANDS]
    share = by_hand(panel, islands, result.smallest, 1000)
    # Orders drawn anew move the level of the test and, with it, the power; mc_error says how far.
    assert share == pytest.approx(0.8, abs=0.09)
    assert result.size == pytest.approx(0.05, abs=0.005)


def test_the_forecast_and_the_years_opened_are_both_given(evaluated: ImpactEvidence) -> None:
    about = evaluated.detectable().attrs
    forecast, realised = about["forecast"], about["realised"]
    assert forecast["error"] > 3 * forecast["mc_error"]
    assert abs(forecast["smallest"] - realised["smallest"]) < 2 * forecast["error"]
    assert realised["cross_check"] == pytest.approx(realised["smallest"], rel=0.1)
