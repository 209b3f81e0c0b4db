"""The beta-binomial distribution function against summing every count, in 50 digits."""

from decimal import Decimal, localcontext
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_eval.agreement.betabinomial import distribution, smallest_above

EDGES = (0.0, 0.15, 0.5, 0.75, 0.9, 1.0)  # of the words, where the sums are wanted


def full_summation(people: int, a: float, b: float) -> list[Decimal]:
    """P(count <= k) for every k from 0 to `people`: each count from the one before, all of them added up."""
    with localcontext() as context:
        context.prec = 50
        first, second = Decimal(a), Decimal(b)
        weight, weights = Decimal(1), [Decimal(1)]
        for k in range(people):
            weight *= (people - k) * (k + first) / ((k + 1) * (people - k - 1 + second))
            weights.append(weight)
        sums = list(accumulate(weights))
        return [part / sums[-1] for part in sums]


def compared(people: int, a: float, b: float, at: list[int]) -> float:
    """Largest difference from the full summation at these counts."""
    exact = full_summation(people, a, b)
    found = distribution(np.array([people]), np.array([a]), np.array([b]), np.array([at]))[0]
    return max(abs(float(Decimal(float(value)) - exact[k])) for value, k in zip(found, at, strict=True))


def at_edges(people: int) -> list[int]:
    """The counts at each edge and one to each side."""
    near = {round(people * edge) + step for edge in EDGES for step in (-1, 0, 1)}
    return sorted(k for k in near if 0 <= k <= people)


@pytest.mark.parametrize("answered", [0, 1, 2, 5, 50, 900])
@pytest.mark.parametrize("people", [1, 2, 3, 10, 61, 400, 5_000])
def test_it_is_the_full_summation_at_the_edges_of_the_words(people, answered) -> None:
    for agree in {0, 1, answered // 2, round(answered * 0.9), answered}:
        if agree <= answered:
            assert compared(people, agree + 0.5, answered - agree + 0.5, at_edges(people)) < 1e-12


@given(st.integers(1, 300), st.floats(0.05, 400), st.floats(0.05, 400), st.data())
def test_it_is_the_full_summation_for_any_parameters(people, a, b, data) -> None:
    at = data.draw(st.lists(st.integers(0, people), min_size=1, max_size=5))
    assert compared(people, a, b, at) < 1e-10


@pytest.mark.parametrize(("agree", "answered"), [(0, 3), (46, 50), (25, 50), (90_000, 100_000)])
def test_it_is_the_full_summation_among_a_hundred_thousand_people(agree, answered) -> None:
    assert compared(100_000, agree + 0.5, answered - agree + 0.5, at_edges(100_000)) < 1e-12


def test_many_cells_are_the_same_as_each_alone() -> None:
    generator = np.random.default_rng(7)
    people = generator.integers(0, 900, 1_900)  # more thresholds than are taken at a time
    a, b = generator.integers(0, 60, 1_900) + 0.5, generator.integers(0, 60, 1_900) + 0.5
    at = generator.integers(-2, 902, (1_900, 5))
    together = distribution(people, a, b, at)
    for i in range(0, 1_900, 97):
        alone = distribution(people[i : i + 1], a[i : i + 1], b[i : i + 1], at[i : i + 1])
        assert together[i] == pytest.approx(alone[0], rel=0, abs=1e-12)


@given(st.integers(0, 200), st.integers(1, 60), st.integers(1, 60), st.floats(0.001, 0.999))
def test_a_quantile_parts_the_counts_below_and_above_its_probability(people, a, b, probability) -> None:
    exact = full_summation(people, float(a), float(b))
    found = int(
        smallest_above(np.array([people]), np.array([float(a)]), np.array([float(b)]), probability)[0]
    )
    limit = Decimal(probability)
    assert exact[found] > limit
    assert found == 0 or exact[found - 1] <= limit * (1 + Decimal("1e-9"))


def test_a_probability_equal_to_the_limit_does_not_pass_it() -> None:
    # BetaBinomial(39, 1, 1) is uniform: P(count <= 0) is 1/40 exactly
    assert smallest_above(np.array([39]), np.ones(1), np.ones(1), 0.025).tolist() == [1]
    assert smallest_above(np.array([39]), np.ones(1), np.ones(1), 0.0249).tolist() == [0]
