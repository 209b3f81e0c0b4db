"""Several runs at a time: twelve of one notebook against papermill's command line, and the pages of every authority.

The notebook imports what every report imports, groups a frame and draws a chart. Neither side makes documents: ours
checks, locks, copies, hashes and publishes each run all the same. papermill's side is what a shell gives:
``xargs -P2``, each run a process of its own. The pages of what is known of the authorities are made whole, with Word
files and PDF, within a limit.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from benchmarks.ratios import Ratio, against_limit, alone, by_turns
from benchmarks.whole_run import process
from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.runs.output_folder import DOCUMENTS

NAME = "12 runs, two at a time, against papermill's command line with xargs -P2"
AIM = 0.5
PAIRS = 5
EVERY, EVERY_LIMIT, EVERY_RUNS = "what we know of every authority, two at a time", 30.0, 3  # seconds
YEARS = range(2001, 2013)
CELLS = (
    "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\nimport scipy.stats\nimport seaborn as sns",
    "frame = pd.DataFrame({'value': np.arange(200.0), 'group': list('ab') * 100})\nmeans = frame.groupby('group').mean()",
    "axes = sns.barplot(frame, x='group', y='value', seed=1)\nplt.show()",
    "if output:\n    from pathlib import Path\n"
    f"    for name in {DOCUMENTS}:\n        _ = (Path(output) / name).write_text('{{}}')",
)


def run(pairs: int = PAIRS) -> list[Ratio]:
    """Time both by turns, in a small workbook of its own."""
    made = alone(_every_authority, min(pairs, EVERY_RUNS))
    every = against_limit(
        EVERY, made, EVERY_LIMIT, "ci-eval run --notebook what_we_know --every-authority, whole"
    )
    xargs = shutil.which("xargs")
    if not xargs:
        return [every, Ratio(NAME, AIM, skipped="this system has no xargs", reaching_counts=True)]
    with TemporaryDirectory(prefix="benchmark-") as folder:
        root = Path(folder)
        _workbook(root)
        ours, peer = by_turns(lambda: _ours(root), lambda: _peer(root, xargs), pairs)
    return [
        every,
        Ratio(
            NAME,
            AIM,
            ours,
            peer,
            ours_is="ci-eval run --all --workers 2, as a process",
            peer_is="papermill as a process for each run, started by xargs -P2",
            reaching_counts=True,
        ),
    ]


def _every_authority() -> None:
    settings = workbook_root() / "data" / "evaluation.toml"
    with TemporaryDirectory(prefix="benchmark-") as folder:
        asked = ["run", "--notebook", "what_we_know", "--every-authority", "--workers", "2", "--quiet"]
        process("ci_eval.cli", *asked, "--settings", str(settings), "--output", folder)
        made = list(Path(folder).rglob("manifest.json"))
    if len(made) < 2:
        raise RuntimeError(f"{len(made)} pages were made")


def _workbook(root: Path) -> None:
    for folder in ("data/programme", "notebooks"):
        (root / folder).mkdir(parents=True)
    periods = (f'[periods."{year}"]\nstarts = {year}-01-01\nends = {year}-12-31\n' for year in YEARS)
    (root / "data" / "evaluation.toml").write_text("".join(periods), encoding="utf-8")
    (root / "data" / "programme" / "facts.csv").write_text("fact,source\nnone,invented\n", encoding="utf-8")
    given = 'period: str = ""\nsettings: str = ""\noutput: str = ""'
    new_cell, new_notebook = nbformat.v4.new_code_cell, nbformat.v4.new_notebook
    cells = [new_cell(given, metadata={"tags": ["parameters"]}), *map(new_cell, CELLS)]  # type: ignore[no-untyped-call]
    about = {
        "ci_eval": {"notebook": "draw", "due_with": "survey"},
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    }
    notebook = new_notebook(cells=cells, metadata=about)  # type: ignore[no-untyped-call]
    nbformat.write(notebook, root / "notebooks" / "draw.ipynb")  # type: ignore[no-untyped-call]


def _ours(root: Path) -> None:
    with TemporaryDirectory(dir=root) as output:
        _process(
            root, [sys.executable, "-m", "ci_eval.cli", "run", "--all", "--workers", "2", "--output", output]
        )
        made = list(Path(output).rglob("manifest.json"))
    if len(made) != len(YEARS):
        raise RuntimeError(f"{len(made)} of {len(YEARS)} runs were made")


def _peer(root: Path, xargs: str) -> None:
    with TemporaryDirectory(dir=root) as output:
        command = f"{sys.executable} -m papermill --no-progress-bar notebooks/draw.ipynb {output}/{{}}.ipynb -r period {{}}"
        words = [xargs, "-P2", "-I{}", *command.split()]
        _process(root, words, "\n".join(map(str, YEARS)))
        made = list(Path(output).iterdir())
    if len(made) != len(YEARS):
        raise RuntimeError(f"{len(made)} of {len(YEARS)} notebooks were executed")


def _process(root: Path, words: list[str], text: str = "") -> None:
    # No browser: a PDF would be a document. Compiled modules are kept, as in any installation.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["CHROMIUM"] = "none"
    done = subprocess.run(  # the command is ours
        words, cwd=root, env=environment, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} ended with code {done.returncode}:\n{done.stderr.strip()[-2000:]}")
