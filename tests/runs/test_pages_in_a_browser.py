"""axe looks at every page of the example runs, as wide and as narrow as people read them, light and dark."""

import campaigns
import pytest

# Whole runs, and a browser: two runs as a sample, four in a campaign, at more widths and schemes.
RUNS = (
    ("interim_evaluation", "2022-23"),
    ("impact_evaluation", "2022-23"),
    ("interim_evaluation", "2021-22"),
    ("impact_plan", "2022-23"),
)[: campaigns.size(2, 4)]
VIEWS = [(1280, "dark"), (390, "light"), (320, "light"), (1280, "light"), (390, "dark"), (320, "dark")]
SAMPLE, WHOLE = 2, len(VIEWS)

pytestmark = [pytest.mark.slow, campaigns.campaign(SAMPLE, WHOLE)]


@pytest.fixture(scope="module", params=RUNS, ids=" ".join)
def pages(request, example_outputs):
    """Report and annex of one run."""
    notebook, period = request.param
    outputs, _ = example_outputs(period, notebook)
    return [outputs / "drafts" / period / notebook / f"{name}.html" for name in ("report", "annex")]


@pytest.mark.parametrize(("width", "scheme"), VIEWS[: campaigns.size(SAMPLE, WHOLE)])
def test_axe_finds_nothing_with_charts_numbers_open_or_closed(browser, pages, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    for page in pages:
        view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        complaints = []
        view.on("console", lambda message, kept=complaints: kept.append(message.text))
        view.goto(page.as_uri())
        for opened in (False, True):
            view.evaluate(
                "open => document.querySelectorAll('details').forEach(e => { e.open = open })", opened
            )
            found = Axe().run(view)
            assert found.violations_count == 0, (page.name, opened, found.generate_report())
            assert view.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints == []
        view.close()
