"""The documents of a report, made from the executed notebook and its results.json.

Only what a reader is meant to see is taken: text cells, and what cells displayed. Code, prompts, printed
lines and warnings are left out. Markup is never trusted: HTML in text cells is shown as text, and every piece of
HTML is reduced to the tags and attributes that reports need.

``report.html`` is one file that asks for nothing: pictures and style are inside it, it has no script, and its
content security policy forbids everything else. It is a function of the notebook and of results.json alone,
so that the same run gives the same bytes.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors.sanitize import SanitizeHTML

from ci_eval import __version__
from ci_eval.report import spreadsheet
from ci_eval.report.book import INVENTED_SHORT, SCHEMA

HIDDEN = "not-in-report"  # a cell with this tag is for the person at the notebook only
TAGS = [
    *(
        "a",
        "abbr",
        "blockquote",
        "br",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h3",
        "h4",
        "h5",
    ),
    *("h6", "hr", "li", "ol", "p", "pre", "small", "span", "strong", "sub", "sup", "ul"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
]
ATTRIBUTES = {
    "*": ["class", "id", "aria-hidden", "aria-label", "lang"],
    "a": ["href"],
    "div": ["role", "tabindex"],
    "td": ["colspan", "rowspan"],
    "th": ["scope", "colspan", "rowspan"],
}
UNSEEN = re.compile(
    r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL
)  # a tag's removal would leave its text
HEADING = re.compile(r"<h([12])[^>]*>(.*?)</h\1>", re.DOTALL)


class NotebookError(ValueError):
    """A notebook no page can be made of: a cell failed, or a picture has no alternative text."""


@dataclass
class Block:
    """A part of a section: sanitised `html`, or the picture of a figure as a data address with its texts."""

    html: str = ""
    picture: str = ""
    alt: str = ""
    width: int = 0
    key: str = ""
    caption: str = ""
    note: str = ""
    source: str = ""


@dataclass
class Section:
    """A heading and what stands under it; the first section of a page has no heading."""

    title: str = ""
    anchor: str = ""
    blocks: list[Block] = field(default_factory=list)


def sections(notebook: Any) -> list[Section]:
    """The sections of an executed notebook, the introduction first.

    The first heading of the first level is the title, which the page shows by itself; every other heading of
    the first or second level begins a section.

    Raises
    ------
    NotebookError
        If a cell failed, or a picture has no alternative text.
    """
    found = [Section()]
    titled = False
    for number, cell in enumerate(notebook.cells, start=1):
        if HIDDEN in cell.metadata.get("tags", ()):
            continue
        if cell.cell_type == "code":
            found[-1].blocks.extend(_displayed(cell, number))
        elif cell.cell_type == "markdown":
            for heading, level, body in _split(markdown(cell.source)):
                if heading and (titled or level > 1):
                    found.append(Section(heading, _anchor(heading, found)))
                titled = titled or bool(heading)
                if body.strip():
                    found[-1].blocks.append(Block(html=body))
    return found


def markdown(source: str) -> str:
    """A text cell as HTML: Markdown is rendered, HTML written in it is shown as the text it is."""
    renderer = IPythonRenderer(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
    return sanitised(MarkdownWithMath(renderer=renderer).render(source), ("h1", "h2"))


def sanitised(html: str, more: tuple[str, ...] = ()) -> str:
    """HTML without anything that could run, load or restyle: known tags (and `more`) and attributes remain.

    The page's own headings come from text cells; what a cell displays has none above the third level.
    """
    cleaner = SanitizeHTML(  # type: ignore[no-untyped-call]
        tags=[*TAGS, *more], attributes=ATTRIBUTES, styles=[], strip=True
    )
    clean = cleaner.sanitize_html_tags(UNSEEN.sub("", html))  # type: ignore[no-untyped-call]
    return str(clean)


def _split(html: str) -> Iterator[tuple[str, int, str]]:
    """The parts of a text cell: heading ("" before the first), its level, and the HTML under it."""
    at, heading, level = 0, "", 0
    for match in HEADING.finditer(html):
        if heading or html[at : match.start()].strip():
            yield heading, level, html[at : match.start()]
        at, heading, level = match.end(), unescape(re.sub(r"<[^>]+>", "", match[2])).strip(), int(match[1])
    yield heading, level, html[at:]


def _anchor(heading: str, found: list[Section]) -> str:
    """An id for a section, the same for the same headings in the same order."""
    words = re.sub(r"[^a-z0-9]+", "-", heading.casefold()).strip("-")[:60].strip("-") or "part"
    taken = {section.anchor for section in found}
    anchor, number = f"section-{words}", 2
    while anchor in taken:
        anchor, number = f"section-{words}-{number}", number + 1
    return anchor


def _displayed(cell: Any, number: int) -> Iterator[Block]:
    """What a cell displayed, in its order; what it printed is no part of a report."""
    for output in cell.outputs:
        if output.output_type == "error":
            raise NotebookError(f"cell {number} failed with {output.ename}: {output.evalue}")
        if output.output_type == "stream":
            continue
        about = output.metadata.get("ci_eval", {})
        if "caption_of" in about:
            continue  # the figure that follows carries its caption itself
        if "image/png" in output.data:
            yield _picture(output, about, number)
        elif "text/html" in output.data:
            yield Block(html=sanitised(_text(output.data["text/html"])))
        elif "text/plain" in output.data:
            yield Block(html=f"<pre>{escape(_text(output.data['text/plain']))}</pre>")


def _picture(output: Any, about: dict[str, Any], number: int) -> Block:
    shown = output.metadata.get("image/png", {})
    if not str(shown.get("alt", "")).strip():
        raise NotebookError(f"cell {number} shows a picture without alternative text; show it as a Figure")
    return Block(
        picture="data:image/png;base64," + re.sub(r"\s", "", _text(output.data["image/png"])),
        alt=shown["alt"],
        width=int(shown.get("width", 0)),
        key=about.get("key", ""),
        caption=about.get("caption", ""),
        note=about.get("note", ""),
        source=about.get("source", ""),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)


TEMPLATES = Path(__file__).resolve().parent / "template"
TEMPLATE = "report"
PAGE, RESULTS, TABLES = "report.html", "results.json", "tables.xlsx"


class Exporter(TemplateExporter):
    """nbconvert with this project's template; the page's parts come to it in ``resources["page"]``."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def __init__(self, **settings: Any) -> None:
        # The page is made of its parts, not of cells: preprocessors would validate the notebook once each for nothing.
        super().__init__(  # type: ignore[no-untyped-call]
            template_name=TEMPLATE,
            extra_template_basedirs=[str(TEMPLATES)],
            default_preprocessors=[],
            **settings,
        )


def build(executed_notebook: Path | str, folder: Path | str) -> list[Path]:
    """Write report.html and tables.xlsx into a folder that holds the results.json of the same run.

    Returns
    -------
    The files written.

    Raises
    ------
    page.NotebookError
        If a cell of the notebook failed, a picture has no alternative text, or a piece that was recorded is
        not on the page.
    FileNotFoundError
        If results.json is not there: the notebook has to open its report with this folder, and close it.
    ValueError
        If results.json was written by another version of its schema.
    """
    folder = Path(folder)
    results = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    if results.get("schema") != SCHEMA:
        raise ValueError(f"{RESULTS} has the schema {results.get('schema')!r}; this version reads {SCHEMA}")
    notebook = nbformat.read(Path(executed_notebook), as_version=4)  # type: ignore[no-untyped-call]
    spreadsheet.write(results, folder / TABLES)
    (folder / PAGE).write_text(html(notebook, results), encoding="utf-8", newline="\n")
    return [folder / PAGE, folder / TABLES]


def html(notebook: Any, results: dict[str, Any]) -> str:
    """The page as text; `results` as results.json holds it."""
    parts = sections(notebook)
    _check(parts, results["pieces"])
    style = _style(results)
    described = {
        "programme": results["programme"],
        "results": results,
        "sections": parts,
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "version": __version__,
    }
    text, _ = Exporter().from_notebook_node(notebook, resources={"page": described})
    return str(text)


def _check(parts: list[Section], pieces: dict[str, Any]) -> None:
    """Refuse a page that lacks a piece which results.json and the spreadsheet have."""
    blocks = [block for part in parts for block in part.blocks]
    everything = "".join(block.html for block in blocks)
    drawn = {block.key for block in blocks}
    lost = [key for key in pieces if key not in drawn and f'id="piece-{key}"' not in everything]
    if lost:
        raise NotebookError(f"recorded, but not displayed by the notebook: {', '.join(lost)}")


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    return (TEMPLATES / TEMPLATE / "report.css").read_text(encoding="utf-8")


def _style(results: dict[str, Any]) -> str:
    """The stylesheet, with what is printed at the head and foot of every sheet of paper."""
    head = " · ".join(text for text in (results["title"], results["period"]) if text)
    foot = " ".join(
        text for text in (INVENTED_SHORT if results["invented"] else "", results["status"]) if text
    )
    edges = f"@top-left {{ content: {_css_text(head)}; }} @bottom-left {{ content: {_css_text(foot)}; }}"
    return f"{_stylesheet()}\n@page {{ {edges} }}\n"


def _css_text(text: str) -> str:
    """A text as a CSS string; all but plain letters is written by number, so that nothing can end it."""
    safe = (c if c.isascii() and (c.isalnum() or c in " .,:;-()") else f"\\{ord(c):06x}" for c in text)
    return '"' + "".join(safe) + '"'
