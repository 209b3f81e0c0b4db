"""The cells of docs/working-in-jupyterlab.md run on the example data, in their order."""

import contextlib
import re
from importlib import import_module
from pathlib import Path

from ci_eval.cli import main
from ci_eval.evidence import open_interim


def blocks(root: Path, language: str) -> list[str]:
    text = (root / "docs" / "working-in-jupyterlab.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_cells_of_the_page_run_on_the_example_data(root: Path) -> None:
    cells = blocks(root, "python")
    assert len(cells) == 5
    evidence, book = open_interim("2022-23")
    names = {"evidence": evidence, "book": book, "groups": evidence.groups()}
    for section in ("what_they_said", "do_groups_differ"):
        names[section] = import_module(f"ci_eval.sections.interim.{section}")
    for cell in cells:
        exec(cell, names)  # noqa: S102
    assert names["settings"] == "data/private/evaluation.toml"
    assert {"own-agreement-by-role"} < set(book.results()["pieces"])


def test_the_options_of_the_page_are_those_of_the_commands(root: Path, capsys) -> None:
    lines = [line for block in blocks(root, "sh") for line in block.splitlines()]
    commands = [line.split()[1:] for line in lines if line.startswith(".venv/bin/ci-eval")]
    assert len(commands) == 2
    for command, *given in commands:
        with contextlib.suppress(SystemExit):
            main([command, "--help"])
        offered = capsys.readouterr().out
        assert [word for word in given if word.startswith("--") and word not in offered] == []
