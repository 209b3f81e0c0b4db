"""The walks of docs/architecture.md, and docs/methods.md, name what exists."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name

import pytest

NAME = re.compile(r"`([a-z_]+(?:\.\w+)+)`")
FILES = (".html", ".xlsx", ".json", ".py", ".ipynb", ".toml")


def unknown(text: str, root: Path) -> list[str]:
    """Names in code type, module first, that lead to nothing in ci_eval."""
    modules = {
        path.stem: ".".join(path.relative_to(root).with_suffix("").parts)
        for path in (root / "ci_eval").rglob("*.py")
    }
    missing = []
    for name in sorted(set(NAME.findall(text))):
        module, *parts = name.split(".")
        if name.endswith(FILES):
            continue
        thing = import_module(modules[module]) if module in modules else None
        for part in parts:
            thing = getattr(thing, part, None)
        if thing is None:
            missing.append(name)
    return missing


def test_every_name_of_the_walks_exists(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(NAME.findall(text)) > 40
    assert unknown(text, root) == [], "the code moved on: correct docs/architecture.md"


def lost(text: str, root: Path) -> list[str]:
    """Names in code type, room first, that lead to nothing; `evidence` is a variable of the notebooks."""
    rooms = {path.parent.name for path in (root / "ci_eval").glob("*/__init__.py")} - {"evidence"}
    names = [name for name in NAME.findall(text) if name.split(".")[0] in rooms and not name.endswith(FILES)]
    assert names
    missing = []
    for name in sorted(set(names)):
        try:
            resolve_name(f"ci_eval.{name}")
        except (ImportError, AttributeError):
            missing.append(name)
    return missing


def test_every_name_of_the_methods_exists(root: Path) -> None:
    text = (root / "docs" / "methods.md").read_text(encoding="utf-8")
    assert lost(text, root) == [], "the code moved on: correct docs/methods.md"
    assert lost("`runs.plan_table`, of `settings.plan_file`", root) == ["runs.plan_table"]


@pytest.mark.parametrize("name", ["manifest.no_such", "no_module.write", "output_folder.Place.no_such"])
def test_a_name_that_leads_nowhere_is_seen(root: Path, name: str) -> None:
    assert unknown(f"then `{name}` and `manifest.write`", root) == [name]


def test_every_folder_of_the_walks_exists(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = re.findall(r"`((?:sections|impact)/\w+)`", text)
    assert folders
    assert [folder for folder in folders if not (root / "ci_eval" / folder).is_dir()] == []
