"""An evaluator's own copies of the notebooks, in the folder ``work/``, which git ignores.

The notebooks in ``notebooks/`` are part of the workbook and stored in git with outputs of invented data. JupyterLab saves
by itself what a notebook shows, so a survey of real people is opened in a copy. A copy is made where there is none, and
never written over.
"""

import json
import sys
from pathlib import Path

from ci_eval.inputs.fact_tables import workbook_root

FOLDER = "work"


def make_copies(root: Path) -> list[Path]:
    """Copy each notebook of the workbook that ``work/`` does not have yet, without its outputs.

    Parameters
    ----------
    root : the folder that holds, or will hold, ``work/``

    Returns
    -------
    The copies made now. A file of that name that is there already, whatever it holds, is left as it is.
    """
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    made = []
    for file in sorted((workbook_root() / "notebooks").glob("*.ipynb")):
        copy = folder / file.name
        notebook = json.loads(file.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        notebook["metadata"].get("ci_eval", {}).pop("outputs_sha256", None)
        try:
            with copy.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
        except FileExistsError:
            continue
        made.append(copy)
    return made


def main() -> int:
    """Make the copies that are missing, and say which."""
    root = workbook_root()
    made = make_copies(root)
    for copy in made:
        print(f"Made your copy {copy.relative_to(root).as_posix()}")
    if not made:
        print(f"Your copies of the notebooks are in {FOLDER}/ as you left them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
