"""The rooms of docs/decisions/0008: imports go one way, never in a circle, and no name stands twice."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

# A room imports only from rooms before it.
FLOORS = (
    "inputs", "programme", "survey", "outcomes", "agreement", "impact", "settings", "report", "evidence",
    "sections", "runs", "cli",
)  # fmt: skip
# The statistics take arrays and frames: they know no file, no fact of the programme, no survey, no table of outcomes.
UNKNOWN_TO_STATISTICS = {
    "agreement": {"inputs", "programme", "survey", "outcomes"},
    "impact": {"inputs", "programme", "survey", "outcomes"},
}


def modules(root: Path) -> dict[str, Path]:
    """Dotted name → file, of every module; a package stands for its `__init__`."""
    found = {}
    for path in (root / "ci_eval").rglob("*.py"):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(text: str) -> list[ast.ImportFrom | ast.Import]:
    """Every import of a module's text, wherever it stands."""
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom | ast.Import)]


def imported(root: Path) -> dict[str, set[str]]:
    """Module → modules of ours that it imports, in any form and anywhere in its text."""
    files = modules(root)
    found: dict[str, set[str]] = {name: set() for name in files}
    for name, path in files.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for node in imports(path.read_text(encoding="utf-8")):
            if isinstance(node, ast.ImportFrom):
                above = package.split(".")
                above = above[: len(above) - node.level + 1] if node.level else []
                base = ".".join([*above, *([node.module] if node.module else [])])
                wanted = [f"{base}.{item.name}" for item in node.names]
                found[name] |= {one if one in files else base for one in wanted}
            else:
                found[name] |= {item.name for item in node.names}
        found[name] &= files.keys()
    return found


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def upward(graph: dict[str, set[str]]) -> list[str]:
    """Imports of a later room, or of one that the statistics must not know."""
    return [
        f"{module} imports {other}"
        for module, others in sorted(graph.items())
        for other in sorted(others)
        if (mine := room(module)) and (theirs := room(other)) and mine != theirs
        and (
            FLOORS.index(theirs) > FLOORS.index(mine)
            or theirs in UNKNOWN_TO_STATISTICS.get(mine, ())
        )
    ]  # fmt: skip


def circles(graph: dict[str, set[str]]) -> list[str]:
    """Modules from which imports lead back to themselves."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        ahead = [start]
        while ahead:
            new = graph.get(ahead.pop(), set()) - seen
            seen |= new
            ahead += new
        return seen

    return [module for module in sorted(graph) if module in reached(module)]


def test_every_room_has_a_floor(root: Path) -> None:
    assert {room(module) for module in modules(root)} - {""} == set(FLOORS)


def test_no_room_imports_a_later_one(root: Path) -> None:
    assert upward(imported(root)) == []


def test_no_import_comes_back_to_where_it_started(root: Path) -> None:
    assert circles(imported(root)) == []


@pytest.mark.parametrize(
    ("line", "into"),
    [
        ("from ci_eval.runs import manifest", "ci_eval/report/style.py"),
        ("from ci_eval.runs.manifest import read", "ci_eval/report/style.py"),
        ("import ci_eval.runs.manifest", "ci_eval/report/style.py"),
        ("from ..runs import manifest", "ci_eval/report/style.py"),
        ("def f():\n    from ci_eval.runs.manifest import read", "ci_eval/report/style.py"),
        ("from ci_eval.inputs.problems import refuse", "ci_eval/impact/bounds.py"),
        ("from ci_eval.programme import load_bands", "ci_eval/agreement/bands.py"),
    ],
)
def test_an_upward_import_of_any_form_is_seen(root: Path, tmp_path: Path, line: str, into: str) -> None:
    assert upward(imported(copied(root, tmp_path, into, line))) != []


@pytest.mark.parametrize("line", ["from ci_eval.report import book", "from .book import flatten"])
def test_a_circle_is_seen(root: Path, tmp_path: Path, line: str) -> None:
    assert circles(imported(copied(root, tmp_path, "ci_eval/report/pieces.py", line))) != []


def copied(root: Path, target: Path, into: str, line: str) -> Path:
    """A copy of the library with one more line in one of its modules."""
    for path in (root / "ci_eval").rglob("*.py"):
        there = target / path.relative_to(root)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(path.read_bytes())
    with (target / into).open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
    return target


def test_a_file_name_occurs_once_in_the_house(root: Path) -> None:
    names = Counter(path.name for path in modules(root).values() if path.name != "__init__.py")
    assert [name for name, times in names.items() if times > 1] == []


def test_no_function_has_the_name_of_its_module(root: Path) -> None:
    same = [
        str(path.relative_to(root))
        for path in modules(root).values()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == path.stem
    ]
    assert same == []


def test_inputs_knows_no_pandas(root: Path) -> None:
    """Rows of text are read without it, so that a file is refused before a second is spent on loading it."""
    imports = [
        name
        for path in (root / "ci_eval" / "inputs").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [item.name for item in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    assert "csv" in imports
    assert not [name for name in imports if name.split(".")[0] in {"pandas", "numpy"}]
