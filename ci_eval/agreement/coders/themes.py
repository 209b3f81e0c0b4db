"""Themes of comments coded by two people or more: how far they agree on each theme, and over whole sets.

Methods: docs/methods.md B1 and B3. Each theme is a yes or no for each comment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ci_eval.agreement.coders.agreement_result import CODERS, Agreement, joined
from ci_eval.agreement.coders.alpha import krippendorff_alpha
from ci_eval.agreement.coders.chance import brennan_prediger, gwet_ac1, percent_agreement
from ci_eval.agreement.coders.codes import written
from ci_eval.agreement.coders.coefficient_interval import DRAWS, SEED, Seed
from ci_eval.agreement.coders.patterns import from_ratings
from ci_eval.agreement.refusals import refuse


def _sets(
    frame: pd.DataFrame,
    themes: Sequence[str] | None,
    comment: Sequence[str],
    coder: str,
    coded: str,
    separator: str,
) -> tuple[pd.DataFrame, list[str]]:
    """Frame comment × coder of the sets of themes, None where not read, and the codebook.

    Several rows for one comment and coder are put together; comments and coders are named by text.
    """
    columns = [*comment, coder, coded]
    if lost := [name for name in columns if name not in frame.columns]:
        text = f"The coding has no column {', '.join(map(repr, lost))}."
        where = f"its columns are {', '.join(map(repr, frame.columns))}"
        fix = f"one row for each comment and coder, with the columns {', '.join(columns)}"
        refuse(CODERS, "columns", text, where=where, fix=fix)
    if frame.empty:
        refuse(CODERS, "empty", "The coding has no rows.", fix="one row for each comment and coder")
    for name in (*comment, coder):
        blank = frame[name].isna() | (frame[name].astype(str).str.strip() == "")
        if blank.any():
            row = int(blank.to_numpy().argmax()) + 1
            text = f"A row does not say its {name}."
            where = f"row {row}, column {name!r}"
            fix = f"fill in the {name}, or take the row out"
            refuse(CODERS, "blank", text, where=where, count=int(blank.sum()), fix=fix)
    cells = [_themes(cell, separator) for cell in frame[coded]]
    codebook = sorted(frozenset().union(*cells)) if themes is None else list(dict.fromkeys(themes))
    for row, cell in enumerate(cells, start=1):
        if strange := sorted(cell.difference(codebook)):
            text = f'The theme "{written(strange[0])}" is not in the codebook: {", ".join(codebook)}.'
            where = f"row {row}, column {coded!r}"
            fix = "correct the theme, or add it to the codebook"
            strangers = sum(not other.issubset(codebook) for other in cells)
            refuse(CODERS, "undeclared-theme", text, where=where, count=strangers, fix=fix)
    keys = [frame[name].astype(str).str.strip().to_numpy() for name in (*comment, coder)]
    together = pd.Series(cells, dtype=object).groupby(keys, sort=False).agg(_union)
    sets = together.unstack(-1, sort=False)  # noqa: PD010 (one value a cell: nothing to aggregate)
    sets = sets.astype(object).where(sets.notna(), None)
    sets.index.names, sets.columns.name = list(comment), coder
    return sets, codebook


def _themes(cell: Any, separator: str) -> frozenset[str]:
    if isinstance(cell, set | frozenset | list | tuple):
        return frozenset(str(theme).strip() for theme in cell)
    if pd.isna(cell):
        return frozenset()
    return frozenset(theme.strip() for theme in str(cell).split(separator) if theme.strip())


def _union(cells: pd.Series) -> frozenset[str]:
    return frozenset().union(*cells)


NAMES = {"alpha": "alpha", "ac1": "AC1", "brennan_prediger": "Brennan–Prediger"}
COMMENT = ("id", "question")  # a response may hold several comments


@dataclass(frozen=True, eq=False)
class ThemeAgreement:
    """How far the coders of comments agree.

    Attributes
    ----------
    table : one row a theme, in the codebook's order: theme; comments (coded by two or more); given (by all who
        coded the comment), disputed; percent_agreement, alpha (Krippendorff, nominal), ac1 (Gwet) and
        brennan_prediger as fractions, each of the last three with _low and _high; note, which says why a number
        is missing
    sets : Krippendorff's alpha over whole sets of themes, with MASI distance
    """

    table: pd.DataFrame
    sets: Agreement


def theme_agreement(
    frame: pd.DataFrame,
    themes: Sequence[str] | None = None,
    *,
    comment: Sequence[str] = COMMENT,
    coder: str = "coder",
    coded: str = "code",
    separator: str = ";",
    level: float = 0.95,
    draws: int = DRAWS,
    seed: Seed = SEED,
) -> ThemeAgreement:
    """Agreement on each theme over the comments that two or more coders have read.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [(1, "Ann", "time"), (1, "Bob", "time"), (2, "Ann", ""), (2, "Bob", "time")]
    >>> coded = pd.DataFrame(rows, columns=["id", "coder", "code"])
    >>> theme_agreement(coded, comment=["id"]).table["percent_agreement"].tolist()
    [0.5]

    Parameters
    ----------
    frame : one row for each comment and coder: the columns `comment`, `coder`, and `coded`, the themes given,
        as one text with `separator` between them or as a set. Empty: read, and no theme found. A coder who did
        not read a comment has no row for it.
    themes : the codebook, in order; None takes the themes that occur, in alphabetical order
    level, draws, seed : of the intervals; alpha's by bootstrap over comments, the others' by formula

    Returns
    -------
    ThemeAgreement
        A rare theme makes alpha low while nearly all codes agree: its percent agreement, AC1 and
        Brennan–Prediger stand beside it. A theme given by nobody, or to every comment, has no alpha: "no
        variation".

    Raises
    ------
    Refused
        A column is missing, a comment or coder is not named, a theme is not in the codebook, or no row is left.
    """
    sets, codebook = _sets(frame, themes, comment, coder, coded, separator)
    rows = [_row(theme, sets, level, draws, seed) for theme in codebook]
    whole = krippendorff_alpha(sets, "masi", codebook or None, level=level, draws=draws, seed=seed)
    return ThemeAgreement(pd.DataFrame(rows), whole)


def _row(theme: str, sets: pd.DataFrame, level: float, draws: int, seed: Seed) -> dict[str, Any]:
    """The agreement on one theme; its cells are 1 where it was given, 0 where not, NaN where not read."""
    cells = sets.map(lambda cell: float("nan") if cell is None else float(theme in cell))
    several = cells[cells.notna().sum(axis=1) >= 2]
    low, high = several.min(axis=1), several.max(axis=1)
    ratings = from_ratings(several, [0, 1])
    percent = percent_agreement(ratings, interval=None)
    found = {
        "alpha": krippendorff_alpha(ratings, level=level, draws=draws, seed=seed),
        "ac1": gwet_ac1(ratings, level=level),
        "brennan_prediger": brennan_prediger(ratings, level=level),
    }
    row: dict[str, Any] = {
        "theme": theme,
        "comments": len(several),
        "given": int((low == 1).sum()),
        "disputed": int((low < high).sum()),
        "percent_agreement": percent.coefficient,
    }
    for name, one in found.items():
        row |= {name: one.coefficient, f"{name}_low": one.low, f"{name}_high": one.high}
    row["note"] = _note(found, everybody=bool(len(several)) and bool((low == 1).all()))
    return row


def _note(found: dict[str, Agreement], everybody: bool) -> str:
    """The remarks on a theme's coefficients, each with the names of those it is about."""
    remarks: dict[str, list[str]] = {}
    for name, one in found.items():
        text = one.note
        if one.pairable and not one.defined:
            given = "every coder gave it to every comment" if everybody else "nobody gave it to any comment"
            text = f"no variation, {given}; percent agreement is 100%"
        remarks.setdefault(text, []).append(NAMES[name])
    return joined(*(text and f"{', '.join(names)}: {text}" for text, names in remarks.items()))
