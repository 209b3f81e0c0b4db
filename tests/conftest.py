"""Fixtures shared by all tests."""

from pathlib import Path

import pytest

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
