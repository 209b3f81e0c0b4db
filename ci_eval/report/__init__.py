"""The report engine: pieces are shown, recorded, and made into documents; this room knows no survey and no outcome.

In the order in which a piece passes through it:

==================  ======================================================================================
`pieces`            `Sentence`, `Table` with `Column`s, and `Figure`: texts and the numbers behind them
`own_pieces`        a frame or figure of the analyst's own, with the people behind each row
`formats`           the one place where a number becomes text; `sentences` puts numbers into English
`figures`           charts, each drawn on the axes it is given; `style` is how they look
`canvas`            a figure as PNG and SVG; `vector` makes of its SVG an element of the page
`markup`            a recorded piece as HTML and as text
`book`              `Book`: displays, records, and closes
`notebook_cells`    which cell of which notebook showed a piece, and how the notebook differs from the shipped one
`outline`           the sections that text cells and pieces make
`documents`         report.html and annex.html; beside them `word_file` (as `word_styles` says it looks, in `word_xml`) is
                    report.docx and annex.docx, `spreadsheet` tables.xlsx, `printing` report.pdf
`small_groups`      which groups are put together, so that no number leads to a person
==================  ======================================================================================

Only pieces and book are imported here; they load neither pandas nor matplotlib.
"""

from ci_eval.report.book import Book
from ci_eval.report.pieces import Column, Figure, Sentence, Table

__all__ = ["Book", "Column", "Figure", "Sentence", "Table"]
