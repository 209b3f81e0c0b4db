"""Writes docs/bad-input.md from the declarations beside the tests: ``python -m tests.survey.catalogue.page``."""

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PAGE = ROOT / "docs" / "bad-input.md"
MODULES = tuple(sorted(path.stem for path in HERE.glob("test_faults_*.py")))
TITLES = {
    "file": "The file",
    "header": "The heading",
    "rows": "Rows",
    "dates": "Dates",
    "answers": "Answers",
    "privacy": "Privacy",
    "trust": "Trust",
}
OPENING = """# What can be wrong with a survey export, and what is done about it

Written by `python -m tests.survey.catalogue.page` from the declarations beside the tests; do not edit. Each line is
shown by the test it names, and the test fails if the loader does anything else.

| what is done | what it means |
|---|---|
| NOTE | accepted, counted in the load record |
| WARN | accepted, and shown in the report's section on data quality |
| ASK | refused until a setting answers; the message names the setting |
| REJECT | refused; the message says what is wrong, where, how often, and how to fix it |

All problems of a file come at once, one message a cause. *Said as* is the name of the check, as it is in
`ci-eval read --json`. No comment, and nothing from a column of contact details, appears in a message; a short text that
stands where one of a question's answers should be does, because somebody has to say what it means.
"""


def page(faults: Iterable["object"]) -> str:
    """The page: one table an area."""
    listed = sorted(
        faults, key=lambda entry: (list(TITLES).index(entry.area), int(entry.ident.rpartition("-")[2]))
    )
    parts = [OPENING]
    for area, title in TITLES.items():
        rows = [entry for entry in listed if entry.area == area]
        parts.append(
            f"## {title}\n\n| | fault | done | what is said | said as | shown by |\n|---|---|---|---|---|---|"
        )
        for entry in rows:
            said = ", ".join(f"`{check}`" for check in entry.said) or "–"
            cells = (entry.ident, entry.fault, entry.action, entry.what, said, f"`{entry.test}`")
            parts[-1] += "\n| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        parts[-1] += "\n"
    return "\n".join(parts)


def declared() -> list["object"]:
    """Every fault the test modules declare."""
    for folder in (HERE, HERE.parent):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    for module in MODULES:
        importlib.import_module(module)
    return list(importlib.import_module("faults").FAULTS.values())


if __name__ == "__main__":
    PAGE.write_text(page(declared()), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} written")
