"""Charts of the reports: each takes a matplotlib Figure and plain arrays, draws, and returns nothing.

Every chart has a ``…_size`` function, which gives the inches it needs; the two go into one ``Figure`` piece.
"""

from ci_eval.report.figures.answer_bars import bars, bars_size, likert, likert_size
from ci_eval.report.figures.dots import dumbbell, dumbbell_size, intervals, intervals_size
from ci_eval.report.figures.engagement_dates import size as timeline_size
from ci_eval.report.figures.engagement_dates import timeline
from ci_eval.report.figures.grids import cells, cells_size, steps, steps_size
from ci_eval.report.figures.over_years import courses, effects, years_size
from ci_eval.report.figures.small_multiples import multiples
from ci_eval.report.figures.small_multiples import size as multiples_size

__all__ = [
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
    "years_size",
]
