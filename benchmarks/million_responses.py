"""The share and interval of every statement from a million responses, against reading the file they came in.

The responses are invented here, from a seed, in the form in which the survey loader hands them on: one
categorical column a statement over the questionnaire's answers, empty where nothing was answered.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from benchmarks.ratios import Ratio, by_turns
from ci_eval import agreement
from ci_eval.programme import Questionnaire, load_questionnaire

AIM = 1.0
RESPONSES = 1_000_000
ASKED_TO_ANSWERED = 1.25  # people asked for each who answered, where their number is known
SEED = 2021
PAIRS = 5
# From the most to the least agreement, then answers off the scale, then empty cells; of 100 people.
_FIRST, _OFF_SCALE, _EMPTY = 60.0, 2.0, 3.0


def run(rows: int = RESPONSES, pairs: int = PAIRS) -> list[Ratio]:
    """Time the table with Wilson's intervals and with exact ones, each by turns with reading the file."""
    questionnaire = load_questionnaire()
    frame = responses(rows, questionnaire, SEED)
    asked = round(rows * ASKED_TO_ANSWERED)
    found = []
    with TemporaryDirectory(prefix="benchmark-") as folder:
        file = Path(folder) / "responses.csv"
        frame.to_csv(file, index=False)
        size = file.stat().st_size / 1e6
        for name, known in (("Wilson", None), ("exact, people asked known", asked)):
            ours, peer = by_turns(
                lambda known=known: table(frame, questionnaire, known),  # type: ignore[misc]
                lambda: pd.read_csv(file, dtype=str),
                pairs,
            )
            statements = f"{len(frame.columns)} statements of {rows:,} responses"
            found.append(
                Ratio(
                    f"shares and intervals ({name}) of {statements} against reading them",
                    AIM,
                    ours,
                    peer,
                    ours_is="counts, share and interval from categorical columns",
                    peer_is=f"pandas.read_csv(dtype=str) of the {size:.0f} MB file",
                )
            )
    return found


def responses(rows: int, questionnaire: Questionnaire, seed: int) -> pd.DataFrame:
    """Invented responses: (rows, statements), each statement somewhat less agreed with than the one before."""
    generator = np.random.default_rng(seed)
    answers = (*questionnaire.answers, *questionnaire.missing)
    columns = {}
    for place, statement in enumerate(questionnaire.statements):
        weights = _FIRST * (0.35 + 0.02 * place) ** np.arange(len(questionnaire.scale))
        chances = np.array([*weights, *[_OFF_SCALE] * (len(answers) - len(weights)), _EMPTY])
        drawn = generator.choice(len(chances), size=rows, p=chances / chances.sum())
        codes = np.where(drawn == len(answers), -1, drawn)
        columns[statement.code] = pd.Categorical.from_codes(codes, categories=pd.Index(list(answers)))
    return pd.DataFrame(columns)


def table(frame: pd.DataFrame, questionnaire: Questionnaire, asked: int | None = None) -> pd.DataFrame:
    """Share and interval by statement; `asked` is the number of people the survey was sent to, if known."""
    counted = agreement.counts(
        frame,
        statements=[statement.code for statement in questionnaire.statements],
        answers=(*questionnaire.answers, *questionnaire.missing),
        scale=questionnaire.scale,
        agree=questionnaire.agree,
    )
    agreeing, answered = counted.agreeing[:, 0], counted.answered[:, 0]
    low, high = agreement.interval(agreeing, answered, asked)
    columns = {
        "agreeing": agreeing,
        "answered": answered,
        "share": agreement.share(agreeing, answered),
        "low": low,
        "high": high,
    }
    return pd.DataFrame(columns, index=pd.Index(counted.statements, name="statement"))
