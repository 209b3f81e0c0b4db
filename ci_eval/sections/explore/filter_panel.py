"""The filters, as widgets of JupyterLab: choose people, and see what they said.

What is chosen is exact, so the panel is for somebody who sits at JupyterLab and is never part of a recorded run. Without
ipywidgets, or where nobody sits there, one line says how to get it.
"""

import base64
from html import escape
from importlib.util import find_spec
from typing import Any

import pandas as pd

from ci_eval.evidence.frames import EXACT_LINE
from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.report import Figure, markup
from ci_eval.report.book import attended
from ci_eval.sections.interim import what_they_said

EVERYBODY = "everybody"
ORDERS = {"the questionnaire’s order": "", "share": "share", "sureness of the word": "sureness"}
NOT_ATTENDED = "The filters need somebody at JupyterLab with ipywidgets: run make lab, open this notebook, run all cells."


def filters(evidence: Evidence) -> "FilterPanel | str":
    """The filters over the period's responses; a line of text where there is nobody to use them.

    As the last line of a cell it displays itself. Nothing of it is recorded.
    """
    if evidence.survey.responses is None or not attended() or find_spec("ipywidgets") is None:
        return NOT_ATTENDED
    return FilterPanel(evidence)


class FilterPanel:
    """A choice for each grouping of the questionnaire, and what the people chosen said.

    Attributes
    ----------
    choices : grouping → the widget that chooses its group
    order : the widget that orders the statements
    page : what the people chosen said
    box : all of it
    """

    def __init__(self, evidence: Evidence) -> None:
        import ipywidgets as widgets

        self.evidence = evidence
        wide: dict[str, Any] = {"style": {"description_width": "14em"}, "layout": {"width": "36em"}}
        responses = evidence.responses
        self.choices = {
            code: widgets.Dropdown(
                options=[(EVERYBODY, None), *((str(group), group) for group in _groups(responses[code]))],
                description=words[:1].upper() + words[1:],
                **wide,
            )
            for code, words in evidence.questionnaire.groupings.items()
        }
        self.order = widgets.Dropdown(options=ORDERS, description="Sort by", **wide)
        self.page = widgets.HTML()
        self.box = widgets.VBox([*self.choices.values(), self.order, self.page])
        for widget in (*self.choices.values(), self.order):
            widget.observe(lambda change: self._draw(), names="value")
        self._draw()

    @property
    def rows(self) -> pd.DataFrame:
        """The responses of the people chosen."""
        rows: pd.DataFrame = self.evidence.responses
        for code, widget in self.choices.items():
            if widget.value is not None:
                rows = rows[rows[code] == widget.value]
        return rows

    def _draw(self) -> None:
        rows = self.rows
        statements = self.evidence.statements_of(rows)
        people = f"{len(rows):,} of {self.evidence.survey.received:,} respondents"
        parts = [f'<p role="status"><strong>{EXACT_LINE}.</strong> {people}.</p>']
        parts += [_picture(chart) for chart in what_they_said.chart(statements, self.order.value)]
        parts += [markup.table_html(table.key, table.record()) for table in what_they_said.table(statements)]
        # the classes of any other output: its style, and dollar signs are dollar signs
        self.page.value = f'<div class="jp-RenderedHTMLCommon tex2jax_ignore">{"".join(parts)}</div>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return self.box._repr_mimebundle_(include=include, exclude=exclude)


def _groups(column: "pd.Series[Any]") -> list[Any]:
    """The answers given to a question, in the questionnaire's order, or by name where people wrote their own."""
    given = column.dropna()
    if hasattr(given, "cat"):
        present = set(given)
        return [group for group in given.cat.categories if group in present and str(group).strip()]
    return sorted(group for group in set(given.astype(str)) if group.strip())


def _picture(chart: Figure) -> str:
    address = f"data:image/png;base64,{base64.b64encode(chart.drawn().png).decode()}"
    return f'<img src="{address}" width="{chart.record()["width"]}" alt="{escape(chart.alt)}">'
