"""What a reader sees: sentences, tables and figures, shown and recorded by one call.

Charts (``figures``), masking (``disclosure``), documents and spreadsheets are modules of their own, imported
where they are used: this import loads neither pandas nor matplotlib.
"""

from ci_eval.report.book import Book
from ci_eval.report.pieces import Column, Figure, Sentence, Table

__all__ = ["Book", "Column", "Figure", "Sentence", "Table"]
