"""The floor of a run: papermill executes a notebook that only imports, and nbconvert makes it a page.

Run as ``python -m benchmarks.floor FOLDER``: both in one process, which is the quickest that the two tools can
be had. It uses nothing of ci_eval.
"""

import sys
from pathlib import Path

import nbformat
import papermill
from nbconvert import HTMLExporter

IMPORTS = "import pandas\nimport seaborn\nimport scipy.stats"


def main(folder: Path) -> None:
    """Write ``imports.ipynb``, execute it to ``executed.ipynb``, and that to ``page.html``."""
    asked, executed = folder / "imports.ipynb", folder / "executed.ipynb"
    cells = [nbformat.v4.new_code_cell(IMPORTS)]  # type: ignore[no-untyped-call]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), asked)  # type: ignore[no-untyped-call]
    papermill.execute_notebook(str(asked), str(executed), kernel_name="python3", progress_bar=False)
    page, _ = HTMLExporter().from_filename(str(executed))  # type: ignore[no-untyped-call]
    (folder / "page.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
