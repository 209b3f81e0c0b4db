"""Two outputs compared: which numbers moved, and which input, setting or library changed between them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ci_eval.inputs.problems import refuse
from ci_eval.runs import manifest

Moved = tuple[str, Any, Any]


def differences(before: Path, after: Path) -> tuple[list[str], list[Moved]]:
    """What two outputs were made from that differs, and each number or text of their results that moved.

    Examples
    --------
    A number's name is the key of its piece and its place in it::

        causes, moved = differences(Path("outputs/drafts/2021-22/interim_evaluation"), Path("kept/interim_evaluation"))
        moved[0]  # ("change.numbers.statements", 15, 14)

    Raises
    ------
    InputError
        If a folder holds no output with a manifest.
    """
    one, other = _output(before), _output(after)
    first, second = one["basis"], other["basis"]
    causes = [
        f"{name} {key}".strip() if isinstance(first.get(name), Mapping) else name
        for name in first.keys() | second.keys()
        for key in _changed_keys(first.get(name), second.get(name))
    ]
    return sorted(causes), moved(before, after)


def moved(before: Path, after: Path) -> list[Moved]:
    """Each number or text of the results in two folders that differs: its name, before, after."""
    old, new = (dict(_leaves(manifest.results_of(folder)["pieces"])) for folder in (before, after))
    return [(name, old.get(name), new.get(name)) for name in {**old, **new} if old.get(name) != new.get(name)]


def listing(causes: list[str], differing: list[Moved]) -> str:
    """The differences as text."""
    made = f"Made from other: {', '.join(causes)}." if causes else "Made from the same."
    lines = [f"{name}: {before!r} -> {after!r}" for name, before, after in differing]
    return "\n".join([made, *lines, f"{len(differing):,} values of results.json differ."])


def _output(folder: Path) -> dict[str, Any]:
    # Beside a released version stands what is kept of it.
    content = manifest.read(folder) or manifest.read(folder.with_name(f"{folder.name}.kept"))
    if content is None:
        message = "There is no manifest that can be read, so there is no output here."
        fix = (
            "Give the folder of an output or of a release, such as outputs/drafts/2021-22/interim_evaluation."
        )
        refuse("CANNOT COMPARE", "manifest-missing", message, where=str(folder), fix=fix)
    return content


def _changed_keys(first: Any, second: Any) -> list[str]:
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return [str(key) for key in first.keys() | second.keys() if first.get(key) != second.get(key)]
    return [] if first == second else [""]


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{place}[{number}]")
    else:
        yield place, value
