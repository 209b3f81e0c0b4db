"""What is a number of people and what is not: the checks every statistic of this room begins with.

Counts arrive as scalars, lists, arrays or columns and are broadcast against each other, by position. A number
that cannot be a count of people stops the calculation with its position; it is never rounded, clipped or
turned into NaN.
"""

from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, refuse

MOST_PEOPLE = 10**10  # keeps every exact comparison (count x denominator) inside 64 bits


def position(bad: BoolArray) -> str:
    """Where the first true element is: ``position [1, 2]``, or nothing for a scalar."""
    if bad.ndim == 0:
        return ""
    first = np.unravel_index(int(np.argmax(bad)), bad.shape)
    return f"position [{', '.join(str(int(i)) for i in first)}]"


def refuse_where(
    bad: BoolArray, headline: str, check: str, message: str, values: NDArray[Any], *, fix: str = ""
) -> None:
    """Stop if any element of `bad` is true, naming the first offending value and where it is."""
    if not bad.any():
        return
    first = values[np.unravel_index(int(np.argmax(bad)), bad.shape)] if bad.ndim else values[()]
    refuse(headline, check, f"{message}: {first}", where=position(bad), count=int(bad.sum()), fix=fix)


def numbers(values: ArrayLike, name: str, headline: str) -> FloatArray:
    """The values as floats; text, booleans and objects which are not numbers are refused.

    Floats are passed through without a copy: what is computed from them never changes them.
    """
    array = np.asarray(unmasked(values))
    if array.dtype == object:  # a nullable pandas column, or a list holding None
        array = np.array(np.where(pd.isna(array), np.nan, array).ravel().tolist()).reshape(array.shape)
    if array.dtype.kind not in "iuf":
        text = f"{name} must be numbers, not {array.dtype}"
        refuse(headline, "not-a-number", text, fix=f"give {name} as numbers")
    return array.astype(np.float64, copy=False)


def unmasked(values: Any) -> Any:
    """A masked array with None where it is masked; anything else as it is.

    numpy.asarray drops the mask, and what stands behind it would count as a value.
    """
    if not np.ma.is_masked(values):
        return values
    seen = np.ma.getdata(values).astype(object)
    seen[np.ma.getmaskarray(values)] = None
    return seen


def count_array(values: ArrayLike, name: str, headline: str) -> IntArray:
    """Whole, non-negative numbers of people as int64; NaN is refused because a count is always known."""
    if isinstance(values, np.ndarray) and values.dtype == np.int64 and not np.ma.is_masked(values):
        array = np.asarray(values)
    else:
        floats = numbers(values, name, headline)
        whole = np.isfinite(floats) & (floats == np.floor(floats)) & (np.abs(floats) <= MOST_PEOPLE)
        refuse_where(~whole, headline, "not-a-count", f"{name} must be a whole number of people", floats)
        array = floats.astype(np.int64)
    refuse_where(array < 0, headline, "negative-count", f"{name} cannot be negative", array)
    refuse_where(array > MOST_PEOPLE, headline, "not-a-count", f"{name} is more people than there are", array)
    return array


def people(agree: ArrayLike, answered: ArrayLike, headline: str) -> tuple[IntArray, IntArray]:
    """Broadcast numbers agreeing and answering, refused unless 0 <= agree <= answered."""
    same_rows(headline, agree, answered)
    m, n = broadcast(
        headline, count_array(agree, "agree", headline), count_array(answered, "answered", headline)
    )
    refuse_where(m > n, headline, "more-agree-than-answered", "more people agree than answered", m)
    return m, n


def people_asked(
    agree: ArrayLike, answered: ArrayLike, asked: ArrayLike | None, headline: str
) -> tuple[IntArray, IntArray, IntArray, BoolArray]:
    """As `people`, with the number asked and whether it is known.

    NaN (or None) in `asked` means not known; the returned number asked is then the number who answered.
    """
    m, n = people(agree, answered, headline)
    same_rows(headline, agree, answered, asked)
    floats = np.asarray(np.nan) if asked is None else numbers(asked, "asked", headline)
    known = ~np.isnan(floats)
    big_n = count_array(np.where(known, floats, 0.0), "asked", headline)
    m, n, big_n, known = broadcast(headline, m, n, big_n, known)
    text = "fewer people were asked than answered"
    fix = "correct the number asked, or leave it out if it is not known"
    refuse_where(known & (big_n < n), headline, "fewer-asked-than-answered", text, big_n, fix=fix)
    return m, n, np.where(known, big_n, n), known


def same_rows(headline: str, *given: Any) -> None:
    """Refuse columns of frames whose labels differ: matched by position, they would pair the wrong people."""
    labels = [one.index for one in given if isinstance(one, pd.Series | pd.DataFrame)]
    if any(not labels[0].equals(other) for other in labels[1:]):
        text = "the columns given have different row labels, or the same in another order"
        fix = "take them from one frame, or bring them into one order with reindex()"
        refuse(headline, "labels-differ", text, fix=fix)


def broadcast(headline: str, *arrays: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """The arrays in one shape; refused where their shapes do not line up."""
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = " and ".join(str(a.shape) for a in arrays)
        refuse(headline, "shapes-differ", f"the numbers given do not line up: shapes {shapes}")


def is_number(value: object) -> bool:
    """Whether this is one number: not a text, a list, or true or false."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_whole(value: object) -> bool:
    """Whether this is one whole number."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def level_checked(level: float, headline: str) -> float:
    """The level of an interval, refused unless strictly between 0 and 1."""
    if not (is_number(level) and 0.0 < level < 1.0):
        refuse(headline, "level", f"level must lie between 0 and 1, not {level!r}", fix="give 95% as 0.95")
    return float(level)


def as_scalar(array: NDArray[Any]) -> Any:
    """A Python scalar when the answer has no axes, the array otherwise: scalars in, scalars out."""
    return array.item() if array.ndim == 0 else array
