"""What else was asked? Choices of one or of several options, and numbers, question by question."""

from typing import Any

import pandas as pd

from ci_eval.agreement.word_probability import SURE
from ci_eval.evidence.question_frames import OTHERS
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import level_of, missing, nothing_in, who_agreed

MOST = 5  # options in a sentence after the first


def words(answers: pd.DataFrame) -> list[Sentence]:
    """A sentence a question, and which were not asked or answered by too few; of `Evidence.further_questions`."""
    if nothing_in(answers) and "few" not in answers.attrs:
        return missing(answers, "asked-missing")
    about = answers.attrs
    made = [_sentence(rows) for rows in _questions(answers)]
    few = f"Fewer than {about['smallest_group']} people answered"
    for key, opening in (("not_asked", f"Not asked in {about['period']}:"), ("few", few)):
        if titles := about[key]:
            listed = sentences.listed(f"“{title}”" for title in titles)
            made.append(Sentence(f"asked-{key.replace('_', '-')}", f"{opening} {listed}."))
    return made


def table(answers: pd.DataFrame) -> list[Table]:
    """The share of each option, a table a question, and one table of all numbers."""
    if nothing_in(answers):
        return []
    chosen = [rows for rows in _questions(answers) if rows["kind"].iloc[0] != "number"]
    numbers = answers[answers["kind"] == "number"]
    return [*map(_options, chosen), *([] if numbers.empty else [_numbers(numbers)])]


def _questions(answers: pd.DataFrame) -> list[pd.DataFrame]:
    return [answers[answers["code"] == code] for code in dict.fromkeys(answers["code"])]


def _sentence(rows: pd.DataFrame) -> Sentence:
    row, about = rows.to_dict("records")[0], rows.attrs
    key, of, asked = f"asked-{row['code']}", int(row["of"]), f"Asked “{row['question']}”,"
    if row["kind"] == "number":
        unit = f" {unit}" if (unit := about["unit"][row["code"]]) else ""
        lower, middle, upper = (f"{row[name]:g}" for name in ("lower", "median", "upper"))
        half = f"half of the answers lie from {lower} to {upper}"
        text = f"{asked} {of:,} people gave a number. The median is {middle}{unit}; {half}."
        numbers = {"people": of, **{name: row[name] for name in ("lower", "median", "upper")}}
        return Sentence(key, text, numbers, source=about["source"], level="key")
    every = rows.to_dict("records")
    named = [one for one in every if one["option"] != OTHERS]
    if not named:
        text = f"{asked} {of:,} people answered, and no option was chosen by {about['smallest_group']} or more of them."
        return Sentence(key, text, {"answered": of}, source=about["source"])
    people, bands = int(row["people"]), about["bands"]
    first = [one for one in named if one["people"] == people]
    percent = sentences.percent(people, of, bands=bands)
    who = who_agreed(row["word"], people, of, row["sureness"], about["asked"])
    chose = sentences.listed(f"“{one['option']}”" for one in first)
    each = " each" if len(first) > 1 else ""
    text = f"{asked} {who} chose {chose}{each}: {sentences.share_of(people, of, bands=bands)} of those who answered."
    if row["sureness"] < SURE and people < of:
        text = f"{asked} {who} ({percent}) chose {chose}{each}."
    rest = [
        f"“{one['option']}” {sentences.percent(one['people'], of, bands=bands)}"
        for one in named[len(first) :]
    ]
    if rest:
        text += f" Then {'come' if len(rest) > 1 else 'comes'} {sentences.listed(rest[:MOST])}."
    if row["kind"] == "several":
        text += " People could choose several options."
    numbers = {"answered": of, "most": people} | {str(one["option"]): one["share"] for one in every}
    return Sentence(key, text, numbers, source=about["source"], level="key")


def _options(rows: pd.DataFrame) -> Table:
    code, about = str(rows["code"].iloc[0]), rows.attrs
    received, of = about["received"], int(rows["of"].iloc[0])
    notes = [f"The interval is at {level_of(rows)}."]
    if rows["kind"].iloc[0] == "several":
        notes.append("A person could choose several, so shares may add up to more than 100%.")
    if others := about["others"][code]:
        each = "each " if len(others) > 1 else ""
        listed = sentences.listed(f"“{option}”" for option in others)
        notes.append(f"“{OTHERS}”: {listed}, {each}chosen by fewer than {about['smallest_group']} people.")
    if of < received:
        notes.append(f"{received - of:,} of {received:,} respondents did not answer this question.")
    return Table(
        f"asked-{code}-table",
        str(rows["question"].iloc[0]),
        rows,
        (
            Column("option", "Answer"),
            Column("people", "People", "count"),
            Column("share", "Share of those who answered", "percent"),
            Column("low", "Interval from", "percent"),
            Column("high", "Interval to", "percent"),
            Column("word", "Word"),
        ),
        note=" ".join(notes),
        source=about["source"],
        bands=about["bands"],
    )


def _numbers(rows: pd.DataFrame) -> Table:
    units: dict[str, Any] = rows.attrs["unit"]
    labels = [
        f"{row['question']} ({units[row['code']]})" if units[row["code"]] else row["question"]
        for row in rows.to_dict("records")
    ]
    return Table(
        "asked-numbers-table",
        "Questions answered with a number",
        rows.assign(question=labels),
        (
            Column("question", "Question"),
            Column("people", "Answered", "count"),
            Column("lower", "A quarter is at most", "number"),
            Column("median", "Half is at most", "number"),
            Column("upper", "Three quarters are at most", "number"),
        ),
        note="The middle one is the median.",
        source=rows.attrs["source"],
    )
