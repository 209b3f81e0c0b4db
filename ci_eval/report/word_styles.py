"""How report.docx looks: its styles for paragraphs and tables, in the fonts and colours of the page.

Word's own names are kept where it has one, so that a person's template can be laid over the file.
"""

from html import escape
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from ci_eval.report.spreadsheet import LANGUAGE

NAMESPACE = nsdecls("w")
WATERMARK_NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
FONT, INK, QUIET, ACCENT, MARK = "Arial", "1D1D1F", "4D525A", "0B4F8A", "7A1F06"
# style: of what, size in points, space before and after, colour, bold
STYLES = {
    "Normal": (10.5, 0, 6, INK, False),
    "Title": (22, 0, 4, INK, True),
    "Subtitle": (12, 0, 8, QUIET, False),
    "Heading 1": (15, 18, 6, ACCENT, True),
    "Heading 2": (12, 12, 4, INK, True),
    "Heading 3": (10.5, 10, 3, INK, True),
    "Caption": (10, 10, 4, INK, True),
    "List Bullet": (10.5, 0, 3, INK, False),
    "List Number": (10.5, 0, 3, INK, False),
    "Quote": (10.5, 0, 6, INK, False),
}
OWN_STYLES = {
    "Programme": (11, 0, 2, ACCENT, True),
    "Mark": (10.5, 0, 8, MARK, True),
    "Contents heading": (12, 14, 4, INK, True),
    "Contents entry": (10.5, 0, 2, ACCENT, False),
    "Key message": (11, 4, 6, INK, False),
    "Take care": (10.5, 4, 6, INK, False),
    "Not available": (10.5, 4, 6, INK, False),
    "Table text": (8.5, 1, 1, INK, False),
    "Note": (8.5, 2, 2, QUIET, False),
}
EDGES = {"Key message": ACCENT, "Take care": "A33B00", "Not available": QUIET}  # the bar beside a callout

TABLE_STYLE = (
    f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable"><w:name w:val="Report table"/>'
    '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>'
    '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="B9BEC6"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="B9BEC6"/></w:tblBorders>'
    '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
    '<w:bottom w:val="single" w:sz="12" w:space="0" w:color="1D1D1F"/></w:tcBorders></w:tcPr></w:tblStylePr></w:style>'
)


def set_styles(file: Any) -> None:
    """Give a new document its styles and its language."""
    defaults = file.styles.element.find(qn("w:docDefaults"))
    language = defaults.find(f".//{qn('w:lang')}")
    language.set(qn("w:val"), LANGUAGE)
    for name in OWN_STYLES:
        style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = file.styles["Normal"]
        style.quick_style = True
    for name, (size, before, after, colour, bold) in {**STYLES, **OWN_STYLES}.items():
        style = file.styles[name]
        properties = style.element.get_or_add_rPr()
        properties.clear()
        style.font.name, style.font.size = FONT, Pt(size)
        for script in ("w:cs", "w:eastAsia"):
            properties.find(qn("w:rFonts")).set(qn(script), FONT)
        style.font.bold, style.font.italic = bold, name == "Quote"
        style.font.color.rgb = RGBColor.from_string(colour)
        form = style.paragraph_format
        form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.15
        form.keep_with_next = name.startswith("Heading") or name in ("Caption", "Contents heading")
        form.widow_control = True
        if (border := style.element.pPr.find(qn("w:pBdr"))) is not None:
            style.element.pPr.remove(border)
        if name in EDGES:
            form.left_indent = Mm(3)
            form.keep_together = True
            style.element.pPr.insert_element_before(
                parse_xml(
                    f'<w:pBdr {NAMESPACE}><w:left w:val="single" w:sz="24" w:space="6" w:color="{EDGES[name]}"/></w:pBdr>'
                ),
                "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl",
            )  # fmt: skip
    file.styles.element.append(parse_xml(TABLE_STYLE))


def watermark(text: str) -> str:
    """A run for the header of every page that prints `text` across it, behind what is read; "" for none."""
    if not text:
        return ""
    place = "".join(
        f"mso-position-{way}:center;mso-position-{way}-relative:margin;" for way in ("horizontal", "vertical")
    )
    return (
        f"<w:r><w:pict {WATERMARK_NAMESPACES}>"
        # the kind of shape that Word calls text on a path; 136 is its number
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" path="m,l21600,m,21600l21600,21600e">'
        '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="watermark" alt="" type="#_x0000_t136" style="position:absolute;width:440pt;height:105pt;'
        f'rotation:315;z-index:-1;{place}" fillcolor="#d9dce0" stroked="f">'
        f'<v:textpath style="font-family:{FONT};font-weight:bold" string="{escape(text, quote=True)}"/>'
        "</v:shape></w:pict></w:r>"
    )
