"""Fixtures shared by all tests."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import campaigns
import pytest
from hypothesis import settings

from ci_eval.evidence import Evidence, open_interim
from ci_eval.outcomes import Outcomes, read_acel
from ci_eval.report import printing

# A property without a number of its own is tried on few random cases in every run, on many in a campaign.
settings.register_profile("sample", max_examples=25, deadline=None)
settings.register_profile("whole", max_examples=500, deadline=None)
settings.load_profile("whole" if campaigns.WHOLE else "sample")

# Two files of this name cannot both be searched for examples.
collect_ignore_glob = ["**/conftest.py"]

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def root() -> Path:
    """The workbook's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium; where there is none the browser tests are skipped, but never in continuous integration."""
    if not printing.browser():
        if os.environ.get("CI"):
            pytest.fail("no Chromium found, and CI is set: the browser tests must run here")
        pytest.skip("no Chromium on this machine: install chromium, or name it in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=printing.browser(), args=FLAGS)
        yield opened
        opened.close()


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is alone at the end; and no collection of garbage goes over all tests."""
    longest = {item.path for item in items if item.path.suffix == ".ipynb" or item.get_closest_marker("slow")}
    runs = ROOT / "tests" / "runs"
    items.sort(key=lambda item: (item.path not in longest, item.path.parent != runs))
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Hand the size of a campaign on with its report, from whichever process ran it."""
    marker = item.get_closest_marker("campaign")
    if marker and "campaign" not in dict(item.user_properties):
        item.user_properties.append(("campaign", marker.kwargs["number"]))
    return (yield)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write the figures of a whole campaign."""
    results = [
        {
            "name": report.nodeid.partition("::")[2].removeprefix("test_"),
            "number": dict(report.user_properties)["campaign"],
            "outcome": ": ".join([outcome, *(v for k, v in report.user_properties if k == "result")]),
            "seconds": report.duration,
        }
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if report.when == "call" and "campaign" in dict(report.user_properties)
    ]
    if campaigns.WHOLE and results:
        campaigns.PAGE.write_text(campaigns.page(results), encoding="utf-8", newline="\n")


@pytest.fixture(scope="session")
def first() -> Evidence:
    """The evidence of the example's first period, read once; nothing changes it."""
    return open_interim("2021-22")[0]


@pytest.fixture(scope="session")
def second() -> Evidence:
    """The evidence of the example's second period, read once; nothing changes it."""
    return open_interim("2022-23")[0]
