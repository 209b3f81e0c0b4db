"""Suggestions for a codebook: TF-IDF by hand, a factorisation that only gets nearer, groups that were planted."""

import itertools

import numpy as np
import pytest

from ci_eval.survey.word_groups import factorised, suggested_groups, tf_idf


def test_tf_idf_by_hand() -> None:
    weights, words = tf_idf(["Time, time, team", "time report", "the team reports report"])
    assert words == ["report", "team", "time"]  # "reports" stands in one text only, "the" says nothing
    rare = 1 + np.log(4 / 3)  # three texts, each word in two of them
    assert weights[0] == pytest.approx(np.array([0, rare, 2 * rare]) / (rare * np.sqrt(5)))
    assert np.linalg.norm(weights, axis=1) == pytest.approx(1)


def test_more_rounds_never_take_the_product_further_from_the_table() -> None:
    table = np.random.default_rng(3).random((12, 7))
    distances = [
        np.linalg.norm(table - np.matmul(*factorised(table, 3, rounds))) for rounds in range(0, 60, 5)
    ]
    assert all(after <= before + 1e-9 for before, after in itertools.pairwise(distances))
    left, right = factorised(table, 3)
    assert (left >= 0).all()
    assert (right >= 0).all()


def test_planted_groups_come_out_whole_and_the_same_each_time() -> None:
    kinds = (
        ["travel online meeting", "online meeting travel"],
        ["report drafts readers", "readers report drafts"],
    )
    texts = [text for kind in kinds for text in kind * 4]
    groups = suggested_groups(texts, groups=2)
    assert {frozenset(group) for group in groups} == {
        frozenset({"travel", "online", "meeting"}),
        frozenset({"report", "drafts", "readers"}),
    }
    assert groups == suggested_groups(texts, groups=2)


def test_a_handful_of_texts_suggests_nothing() -> None:
    assert suggested_groups(["time time", "time"] * 4) == []
    assert suggested_groups([""] * 20) == []
