"""What a Word file is written in: its paragraphs, runs, fields, bookmarks and rows of tables as WordprocessingML."""

import re
from collections.abc import Sequence
from html import escape

from docx.oxml.ns import nsdecls

NAMESPACES = nsdecls("w", "r", "wp", "a", "pic")
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML


def paragraph(
    runs: str, style: str = "Normal", *, keep: bool = False, right: bool = False, more: str = ""
) -> str:
    """A paragraph of runs in one of the styles of `word_styles`; `keep` holds it to the next, `more` is further layout."""
    look = f'<w:pStyle w:val="{style}"/>' + ("<w:keepNext/>" if keep else "") + more
    look += '<w:jc w:val="right"/>' if right else ""
    return f"<w:p><w:pPr>{look}</w:pPr>{runs}</w:p>"


def run(text: str, bold: bool = False, italic: bool = False) -> str:
    """A text as it is; a line break stays one."""
    look = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    lines = ILLEGAL.sub("\ufffd", text).split("\n")
    parts = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{look}{'<w:br/>'.join(parts)}</w:r>" if text else ""


def field(code: str, value: str) -> str:
    """A field that Word works out anew, such as a page's number, with its value until then."""
    return f'<w:fldSimple w:instr="{attribute(code)}">{run(value)}</w:fldSimple>'


def attribute(text: str) -> str:
    """A text as the value of an attribute."""
    return escape(ILLEGAL.sub("\ufffd", text), quote=True)


def bookmark(anchor: str) -> str:
    """A section's anchor as a bookmark: letters, figures and "_", at most 40, the end kept since it tells them apart."""
    name = re.sub(r"[^A-Za-z0-9]", "_", anchor)
    return name if len(name) <= 40 else f"s_{name[-38:]}"


def row(line: Sequence[str], widths: Sequence[int], numeric: Sequence[bool], place: int, rows: int) -> str:
    """A row; the first is repeated on every page, and the first and last two stay with their neighbours."""
    head = "<w:tblHeader/>" if place == 0 else ""
    low = '<w:vAlign w:val="bottom"/>' if head else ""
    keep = place < 2 or place >= rows - 2
    cells = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{low}</w:tcPr>'
        f"{paragraph(run(text), 'Tabletext', keep=keep, right=number)}</w:tc>"
        for text, width, number in zip(line, widths, numeric, strict=True)
    ]
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def uri(prefix: str) -> str:
    """The address that a prefix of `NAMESPACES` stands for."""
    return re.search(f'xmlns:{prefix}="([^"]+)"', NAMESPACES)[1]  # type: ignore[index]  # it is declared above
