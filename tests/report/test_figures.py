"""Charts draw what they are given, inside their edges, the same every time."""

import datetime as dt
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
from ci_eval.report.figures import chart_layout

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
)
ESTIMATE = np.array([[0.9, 0.8], [0.5, np.nan], [1.0, 0.0]])
LOW, HIGH = np.maximum(ESTIMATE - 0.1, 0), np.minimum(ESTIMATE + 0.1, 1)
SERIES = ["Online", "In person"]
MANY = [f"Group {n} with a name that is quite long" if n % 3 else f"Group {n}" for n in range(12)]

CHARTS = {
    "likert": (
        figures.likert_size(STATEMENTS, SCALE, WORDS),
        lambda c: figures.likert(c, COUNTS, STATEMENTS, ANSWERS, SCALE, WORDS),
    ),
    "timeline": (
        figures.timeline_size(list(REGISTER["label"])),
        lambda c: figures.timeline(c, REGISTER, DAY(2022, 6, 30)),
    ),
    "intervals": (
        figures.intervals_size(STATEMENTS, SERIES),
        lambda c: figures.intervals(c, STATEMENTS, ESTIMATE, LOW, HIGH, series=SERIES),
    ),
    "dumbbell": (
        figures.dumbbell_size(STATEMENTS),
        lambda c: figures.dumbbell(
            c, STATEMENTS, [0.9, 0.5, np.nan], [0.91, 0.2, 1.0], periods=("2021-22", "2022-23")
        ),
    ),
    "dumbbell-with-intervals": (
        figures.dumbbell_size(STATEMENTS),
        lambda c: figures.dumbbell(
            c,
            STATEMENTS,
            [0.9, 0.5, np.nan],
            [0.91, 0.2, 1.0],
            periods=("2021-22", "2022-23"),
            low=[[0.85, 0.9], [0.4, 0.1], [np.nan, 0.9]],
            high=[[0.95, 0.93], [0.6, 0.3], [np.nan, 1.0]],
            beside=["+1 point\n(−4 to +6)", "−30 points\n(−45 to −12)", "–"],
        ),
    ),
    "multiples": (
        figures.multiples_size(STATEMENTS, SERIES),
        lambda c: figures.multiples(c, STATEMENTS, SERIES, ESTIMATE, LOW, HIGH, [0.85, 0.5, np.nan]),
    ),
    "many-multiples": (
        figures.multiples_size(STATEMENTS, MANY),
        lambda c: figures.multiples(
            c, STATEMENTS, MANY, *(np.tile(values, 6) for values in (ESTIMATE, LOW, HIGH)), [0.85, 0.5, 0.5]
        ),
    ),
    "bars": (figures.bars_size(STATEMENTS), lambda c: figures.bars(c, STATEMENTS, [21, 1089, np.nan], 1200)),
}


def drawn(name):
    size, draw = CHARTS[name]
    with mpl.rc_context(style.settings()):
        figure = Canvas(figsize=size, dpi=100)
        draw(figure)
        FigureCanvasAgg(figure).draw()
    return figure


def texts(figure):
    """Every text drawn, in the figure's inches: (words, left, bottom, right, top)."""
    found = []
    for text in figure.findobj(mpl.text.Text):
        if text.get_visible() and text.get_text().strip():
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
def test_the_same_chart_is_the_same_bytes(name):
    size, draw = CHARTS[name]
    piece = Figure(name, "A title", draw, "Alternative text.", REGISTER, size)
    first, second = (canvas.render(piece, "Invented.", files=True) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_leaves_matplotlib_as_it_was(name):
    before = dict(mpl.rcParams)
    size, draw = CHARTS[name]
    canvas.render(Figure(name, "A title", draw, "Text.", REGISTER, size))
    assert dict(mpl.rcParams) == before


def test_files_carry_title_and_mark_and_no_date():
    size, draw = CHARTS["bars"]
    piece = Figure("bars", "A <title> & more", draw, "Alt & <text>.", REGISTER, size)
    with_files = canvas.render(piece, "Invented.", files=True)
    svg = with_files.svg.decode()
    assert "<title>A &lt;title&gt; &amp; more</title>" in svg
    assert "Alt &amp; &lt;text&gt;." in svg
    assert "<dc:date>" not in svg
    assert re.search(r'viewBox="0 -\d+\.\d+ 576 ', svg)
    assert b"tIME" not in with_files.png
    assert b"tEXt" not in with_files.png
    assert len(canvas.render(piece).page) < len(with_files.page)  # the mark is drawn below
    without_vector = canvas.render(piece, "Invented.", files=True, vector=False)
    assert (without_vector.png, without_vector.svg) == (with_files.png, b"")
    assert len(with_files.page) < len(with_files.png)  # the title above


def test_the_paper_of_a_picture_is_pure_white():
    size, draw = CHARTS["bars"]
    picture = Image.open(io.BytesIO(canvas.render(Figure("f", "T", draw, "A.", REGISTER, size)).page))
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
        figures.likert(Canvas((8, 4)), counts, STATEMENTS, ANSWERS, scale)


def test_the_timeline_writes_dates_as_exactly_as_they_are_known():
    words = " | ".join(text for text, *_ in texts(drawn("timeline")))
    for expected in (
        "May 2022",
        "Jun 2021 to Jun 2022",
        "Sep 2022 to Oct 2022",
        "2021 to 2024",
        "date not known",
    ):
        assert expected in words
    assert "End of the period, 30 June 2022" in words


def test_the_timeline_refuses_turned_dates_and_no_dates():
    turned = REGISTER.assign(latest=[DAY(2020, 1, 1)] * 5)
    with pytest.raises(ValueError, match="latest day before the earliest: Fife"):
        figures.timeline(Canvas((8, 4)), turned, DAY(2022, 6, 30))
    with pytest.raises(ValueError, match="at least one row"):
        figures.timeline(Canvas((8, 4)), REGISTER.tail(1), DAY(2022, 6, 30))


def test_a_masked_group_is_named_in_its_place():
    assert any("In person: not shown" in text for text, *_ in texts(drawn("intervals")))


def test_intervals_refuse_an_estimate_outside_its_interval():
    with pytest.raises(ValueError, match="outside its interval"):
        figures.intervals(Canvas((8, 4)), ["a"], [0.5], [0.6], [0.7])
    with pytest.raises(ValueError, match="fractions"):
        figures.intervals(Canvas((8, 4)), ["a"], [50], [40], [60])


def test_the_change_is_written_in_points():
    words = [text for text, *_ in texts(drawn("dumbbell"))]
    assert {"+1 point", "−30 points", "–"} <= set(words)


def test_bars_write_counts_and_shares_and_refuse_more_than_all():
    words = [text for text, *_ in texts(drawn("bars"))]
    assert "1,089 (91%)" in words
    assert "21 (2%)" in words
    assert "not shown" in words
    with pytest.raises(ValueError, match="over the total"):
        figures.bars(Canvas((8, 2)), ["a"], [3], 2)


def test_a_masked_count_without_a_total_has_no_shares():
    with mpl.rc_context(style.settings()):
        figure = Canvas(figsize=(8, 2))
        figures.bars(figure, ["a", "b"], [3, np.nan])
        FigureCanvasAgg(figure).draw()
    assert [text for text, *_ in texts(figure)] == ["3", "not shown", "a", "b"]


@pytest.mark.parametrize("room", [0.9, 1.7, 2.6, 3.99])
@pytest.mark.parametrize("size", [7, 8.5, 9.5])
def test_words_measured_one_by_one_break_lines_where_whole_lines_would(room, size):
    for text in (*STATEMENTS, "WAVE To. V A Ty, " * 7, "Na h-Eileanan Siar, Orkney and Shetland " * 3):
        first, *rest = chart_layout.wrap(text, room, size).split("\n")
        for line in rest:
            following = line.split(" ")[0]
            assert chart_layout.width(f"{first} {following}", size) > room >= chart_layout.width(first, size)
            first = line


def test_text_is_wrapped_to_its_room_and_a_long_word_is_cut():
    wrapped = chart_layout.wrap("one two three " * 5 + "x" * 200, 1.5)
    assert all(chart_layout.width(line) <= 1.5 for line in wrapped.split("\n"))
    assert wrapped.replace("\n", "").replace(" ", "") == "onetwothree" * 5 + "x" * 200


def test_measured_width_is_what_matplotlib_draws():
    with mpl.rc_context(style.settings()):
        figure = Canvas(figsize=(8, 1), dpi=200)
        FigureCanvasAgg(figure)
        text = figure.text(0, 0.5, "Na h-Eileanan Siar and Strongly agree", fontsize=9.5)
        drawn_width = text.get_window_extent().width / 200
    assert chart_layout.width("Na h-Eileanan Siar and Strongly agree") == pytest.approx(drawn_width, rel=0.02)


def test_neighbours_of_a_scale_can_be_told_apart_without_colour():
    for points in range(2, 8):
        looks = style.scale_looks(points)
        seen = [(round(style.luminance(look["facecolor"]), 2), look["hatch"]) for look in looks]
        assert len(set(seen)) == points
        for one, other in itertools.pairwise(looks):
            differs = (
                style.contrast(one["facecolor"], other["facecolor"]) >= 1.3 or one["hatch"] != other["hatch"]
            )
            assert differs or one["edgecolor"] != other["edgecolor"]


@pytest.mark.parametrize("points", [1, 8])
def test_a_scale_that_cannot_be_drawn_is_refused(points):
    with pytest.raises(ValueError, match="cannot be drawn"):
        style.scale_looks(points)


def test_words_on_segments_and_second_texts_have_enough_contrast():
    for look in style.scale_looks(5):
        ink, paper = style.label_on(look)
        assert style.contrast(ink, "#ffffff" if paper else look["facecolor"]) >= 4.5
    assert style.contrast(style.QUIET, "#ffffff") >= 4.5
    assert style.contrast(style.QUIET, style.BAND) >= 4.5


def test_series_differ_by_shape():
    assert len({look["marker"] for look in style.SERIES}) == len(style.SERIES)


def test_a_dumbbell_draws_both_intervals_apart_and_refuses_a_share_outside_its_own():
    (axes,) = drawn("dumbbell-with-intervals").axes
    lines = [line.get_xydata() for line in axes.lines if len(line.get_xdata()) == 2]
    level = [line for line in lines if line[0][1] == line[1][1]]
    first_row = sorted(level, key=lambda line: line[0][1])[:2]
    assert [tuple(line[:, 0]) for line in first_row] == [(0.85, 0.95), (0.9, 0.93)]
    assert first_row[0][0][1] < first_row[1][0][1]
    with pytest.raises(ValueError, match="outside its interval"):
        figures.dumbbell(
            Canvas(), ["a"], [0.5], [0.5], periods=("x", "y"), low=[[0.6, 0.4]], high=[[0.7, 0.6]]
        )
    with pytest.raises(ValueError, match="an interval for each"):
        figures.dumbbell(Canvas(), ["a"], [0.5], [0.5], periods=("x", "y"), low=[0.4], high=[0.6])


@pytest.mark.parametrize("name", ["multiples", "many-multiples"])
def test_every_panel_has_the_same_axis_and_says_what_is_not_shown(name):
    panels = drawn(name).axes
    assert len(panels) == (2 if name == "multiples" else 12)
    assert len({panel.get_xlim() for panel in panels}) == 1
    hidden = [text.get_text().strip() for panel in panels for text in panel.texts]
    assert hidden == ["not shown"] * (1 if name == "multiples" else 6)


def test_multiples_refuse_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="a row for each label"):
        figures.multiples(Canvas(), ["a"], SERIES, ESTIMATE, LOW, HIGH, [0.5])
    with pytest.raises(ValueError, match="one share a row"):
        figures.multiples(Canvas(), STATEMENTS, SERIES, ESTIMATE, LOW, HIGH, [0.5])
