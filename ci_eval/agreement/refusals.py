"""How a statistic refuses: one cause, with the value received, where it is, and how to fix it.

The statistics open no file and know no loader, so their refusal is a class of its own. `ci-eval` prints it as it prints
what is wrong with an input; a section of a report gives its message as the reason why a number is missing.
"""

from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NAMED = 5  # units or years named in a message; the rest are counted


class Refused(ValueError):
    """A statistic that cannot be computed from what was given.

    Attributes
    ----------
    headline : what was asked for, such as ``CANNOT MAKE A PANEL``
    check : short stable name of the rule, e.g. ``"not-a-count"``
    message : the rule and the value received
    where : position, row or unit of the first case; "" where there is only one value
    count : how many values show the same cause
    fix : what to do about it
    """

    def __init__(
        self, headline: str, check: str, message: str, *, where: str = "", count: int = 1, fix: str = ""
    ) -> None:
        self.headline, self.check, self.message = headline, check, message
        self.where, self.count, self.fix = where, count, fix
        lines = [headline, message]
        if where:
            lines.append(f"First: {where}.  {count:,} in all." if count > 1 else f"Where: {where}.")
        if fix:
            lines.append(f"Fix: {fix}")
        super().__init__("\n".join(lines))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the cause alone, without the library's lines."""
        return str(self).splitlines()


def refuse(
    headline: str, check: str, message: str, *, where: str = "", count: int = 1, fix: str = ""
) -> NoReturn:
    """Stop with one cause under a headline such as ``CANNOT MAKE A PANEL``."""
    raise Refused(headline, check, message, where=where, count=count, fix=fix)


def named(items: list[str] | tuple[str, ...]) -> str:
    """The first few of `items` and how many more there are: ``Angus, Fife and 3 more``."""
    first = ", ".join(items[:NAMED])
    return f"{first} and {len(items) - NAMED} more" if len(items) > NAMED else first
