"""The outline of report and annex: the sections that a notebook's text cells and recorded pieces make.

Nothing a cell displayed by itself is taken: pieces come from their records, headings and text from the notebook's
file. Markup in text cells is never trusted: HTML written there is shown as text, and pictures are not loaded.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from typing import Any

import mistune

from ci_eval.report.notebook_cells import NOT_IN_REPORT, Cell

PLACES = ("report", "annex")
SHOWN = re.compile(r"\bbook\.(?:show|annex)\(")
HEADING = re.compile(r"<h([12])>(.*?)</h\1>", re.DOTALL)


@dataclass
class Section:
    """A heading and what stands under it; the first section of a page has no heading.

    Attributes
    ----------
    title, anchor : the heading, and the id that links lead to
    text : from text cells, as HTML
    shows : whether one of its cells shows pieces, which may be none
    pieces : keys by document, "report" and "annex"
    """

    title: str = ""
    anchor: str = ""
    text: list[str] = field(default_factory=list)
    pieces: dict[str, list[str]] = field(default_factory=lambda: {place: [] for place in PLACES})
    shows: bool = False


def sections(
    pieces: Mapping[str, Mapping[str, Any]], cells: Sequence[Cell], placed: Mapping[str, int]
) -> list[Section]:
    """The sections of both documents, the introduction first.

    The first heading of the first level is the title, which the page shows by itself; every other heading of
    the first or second level begins a section.
    """
    made = [Section()]
    titled = False
    _add(made[-1], [key for key in pieces if placed.get(key, -1) < 0], pieces)
    for place, cell in enumerate(cells):
        if cell.kind == "code":
            made[-1].shows |= bool(SHOWN.search(cell.source))
            _add(made[-1], [key for key in pieces if placed.get(key, -1) == place], pieces)
        elif NOT_IN_REPORT not in cell.tags:
            for heading, level, body in _split(text_html(cell.source)):
                if heading and (titled or level > 1):
                    made.append(Section(heading, _anchor(heading, made)))
                titled = titled or bool(heading)
                if body.strip():
                    made[-1].text.append(body)
    return made


def _add(section: Section, keys: Iterable[str], pieces: Mapping[str, Mapping[str, Any]]) -> None:
    for key in keys:
        section.pieces[pieces[key]["place"]].append(key)


class _TextCell(mistune.HTMLRenderer):
    """Markdown as HTML in which a picture is its alternative text; HTML is escaped, harmful links are dropped."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return escape(text)


def text_html(source: str) -> str:
    """A text cell as HTML.

    Examples
    --------
    >>> text_html("**Bold** <b>not</b>")
    '<p><strong>Bold</strong> &lt;b&gt;not&lt;/b&gt;</p>\\n'
    """
    return str(_markdown()(source))


@lru_cache(maxsize=1)
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(renderer=_TextCell(escape=True), plugins=["table", "strikethrough"])


def _split(html: str) -> Iterator[tuple[str, int, str]]:
    """The parts of a text cell: heading ("" before the first), its level, and the HTML under it."""
    at, heading, level = 0, "", 0
    for match in HEADING.finditer(html):
        if heading or html[at : match.start()].strip():
            yield heading, level, html[at : match.start()]
        at, heading, level = match.end(), unescape(re.sub(r"<[^>]+>", "", match[2])).strip(), int(match[1])
    yield heading, level, html[at:]


def _anchor(heading: str, made: list[Section]) -> str:
    """An id for a section, the same for the same headings in the same order."""
    words = re.sub(r"[^a-z0-9]+", "-", heading.casefold()).strip("-")[:60].strip("-") or "part"
    taken = {section.anchor for section in made}
    anchor, number = f"section-{words}", 2
    while anchor in taken:
        anchor, number = f"section-{words}-{number}", number + 1
    return anchor


def kept(place: str, parts: Iterable[Section]) -> list[Section]:
    """The sections of one document.

    The annex holds the sections with pieces in it, without their text. The report holds its own pieces and all text,
    but no section whose pieces all stand in the annex: its heading would head nothing.
    """
    return [part for part in parts if part.pieces[place] or (place == "report" and _is_text(part))]


def _is_text(part: Section) -> bool:
    """Whether a section is words alone; where its cells show pieces and there are none, nothing was asked of it.

    The introduction keeps its words in any case.
    """
    return bool((part.text or part.title) and not (part.title and (part.shows or any(part.pieces.values()))))
