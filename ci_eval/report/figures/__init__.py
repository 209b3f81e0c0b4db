"""Charts of the reports: each takes matplotlib's axes and plain arrays, draws on them, and gives them back.

    import matplotlib.pyplot as plt
    from ci_eval.report import figures, style

    with plt.rc_context(style.settings()):
        fig, ax = plt.subplots(figsize=figures.ladder_size(labels), layout="constrained")
        figures.ladder(ax, labels, shares, low, high, bands).set_title("My title")

A ``…_size`` gives the inches that a chart of these rows needs. Authorities are tiles (``tile_map``), links between
groups of them a grid (``link_grid``), and their engagements stand over time (``engagement_dates``) or by a number of
theirs (``engagement_dots``). Answers are bars
(``answer_bars``), shares stand on the bands of the words (``word_ladder``), their change is two dots (``dots``), and
groups are cells (``heat_map``). Outcomes and effects run over school years (``over_years``), ranks have intervals
(``rank_rows``), every variation of an estimate is a row (``forest``), how often effects would be found is a curve
(``power_curve``), and what can be compared and in which order things would have to happen are boxes (``grids``).
``chart_rows`` holds what charts of rows share.
"""

from ci_eval.report.figures.answer_bars import bars, bars_size, likert, likert_size
from ci_eval.report.figures.dots import dumbbell, dumbbell_size
from ci_eval.report.figures.engagement_dates import timeline, timeline_size
from ci_eval.report.figures.engagement_dots import DOTS_SIZE, stacked_dots
from ci_eval.report.figures.forest import estimates, estimates_size
from ci_eval.report.figures.grids import cells, cells_size, steps, steps_size
from ci_eval.report.figures.heat_map import heat, heat_size
from ci_eval.report.figures.link_grid import links, links_size
from ci_eval.report.figures.over_years import YEARS_SIZE, courses, effects
from ci_eval.report.figures.power_curve import POWER_SIZE, chances
from ci_eval.report.figures.rank_rows import ranks, ranks_size
from ci_eval.report.figures.tile_map import tiles, tiles_size
from ci_eval.report.figures.word_ladder import ladder, ladder_size

__all__ = [
    "DOTS_SIZE",
    "POWER_SIZE",
    "YEARS_SIZE",
    "bars",
    "bars_size",
    "cells",
    "cells_size",
    "chances",
    "courses",
    "dumbbell",
    "dumbbell_size",
    "effects",
    "estimates",
    "estimates_size",
    "heat",
    "heat_size",
    "ladder",
    "ladder_size",
    "likert",
    "likert_size",
    "links",
    "links_size",
    "ranks",
    "ranks_size",
    "stacked_dots",
    "steps",
    "steps_size",
    "tiles",
    "tiles_size",
    "timeline",
    "timeline_size",
]
