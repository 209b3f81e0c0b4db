"""An executed notebook as the parts of a report: an introduction, then sections with text and pieces.

Only what a reader is meant to see is taken: text cells, and what cells displayed. Code, prompts, printed
lines and warnings are left out. Markup is never trusted: HTML in text cells is shown as text, and every piece of
HTML is reduced to the tags and attributes that reports need.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors.sanitize import SanitizeHTML

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
