"""Themes of comments coded by two people or more: how far they agree, and what a third person has to decide.

Methods: docs/methods.md B1 and B3. Each theme is a yes or no for each comment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ci_eval.agreement.raters.alpha import krippendorff_alpha
from ci_eval.agreement.raters.bootstrap import DRAWS, SEED, Seed
from ci_eval.agreement.raters.chance import brennan_prediger, gwet_ac1, percent_agreement
from ci_eval.agreement.raters.coding import Coding, coding
from ci_eval.agreement.raters.reading import from_ratings
from ci_eval.agreement.raters.result import Agreement, joined

NAMES = {"alpha": "alpha", "ac1": "AC1", "brennan_prediger": "Brennan–Prediger"}
WHO = {"given_by": 1, "not_given_by": 0}
COMMENT = ("id", "column")  # a response may hold several comments, each under its question


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
    disputes : one row a comment and theme its coders disagree on: the comment's columns, theme, given_by,
        not_given_by; the list for a third person
    codes : frame comment × theme: True or False where all who coded the comment agree (or only one has coded
        it), missing where they do not
    coded_once : comments read by one coder only; they count in `codes` and not in any agreement
    """

    table: pd.DataFrame
    sets: Agreement
    disputes: pd.DataFrame
    codes: pd.DataFrame
    coded_once: int


def theme_agreement(
    frame: pd.DataFrame,
    themes: Sequence[str] | None = None,
    *,
    comment: Sequence[str] = COMMENT,
    coder: str = "coder",
    coded: str = "themes",
    separator: str = ";",
    level: float = 0.95,
    draws: int = DRAWS,
    seed: Seed = SEED,
) -> ThemeAgreement:
    """Agreement on each theme over the comments that two or more coders have read.

    Parameters
    ----------
    frame : one row for each comment and coder: the columns `comment`, `coder`, and `coded`, the themes given,
        as one text with `separator` between them or as a set. Empty: read, and no theme found. A coder who did
        not read a comment has no row for it.
    themes : the codebook, in order; None takes the themes that occur
    level, draws, seed : of the intervals; alpha's by bootstrap over comments, the others' by formula

    Returns
    -------
    ThemeAgreement
        A rare theme makes alpha low while nearly all codes agree: its percent agreement, AC1 and
        Brennan–Prediger stand beside it. A theme given by nobody, or to every comment, has no alpha: "no
        variation".

    Raises
    ------
    InputError
        See `coding`.
    """
    read = coding(frame, themes, comment, coder, coded, separator)
    given = {theme: read.given(theme) for theme in read.themes}
    rows = [_row(theme, given[theme], level, draws, seed) for theme in read.themes]
    codes = pd.DataFrame({theme: _agreed(cells) for theme, cells in given.items()}, index=read.sets.index)
    sets = krippendorff_alpha(read.rows(), "masi", read.themes or None, level=level, draws=draws, seed=seed)
    once = int((read.sets.notna().sum(axis=1) == 1).sum())
    return ThemeAgreement(pd.DataFrame(rows), sets, _disputes(read, given, list(comment)), codes, once)


def _row(theme: str, cells: pd.DataFrame, level: float, draws: int, seed: Seed) -> dict[str, Any]:
    """The agreement on one theme; cells comment × coder, 1 given, 0 not given, NaN not read."""
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


def _agreed(cells: pd.DataFrame) -> pd.Series:
    """True or False where all who read the comment agree, missing where they do not."""
    low, high = cells.min(axis=1), cells.max(axis=1)
    return (low == 1).astype("boolean").mask(low < high)


def _disputes(read: Coding, given: dict[str, pd.DataFrame], comment: list[str]) -> pd.DataFrame:
    rows = []
    for theme, cells in given.items():
        for key, codes in cells[cells.min(axis=1) < cells.max(axis=1)].iterrows():
            names = {name: ", ".join(map(str, codes.index[codes == says])) for name, says in WHO.items()}
            key = key if isinstance(key, tuple) else (key,)
            rows.append({**dict(zip(comment, key, strict=True)), "theme": theme, **names})
    return pd.DataFrame(rows, columns=[*comment, "theme", *WHO])
