"""The names of what is evaluated are read strictly."""

import shutil
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme.about import load_programme

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


def test_the_workbooks_own_programme_has_a_title_for_each_notebook_and_five_steps() -> None:
    programme = load_programme(FACTS)
    assert (programme.name, programme.units) == ("Collaborative Improvement", 32)
    assert "Collaborative Improvement" in programme.titles.interim_evaluation
    assert len(programme.steps) == 5


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("units = 32", "units = 0", 3, "units is 0"),
        ("units = 32", "unit = 32", 3, 'Did you mean "units"?'),
        ('shown_by = "Not', 'shown = "Not', 33, 'Did you mean "shown_by"?'),
        ('name = "Collaborative Improvement"', 'name = " "', 2, "name is empty"),
    ],
)
def test_a_fault_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    folder = Path(shutil.copytree(FACTS, tmp_path / "programme"))
    file = folder / "programme.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_programme(folder)
    found = [problem for problem in caught.value.problems if message in problem.message]
    assert [problem.where.split(",")[0] for problem in found] == [f"programme.toml line {line}"]
