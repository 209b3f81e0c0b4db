"""Helper library of the Collaborative Improvement evaluation workbook.

In this project CI means Collaborative Improvement. Floors, each importing only those above it:
problems, programme, survey and agreement, impact, report, runs, cli (docs/decisions/0001-floors.md).
"""

__version__ = "0.1.0"
