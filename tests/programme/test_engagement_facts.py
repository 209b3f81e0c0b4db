"""What may be recorded of an engagement: optional, a blank is no answer, and nothing but the kinds of its columns."""

import shutil
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import load_register

ROOT = Path(__file__).resolve().parents[2] / "data"
FACTS = ROOT / "programme"
EXAMPLE = ROOT / "example" / "engagement_facts_invented.csv"


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "facts.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_published_register_records_none_of_them() -> None:
    facts = load_register(FACTS).facts
    assert len(facts) == 30
    assert {value for one in facts.values() for value in one.values()} == {""}


def test_a_file_adds_to_the_register_and_a_blank_stays_blank() -> None:
    register = load_register(FACTS, facts=EXAMPLE)
    assert register.facts_file == EXAMPLE.name
    assert register.facts["fife"]["team_size"] == "14"
    assert register.facts["clackmannanshire"]["action_plan"] == ""
    assert register.facts["highland"]["team_size"] == ""


def test_the_registers_own_value_comes_first(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FACTS, tmp_path / "programme"))
    head, *rows = (folder / "register.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{head},team_size", *(f"{row},{7 if row.startswith('fife,') else ''}" for row in rows)]
    (folder / "register.csv").write_text("\n".join(lines), encoding="utf-8")
    register = load_register(folder, facts=EXAMPLE)
    assert (register.facts["fife"]["team_size"], register.facts["glasgow"]["team_size"]) == ("7", "17")
    assert register.facts["fife"]["report_weeks"] == "9"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("engagement,team_size\nfife,about ten\n", "not a whole number"),
        ("engagement,team_size\nfife,-3\n", "not a whole number"),
        ("engagement,action_plan\nfife,maybe\n", "neither yes nor no"),
        ("engagement,draft_seen_by\nfife,A Person\n", "no known reader"),
        ("engagement,focus\nfife,hope\n", "no theme of focus"),
        ("engagement,focus\nnowhere,numeracy\n", "not in the register"),
        ("engagement,days\nfife,3\nFife,4\n", "is in row"),
        ("engagement,officer\nfife,3\n", "is not known"),
    ],
)
def test_what_is_of_another_kind_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_register(FACTS, facts=written(tmp_path, text))
