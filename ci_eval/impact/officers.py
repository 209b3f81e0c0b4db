"""Officers sent to the teams of other authorities: who may have learnt from engagements before hosting one.

Method: docs/methods.md C6. The links between authorities are declared beforehand in a table; when a link counts follows
from the exposure of the host, so that another rollout order gives other dates to the same links.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.problems import InputError, Problem

from .exposure import Exposure
from .refusals import BoolArray, FloatArray, IntArray, named

if TYPE_CHECKING:
    import pandas as pd

WHAT = "CANNOT USE THE TABLE OF OFFICERS"
COLUMNS = ("council", "engagement", "officers")


@dataclass(frozen=True)
class Officers:
    """Officers sent by each unit to each engagement.

    Attributes
    ----------
    units : names, as in the exposure
    engagements : names
    sent : (units, engagements) numbers of officers
    hosts : (engagements, units) who hosted
    """

    units: tuple[str, ...]
    engagements: tuple[str, ...]
    sent: FloatArray
    hosts: BoolArray

    @classmethod
    def from_frame(cls, frame: "pd.DataFrame", exposure: Exposure) -> "Officers":
        """The officers of a table with the columns council, engagement and officers.

        Parameters
        ----------
        frame : one row a council and engagement; whole numbers, or text that is one. What is not listed is 0.
        exposure : its units are the councils, its `joint` names the engagements of hosts (several of one host
            are joined by "+", as `exposure_from_register` does)

        Raises
        ------
        InputError
            For columns that are not there, councils or engagements that are not known, numbers that are not
            whole or below 0, a row given twice, or a host that sends officers to itself; every cause at once.
        """
        lacking = [name for name in COLUMNS if name not in frame.columns]
        if lacking:
            text = f"The table has no column {named(lacking)}."
            mend = "give the columns council, engagement and officers"
            raise InputError(WHAT, [Problem("columns", "REJECT", text, mend=mend)])
        places = {unit: place for place, unit in enumerate(exposure.units)}
        hosting: dict[str, list[int]] = {}
        for place, together in enumerate(exposure.joint):
            for engagement in together.split("+"):
                hosting.setdefault(engagement, []).append(place)
        problems = list(_problems(frame, places, hosting))
        if problems:
            raise InputError(WHAT, problems)
        engagements = tuple(dict.fromkeys(str(value).strip() for value in frame["engagement"]))
        sent = np.zeros((len(places), len(engagements)))
        hosts = np.zeros((len(engagements), len(places)), dtype=bool)
        for row, engagement in enumerate(engagements):
            hosts[row, hosting[engagement]] = True
        for council, engagement, officers in zip(*(frame[name] for name in COLUMNS), strict=True):
            sent[places[str(council).strip()], engagements.index(str(engagement).strip())] = float(officers)
        return cls(exposure.units, engagements, sent, hosts)

    def reached(self, first: IntArray, positions: int) -> FloatArray:
        """(..., units, T) officers a unit has sent by each position to teams at work, itself not yet exposed.

        Parameters
        ----------
        first : (..., units) first exposed position of every unit
        positions : number of them, T
        """
        exposed = (np.arange(positions) >= first[..., None]).astype(np.float64)
        # The hosts of one engagement are exposed together; an order that separates them has the earliest.
        at_work = (self.hosts.astype(np.float64) @ exposed) > 0
        return np.asarray((self.sent @ at_work) * (1 - exposed))


def _problems(
    frame: "pd.DataFrame", places: dict[str, int], hosting: dict[str, list[int]]
) -> Iterator[Problem]:
    """Every cause of doubt about the rows, each with its first row, counted from 1 below the headings."""
    found: dict[str, list[tuple[int, str]]] = {}
    seen: set[tuple[str, str]] = set()
    for row, values in enumerate(zip(*(frame[name] for name in COLUMNS), strict=True), start=1):
        council, engagement = str(values[0]).strip(), str(values[1]).strip()
        if council not in places:
            found.setdefault("council", []).append((row, council))
        if engagement not in hosting:
            found.setdefault("engagement", []).append((row, engagement))
        elif places.get(council) in hosting[engagement]:
            found.setdefault("own-team", []).append((row, f"{council}, {engagement}"))
        if not _whole(values[2]):
            found.setdefault("officers", []).append((row, str(values[2])))
        if (council, engagement) in seen:
            found.setdefault("twice", []).append((row, f"{council}, {engagement}"))
        seen.add((council, engagement))
    words = {
        "council": ("is no council of the panel", "write councils as the register does"),
        "engagement": ("is no engagement of the register", "write its name in the register"),
        "own-team": ("would send officers to its own engagement", "list officers of other authorities only"),
        "officers": ("is no number of officers", "give a whole number from 0"),
        "twice": ("is listed more than once", "add the rows up to one"),
    }
    for check, (text, mend) in words.items():
        if check in found:
            row, value = found[check][0]
            yield Problem(
                check, "REJECT", f"{value!r} {text}.", f"row {row}", count=len(found[check]), mend=mend
            )


def _whole(value: object) -> bool:
    try:
        number = float(str(value))
    except ValueError:
        return False
    return number >= 0 and number.is_integer()
