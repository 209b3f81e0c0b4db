"""Right or wrong: every published value that a peer offers to compute, and what each says where it is easy to go wrong.

The cases are those that ``ci-eval self-check`` runs; they are held to the same tolerances.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.peers_ours import OURS
from benchmarks.peers_process import Side
from benchmarks.peers_traps import TRAPS
from ci_eval.agreement.published_values import SLACK, published, versions


@dataclass(frozen=True)
class Score:
    """What one side makes of the published values.

    Attributes
    ----------
    right : values reproduced
    wrong : one line for each that is not, with both numbers
    stopped : one line for each case in which it raised an error instead
    not_offered : values of statistics that it does not have
    said : what it says to each trap that concerns it
    problem : why it could not be asked, "" where it could
    """

    peer: str
    version: str = ""
    licence: str = ""
    right: int = 0
    wrong: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    not_offered: int = 0
    said: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def score(side: Side) -> Score:
    """Ask one side every published case and every trap."""
    right, not_offered = 0, 0
    wrong: list[str] = []
    stopped: list[str] = []
    for case in published():
        parts = case.get("parts")
        answer = side.ask(
            "published", peer=side.name, function=case["function"], given=case["input"], parts=parts
        )
        expected = [float(value) for value in np.ravel(case["expected"])]
        if "raised" in answer:
            stopped.append(f"{case['id']}: {answer['raised']}")
            continue
        found = answer.get("found", [None] * len(expected))
        names = _names(parts, len(expected))
        for name, wanted, value in zip(names, expected, found, strict=True):
            if value is None:
                not_offered += 1
            elif abs(value - wanted) <= case["tolerance"] + SLACK:
                right += 1
            else:
                wrong.append(f"{case['id']}{name}: {value:.6g}, published {wanted:.6g}")
    about = _about(side)
    return Score(
        side.name,
        about["version"],
        about["licence"],
        right,
        tuple(wrong),
        tuple(stopped),
        not_offered,
        tuple((trap, said) for trap in TRAPS if (said := _said(side, trap))),
    )


def _names(parts: Sequence[str] | None, values: int) -> list[str]:
    """What to call each value of a case in a message."""
    return [f" ({part})" for part in parts] if parts and len(parts) == values else [""] * values


def _said(side: Side, trap: str) -> str:
    answer = side.ask("said", peer=side.name, trap=trap)
    if "raised" in answer:
        return f"stops: {answer['raised']}"
    if "said" not in answer:
        return ""
    beside = f" (and prints or warns: {answer['beside']})" if answer["beside"] else ""
    return f"{answer['said']}{beside}"


def _about(side: Side) -> dict[str, Any]:
    if side.name == OURS:
        return {"version": versions()[OURS], "licence": "MIT"}
    return side.ask("about", package=side.name)
