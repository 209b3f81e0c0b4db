"""The plan as a file: strict reading, freezing, amendments, and what was changed after."""

import json
from datetime import date
from pathlib import Path

import pytest

from ci_eval.impact.analysis_plan import SENSITIVITY
from ci_eval.inputs.problems import InputError
from ci_eval.settings.plan_file import freeze, frozen_path, read_frozen, read_plan

EXAMPLE = Path(__file__).resolve().parents[2] / "data" / "example" / "impact_plan.toml"
FIRST, SECOND = date(2022, 11, 1), date(2022, 12, 1)


@pytest.fixture
def plan(tmp_path):
    file = tmp_path / "impact_plan.toml"
    file.write_bytes(EXAMPLE.read_bytes())
    return file


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def checks(error):
    return [problem.check for problem in error.value.problems]


def test_the_example_says_every_key_that_a_plan_has(plan):
    read = read_plan(plan).plan
    assert read.primary == "Literacy (P1, P4 and P7 combined)"
    assert read.exposure.assumption == "between collections"
    assert read.draws == 1999
    assert set(read.sensitivity) == set(SENSITIVITY)


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("draws = 1999", "drawz = 1999", "settings-unknown-key"),
        ("draws = 1999", "", "key-missing"),
        ("draws = 1999", "draws = 98", "settings-out-of-range"),
        ("draws = 1999", 'draws = "1999"', "settings-type"),
        ("level = 0.95", "level = 95", "settings-out-of-range"),
        ("level = 0.95", "level = nan", "settings-out-of-range"),
        ("level = 0.95", "level = true", "settings-out-of-range"),
        ("smallest_effect = 1.0", "smallest_effect = 0", "settings-out-of-range"),
        ('"leave one out"', '"leave two out"', "settings-out-of-range"),
        ('aggregate = "simple"', 'aggregate = "cell"', "plan-cell"),
        ('aggregate = "simple"', 'aggregate = "simpel"', "settings-out-of-range"),
        ('assumption = "between collections"', 'assumption = "hope"', "settings-out-of-range"),
        ("primary_gap = false", "primary_gap = true", "plan-twice"),
        ("base_lag = 1", "base_lag = 0", "settings-out-of-range"),
        ('estimator = "Callaway–Sant’Anna"', 'estimator = "Sun–Abraham"\n#', None),
        ('secondary = ["Numeracy', 'secondary = ["Literacy', "plan-twice"),
        ('no_evidence = "The', 'no_evidence = "" # "The', "settings-empty"),
    ],
)
def test_what_a_plan_says_wrongly_is_refused_with_its_line(plan, old, new, check):
    change(plan, old, new)
    if check is None:
        assert read_plan(plan).plan.estimator == "Sun–Abraham"
        return
    with pytest.raises(InputError) as error:
        read_plan(plan)
    assert check in checks(error)
    assert "impact_plan.toml line " in error.value.problems[0].where


@pytest.mark.parametrize(
    "line", ["draws = 1999", "seed = 2021", "level = 0.95", "base_lag = 1", 'strata = "none"']
)
def test_a_missing_key_comes_with_its_usual_value(plan, line):
    change(plan, line, "")
    with pytest.raises(InputError) as error:
        read_plan(plan)
    assert f"Add {line}." in [problem.fix for problem in error.value.problems]


def test_draws_may_be_as_few_as_99(plan):
    change(plan, "draws = 1999", "draws = 99")
    assert read_plan(plan).plan.draws == 99


def test_freezing_keeps_the_text_its_hash_and_the_day_and_leaves_the_plan_as_it_is(plan):
    before = plan.read_bytes()
    assert read_frozen(plan) is None
    frozen = freeze(plan, today=FIRST)
    assert plan.read_bytes() == before
    assert (frozen.frozen_on, frozen.amendments) == (FIRST, ())
    assert frozen.plan == read_plan(plan).plan
    assert frozen.sha256 == read_plan(plan).sha256
    assert read_frozen(plan) == frozen
    assert sorted(file.name for file in plan.parent.iterdir()) == [
        "impact_plan.frozen.json",
        "impact_plan.toml",
    ]


def test_a_plan_with_other_line_ends_is_the_same_plan(plan):
    frozen = freeze(plan, today=FIRST)
    plan.write_bytes(plan.read_bytes().replace(b"\n", b"\r\n"))
    assert read_plan(plan).sha256 == frozen.sha256


def test_a_plan_is_not_frozen_twice(plan):
    freeze(plan, today=FIRST)
    with pytest.raises(InputError, match="frozen already, since 2022-11-01"):
        freeze(plan, reason="again", today=SECOND)


def test_another_plan_needs_a_reason_which_is_kept_with_what_changed(plan):
    first = freeze(plan, today=FIRST)
    change(plan, "draws = 1999", "draws = 9999")
    with pytest.raises(InputError, match="--reason"):
        freeze(plan, reason="  ", today=SECOND)
    assert read_frozen(plan) == first
    second = freeze(plan, reason="More draws\ncost little.", today=SECOND)
    (amendment,) = second.amendments
    assert second.plan.draws == 9999
    assert (amendment.sha256, amendment.frozen_on, amendment.replaced_on) == (first.sha256, FIRST, SECOND)
    assert amendment.reason == "More draws cost little."
    assert [(one.key, one.planned, one.now) for one in amendment.departures] == [
        ("inference.draws", "1,999", "9,999")
    ]


@pytest.mark.parametrize("where", ["text", "day", "hash", "amendments", "cut", "list"])
def test_a_frozen_plan_that_was_touched_is_refused(plan, where):
    freeze(plan, today=FIRST)
    file = frozen_path(plan)
    content = json.loads(file.read_text(encoding="utf-8"))
    version = content["versions"][0]
    if where == "text":
        version["text"] = version["text"].replace("level = 0.95", "level = 0.90")
    elif where == "day":
        version["frozen_on"] = "2021-01-01"
    elif where == "hash":
        version["sha256"] = "0" * 64
    elif where == "amendments":
        content["versions"] = []
    written = json.dumps(content)
    file.write_text({"cut": written[:-40], "list": "[1]"}.get(where, written), encoding="utf-8")
    with pytest.raises(InputError, match="not as it was written"):
        read_frozen(plan)
    with pytest.raises(InputError, match="not as it was written"):
        freeze(plan, reason="whatever", today=SECOND)


def test_a_text_changed_together_with_its_seal_still_misses_its_own_hash(plan):
    from ci_eval.settings import plan_file

    freeze(plan, today=FIRST)
    file = frozen_path(plan)
    content = json.loads(file.read_text(encoding="utf-8"))
    del content["seal"]
    content["versions"][0]["text"] = content["versions"][0]["text"].replace("0.95", "0.90")
    file.write_text(json.dumps(content | {"seal": plan_file._seal(content)}), encoding="utf-8")
    with pytest.raises(InputError, match="not as it was written"):
        read_frozen(plan)


def test_the_inputs_of_the_day_are_kept_and_what_became_of_them_is_told(plan):
    then = {"programme/register.csv": "a" * 64, "levels.xlsx": "b" * 64, "officers.csv": "c" * 64}
    frozen = freeze(plan, today=FIRST, inputs=then)
    assert dict(frozen.inputs) == then
    now = {"programme/register.csv": "d" * 64, "levels.xlsx": "b" * 64, "covariates.csv": "e" * 64}
    assert frozen.changed_since(now.items()) == ["programme/register.csv", "officers.csv"]
    assert freeze_without_inputs(plan).changed_since(now.items()) == []


def freeze_without_inputs(plan):
    """A plan frozen before inputs were written down."""
    frozen_path(plan).unlink()
    return freeze(plan, today=FIRST)
