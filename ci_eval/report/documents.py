"""The documents of a book: page, Word file and spreadsheet, made from records and the notebook's text cells.

A page is one file that asks for nothing: pictures and style are inside it, it has no script, and its content security
policy forbids everything else. It is a function of its arguments, so that the same run gives the same bytes.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from ci_eval import __version__
from ci_eval.report import markup, outline, spreadsheet, style
from ci_eval.report.markup import INVENTED_SHORT
from ci_eval.report.notebook_cells import Cell

if TYPE_CHECKING:
    from ci_eval.report.canvas import Drawn

PAGES = {"report": "report.html", "annex": "annex.html"}
WORD = {"report": "report.docx", "annex": "annex.docx"}
RESULTS, TABLES, FIGURES = "results.json", "tables.xlsx", "figures"
TEMPLATES = Path(__file__).resolve().parent / "template"


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
    from ci_eval.report import word_file

    parts = outline.sections(results["pieces"], cells, placed)
    for place, name in PAGES.items():
        (folder / name).write_text(page(place, parts, results, drawn), encoding="utf-8", newline="\n")
        word_file.write(place, outline.kept(place, parts), results, drawn, folder / WORD[place])
    return [*PAGES.values(), *WORD.values(), TABLES, RESULTS, *([FIGURES] if drawn else [])]


def page(
    place: str, parts: Sequence[outline.Section], results: Mapping[str, Any], drawn: "Mapping[str, Drawn]"
) -> str:
    """The report or the annex as one HTML file; `drawn` holds the pictures by the key of their figure."""
    other = "annex" if place == "report" else "report"
    linked = {part.anchor for part in parts if part.title and all(part.pieces.values())}
    sheet, records = _stylesheet(results), results["pieces"]
    return _template().render(
        place=place,
        pages=PAGES,
        other=other,
        linked=linked,
        any_annex=any(part.pieces["annex"] for part in parts),
        programme=results["programme"],
        results=results,
        sections=outline.kept(place, parts),
        piece=lambda key: markup.piece_html(key, records[key], _chart(key, records[key], drawn)),
        style=sheet,
        style_hash=base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode(),
        version=__version__,
    )


def _chart(key: str, record: Mapping[str, Any], drawn: "Mapping[str, Drawn]") -> str:
    """The SVG element of a figure that is drawn; "" for any other piece."""
    if key not in drawn:
        return ""
    from ci_eval.report import vector

    one = drawn[key]
    return vector.element(one.svg, key, record["alt"], record["width"], one.head, "own" in record)


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    return jinja2.Environment(loader=loader, autoescape=True).get_template("page.html.j2")


def _stylesheet(results: Mapping[str, Any]) -> str:
    """The stylesheet, with what is printed at the head and foot of every sheet of paper."""
    head = " · ".join(text for text in (results["title"], results["period"]) if text)
    foot = " ".join(
        text for text in (INVENTED_SHORT if results["invented"] else "", results["status"]) if text
    )
    edges = f"@top-left {{ content: {_css_text(head)}; }} @bottom-left {{ content: {_css_text(foot)}; }}"
    rules = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    return f"{rules}\n{style.dark_rules()}\n@page {{ {edges} }}\n"


def _css_text(text: str) -> str:
    """A text as a CSS string; all but plain letters is written by number, so that nothing can end it."""
    safe = (c if c.isascii() and (c.isalnum() or c in " .,:;-()") else f"\\{ord(c):06x}" for c in text)
    return '"' + "".join(safe) + '"'
