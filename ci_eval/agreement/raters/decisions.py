"""What may be reported of the themes of comments: the codes all agree on, and a third person's decisions.

Methods: docs/methods.md B3.
"""

from typing import Any

import pandas as pd

from ci_eval.agreement.raters.cells import written
from ci_eval.agreement.raters.result import refusal
from ci_eval.agreement.raters.themes import WHO, ThemeAgreement
from ci_eval.agreement.shares import word

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
    InputError
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
            mend="fill in a column 'applies' in the list of disputes",
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
                mend="fill in the list of disputes as it was written",
            )
        if not disputed[theme].loc[key]:
            raise refusal(
                "decision",
                "A decision is about a code on which the coders agree.",
                here,
                mend="decide only what stands in the list of disputes",
            )
        if made.setdefault((key, theme), applies) != applies:
            raise refusal("decision", "Two decisions on one dispute differ.", here, mend="keep one of them")
        codes.loc[key, theme] = applies
    return codes


def _applies(value: Any, row: int) -> bool | None:
    text = "" if pd.isna(value) else str(value).strip().casefold()
    if text not in (*YES, *NO, *OPEN):
        raise refusal(
            "decision",
            f'A decision says "{written(value)}".',
            f"row {row}, column 'applies'",
            mend="write yes or no, or leave it empty while it is open",
        )
    return None if text in OPEN else text in YES
