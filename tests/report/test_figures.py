"""Charts draw what they are given, inside their edges, the same every time."""

import datetime as dt
import functools
import io
import itertools
import re

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from PIL import Image

from ci_eval.report import Figure, canvas, figures, style
from ci_eval.report.figures import grids

STATEMENTS = [
    "The purpose for the CI was clearly explained",
    "I have taken/will take specific actions in response to participating in the CI",
    "I enjoyed participating in the CI",
]
SCALE = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree"]
ANSWERS = [*SCALE, "Don’t know"]
COUNTS = [[50, 38, 6, 2, 1, 3], [20, 25, 20, 15, 8, 0], [0, 0, 0, 0, 0, 4]]
WORDS = ["almost all", "most, possibly almost all", ""]
DAY = dt.date
GROUPS = ["Forth Valley and West Lothian", "North", "South East", "South West", "Tayside", "West"]
ISLANDS = "Na h-Eileanan Siar, Orkney Islands and Shetland Islands"
REGISTER = pd.DataFrame(
    [
        ("Fife", DAY(2021, 6, 1), DAY(2022, 6, 30), "period", "took place"),
        (
            "Na h-Eileanan Siar, Orkney Islands and Shetland Islands",
            DAY(2022, 5, 1),
            DAY(2022, 5, 31),
            "month",
            "took place",
        ),
        ("Moray", DAY(2022, 9, 1), DAY(2022, 10, 31), "months", "planned"),
        ("Stirling", DAY(2021, 6, 1), DAY(2024, 12, 31), "plan", "not known"),
        ("Angus", None, None, "plan", "not known"),
    ],
    columns=["label", "earliest", "latest", "precision", "status"],
).assign(
    when=[
        "between June 2021 and June 2022",
        "May 2022",
        "September or October 2022",
        "2021 to 2024",
        "not dated",
    ]
)
ESTIMATE = np.array([[0.9, 0.8], [0.5, np.nan], [1.0, 0.0]])
LOW, HIGH = np.maximum(ESTIMATE - 0.1, 0), np.minimum(ESTIMATE + 0.1, 1)
SERIES = ["Online", "In person"]
MANY = [f"Group {n} with a name that is quite long" if n % 3 else f"Group {n}" for n in range(12)]

SHARES = [[0.9, 0.91], [0.5, 0.2], [np.nan, 1.0]]
SHARES_LOW, SHARES_HIGH = [[0.85, 0.9], [0.4, 0.1], [np.nan, 0.9]], [[0.95, 0.93], [0.6, 0.3], [np.nan, 1.0]]
CHANGES = ["+1 point\n(−4 to +6)", "−30 points\n(−45 to −12)", "–"]
PERIODS = ("2021-22", "2022-23")
YEARS, SCHOOL_YEARS = [2018, 2019, 2021, 2022], ["2017-18", "2018-19", "2020-21", "2021-22"]
COHORTS, KINDS = ["2021-22 (11)", "2022-23 or later (20)"], list(grids.LOOKS)
CELLS = {(cohort, year): kind for cohort in COHORTS for year, kind in zip(SCHOOL_YEARS, KINDS, strict=True)}
PLACES, COUNCILS = [(1, 5), (3, 1), (5, 6)], ["Fife", "Na h-Eileanan Siar", "Clackmannanshire"]
TILES = {"Hosted": {"facecolor": style.ACCENT}, "Planned": {"facecolor": "#ffffff", "hatch": "///"}}
EVIDENCE = {"more": {"facecolor": "#9cc3e4"}, "less": {"facecolor": "#f6cfa0", "hatch": "///"}}
BANDS = [("few", 0.0, 0.15), ("less than half", 0.15, 0.5), ("majority", 0.5, 1.0)]
STEPS = ["Officers of several authorities look at practice together.", "They end with a written report."]

CHARTS = {
    "likert": (
        figures.likert_size(STATEMENTS, WORDS),
        lambda ax: figures.likert(ax, COUNTS, STATEMENTS, ANSWERS, SCALE, WORDS),
    ),
    "timeline": (
        figures.timeline_size(list(REGISTER["label"])),
        lambda ax: figures.timeline(ax, REGISTER, DAY(2022, 6, 30)),
    ),
    "tiles": (
        figures.tiles_size(PLACES),
        lambda ax: figures.tiles(ax, COUNCILS, PLACES, ["Hosted", "Planned", "Hosted"], TILES),
    ),
    "ladder": (
        figures.ladder_size(STATEMENTS),
        lambda ax: figures.ladder(
            ax, STATEMENTS, ESTIMATE[:, 1], LOW[:, 1], HIGH[:, 1], BANDS, before=[0.9, np.nan, 0.1], periods=PERIODS,
            beside=["4 of 5", "", "0 of 7"],
        ),
    ),
    "heat": (
        figures.heat_size(STATEMENTS, MANY),
        lambda ax: figures.heat(ax, STATEMENTS, MANY, np.tile(ESTIMATE, 6), [["more", "", "less"] * 4] * 3, EVIDENCE, [4]),
    ),
    "estimates": (
        figures.estimates_size(STATEMENTS),
        lambda ax: figures.estimates(
            ax, STATEMENTS, [-0.3, 1.0, 2.0], [-3, -np.inf, np.nan], [2, 9, np.nan], beside=CHANGES, heading="Points"
        ),
    ),
    "dumbbell": (
        figures.dumbbell_size(STATEMENTS, CHANGES),
        lambda ax: figures.dumbbell(
            ax, STATEMENTS, SHARES, SHARES_LOW, SHARES_HIGH, periods=PERIODS, beside=CHANGES
        ),
    ),
    "bars": (figures.bars_size(STATEMENTS), lambda ax: figures.bars(ax, STATEMENTS, [21, 1089, np.nan], 1200)),
    "courses": (
        figures.YEARS_SIZE,
        lambda ax: figures.courses(
            ax, YEARS, SCHOOL_YEARS, [[61, 62, 60, 64], [60, 61, 61, 62]], series=SERIES, exposed_from=2022
        ),
    ),
    "effects": (
        figures.YEARS_SIZE,
        lambda ax: figures.effects(
            ax, YEARS, SCHOOL_YEARS, [0.5, np.nan, 0, 2], [-1, np.nan, 0, 1], [1, np.nan, 0, np.inf],
            exposed_from=2022, base=2021,
        ),
    ),
    "cells": (
        figures.cells_size(COHORTS),
        lambda ax: figures.cells(ax, COHORTS, SCHOOL_YEARS, CELLS, dict.fromkeys(CELLS, "11 : 21")),
    ),
    "links": (
        figures.links_size(GROUPS),
        lambda ax: figures.links(ax, GROUPS, np.diag(range(9, 15)) + 1, "Team of the host"),
    ),
    "steps": (
        figures.steps_size(STEPS, ["The register: who took part, when and how.", "The survey."]),
        lambda ax: figures.steps(ax, STEPS, ["The register: who took part, when and how.", "The survey."], PERIODS),
    ),
}  # fmt: skip


def axes():
    return Canvas((8, 4)).subplots()


@functools.cache
def drawn(name):
    size, draw = CHARTS[name]
    with mpl.rc_context(style.settings()):
        figure = Canvas(figsize=size, dpi=100, layout="constrained")
        draw(figure.subplots())
        FigureCanvasAgg(figure).draw()
    return figure


def texts(figure):
    """Every text drawn, in the figure's inches: (words, left, bottom, right, top)."""
    found = []
    unseen = set()
    for ax in figure.axes:
        for axis, (low, high) in ((ax.xaxis, sorted(ax.get_xlim())), (ax.yaxis, sorted(ax.get_ylim()))):
            for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False):
                if not ax.axison or not low <= place <= high:
                    unseen.add(label)
    for text in figure.findobj(mpl.text.Text):
        if text not in unseen and text.get_visible() and text.get_text().strip():
            box = text.get_window_extent()
            found.append((text.get_text(), box.x0 / 100, box.y0 / 100, box.x1 / 100, box.y1 / 100))
    return found


@pytest.mark.parametrize("name", CHARTS)
def test_no_text_is_cut_at_the_edge(name):
    figure = drawn(name)
    wide, tall = figure.get_size_inches()
    for words, left, bottom, right, top in texts(figure):
        assert min(left, bottom, wide - right, tall - top) >= -0.01, words


@pytest.mark.parametrize("name", CHARTS)
def test_no_text_lies_on_another(name):
    boxes = texts(drawn(name))
    for number, (words, left, bottom, right, top) in enumerate(boxes):
        for others, x0, y0, x1, y1 in boxes[number + 1 :]:
            apart = right <= x0 + 0.02 or x1 <= left + 0.02 or top <= y0 + 0.03 or y1 <= bottom + 0.03
            assert apart, (words, others)


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_chart_is_the_same_bytes_and_leaves_matplotlib_as_it_was(name):
    before = dict(mpl.rcParams)
    size, draw = CHARTS[name]
    piece = Figure(name, "A title", draw, "Alternative text.", REGISTER, size)
    first, second = (canvas.render(piece, "Invented.") for _ in range(2))
    assert first == second
    assert dict(mpl.rcParams) == before


def test_files_carry_title_and_mark_and_no_date():
    size, draw = CHARTS["bars"]
    piece = Figure("bars", "A <title> & more", draw, "Alt & <text>.", REGISTER, size)
    drawn = canvas.render(piece, "Invented.")
    svg = drawn.svg.decode()
    assert "<title>A &lt;title&gt; &amp; more</title>" in svg
    assert svg.count("A &lt;title&gt; &amp; more") == 3  # the strip over the chart is text too
    assert "Invented." in svg
    assert "Alt &amp; &lt;text&gt;." in svg
    assert "<dc:date>" not in svg
    assert re.search(r'viewBox="0 0 576 \d', svg)
    assert b"tIME" not in drawn.png
    assert b"tEXt" not in drawn.png
    assert len(canvas.render(piece).png) < len(drawn.png)  # the mark is drawn below
    without_vector = canvas.render(piece, "Invented.", vector=False)
    assert (without_vector.png, without_vector.svg) == (drawn.png, b"")
    assert 0.15 < drawn.head < 0.4  # a line of the title, in inches


def test_the_paper_of_a_picture_is_pure_white():
    size, draw = CHARTS["bars"]
    picture = Image.open(io.BytesIO(canvas.render(Figure("f", "T", draw, "A.", REGISTER, size)).png))
    assert picture.mode == "P"
    assert picture.convert("RGB").getpixel((picture.width - 3, 3)) == (255, 255, 255)
    assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_likert_prints_percentages_counts_and_words():
    words = [text for text, *_ in texts(drawn("likert"))]
    for expected in ("52%", "39%", "97", "88", "almost all", "no answers shown", "Don’t know", "100%"):
        assert expected in words


def test_likert_centres_the_neutral_answer():
    figure = drawn("likert")
    axes = figure.axes[0]
    neutral = list(axes.containers[2])
    assert neutral[0].get_x() == pytest.approx(-neutral[0].get_width() / 2)
    assert neutral[0].get_width() == pytest.approx(6 / 97)


@pytest.mark.parametrize(
    ("counts", "scale", "complaint"),
    [
        ([[1, 2]], SCALE, "shape"),
        (COUNTS, ["Strongly agree", "Perhaps"], "Perhaps"),
        ([[1] * 6], SCALE, "shape"),
    ],
)
def test_likert_refuses_counts_that_do_not_fit(counts, scale, complaint):
    with pytest.raises(ValueError, match=complaint):
        figures.likert(axes(), counts, STATEMENTS, ANSWERS, scale)


def test_the_timeline_writes_each_date_in_words_and_the_end_of_the_period():
    words = " | ".join(text for text, *_ in texts(drawn("timeline")))
    for expected in (*REGISTER["when"], "End of the period, 30 June 2022"):
        assert expected in words


def test_the_timeline_refuses_turned_dates_and_no_dates():
    turned = REGISTER.assign(latest=[DAY(2020, 1, 1)] * 5)
    with pytest.raises(ValueError, match="latest day before the earliest: Fife"):
        figures.timeline(axes(), turned, DAY(2022, 6, 30))
    with pytest.raises(ValueError, match="at least one row"):
        figures.timeline(axes(), REGISTER.tail(1), DAY(2022, 6, 30))


def test_a_row_without_a_share_says_so():
    assert "not shown" in [text for text, *_ in texts(drawn("bars"))]


def test_intervals_refuse_an_estimate_outside_its_interval():
    with pytest.raises(ValueError, match="outside its interval"):
        figures.ladder(axes(), ["a"], [0.5], [0.6], [0.7], BANDS)
    with pytest.raises(ValueError, match="fractions"):
        figures.ladder(axes(), ["a"], [50], [40], [60], BANDS)


def test_the_change_is_written_beside_its_row():
    words = [text for text, *_ in texts(drawn("dumbbell"))]
    assert {*CHANGES, "Change"} <= set(words)


def test_bars_write_counts_and_shares_and_refuse_more_than_all():
    words = [text for text, *_ in texts(drawn("bars"))]
    assert "1,089 (91%)" in words
    assert "21 (2%)" in words
    assert "not shown" in words
    with pytest.raises(ValueError, match="over the total"):
        figures.bars(axes(), ["a"], [3], 2)


def test_a_masked_count_without_a_total_has_no_shares():
    ax = figures.bars(axes(), ["a", "b"], [3, np.nan])
    assert [text.get_text() for text in ax.texts] == ["not shown", "3"]


def test_charts_stand_side_by_side_and_can_be_changed_afterwards():
    left, right = Canvas((16, 3), layout="constrained").subplots(1, 2)
    assert figures.bars(left, ["a"], [3]) is left
    assert figures.ladder(right, ["a"], [0.5], [0.4], [0.6], BANDS) is right
    right.set(title="Another", xlim=(0, 1), xlabel="Agreed")
    left.set_yticks([0], ["Renamed"])
    FigureCanvasAgg(left.figure).draw()
    assert [label.get_text() for label in left.get_yticklabels()] == ["Renamed"]


def contrast(one, other):
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2); text needs 4.5."""
    light, dark = sorted((style.luminance(one), style.luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_neighbours_of_a_scale_can_be_told_apart_without_colour():
    for points in range(2, 8):
        looks = style.scale_looks(points)
        seen = [(round(style.luminance(look["facecolor"]), 2), look["hatch"]) for look in looks]
        assert len(set(seen)) == points
        for one, other in itertools.pairwise(looks):
            differs = contrast(one["facecolor"], other["facecolor"]) >= 1.3 or one["hatch"] != other["hatch"]
            assert differs or one["edgecolor"] != other["edgecolor"]


@pytest.mark.parametrize("points", [1, 8])
def test_a_scale_that_cannot_be_drawn_is_refused(points):
    with pytest.raises(ValueError, match="cannot be drawn"):
        style.scale_looks(points)


def test_words_on_segments_and_second_texts_have_enough_contrast():
    for look in style.scale_looks(5):
        ink, paper = style.label_on(look)
        assert contrast(ink, "#ffffff" if paper else look["facecolor"]) >= 4.5
    assert contrast(style.QUIET, "#ffffff") >= 4.5


def test_series_differ_by_shape():
    assert len({look["marker"] for look in style.SERIES}) == len(style.SERIES)


def test_a_dumbbell_draws_both_intervals_apart_and_refuses_a_share_outside_its_own():
    (ax,) = drawn("dumbbell").axes
    first_row = [
        lines.get_segments()[0]
        for lines in ax.collections
        if isinstance(lines, mpl.collections.LineCollection)
    ]
    assert [tuple(segment[:, 0]) for segment in first_row] == [(0.85, 0.95), (0.9, 0.93)]
    assert first_row[0][0][1] < 0 < first_row[1][0][1]
    with pytest.raises(ValueError, match="outside its interval"):
        figures.dumbbell(axes(), ["a"], [[0.5, 0.5]], [[0.6, 0.4]], [[0.7, 0.6]], periods=PERIODS)
    with pytest.raises(ValueError, match="two shares"):
        figures.dumbbell(axes(), ["a"], [0.5], [0.4], [0.6], periods=PERIODS)


def test_a_line_is_broken_where_a_year_was_not_collected():
    (ax,) = drawn("courses").axes
    runs = [
        line.get_xdata().tolist()
        for line in ax.lines
        if len(line.get_xdata()) == 2 and line.get_linestyle() == "-"
    ]
    assert runs == [[2018, 2019], [2021, 2022]] * 2
    assert "not\ncollected" in [text.get_text() for text in ax.texts]


def test_a_cell_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="cannot be 'guess'; known: effect, placebo"):
        figures.cells(axes(), ["a"], ["b"], {("a", "b"): "guess"}, {})


def test_a_grid_of_links_is_a_square_of_its_groups():
    with pytest.raises(ValueError, match="2 groups"):
        figures.links(axes(), ["a", "b"], [[1, 2]])


def test_a_map_has_one_tile_a_place_and_a_look_for_each_kind():
    with pytest.raises(ValueError, match="share a place"):
        figures.tiles(axes(), ["a", "b"], [(1, 1), (1, 1)], ["Hosted", "Hosted"], TILES)
    with pytest.raises(ValueError, match="no look for 'guess'"):
        figures.tiles(axes(), ["a"], [(1, 1)], ["guess"], TILES)
    (panel,) = drawn("tiles").axes
    assert [text.get_text().replace("\n", " ") for text in panel.texts] == COUNCILS
    assert [text.get_text() for text in panel.get_legend().texts] == ["Hosted", "Planned"]


def test_the_ladder_draws_each_interval_to_scale_and_says_where_nobody_answered():
    (panel,) = drawn("ladder").axes
    bars = [
        (round(bar.get_x(), 3), round(bar.get_width(), 3)) for bar in panel.patches if bar.get_height() < 0.5
    ]
    known = ~np.isnan(ESTIMATE[:, 1])
    assert bars[0] == (round(LOW[0, 1], 3), round(HIGH[0, 1] - LOW[0, 1], 3))
    assert [text.get_text() for text in panel.texts].count("no answer") == (~known).sum()


def test_a_cell_of_the_heat_map_is_filled_only_where_there_is_evidence():
    (panel,) = drawn("heat").axes
    shares = np.tile(ESTIMATE, 6)
    kinds = np.array([["more", "", "less"] * 4] * 3)
    filled = {cells.get_facecolor(): cells.get_path() for cells in panel.patches}
    for kind, colour in {"": "#ffffff", "more": "#9cc3e4"}.items():
        middles = {tuple(cell.mean(axis=0)) for cell in filled[mpl.colors.to_rgba(colour)].to_polygons()}
        expected = np.argwhere(~np.isnan(shares) & (kinds == kind)).tolist()
        assert len(middles) == len(expected)


def test_a_forest_keeps_rows_off_the_chart_in_sight():
    (panel,) = drawn("estimates").axes
    left, right = panel.get_xlim()
    arrows = [line for line in panel.lines if line.get_marker() in "<>" and len(line.get_xdata())]
    assert sorted(float(x) for line in arrows for x in line.get_xdata()) == [left, right]
    with pytest.raises(ValueError, match="two limits for each row"):
        figures.estimates(axes(), ["a"], [1.0], [0.0], [])


def test_on_a_dark_screen_words_can_be_read_on_everything_they_stand_on():
    dark = style.DARK
    for look in style.scale_looks(7):
        ink, paper = style.label_on(look)
        words = style.DARK_WORDS.get(ink, dark[ink])
        assert contrast(words, dark[paper["facecolor"] if paper else look["facecolor"]]) >= 4.5, look
    for light in (style.INK, style.QUIET):
        assert contrast(dark[light], dark[style.PAPER]) >= 4.5
    for fill in ("#9cc3e4", "#f6cfa0", "#eceef0", "#d6e6f4", "#eef3f8", "#e9eef4"):
        assert contrast(dark[style.INK], dark[fill]) >= 4.5, fill
    assert contrast(dark[style.ACCENT], dark[style.PAPER]) >= 3  # a bar or dot


def test_every_colour_of_the_charts_has_one_for_a_dark_screen():
    colour = re.compile(r"(?:fill|stroke)(?:: |=\")(#[0-9a-f]{6})\b")
    used = set()
    for name, (size, draw) in CHARTS.items():
        svg = canvas.render(Figure(name, "T", draw, "A.", REGISTER, size)).svg.decode()
        used |= set(colour.findall(svg))
    assert style.ACCENT in used
    assert used <= set(style.DARK)


def test_a_power_curve_reaches_the_share_wanted_at_the_effect_that_its_title_names():
    ax = Canvas().subplots()
    figures.chances(
        ax, [1, 2, 3], [[0.1, 0.2, 0.5]], series=["By forecast"], worth=1, wanted=0.8, reached=[5.1]
    )
    x, y = ax.lines[0].get_data()
    assert (x[-1], y[-1]) == (5.1, 0.8)
    assert ax.get_xlim()[1] > 5.1
