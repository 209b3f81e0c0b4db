"""Recorded pieces as HTML and as plain text.

What is written here is a function of a piece's record, as results.json holds it, so that the page and the notebook
say the same. Every text is escaped here and nowhere else; there are no style attributes and no scripts, so the page
can forbid both.
"""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from ci_eval.report import formats

Record = Mapping[str, Any]

BESIDE = 345  # pixels: a picture this narrow fits a telephone, and stands beside its text on wider pages
INVENTED = "Invented data: what these figures rest on was made up to try the workbook. Quote nothing from it."
INVENTED_SHORT = "Invented data, made up to try the workbook: quote nothing from it."
ITEM = "- "  # begins each line of a paragraph that is a list
NUMBERED = re.compile(r"(\d+)\. ")  # and of one that is numbered from 1
LONG_LIST = 8  # items; a longer one is set in columns
CSS_PIXELS = 96  # in an inch: the width at which a page shows a picture
SHORT = 10  # characters of a cell that are kept on one line
# JupyterLab's own classes for boxes are not used: their text has too little contrast, most of all in the dark
CALLOUT = {"key": "ci-key", "warning": "ci-warning", "missing": "ci-missing"}
LABEL = {"warning": "Take care", "missing": "Not available"}  # a key message says itself what it is


def piece_html(key: str, record: Record, picture: str = "") -> str:
    """A recorded piece as HTML; `picture` is the SVG element of a figure."""
    if record["piece"] == "sentence":
        return sentence_html(key, record)
    if record["piece"] == "figure":
        return figure_html(key, record, picture)
    return table_html(key, record, _grip(key))


def _grip(key: str) -> str:
    """A link inside what may scroll sideways: the page shows it, and it is a tab stop, only where something does."""
    return f'<a class="ci-grip" href="#piece-{key}">Scroll sideways for the rest</a>'


def paragraphs(text: str) -> str:
    """Plain text as escaped paragraphs; a line break stays one, lines that begin with "- " or "1. " are a list.

    Examples
    --------
    >>> paragraphs("So:\\n\\n- a & b\\n- c")
    '<p>So:</p><ul><li>a &amp; b</li><li>c</li></ul>'
    >>> paragraphs("1. one\\n2. two")
    '<ol><li>one</li><li>two</li></ol>'
    """
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return "".join(_paragraph(part) for part in parts if part)


def _paragraph(text: str) -> str:
    lines = escape(text).split("\n")
    if all(line.startswith(ITEM) for line in lines):
        # a long list of short lines stands in two columns where there is room
        kind = ' class="ci-long"' if len(lines) > LONG_LIST else ""
        return f"<ul{kind}>{''.join(f'<li>{line.removeprefix(ITEM)}</li>' for line in lines)}</ul>"
    numbers = [match[1] for line in lines if (match := NUMBERED.match(line))]
    if numbers == [str(place) for place in range(1, len(lines) + 1)]:
        items = (NUMBERED.sub("", line, count=1) for line in lines)
        return f"<ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>"
    return f"<p>{'<br>'.join(lines)}</p>"


def source_line(text: str) -> str:
    return f'<p class="ci-source">Source: {escape(text)}</p>' if text else ""


def note_line(text: str) -> str:
    return f'<p class="ci-note">Note: {escape(text)}</p>' if text else ""


def caption(record: Record) -> str:
    """The title with its label before it: "Table 1: Agreement with each statement"."""
    return f"{record['label']}: {record['title']}" if record.get("label") else str(record["title"])


def sentence_html(key: str, record: Record) -> str:
    """A sentence as paragraphs, or as a labelled box where its level asks for one."""
    # JupyterLab sets what stands between dollar signs as mathematics, unless the class forbids it.
    body = paragraphs(record["text"]) + source_line(record["source"])
    level = record["level"]
    if level == "text":
        return f'<div class="ci-sentence mathjax_ignore" id="piece-{key}">{body}</div>'
    label = f'<p class="ci-label"><strong>{LABEL[level]}</strong></p>' if level in LABEL else ""
    return f'<div class="ci-callout mathjax_ignore {CALLOUT[level]}" id="piece-{key}">{label}{body}</div>'


def figure_html(key: str, record: Record, picture: str) -> str:
    """A figure with its caption, its picture, note and source, and the numbers behind it one key away."""
    title = escape(caption(record))
    beside = ' class="ci-beside"' if record["width"] <= BESIDE else ""
    return (
        f'<figure id="piece-{key}"{beside}><figcaption>{title}</figcaption>'
        f'<div class="ci-scroll" role="region" aria-label="{title}: picture">{_grip(key)}{picture}</div>'
        f"{note_line(record['note'])}{source_line(record['source'])}{_numbers(key, record)}</figure>"
    )


def _numbers(key: str, record: Record) -> str:
    """A chart's numbers as a table that opens; "" where the figure names no columns."""
    if not record["columns"]:
        return ""
    name = escape(caption(record))
    return (
        f'<details class="ci-numbers" id="numbers-{key}"><summary>Numbers behind this chart'
        f'<span class="ci-hidden">: {name}</span></summary>'
        f'<div class="ci-scroll" role="region" aria-label="{name}: numbers">'
        f'<a class="ci-grip" href="#numbers-{key}">Scroll sideways for the rest</a>'
        f"<table>{_table_body(record)}</table></div></details>"
    )


def blank_notes(record: Record) -> list[str]:
    """Why values are missing, each reason with its columns, as one sentence; none repeats the note."""
    heading = {column["name"]: column["heading"] for column in record["columns"]}
    by_reason: dict[str, list[str]] = {}
    for name, reason in record["blanks"].items():
        if reason != record["note"]:
            by_reason.setdefault(reason, []).append(heading[name])
    reasons = [f"in {', '.join(headings)}: {reason}" for reason, headings in by_reason.items()]
    return [f"{formats.BLANK} {'; '.join(reasons)}."] if reasons else []


def table_html(key: str, record: Record, grip: str = "") -> str:
    """The table with caption, scopes, numbers to the right, and its notes and source under it.

    On a screen too narrow for it the table scrolls; `grip` is what the keyboard then scrolls it by.
    """
    title = escape(caption(record))
    notes = "".join(note_line(text) for text in [record["note"], *blank_notes(record)])
    return (
        f'<div class="ci-table mathjax_ignore" id="piece-{key}">'
        f'<div class="ci-scroll" role="region" aria-label="{title}">{grip}'
        f'<table><caption><span class="ci-caption">{title}</span></caption>{_table_body(record)}</table></div>'
        f"{notes}{source_line(record['source'])}</div>"
    )


def _table_body(record: Record) -> str:
    """Head and rows of a table, or of a chart's numbers."""
    numeric = [column["kind"] in formats.NUMERIC for column in record["columns"]]
    head = "".join(
        f'<th scope="col"{_number_class(number)}>{escape(column["heading"])}</th>'
        for column, number in zip(record["columns"], numeric, strict=True)
    )
    names = [column["name"] for column in record["columns"]]
    heads = [name == record["row_heading"] for name in names]
    rows = "".join(f"<tr>{_row(line, numeric, heads)}</tr>" for line in record["cells"])
    return f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"


def _number_class(numeric: bool) -> str:
    return ' class="ci-number"' if numeric else ""


def _cell_class(numeric: bool, text: str) -> str:
    # "almost all" and "2021-22" are read as one word and kept on one line
    return ' class="ci-short"' if not numeric and len(text) <= SHORT else _number_class(numeric)


def _row(line: list[str], numeric: list[bool], heads: list[bool]) -> str:
    parts = []
    for text, number, head in zip(line, numeric, heads, strict=True):
        html = escape(text).replace("\n", "<br>")
        if text == formats.BLANK:
            html = f'<span aria-hidden="true">{formats.BLANK}</span> <span class="ci-hidden">no value</span>'
        if head:
            parts.append(f'<th scope="row"{_number_class(number)}>{html}</th>')
        else:
            parts.append(f"<td{_cell_class(number, text)}>{html}</td>")
    return "".join(parts)


def table_text(record: Record) -> str:
    """The table in columns of characters, for a terminal."""
    numeric = [column["kind"] in formats.NUMERIC for column in record["columns"]]
    lines = [tuple(column["heading"] for column in record["columns"]), *record["cells"]]
    flat = [tuple(" ".join(cell.split()) for cell in line) for line in lines]
    widths = [max(len(cell) for cell in column) for column in zip(*flat, strict=True)]
    body = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in flat
    ]
    notes = [f"Note: {text}" for text in [record["note"], *blank_notes(record)] if text]
    source = [f"Source: {record['source']}"] if record["source"] else []
    return "\n".join([caption(record), *body, *notes, *source])
