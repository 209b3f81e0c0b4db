"""Sections of the impact plan, on the invented example outcomes: what is opened, what is said, what is missing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from impact_pieces import (
    changed,
    of_comparison,
    of_detection,
    of_limits,
    of_measured,
    of_order,
    of_the_plan,
    of_theory,
)
from matplotlib.figure import Figure as Canvas

from ci_eval.evidence import impact_opening, open_impact, plan_frames
from ci_eval.impact import ExposureRule
from ci_eval.impact.analysis_plan import Amendment, Departure, Frozen
from ci_eval.inputs.problems import InputError
from ci_eval.report import Book, Figure, Sentence, Table, figures

DATA = Path(__file__).resolve().parents[2] / "data"
SECTIONS = [of_theory, of_measured, of_comparison, of_order, of_the_plan, of_limits]


@pytest.fixture(scope="module", autouse=True)
def few_simulations() -> Iterator[None]:
    """What is said of power is tested here, not how exactly it was worked out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_frames, "SIMULATIONS", 200)
        patch.setattr(plan_frames, "DRAWS", 199)
        yield


@pytest.fixture(scope="module")
def evidence():
    return open_impact("2022-23", exposed=False)[0]


def settings(folder, text, period_ends="2023-06-30"):
    file = folder / "evaluation.toml"
    periods = f'[periods."2022-23"]\nstarts = 2021-06-01\nends = {period_ends}\n'
    file.write_text(f"programme = '{DATA / 'programme'}'\n{periods}{text}", encoding="utf-8")
    return str(file)


@pytest.fixture
def unfrozen(tmp_path):
    """Settings of a workbook whose plan was never frozen."""
    (tmp_path / "plan.toml").write_bytes((DATA / "example" / "impact_plan.toml").read_bytes())
    outcomes = DATA / "example" / "levels_invented_2016-17_to_2024-25.xlsx"
    text = f"[impact]\nplan = 'plan.toml'\n[impact.outcomes.levels]\nfile = '{outcomes}'\nkind = 'acel'\n"
    return settings(tmp_path, text)


def test_no_outcome_of_an_exposed_year_is_kept(evidence):
    assert evidence.panels.last_pre_exposure == "2020-21"
    for outcomes in evidence.panels.outcomes:
        assert max(outcomes.frame["school_year"]) == "2020-21"
        assert max(outcomes.national["school_year"]) == "2020-21"
    assert evidence.panels.collected[evidence.panels.plan.primary][-2:] == ("2021-22", "2022-23")


def test_no_plan_page_changes_with_an_outcome_of_an_exposed_year(evidence):
    """The scheduled panel holds nothing but zeros from exposure on, and the values before as they are."""
    panel = evidence.panels.scheduled(evidence.panels.plan.primary)
    assert panel.years.labels == ("2016-17", "2017-18", "2018-19", "2020-21", "2021-22")
    assert not panel.outcomes[:, 4].any()
    np.testing.assert_array_equal(
        panel.outcomes[:, :4], evidence.panels.before(evidence.panels.plan.primary).outcomes
    )


def test_poisoned_outcomes_of_exposed_years_change_nothing_on_the_plan_page(evidence, monkeypatch):
    """Every number after the last year before exposure is replaced; the page says the same, to the last figure."""
    read = impact_opening.read_file

    def poisoned(*arguments):
        outcomes = read(*arguments)
        frame = outcomes.frame.copy()
        late = (frame["school_year"] > "2020-21") & frame["value"].notna()
        columns = ["value", "numerator", "denominator"]
        frame.loc[late, columns] = np.random.default_rng(1).uniform(1, 99, (int(late.sum()), len(columns)))
        return replace(outcomes, frame=frame)

    primary = evidence.panels.plan.primary
    healthy = open_impact("2022-23", exposed=True)[0].panels.panel(primary).outcomes
    monkeypatch.setattr(impact_opening, "read_file", poisoned)
    assert (
        open_impact("2022-23", exposed=True)[0].panels.panel(primary).outcomes[:, -1] != healthy[:, -1]
    ).all()
    other = open_impact("2022-23", exposed=False)[0]
    for section in (*SECTIONS, of_detection):
        clean, dirty = section(evidence), section(other)
        assert clean.keys() == dirty.keys()
        for key, piece in clean.items():
            same = dirty[key]
            assert getattr(piece, "text", "") == getattr(same, "text", "")
            if isinstance(piece, Table):
                pd.testing.assert_frame_equal(piece.frame, same.frame)


def test_exposed_years_need_a_frozen_plan(unfrozen):
    with pytest.raises(InputError, match="run ci-eval plan freeze"):
        open_impact("2022-23", unfrozen, exposed=True)
    assert open_impact("2022-23", unfrozen, exposed=False)[0].panels.frozen is None


def test_a_frozen_plan_opens_them_up_to_the_end_of_the_period():
    evidence = open_impact("2021-22", exposed=True)[0]
    assert max(evidence.panels.outcomes[0].frame["school_year"]) == "2021-22"
    panel = evidence.panels.panel(evidence.panels.plan.primary)
    assert panel.years.labels[-1] == "2021-22"
    assert panel.outcomes.min() > 0


def test_years_without_anybody_to_compare_with_are_in_no_panel():
    evidence = open_impact("2022-23", exposed=True)[0]
    panel = evidence.panels.panel(evidence.panels.plan.primary)
    assert panel.years.labels[-1] == "2021-22"
    assert panel.design.size.tolist() == [11, 21]


def test_a_measure_that_no_file_holds_is_refused(unfrozen):
    plan = Path(unfrozen).with_name("plan.toml")
    plan.write_text(
        plan.read_text(encoding="utf-8").replace('["Numeracy', '["Numerosity', 1), encoding="utf-8"
    )
    with pytest.raises(InputError, match="Numerosity"):
        open_impact("2022-23", unfrozen, exposed=False)


def test_settings_without_impact_are_refused(tmp_path):
    with pytest.raises(InputError, match="declare no evaluation of impact"):
        open_impact("2022-23", settings(tmp_path, ""), exposed=False)


def test_every_section_can_be_shown_and_recorded(evidence, tmp_path):
    report = Book("Plan", folder=tmp_path, invented=True)
    report.show(*(section(evidence).values() for section in SECTIONS))
    report.close()
    pieces = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["pieces"]
    assert {"question", "theory-of-change", "comparison-map", "balance", "frozen", "limits", "inputs"} <= set(
        pieces
    )
    assert len(pieces["theory-of-change"]["rows"]) == 5


def test_one_comparison_of_11_with_21_can_be_made(evidence):
    pieces = of_comparison(evidence)
    assert "the 11 authorities first exposed in 2021-22 with 21 not yet exposed" in pieces["comparisons"].text
    assert pieces["comparisons"].numbers == {"comparisons": 1, "cells_lost": 3}
    assert pieces["flow"].numbers == {"exposed": 11, "not_yet_exposed": 21}
    assert len(pieces["flow-table"].frame) == 32
    assert "holds if the engagements of all 11 hosts fell after" in pieces["flow-table"].note


def test_where_nothing_can_be_compared_the_section_says_what_is_missing():
    pieces = of_comparison(open_impact("2021-22", exposed=False)[0])
    assert pieces["comparisons"].level == "key"
    early = changed(
        open_impact("2022-23", exposed=False)[0],
        collected={"Literacy (P1, P4 and P7 combined)": ("2016-17", "2017-18", "2018-19", "2020-21")},
    )
    assert of_comparison(early)["comparisons"].level == "missing"


def test_missing_numbers_are_counted_by_year_and_reason(evidence):
    table = of_measured(evidence)["missing-table"].frame
    nowhere = table[table["councils"] == 32]
    assert set(nowhere["school_year"]) == {"2019-20"}
    assert set(nowhere["names"]) == {"all authorities"}
    primary = table[table["outcome"] == evidence.panels.plan.primary]
    assert primary[["school_year", "missing", "councils"]].to_numpy().tolist() == [
        ["2019-20", "not collected", 32]
    ]
    named = of_measured(evidence)["outcomes-named"].text
    assert named.startswith(f"Primary: {evidence.panels.plan.primary}. Secondary: Numeracy")
    lost = of_measured(evidence)["outcomes"].frame.set_index("role")["complete"]
    assert lost.loc["primary"] == 32
    assert lost.loc["secondary"].tolist() == [32, 29, 29]


def test_an_order_that_follows_the_level_is_called_parallel_trends(evidence):
    pieces = of_order(evidence)
    assert "check passed and no proof" in pieces["balance"].text
    tested = set(pieces["balance-table"].frame["covariate"])
    assert pieces["balance-table"].source in (
        one.facts_source for one in evidence.panels.councils.by_code.values()
    )
    assert {"Pupils behind it", "Per cent of people in the most deprived fifth of areas"} <= tested
    codes = list(evidence.panels.councils.by_code)
    exposure = evidence.panels.exposure(evidence.panels.plan.primary)
    first = dict(zip(exposure.units, exposure.first, strict=True))
    declared = pd.DataFrame(
        {"Deprivation": [float(first[code] == min(first.values())) for code in codes]}, index=codes
    )
    declared_too = of_order(changed(evidence, covariates=declared))
    assert "parallel trends" in declared_too["balance"].text
    assert "deprivation" in declared_too["balance"].text


def test_what_can_be_detected_stands_beside_what_is_worth_having(evidence):
    pieces = of_detection(evidence)
    numbers = pieces["detectable"].numbers
    assert 1.0 < numbers["smallest_detectable"] < 2.6
    assert "will not mean that there is nothing" in pieces["detectable"].text
    table = pieces["power-table"].frame
    assert 1.0 in table["effect"].tolist()
    assert table["power"].is_monotonic_increasing
    assert "cost-of-last-cohort" in pieces


def test_the_plan_says_whether_it_is_frozen_and_what_was_changed(evidence):
    frozen = evidence.panels.frozen
    assert frozen.sha256 in of_the_plan(evidence)["frozen"].text
    bare = of_the_plan(changed(evidence, frozen=None))
    assert bare["frozen"].level == "missing"
    assert "ci-eval" not in bare["frozen"].text  # what the analyst has to do, ci-eval check says
    amended_plan = changed(
        evidence, plan=replace(evidence.panels.plan, exposure=ExposureRule(months_between=6))
    )
    pieces = of_the_plan(amended_plan)
    assert pieces["frozen"].level == "warning"
    row = pieces["plan-settings"].frame.set_index("setting").loc["exposure.months_between"]
    assert (row["planned"], row["now"]) == ("0", "6")
    amended = Frozen(
        frozen.plan,
        frozen.sha256,
        frozen.frozen_on,
        (
            Amendment(
                date(2022, 1, 1), "0" * 64, date(2022, 2, 1), "A reason", (Departure("question", "a", "b"),)
            ),
        ),
    )
    table = of_the_plan(changed(evidence, frozen=amended))["plan-amendments"].frame
    assert table["reason"].tolist() == ["A reason"]
    assert table["changed"].tolist() == ["question: a → b"]


def test_every_piece_of_a_figure_is_told_in_words(evidence):
    for section in (of_theory, of_comparison):
        for piece in section(evidence).values():
            assert isinstance(piece, Sentence | Table | Figure)
            if isinstance(piece, Figure):
                assert 80 < len(piece.alt) <= 200


def test_charts_refuse_what_they_cannot_draw():
    with pytest.raises(ValueError, match="beside each box"):
        figures.steps(Canvas(), ["a", "b"], ["c"])
    with pytest.raises(ValueError, match="cannot be 'maybe'"):
        figures.cells(Canvas(), ["a"], ["b"], {("a", "b"): "maybe"}, {})


def test_all_text_of_the_chain_stays_inside_the_picture():
    texts = ["A long sentence that has to be broken into lines of its box, more than once in fact."] * 2
    canvas = Canvas(figsize=figures.steps_size(texts, texts), dpi=100, layout="constrained")
    ax = figures.steps(canvas.subplots(), texts, texts, ("Here", "There"))
    canvas.draw_without_rendering()
    wide, tall = canvas.get_size_inches() * 100
    assert len(ax.texts) >= 4
    for text in ax.texts:
        box = text.get_window_extent()
        assert 0 <= box.x0 < box.x1 <= wide
        assert 0 <= box.y0 < box.y1 <= tall
