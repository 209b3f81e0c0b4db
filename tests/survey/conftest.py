"""The invented exports: one truth of 24 responses, written in every tool's shape."""

import os
from collections.abc import Callable
from pathlib import Path

import forked
import pandas as pd
import pytest
import shapes

from ci_eval import programme
from ci_eval.inputs import spss
from ci_eval.programme import Questionnaire


@pytest.fixture
def quick_spss(monkeypatch: pytest.MonkeyPatch) -> None:
    """SPSS files are read in a copy of this process, where the system can make one; see `forked`."""
    if hasattr(os, "fork"):
        monkeypatch.setattr(spss, "_read_apart", forked.read_apart)


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return programme.load_questionnaire()


@pytest.fixture(scope="session")
def invented(shared: Path) -> Path:
    return shared / "exports" / "invented"


@pytest.fixture(scope="session")
def truth(invented: Path) -> pd.DataFrame:
    """The 24 responses as text, "" for not answered; a comment of spaces only is not answered."""
    table = pd.read_csv(invented / "truth.csv", dtype=str, keep_default_na=False)
    return table.map(lambda text: text if text.strip() else "")


@pytest.fixture(scope="session")
def as_written() -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A responses' frame as texts, as truth.csv writes it."""

    def written(frame: pd.DataFrame) -> pd.DataFrame:
        texts = frame.copy()
        for name in ("started", "ended"):
            texts[name] = frame[name].dt.strftime("%Y-%m-%d %H:%M:%S")
        return texts.astype(object).where(texts.notna(), "")

    return written


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows as a csv of this test's folder; `name`, `separator` and `encoding` may be given."""

    def written(rows: shapes.Rows, name: str = "export.csv", **how: str) -> Path:
        return shapes.save(rows, tmp_path / name, **how)

    return written
