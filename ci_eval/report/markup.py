"""Pieces as HTML and as plain text.

Every text that comes from outside, and every text at all, is escaped here and nowhere else; there are no
style attributes and no scripts, so the page can forbid both.
"""

from html import escape

from ci_eval.report import formats
from ci_eval.report.pieces import ITEM, Figure, Sentence, Table

# "alert" classes are JupyterLab's own: the same callouts are boxes there, without a style of ours
CALLOUT = {
    "key": "ci-key alert alert-success",
    "warning": "ci-warning alert alert-warning",
    "missing": "ci-missing alert alert-info",
}
SHORT = 10  # characters of a cell that are kept on one line
LABEL = {"warning": "Take care", "missing": "Not available"}  # a key message says itself what it is


def paragraphs(text: str) -> str:
    """Plain text as escaped paragraphs; a single line break stays a line break, lines that begin with "- " a list."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return "".join(_paragraph(part) for part in parts if part)


def _paragraph(text: str) -> str:
    lines = escape(text).split("\n")
    if all(line.startswith(ITEM) for line in lines):
        return f"<ul>{''.join(f'<li>{line.removeprefix(ITEM)}</li>' for line in lines)}</ul>"
    return f"<p>{'<br>'.join(lines)}</p>"


def source_line(text: str) -> str:
    return f'<p class="ci-source">Source: {escape(text)}</p>' if text else ""


def note_line(text: str) -> str:
    return f'<p class="ci-note">Note: {escape(text)}</p>' if text else ""


def sentence_html(sentence: Sentence) -> str:
    """The sentence as paragraphs, or as a labelled box where its level asks for one."""
    body = paragraphs(sentence.text) + source_line(sentence.source)
    if sentence.level == "text":
        return f'<div class="ci-sentence" id="piece-{sentence.key}">{body}</div>'
    said = LABEL.get(sentence.level, "")
    label = f'<p class="ci-label"><strong>{said}</strong></p>' if said else ""
    return f'<div class="ci-callout {CALLOUT[sentence.level]}" id="piece-{sentence.key}">{label}{body}</div>'


def blank_notes(table: Table) -> list[str]:
    """Why values are missing, each reason with its columns, as one sentence; none repeats the note."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in table.blanks().items():
        if reason != table.note:
            heading = next(column.heading for column in table.columns if column.name == name)
            by_reason.setdefault(reason, []).append(heading)
    told = [f"in {', '.join(headings)}: {reason}" for reason, headings in by_reason.items()]
    return [f"{formats.BLANK} {'; '.join(told)}."] if told else []


def table_html(table: Table, number: int | None = None) -> str:
    """The table with caption, scopes, numbers to the right, and its notes and source under it.

    The table stands in a region that can be scrolled with the keyboard, for a screen too narrow for it.
    """
    caption = f"Table {number}: {table.title}" if number else table.title
    head = "".join(
        f'<th scope="col"{_number_class(column.numeric)}>{escape(column.heading)}</th>'
        for column in table.columns
    )
    rows = "".join(f"<tr>{_row(table, cells)}</tr>" for cells in table.cells())
    notes = "".join(note_line(text) for text in [table.note, *blank_notes(table)])
    return (
        f'<div class="ci-table" id="piece-{table.key}">'
        f'<div class="ci-scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table><caption><span class="ci-caption">{escape(caption)}</span></caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"{notes}{source_line(table.source)}</div>"
    )


def _number_class(numeric: bool) -> str:
    return ' class="ci-number"' if numeric else ""


def _cell_class(numeric: bool, text: str) -> str:
    # "almost all" and "2021-22" are read as one word and kept on one line
    return ' class="ci-short"' if not numeric and len(text) <= SHORT else _number_class(numeric)


def _row(table: Table, cells: tuple[str, ...]) -> str:
    parts = []
    for column, text in zip(table.columns, cells, strict=True):
        shown = escape(text).replace("\n", "<br>")
        if text == formats.BLANK:
            shown = f'<span aria-hidden="true">{formats.BLANK}</span> <span class="ci-hidden">no value</span>'
        if column.name == table.row_heading:
            parts.append(f'<th scope="row"{_number_class(column.numeric)}>{shown}</th>')
        else:
            parts.append(f"<td{_cell_class(column.numeric, text)}>{shown}</td>")
    return "".join(parts)


def table_plain(table: Table, number: int | None = None) -> str:
    """The table in columns of characters, for a terminal."""
    lines = [tuple(column.heading for column in table.columns), *table.cells()]
    flat = [tuple(" ".join(cell.split()) for cell in line) for line in lines]
    widths = [max(len(cell) for cell in cells) for cells in zip(*flat, strict=True)]
    body = [
        "  ".join(
            cell.rjust(width) if column.numeric else cell.ljust(width)
            for cell, width, column in zip(line, widths, table.columns, strict=True)
        ).rstrip()
        for line in flat
    ]
    title = f"Table {number}: {table.title}" if number else table.title
    notes = [f"Note: {text}" for text in [table.note, *blank_notes(table)] if text]
    return "\n".join([title, *body, *notes, *([f"Source: {table.source}"] if table.source else [])])


def figure_caption(figure: Figure, number: int | None = None) -> str:
    return f"Figure {number}: {figure.title}" if number else figure.title


def caption_html(caption: str) -> str:
    return f'<p class="ci-caption"><strong>{escape(caption)}</strong></p>'
