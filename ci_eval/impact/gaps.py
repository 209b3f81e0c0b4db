"""Gaps of a panel: what to do about them, and what is left out because of them."""

from dataclasses import dataclass
from typing import Literal

Incomplete = Literal["refuse", "leave out units", "leave out years"]


@dataclass(frozen=True)
class LeftOut:
    """A unit or year that is not in the panel, and why."""

    what: str
    reason: str
