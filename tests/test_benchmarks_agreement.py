"""The comparison with other packages: what it calls right, what it times, and that no peer has to be there."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks import agreement as command
from benchmarks import agreement_data as data
from benchmarks import agreement_speed as speed
from benchmarks import peers, peers_coders, peers_jobs, peers_statements, peers_traps
from benchmarks.agreement_cases import Score, score
from benchmarks.agreement_page import page, said_line, timed_line
from benchmarks.peers_inputs import NotOfferedError, as_counts, as_ratings
from benchmarks.peers_ours import JOBS, OURS, PUBLISHED
from benchmarks.peers_process import Side, Timed, side_by_side
from ci_eval.agreement.published_values import published

FASTER = Timed(
    "krippendorff", speed.ALPHA, 100_000, (0.01, 0.02, 0.03), (0.1, 0.08, 0.09), 1_000_000, 5_000_000
)


class Answering:
    """A side that answers what it is told to."""

    def __init__(self, name, answers):
        self.name, self.answers = name, answers

    def ask(self, do, **order):
        return self.answers.get(do, {"offered": False})


def test_every_peer_and_what_it_stands_on_has_an_exact_version():
    found = peers.environments()
    names = {peers.name(pin) for one in found for pin in one.peers}
    assert names == {
        *("krippendorff", "irrCAC", "simpledorff", "nltk", "statsmodels", "scikit-learn", "pingouin", "ipfn"),
        "weightipy",
    }
    assert all({peers.name(pin) for pin in one.foundations} == set(peers.FOUNDATIONS) for one in found)
    assert not [one for one in found if peers.REQUIREMENTS.parent in one.folder.parents]
    with pytest.raises(ValueError, match="nltk>=3"):
        peers.environments("numpy==2.0\nnltk>=3\n")
    with pytest.raises(KeyError):
        peers.environment_of("no_such_peer")


def test_an_environment_is_named_after_its_pins(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one, other = peers.environments("# a note\nnumpy==2.0\nnltk==3.0\n\nnumpy==1.0\n\n\n")
    assert (one.foundations, one.peers) == (("numpy==2.0",), ("nltk==3.0",))
    assert (other.foundations, other.peers) == (("numpy==1.0",), ())
    assert one.folder != other.folder
    assert one.folder.parent == tmp_path / "ci-eval" / "peers"


def test_a_peer_that_is_not_there_is_skipped_with_a_line(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(command, "sureness", list)
    for ratio in command.run():
        assert ratio.skipped.endswith("is not installed; python -m benchmarks.peers does it")
    scores, times = command.compare()
    assert (
        "ipfn: skipped, ipfn is not installed; python -m benchmarks.peers does it" in capsys.readouterr().out
    )
    assert times == []
    assert [one.peer for one in scores if not one.problem] == [OURS]


def test_our_side_reproduces_every_published_value_through_the_worker():
    with Side(OURS) as ours:
        found = score(ours)
    assert found.right == sum(np.size(case["expected"]) for case in published())
    assert not found.wrong
    assert not found.stopped
    assert not found.not_offered
    said = dict(found.said)
    assert said["one value"].startswith("no variation")
    assert "no respondent" in said["empty group"]
    assert "different numbers of people" in said["totals differ"]
    assert len(set(said["listwise"].split(" and "))) == 1


def test_each_value_is_held_to_its_tolerance(monkeypatch):
    case = {
        "id": "x",
        "function": "f",
        "input": {},
        "parts": ["a", "b", "c"],
        "tolerance": 0.1,
        "source": "s",
    }
    monkeypatch.setattr(
        "benchmarks.agreement_cases.published", lambda: [{**case, "expected": [1.0, 2.0, 3.0]}]
    )
    about = {"version": "1", "licence": "none declared"}
    found = score(Answering("peer", {"published": {"found": [1.1, 2.2, None]}, "about": about}))
    assert (found.right, found.wrong, found.not_offered) == (1, ("x (b): 2.2, published 2",), 1)
    found = score(Answering("peer", {"published": {"found": [float("nan"), 2.0, 3.0]}, "about": about}))
    assert (found.right, found.wrong) == (2, ("x (a): nan, published 1",))
    found = score(Answering("peer", {"published": {"raised": "ValueError: no"}, "about": about}))
    assert (found.right, found.stopped) == (0, ("x: ValueError: no",))
    found = score(Answering("peer", {"about": about}))
    assert (found.right, found.not_offered) == (0, 3)


def test_the_worker_answers_errors_and_what_it_does_not_know_and_throws_prints_away(tmp_path):
    orders = [
        {"do": "published", "peer": OURS, "function": "masi", "given": {"first": 1}, "parts": None},
        {"do": "published", "peer": "nobody", "function": "masi", "given": {}, "parts": None},
        {"do": "said", "peer": "nobody", "trap": "one value"},
        {"do": "prepare", "peer": OURS, "job": "alpha", "units": 12},
        {"do": "run"},
        {"do": "peak"},
    ]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.peers_worker", "peers_ours"],
        input="".join(json.dumps(order) + "\n" for order in orders),
        capture_output=True,
        text=True,
        cwd=Path(command.__file__).parents[1],
        check=True,
    )
    raised, unknown, silent, prepared, run, peak = map(json.loads, done.stdout.splitlines())
    assert raised["raised"].startswith("TypeError")
    assert unknown == silent == {"offered": False}
    assert -1 < prepared["value"] < 1
    assert run["seconds"] > 0
    assert peak["bytes"] > 1_000


def test_two_sides_take_turns_and_must_give_the_same_number():
    with Side(OURS) as one, Side(OURS) as other:
        found = side_by_side(one, other, "Cohen", 12, seconds=0.001)
        assert (found.problem, found.same, len(found.ours), len(found.theirs)) == ("", True, 3, 3)
        assert found.our_bytes == pytest.approx(found.their_bytes, rel=0.2)
        assert side_by_side(one, other, "no such job", 12).problem.startswith("KeyError")
        scaled = side_by_side(one, other, "bootstrap", 12, scale=1e6, random=True, seconds=0.001)
        assert min(scaled.theirs) > max(scaled.ours)
        assert scaled.same is None


def test_a_side_that_ends_is_a_problem_and_no_time():
    with Side(OURS) as one, Side(OURS) as other:
        other.process.kill()
        other.process.wait()
        assert "gave no answer" in side_by_side(one, other, "alpha", 12).problem


def test_every_job_is_known_on_both_sides():
    for job in speed.JOBS:
        assert (OURS, job.name) in JOBS
        for peer in job.peers:
            assert (peer, job.name) in peers_jobs.JOBS
    ours = {function for _, function in PUBLISHED}
    theirs = {function for _, function in (*peers_coders.PUBLISHED, *peers_statements.PUBLISHED)}
    assert theirs <= ours
    assert {trap for _, trap in peers_traps.SAID} == set(peers_traps.TRAPS)


def test_a_part_of_a_loop_is_taken_times_what_is_missing():
    loop = next(job for job in speed.JOBS if job.name == speed.BOOTSTRAP)
    assert [loop.part(units) for units in (12, 1_000, 100_000)] == [1, 1, 50]


def test_a_time_reckoned_from_a_part_of_the_draws_says_so():
    how = "20 of 1,000 draws were timed and taken 50 times"
    part = Timed("krippendorff", speed.BOOTSTRAP, 100_000, (0.1,), (100.0,), 1, 1, same=None)
    assert command.aim(part, 500).estimated == how
    assert how in timed_line(part)
    assert (
        page([command.aim(part, 500)], [], [part], {}, date(2026, 1, 2)).count(f"not timed whole: {how}") == 2
    )
    whole = Timed("krippendorff", speed.BOOTSTRAP, 1_000, (0.1,), (100.0,), 1, 1, same=None)
    assert command.aim(whole, 500).estimated == ""
    assert "not timed whole" not in timed_line(whole)


def test_a_limit_is_not_shown_as_a_peer_that_ran(monkeypatch):
    monkeypatch.setattr(command, "CELLS", ((50, 10, False),))
    assert "nothing ran beside ours" in command.sureness()[0].line


def test_an_aim_is_met_by_the_medians():
    met = command.aim(FASTER, 4)
    assert (met.verdict, met.value) == ("met", pytest.approx(0.02 / 0.09))
    assert command.aim(FASTER, 5).verdict == "NOT MET"
    assert command.aim(Timed("x", speed.ALPHA, 12, problem="not there"), 3).skipped == "not there"
    assert {job for job, *_ in command.AIMS} <= {job.name for job in speed.JOBS}


def test_sureness_is_timed_against_its_limit(monkeypatch):
    monkeypatch.setattr(command, "CELLS", ((50, 10, False), (40, 10, True)))
    one, other = command.sureness()
    assert set(one.peer) == {0.010}
    assert "about 50 answers a cell and 10 missing" in one.name
    assert other.name.endswith("every share at the edge of a word")
    agree, answers = command.cells(40, True)
    assert set(np.floor(np.array([3, 10, 15, 18])[:, None] * answers.ravel() / 20).ravel()) >= set(
        agree.ravel()
    )


def test_the_page_holds_aims_scores_traps_and_times():
    ours = Score(OURS, "0.1", "MIT", 3, said=(("one value", "no variation"),))
    peer = Score("krippendorff", "0.9", "GPL", 1, ("x: 1, published 2",), ("y: KeyError",), 4)
    absent = Score("ipfn", problem="not installed")
    doubtful = Timed("nltk", speed.ALPHA, 12, (0.02,), (0.01,), 2, 1, same=False)
    stopped = Timed("irrCAC", speed.ALPHA, 12, problem="ended")
    aims = [command.aim(FASTER, 3), command.aim(Timed("ipfn", speed.RAKING, 12, problem="not there"), 20)]
    text = page(aims, [ours, peer, absent], [FASTER, doubtful, stopped], {"Python": "3.x"}, date(2026, 1, 2))
    assert "on 2026-01-02, never by hand" in text
    assert "| 3 | 4.5 | 8 | met | 20 ms | 90 ms |" in text
    assert "| 20 | skipped: not there |" in text
    assert "3 published values" in text
    assert "| krippendorff | 0.9 | GPL | 1 | 1 | 1 | 4 |" in text
    assert "- krippendorff, wrong: x: 1, published 2\n- krippendorff stops: y: KeyError" in text
    assert "| ipfn | – | – | skipped: not installed |" in text
    assert "| ci-eval | no variation |" in text
    assert "Krippendorff's alpha, nominal, units with missing codes:" in text
    assert "| krippendorff | 100,000 | 4.5 | 8 | 5 | 20 ms | 90 ms | 3 | yes |" in text
    assert "| nltk | 12 | 0.5 | 0.5 | 0.5 | 20 ms | 10 ms | 1 | NO |" in text
    assert "| irrCAC | 12 | skipped: ended |" in text
    assert timed_line(doubtful).endswith("THE RESULTS DIFFER")
    assert said_line(absent) == "ipfn: skipped, not installed"


def test_inputs_are_given_in_the_form_a_peer_wants():
    assert as_ratings({"counts": [[2, 0], [1, 1]]}).tolist() == [[1, 1], [1, 2]]
    assert as_ratings({"table": [[1, 2], [0, 0]]}).tolist() == [[1, 1], [1, 2], [1, 2]]
    assert as_counts({"ratings": [[1, 1], [2, None]], "categories": [1, 2, 3]}).tolist() == [
        [2, 0, 0],
        [0, 1, 0],
    ]
    with pytest.raises(NotOfferedError):
        as_ratings({"counts": [[2, 0]]}, who_matters=True)


def test_the_invented_data_are_the_same_each_time_and_complete_where_they_must_be():
    assert np.array_equal(data.ratings(50), data.ratings(50), equal_nan=True)
    assert 0 < np.isnan(data.ratings(1_000)).mean() < 0.2
    assert np.unique(data.measurements(400)).size == 800
    assert data.table(12).min() == 1
    for groups in data.margins(100).values():
        assert sum(groups.values()) == pytest.approx(200)
