"""The folder of a test's files, and how they are written."""

from collections.abc import Callable
from pathlib import Path

import pytest
import shapes


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows as a csv of this test's folder; `name`, `separator` and `encoding` may be given."""

    def written(rows: shapes.Rows, name: str = "export.csv", **how: str) -> Path:
        return shapes.save(rows, tmp_path / name, **how)

    return written
