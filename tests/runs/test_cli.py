"""The command: exit codes, errors as pages, nothing heavy before it is needed."""

import argparse
import json
import re
import shlex
import subprocess
import sys

import pytest

from ci_eval import cli
from ci_eval.agreement import published_values
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme import Finding
from ci_eval.runs import input_checks
from ci_eval.runs.command_line import parser
from ci_eval.runs.notebook_run import run


def command(*arguments, **options):
    called = [sys.executable, "-m", "ci_eval.cli", *arguments]
    return subprocess.run(called, capture_output=True, text=True, check=False, timeout=60, **options)


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(argument):
    code = f"import sys; sys.argv = ['ci-eval', {argument!r}]\nfrom ci_eval.cli import main\n"
    heavy = "{'pandas', 'numpy', 'papermill', 'nbformat', 'matplotlib', 'tomllib'}"
    code += f"try: main()\nexcept SystemExit: print(sorted({heavy} & sys.modules.keys()))"
    called = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert called.stdout.endswith("[]\n")
    assert "ci-eval" in called.stdout


def test_each_command_has_an_example_that_its_parser_takes(capsys):
    for name in cli._COMMANDS:
        with pytest.raises(SystemExit):
            cli.main([name, "--help"])
        examples = capsys.readouterr().out.partition("examples:\n")[2].splitlines()
        assert examples, name
        for line in examples:
            words = shlex.split(re.split(r" {3,}", line.strip())[0])
            assert parser().parse_args(words[1:]).command == name


def test_several_at_a_time_are_refused_for_one_run(workbook, capsys):
    assert cli.main(["run", "--workers", "2"]) == 2
    assert "--workers goes with --due, --all or --every-authority" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["runn"], ["run", "--perod", "2021-22"], ["run", "--out", "x"], ["check", "extra"]]
)
def test_a_misspelt_command_is_refused_with_2(arguments, workbook):
    called = command(*arguments)
    assert called.returncode == 2
    assert "usage: ci-eval" in called.stderr


@pytest.mark.parametrize(
    "arguments", [["run", "--period", ""], ["check", "--settings", " "], ["run", "--output", ""]]
)
def test_an_empty_option_of_a_script_is_refused_and_not_taken_for_the_default(arguments, workbook):
    called = command(*arguments)
    assert called.returncode == 2
    assert f"argument {arguments[1]}: it is empty; give a value, or leave the option out" in called.stderr
    assert called.stdout == ""


def test_an_input_that_cannot_be_used_is_a_page_without_traceback(workbook):
    called = command("run", "--period", "2030-31")
    assert called.returncode == 3
    assert called.stdout == ""
    assert called.stderr.startswith("CANNOT RUN period '2030-31': nothing was run\n1 of 1  ")
    assert "Traceback" not in called.stderr


def test_debugging_shows_where_an_error_came_from(workbook, monkeypatch):
    monkeypatch.setenv("CI_EVAL_DEBUG", "1")
    with pytest.raises(InputError):
        cli.main(["run", "--period", "2030-31"])


def test_a_fault_of_the_program_is_one_line(workbook, monkeypatch, capsys):
    def broken(settings, write_lists):
        raise ZeroDivisionError("what somebody wrote")

    monkeypatch.setattr(input_checks, "check", broken)
    assert cli.main(["check"]) == 1
    said = capsys.readouterr().err
    assert re.match(r"ZeroDivisionError in ci_eval/cli\.py, line \d+\nThis is a fault of the program\.", said)
    assert "somebody" not in said
    assert "Traceback" not in said


def test_a_terminal_without_typographic_quotes_gets_no_error(workbook, write_notebook, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    write_notebook([("What did they say?", "1 / 0")])
    called = command("run", "--period", "2021-22", "--notebook", "tiny")
    assert called.returncode == 4
    assert "section ?What did they say?? (cell 4 of 4):\nZeroDivisionError" in called.stderr


def test_an_output_folder_that_cannot_be_made_is_named_with_its_fix_and_nothing_is_run(
    workbook, write_notebook
):
    write_notebook(["1"])
    called = command("run", "--notebook", "tiny", "--output", str(workbook / "data" / "evaluation.toml"))
    assert called.returncode == 4
    assert called.stderr.startswith("CANNOT WRITE into the outputs folder ")
    assert "evaluation.toml: not a directory. Nothing was run.\nFix: " in called.stderr
    assert called.stderr.count("\n") == 2
    assert called.stdout == ""


def test_a_reader_who_leaves_early_sees_no_complaint(workbook, write_notebook):
    for number in range(5):
        write_notebook(["1"], name=f"notebook-{number}")
    status = f'"{sys.executable}" -m ci_eval.cli status'
    called = subprocess.run(
        ["bash", "-c", f"{status} | true"], capture_output=True, text=True, check=False, timeout=60
    )
    assert called.stderr == ""


def test_check_lists_rows_of_one_shape_and_fails_on_a_failure(workbook, monkeypatch, capsys):
    rows = [
        Finding("settings", "PASS", "fine", "a.toml"),
        Finding("survey", "WARN", "late\nFix: ask"),
    ]
    monkeypatch.setattr(input_checks, "check", lambda settings, write_lists: rows)
    assert cli.main(["check"]) == 0
    printed = capsys.readouterr().out
    assert printed == (
        "PASS  settings  fine  [a.toml]\n"
        "WARN  survey    late\n"
        "                Fix: ask\n"
        "1 PASS, 1 WARN, 0 FAIL\n"
    )
    rows.append(Finding("survey", "FAIL", "gone"))
    assert cli.main(["check", "--json"]) == 3
    listed = json.loads(capsys.readouterr().out)
    assert [row["result"] for row in listed] == ["PASS", "WARN", "FAIL"]
    assert all(row.keys() == {"check", "result", "message", "source"} for row in listed)


def test_status_says_what_stands(workbook, write_notebook, capsys):
    write_notebook(["1"])
    assert cli.main(["status"]) == 0
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()] == ["not made", "not made"]

    folder = run("2021-22", "tiny", say=lambda line: None)
    assert cli.main(["status", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["period"], first["notebook"], first["state"]) == ("2021-22", "tiny", "up to date")
    assert (second["period"], second["state"]) == ("2022-23", "not made")
    assert first["folder"] == str(folder)

    (workbook / "data" / "programme" / "facts.csv").write_text("other", encoding="utf-8")
    assert cli.main(["status"]) == 0
    assert "changed since: programme/facts.csv" in capsys.readouterr().out

    (folder / "report.html").unlink()
    assert cli.main(["status"]) == 1
    assert "report.html is missing" in capsys.readouterr().out


def test_status_tells_of_a_failure_after_the_last_good_output(workbook, write_notebook, capsys):
    write_notebook(["1"])
    run("2021-22", "tiny", say=lambda line: None)
    write_notebook(["raise ValueError('now')"])
    assert cli.main(["run", "--period", "2021-22", "--notebook", "tiny"]) == 4
    capsys.readouterr()
    cli.main(["status"])
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("out of date")
    assert "a later run failed: " in first


def test_outputs_go_where_they_are_told_to(workbook, write_notebook, tmp_path):
    write_notebook(["1"])
    folder = run("2021-22", "tiny", outputs="over there", say=lambda line: None)
    assert folder == workbook / "over there" / "drafts" / "2021-22" / "tiny"


def test_a_problem_becomes_a_row_with_its_fix(workbook, monkeypatch):
    def refuse(file):
        raise InputError(
            "CANNOT", [Problem("one", "ASK", "First.", "a:1", fix="Do."), Problem("two", "WARN", "x")]
        )

    monkeypatch.setattr(input_checks, "load", refuse)
    assert [(row.check, row.result, row.message, row.source) for row in input_checks.check()] == [
        ("settings: one", "FAIL", "First.\nFix: Do.", "a:1"),
        ("settings: two", "WARN", "x", ""),
    ]


def test_the_self_check_prints_one_line_where_every_published_value_is_reproduced(capsys):
    assert cli.main(["self-check"]) == 0
    printed = capsys.readouterr().out
    assert re.fullmatch(
        r"(\d+) of \1 published values reproduced \(ci-eval .+, numpy .+, scipy .+, pandas .+, Python .+\)\n",
        printed,
    )


def test_the_self_check_lists_what_is_not_reproduced_and_fails(monkeypatch, capsys):
    rows = published_values.published()[:2]
    rows[0]["expected"] = [0.5, 0.6]
    monkeypatch.setattr(published_values, "published", lambda: rows)
    assert cli.main(["self-check"]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"NOT REPRODUCED {rows[0]['id']} (interval): expected 0.5, 0.6 within ")
    assert last.startswith("2 of 4 published values reproduced (")


@pytest.mark.parametrize("arguments", [["plan"], ["plan", "thaw"], ["plan", "check", "--reason", "x"]])
def test_a_misspelt_step_of_the_plan_is_refused_with_2(arguments, workbook):
    assert command(*arguments).returncode == 2


@pytest.mark.parametrize("step", ["check", "freeze"])
def test_a_plan_that_is_not_declared_is_a_page(step, workbook):
    called = command("plan", step)
    assert called.returncode == 3
    assert "The settings declare no evaluation of impact." in called.stderr
    assert "Traceback" not in called.stderr


def options_of(commands):
    """Command → the options that it takes, those of its steps among them."""
    found = {}
    for action in commands._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                steps = options_of(command)
                found[name] = set(command._option_string_actions).union(*steps.values())
    return found


def test_every_command_that_a_page_or_a_message_names_exists_with_its_options(root):
    known = options_of(parser())
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "data").rglob("*.toml")]
    wrong = []
    for file in (*pages, *(root / "ci_eval").rglob("*.py")):
        for command, rest in re.findall(
            r"[`$] ?ci-eval ([a-z][a-z-]*)([^`\n]*)", file.read_text(encoding="utf-8")
        ):
            unknown = [
                option for option in re.findall(r" (--[a-z-]+)", rest) if option not in known.get(command, ())
            ]
            if command not in known or unknown:
                wrong.append((file.name, command, unknown))
    assert wrong == []
    assert len(known) > 10
