"""An executed notebook without what is not for release, nor what differs between two equal runs.

Times belong to the manifest. Without them the executed notebook is byte-identical when run again, and a
stored notebook changes in git only when its results change.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ci_eval.runs.parameters import Value

INJECTED = "injected-parameters"
_ADDRESS = re.compile(r"\bat 0x[0-9A-Fa-f]{6,16}\b")
# A warning names the cell by a file of the kernel's process, which never was on the disk.
_CELL_FILE = re.compile(r"[^\s\"'<>]*[/\\]ipykernel_\d+[/\\]\d+\.py")
_TIMINGS = ("papermill", "execution")


# What the library displays says so in its metadata, in one of these words; see drop_unpublished.
_PUBLISHED = ("place", "display")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def drop_unpublished(notebook: Any) -> list[str]:
    """Drop the outputs that no piece, releasable frame, evidence or book displayed, in place.

    Returns
    -------
    The cells that had some, in words: ``cell 7, under “What did they say?”``. Cells count as they are displayed.
    """
    named, heading = [], ""
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "markdown":
            heading = (_HEADING.findall(cell["source"]) or [heading])[-1]
        kept = [output for output in cell.get("outputs", ()) if _published(output)]
        if len(kept) < len(cell.get("outputs", ())):
            cell["outputs"] = kept
            named.append(f"cell {number}, under “{heading}”" if heading else f"cell {number}")
    return named


def _published(output: Mapping[str, Any]) -> bool:
    about = output.get("metadata", {}).get("ci_eval", {})
    return about.get("frame") == "releasable" or any(word in about for word in _PUBLISHED)


def normalise(
    notebook: Any, paths: Mapping[Path, str], parameters: Mapping[str, Value] | None = None
) -> None:
    """Drop timings, and replace machine paths and memory addresses, in place.

    Parameters
    ----------
    notebook : nbformat's NotebookNode, executed
    paths : folder → the word that takes its place in outputs, such as ``{work: "OUTPUT"}``
    parameters : the parameters to show in the injected cell; whoever opens the executed notebook and runs it
        gets these, so they name no folder of this machine
    """
    replace = _Replacer(paths)
    notebook["metadata"].pop("papermill", None)
    # The manifest holds the interpreter's version; here it would differ from machine to machine.
    notebook["metadata"].get("language_info", {}).pop("version", None)
    for cell in notebook["cells"]:
        metadata = cell["metadata"]
        for key in _TIMINGS:
            metadata.pop(key, None)
        if metadata.get("tags") == []:
            del metadata["tags"]
        if INJECTED in metadata.get("tags", ()):
            cell["id"] = INJECTED
            cell["source"] = injected(parameters or {})
        for output in cell.get("outputs", ()):
            for key, value in output.items():
                output[key] = _data(value, replace) if key == "data" else _texts(value, replace)


def injected(parameters: Mapping[str, Value]) -> str:
    """The source of the injected cell: one line a parameter."""
    return "\n".join(
        ["# Parameters of this run", *(f"{name} = {value!r}" for name, value in parameters.items())]
    )


def machine_paths(work: Path | None, root: Path) -> dict[Path, str]:
    """The folders of this machine that may show in outputs, such as in a warning."""
    named = {root: "WORKBOOK", Path(sys.prefix): "PYTHON", Path.home(): "HOME"}
    if work is not None:
        named[work] = "OUTPUT"
    return named


class _Replacer:
    """Replaces folders by their words, whole names only."""

    def __init__(self, paths: Mapping[Path, str]) -> None:
        # "/" or "/root" as a home folder: a name of one part is too short to tell from other text.
        words = {str(path): word for path, word in paths.items() if len(path.parts) > 2}
        longest_first = sorted(words, key=len, reverse=True)
        self._words = words
        joined = "|".join(re.escape(path) for path in longest_first)
        self._pattern = re.compile(rf"(?<![\w.-])(?:{joined})(?![\w-])") if joined else None

    def __call__(self, text: str) -> str:
        if self._pattern is not None:
            text = self._pattern.sub(lambda match: self._words[match[0]], text)
        return _CELL_FILE.sub("CELL", _ADDRESS.sub("at 0x…", text))


def _data(bundle: Mapping[str, Any], replace: _Replacer) -> dict[str, Any]:
    # Base64 images are texts too, and must not be touched; SVG is text in earnest.
    return {
        kind: value if kind.startswith("image/") and kind != "image/svg+xml" else _texts(value, replace)
        for kind, value in bundle.items()
    }


def _texts(value: Any, replace: _Replacer) -> Any:
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, Mapping):
        return {key: _texts(inner, replace) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [_texts(inner, replace) for inner in value]
    return value
