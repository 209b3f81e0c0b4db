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


def search(sample: int, whole: int, **options: Any) -> Callable[[Any], Any]:
    """Mark a test of hypothesis, and let it try so many examples."""

    def decorate(test: Any) -> Any:
        number = size(sample, whole)
        return campaign(sample, whole)(settings(max_examples=number, deadline=None, **options)(test))

    return decorate


def page(results: Sequence[Mapping[str, Any]]) -> str:
    """The page of results: name, number, outcome and seconds of each."""
    head = _HEAD.format(day=f"{datetime.now(UTC):%Y-%m-%d}", python=platform.python_version())
    return head + "".join(
        f"| {one['name'].replace('_', ' ')} | {one['number']:,} | {one['outcome']} | {one['seconds']:.0f} |\n"
        for one in sorted(results, key=lambda one: one["name"])
    )
