"""Who gave which comment which theme: the coding of comments as a table of sets, checked row by row.

Methods: docs/methods.md B3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ci_eval.agreement.raters.cells import written
from ci_eval.agreement.raters.result import refusal


@dataclass(frozen=True, eq=False)
class Coding:
    """Sets of themes, and the themes they may hold.

    sets : frame comment × coder of frozensets; None where that coder did not read that comment. Comments and
        coders are named by text.
    themes : in the order of the codebook
    """

    sets: pd.DataFrame
    themes: tuple[str, ...]

    def given(self, theme: str) -> pd.DataFrame:
        """Frame comment × coder: 1 where the coder gave the theme, 0 where not, NaN where not read."""
        cells = [
            [float("nan") if cell is None else float(theme in cell) for cell in row] for row in self.rows()
        ]
        return pd.DataFrame(cells, index=self.sets.index, columns=self.sets.columns, dtype="float64")

    def rows(self) -> list[list[Any]]:
        """The sets, row by row."""
        return self.sets.to_numpy(dtype=object).tolist()


def coding(
    frame: pd.DataFrame,
    themes: Sequence[str] | None,
    comment: Sequence[str],
    coder: str,
    coded: str,
    separator: str,
) -> Coding:
    """Read a coding: one row for each comment and coder, or several rows that are put together.

    Parameters
    ----------
    frame : columns `comment` (one or several that together name a comment), `coder` and `coded`: the themes as
        one text with `separator` between them, or a set, list or tuple. An empty cell says that the coder read
        the comment and found no theme in it.
    themes : the codebook; None takes the themes that occur, in alphabetical order

    Raises
    ------
    InputError
        A column is missing, a comment or coder is not named, a theme is not in the codebook, or no row is left.
    """
    columns = [*comment, coder, coded]
    if lost := [name for name in columns if name not in frame.columns]:
        raise refusal(
            "columns",
            f"The coding has no column {', '.join(map(repr, lost))}.",
            f"its columns are {', '.join(map(repr, frame.columns))}",
            mend=f"one row for each comment and coder, with the columns {', '.join(columns)}",
        )
    if frame.empty:
        raise refusal("empty", "The coding has no rows.", mend="one row for each comment and coder")
    for name in (*comment, coder):
        blank = frame[name].isna() | (frame[name].astype(str).str.strip() == "")
        if blank.any():
            row = int(blank.to_numpy().argmax()) + 1
            raise refusal(
                "blank",
                f"A row does not say its {name}.",
                f"row {row}, column {name!r}",
                int(blank.sum()),
                f"fill in the {name}, or take the row out",
            )
    cells = [_themes(cell, separator) for cell in frame[coded]]
    codebook = sorted(frozenset().union(*cells)) if themes is None else list(dict.fromkeys(themes))
    for row, cell in enumerate(cells, start=1):
        if strange := sorted(cell.difference(codebook)):
            raise refusal(
                "undeclared-theme",
                f'The theme "{written(strange[0])}" is not in the codebook: {", ".join(codebook)}.',
                f"row {row}, column {coded!r}",
                sum(not other.issubset(codebook) for other in cells),
                "correct the theme, or add it to the codebook",
            )
    keys = [frame[name].astype(str).str.strip().to_numpy() for name in (*comment, coder)]
    together = pd.Series(cells, dtype=object).groupby(keys, sort=False).agg(_union)
    sets = together.unstack(-1, sort=False)  # noqa: PD010 (one value a cell: nothing to aggregate)
    sets = sets.astype(object).where(sets.notna(), None)
    sets.index.names, sets.columns.name = list(comment), coder
    return Coding(sets, tuple(codebook))


def _themes(cell: Any, separator: str) -> frozenset[str]:
    if isinstance(cell, set | frozenset | list | tuple):
        return frozenset(str(theme).strip() for theme in cell)
    if pd.isna(cell):
        return frozenset()
    return frozenset(theme.strip() for theme in str(cell).split(separator) if theme.strip())


def _union(cells: pd.Series) -> frozenset[str]:
    return frozenset().union(*cells)
