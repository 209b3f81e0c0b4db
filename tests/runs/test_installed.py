"""Installed without the checkout: notebooks and facts come with the package, settings come from where one is."""

import tomllib
from pathlib import Path

import pytest

from ci_eval.inputs import fact_tables
from ci_eval.inputs.problems import InputError
from ci_eval.runs.planning import notebooks


@pytest.fixture
def installed(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder laid out as a wheel leaves it; the current folder is another, empty one."""
    share = tmp_path / "prefix" / "share" / "ci-eval"
    (share / "notebooks").mkdir(parents=True)
    (share / "notebooks" / "tiny.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(fact_tables, "INSTALLED", share)
    monkeypatch.setattr(
        fact_tables, "__file__", str(tmp_path / "lib" / "ci_eval" / "inputs" / "fact_tables.py")
    )
    current = tmp_path / "somewhere"
    current.mkdir()
    monkeypatch.chdir(current)
    return current


def test_the_wheel_brings_every_notebook_and_every_fact(root: Path) -> None:
    with (root / "pyproject.toml").open("rb") as file:
        mapped = tomllib.load(file)["tool"]["setuptools"]["data-files"]
    for folder in (fact_tables.NOTEBOOKS, fact_tables.FACTS.as_posix()):
        patterns = mapped[f"share/ci-eval/{folder}"]
        brought = {path for pattern in patterns for path in root.glob(pattern)}
        there = {path for path in (root / folder).rglob("*") if path.is_file() and ".ipynb_" not in str(path)}
        assert brought >= there, "a file of a subfolder needs a line of its own in pyproject.toml"


def test_notebooks_of_the_installation_are_found_from_any_folder(installed: Path) -> None:
    assert list(notebooks()) == ["tiny"]


def test_settings_are_those_of_the_folder_or_the_nearest_above(installed: Path, monkeypatch) -> None:
    (installed / "data").mkdir()
    (installed / "data" / "evaluation.toml").write_text("", encoding="utf-8")
    (installed / "below").mkdir()
    monkeypatch.chdir(installed / "below")
    assert fact_tables.settings_file() == installed / "data" / "evaluation.toml"


def test_without_settings_the_refusal_says_what_to_do(installed: Path) -> None:
    with pytest.raises(
        InputError, match=r"no data/evaluation\.toml in this folder or above(.|\n)*--settings"
    ):
        fact_tables.settings_file()
