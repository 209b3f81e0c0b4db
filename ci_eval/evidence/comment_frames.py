"""What respondents wrote: how many, the themes people coded it with, how far coders agree, approved quotations.

Rule: docs/methods.md B3. Themes are counted over all respondents together, and exactly, where as many people wrote
something as may be shown: a theme is not what somebody is, and no theme is counted within a group.
"""

from collections.abc import Sequence

import pandas as pd

from ci_eval.agreement import Band, hedged_word, share, sureness, word
from ci_eval.agreement.coders import ThemeAgreement, theme_agreement
from ci_eval.evidence.period_survey import Survey
from ci_eval.programme import Question, Questionnaire
from ci_eval.survey import Coding, Quotations
from ci_eval.survey.coding_file import says_something


def written(survey: Survey) -> pd.DataFrame:
    """A row a question for comments; the columns are those of `Evidence.comments`."""
    frame, rows = survey.frame, []
    for one in survey.questionnaire.comments:
        if one.code in survey.not_asked:
            continue
        given = says_something(frame[one.code])
        nothing = (frame[one.code].fillna("").str.strip() != "") & ~given
        rows.append((one.code, one.title, one.wrote, len(frame), int(given.sum()), int(nothing.sum())))
    columns = ["column", "question", "what", "respondents", "wrote", "nothing"]
    made = pd.DataFrame(rows, columns=columns)
    made["share"] = share(made["wrote"], made["respondents"])
    made.attrs["not_asked"] = [
        one.title for one in survey.questionnaire.comments if one.code in survey.not_asked
    ]
    return made


def coded_themes(
    coding: Coding,
    questions: Sequence[Question],
    earlier: Coding | None,
    asked: int | None,
    bands: Sequence[Band],
    smallest: int,
) -> pd.DataFrame:
    """A row a question and theme that as many people raised as may be shown; the columns are those of `Evidence.themes`.

    The most often raised first. `attrs["nobody"]` names the themes that nobody raised, by question; `attrs["rare"]`
    holds those that fewer people raised, without their number; `attrs["few"]` the questions that fewer people
    answered than may be shown. `questions` are those for comments; `earlier` is the coding of the period before,
    `asked` how many were asked.
    """
    titles = {one.code: one.title for one in questions}
    counts = _counted(coding, titles, asked, bands)
    few = counts[(counts["of"] > 0) & (counts["of"] < smallest)]["question"].unique().tolist()
    counts = counts[~counts["question"].isin(few) & (counts["of"] > 0)]
    raised = counts[counts["people"] >= smallest]
    agreed = _measured(coding)
    blocks = [
        one.table.assign(column=column)[["column", "theme", "ac1", "alpha"]] for column, one in agreed.items()
    ]
    by_theme = pd.concat(blocks) if blocks else pd.DataFrame(columns=["column", "theme", "ac1", "alpha"])
    frame = raised.merge(by_theme.rename(columns={"theme": "key"}), on=["column", "key"], how="left")
    keys = zip(frame["column"], frame["key"], strict=True)
    frame["share_before"] = [_before(earlier, column, key, smallest) for column, key in keys]
    frame["share_before"] = frame["share_before"].astype(float)
    frame["place"] = frame["column"].map({column: place for place, column in enumerate(titles)})
    frame = frame.sort_values(["place", "people"], ascending=[True, False], kind="stable")
    frame = frame.drop(columns=["place", "undecided"]).reset_index(drop=True)
    rare = counts[(counts["people"] > 0) & (counts["people"] < smallest)]
    rare = rare.assign(open=rare["people"] + rare["undecided"] >= smallest)
    none = counts[counts["people"] == 0]
    frame.attrs = {
        "nobody": {str(name): rows["theme"].tolist() for name, rows in none.groupby("question", sort=False)},
        "rare": rare[["column", "question", "theme", "reported", "of", "open"]].to_dict("records"),
        "few": few,
        "who": {one.code: one.who for one in questions},
    }
    return frame


def _counted(
    coding: Coding, titles: dict[str, str], asked: int | None, bands: Sequence[Band]
) -> pd.DataFrame:
    """A row a question and theme, whoever raised it, with its share, word and how sure the word is."""
    counts = coding.counts().rename(columns={"question": "column", "name": "theme"})
    counts["question"] = counts["column"].map(titles)
    people, of = counts["people"].to_numpy(), counts["of"].to_numpy()
    most = people + counts["undecided"].to_numpy()
    return counts.assign(
        share=share(people, of),
        at_most=share(most, of),
        word=word(people, of, bands=bands),
        hedged_word=hedged_word(people, of, asked, bands=bands),
        sureness=sureness(people, of, asked, bands=bands),
        highest=word(most, of, bands=bands),
    )


def _before(earlier: Coding | None, column: str, key: str, smallest: int) -> float:
    """The share of a theme in the period before; none of fewer people than may be shown."""
    if earlier is None:
        return float("nan")
    counts = earlier.counts()
    rows = counts[(counts["question"] == column) & (counts["key"] == key)]
    if rows.empty:  # the period before did not ask it
        return float("nan")
    row = rows.iloc[0]
    people, of = int(row["people"]), int(row["of"])
    return people / of if of >= smallest and (people >= smallest or not people) else float("nan")


def coders_agreement(coding: Coding, asked: Questionnaire, themes: pd.DataFrame) -> pd.DataFrame:
    """A row a question and theme that is shown; the columns are those of `Evidence.coders`.

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
                "question": asked.question(column).title,
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


def _measured(coding: Coding) -> dict[str, ThemeAgreement]:
    """By column, the agreement over the comments that two coders or more have read."""
    codes, keys = coding.codes, [str(key) for key in coding.codebook["key"]]
    several = codes[codes.duplicated(["id", "question"], keep=False)]
    return {
        column: theme_agreement(rows, keys)
        for column in coding.comments
        if not (rows := several[several["question"] == column]).empty
    }


def approved(quotations: Quotations, asked: Questionnaire) -> pd.DataFrame:
    """A row a quotation that may be shown: text, column, question."""
    titles = {one.code: one.title for one in asked.comments}
    return quotations.shown.assign(question=quotations.shown["column"].map(titles))
