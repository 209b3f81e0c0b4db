"""The kernel of a run: what it has loaded, what it keeps away from, and how its end is noticed."""

import sys

import nbformat
import pytest
from tiny_workbook import page_of_outputs

from ci_eval.runs.folders import RunFailed
from ci_eval.runs.kernel import OwnKernel
from ci_eval.runs.kernel_process import without
from ci_eval.runs.pipeline import run


def printed(workbook, **options):
    """What the cells of the notebook printed, one text a code cell after the parameters."""
    folder = run("2021-22", "tiny", build=page_of_outputs, say=lambda line: None, **options)
    cells = nbformat.read(folder / "notebook.ipynb", as_version=4).cells
    texts = ["".join(output.text for output in cell.outputs) for cell in cells if cell.cell_type == "code"]
    return [text.strip() for text in texts if text]


def test_a_module_withheld_inside_the_block_can_be_imported_after_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "this", raising=False)
    with without("this"), pytest.raises(ImportError):
        import this
    assert "this" not in sys.modules
    import this

    with without("this"):
        import this as again

        assert again is this


def test_the_kernel_has_seaborn_without_statistics_and_a_cell_can_have_both(workbook, write_notebook):
    loaded = "import sys\nprint(*[n in sys.modules for n in ('seaborn', 'scipy.stats', 'scipy.cluster')])"
    used = "import scipy.stats\nimport seaborn\nprint(scipy.stats.norm.cdf(0), len(seaborn.kdeplot([1, 2, 4]).lines))"
    collected = "import gc\nprint(gc.isenabled(), gc.get_freeze_count() > 0)"
    write_notebook([loaded, used, collected])
    assert printed(workbook) == ["True False False", "0.5 1", "True True"]


def test_small_matrices_are_not_shared_out_between_threads(workbook, write_notebook, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    threads = "(value for name, value in sorted(os.environ.items()) if name.endswith('_NUM_THREADS'))"
    write_notebook([f"import os\nprint(*{threads})"])
    assert printed(workbook) == ["1 1 1"]


def test_a_file_beside_the_notebook_does_not_take_a_librarys_place(workbook, write_notebook):
    (workbook / "notebooks" / "seaborn.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    (workbook / "notebooks" / "ipykernel.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    write_notebook(["import seaborn\nprint(seaborn.__name__, hasattr(seaborn, 'barplot'))"])
    assert printed(workbook) == ["seaborn True"]


def test_a_kernel_that_cannot_start_ends_the_run_at_once_and_leaves_its_last_words(
    workbook, write_notebook, monkeypatch
):
    dying = OwnKernel().kernel_spec
    dying.argv = [sys.executable, "-c", "raise SystemExit('no kernel today')"]
    monkeypatch.setattr(OwnKernel, "kernel_spec", dying)
    write_notebook(["1"])
    with pytest.raises(RunFailed, match="Kernel died before replying"):
        printed(workbook)
    (failure,) = (workbook / "outputs" / "failed" / "2021-22" / "tiny").iterdir()
    assert "no kernel today" in (failure / "kernel.log").read_text(encoding="utf-8")
