"""The documents of a book: report.html, annex.html and tables.xlsx, made from records and the notebook's text cells.

Nothing a cell displayed by itself is taken: pieces come from their records, headings and text from the notebook's
file. Markup in text cells is never trusted: HTML written there is shown as text, and pictures are not loaded.

A page is one file that asks for nothing: pictures and style are inside it, it has no script, and its content security
policy forbids everything else. It is a function of its arguments, so that the same run gives the same bytes.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import mistune

from ci_eval import __version__
from ci_eval.report import markup, spreadsheet
from ci_eval.report.markup import INVENTED_SHORT
from ci_eval.report.notebook_cells import NOT_IN_REPORT, Cell

if TYPE_CHECKING:
    from ci_eval.report.canvas import Drawn

PAGES = {"report": "report.html", "annex": "annex.html"}
RESULTS, TABLES, FIGURES = "results.json", "tables.xlsx", "figures"
TEMPLATES = Path(__file__).resolve().parent / "template"
HEADING = re.compile(r"<h([12])>(.*?)</h\1>", re.DOTALL)


@dataclass
class Section:
    """A heading and what stands under it, as HTML; the first section of a page has no heading.

    Attributes
    ----------
    title, anchor : the heading, and the id that links lead to
    text : from text cells
    pieces : by document, "report" and "annex"
    """

    title: str = ""
    anchor: str = ""
    text: list[str] = field(default_factory=list)
    pieces: dict[str, list[str]] = field(default_factory=lambda: {place: [] for place in PAGES})


def write(
    folder: Path,
    results: Mapping[str, Any],
    cells: Sequence[Cell],
    placed: Mapping[str, int],
    drawn: "Mapping[str, Drawn]",
) -> list[str]:
    """Write everything a book leaves in its folder, and give the names.

    Parameters
    ----------
    folder : made where it is not there
    results : as `Book.results` gives them
    cells : of the notebook's file
    placed : key of a piece → place of its cell among `cells`
    drawn : key of a figure → its pictures
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / RESULTS).write_text(text + "\n", encoding="utf-8", newline="\n")
    if drawn:
        from ci_eval.report import canvas

        for key, picture in drawn.items():
            canvas.write(picture, folder / FIGURES, key)
    spreadsheet.write(results, folder / TABLES)
    parts = sections(results["pieces"], cells, placed, {key: one.page for key, one in drawn.items()})
    for place, name in PAGES.items():
        (folder / name).write_text(page(place, parts, results), encoding="utf-8", newline="\n")
    return [*PAGES.values(), TABLES, RESULTS, *([FIGURES] if drawn else [])]


def sections(
    pieces: Mapping[str, Mapping[str, Any]],
    cells: Sequence[Cell],
    placed: Mapping[str, int],
    pictures: Mapping[str, bytes],
) -> list[Section]:
    """The sections of both documents, the introduction first.

    The first heading of the first level is the title, which the page shows by itself; every other heading of
    the first or second level begins a section.
    """
    made = [Section()]
    titled = False
    _add(made[-1], [key for key in pieces if placed.get(key, -1) < 0], pieces, pictures)
    for place, cell in enumerate(cells):
        if cell.kind == "code":
            _add(made[-1], [key for key in pieces if placed.get(key, -1) == place], pieces, pictures)
        elif NOT_IN_REPORT not in cell.tags:
            for heading, level, body in _split(text_html(cell.source)):
                if heading and (titled or level > 1):
                    made.append(Section(heading, _anchor(heading, made)))
                titled = titled or bool(heading)
                if body.strip():
                    made[-1].text.append(body)
    return made


def _add(
    section: Section,
    keys: Iterable[str],
    pieces: Mapping[str, Mapping[str, Any]],
    pictures: Mapping[str, bytes],
) -> None:
    for key in keys:
        html = markup.piece_html(key, pieces[key], pictures.get(key, b""))
        section.pieces[pieces[key]["place"]].append(html)


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


def page(place: str, parts: Sequence[Section], results: Mapping[str, Any]) -> str:
    """The report or the annex as one HTML file.

    The annex holds the sections with pieces in it, without their text. The report holds its own pieces and all text,
    but no section whose pieces all stand in the annex: its heading would head nothing.
    """
    other = "annex" if place == "report" else "report"
    kept = [part for part in parts if part.pieces[place] or (place == "report" and _is_text(part))]
    linked = {part.anchor for part in parts if part.title and all(part.pieces.values())}
    style = _style(results)
    return _template().render(
        place=place,
        pages=PAGES,
        other=other,
        linked=linked,
        any_annex=any(part.pieces["annex"] for part in parts),
        programme=results["programme"],
        results=results,
        sections=kept,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        version=__version__,
    )


def _is_text(part: Section) -> bool:
    """Whether a section has no piece in either document, only words; the introduction keeps its words in any case."""
    return bool((part.text or part.title) and not (part.title and any(part.pieces.values())))


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    return jinja2.Environment(loader=loader, autoescape=True).get_template("page.html.j2")


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    return (TEMPLATES / "page.css").read_text(encoding="utf-8")


def _style(results: Mapping[str, Any]) -> str:
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
