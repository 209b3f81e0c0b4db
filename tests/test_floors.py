"""The floors of docs/decisions/0001: imports go one way, and never in a circle."""

import ast
from pathlib import Path

FLOORS = {
    "problems": 1,
    "programme": 2,
    "survey": 3,
    "agreement": 3,
    "impact": 4,
    "report": 5,
    "runs": 6,
    "cli_options": 7,
    "cli": 8,
}


def imported(root: Path) -> dict[str, set[str]]:
    """Module → modules of ours that it imports, anywhere in its text."""
    files = {
        ".".join(path.relative_to(root).with_suffix("").parts): path
        for path in (root / "ci_eval").rglob("*.py")
    }
    found: dict[str, set[str]] = {name: set() for name in files}
    for name, path in files.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ci_eval"):
                parts = {f"{node.module}.{item.name}" for item in node.names}
                found[name] |= {part if part in files else node.module for part in parts}
    return found


def test_no_module_imports_a_later_floor_or_its_neighbour(root: Path) -> None:
    for module, others in imported(root).items():
        for other in others:
            here, there = (name.split(".")[1] if "." in name else "" for name in (module, other))
            if here in FLOORS and there in FLOORS and here != there:
                assert FLOORS[there] < FLOORS[here], f"{module} imports {other}"


def test_no_import_comes_back_to_where_it_started(root: Path) -> None:
    graph = imported(root)

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        ahead = [start]
        while ahead:
            new = graph.get(ahead.pop(), set()) - seen
            seen |= new
            ahead += new
        return seen

    assert [module for module in graph if not module.endswith("__init__") and module in reached(module)] == []


def test_every_module_of_the_survey_stands_on_its_map(root: Path) -> None:
    folder = root / "ci_eval" / "survey"
    told = (folder / "__init__.py").read_text(encoding="utf-8")
    modules = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
    assert [name for name in modules if f"`{name}`" not in told] == []
