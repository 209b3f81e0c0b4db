"""Charts of the reports: each takes matplotlib's axes and plain arrays, draws on them, and gives them back.

    import matplotlib.pyplot as plt
    from ci_eval.report import figures, style

    with plt.rc_context(style.settings()):
        fig, ax = plt.subplots(figsize=figures.intervals_size(labels), layout="constrained")
        figures.intervals(ax, labels, estimate, low, high).set_title("My title")

A ``…_size`` gives the inches that a chart of these rows needs. Answers are bars (``answer_bars``), shares with
intervals and their change are dots (``dots``), and groups are panels of dots (``small_multiples``); engagements stand
over time (``engagement_dates``), outcomes and effects over school years (``over_years``), and what can be compared
and in which order things would have to happen are boxes (``grids``). ``chart_rows`` holds what charts of rows share.
"""

from ci_eval.report.figures.answer_bars import bars, bars_size, likert, likert_size
from ci_eval.report.figures.dots import dumbbell, dumbbell_size, intervals, intervals_size
from ci_eval.report.figures.engagement_dates import timeline, timeline_size
from ci_eval.report.figures.grids import cells, cells_size, steps, steps_size
from ci_eval.report.figures.over_years import YEARS_SIZE, courses, effects
from ci_eval.report.figures.small_multiples import multiples, multiples_size

__all__ = [
    "YEARS_SIZE",
    "bars",
    "bars_size",
    "cells",
    "cells_size",
    "courses",
    "dumbbell",
    "dumbbell_size",
    "effects",
    "intervals",
    "intervals_size",
    "likert",
    "likert_size",
    "multiples",
    "multiples_size",
    "steps",
    "steps_size",
    "timeline",
    "timeline_size",
]
