"""What a pilot says of the rest of the coding: by hand, and by coding that many."""

import numpy as np
import pandas as pd
import pytest

from ci_eval.agreement.coders import Agreement, comments_needed, most_confused, percent_agreement


@pytest.mark.parametrize(
    ("se", "pairable", "needed"),
    [
        (0.1, 30, 116),  # 30 (1.959964 × 0.1 / 0.1)² = 115.2
        (0.1 / 1.959963984540054, 50, 50),  # ± 0.1 already
        (0.0, 30, None),
        (float("nan"), 1, None),
    ],
)
def test_the_number_needed_by_hand(se: float, pairable: int, needed: int | None) -> None:
    assert comments_needed(Agreement("alpha", 0.7, se=se, pairable=pairable)) == needed


def test_that_many_comments_give_an_interval_of_about_a_tenth() -> None:
    rng = np.random.default_rng(1)

    def coded(comments: int) -> np.ndarray:
        first = rng.integers(0, 2, comments)
        return np.column_stack([first, np.where(rng.random(comments) < 0.8, first, 1 - first)])

    needed = comments_needed(percent_agreement(coded(40)))
    result = percent_agreement(coded(needed))
    assert (result.high - result.low) / 2 == pytest.approx(0.1, abs=0.025)


def test_the_pair_most_often_given_for_one_another() -> None:
    rows = [
        ("1", "a", {"time"}),
        ("1", "b", {"mode"}),
        ("2", "a", {"mode", "team"}),
        ("2", "b", {"time", "team"}),
        ("3", "a", {"team"}),
        ("3", "b", {"mode"}),
        ("4", "a", {"time", "mode"}),  # both beside one of them: nothing was mistaken
        ("4", "b", {"time"}),
    ]
    sets = pd.DataFrame(rows, columns=["unit", "coder", "code"])
    assert most_confused(sets) == ("mode", "time", 2)
    assert most_confused(sets[sets["unit"] == "4"]) is None
