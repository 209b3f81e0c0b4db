"""Importing this draws a chart: what matplotlib loads at its first drawing is then there for every fork of the process."""

import pandas as pd

from ci_eval.report.canvas import render
from ci_eval.report.pieces import Figure

_ROWS = pd.DataFrame({"answer": ["no", "yes"], "count": [1, 2]})

render(
    Figure(
        "first-chart",
        "A chart that nobody sees",
        lambda ax: ax.barh(_ROWS["answer"], _ROWS["count"]),
        "Two bars.",
        _ROWS,
    )
)
