"""Helper library of the Collaborative Improvement evaluation workbook.

In this project CI means Collaborative Improvement. Rooms, each importing only those before it: inputs, programme, survey,
outcomes, agreement, impact, settings, report, evidence, sections, runs, cli (docs/decisions/0008-rooms.md).
"""

__version__ = "0.1.0"
