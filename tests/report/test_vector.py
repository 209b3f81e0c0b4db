"""A chart as an element of the page: text as text, nothing the page forbids, ids of its own."""

import re

import pytest
from lxml import etree

from ci_eval.report import style, vector

FILE = f"""<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 576 136">
 <title>T</title><metadata><a/></metadata><defs><style>*{{stroke-linecap: butt}}</style></defs>
 <g id="figure_1">
  <g id="title"><text style="font-size: 11px; font-family: 'DejaVu Sans'; fill: #1d1d1f">T</text></g>
  <g id="axes_1"><defs><path id="m1" d="M 0 3
L 1.234567 3" style="stroke: {style.ACCENT}"/></defs>
   <use xlink:href="#m1" x="10.98765" y="2" style="fill: {style.PAPER}"/>
   <path d="M 70 50 L 150 50 L 150 90 z" clip-path="url(#p1)" style="fill: url(#h1); stroke: #123456"/>
   <text style="font-size: 9px; font-family: 'DejaVu Sans'; fill: {style.PAPER}">white &lt; word</text>
   <text style="fill: {style.INK}">word</text></g>
 </g>
 <defs><clipPath id="p1"><rect x="0" y="0" width="10" height="10"/></clipPath>
  <pattern id="h1" width="72" height="72"><rect fill="{style.RULE}"/>
    <path d="M 0 0 L 9 9" style="stroke: #1d1d1f"/></pattern>
 </defs>
</svg>""".encode()


@pytest.fixture(scope="module")
def chart():
    return vector.element(FILE, "bars", 'An "alt" & more.', 768, head=0.5)


def test_the_chart_is_one_picture_with_its_alternative_text(chart):
    root = etree.fromstring(chart)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'An "alt" & more.')
    assert root.get("viewBox") == "-4 36 584 100"  # half an inch of title is left out
    assert root.get("width") == "768"
    assert "xmlns" not in chart


def test_text_stays_text_and_the_title_is_left_to_the_caption(chart):
    assert re.findall(r"<text[^>]*>([^<]*)<", chart) == ["white &lt; word", "word"]
    assert "Verdana" in chart


def test_nothing_that_the_page_forbids_is_left(chart):
    for sign in ("style=", "<style", "<metadata", "<!DOCTYPE", "xlink", "<pattern"):
        assert sign not in chart


def test_ids_begin_with_the_key_and_each_is_referred_to(chart):
    ids = re.findall(r'\bid="([^"]*)"', chart)
    references = set(re.findall(r'(?:url\(|href=")#([^")]*)', chart))
    assert len(ids) == len(set(ids)) == 4
    assert set(ids) == references
    assert all(name.startswith("chart-bars-") for name in ids)


def test_colours_follow_a_dark_screen_but_white_words_stay_white(chart):
    assert f'fill="var(--chart-ffffff, {style.PAPER})"' in chart
    assert f'fill="{style.PAPER}">white' in chart
    assert f'fill="var(--chart-1d1d1f, {style.INK})">word' in chart
    assert 'stroke="#123456"' in chart


def test_the_analysts_own_colours_and_fonts_are_left_alone():
    own = vector.element(FILE, "mine", "Alt.", 768, own=True)
    assert 'class="ci-own"' in own
    assert "var(" not in own
    assert own.count("font-family=\"'DejaVu Sans'\"") == 1


def test_hatching_is_drawn_as_lines_within_its_shape(chart):
    # the shape lies in two tiles across and two down
    assert sorted(re.findall(r'<use href="#chart-bars-\d+" x="(\d+)" y="(\d+)"/>', chart)) == [
        ("0", "0"), ("0", "72"), ("144", "0"), ("144", "72"), ("72", "0"), ("72", "72"),
    ]  # fmt: skip
    assert chart.count('d="M 70 50 L 150 50 L 150 90 z"') == 3  # what cuts, paper, edge


def test_places_are_rounded_to_a_hundredth_of_a_point(chart):
    assert 'x="10.98"' in chart
    assert 'd="M 0 3 L 1.23 3"' in chart
