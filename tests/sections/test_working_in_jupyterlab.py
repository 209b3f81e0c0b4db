"""The cells of docs/working-in-jupyterlab.md run on the example data, in their order."""

import re
from importlib import import_module
from pathlib import Path

from ci_eval.evidence import open_interim


def test_the_cells_of_the_page_run_on_the_example_data(root: Path) -> None:
    text = (root / "docs" / "working-in-jupyterlab.md").read_text(encoding="utf-8")
    cells = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(cells) == 5
    evidence, book = open_interim("2022-23")
    names = {"evidence": evidence, "book": book, "groups": evidence.groups()}
    for section in ("what_they_said", "do_groups_differ"):
        names[section] = import_module(f"ci_eval.sections.interim.{section}")
    for cell in cells:
        exec(cell, names)  # noqa: S102
    assert names["settings"] == ""
    assert {"own-agreement-by-mode-on-the-four-statements-with-the-least"} < set(book.results()["pieces"])
