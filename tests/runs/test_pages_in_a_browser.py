"""axe looks at every page of the example runs, as wide and as narrow as people read them, light and dark."""

from itertools import product

import campaigns
import pytest

RUNS = (
    ("interim_evaluation", "2022-23"),
    ("impact_evaluation", "2022-23"),
    ("interim_evaluation", "2021-22"),
    ("impact_plan", "2022-23"),
)
VIEWS = ((1280, "dark"), (390, "light"), (320, "light"), (1280, "light"), (390, "dark"), (320, "dark"))
SAMPLE = tuple(zip(RUNS[:2], VIEWS[:2], strict=True))
WHOLE = tuple(product(RUNS, VIEWS))

pytestmark = [pytest.mark.slow, campaigns.campaign(len(SAMPLE), len(WHOLE))]


@pytest.mark.parametrize(("run", "screen"), WHOLE if campaigns.WHOLE else SAMPLE, ids=str)
def test_axe_finds_nothing_with_charts_numbers_open_or_closed(browser, example_outputs, run, screen):
    from axe_playwright_python.sync_playwright import Axe

    (notebook, period), (width, scheme) = run, screen
    outputs, _ = example_outputs(period, notebook)
    for name in ("report", "annex"):
        page = outputs / "drafts" / period / notebook / f"{name}.html"
        view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        complaints = []
        view.on("console", lambda message, kept=complaints: kept.append(message.text))
        view.goto(page.as_uri())
        # What is closed is seen whole once it is open; a page closed is a part of it.
        for opened in (False, True) if campaigns.WHOLE or name == "report" else (True,):
            view.evaluate(
                "open => document.querySelectorAll('details').forEach(e => { e.open = open })", opened
            )
            found = Axe().run(view)
            assert found.violations_count == 0, (page.name, opened, found.generate_report())
            assert view.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints == []
        view.close()
