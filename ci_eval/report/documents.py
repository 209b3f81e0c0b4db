"""The documents of a report, made from the executed notebook and its results.json.

``report.html`` is one file that asks for nothing: pictures and style are inside it, it has no script, and its
content security policy forbids everything else. It is a function of the notebook and of results.json alone,
so that the same run gives the same bytes.
"""

import base64
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.templateexporter import TemplateExporter

from ci_eval import __version__
from ci_eval.report import page, spreadsheet
from ci_eval.report.book import INVENTED_SHORT, SCHEMA

TEMPLATES = Path(__file__).resolve().parent / "template"
TEMPLATE = "report"
PAGE, RESULTS, TABLES = "report.html", "results.json", "tables.xlsx"
PROGRAMME = "Collaborative Improvement"


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
    parts = page.sections(notebook)
    _check(parts, results["pieces"])
    style = _style(results)
    described = {
        "programme": PROGRAMME,
        "results": results,
        "sections": parts,
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "version": __version__,
    }
    text, _ = Exporter().from_notebook_node(notebook, resources={"page": described})
    return str(text)


def _check(parts: list[page.Section], pieces: dict[str, Any]) -> None:
    """Refuse a page that lacks a piece which results.json and the spreadsheet have."""
    blocks = [block for part in parts for block in part.blocks]
    everything = "".join(block.html for block in blocks)
    drawn = {block.key for block in blocks}
    lost = [key for key in pieces if key not in drawn and f'id="piece-{key}"' not in everything]
    if lost:
        raise page.NotebookError(f"recorded, but not displayed by the notebook: {', '.join(lost)}")


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
