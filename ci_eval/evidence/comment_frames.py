"""What respondents wrote: how many, the themes people coded it with, how far coders agree, approved quotations.

Rule: docs/methods.md B3. Themes are counted over all respondents together, and exactly, where as many people wrote
something as may be shown: a theme is not what somebody is, and no theme is counted within a group.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ci_eval.agreement import share, word
from ci_eval.agreement.coders import ThemeAgreement, theme_agreement
from ci_eval.evidence.period_survey import Survey
from ci_eval.survey.comment_codes import says_something

if TYPE_CHECKING:
    from ci_eval.agreement import Band
    from ci_eval.survey import Coding, Quotations

QUESTIONS = {"comment": "Comments on the statements", "improve": "How the process could be improved"}


def written(survey: Survey) -> pd.DataFrame:
    """A row a question for comments; the columns are those of `Evidence.comments`."""
    frame, rows = survey.frame, []
    for column, question in QUESTIONS.items():
        given = says_something(frame[column])
        nothing = (frame[column].fillna("").str.strip() != "") & ~given
        rows.append((column, question, len(frame), int(given.sum()), int(nothing.sum())))
    made = pd.DataFrame(rows, columns=["column", "question", "respondents", "wrote", "nothing"])
    made["share"] = share(made["wrote"], made["respondents"])
    return made


def coded_themes(coding: "Coding", bands: "Sequence[Band]", smallest: int) -> pd.DataFrame:
    """A row a question and theme that somebody raised; the columns are those of `Evidence.themes`.

    The most often raised first. `attrs["nobody"]` names the themes that nobody raised, by question; `attrs["few"]` the
    questions that fewer people answered than may be shown.
    """
    counts = coding.counts()
    counts["question"] = counts["column"].map(QUESTIONS)
    few = counts[(counts["of"] > 0) & (counts["of"] < smallest)]["question"].unique().tolist()
    counts = counts[~counts["question"].isin(few)]
    raised = counts[counts["people"] > 0].reset_index(drop=True)
    people, of = raised["people"].to_numpy(), raised["of"].to_numpy()
    most = people + raised["undecided"].to_numpy()
    raised = raised.assign(
        share=people / of,
        at_most=most / of,
        word=[word(int(m), int(n), bands=bands) for m, n in zip(people, of, strict=True)],
        highest=[word(int(m), int(n), bands=bands) for m, n in zip(most, of, strict=True)],
    )
    raised["place"] = raised["column"].map({column: place for place, column in enumerate(QUESTIONS)})
    frame = raised.sort_values(["place", "people"], ascending=[True, False], kind="stable")
    frame = frame.drop(columns=["place", "undecided"]).reset_index(drop=True)
    none = counts[counts["people"] == 0]
    frame.attrs = {
        "nobody": {str(name): rows["theme"].tolist() for name, rows in none.groupby("question", sort=False)},
        "few": few,
    }
    return frame


def coders_agreement(coding: "Coding", themes: pd.DataFrame) -> pd.DataFrame:
    """A row a question and theme that somebody raised; the columns are those of `Evidence.coders`.

    `themes` is the frame of `coded_themes`. How comments were coded, and the agreement over whole sets of themes
    (alpha with MASI distance), are in attrs.
    """
    measured = _measured(coding)
    frame = pd.DataFrame()
    if measured and not themes.empty:
        raised = themes[["column", "key", "theme", "question"]]
        tables = [one.table.assign(column=column) for column, one in measured.items()]
        by_theme = pd.concat(tables, ignore_index=True).rename(columns={"theme": "key"})
        frame = raised.merge(by_theme, on=["column", "key"])
        # an interval of no width would read as certainty; theme_agreement's own note says that it is none
        ends = ["alpha_low", "alpha_high"]
        frame = frame.assign(**{end: frame[end].where(frame[ends[0]] < frame[ends[1]]) for end in ends})
    frame.attrs = {
        "sets": [
            {
                "column": column,
                "question": QUESTIONS[column],
                "alpha": one.sets.coefficient,
                "low": one.sets.low,
                "high": one.sets.high,
                "comments": one.sets.pairable,
                "defined": bool(one.sets.defined),
            }
            for column, one in measured.items()
        ],
        "states": {str(status): int(number) for status, number in coding.status.value_counts().items()},
        "coders": len(coding.coders),
        "codebook": len(coding.codebook),
        "texts": len(coding.status),
    }
    return frame


def _measured(coding: "Coding") -> dict[str, ThemeAgreement]:
    """By column, the agreement over the comments that two coders or more have read."""
    codes, keys = coding.codes, [str(key) for key in coding.codebook["key"]]
    several = codes[codes.duplicated(["id", "column"], keep=False)]
    return {
        column: theme_agreement(rows, keys)
        for column in QUESTIONS
        if not (rows := several[several["column"] == column]).empty
    }


def undecided(coding: "Coding") -> pd.DataFrame:
    """A row a comment on which coders differ, by id and question, never by its text."""
    frame = coding.cells("not agreed")
    frame["question"] = frame["column"].map(QUESTIONS)
    frame.attrs = {"not_coded": len(coding.cells("not coded"))}
    return frame


def approved(quotations: "Quotations") -> pd.DataFrame:
    """A row a quotation that may be shown: text, column, question; the others, with the reason, in attrs."""
    frame = quotations.shown.assign(question=quotations.shown["column"].map(QUESTIONS))
    frame.attrs = {
        "refused": [
            (str(row["id"]), QUESTIONS[row["column"]], str(row["reason"]))
            for row in quotations.refused.to_dict("records")
        ]
    }
    return frame
