"""Groups of words that come together in comments: suggestions for a codebook, never codes.

TF-IDF (Salton & Buckley 1988) and non-negative matrix factorisation (Lee & Seung 1999) with a deterministic start from
the singular vectors (Boutsidis & Gallopoulos 2008). docs/methods.md B5.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

WORDS = re.compile(r"[^\W\d_]{3,}")
# Words that say nothing of what a comment is about.
_COMMON = (
    "the and for that this with was were are have has had not but from they them their there what which who would could "
    "should will can been being our you your its than then also more most very some all any one into about when how too "
    "just only get got did does much many such each other these those out over after before because where while"
)
COMMON = frozenset(_COMMON.split())
GROUPS, TERMS, ROUNDS, FEWEST = 6, 6, 200, 10
Array = np.ndarray[Any, np.dtype[np.float64]]


def suggested_groups(texts: Sequence[str], groups: int = GROUPS) -> list[tuple[str, ...]]:
    """For each group the words that weigh most in it; none of fewer than ten texts.

    Examples
    --------
    >>> texts = ["travel online meeting", "online meeting link"] * 3 + ["report drafts readers", "report readers"] * 3
    >>> [sorted(group) for group in suggested_groups(texts, groups=2)]
    [['drafts', 'readers', 'report'], ['link', 'meeting', 'online', 'travel']]

    A word counts where two texts hold it, so that no text stands in the list by itself. The same texts give the same
    groups on every machine with the same numpy.
    """
    weights, words = tf_idf(texts)
    size = min(groups, *weights.shape)
    if len(texts) < FEWEST or size < 1:
        return []
    _, parts = factorised(weights, size)
    best = [np.argsort(-row.round(6), kind="stable")[:TERMS] for row in parts]
    return [
        tuple(words[at] for at in order if row[at] > 0.001)
        for row, order in zip(parts, best, strict=True)
        if row.max() > 0
    ]


def tf_idf(texts: Sequence[str]) -> tuple[Array, list[str]]:
    """Text × word: times the word occurs × (1 + ln((1 + n) / (1 + texts with it))), rows of length 1; and the words.

    Examples
    --------
    >>> weights, words = tf_idf(["time time team", "time report", "team report"])
    >>> words, weights[0].round(2).tolist()
    (['report', 'team', 'time'], [0.0, 0.45, 0.89])
    """
    split = [[word for word in WORDS.findall(text.casefold()) if word not in COMMON] for text in texts]
    held: dict[str, int] = {}
    for words in split:
        for word in set(words):
            held[word] = held.get(word, 0) + 1
    kept = sorted(word for word, number in held.items() if number >= 2)
    place = {word: at for at, word in enumerate(kept)}
    counts = np.zeros((len(texts), len(kept)))
    for row, words in enumerate(split):
        for word in words:
            if word in place:
                counts[row, place[word]] += 1
    rarity = 1 + np.log((1 + len(texts)) / (1 + np.array([held[word] for word in kept], dtype=float)))
    weights = counts * rarity
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    return np.divide(weights, length, out=np.zeros_like(weights), where=length > 0), kept


def factorised(table: Array, size: int, rounds: int = ROUNDS) -> tuple[Array, Array]:
    """Two tables without negative numbers whose product is near `table`: row × group, group × column.

    Examples
    --------
    >>> left, right = factorised(np.array([[1.0, 0.0], [0.0, 2.0]]), 2)
    >>> (left @ right).round(3).tolist()
    [[1.0, 0.0], [0.0, 2.0]]

    Multiplicative updates of Lee & Seung, which never make the squared distance larger; the groups with the largest
    singular value first.
    """
    left, right = _start(table, size)
    tiny = np.finfo(float).eps
    for _ in range(rounds):
        right *= (left.T @ table) / (left.T @ left @ right + tiny)
        left *= (table @ right.T) / (left @ (right @ right.T) + tiny)
    return left, right


def _start(table: Array, size: int) -> tuple[Array, Array]:
    """For each singular pair, the sides of one sign that weigh more, and a little everywhere so that nothing stays 0."""
    u, s, v = np.linalg.svd(table, full_matrices=False)
    left, right = np.zeros((table.shape[0], size)), np.zeros((size, table.shape[1]))
    for at in range(size):
        sides = [(np.clip(sign * u[:, at], 0, None), np.clip(sign * v[at], 0, None)) for sign in (1, -1)]
        a, b = max(sides, key=lambda pair: np.linalg.norm(pair[0]) * np.linalg.norm(pair[1]))
        left[:, at], right[at] = np.sqrt(s[at]) * a, np.sqrt(s[at]) * b
    little = table.mean() / 100
    return left + little, right + little
