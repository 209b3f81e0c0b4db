"""The checks find what does not agree, and only that."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ci_eval import programme
from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.programme import Finding

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "programme"))


def findings(folder: Path, **more: object) -> dict[str, Finding]:
    records = (
        programme.load_register(folder),
        programme.load_questionnaire(folder),
        programme.load_claims(folder),
    )
    least = {entry.word: entry.above for entry in programme.load_bands(folder)}
    found = programme.check(*records, least, **more)  # type: ignore[arg-type]
    assert len({finding.check for finding in found}) == len(found)
    return {finding.check: finding for finding in found}


def changed(facts: Path, file: str, old: str, new: str) -> None:
    text = (facts / file).read_text(encoding="utf-8")
    assert old in text
    (facts / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_published_records_have_three_loose_ends_and_no_error() -> None:
    found = findings(FACTS)
    doubtful = {name for name, finding in found.items() if finding.result != "PASS"}
    ends = {"one-number-of-host-authorities", "one-number-of-key-questions", "shares-of-written-report"}
    assert doubtful == ends
    assert {found[name].result for name in ends} == {"WARN"}
    assert all(finding.source for finding in found.values())


def test_eleven_and_twelve_hosts_are_reconciled_from_the_register(facts: Path) -> None:
    message = findings(facts)["one-number-of-host-authorities"].message
    assert "11" in message
    assert "12" in message
    assert "Scottish Borders (August 2022)" in message
    changed(facts, "register.csv", "2022-08-31,month,took place", "2022-08-31,month,planned")
    assert "does not explain" in findings(facts)["one-number-of-host-authorities"].message


def test_engagements_confirmed_since_contradict_nothing_that_was_published(facts: Path) -> None:
    """The report asks for a line of the register that confirms each; whoever writes it must not be told FAIL."""
    for host in ("Highland,2022-10-01,2022-10-31,month,", "Dundee City,2023-01-01,2023-01-31,month,"):
        changed(facts, "register.csv", f"{host}planned", f"{host}took place")
    found = findings(facts)
    assert "FAIL" not in {finding.result for finding in found.values()}
    assert (
        "between the two: Scottish Borders (August 2022)." in found["one-number-of-host-authorities"].message
    )


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("to date,12,", "to date,11,", "one-number-of-host-authorities"),
        ('text gives",9,', 'text gives",8,', "one-number-of-key-questions"),
    ],
)
def test_records_that_agree_pass(facts: Path, old: str, new: str, name: str) -> None:
    changed(facts, "claims.csv", old, new)
    assert findings(facts)[name].result == "PASS"


def test_shares_for_and_against_clash_only_where_they_exceed_the_whole(facts: Path) -> None:
    changed(facts, "claims.csv", "report,majority,", "report,few,")
    found = findings(facts)["shares-of-written-report"]
    # "few" begins above 0%, so only "all" hosts leave no room for it.
    assert (found.result, "a written report: all" in found.message) == ("PASS", False)


@pytest.mark.parametrize(("unsure", "result"), [((9, 100), "WARN"), ((0, 100), "PASS"), ((0, 0), "PASS")])
def test_a_survey_at_hand_is_held_against_the_claims(
    facts: Path, unsure: tuple[int, int], result: str
) -> None:
    changed(facts, "claims.csv", "report,majority,", "report,none,")
    found = findings(facts, unsure=unsure)["shares-of-written-report"]
    assert found.result == result
    assert (f"{unsure[0]} of {unsure[1]}" in found.message) is (result == "WARN")


@pytest.mark.parametrize(
    ("file", "old", "new", "name"),
    [
        ("claims.csv", "by June 2022,11,", "by June 2022,10,", "claim-hosts-by-june-2022"),
        ("claims.csv", "by June 2022,11,", "by June 2022,12,", "claim-hosts-by-june-2022"),
        ("claims.csv", "was online,9,", "was online,2,", "claim-online-by-june-2022"),
        ("claims.csv", "was online,9,", "was online,12,", "claim-online-by-june-2022"),
        ("claims.csv", "plan,32,", "plan,31,", "plan-authorities"),
        ("claims.csv", "plan,3,", "plan,4,", "plan-length"),
        ("claims.csv", ",2021-06,month", ",2021-05,month", "first-engagement"),
        ("claims.csv", ",15,statements", ",14,statements", "questionnaire-statements"),
        ("claims.csv", 'statement",almost all,', 'statement",nearly all,', "claim-words"),
        (
            "register.csv",
            "took place,,yes,,,,",
            "took place,,yes,,no,yes,",
            "report-written-before-published",
        ),
    ],
)
def test_a_record_that_another_refutes_fails(facts: Path, file: str, old: str, new: str, name: str) -> None:
    changed(facts, file, old, new)
    assert findings(facts)[name].result == "FAIL"


def test_an_engagement_before_the_first_one_fails(facts: Path) -> None:
    changed(facts, "register.csv", "2021-06-01,2022-06-30,period", "2021-05-03,2021-05-03,day")
    found = findings(facts)["first-engagement"]
    assert (found.result, "earlier: south-ayrshire" in found.message) == ("FAIL", True)


def test_an_engagement_outside_the_plan_is_shown(facts: Path) -> None:
    changed(facts, "register.csv", "2022-10-01,2022-10-31,month", "2025-10-01,2025-10-31,month")
    found = findings(facts)["plan-years"]
    assert (found.result, "highland" in found.message) == ("WARN", True)


def test_an_authority_without_an_engagement_is_shown(facts: Path) -> None:
    lines = (facts / "register.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("angus,")]
    (facts / "register.csv").write_text("\n".join(kept), encoding="utf-8")
    found = findings(facts)
    assert found["register-covers-all"].result == "WARN"
    assert "Angus" in found["register-covers-all"].message
    assert found["plan-authorities"].result == "FAIL"


@pytest.mark.parametrize(("day", "result"), [(date(2022, 10, 30), "PASS"), (date(2022, 10, 31), "WARN")])
def test_planned_dates_that_pass_unconfirmed_are_shown(day: date, result: str) -> None:
    found = findings(FACTS, day=day)["planned-dates-confirmed"]
    assert found.result == result
    assert ("Highland (October 2022)" in found.message) is (result == "WARN")


def test_without_a_day_nothing_depends_on_today() -> None:
    assert "planned-dates-confirmed" not in findings(FACTS)


def test_loading_the_facts_needs_nothing_heavy() -> None:
    script = (
        "import sys; from ci_eval import programme as p; "
        "p.load_register(sys.argv[1]); p.load_questionnaire(sys.argv[1]); p.load_bands(sys.argv[1]); "
        "sys.exit(int(bool({'pandas', 'numpy'} & set(sys.modules))))"
    )
    assert subprocess.run([sys.executable, "-c", script, str(FACTS)], check=False).returncode == 0


def test_the_workbook_is_the_nearest_folder_above_with_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "evaluation.toml").touch()
    inner = tmp_path / "notebooks" / "drafts"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert workbook_root() == tmp_path
    (tmp_path / "data" / "evaluation.toml").unlink()
    assert workbook_root() == FACTS.parents[1]


def test_settings_of_ones_own_in_a_folder_data_make_no_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of inputs with data/evaluation.toml has no notebooks and no facts: those of the workbook are meant."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "evaluation.toml").touch()
    monkeypatch.chdir(tmp_path)
    assert workbook_root() == FACTS.parents[1]
