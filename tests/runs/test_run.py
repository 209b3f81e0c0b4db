"""One run of a notebook, from plan to rename, on a notebook of a few cells."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from processes import alive, wait_for
from tiny_workbook import CLOSE, MADE

from ci_eval.inputs.problems import InputError
from ci_eval.runs import manifest, outputs, stored_outputs
from ci_eval.runs.failures import RunFailed
from ci_eval.runs.notebook_run import run


def make(**changes):
    lines = []
    options = {"say": lines.append} | changes
    return run("2021-22", "tiny", **options), lines


def failures(workbook):
    return sorted((workbook / "outputs" / "failed" / "2021-22" / "tiny").glob("*"))


def leftovers(workbook):
    drafts = workbook / "outputs" / "drafts" / "2021-22"
    return [path.name for path in drafts.iterdir() if path.name not in ("tiny", ".tiny.lock")]


def test_a_run_gives_a_whole_folder_and_says_which_page_to_open(workbook, write_notebook):
    write_notebook([("What did they say?", "say(period, times)"), ("Afterwards", "1")])
    folder, lines = make(parameters={"times": 3})
    assert folder == workbook / "outputs" / "drafts" / "2021-22" / "tiny"
    assert {path.name for path in folder.iterdir()} == MADE
    assert "2021-22 3" in (folder / "notebook.ipynb").read_text(encoding="utf-8")
    assert lines[1:3] == ["[1/2] What did they say?", "[2/2] Afterwards"]
    page = folder / "report.html"
    assert lines[-1] == f"Open outputs/drafts/2021-22/tiny/report.html  ({page.as_uri()})"
    assert manifest.verify(folder) == ()
    assert leftovers(workbook) == []


def test_the_manifest_tells_what_the_output_was_made_from(workbook, write_notebook):
    write_notebook(["1"])
    folder, _ = make()
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["basis"]["parameters"] == {"period": "2021-22", "settings": "", "output": ""}
    facts = workbook / "data" / "programme" / "facts.csv"
    assert told["basis"]["inputs"] == {"programme/facts.csv": manifest.sha256(facts)}
    assert {"python", "pandas", "papermill"} <= told["basis"]["versions"].keys()
    assert told["basis"]["settings"]["periods"].keys() == {"2021-22"}
    assert told["outputs"].keys() == MADE - {"manifest.json"}
    assert told["times"]["started"] <= told["times"]["finished"]
    assert told["git"].keys() == {"commit", "uncommitted_changes"}


def test_the_executed_notebook_is_the_same_bytes_when_run_again(workbook, write_notebook):
    source = "say(output, object())\nsay({'a', 'b', 'c', 'd', 'e'})"
    write_notebook([source, "import time\nsay('one')\ntime.sleep(0.3)\nsay('two')"])
    first = (make()[0] / "notebook.ipynb").read_bytes()
    second = (make(force=True)[0] / "notebook.ipynb").read_bytes()
    assert first == second
    for path in (workbook, Path(sys.prefix)):
        assert str(path) not in first.decode("utf-8")
    assert b"OUTPUT <object object at 0x\xe2\x80\xa6>" in first


def test_what_a_cell_prints_in_pieces_is_one_output(workbook, write_notebook):
    source = "import time\nfor piece in 'abc':\n    print(piece, flush=True)\n    time.sleep(0.1)"
    file = write_notebook([source])
    stored_outputs.store(file, lambda line: None)
    executed = nbformat.read(file, as_version=4)
    assert [output.text for output in executed.cells[-1].outputs] == ["a\nb\nc\n"]


def test_what_no_piece_displayed_is_not_kept_and_its_cell_is_named(workbook, write_notebook):
    write_notebook(
        [("Who answered?", "print('Jane Example')\nsay('kept')"), ("Afterwards", "1\n")], closed=True
    )
    folder, lines = make()
    text = (folder / "notebook.ipynb").read_text(encoding="utf-8")
    assert "kept" in text
    assert '"Jane Example\\n"' not in text
    assert any("the outputs of cell 5, under “Who answered?”" in line for line in lines)


def test_an_up_to_date_output_is_not_made_again(workbook, write_notebook):
    write_notebook(["1"])
    before = (make()[0] / "manifest.json").read_bytes()
    folder, lines = make()
    assert (folder / "manifest.json").read_bytes() == before
    assert "up to date" in lines[0]
    assert lines[-1].startswith("Open ")


def test_what_an_output_depends_on_makes_it_again(workbook, write_notebook):
    write_notebook(["1"])
    folder, _ = make()
    settings = workbook / "data" / "evaluation.toml"
    text = settings.read_text(encoding="utf-8").replace("ends = 2022-06-30", "ends = 2022-06-29")
    facts = workbook / "data" / "programme" / "facts.csv"
    changes = {
        "notebook": lambda: write_notebook(["2"]),
        "input": lambda: facts.write_text("fact,source\n", encoding="utf-8"),
        "settings": lambda: settings.write_text(text, encoding="utf-8"),
        "output": lambda: (folder / "report.html").write_text("touched", encoding="utf-8"),
    }
    for what, change in changes.items():
        change()
        assert "up to date" not in make()[1][0], what
    assert "up to date" in make()[1][0]


def test_a_later_period_and_a_comment_leave_an_output_up_to_date(workbook, write_notebook):
    write_notebook(["1"])
    make()
    settings = workbook / "data" / "evaluation.toml"
    text = settings.read_text(encoding="utf-8").replace("ends = 2023-06-30", "ends = 2023-05-31")
    settings.write_text(f"# a comment\n{text}", encoding="utf-8")
    assert "up to date" in make()[1][0]


FAILING = {
    "raise KeyError('no such column')": r"section “Who answered\?” \(cell 4 of 6\):\nKeyError",
    "import sys\nsys.exit(0)": r"stopped itself in section “Who answered\?” \(cell 4 of 6\)",
    "import os\nos._exit(0)": r"ended without a word in section “Who answered\?” \(cell 4 of 6\)",
    "import time\ntime.sleep(60)": r"longer than 1 seconds in section “Who answered\?” \(cell 4 of 6\)",
    "from ci_eval.inputs.problems import InputError, Problem\n"
    "raise InputError('CANNOT LOAD', [Problem('a', 'ASK', 'No key.', 'row 2', fix='Add one.')])": (
        r"FAILED tiny for 2021-22\nCANNOT LOAD\n1 of 1  No key\.\n +Where: row 2\.\n +Fix: Add one\.\n"
    ),
}


def test_a_failing_cell_leaves_the_last_good_output(workbook, write_notebook):
    write_notebook([("Who answered?", "1"), ("Afterwards", "2")])
    settings = workbook / "data" / "evaluation.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "[run]\ncell_timeout = 1\n", encoding="utf-8")
    folder, _ = make()
    good = {path.name: path.read_bytes() for path in folder.iterdir()}
    for source, said in FAILING.items():
        write_notebook([("Who answered?", source), ("Afterwards", "2")])
        earlier = set(failures(workbook))
        with pytest.raises(RunFailed, match=said) as caught:
            make()
        assert "Traceback" not in str(caught.value)
        assert "last good output is as it was" in str(caught.value)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == good
        (kept,) = set(failures(workbook)) - earlier
        assert {"notebook.ipynb", "reason.txt"} <= {path.name for path in kept.iterdir()}
        assert {path.name for path in kept.iterdir()} <= {"notebook.ipynb", "reason.txt", "kernel.log"}
        executed = nbformat.read(kept / "notebook.ipynb", as_version=4)
        assert any(cell.source == source for cell in executed.cells)
        assert (kept / "reason.txt").read_text(encoding="utf-8").strip() in str(caught.value)
        assert leftovers(workbook) == []


def test_a_kernel_that_does_not_start_is_a_failed_run(workbook, write_notebook, monkeypatch):
    write_notebook(["1"])
    monkeypatch.setattr(sys, "executable", str(workbook / "python"))
    with pytest.raises(RunFailed, match=r"failed in the start, before its first section:\nFileNotFoundError"):
        make()
    assert len(failures(workbook)) == 1


def test_what_an_error_quotes_is_neither_said_nor_kept(workbook, write_notebook, monkeypatch):
    write_notebook([("Comments", "raise ValueError('\\x1b[2Jsome' + 'body\\x07')")])
    with pytest.raises(RunFailed, match=r":\nValueError\n"):
        make()
    (kept,) = failures(workbook)
    assert not [path for path in kept.rglob("*") if path.is_file() and b"somebody" in path.read_bytes()]
    monkeypatch.setenv("CI_EVAL_DEBUG", "1")
    with pytest.raises(RunFailed, match=r"ValueError: somebody\n"):
        make()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("(Path(output) / 'report.html').write_text('')", "report.html is empty"),
        ("(Path(output) / 'results.json').write_text('{')", "results.json is not valid JSON"),
        ("(Path(output) / 'annex.html').unlink()", r"left no annex\.html\.\nFix: .*book\.close"),
    ],
)
def test_outputs_that_are_not_whole_are_a_failed_run(workbook, write_notebook, change, said):
    write_notebook([CLOSE + change], closed=False)
    with pytest.raises(RunFailed, match=said):
        make()
    assert not (workbook / "outputs" / "drafts" / "2021-22" / "tiny").exists()


def test_a_notebook_that_does_not_close_its_book_is_a_failed_run(workbook, write_notebook):
    write_notebook(["1"], closed=False)
    with pytest.raises(RunFailed, match=r"left no report\.html and no annex\.html"):
        make()


def test_a_run_reads_what_it_hashed_though_inputs_and_settings_change_under_way(workbook, write_notebook):
    edit = (
        "from pathlib import Path\n"
        f"Path({str(workbook / 'data/programme/facts.csv')!r}).write_text('changed')\n"
        f"own = Path({str(workbook / 'data/evaluation.toml')!r})\n"
        "own.write_text(own.read_text() + '[disclosure]\\nsmallest_group = 9\\n')\n"
        "from ci_eval.settings import load\n"
        "read = load(settings)\n"
        "say(read.smallest_group, (read.programme / 'facts.csv').read_text())"
    )
    write_notebook([edit])
    folder, _ = make()
    assert "5 fact,source" in (folder / "notebook.ipynb").read_text(encoding="utf-8")
    assert not (folder / ".inputs").exists()
    (row, *_) = outputs.status()
    assert (row.state, row.message.partition("changed since: ")[2]) == (
        "out of date",
        "settings, programme/facts.csv",
    )


def test_what_somebody_put_into_an_output_is_kept_when_it_is_made_again(workbook, write_notebook):
    write_notebook(["1"])
    folder, _ = make()
    (folder / "my notes.txt").write_text("look at row 3", encoding="utf-8")
    report = folder / "report.html"
    report.write_text("with my commentary", encoding="utf-8")
    _, lines = make(force=True)
    (kept,) = (workbook / "outputs" / "set_aside" / "2021-22" / "tiny").glob("*")
    assert (kept / "my notes.txt").read_text(encoding="utf-8") == "look at row 3"
    assert (kept / "report.html").read_text(encoding="utf-8") == "with my commentary"
    assert any(kept.name in line for line in lines)
    assert manifest.verify(folder) == ()
    make(force=True)
    assert len(list(kept.parent.glob("*"))) == 1


def test_a_changed_output_found_after_a_killed_swap_is_kept_too(workbook, write_notebook):
    write_notebook(["1"])
    folder, _ = make()
    old = folder.with_name(".old-tiny")
    shutil.copytree(folder, old)
    (old / "notes.txt").write_text("mine", encoding="utf-8")
    _, lines = make()
    (kept,) = (workbook / "outputs" / "set_aside" / "2021-22" / "tiny").glob("*")
    assert (kept / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert kept.name in lines[0]


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_destination_that_is_no_folder_is_refused_before_anything_runs(workbook, write_notebook, kind):
    write_notebook(["1"])
    place = workbook / "outputs" / "drafts" / "2021-22" / "tiny"
    place.parent.mkdir(parents=True)
    if kind == "link":
        place.symlink_to(workbook)
    else:
        place.write_text("mine", encoding="utf-8")
    with pytest.raises(RunFailed, match=rf"it is a {kind}.*\nFix: "):
        make()
    assert place.is_symlink() or place.read_text(encoding="utf-8") == "mine"


def test_the_report_does_not_depend_on_who_reads_the_log(workbook, write_notebook):
    write_notebook(["1"])
    command = [sys.executable, "-m", "ci_eval.cli", "run", "--period", "2021-22", "--notebook", "tiny"]
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(command, stdout=writer, stderr=subprocess.PIPE) as running:
        os.close(writer)
        errors = running.communicate(timeout=60)[1]
    assert (running.returncode, errors) == (0, b"")
    assert manifest.verify(workbook / "outputs" / "drafts" / "2021-22" / "tiny") == ()


def test_a_flood_of_output_is_cut_and_the_run_ends_well(workbook, write_notebook):
    write_notebook(["for _ in range(40):\n    print('x' * 1_000_000)"])
    folder, lines = make()
    assert (folder / "notebook.ipynb").stat().st_size < 100_000
    assert any("Left out" in line for line in lines)


def test_only_the_newest_failures_are_kept(workbook, write_notebook):
    settings = workbook / "data" / "evaluation.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "[run]\nkeep_failures = 2\n", encoding="utf-8")
    write_notebook(["1"], closed=False)
    for name in ("20200101T000000Z", "20210101T000000Z"):
        (workbook / "outputs" / "failed" / "2021-22" / "tiny" / name).mkdir(parents=True)
    with pytest.raises(RunFailed):
        make()
    assert failures(workbook)[0].name == "20210101T000000Z"
    assert len(failures(workbook)) == 2


def test_a_command_of_the_settings_learns_how_a_run_ended_and_nothing_else(workbook, write_notebook):
    marker = workbook / "ended.txt"
    code = (
        f"import os; open({str(marker)!r}, 'a').write('; '.join(f'{{name}} {{text}}' for name, text in "
        "sorted(os.environ.items()) if name.startswith('CI_EVAL_')) + '. ')"
    )
    settings = workbook / "data" / "evaluation.toml"
    words = json.dumps([sys.executable, "-c", code])
    text = f"[run]\non_success = {words}\non_failure = {words}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + text, encoding="utf-8")
    write_notebook(["1"])
    make()
    write_notebook(["1/0"])
    with pytest.raises(RunFailed):
        make()
    about = "CI_EVAL_NOTEBOOK tiny; CI_EVAL_PERIOD 2021-22; CI_EVAL_STATE {}. "
    assert marker.read_text(encoding="utf-8") == about.format("done") + about.format("failed")
    history = [json.loads(line) for line in (workbook / "outputs" / "history.jsonl").read_text().splitlines()]
    assert [(run["notebook"], run["state"]) for run in history] == [("tiny", "done"), ("tiny", "failed")]


def test_a_full_disk_is_named(workbook, write_notebook):
    write_notebook(["import os\nraise OSError(28, os.strerror(28))"])
    with pytest.raises(RunFailed, match=r"The disk is full\. Fix: "):
        make()


def test_a_swap_that_fails_puts_the_old_output_back(workbook, write_notebook, monkeypatch):
    write_notebook(["1"])
    folder, _ = make()
    good = (folder / "manifest.json").read_bytes()
    rename = Path.rename

    def refuse(self, target):
        if self.name.startswith(".work-"):
            raise PermissionError("somebody has report.html open")
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        with pytest.raises(RunFailed, match="PermissionError in ci_eval"):
            make(force=True)
    assert (folder / "manifest.json").read_bytes() == good
    assert leftovers(workbook) == []


def test_every_file_is_on_the_disk_before_the_last_rename(workbook, write_notebook, monkeypatch):
    write_notebook(["1"])
    steps, fsync, rename = [], os.fsync, Path.rename

    def noted_fsync(handle):
        steps.append(os.fstat(handle).st_ino)
        return fsync(handle)

    def noted_rename(self, target):
        steps.append("the swap" if self.name.startswith(".work-") else "another rename")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    folder, _ = make()
    assert {file.stat().st_ino for file in folder.iterdir()} <= set(steps[: steps.index("the swap")])


def test_a_run_killed_between_the_renames_is_undone_by_the_next(workbook, write_notebook):
    write_notebook(["1"])
    folder, _ = make()
    folder.rename(folder.with_name(".old-tiny"))
    assert "up to date" in make()[1][0]
    assert manifest.verify(folder) == ()
    assert leftovers(workbook) == []


def test_two_runs_of_one_period_cannot_overlap_and_other_periods_can_run(workbook, write_notebook):
    write_notebook(["1"])

    def meanwhile(line):
        if "[1/" not in line:
            return
        with pytest.raises(RunFailed, match=rf"under way \(process {os.getpid()}, since "):
            make(force=True)
        run("2022-23", "tiny", say=lambda line: None)

    folder, _ = make(say=meanwhile)
    assert manifest.verify(folder) == ()


def test_a_killed_run_leaves_no_lock_and_no_kernel_and_its_notebook_is_kept(workbook, write_notebook):
    marker = workbook / "kernel.pid"
    write_notebook([f"import os, time\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\ntime.sleep(120)"])
    command = [sys.executable, "-m", "ci_eval.cli", "run", "--period", "2021-22", "--notebook", "tiny"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as killed:
        wait_for(lambda: marker.is_file() and marker.read_text(encoding="utf-8"))
        killed.kill()
    kernel = int(marker.read_text(encoding="utf-8"))
    wait_for(lambda: not alive(kernel))
    write_notebook(["1"])
    folder, lines = make()
    assert lines[0].startswith("An earlier run had ended without a word")
    (kept,) = failures(workbook)
    assert (kept / "notebook.ipynb").is_file()
    assert "killed" in (kept / "reason.txt").read_text(encoding="utf-8")
    assert manifest.verify(folder) == ()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_ends_its_kernel_and_keeps_its_notebook(workbook, write_notebook, number):
    marker = workbook / "kernel.pid"
    write_notebook([f"import os, time\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\ntime.sleep(120)"])
    command = [sys.executable, "-m", "ci_eval.cli", "run", "--period", "2021-22", "--notebook", "tiny"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as stopped:
        wait_for(lambda: marker.is_file() and marker.read_text(encoding="utf-8"))
        stopped.send_signal(number)
        said, errors = stopped.communicate(timeout=30)
    assert stopped.returncode == 128 + number
    assert "stopped from outside" in said
    assert "Traceback" not in errors
    assert not alive(int(marker.read_text(encoding="utf-8")))
    assert len(failures(workbook)) == 1
    assert leftovers(workbook) == []


def test_the_kernel_is_this_interpreter_whatever_the_user_installed(workbook, write_notebook, monkeypatch):
    kernels = workbook / "jupyter" / "kernels" / "python3"
    kernels.mkdir(parents=True)
    other = {
        "argv": ["/nowhere/python", "-f", "{connection_file}"],
        "display_name": "other",
        "language": "python",
    }
    (kernels / "kernel.json").write_text(json.dumps(other), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(workbook / "jupyter"))
    write_notebook(["import sys\nsay(sys.executable == " + repr(sys.executable) + ")"])
    assert "True" in (make()[0] / "notebook.ipynb").read_text(encoding="utf-8")


def test_a_users_own_start_up_files_do_not_reach_an_output(workbook, write_notebook, monkeypatch):
    startup = workbook / "ipython" / "profile_default" / "startup" / "mine.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("mine = 1\n", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(workbook / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(startup))
    write_notebook(["say('mine' in globals())"])
    folder, _ = make()
    assert "False" in (folder / "notebook.ipynb").read_text(encoding="utf-8")
    assert {path.name for path in folder.iterdir()} == MADE


def test_a_run_prints_no_warning_of_the_kernel(workbook, write_notebook, capfd):
    write_notebook(["1"])
    make()
    write_notebook(["raise ValueError('to see what the kernel itself has written')"])
    with pytest.raises(RunFailed):
        make()
    printed = capfd.readouterr()
    logs = [log.read_text(encoding="utf-8") for log in failures(workbook)[0].glob("kernel.log")]
    assert not re.search("encrypt|warn", "".join([printed.out, printed.err, *logs]), re.IGNORECASE)


@pytest.mark.parametrize("name", ["../tiny", "notebooks/tiny", "", ".", "other"])
def test_a_notebook_that_the_workbook_does_not_hold_is_refused(workbook, write_notebook, name):
    write_notebook(["1"])
    with pytest.raises(InputError, match="There is no notebook named"):
        run("2021-22", name)
    assert not (workbook / "outputs").exists()


def test_a_period_that_is_not_declared_is_refused_by_name(workbook, write_notebook):
    write_notebook(["1"])
    with pytest.raises(InputError, match=r"'2021_22' is not declared\.[\s\S]*Use one of 2021-22, 2022-23"):
        run("2021_22", "tiny")


def test_without_a_period_the_latest_declared_is_run(workbook, write_notebook):
    write_notebook(["1"])
    assert run("", "tiny", say=lambda line: None).parent.name == "2022-23"
