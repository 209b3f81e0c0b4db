"""The benchmarks' own sums: that a ratio is what it says, on commands and frames too small to time."""

import io
import sys
from datetime import date
from itertools import count

import pandas as pd
import pytest

from benchmarks import __main__ as command
from benchmarks import impact, many_periods, million_responses, ratios, whole_run
from benchmarks.machine import PACKAGES, described
from benchmarks.page import page
from benchmarks.ratios import Ratio, absent, against_limit, by_turns, figures
from ci_eval.programme import load_questionnaire
from ci_eval.runs.outputs import status

TIMED = Ratio("reading", 1.0, ours=(2.0, 3.0, 10.0), peer=(6.0, 4.0, 5.0), ours_is="we", peer_is="they")


def test_the_ratio_is_of_medians_and_the_minima_and_pairs_stand_beside_it():
    assert TIMED.value == pytest.approx(3 / 5)
    assert TIMED.of_minima == pytest.approx(2 / 4)
    assert TIMED.of_pairs == pytest.approx((2 / 6, 3 / 4, 10 / 5))


def test_the_line_says_name_ratio_aim_and_whether_it_is_met():
    assert TIMED.line == "reading: ratio 0.60 (aim < 1): met"
    slower = Ratio("reading", 1.5, ours=(4.0,), peer=(2.0,), reaching_counts=True)
    assert slower.line == "reading: ratio 2.00 (aim ≤ 1.5): NOT MET"


@pytest.mark.parametrize(
    ("ours", "reaching_counts", "met"),
    [(2.999, False, True), (3.0, False, False), (3.0, True, True), (3.001, True, False)],
)
def test_an_aim_that_is_just_reached_is_met_only_where_reaching_it_counts(ours, reaching_counts, met):
    assert Ratio("x", 1.5, (ours,), (2.0,), reaching_counts=reaching_counts).met is met


def test_a_small_ratio_keeps_two_figures():
    assert [figures(number) for number in (0.00312, 0.0999, 0.1, 1.496)] == ["0.0031", "0.1", "0.10", "1.50"]


@pytest.mark.parametrize(
    ("ours", "peer", "skipped"),
    [((1.0,), (), ""), ((), (), ""), ((1.0,), (1.0,), "not wanted"), ((0.0,), (1.0,), "")],
)
def test_times_without_a_counterpart_are_refused(ours, peer, skipped):
    with pytest.raises(ValueError, match=r"^x: "):
        Ratio("x", 1.0, ours, peer, skipped=skipped)


def test_a_peer_that_is_not_installed_is_skipped_with_a_line():
    why = absent("sys", "no_such_package_here")
    assert Ratio("alpha", 1.0, skipped=why).line == "alpha: skipped, no_such_package_here not installed"
    assert Ratio("alpha", 1.0, skipped=why).details == []
    assert absent("sys") == ""


def test_the_sides_take_turns_and_warming_up_is_not_timed(monkeypatch):
    ran = []
    clock = count(start=0.0, step=1.0)
    monkeypatch.setattr(ratios.time, "perf_counter", lambda: next(clock))
    ours, peer = by_turns(lambda: ran.append("A"), lambda: ran.append("B"), pairs=3, warm_up=1)
    assert "".join(ran) == "ABABABAB"
    assert ours == peer == (1.0, 1.0, 1.0)


def test_each_side_keeps_its_own_times(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(ratios.time, "perf_counter", lambda: now[0])

    def takes(seconds):
        def action():
            now[0] += seconds

        return action

    assert by_turns(takes(3.0), takes(5.0), pairs=2) == ((3.0, 3.0), (5.0, 5.0))


def test_a_process_that_fails_is_no_time_but_an_error():
    whole_run.process("this")
    with pytest.raises(RuntimeError, match=r"(?s)^benchmarks\.floor ended with code 1:\n.*IndexError"):
        whole_run.process("benchmarks.floor")


def test_bytecode_is_kept_for_both_sides(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "says_bytecode.py").write_text("import sys; sys.exit(3 if sys.dont_write_bytecode else 0)")
    whole_run.process("says_bytecode")


def test_the_invented_responses_are_as_the_loader_gives_them_and_the_same_for_a_seed():
    questionnaire = load_questionnaire()
    frame = million_responses.responses(400, questionnaire, seed=1)
    assert list(frame.columns) == [statement.code for statement in questionnaire.statements]
    assert all(isinstance(kind, pd.CategoricalDtype) for kind in frame.dtypes)
    assert set(frame["s01"].cat.categories) == {*questionnaire.answers, *questionnaire.missing}
    assert frame["s01"].isna().any()
    pd.testing.assert_frame_equal(frame, million_responses.responses(400, questionnaire, seed=1))
    assert not frame.equals(million_responses.responses(400, questionnaire, seed=2))


def test_the_timed_table_counts_what_stands_in_the_file_it_is_compared_with():
    questionnaire = load_questionnaire()
    frame = million_responses.responses(400, questionnaire, seed=1)
    text = pd.read_csv(io.StringIO(frame.to_csv(index=False)), dtype=str)
    for asked in (None, 500):
        table = million_responses.table(frame, questionnaire, asked)
        pd.testing.assert_frame_equal(table, million_responses.table(text, questionnaire, asked))
        assert ((table["low"] < table["share"]) & (table["share"] < table["high"])).all()
        by_hand = (
            text["s15"].isin(["Strongly agree", "Agree"]).sum() / text["s15"].isin(questionnaire.scale).sum()
        )
        assert table.loc["s15", "share"] == pytest.approx(by_hand)


def test_the_million_gives_a_ratio_for_each_kind_of_interval():
    found = million_responses.run(rows=50, pairs=1)
    assert [("Wilson" in ratio.name, "exact" in ratio.name) for ratio in found] == [
        (True, False),
        (False, True),
    ]
    assert all(len(ratio.ours) == len(ratio.peer) == 1 for ratio in found)


def test_the_page_holds_every_result_the_machine_and_the_day():
    text = page([TIMED, Ratio("alpha", 1.0, skipped="x not installed")], {"Python": "3.x"}, date(2026, 1, 2))
    assert "2026-01-02" in text
    assert (
        "| reading | 0.60 | < 1 | met | 0.50 | 0.33 to 2.00 (3 pairs) | 3.000 s (2.000 s) | 5.000 s (4.000 s) |"
        in text
    )
    assert "skipped: x not installed" in text
    assert "| Python | 3.x |" in text


def test_a_peer_that_was_not_timed_whole_is_marked_wherever_its_time_is_shown():
    how = "20 of 1,000 draws were timed and taken 50 times"
    reckoned = Ratio("loop", 1.0, (1.0,), (100.0,), ours_is="we", peer_is="they", estimated=how)
    assert reckoned.line.endswith(f": met; peer not timed whole: {how}")
    text = page([TIMED, reckoned], {}, date(2026, 1, 2))
    assert text.count("100.000 s (100.000 s), not timed whole |") == 1
    assert f"- loop: we; peer: they; peer not timed whole: {how}\n" in text
    assert "- reading: we; peer: they\n" in text


def test_the_machine_names_its_versions():
    found = described()
    assert found["Python"].startswith(sys.version.split()[0])
    assert all(found[package] for package in PACKAGES)


def test_the_command_prints_a_line_for_each_ratio_and_writes_only_when_told(monkeypatch, tmp_path, capsys):
    results = tmp_path / "results.md"
    monkeypatch.setattr(command, "RESULTS", results)
    monkeypatch.setattr(
        command, "MODULES", ("whole_run", "million_responses")
    )  # the others would run in earnest
    monkeypatch.setattr(whole_run, "run", lambda: [TIMED])
    assert command.main(["whole_run"]) == 0
    assert "\nreading: ratio 0.60 (aim < 1): met\n" in capsys.readouterr().out
    assert not results.exists()
    monkeypatch.setattr(million_responses, "run", lambda: [Ratio("alpha", 1.0, skipped="x not installed")])
    assert command.main(["--write"]) == 0
    assert "alpha: skipped, x not installed" in capsys.readouterr().out
    assert "| reading | 0.60 |" in results.read_text(encoding="utf-8")


def test_one_benchmark_is_written_to_a_page_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results.md")
    monkeypatch.setattr(whole_run, "run", lambda: [TIMED])
    assert command.main(["whole_run", "--write"]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["results-whole_run.md"]
    text = (tmp_path / "results-whole_run.md").read_text(encoding="utf-8")
    assert "`python -m benchmarks whole_run --write`" in text


def test_an_aim_that_is_not_met_ends_the_command_with_1(monkeypatch):
    slow = against_limit("start", (0.2, 0.4, 0.4), 0.3, "as a process")
    assert slow.line == (
        "start: ratio 1.33 (aim ≤ 1): NOT MET; peer not timed whole: a fixed limit of 0.300 s; nothing ran beside ours"
    )
    monkeypatch.setattr(whole_run, "run", lambda: [TIMED, slow])
    assert command.main(["whole_run"]) == 1
    monkeypatch.setattr(whole_run, "run", lambda: [Ratio("alpha", 1.0, skipped="x not installed"), TIMED])
    assert command.main(["whole_run"]) == 0


def test_many_periods_are_read_and_have_a_line_for_each_notebook(tmp_path):
    rows = status(str(many_periods._settings(tmp_path, 3)))
    assert {row.period for row in rows} == {"1800", "1801", "1802"}
    assert {row.state for row in rows if row.notebook == "interim_evaluation"} == {"not made"}


@pytest.mark.parametrize("arguments", [["no_such"], ["whole_run", "impact", "--write"]])
def test_a_command_that_makes_no_sense_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


@pytest.mark.slow
def test_the_impact_benchmark_tells_the_memory_of_a_side():
    assert impact.memory("ours", 500) > 10
