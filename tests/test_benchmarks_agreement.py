"""The agreement benchmark: its invented data, its aims, and that no peer has to be installed."""

import numpy as np
import pytest

from benchmarks import agreement


@pytest.fixture
def few_cells(monkeypatch):
    monkeypatch.setattr(agreement, "CELLS", ((50, 10, False), (40, 10, True)))


def test_a_peer_that_is_not_installed_is_skipped_and_the_limit_is_timed_all_the_same(monkeypatch, few_cells):
    monkeypatch.setattr(agreement, "absent", lambda package: f"{package} not installed")
    ratios = agreement.run(units=12, measured=12, pairs=1)
    assert {ratio.skipped for ratio in ratios[:5]} == {
        "krippendorff not installed",
        "statsmodels not installed",
    }
    assert not any(ratio.skipped for ratio in ratios[5:])


def test_a_peer_that_gives_another_number_is_no_ratio_but_an_error(monkeypatch):
    monkeypatch.setattr(agreement, "absent", lambda package: "")
    with pytest.raises(ValueError, match="different numbers"):
        agreement._ratio("alpha", 1.0, lambda: 0.5, ("peer", lambda: lambda: 0.6), pairs=1)
    assert (
        agreement._ratio("alpha", 1.0, lambda: 0.5, ("peer", lambda: lambda: 0.5), pairs=1).peer_is == "peer"
    )


def test_a_loop_timed_in_part_is_taken_times_what_is_missing(monkeypatch):
    monkeypatch.setattr(agreement, "absent", lambda package: "")
    monkeypatch.setattr(agreement, "by_turns", lambda ours, theirs, pairs: ((1.0,), (2.0,)))
    ratio = agreement._ratio("loop", 1.0, lambda: 1, ("peer", lambda: lambda: 2), 1, estimated="20 of 1,000")
    assert ratio.peer == (2.0 * agreement.DRAWS / agreement.LOOPED,)
    assert "peer not timed whole: 20 of 1,000" in ratio.line


def test_sureness_is_timed_against_its_limit(few_cells):
    one, other = agreement.sureness()
    assert set(one.peer) == {agreement.LIMIT}
    assert "nothing ran beside ours" in one.line
    assert "about 50 answers a cell and 10 missing" in one.name
    assert other.name.endswith("every share at the edge of a word")
    agree, answers = agreement.cells(40, at_edges=True)
    edges = np.array([3, 10, 15, 18])[:, None] * answers.ravel() // 20
    assert set(agree.ravel()) <= set(edges.ravel())


def test_the_invented_data_are_the_same_each_time_and_complete_where_they_must_be():
    assert np.array_equal(agreement.ratings(50), agreement.ratings(50), equal_nan=True)
    assert 0 < np.isnan(agreement.ratings(1_000)).mean() < 0.2
    assert not np.isnan(agreement.ratings(1_000, missing=0.0)).any()
    assert np.unique(agreement.measurements(400)).size == 800
