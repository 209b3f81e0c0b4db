"""The documents of an output made again from its records, with other words at their head: released, or withdrawn.

No number, sentence or picture can differ from what was checked: they come from results.json and the figures' files.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ci_eval.report import canvas, documents, notebook_cells
from ci_eval.report.canvas import Drawn
from ci_eval.report.markup import CSS_PIXELS


def remake(notebook: Path, made: Path, folder: Path, changes: Mapping[str, Any]) -> list[str]:
    """Write the documents of an output into another folder, and give their names.

    Examples
    --------
    With no change the documents are the same, byte for byte::

        draft = Path("outputs/drafts/2021-22/interim_evaluation")
        remake(draft / "notebook.ipynb", draft, Path("elsewhere"), {})

    Parameters
    ----------
    notebook : the notebook as it was executed; its text cells and the places of pieces are taken
    made : folder with results.json and the figures
    folder : made where it is not there
    changes : entries of results.json that are to be others, such as its status
    """
    results = json.loads((made / documents.RESULTS).read_text(encoding="utf-8")) | dict(changes)
    content = notebook.read_bytes()
    drawn = {
        key: _picture(made, key, one) for key, one in results["pieces"].items() if one["piece"] == "figure"
    }
    return documents.write(folder, results, notebook_cells.read(content), _placed(content), drawn)


def _picture(made: Path, key: str, record: Mapping[str, Any]) -> Drawn:
    # a picture of the analyst's own has no title in it
    title = "" if "own" in record else record["title"]
    return canvas.read(made / documents.FIGURES, key, title, record["width"] / CSS_PIXELS)


def _placed(content: bytes) -> dict[str, int]:
    """Key of a piece → place of its cell among those that `notebook_cells.read` gives."""
    placed = {}
    for place, cell in enumerate(notebook_cells.holding_text(json.loads(content)["cells"])):
        for output in cell.get("outputs", ()):
            key = output.get("metadata", {}).get("ci_eval", {}).get("key")
            if key is not None:
                placed[key] = place
    return placed
