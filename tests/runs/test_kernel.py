"""The kernel of a run: what it keeps away from, and how its end is noticed."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from ci_eval.runs.failures import RunFailed
from ci_eval.runs.kernel import OwnKernel
from ci_eval.runs.notebook_run import run


def printed(workbook, **options):
    """What the cells of the notebook displayed, one text a code cell after the parameters."""
    folder = run("2021-22", "tiny", say=lambda line: None, **options)
    cells = nbformat.read(folder / "notebook.ipynb", as_version=4).cells
    texts = [
        "".join(output.data["text/plain"] for output in cell.outputs)
        for cell in cells
        if cell.cell_type == "code"
    ]
    return [text.strip() for text in texts if text]


def test_the_driver_does_without_the_grammar_that_only_jupyterlab_needs():
    code = "import ci_eval.runs.execution, sys; print(sys.modules['rfc3987_syntax'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"


def test_python_looks_for_circular_objects_seldom_and_a_notebook_has_no_name_of_it(workbook, write_notebook):
    write_notebook(["known = 'gc' in dir()\nimport gc\nsay(gc.get_threshold()[0], known)"])
    assert printed(workbook) == ["200000 False"]


def test_a_notebook_has_seaborn_and_scipy_whole(workbook, write_notebook):
    used = "import matplotlib.pyplot, seaborn, scipy.stats\nlines = seaborn.kdeplot([1, 2, 4]).lines\n"
    used += "matplotlib.pyplot.close()\nsay(scipy.stats.norm.cdf(0), len(lines))"
    write_notebook([used])
    assert printed(workbook) == ["0.5 1"]


def test_small_matrices_are_not_shared_out_between_threads(workbook, write_notebook, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    threads = "(value for name, value in sorted(os.environ.items()) if name.endswith('_NUM_THREADS'))"
    write_notebook([f"import os\nsay(*{threads})"])
    assert printed(workbook) == ["1 1 1"]


def test_a_file_beside_the_notebook_does_not_take_a_librarys_place(workbook, write_notebook):
    (workbook / "notebooks" / "seaborn.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    (workbook / "notebooks" / "ipykernel.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    write_notebook(["import seaborn\nsay(seaborn.__name__, hasattr(seaborn, 'barplot'))"])
    assert printed(workbook) == ["seaborn True"]


def test_run_and_kernel_talk_in_a_folder_that_is_theirs_alone_and_goes_with_them(workbook, write_notebook):
    asked = "from ipykernel.kernelapp import IPKernelApp\nimport stat\nfrom pathlib import Path\n"
    asked += "app = IPKernelApp.instance()\nfolder = Path(app.ip).parent\n"
    asked += "say(app.transport, stat.filemode(folder.stat().st_mode), folder)"
    write_notebook([asked])
    ((transport, mode, folder),) = (text.split() for text in printed(workbook))
    assert (transport, mode) == ("ipc", "drwx------")
    assert not Path(folder).exists()


def test_where_no_socket_has_a_name_so_long_they_talk_over_an_encrypted_port(tmp_path):
    class Deep(OwnKernel):
        sockets = tmp_path / ("deep" * 30)

    assert (Deep().transport, Deep().ip, Deep().transport_encryption) == ("tcp", "127.0.0.1", "auto")


def test_how_long_a_kernel_may_take_to_start_is_a_setting(workbook, write_notebook, monkeypatch):
    silent = OwnKernel().kernel_spec
    silent.argv = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(OwnKernel, "kernel_spec", silent)
    monkeypatch.setattr("ci_eval.runs.kernel.ANSWER_WAIT", 0.1)
    settings = workbook / "data" / "evaluation.toml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}[run]\nstart_timeout = 1\n", encoding="utf-8")
    write_notebook(["1"])
    with pytest.raises(
        RunFailed, match=r"did not answer in 1 seconds; start_timeout under \[run\] allows more"
    ):
        printed(workbook)


def test_a_kernel_that_cannot_start_ends_the_run_at_once_and_leaves_its_last_words(
    workbook, write_notebook, monkeypatch
):
    dying = OwnKernel().kernel_spec
    dying.argv = [sys.executable, "-c", "raise SystemExit('no kernel today')"]
    monkeypatch.setattr(OwnKernel, "kernel_spec", dying)
    write_notebook(["1"])
    with pytest.raises(RunFailed, match=r"did not start\. It ended before it was ready; kernel\.log has"):
        printed(workbook)
    (failure,) = (workbook / "outputs" / "failed" / "2021-22" / "tiny").iterdir()
    assert "no kernel today" in (failure / "kernel.log").read_text(encoding="utf-8")
