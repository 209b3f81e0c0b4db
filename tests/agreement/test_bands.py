"""One scale of words runs through the whole house (docs/methods.md A2)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ASKING = (
    "agreement",
    "report",
    "evidence",
    "sections",
)  # rooms with functions that take the bands of the words
CALLING = ("evidence", "sections", "report", "runs")  # rooms that know the evaluation's own


def functions_with_bands(root: Path) -> set[str]:
    """Public functions that can be given the bands of the words."""
    return {
        node.name
        for room in ASKING
        for path in (root / "ci_eval" / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "bands" in {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
    }


def calls_without_bands(text: str, names: set[str]) -> Iterator[str]:
    """Calls of these functions, by name or through an imported module, that leave the bands to a default."""
    tree = ast.parse(text)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {item.asname or item.name for node in imports for item in node.names}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        through = getattr(
            getattr(function, "value", None), "id", ""
        )  # a method of some object is another thing
        if name not in names or (isinstance(function, ast.Attribute) and through not in imported):
            continue
        given = any(keyword.arg == "bands" for keyword in node.keywords)
        if not given and not any(_is_bands(argument) for argument in node.args):
            yield f"line {node.lineno}: {name}()"


def _is_bands(argument: ast.expr) -> bool:
    return getattr(argument, "attr", getattr(argument, "id", "")) == "bands"


def test_every_word_of_a_report_is_chosen_by_the_scale_of_its_evaluation(root: Path) -> None:
    names = functions_with_bands(root)
    assert {"word", "words", "hedged_word", "sureness", "compare", "weighted_words", "percent"} <= names
    found = {
        f"{path.relative_to(root)}, {call}"
        for room in CALLING
        for path in (root / "ci_eval" / room).rglob("*.py")
        for call in calls_without_bands(path.read_text(encoding="utf-8"), names)
    }
    assert found == set()


@pytest.mark.parametrize(
    ("line", "calls"),
    [
        ("word(1, 2)", 1),
        ("from ci_eval import agreement\nagreement.word(1, 2)", 1),
        ("register.word(1, 2)", 0),
        ("word(1, 2, bands=bands)", 0),
        ("shares(frame, evidence.bands)", 0),
        ("f(lambda: [word(m, 2) for m in x])", 1),
        ("other(1, 2)", 0),
    ],
)
def test_a_call_that_leaves_the_scale_out_is_seen(line: str, calls: int) -> None:
    assert len(list(calls_without_bands(line, {"word", "shares"}))) == calls
