"""The filters, as widgets of JupyterLab. Without ipywidgets, or in a run nobody watches, a sentence says how to get them.

A widget's picture of itself holds names made at random, which would make two equal runs look different.
"""

import base64
from html import escape
from importlib.util import find_spec
from typing import Any

from ci_eval.evidence.choices import Choice, Exploration
from ci_eval.evidence.group_frames import GROUPINGS
from ci_eval.report import markup
from ci_eval.report.book import Book, attended
from ci_eval.report.markup import INVENTED_SHORT
from ci_eval.report.pieces import Figure, Piece, Sentence, Table
from ci_eval.sections.explore.chosen import SORTS, view

ALL = "everybody"


def panel(book: Book, exploration: Exploration) -> None:
    """Show the filters and what they choose; redrawn at every change.

    Where there are no widgets, a sentence that says so is shown and recorded instead.
    """
    if not exploration.evidence.reports_survey:
        return
    if not attended() or find_spec("ipywidgets") is None:
        book.show(
            Sentence.missing(
                "explore-filters",
                "People can be chosen where somebody sits at JupyterLab with ipywidgets; everybody is shown above.",
                "run make lab, open notebooks/explore_survey.ipynb and run all its cells.",
            )
        )
        return
    from IPython.display import display

    display(Panel(exploration, book.invented).box)  # type: ignore[no-untyped-call]


class Panel:
    """The widgets, and what they do to each other.

    Attributes
    ----------
    period, sort, filters : the choices, the latter by grouping
    page, alt : what is shown of the choice, and the chart's alternative text, to be copied
    box : all of it
    """

    def __init__(self, exploration: Exploration, invented: bool) -> None:
        import ipywidgets as widgets

        self.exploration, self.mark = exploration, INVENTED_SHORT if invented else ""
        wide: dict[str, Any] = {"style": {"description_width": "11em"}, "layout": {"width": "34em"}}
        self.period = widgets.Dropdown(options=list(exploration.surveys), description="Period", **wide)
        self.filters = {
            name: widgets.Dropdown(description=told[:1].upper() + told[1:], **wide)
            for name, told in (GROUPINGS | {"mode": "Online or in person"}).items()
        }
        orders = [(told, name) for name, told in SORTS.items()]
        self.sort = widgets.Dropdown(options=orders, description="Sort by", **wide)
        self.page = widgets.HTML()
        self.alt = widgets.Textarea(
            description="Alternative text",
            **{**wide, "layout": {"width": "60em", "height": "8em"}},
        )
        self.box = widgets.VBox([self.period, *self.filters.values(), self.sort, self.page, self.alt])
        self._offer()
        self._draw()
        self.period.observe(self._another_period, names="value")
        for widget in (*self.filters.values(), self.sort):
            widget.observe(self._another_choice, names="value")

    @property
    def choice(self) -> Choice:
        return Choice(self.period.value, **{name: widget.value for name, widget in self.filters.items()})

    def _another_period(self, change: Any) -> None:
        self._offer()
        self._draw()

    def _another_choice(self, change: Any) -> None:
        if not self._offering:
            self._draw()

    def _offer(self) -> None:
        """Offer the groups of the period chosen; a group that it has too keeps its place."""
        self._offering = True
        for name, widget in self.filters.items():
            before = widget.value
            groups = self.exploration.groups(self.period.value, name)
            widget.options = [(ALL, ""), *((group, group) for group in groups)]
            widget.value = before if before in groups else ""
        self._offering = False

    def _draw(self) -> None:
        pieces = view(self.exploration, self.choice, self.sort.value)
        body = "".join(html(piece, self.mark) for piece in pieces)
        self.page.value = f'<div class="jp-RenderedHTMLCommon">{body}</div>'  # looks like any other output
        self.alt.value = next((piece.alt for piece in pieces if isinstance(piece, Figure)), "")
        self.alt.layout.display = "flex" if self.alt.value else "none"


def html(piece: Piece, mark: str = "") -> str:
    """A piece as HTML; a chart carries its picture and alternative text in itself, so that one copy takes both."""
    if isinstance(piece, Sentence):
        return f'<div role="status">{markup.sentence_html(piece.key, piece.record())}</div>'
    if isinstance(piece, Table):
        return markup.table_html(piece.key, piece.record())
    address = f"data:image/png;base64,{base64.b64encode(piece.drawn(mark).png).decode()}"
    wide = piece.record()["width"]
    return (
        f'<figure id="piece-{piece.key}"><img src="{address}" width="{wide}" alt="{escape(piece.alt)}">'
        f"<figcaption>{markup.note_line(piece.note)}{markup.source_line(piece.source)}"
        f'<p><a download="{piece.key}.png" href="{address}">Save the chart as a file</a>, or copy the picture: its '
        "alternative text goes with it where the other program takes it, and stands below.</p></figcaption></figure>"
    )
