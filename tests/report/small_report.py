"""A small notebook with every kind of piece, whose book writes its documents; used by several tests."""

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from ci_eval.report.notebook_cells import FILE_VARIABLE

CELLS = (
    "# A small report\n\nFor the people who test it. **It decides nothing.**",
    "## What did they say?\n\nAnswers of an invented survey, with [the method](https://example.org/method).",
    "## Is there anything else?\n\nRaw <script>alert('text cell')</script> HTML is shown, not run.",
)
CODE = """
import numpy as np
import pandas as pd

from ci_eval.report import Column, Figure, Book, Sentence, Table, figures

book = Book("A small report", "Every kind of piece", "2021-22", "small", folder={folder!r}, invented={invented})
print("printed lines are no part of a report")
"""
PIECES = """
statements = [
    "The purpose for the CI was clearly explained",
    "I have taken/will take specific actions in response to participating in the CI",
]
answers = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree", "Don’t know"]
counts = np.array([[50, 38, 6, 2, 1, 3], [20, 25, 20, 15, 8, 0]])
words = ["almost all", "majority"]
frame = pd.DataFrame(
    {
        "statement": statements,
        "answered": [97, 1088],
        "share": [88 / 97, np.nan],
        "change": [0.031, -0.12],
        "comment": ["=1+1", "<script>alert('comment')</script> & \\"quotes\\""],
    }
)
book.show(
    Sentence("opening", "Almost all agreed: 91%.", {"share": 88 / 97}, source="Invented survey, question 5"),
    Sentence("key", "Almost all respondents agreed.", {"share": 88 / 97}, level="key"),
    [
        Sentence("care", "Few people answered <b>this</b>.", level="warning"),
        Sentence("nothing", "There is no survey.", level="missing"),
    ],
    Table(
        "statements",
        "Agreement with each statement",
        frame,
        (
            Column("statement", "Statement"),
            Column("answered", "Answered", "count"),
            Column("share", "Share who agreed", "percent", blank="nobody answered"),
            Column("change", "Change in percentage points", "points"),
            Column("comment", "What somebody wrote"),
        ),
        note="Invented.",
        source="Invented survey",
        bands=(),
    ),
)
"""
FIGURE = """
book.annex(Table("more", "Who answered", frame, (Column("statement", "Statement"), Column("answered", "Answered", "count"))))
book.show(
    Figure(
        "answers",
        "How respondents answered",
        lambda ax: figures.likert(ax, counts, statements, answers, answers[:5], words),
        alt="Diverging bars of two statements: 91% and 51% agree.",
        frame=pd.DataFrame(counts, columns=answers),
        size=figures.likert_size(statements, words),
        note="n is the number who answered.",
        source="Invented survey",
        columns=(Column("Agree", "Agree", "count"), Column("Disagree", "Disagree", "count")),
    )
)
book.close()
"""


def notebook(folder: Path, invented: bool = True) -> nbformat.NotebookNode:
    """The notebook, not yet executed."""
    new = nbformat.v4
    opened = CODE.format(folder=str(folder), invented=invented)
    cells = [
        new.new_markdown_cell(CELLS[0], id="title"),
        new.new_code_cell(opened, id="open"),
        new.new_markdown_cell(CELLS[1], id="said"),
        new.new_code_cell(PIECES, id="pieces"),
        new.new_markdown_cell(CELLS[2], id="else"),
        new.new_markdown_cell(
            "For the person at the notebook.", id="private", metadata={"tags": ["not-in-report"]}
        ),
        new.new_code_cell(FIGURE, id="figure"),
    ]
    return new.new_notebook(cells=cells)


def executed(folder: Path, invented: bool = True) -> Path:
    """The notebook executed in a kernel that knows its file; its book has written everything into the folder."""
    written = notebook(folder, invented)
    source = folder / "small.ipynb"
    nbformat.write(written, source)
    environment = os.environ | {FILE_VARIABLE: str(source)}
    client = NotebookClient(written, timeout=120, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    path = folder / "notebook.ipynb"
    nbformat.write(written, path)
    return path
