"""Long campaigns: a sample in every `make test`; whole, with figures in docs/campaigns.md, by `make campaign`."""

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

WHOLE = os.environ.get("CI_EVAL_CAMPAIGN", "") == "whole"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "campaigns.md"
_HEAD = """\
# Campaigns

Written by `make campaign` on {day}, Python {python}, never by hand. `make test` runs a sample of each.

| campaign | how many | result | seconds |
|---|---|---|---|
"""


def size(sample: int, whole: int) -> int:
    """How many to try: `whole` in a campaign, else `sample`."""
    return whole if WHOLE else sample


def campaign(sample: int, whole: int) -> pytest.MarkDecorator:
    """Mark a test that tries `size(sample, whole)` cases."""
    return pytest.mark.campaign(number=size(sample, whole))


def result(request: pytest.FixtureRequest, text: str) -> None:
    """Hand what a campaign found, such as a rate, on to its row of the page, in place of what it found so far."""
    kept = [one for one in request.node.user_properties if one[0] != "result"]
    request.node.user_properties[:] = [*kept, ("result", text)]


def search(sample: int, whole: int, **options: Any) -> Callable[[Any], Any]:
    """Mark a test of hypothesis, and let it try so many examples."""

    def decorate(test: Any) -> Any:
        number = size(sample, whole)
        return campaign(sample, whole)(settings(max_examples=number, deadline=None, **options)(test))

    return decorate


def page(results: Sequence[Mapping[str, Any]]) -> str:
    """The page of results, a row a test: name, number of cases, outcomes with what was found, and seconds."""
    head = _HEAD.format(day=f"{datetime.now(UTC):%Y-%m-%d}", python=platform.python_version())
    tests: dict[str, list[Mapping[str, Any]]] = {}
    for one in results:
        tests.setdefault(one["name"].partition("[")[0].replace("_", " "), []).append(one)
    return head + "".join(
        f"| {name} | {cases[0]['number']:,} | {'; '.join(dict.fromkeys(one['outcome'] for one in cases))} | "
        f"{sum(one['seconds'] for one in cases):.0f} |\n"
        for name, cases in sorted(tests.items())
    )
