"""Themes of comments coded by two people or more: how far they agree, and what a third person has to decide.

Methods: docs/methods.md B3.

Methods: docs/methods.md B1 and B3. Each theme is a yes or no for each comment.

Methods: docs/methods.md B3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ci_eval.agreement.coders.agreement_result import Agreement, joined, refusal
from ci_eval.agreement.coders.alpha import krippendorff_alpha
from ci_eval.agreement.coders.chance import brennan_prediger, gwet_ac1, percent_agreement
from ci_eval.agreement.coders.codes import written
from ci_eval.agreement.coders.coefficient_interval import DRAWS, SEED, Seed
from ci_eval.agreement.coders.patterns import from_ratings
from ci_eval.agreement.shares import word


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
    Refused
        A column is missing, a comment or coder is not named, a theme is not in the codebook, or no row is left.
    """
    columns = [*comment, coder, coded]
    if lost := [name for name in columns if name not in frame.columns]:
        raise refusal(
            "columns",
            f"The coding has no column {', '.join(map(repr, lost))}.",
            f"its columns are {', '.join(map(repr, frame.columns))}",
            fix=f"one row for each comment and coder, with the columns {', '.join(columns)}",
        )
    if frame.empty:
        raise refusal("empty", "The coding has no rows.", fix="one row for each comment and coder")
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
    Refused
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


YES, NO, OPEN = ("yes", "true", "1", "1.0"), ("no", "false", "0", "0.0"), ("",)


def theme_shares(agreement: ThemeAgreement, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """How many comments hold each theme, by the codes all agree on and a third person's decisions.

    Parameters
    ----------
    decisions : rows of `agreement.disputes` with a column `applies`, true or false (or "yes" or "no"), as the
        third person filled it in; a row left empty stays disputed

    Returns
    -------
    DataFrame
        theme; comments; given; disputed; share and word of those given among all comments. While disputes are
        open the share is the lowest it can become, `share_high` the highest, and where the two have different
        words, `word` names both.

    Raises
    ------
    Refused
        A decision on something that is not disputed, two different decisions on one dispute, or one that says
        neither yes nor no.
    """
    codes = agreement.codes if decisions is None else _decided(agreement, decisions)
    rows = []
    for theme in codes.columns:
        comments = len(codes)
        given, disputed = int(codes[theme].fillna(False).sum()), int(codes[theme].isna().sum())
        lowest, highest = word(given, comments), word(given + disputed, comments)
        rows.append(
            {
                "theme": theme,
                "comments": comments,
                "given": given,
                "disputed": disputed,
                "share": given / comments,
                "share_high": (given + disputed) / comments,
                "word": lowest if lowest == highest else f"{lowest} to {highest}",
            }
        )
    return pd.DataFrame(rows)


def _decided(agreement: ThemeAgreement, decisions: pd.DataFrame) -> pd.DataFrame:
    comment = [name for name in agreement.disputes.columns if name not in ("theme", *WHO)]
    if lost := [name for name in (*comment, "theme", "applies") if name not in decisions.columns]:
        raise refusal(
            "columns",
            f"The decisions have no column {', '.join(map(repr, lost))}.",
            fix="fill in a column 'applies' in the list of disputes",
        )
    codes, disputed = agreement.codes.copy(), agreement.codes.isna()
    made: dict[tuple[Any, ...], bool] = {}
    for row, decision in enumerate(decisions.to_dict("records"), start=1):
        applies = _applies(decision["applies"], row)
        if applies is None:
            continue
        named = tuple(str(decision[name]).strip() for name in comment)
        key, theme = named if len(named) > 1 else named[0], decision["theme"]
        here = f"row {row}, theme '{written(theme)}'"
        if theme not in codes.columns or key not in codes.index:
            raise refusal(
                "decision",
                "A decision is about a comment or theme that was not coded.",
                here,
                fix="fill in the list of disputes as it was written",
            )
        if not disputed[theme].loc[key]:
            raise refusal(
                "decision",
                "A decision is about a code on which the coders agree.",
                here,
                fix="decide only what stands in the list of disputes",
            )
        if made.setdefault((key, theme), applies) != applies:
            raise refusal("decision", "Two decisions on one dispute differ.", here, fix="keep one of them")
        codes.loc[key, theme] = applies
    return codes


def _applies(value: Any, row: int) -> bool | None:
    text = "" if pd.isna(value) else str(value).strip().casefold()
    if text not in (*YES, *NO, *OPEN):
        raise refusal(
            "decision",
            f'A decision says "{written(value)}".',
            f"row {row}, column 'applies'",
            fix="write yes or no, or leave it empty while it is open",
        )
    return None if text in OPEN else text in YES
