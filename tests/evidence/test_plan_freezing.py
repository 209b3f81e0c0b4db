"""What freezing a plan proves, and what would make it prove less (docs/methods.md C12)."""

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ci_eval.evidence import ImpactEvidence, open_impact
from ci_eval.evidence.impact_opening import NOT_FROZEN
from ci_eval.inputs.problems import InputError
from ci_eval.outcomes import read_acel
from ci_eval.runs.plan_commands import check_plan, evaluated, freeze_plan
from ci_eval.sections.impact import what_is_the_answer, what_was_planned
from ci_eval.settings.evaluation import load
from ci_eval.settings.plan_file import freeze, frozen_path, read_frozen

DATA = Path(__file__).resolve().parents[2] / "data"
EXAMPLE = DATA / "example" / "impact_plan.toml"
LEVELS = DATA / "example" / "levels_invented_2016-17_to_2024-25.xlsx"


@pytest.fixture(scope="module")
def evidence() -> ImpactEvidence:
    return open_impact("2022-23", exposed=True)[0]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Settings of outcomes that do not say that they are invented, with a copy of the example's plan."""
    frame = read_acel(LEVELS).frame
    frame = frame[frame["measure"].str.contains("combined") & frame["value"].notna()]
    columns = ["council", "school_year", "measure", "simd_quintile", "value", "unit"]
    frame[columns].to_csv(tmp_path / "levels.csv", index=False)
    shutil.copy(EXAMPLE, tmp_path / "plan.toml")
    file = tmp_path / "evaluation.toml"
    file.write_text(
        f"programme = '{DATA / 'programme'}'\n"
        '[periods."2022-23"]\nstarts = 2022-07-01\nends = 2023-06-30\n'
        "[impact]\nplan = 'plan.toml'\n[impact.outcomes.levels]\nfile = 'levels.csv'\nkind = 'plain'\n"
        'collection = "pupil census of levels"\n',
        encoding="utf-8",
    )
    return file


def freezing(evidence: ImpactEvidence) -> dict[str, str]:
    return {piece.key: piece.text for piece in what_was_planned.what_freezing_proves(evidence.departures())}


def published(evidence: ImpactEvidence, day: date | None) -> ImpactEvidence:
    (outcomes,) = evidence.panels.outcomes
    dated = replace(outcomes, record=replace(outcomes.record, published=day))
    return ImpactEvidence(replace(evidence.panels, outcomes=(dated,)))


def test_outcomes_published_before_the_freeze_are_said_to_be(evidence: ImpactEvidence) -> None:
    frozen_on = evidence.panels.frozen.frozen_on
    before, after = date(2025, 12, 9), frozen_on
    assert "9 December 2025, before the plan was frozen" in freezing(published(evidence, before))["freezing"]
    assert "not before the plan was frozen" in freezing(published(evidence, after))["freezing"]
    assert "is not recorded" in freezing(published(evidence, None))["freezing"]


def test_a_plan_frozen_after_an_evaluation_proves_nothing_and_says_so(evidence: ImpactEvidence) -> None:
    late = replace(evidence.panels.frozen, evaluated=("2022-23",))
    found = ImpactEvidence(replace(evidence.panels, frozen=late))
    said = freezing(found)
    assert "Freezing proves" not in said["freezing"]
    assert "an evaluation of 2022-23 had been made already" in said["evaluated-before"]
    assert "exploratory" in what_is_the_answer.words(found.estimate())[1].text
    assert "evaluated-before" not in freezing(evidence)


def test_freezing_writes_down_the_evaluations_that_exist(own: Path) -> None:
    freeze_plan(str(own), say=lambda text: None)
    plan = own.with_name("plan.toml")
    assert read_frozen(plan).evaluated == ()
    # A failed evaluation has opened outcomes as well.
    own.with_name("outputs").joinpath("failed", "2022-23", "impact_evaluation", "1").mkdir(parents=True)
    assert evaluated(load(str(own))) == ["2022-23"]
    plan.write_text(plan.read_text(encoding="utf-8").replace("draws = 1999", "draws = 999"), encoding="utf-8")
    freeze_plan(str(own), "Half the time", say=lambda text: None)
    frozen = read_frozen(plan)
    assert frozen.evaluated == ("2022-23",)
    assert frozen.amendments[0].evaluated == ("2022-23",)
    evidence = open_impact("2022-23", str(own))[0]
    words = what_was_planned.departures_words(evidence.departures(), evidence.amendments())
    assert "An evaluation of 2022-23 had been made by then." in words[-1].text


def test_the_frozen_example_is_refused_for_outcomes_that_are_not_invented(own: Path) -> None:
    shutil.copy(frozen_path(EXAMPLE), frozen_path(own.with_name("plan.toml")))
    with pytest.raises(InputError, match="example that comes with the workbook"):
        open_impact("2022-23", str(own))


def test_an_example_plan_frozen_anew_is_noticed(own: Path, evidence: ImpactEvidence) -> None:
    freeze(own.with_name("plan.toml"), today=date(2026, 1, 1))
    found = open_impact("2022-23", str(own))[0]
    assert "that of the example" in freezing(found)["example-plan"]
    assert "example-plan" not in freezing(evidence)
    changed = own.with_name("plan.toml")
    changed.write_text(
        changed.read_text(encoding="utf-8").replace("smallest_effect = 1.0", "smallest_effect = 2.0")
    )
    freeze(changed, "A larger one", today=date(2026, 1, 2))
    assert "example-plan" not in freezing(open_impact("2022-23", str(own))[0])


def test_checking_a_plan_says_who_is_compared_with_whom_or_why_nobody_is(own: Path) -> None:
    lines: list[str] = []
    check_plan(str(own), lines.append)
    who = "11 authorities exposed in 2021-22 with 21 not yet exposed, 2021-22 against 2020-21"
    assert f"Compared on Literacy (P1, P4 and P7 combined): {who}." in lines
    file = own.with_name("levels.csv")
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if "2021-22" not in line]
    file.write_text("\n".join(line for line in kept if "2022-23" not in line), encoding="utf-8")
    lines.clear()
    check_plan(str(own), lines.append)
    assert [
        line
        for line in lines
        if line.startswith("The planned effect on Literacy") and "Fix: Look whether" in line
    ]


def test_a_refused_evaluation_had_opened_nothing(own: Path) -> None:
    known = load(own)
    failed = known.outputs / "failed" / "2022-23" / "impact_evaluation" / "20230901T060000Z"
    failed.mkdir(parents=True)
    (failed / "reason.txt").write_text(f"{NOT_FROZEN}\n", encoding="utf-8")
    assert evaluated(known) == []
    later = failed.with_name("20230902T060000Z")
    later.mkdir()
    (later / "reason.txt").write_text("The disk is full.\n", encoding="utf-8")
    assert evaluated(known) == ["2022-23"]


@pytest.mark.parametrize(
    ("before", "after", "check"),
    [
        (",percent", ",pounds", "measure-unit"),
        ("Literacy (P1", "Letters (P1", "measure-unknown"),
    ],
)
def test_a_measure_that_is_no_percentage_or_is_not_there_is_refused(
    own: Path, before: str, after: str, check: str
) -> None:
    file = own.with_name("levels.csv")
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        freeze_plan(str(own), say=lambda line: None)
    assert [problem.check for problem in caught.value.problems] == [check]


def test_a_cell_from_before_exposure_is_no_plan(own: Path) -> None:
    file = own.with_name("plan.toml")
    cell = 'aggregate = "cell"\ncohort = "2021-22"\nyear = "2017-18"'
    text, found = re.subn(
        '^aggregate = "simple".*', cell, file.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert found == 1
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="that is a placebo"):
        freeze_plan(str(own), say=lambda line: None)
