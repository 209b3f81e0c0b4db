"""How the impact floor refuses: one problem, named, with the value received and the mend; and its array types."""

from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from ci_eval.problems import InputError, Problem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NAMED = 5  # units or years named in a message; the rest are counted


def refuse(
    headline: str, check: str, message: str, *, where: str = "", count: int = 1, mend: str = ""
) -> NoReturn:
    """Stop with one problem under a headline such as ``CANNOT MAKE A PANEL``."""
    raise InputError(headline, [Problem(check, "REJECT", message, where=where, count=count, mend=mend)])


def named(items: list[str] | tuple[str, ...]) -> str:
    """The first few of `items` and how many more there are: ``Angus, Fife and 3 more``."""
    shown = ", ".join(items[:NAMED])
    return f"{shown} and {len(items) - NAMED} more" if len(items) > NAMED else shown
