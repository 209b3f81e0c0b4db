"""report.docx and annex.docx: the sections of a page as a Word file that can be edited, read aloud and printed.

Decision: docs/decisions/0013-word-and-pdf.md. Headings, lists, captions and the header rows of tables are Word's own, so
that its contents, its navigation and a screen reader find them. The same arguments give the same bytes.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree, html

from ci_eval.report import markup, word_styles
from ci_eval.report.formats import NUMERIC
from ci_eval.report.outline import Section
from ci_eval.report.spreadsheet import LANGUAGE, repacked
from ci_eval.report.word_xml import NAMESPACES, attribute, bookmark, field, paragraph, row, run, uri

if TYPE_CHECKING:
    from ci_eval.report.canvas import Drawn

CREATED = dt.datetime(2000, 1, 1)  # a file made again must not differ by its date
PAPER, MARGIN = (210, 297), 16  # mm: A4
ON_A_PAGE = PAPER[1] - 2 * MARGIN - 45  # mm that a picture may be tall: room for heading, caption and notes
AMONG_MAIN_POINTS = 105  # mm: two pictures stand on the second page
TWIPS = 1440 / 25.4  # in a mm
EMU = 36_000  # in a mm
CHARACTER = 1.65  # mm that a character of a table is wide, and a little more
LONGEST = 24  # characters that a column is granted before any other has more
CELL = 3.2  # mm of a cell's inner edges
CALLOUTS = {"key": "Keymessage", "warning": "Takecare", "missing": "Notavailable"}  # styles
OTHER = {
    "report": ("Annex", "annex.docx", "Tables, tests, method and provenance"),
    "annex": ("Report", "report.docx", "The report to which this belongs"),
}


def write(
    place: str,
    parts: Sequence[Section],
    results: Mapping[str, Any],
    drawn: "Mapping[str, Drawn]",
    path: Path,
) -> None:
    """Write one document as a Word file.

    Parameters
    ----------
    place : "report" or "annex"
    parts : the sections that stand in it
    results : as ``Book.results`` gives them
    drawn : key of a figure → its picture, whose title is cropped since the caption says it
    """
    path.write_bytes(_Word(place, results, drawn).document(parts))


class _Word:
    """A Word file on its way: its parts, and the numbers given to what needs one."""

    def __init__(self, place: str, results: Mapping[str, Any], drawn: "Mapping[str, Drawn]") -> None:
        self.place, self.results, self.drawn = place, results, drawn
        self.file = Document()
        self.number = 0  # of pictures and bookmarks
        self.wide = False
        self.tallest = ON_A_PAGE
        self.name = f"{results['title']}{': annex' if place == 'annex' else ''}"
        self._set_up()
        self.upright = self.file.sections[0]._sectPr

    def document(self, parts: Sequence[Section]) -> bytes:
        headed = [part for part in parts if part.title]
        blocks = list(self._opening())
        if self.place == "annex":
            blocks += _contents(headed)
        for part in parts:
            main = self.place == "report" and part in headed[:1]
            self.tallest = AMONG_MAIN_POINTS if main else ON_A_PAGE
            blocks += self._section(part)
            if main:
                blocks += _contents(headed)
        blocks += self._turned(wide=False)
        body = self.file.element.body
        for element in parse_xml(f"<w:body {NAMESPACES}>{''.join(blocks)}</w:body>"):
            body.insert(len(body) - 1, element)  # before the properties of the last section
        stream = io.BytesIO()
        self.file.save(stream)
        return repacked(stream.getvalue())

    def _opening(self) -> Iterator[str]:
        results = self.results
        label, address, holds = OTHER[self.place]
        yield paragraph(run(results["programme"]), "Programme") if results["programme"] else ""
        yield paragraph(run(self.name), "Title")
        yield paragraph(run(results["subtitle"]), "Subtitle") if results["subtitle"] else ""
        yield paragraph(run(results["mark"]), "Mark") if results["mark"] else ""
        lines = [("Review period", results["period"]), ("Status", results["status"])]
        lines += results.get("release", {}).items()
        if changed := results["made_by"]["difference"]:
            lines.append(("Notebook", f"The analyst’s copy, not as shipped: {changed}"))
        for name, text in lines:
            yield paragraph(run(f"{name}: ", bold=True) + run(text)) if text else ""
        yield paragraph(run(f"{label}: ", bold=True) + self._link(address, run(holds)))

    def _section(self, part: Section) -> Iterator[str]:
        if part.title:
            yield from self._turned(wide=False)
            self.number += 1
            mark = f'<w:bookmarkStart w:id="{self.number}" w:name="{bookmark(part.anchor)}"/>'
            yield paragraph(
                f'{mark}{run(part.title)}<w:bookmarkEnd w:id="{self.number}"/>', "Heading1", keep=True
            )
        for text in part.text if self.place == "report" else ():
            yield from self._blocks(text)
        for key in part.pieces[self.place]:
            yield from self._piece(key, self.results["pieces"][key])

    def _piece(self, key: str, record: Mapping[str, Any]) -> Iterator[str]:
        if record["piece"] == "table":
            yield from self._table(record)
        elif record["piece"] == "figure":
            yield from self._turned(wide=False)
            yield _caption(record)
            yield self._picture(record, self.drawn[key])
            yield from _notes(record, [record["note"]])
        else:
            yield from self._turned(wide=False)
            style = CALLOUTS.get(record["level"], "Normal")
            if record["level"] in markup.LABEL:
                yield paragraph(run(markup.LABEL[record["level"]], bold=True), style, keep=True)
            yield from self._blocks(markup.paragraphs(record["text"]), style)
            yield from _notes(record, []) if self.place == "annex" else ()  # which names every source

    def _table(self, record: Mapping[str, Any]) -> Iterator[str]:
        """The table with its caption over it; one too wide for the page stands on a page turned sideways."""
        columns = record["columns"]
        lines = [[column["heading"] for column in columns], *record["cells"]]
        by_column = list(zip(*lines, strict=True))
        least = [_least(texts) * CHARACTER + CELL for texts in by_column]
        yield from self._turned(wide=sum(least) > PAPER[0] - 2 * MARGIN)
        room = PAPER[self.wide] - 2 * MARGIN
        wanted = [_wanted(texts) * CHARACTER + CELL for texts in by_column]
        widths = [round(one * TWIPS) for one in _shared(least, wanted, room)]
        numeric = [column["kind"] in NUMERIC for column in columns]
        yield _caption(record)
        rows = [row(line, widths, numeric, place, len(lines)) for place, line in enumerate(lines)]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        yield (
            '<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
            f'w:noVBand="1"/><w:tblCaption w:val="{attribute(markup.caption(record))}"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )
        notes = list(_notes(record, [record["note"], *markup.blank_notes(record)]))
        yield from notes or [paragraph("", "Note")]  # or Word would join it with a table that follows

    def _picture(self, record: Mapping[str, Any], drawn: "Drawn") -> str:
        relation, image = self.file.part.get_or_add_image(io.BytesIO(drawn.png))
        hidden = drawn.head * image.vert_dpi / image.px_height  # the title's share of the height
        wide = min(record["width"] / markup.CSS_PIXELS * 25.4, PAPER[0] - 2 * MARGIN)
        tall = wide * image.px_height * (1 - hidden) / image.px_width
        scale = min(1.0, self.tallest / tall)
        size = f'cx="{round(wide * scale * EMU)}" cy="{round(tall * scale * EMU)}"'
        crop = f'<a:srcRect t="{round(hidden * 100_000)}"/>'
        self.number += 1
        about = f'id="{self.number}" name="{attribute(record["label"])}" descr="{attribute(record["alt"])}"'
        drawing = (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f'<wp:docPr {about}/><a:graphic><a:graphicData uri="{uri("pic")}"><pic:pic>'
            f"<pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{relation}"/>{crop}<a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )
        return paragraph(drawing, keep=bool(record["note"] or record["source"]))

    def _turned(self, *, wide: bool) -> Iterator[str]:
        """What ends the pages of one direction, where those that follow have the other."""
        if wide != self.wide:
            ending = etree.tostring(_turned(self.upright, self.wide)).decode()
            yield (
                '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
                f"{ending}</w:pPr></w:p>"
            )
            self.wide = wide

    def _blocks(self, text: str, style: str = "Normal") -> Iterator[str]:
        """HTML of a text cell or a sentence as paragraphs, lists, headings and tables."""
        for element in html.fragments_fromstring(text):
            if isinstance(element, str):
                yield paragraph(run(element), style) if element.strip() else ""
            else:
                yield from self._block(element, style)

    def _block(self, element: Any, style: str, level: int = 0) -> Iterator[str]:
        tag = element.tag
        if tag in ("ul", "ol"):
            look = "ListBullet" if tag == "ul" else "ListNumber"
            number = self._new_list() if tag == "ol" else ""
            for item in element.findall("li"):
                inner = [child for child in item if child.tag in ("ul", "ol")]
                for child in inner:
                    item.remove(child)
                yield paragraph(self._inline(item), look, more=number)
                for child in inner:
                    yield from self._block(child, style, level + 1)
        elif tag == "blockquote":
            for child in element:
                yield from self._block(child, "Quote")
        elif re.fullmatch(r"h[3-6]", tag):
            yield paragraph(self._inline(element), "Heading2" if tag == "h3" else "Heading3")
        elif tag == "table":
            rows = [[" ".join(cell.text_content().split()) for cell in row] for row in element.iter("tr")]
            columns = [{"heading": text, "kind": "text"} for text in rows[0]]
            untitled = {"title": "", "note": "", "source": "", "blanks": {}}
            yield from self._table(untitled | {"columns": columns, "cells": rows[1:]})
        else:
            yield paragraph(self._inline(element), style)

    def _inline(self, element: Any, bold: bool = False, italic: bool = False) -> str:
        """The runs of an element: bold, italic, links and line breaks."""
        runs = [run(element.text or "", bold, italic)]
        for child in element:
            strong, slanted = bold or child.tag == "strong", italic or child.tag == "em"
            inner = "<w:r><w:br/></w:r>" if child.tag == "br" else self._inline(child, strong, slanted)
            runs += [self._link(child.get("href", ""), inner) if child.tag == "a" else inner]
            runs += [run(child.tail or "", bold, italic)]
        return "".join(runs)

    def _link(self, address: str, runs: str) -> str:
        if address.startswith("#"):
            return f'<w:hyperlink w:anchor="{bookmark(address[1:])}">{runs}</w:hyperlink>'
        if not address:
            return runs
        relation = self.file.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        look = f'<w:rPr><w:color w:val="{word_styles.ACCENT}"/><w:u w:val="single"/>'
        runs = runs.replace("<w:rPr>", look).replace("<w:r><w:t ", f"<w:r>{look}</w:rPr><w:t ")
        return f'<w:hyperlink r:id="{relation}">{runs}</w:hyperlink>'

    def _new_list(self) -> str:
        """The numbering of a list that begins with 1."""
        numbering = self.file.part.numbering_part.element
        style = self.file.styles["List Number"].element
        kept = style.find(f".//{qn('w:numId')}").get(qn("w:val"))
        (one,) = (num for num in numbering.num_lst if str(num.numId) == kept)
        new = numbering.add_num(one.abstractNumId.val)
        new.add_lvlOverride(ilvl=0).add_startOverride(1)
        return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{new.numId}"/></w:numPr>'

    def _set_up(self) -> None:
        """Paper, styles, language, properties, and what stands at the head and foot of every page."""
        file, results = self.file, self.results
        section = file.sections[0]
        section.page_width, section.page_height = (Mm(side) for side in PAPER)
        section.left_margin = section.right_margin = Mm(MARGIN)
        section.top_margin = section.bottom_margin = Mm(20)
        section.header_distance = section.footer_distance = Mm(10)
        word_styles.set_styles(file)
        about = file.core_properties
        about.title = f"{'Invented data: ' if results['invented'] else ''}{self.name}" + (
            f", {results['period']}" if results["period"] else ""
        )
        about.author = about.last_modified_by = results["author"] or results["programme"]
        about.subject, about.comments = results["status"], results["mark"]
        about.language, about.keywords = LANGUAGE, ""
        about.created = about.modified = CREATED
        about.revision = 1
        head = " · ".join(text for text in (self.name, results["period"]) if text)
        short = f"{markup.INVENTED_SHORT} " if results["invented"] else ""
        pages = run("Page ") + field("PAGE", "1") + run(" of ") + field("NUMPAGES", "1")
        for edge, lines in (
            (section.header, [run(head) + word_styles.watermark(results["watermark"])]),
            (section.footer, [run(short + results["status"]), pages]),
        ):
            edge.is_linked_to_previous = False
            root = edge._element
            root.remove(root[0])
            for line in lines:
                root.append(parse_xml(paragraph(line, "Note").replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))


def _turned(properties: Any, wide: bool) -> Any:
    """A section's properties, for pages upright or turned sideways."""
    turned = deepcopy(properties)
    size = turned.find(qn("w:pgSz"))
    if wide:
        across, down = size.get(qn("w:w")), size.get(qn("w:h"))
        size.set(qn("w:w"), down)
        size.set(qn("w:h"), across)
        size.set(qn("w:orient"), "landscape")
    return turned


def _contents(headed: Sequence[Section]) -> list[str]:
    """Word's own contents: links until a person updates it, which adds page numbers."""
    if not headed:
        return []
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" \\h \\z '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    links = [
        f'<w:hyperlink w:anchor="{bookmark(part.anchor)}" w:history="1">{run(part.title)}</w:hyperlink>'
        for part in headed
    ]
    links[0] = begin + links[0]
    links[-1] += end
    return [
        paragraph(run("Contents"), "Contentsheading", keep=True),
        *(paragraph(one, "Contentsentry", keep=one is not links[-1]) for one in links),
    ]


def _caption(record: Mapping[str, Any]) -> str:
    """The caption over a table or picture, its number a field of Word's."""
    match = re.fullmatch(r"(.*?)(\d+)", record.get("label", ""))
    if not match:
        return paragraph(run(record["title"]), "Caption") if record["title"] else ""
    kind = match[1].split()[0]
    number = field(f"SEQ {kind} \\* ARABIC", match[2])
    return paragraph(run(match[1]) + number + run(f": {record['title']}"), "Caption")


def _notes(record: Mapping[str, Any], texts: Sequence[str]) -> Iterator[str]:
    lines = [f"Note: {text}" for text in texts if text]
    lines += [f"Source: {record['source']}"] if record["source"] else []
    for place, text in enumerate(lines, start=1):
        yield paragraph(run(text), "Note", keep=place < len(lines))


def _least(texts: Sequence[str]) -> int:
    """Characters a column must be wide: its longest word, and a long text in lines of some length."""
    longest = max(len(word) for text in texts for word in [*re.split(r"[\s/–-]+", text), ""])
    return min(max(longest, *(len(text) // 3 for text in texts)), LONGEST)


def _wanted(texts: Sequence[str]) -> float:
    """Characters a column would like to be wide: a heading may take three lines, a cell two or more where it is long."""
    heading, *cells = (len(text) for text in texts)
    return max(heading / 3, *(min(cell, 45 + cell / 8) for cell in cells), 0)


def _shared(least: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """Widths that fill the room: at least the longest word of each column, the rest as wanted."""
    if sum(least) >= room:
        return [one * room / sum(least) for one in least]
    more = [max(want - low, 0) for want, low in zip(wanted, least, strict=True)]
    spare = room - sum(least)
    if sum(more) <= spare:
        return [low + extra for low, extra in zip(least, more, strict=True)]
    return [low + extra * spare / sum(more) for low, extra in zip(least, more, strict=True)]
