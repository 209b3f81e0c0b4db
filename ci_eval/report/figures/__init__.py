"""Charts of the reports: each takes a matplotlib Figure and plain arrays, draws, and returns nothing.

Every chart has a ``…_size`` function, which gives the inches it needs; the two go into one ``Figure`` piece.
"""

from ci_eval.report.figures.bars import bars
from ci_eval.report.figures.bars import size as bars_size
from ci_eval.report.figures.cells import cells
from ci_eval.report.figures.cells import size as cells_size
from ci_eval.report.figures.dots import dumbbell, dumbbell_size, intervals, intervals_size
from ci_eval.report.figures.likert import likert
from ci_eval.report.figures.likert import size as likert_size
from ci_eval.report.figures.multiples import multiples
from ci_eval.report.figures.multiples import size as multiples_size
from ci_eval.report.figures.steps import size as steps_size
from ci_eval.report.figures.steps import steps
from ci_eval.report.figures.timeline import size as timeline_size
from ci_eval.report.figures.timeline import timeline
from ci_eval.report.figures.years import courses, effects, years_size

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
