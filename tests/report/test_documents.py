"""The whole way: a small notebook executed, and its pages looked at as a reader would."""

import json
import re
import sys
from itertools import product
from pathlib import Path

import campaigns
import openpyxl
import pytest

from ci_eval.report import documents
from ci_eval.report.book import Book
from ci_eval.report.outline import Section
from ci_eval.report.pieces import Sentence

sys.path.insert(0, str(Path(__file__).parent))
import small_report


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the executed notebook and its documents."""
    folder = tmp_path_factory.mktemp("report")
    small_report.executed(folder)
    return folder


@pytest.fixture(scope="module")
def html(built):
    return (built / "report.html").read_text(encoding="utf-8")


def test_the_page_and_the_tables_are_written_beside_the_results(built):
    names = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert {
        "report.html",
        "tables.xlsx",
        "results.json",
        "figures/answers.png",
        "figures/answers.svg",
    } <= names


def test_the_page_is_a_report_and_not_a_notebook(html):
    assert html.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert "<title>Invented data: A small report, 2021-22</title>" in html
    for sign in (
        "import numpy",
        "In [",
        "printed lines",
        "For the person at the notebook",
        "jp-",
        "require.js",
    ):
        assert sign not in html
    for landmark in ("<header", "<nav", "<main", "<footer", 'href="#main-content"'):
        assert html.count(landmark) == 1
    assert html.count("<h1") == 1


def test_the_contents_lead_to_every_section(html):
    links = re.findall(r'<li><a href="#(section-[^"]+)">', html)
    assert links == ["section-what-did-they-say", "section-is-there-anything-else"]
    assert all(html.count(f'id="{link}"') == 1 for link in links)


def test_ids_are_unique(html):
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_page_asks_for_nothing_from_outside(html):
    assert re.findall(r'(?:src|srcset|action|data)="[^"]*"', html) == []
    assert re.findall(r"""\bstyle=["']""", html) == []
    assert "<script" not in html.replace("&lt;script", "")
    assert "<link" not in html
    assert "@import" not in html
    assert re.findall(r"url\((?!#chart-)", html) == []
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in html


def test_a_script_typed_into_the_survey_is_text(html):
    assert "&lt;script&gt;alert(&#x27;comment&#x27;)" in html or "&lt;script&gt;alert('comment')" in html


def test_the_figure_keeps_alternative_text_caption_note_and_source(html):
    assert 'role="img" aria-label="Diverging bars of two statements: 91% and 51% agree."' in html
    assert re.search(r"<text[^>]*>The purpose for the CI was clearly<", html)
    assert "<figcaption>Figure 1: How respondents answered</figcaption>" in html
    assert "Note: n is the number who answered." in html


def test_the_numbers_behind_a_chart_stand_under_it_and_open(html):
    numbers = re.search(r'<details class="ci-numbers" id="numbers-answers">(.*?)</details>', html, re.DOTALL)[
        1
    ]
    assert re.findall(r'scope="col"[^>]*>([^<]*)<', numbers) == ["Agree", "Disagree"]
    assert re.findall(r'"ci-number">(\d+)<', numbers)[-4:] == ["38", "2", "25", "15"]


def test_every_number_of_the_table_is_in_the_results_and_the_workbook(built):
    results = json.loads((built / "results.json").read_text(encoding="utf-8"))
    recorded = [row["answered"] for row in results["pieces"]["statements"]["rows"]]
    sheet = openpyxl.load_workbook(built / "tables.xlsx")["Table 1"]
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert recorded == [97, 1088]
    assert set(recorded) <= set(values)


def test_a_real_report_bears_no_mark(tmp_path):
    small_report.executed(tmp_path, invented=False)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "ci-banner" not in text.split("</style>")[1]
    assert "Invented data" not in text


def test_the_annex_holds_its_own_pieces_and_both_lead_to_each_other(built, html):
    annex = (built / "annex.html").read_text(encoding="utf-8")
    assert 'id="piece-more"' in annex
    assert 'id="piece-more"' not in html
    assert "Table A1: Who answered" in annex
    assert "Table 1: Agreement" in html
    anchor = "section-is-there-anything-else"
    assert f'href="annex.html#{anchor}"' in html
    assert f'id="{anchor}"' in html
    assert f'href="report.html#{anchor}"' in annex
    assert f'id="{anchor}"' in annex
    assert 'href="annex.html#section-what-did-they-say"' not in html  # nothing of it is in the annex
    assert openpyxl.load_workbook(built / "tables.xlsx").sheetnames == [
        "Cover", "Contents", "Notes", "Table 1", "Table A1",
    ]  # fmt: skip


def test_a_title_cannot_end_the_style_or_the_page(built):
    results = json.loads((built / "results.json").read_text(encoding="utf-8"))
    results["title"] = '</style><script>alert(1)</script>"; } body { display: none'
    text = documents.page("report", [], results, {})
    assert "<script" not in text
    assert text.count("</style>") == 1
    sheet = re.search(r"<style>(.*)</style>", text, re.DOTALL)[1].split("@page {")[-1]
    assert sheet.count('"') == 4  # two strings, neither ended by the title
    assert (sheet.count("{"), sheet.count("}")) == (2, 3)


VIEWS = tuple(product(("light", "dark"), (1280, 390, 320), ("report.html", "annex.html")))
SAMPLE = VIEWS[::5]  # every width, scheme and page


@pytest.mark.slow
@campaigns.campaign(len(SAMPLE), len(VIEWS))
@pytest.mark.parametrize(("scheme", "width", "name"), VIEWS if campaigns.WHOLE else SAMPLE)
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(browser, built, scheme, width, name):
    from axe_playwright_python.sync_playwright import Axe

    view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    complaints, requests = [], []
    view.on("console", lambda message: complaints.append(message.text))
    view.on("request", lambda request: requests.append(request.url))
    view.goto((built / name).as_uri())
    found = Axe().run(view)
    assert found.violations_count == 0, found.generate_report()
    assert complaints == []
    assert [address for address in requests if not address.startswith(("file:", "data:"))] == []
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        view.evaluate("getComputedStyle(document.querySelector('.ci-header')).maxWidth") != "none"
    )  # style is on
    view.close()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "stops"), [(390, 2), (1280, 0)])
def test_the_first_tab_reaches_the_skip_link_and_what_scrolls_is_a_tab_stop(browser, built, width, stops):
    view = browser.new_page(viewport={"width": width, "height": 900})
    view.goto((built / "report.html").as_uri())
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.className") == "ci-skip"
    seen = view.evaluate(
        "[...document.querySelectorAll('.ci-scroll')].map(e => [e.scrollWidth > e.clientWidth, "
        "e.querySelector('.ci-grip').checkVisibility(), e.tabIndex, e.getAttribute('aria-label')])"
    )
    assert len(seen) == 3  # table, chart, and the numbers behind it, which are closed
    assert all(scrolls == reached and own == -1 and label for scrolls, reached, own, label in seen)
    assert sum(scrolls for scrolls, *_ in seen) == stops
    view.close()


@pytest.mark.slow
def test_the_mark_is_on_the_screen_at_every_height(browser, built):
    view = browser.new_page(viewport={"width": 1280, "height": 500})
    view.goto((built / "report.html").as_uri())
    view.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert view.evaluate("document.querySelector('.ci-banner').getBoundingClientRect().top") == 0
    view.close()


@pytest.mark.slow
def test_the_page_prints_as_a_tagged_pdf_of_more_than_one_sheet(browser, built, tmp_path):
    view = browser.new_page()
    view.goto((built / "report.html").as_uri())
    view.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, tagged=True)
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in content
    assert len(re.findall(rb"/Type\s*/Page\b", content)) >= 2
    view.close()


def headings(page):
    return re.findall(r'<h2 id="section-[^"]*">(.*?)</h2>', page), re.findall(
        r'<li><a href="#[^"]*">(.*?)</a>', page
    )


def test_a_section_whose_pieces_all_stand_in_the_annex_has_no_bare_heading_in_the_report():
    sections = [
        Section("", "", ["<p>Introduction</p>"], {"report": [], "annex": ["a"]}),
        Section("Both?", "section-1", ["<p>Both text</p>"], {"report": ["r"], "annex": ["a"]}),
        Section("Annex only?", "section-2", ["<p>Its fixed text</p>"], {"report": [], "annex": ["a"]}),
        Section("Her own words", "section-3", ["<p>Judgement</p>"]),
    ]
    book = Book("Trial")
    book.show(Sentence("r", "Report."))
    book.annex(Sentence("a", "Annex."))
    report, annex = (documents.page(place, sections, book.results(), {}) for place in ("report", "annex"))
    assert headings(report) == (["Both?", "Her own words"],) * 2
    assert "Its fixed text" not in report
    assert "Introduction" in report
    assert "Judgement" in report
    assert headings(annex) == (["Both?", "Annex only?"],) * 2
    assert 'href="report.html#section-2"' not in annex
