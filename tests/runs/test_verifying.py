"""Verify and diff: the same bytes again, and what moved between two outputs with its cause."""

import json

import pytest

from ci_eval import cli
from ci_eval.inputs.problems import InputError
from ci_eval.runs import manifest
from ci_eval.runs.comparing import differences
from ci_eval.runs.notebook_run import run
from ci_eval.runs.verifying import again, verified


def made(period="2021-22", **options):
    return run(period, "tiny", say=lambda line: None, **options)


def test_an_output_is_verified_and_comes_out_the_same_again(workbook, write_notebook, capsys):
    write_notebook(["say(period)"])
    folder = made()
    assert verified(folder, rerun=True) == (
        True,
        ["Every file is as its run wrote it.", "Made again, every file has the same bytes."],
    )
    assert cli.main(["verify", str(folder)]) == 0
    (folder / "report.html").write_text("other", encoding="utf-8")
    assert cli.main(["verify", str(folder)]) == 1
    assert "report.html has changed since the run" in capsys.readouterr().err


def test_an_output_that_differs_each_time_is_found(workbook, write_notebook):
    write_notebook(["import time\nsay(time.time_ns())"])
    assert again(made()) == ["notebook.ipynb"]


def test_an_output_whose_inputs_changed_cannot_be_made_again(workbook, write_notebook):
    write_notebook(["1"])
    folder = made()
    (workbook / "data" / "programme" / "facts.csv").write_text("other", encoding="utf-8")
    with pytest.raises(InputError, match="has changed since"):
        again(folder)


def test_what_moved_between_two_outputs_is_named_with_its_cause(workbook, write_notebook, tmp_path):
    write_notebook(["1"])
    before, after = made(), made(outputs=str(tmp_path / "other"))
    for folder, share in ((before, 0.9), (after, 0.8)):
        content = {"pieces": {"change": {"numbers": {"share": share, "same": 1}, "text": "same"}}}
        (folder / "results.json").write_text(json.dumps(content), encoding="utf-8")
    written = json.loads((after / manifest.FILE).read_text(encoding="utf-8"))
    written["basis"]["inputs"]["programme/facts.csv"] = "0" * 64
    (after / manifest.FILE).write_text(json.dumps(written), encoding="utf-8")
    assert differences(before, after) == (
        ["inputs programme/facts.csv"],
        [("change.numbers.share", 0.9, 0.8)],
    )
    with pytest.raises(InputError, match="no manifest"):
        differences(before, tmp_path)
