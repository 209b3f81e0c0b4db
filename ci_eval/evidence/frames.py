"""Frames that know whether they may leave the room: releasable, exact, or of unknown origin.

Rule: docs/methods.md, "Exact and releasable". A frame made from an exact one is exact; one made from releasable
frames alone is releasable; anything else mixed in leaves it unmarked, and the book then asks how many people stand
behind it.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.core.generic import NDFrame

from ci_eval.report import book, formats

LONGEST = 15  # rows displayed
FIGURES = 3  # significant figures of a number that is not whole
EXACT_LINE = "Exact, for the team's eyes only: not for release"
WITHHELD_LINE = "Not displayed: exact data are not shown in a recorded run."

# From most to least open. None is a frame that nobody marked.
_ORDER: dict[bool | None, int] = {False: 0, None: 1, True: 2}
_ARRAYS = (np.ndarray, ExtensionArray, pd.Index)


def _closest(marks: "list[bool | None]") -> bool | None:
    """The least open of several marks."""
    return max(marks, key=_ORDER.__getitem__)


def _mark_of(value: Any, lists: bool = False) -> "list[bool | None]":
    """The mark that a value brings into a frame; [] for what a person typed."""
    if isinstance(value, NDFrame):
        return [getattr(value, "exact", None)]
    return [None] if lists and isinstance(value, (*_ARRAYS, list, tuple)) else []


class _Context(dict[Any, Any]):
    """A frame's `attrs`, which pandas copies with every column it gives: one level deep is enough, and costs nothing."""

    def __deepcopy__(self, memo: object) -> "_Context":
        return _Context(self)


class _Marked:
    """What EvidenceFrame and EvidenceSeries share: the mark, how it travels, and the display."""

    exact: bool | None = None
    _attrs: dict[Any, Any]

    @property
    def attrs(self) -> dict[Any, Any]:
        """What sentences need to know beside the rows; each frame has its own, of the same values."""
        return self._attrs

    @attrs.setter
    def attrs(self, value: Mapping[Any, Any]) -> None:
        self._attrs = _Context(value)

    def __finalize__(self, other: Any, method: str | None = None, **more: Any) -> Any:
        sources = list(getattr(other, "input_objs", ())) or [other]
        before = [self.__dict__["exact"]] if "exact" in self.__dict__ else []
        kept = before + [mark for source in sources for mark in _mark_of(source, lists=True)]
        super().__finalize__(other, method=method, **more)  # type: ignore[misc]
        if method == "concat" and not self.attrs:
            self.attrs = getattr(sources[0], "attrs", {})
        if kept:
            object.__setattr__(self, "exact", _closest(kept))
        return self

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        return _bundle(self)


def _born(parent: Any, kind: Any) -> Any:
    """Makes objects of a kind that begin with their parent's mark and context: groupby and pivot finalise nothing."""

    def make(*arguments: Any, **named: Any) -> Any:
        child = kind(*arguments, **named)
        object.__setattr__(child, "exact", parent.exact)
        if parent.attrs and not child.attrs:
            child.attrs = parent.attrs
        return child

    return make


def _plain_kind(data: Any) -> Any:
    return pd.DataFrame if isinstance(data, pd.DataFrame) else pd.Series


def _keeping(name: str, lists: bool = False) -> Any:
    """The method of that name, whose result takes on the marks of its arguments too."""

    def method(self: Any, *arguments: Any, **named: Any) -> Any:
        given = (*arguments, *named.values())
        marks = [mark for value in given for mark in _mark_of(value, lists)]
        result = getattr(_plain_kind(self), name)(self, *arguments, **named)
        target = result if isinstance(result, _Marked) else self
        if marks and (result is None or target is result):
            object.__setattr__(target, "exact", _closest([self.exact, *marks]))
        return result

    method.__name__ = name
    method.__doc__ = f"As pandas' `{name}`; the marks of what is given count too."
    return method


def _summed_up(name: str) -> Any:
    """The method of that name, which in pandas gives a plain object: here it is of our kind, with our mark."""

    def method(self: Any, *arguments: Any, **named: Any) -> Any:
        result = getattr(_plain_kind(self), name)(self, *arguments, **named)
        return _born(self, EvidenceSeries)(result) if isinstance(result, NDFrame) else result

    method.__name__ = name
    method.__doc__ = f"As pandas' `{name}`; the mark stays."
    return method


class EvidenceSeries(_Marked, pd.Series):
    """A column of an `EvidenceFrame`; an ordinary Series otherwise."""

    _metadata = ["_name", "exact"]  # noqa: RUF012

    @property
    def _constructor(self) -> Any:
        return _born(self, EvidenceSeries)

    @property
    def _constructor_expanddim(self) -> Any:
        return _born(self, EvidenceFrame)

    where, mask, fillna = _keeping("where"), _keeping("mask"), _keeping("fillna")
    combine, combine_first, update = _keeping("combine"), _keeping("combine_first"), _keeping("update")
    map, isin, clip = _keeping("map"), _keeping("isin"), _keeping("clip")
    __setitem__ = _keeping("__setitem__", lists=True)
    value_counts = _summed_up("value_counts")


class EvidenceFrame(_Marked, pd.DataFrame):
    """A DataFrame with a mark: ``exact`` is True, False (releasable), or None where nobody marked it.

    Its ``attrs`` hold the context that sentences need, such as the period. It displays at most 15 rows, rounded.
    """

    _metadata = ["exact"]  # noqa: RUF012

    @property
    def _constructor(self) -> Any:
        return _born(self, EvidenceFrame)

    @property
    def _constructor_sliced(self) -> Any:
        return _born(self, EvidenceSeries)

    where, mask, fillna = _keeping("where"), _keeping("mask"), _keeping("fillna")
    combine, combine_first, update = _keeping("combine"), _keeping("combine_first"), _keeping("update")
    isin, clip = _keeping("isin"), _keeping("clip")
    insert, __setitem__ = _keeping("insert"), _keeping("__setitem__", lists=True)
    value_counts = _summed_up("value_counts")


def releasable(frame: pd.DataFrame, **context: Any) -> EvidenceFrame:
    """Mark a copy of a frame as one that may be released, with the context that sentences need.

    Examples
    --------
    >>> shares = releasable(pd.DataFrame({"share": [0.9, 0.4]}), period="2022-23")
    >>> shares.exact, shares[shares["share"] > 0.5].attrs["period"]
    (False, '2022-23')
    """
    return _made(frame, False, context)


def exact(frame: pd.DataFrame, **context: Any) -> EvidenceFrame:
    """Mark a copy of a frame as exact: for the team's eyes only, and so is all that is made with it.

    Examples
    --------
    >>> responses = exact(pd.DataFrame({"role": ["Officer", "Headteacher"]}))
    >>> responses["role"].str.lower().exact
    True
    """
    return _made(frame, True, context)


def _made(frame: pd.DataFrame, mark: bool, context: dict[str, Any]) -> EvidenceFrame:
    marked = EvidenceFrame(frame.copy())
    marked.attrs = {**frame.attrs, **context}
    object.__setattr__(marked, "exact", mark)
    return marked


def _bundle(data: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """A frame or a series as HTML and as text; an exact one only where no run is recorded."""
    kind = {True: "exact", False: "releasable", None: "unmarked"}[data.exact]
    about = {"ci_eval": {"frame": kind}}
    if data.exact and book.recording() is not None:
        return {"text/html": f"<p>{WITHHELD_LINE}</p>", "text/plain": WITHHELD_LINE}, about
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    table = _readable(frame)
    named = not isinstance(frame.index, pd.RangeIndex)
    rows = f"{len(frame):,} rows; the first {LONGEST} are displayed." if len(frame) > LONGEST else ""
    rows = "No rows." if frame.empty else rows
    above = [EXACT_LINE] if data.exact else []
    with pd.option_context("display.max_colwidth", None, "display.width", 160):
        html = table.to_html(border=0, index=named)
        text = table.to_string(index=named, max_colwidth=60)
    lines = "".join(f"<p>{line}</p>" for line in [rows] if line)
    head = "".join(f"<p><strong>{line}</strong></p>" for line in above)
    # JupyterLab sets what stands between dollar signs as mathematics, survey text included; these classes stop it.
    # A row stays one line, however many columns there are; a frame too wide is scrolled.
    style = "white-space: nowrap; overflow-x: auto"
    classed = f'<div class="tex2jax_ignore mathjax_ignore" style="{style}">{head}{html}{lines}</div>'
    return {"text/html": classed, "text/plain": "\n".join([*above, text, *([rows] if rows else [])])}, about


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """The first rows as text: numbers rounded, blanks as a dash."""
    top = pd.DataFrame(frame.head(LONGEST))
    columns = [
        pd.Series([_cell(value) for value in top.iloc[:, place].tolist()], index=top.index, dtype=object)
        for place in range(top.shape[1])
    ]
    table = pd.concat(columns, axis=1) if columns else top
    table.columns = top.columns
    return table


def _cell(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset | dict):
        return str(value)
    if formats.is_blank(value):
        return formats.BLANK
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) and abs(value) >= 1 else f"{value:.{FIGURES}g}"
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return value.date().isoformat()
    return f"{value:,}" if isinstance(value, int) else str(value)


class Summarised:
    """Evidence that displays itself as the lines of its `summary`."""

    def summary(self) -> list[str]:
        """What is there and what is missing, a line each; every kind of evidence says its own."""
        return [type(self).__name__]

    def __repr__(self) -> str:
        return "\n".join(self.summary())

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.summary())
        html = f'<ul class="tex2jax_ignore mathjax_ignore">{lines}</ul>'
        return {"text/html": html, "text/plain": repr(self)}, {"ci_eval": {"display": "evidence"}}
