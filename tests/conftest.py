"""Fixtures shared by all tests."""

from pathlib import Path

import pytest
from hypothesis import settings

from ci_eval.outcomes import Outcomes, read_acel

# A property without a number of its own is tried on few random cases, others in every run; on many by
# `pytest --hypothesis-profile long`.
settings.register_profile("short", max_examples=25, deadline=None)
settings.register_profile("long", max_examples=500, deadline=None)
settings.load_profile("short")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The workbook's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Public reference data laid beside the checkout; never part of the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("reference data folder 'shared' is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def published(shared: Path) -> Outcomes:
    """The published levels, read once: they are 70,000 cells."""
    return read_acel(shared / "data" / "acel" / "cfe_levels_2024_25.xlsx")
