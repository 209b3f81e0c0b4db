"""What was recommended, and where is it now? From the record of engagements where it can tell, else as entered."""

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table

NOT_RECORDED = "not recorded"


def words(recommendations: pd.DataFrame) -> Sentence:
    """Each by its short name, with its status where one is known; of `Evidence.recommendations`."""
    if recommendations.empty:
        return Sentence("recommendations-standing", "No recommendation is followed.")
    named = {
        str(status): list(rows["name"])
        for status, rows in recommendations.groupby("status", sort=False)
        if status
    }
    blank = list(recommendations.loc[recommendations["status"] == "", "name"])
    parts = [
        f"{sentences.count(len(names), 'is', 'are')} {status} ({sentences.listed(names)})"
        for status, names in named.items()
    ]
    if blank:
        of = sentences.count(len(blank), "other", "others")
        parts.append(f"of {of} nothing is recorded ({sentences.listed(blank)})")
    every = sentences.count(len(recommendations), "recommendation")
    text = f"Of {every}, {'; '.join(parts)}."
    if not named:
        text = f"Nothing is recorded of the {every.removeprefix('one ')}: {sentences.listed(blank)}."
    numbers = {"listed": len(recommendations), "recorded": len(recommendations) - len(blank)}
    return Sentence("recommendations-standing", text, numbers)


def table(recommendations: pd.DataFrame) -> Table | None:
    """Each with its status in the period, and what it was; columns in which nothing is recorded are left out."""
    if recommendations.empty:
        return None
    previous = recommendations.attrs["previous"]
    columns = [
        Column("owner", "Owner", blank=NOT_RECORDED),
        Column("status", "Status", blank=NOT_RECORDED),
        Column("movement", previous, blank="no record before"),
        Column("evidence", "Evidence of this period", blank=NOT_RECORDED),
    ]
    kept = [column for column in columns if (recommendations[column.name] != "").any()]
    how = (
        "A status follows from the engagements of the period where the register records them: met is every check of "
        "every engagement. Any other status was entered by a person."
    )
    return Table(
        "recommendations",
        "Recommendations and where they are now" if kept else "Recommendations",
        recommendations,
        (Column("name", "Recommendation"), Column("recommendation", "What is asked for"), *kept),
        note=how if kept else "No record says where they are now.",
        source=_source(recommendations),
    )


def entered(recommendations: pd.DataFrame) -> Table | None:
    """When each status was entered, and what comes next; None where neither is recorded."""
    columns = [
        Column("as_at", "Entered as at", blank="not entered"),
        Column("next_step", "Next step", blank=NOT_RECORDED),
    ]
    kept = [column for column in columns if (recommendations[column.name] != "").any()]
    if not kept:
        return None
    return Table(
        "recommendations-entered",
        "What was entered of the recommendations",
        recommendations,
        (Column("name", "Recommendation"), *kept),
        source=_source(recommendations),
    )


def questions_table(questions: pd.DataFrame) -> Table | None:
    """The questions left to the Strategic Group, each with the evidence of this period; of `Evidence.questions`."""
    if questions.empty:
        return None
    return Table(
        "strategic-questions",
        "Questions for the Strategic Group, and the evidence there is",
        questions,
        (Column("question", "Question"), Column("evidence", "Evidence of this period")),
        source=_source(questions),
    )


def questions_in_full(questions: pd.DataFrame) -> Table | None:
    """Each question in full, with what an answer would need, and what was entered of it."""
    if questions.empty:
        return None
    entered = [
        Column(name, heading, blank=NOT_RECORDED)
        for name, heading in (("status", "Status"), ("next_step", "Next step"))
    ]
    kept = [column for column in entered if (questions[column.name] != "").any()]
    return Table(
        "strategic-questions-in-full",
        "The questions in full, and what an answer would need",
        questions,
        (
            Column("name", "Subject"),
            Column("question", "Question"),
            Column("evidence", "Evidence of this period"),
            Column("needed", "What an answer would need"),
            *kept,
        ),
        source=_source(questions),
    )


def _source(items: pd.DataFrame) -> str:
    return sentences.listed(sorted(set(items["source"])))
