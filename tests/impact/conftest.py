"""Fixtures of the impact tests."""

from pathlib import Path

import pytest

from ci_eval.impact.outcomes import Outcomes, read_acel


@pytest.fixture(scope="session")
def published(shared: Path) -> Outcomes:
    """The published levels, read once: they are 70,000 cells."""
    return read_acel(shared / "data" / "acel" / "cfe_levels_2024_25.xlsx")
