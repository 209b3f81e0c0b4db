"""What people answered to the questions that no other section reports: choices of one or of several, and numbers.

Rule: docs/methods.md, "Small groups". All respondents together are exact from the threshold up; the options that fewer
people chose stand together as one row, because an option can say who somebody is.
"""

from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement import interval, share, sureness, word
from ci_eval.evidence.period_survey import Survey
from ci_eval.programme import Question

OTHERS = "Other options"
COLUMNS = ("code", "question", "kind", "option", "people", "of", "share", "low", "high", "word", "sureness")
NUMBERS = ("lower", "median", "upper")


def answers_to(survey: Survey, smallest: int, level: float = 0.95) -> pd.DataFrame:
    """A row a question and option, or a number; the columns are those of `Evidence.further_questions`.

    In attrs: not_asked and few, the titles of questions that were not asked, or that too few people answered to show;
    others, the options put together, by code; unit, by code of a number.
    """
    blocks: list[pd.DataFrame] = []
    about: dict[str, Any] = {"not_asked": [], "few": [], "others": {}, "unit": {}}
    for question in survey.questionnaire.further:
        given = survey.frame[question.code]
        given = given[given.notna() & ~given.isin(survey.questionnaire.missing)]
        if question.code in survey.not_asked:
            about["not_asked"].append(question.title)
        elif len(given) < smallest:
            about["few"].append(question.title)
        else:
            if question.kind == "number":
                about["unit"][question.code] = question.unit
                block = _quartiles(given)
            else:
                block, about["others"][question.code] = _options(survey, given, question, smallest, level)
            block = block.assign(code=question.code, question=question.title, kind=question.kind)
            blocks.append(block)
    frame = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()
    frame = frame.reindex(columns=[*COLUMNS, *NUMBERS])
    frame[["option", "word"]] = frame[["option", "word"]].fillna("")
    frame.attrs.update(about)
    return frame


def _quartiles(given: "pd.Series[Any]") -> pd.DataFrame:
    quartiles = np.quantile(given.to_numpy(dtype=float), [0.25, 0.5, 0.75])
    row = [len(given), len(given), *quartiles.tolist()]
    return pd.DataFrame([row], columns=["people", "of", *NUMBERS])


def _options(
    survey: Survey, given: "pd.Series[Any]", question: Question, smallest: int, level: float
) -> tuple[pd.DataFrame, list[str]]:
    """A row an option, the most often chosen first, those chosen by too few as one, last; and what that one holds.

    Of several options, the last counts people who chose at least one of those put together.
    """
    chosen = [answer if isinstance(answer, tuple) else (answer,) for answer in given]
    counted = {option: sum(option in one for one in chosen) for option in question.options}
    others = [option for option, number in counted.items() if number < smallest]
    names = sorted((option for option in counted if option not in others), key=lambda name: -counted[name])
    if others:
        counted[OTHERS] = sum(any(option in others for option in one) for one in chosen)
        names.append(OTHERS)
    people, of = np.array([counted[name] for name in names]), len(given)
    low, high = interval(people, of, survey.asked, level)
    frame = pd.DataFrame(
        {
            "option": names,
            "people": people,
            "of": of,
            "share": share(people, of),
            "low": low,
            "high": high,
            "word": word(people, of, bands=survey.bands),
            "sureness": sureness(people, of, survey.asked, bands=survey.bands),
        }
    )
    return frame, others
