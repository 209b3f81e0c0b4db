"""Were answers given with care, and how far do statements and respondents hang together? (docs/methods.md A7, A10).

A flag is a reason to look and never a reason to drop: where most people give one answer, one answer throughout can be
honest. What the flagged could change is said instead. The survey does not say who took part in which engagement, so no
design effect can be estimated; what can be said is from which design effect on words would no longer be sure.
"""

from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement.scales import FAST_PART, FEWEST_ANSWERS
from ci_eval.agreement.word_probability import SURE
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import level_of, missing, of_each_scale

RESEMBLANCE = 0.05  # intraclass correlation, a value often met among members of one school or team


@of_each_scale
def words(quality: pd.DataFrame) -> list[Sentence]:
    """Reliability of the statements as one scale, and responses flagged; `quality` as `Evidence.quality` gives it."""
    if quality.empty:
        return missing(quality, "quality-missing")
    return [reliability(quality), flags(quality)]


def reliability(quality: pd.DataFrame) -> Sentence:
    """Cronbach's alpha with its interval, and omega of a one-factor model, or why there is none."""
    alpha, omega = (_measure(quality, name) for name in ("alpha", "omega"))
    about = quality.attrs
    if np.isnan(alpha["respondents"]):
        text = f"How far the statements hang together as one scale cannot be said: {alpha['note']}."
        return Sentence("reliability", text, {"alpha": None, "omega": None}, source=about["source"])
    used, people = about["statements_used"], int(alpha["respondents"])
    left_out = about["received"] - people
    numbers: dict[str, Any] = {
        "alpha": alpha["value"],
        "alpha_low": alpha["low"],
        "alpha_high": alpha["high"],
        "omega": omega["value"],
        "statements": used,
        "respondents": people,
        "left_out": left_out,
    }
    result = f"Cronbach’s alpha is not defined ({alpha['note']})"
    if np.isfinite(alpha["value"]):
        interval = f"{alpha['low']:.2f} to {alpha['high']:.2f}"
        result = f"Cronbach’s alpha is {alpha['value']:.2f} ({level_of(quality)} interval {interval}, Feldt)"
    if np.isfinite(omega["value"]):
        note = f"; {omega['note']}" if omega["note"] else ""
        result += f" and omega total {omega['value']:.2f} (one factor, maximum likelihood{note})"
    else:
        result += f"; omega total is not defined ({omega['note']})"
    of = "" if used == about["statements"] else f", of {about['statements']}, that have answers to show"
    text = (
        f"Do the {used} statements{of} hang together as one scale? Over the {people:,} respondents who answered all of them "
        f"({left_out:,} did not), {result}. Near 1, a respondent who stands high on one statement tends to on the "
        "others; near 0 each statement tells its own story. The report makes no sum of the statements, so nothing in it "
        "rests on this."
    )
    return Sentence("reliability", text, numbers, source=about["source"])


def flags(quality: pd.DataFrame) -> Sentence:
    """How many gave one answer throughout or were much faster than most, and what they could change."""
    one, fast, without = (
        _measure(quality, name) for name in ("straight_lining", "speeders", "words_without_flagged")
    )
    people, timed, other = int(one["respondents"]), int(fast["respondents"]), int(without["value"])
    parts = [
        f"{_people(one)} gave one and the same answer on the scale to all of at least {FEWEST_ANSWERS} statements"
    ]
    if timed:
        parts.append(
            f"{_people(fast)} took less than a third of the median time ({timed:,} responses have one)"
        )
    text = f"Of {people:,} respondents, {sentences.listed(parts)}. "
    text += (
        "" if timed else "How long a response took is not recorded, so nobody can be said to have hurried. "
    )
    if quality.attrs["flagged"]:
        changed = (
            f"the word would differ for {sentences.count(other, 'statement')}"
            if other
            else "every word would be the same"
        )
        text += (
            "They are counted like everybody else: where most people give one answer, one answer throughout can be "
            "honest. "
        )
        text += (
            f"Without them {changed}."
            if quality.attrs["flagged"] < people
            else "Without them nobody would be left."
        )
    else:
        text += "Nobody is flagged."
    numbers = {
        "responses": people,
        "straight_lining": _number(one),
        "speeders": _number(fast),
        "timed": timed,
        "words_that_would_differ": other,
        "fewest_answers": FEWEST_ANSWERS,
        "part_of_median": FAST_PART,
    }
    return Sentence("response-quality", text, numbers, source=quality.attrs["source"])


def _measure(quality: pd.DataFrame, name: str) -> dict[str, Any]:
    return {str(column): value for column, value in quality.loc[[name]].to_dict("records")[0].items()}


def _number(measure: dict[str, Any]) -> int | None:
    return None if np.isnan(measure["value"]) else int(measure["value"])


def _people(measure: dict[str, Any]) -> str:
    if measure["note"]:
        return str(measure["note"])
    return f"{measure['value']:,.0f}" if measure["value"] else "nobody"


def resemblance_words(resemblance: pd.DataFrame) -> list[Sentence]:
    """How many words stay sure where respondents of one engagement resemble each other; of `Evidence.resemblance`."""
    if resemblance.empty:
        return []  # `words` says it
    sure, total = int(resemblance["sure"].iloc[0]), int(resemblance["statements"].iloc[0])
    lost = resemblance[resemblance["lost"] > 0]
    size = 1 + (2.0 - 1) / RESEMBLANCE
    numbers: dict[str, object] = {"sure": sure, "statements": total, "people_for_an_effect_of_2": size}
    numbers |= {"correlation_for_an_effect_of_2": RESEMBLANCE}
    text = (
        "The workbook reads no question on the engagement a respondent took part in. How far those of one engagement "
        "resemble each other is therefore not estimated; intervals and sureness treat them as people drawn one by one. "
        f"As it is, {sure} of {total} words are sure (a probability of at least {SURE:.0%}). "
    )
    if not sure:
        text = text.replace(f"{sure} of {total} words are sure", f"none of {total} words is sure").strip()
    elif lost.empty:
        text += f"None of them would cease to be, up to a design effect of {resemblance['effect'].max():g}."
    else:
        first, last = lost.iloc[0], lost.iloc[-1]
        numbers |= {
            "first_effect": float(first["effect"]),
            "lost_at_first": int(first["lost"]),
            "largest_effect": float(last["effect"]),
            "lost_at_most": int(last["lost"]),
        }
        text += f"At a design effect of {first['effect']:g} {sentences.count(int(first['lost']), 'word')} would no longer be"
        if first["effect"] < last["effect"]:
            text += f", and at {last['effect']:g} {sentences.count(int(last['lost']), 'word')}"
        text += "."
    text += (
        f" A design effect of 2 is reached, for example, where {size:.0f} people answer for each engagement and their "
        f"answers have an intraclass correlation of {RESEMBLANCE:g}."
    )
    return [Sentence("clustering", text, numbers, level="warning")]


def resemblance_table(resemblance: pd.DataFrame) -> Table | None:
    """Words that stay sure at each design effect."""
    if resemblance.empty:
        return None
    return Table(
        "clustering-table",
        "How many words stay sure where respondents of one engagement resemble each other",
        resemblance,
        (
            Column("effect", "Design effect", "number"),
            Column("answers_worth", "People the answers to a statement are worth, median", "count"),
            Column("sure", "Words that are sure", "count"),
            Column("lost", "Sure words no longer so", "count"),
        ),
        note=(
            "The design effect is by how much resemblance inflates the variance: 1 + (respondents an engagement − 1) × "
            "intraclass correlation. The word itself stays that of those who answered; what changes is how sure it is "
            "(docs/methods.md A4, A7)."
        ),
        source=resemblance.attrs["source"],
        bands=resemblance.attrs["bands"],
    )
