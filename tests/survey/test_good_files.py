"""Every good export loads to exactly the truth it was written from, cell for cell."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ci_eval import survey
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings

Written = Callable[[pd.DataFrame], pd.DataFrame]


def differences(got: pd.DataFrame, truth: pd.DataFrame, leave: tuple[str, ...] = ()) -> list[str]:
    """Cells that differ, as "column row: got / truth"."""
    assert list(got.columns) == list(truth.columns)
    assert len(got) == len(truth)
    return [
        f"{name} {row}: {a!r} / {b!r}"
        for name in truth.columns
        if name not in leave
        for row, (a, b) in enumerate(zip(got[name], truth[name], strict=True))
        if a != b
    ]


@pytest.mark.parametrize("name", ["forms.xlsx", "forms_saved_as_csv_cp1252_us_dates.csv"])
def test_a_microsoft_forms_export_gives_the_truth(
    name: str, invented: Path, questionnaire: Questionnaire, truth: pd.DataFrame, as_written: Written
) -> None:
    responses = survey.load(invented / "microsoft_forms" / name, questionnaire, declared=SurveySettings())
    assert differences(as_written(responses.frame), truth) == []
    statements = [statement.code for statement in questionnaire.statements]
    assert responses.frame[statements].notna().sum().sum() == 344
    assert responses.record.rows_in == responses.record.used == 24
