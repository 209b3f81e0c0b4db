"""Published numbers that the statistics about statements are held against, each with its source."""

import json
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).parent / "reference_cases.json"


def cases(function: str) -> list[Any]:
    """The cases of one function as (input, expected, tolerance) parameters named by their id."""
    chosen = [case for case in json.loads(FILE.read_text("utf-8")) if case["function"] == function]
    if not chosen:
        raise KeyError(function)
    return [pytest.param(c["input"], c["expected"], c["tolerance"], id=c["id"]) for c in chosen]
