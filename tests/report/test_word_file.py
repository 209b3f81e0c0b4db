"""report.docx and annex.docx, read back as Word would read them."""

import io
import zipfile

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from ci_eval.report import word_file
from ci_eval.report.book import Book
from ci_eval.report.canvas import Drawn
from ci_eval.report.outline import Section
from ci_eval.report.pieces import Column, Figure, Sentence, Table

TEXT = (
    "<p>By <strong>two</strong> people, <a href='https://example.org/m'>the method</a>.</p>"
    "<h3>Smaller</h3><ol><li>one<ul><li>inner</li></ul></li><li>two</li></ol>"
)
WIDE = tuple(f"Interpretation number {place}" for place in range(14))


def png():
    stream = io.BytesIO()
    Image.new("RGB", (1600, 1000), "white").save(stream, "PNG")
    return stream.getvalue()


def results(invented=True, watermark=""):
    book = Book(
        "A <trial> & more",
        "Sub",
        "2021-22",
        invented=invented,
        programme="The programme",
        watermark=watermark,
    )
    frame = pd.DataFrame({"name": ["first\x0bof all", "second"], "number": [1200, None]})
    columns = (Column("name", "Name"), Column("number", "Number", "count", blank="nobody counted"))
    book.show(
        Sentence("key", "Most agreed.", level="key"),
        Sentence("care", "Few answered.\n\n- one\n- two", level="warning", source="The survey"),
        Table("narrow", "What was counted", frame, columns, note="A note.", source="The survey"),
        Figure("chart", "It rose", lambda ax: ax.plot([1, 2]), "A line that rises.", frame, note="Seen."),
    )
    wide = pd.DataFrame({name: ["interpretation"] for name in WIDE})
    book.annex(Table("wide", "Everything", wide, tuple(Column(name, name) for name in WIDE)))
    return book.results()


def made(path, place="report", **more):
    sections = [
        Section("", "", [TEXT]),
        Section("Main points", "section-main", [], {"report": ["key", "care"], "annex": []}),
        Section("What?", "section-what", [], {"report": ["narrow", "chart"], "annex": ["wide"]}),
    ]
    kept = [part for part in sections if place == "report" or part.pieces[place]]
    word_file.write(place, kept, results(**more), {"chart": Drawn(png(), head=0.5)}, path / "w.docx")
    return Document(str(path / "w.docx"))


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return made(tmp_path_factory.mktemp("word"))


def of_style(document, name):
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == name]


def test_title_and_headings_have_words_own_levels(report):
    assert of_style(report, "Title") == ["A <trial> & more"]
    assert of_style(report, "Heading 1") == ["Main points", "What?"]
    assert of_style(report, "Heading 2") == ["Smaller"]


def test_properties_say_title_author_language_and_no_time(report):
    about = report.core_properties
    assert about.title == "Invented data: A <trial> & more, 2021-22"
    assert (about.author, about.language, about.created.year) == ("The programme", "en-GB", 2000)
    languages = report.styles.element.findall(f".//{qn('w:lang')}")
    assert {language.get(qn("w:val")) for language in languages} == {"en-GB"}


def test_captions_number_themselves_and_say_the_title(report):
    xml = report.element.xml
    assert 'w:instr="SEQ Table \\* ARABIC"' in xml
    assert 'w:instr="SEQ Figure \\* ARABIC"' in xml
    assert [text.split(": ")[-1] for text in of_style(report, "Caption")] == ["What was counted", "It rose"]


def test_a_table_has_a_header_row_that_repeats_and_rows_that_stay_whole(report):
    (table,) = report.tables
    first, *others = table._tbl.tr_lst
    assert first.find(f".//{qn('w:tblHeader')}") is not None
    assert all(row.find(f".//{qn('w:tblHeader')}") is None for row in others)
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in table._tbl.tr_lst)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Name", "Number"],
        ["firstof all", "1,200"],
        ["second", "–"],
    ]


def test_notes_reasons_and_source_stand_under_their_table(report):
    notes = of_style(report, "Note")
    assert notes[:3] == [
        "Note: A note.",
        "Note: – in Number: nobody counted.",
        "Source: The survey",
    ]


def test_a_picture_carries_its_alternative_text_and_fits_the_page(report):
    (shape,) = report.inline_shapes
    assert shape._inline.docPr.get("descr") == "A line that rises."
    assert shape.width.mm <= 178
    # the title's half inch, 36 of 1,000 rows, is cropped: the caption says it
    assert shape.height / shape.width == pytest.approx((1000 - 36) / 1600, abs=1e-4)
    assert '<a:srcRect t="3600"/>' in shape._inline.xml


@pytest.mark.parametrize(("section", "tallest"), [("Main points", 105), ("What?", 220)])
def test_a_tall_picture_among_the_main_points_leaves_room_for_another(tmp_path, section, tallest):
    tall = io.BytesIO()
    Image.new("RGB", (100, 1000), "white").save(tall, "PNG")
    part = Section(section, "section-a", [], {"report": ["chart"], "annex": []})
    before = Section("Main points", "section-main", [], {"report": ["key"], "annex": []})
    parts = [part] if section == "Main points" else [before, part]
    word_file.write("report", parts, results(), {"chart": Drawn(tall.getvalue())}, tmp_path / "w.docx")
    (shape,) = Document(str(tmp_path / "w.docx")).inline_shapes
    assert shape.height.mm == pytest.approx(tallest, abs=0.1)


def test_head_and_foot_say_what_it_is_and_count_the_pages(report):
    (section,) = report.sections
    assert "Invented data" in section.footer.paragraphs[0].text
    assert 'w:instr="NUMPAGES"' in section.footer._element.xml
    assert "2021-22" in section.header.paragraphs[0].text
    assert "textpath" not in section.header._element.xml


def test_a_watermark_stands_in_the_head_of_every_page(tmp_path):
    (section,) = made(tmp_path, watermark="A & B").sections
    assert 'string="A &amp; B"' in section.header._element.xml


def test_contents_follow_the_main_points_and_lead_to_every_heading(report):
    texts = [paragraph.text for paragraph in report.paragraphs]
    assert texts.index("Contents") > texts.index("Main points")
    assert texts.index("Contents") < texts.index("What?")
    xml = report.element.xml
    for anchor in ("section_main", "section_what"):
        assert f'w:hyperlink w:anchor="{anchor}"' in xml
        assert f'w:name="{anchor}"' in xml


def test_links_lists_and_bold_of_text_cells_are_words_own(report):
    assert "https://example.org/m" in {one.target_ref for one in report.part.rels.values() if one.is_external}
    assert of_style(report, "List Number") == ["one", "two"]
    assert of_style(report, "List Bullet") == ["inner", "one", "two"]
    assert [run.text for run in report.paragraphs[7].runs if run.bold] == ["two"]


def test_a_callout_says_in_words_what_it_is(report):
    assert of_style(report, "Take care") == ["Take care", "Few answered."]
    assert of_style(report, "Key message") == ["Most agreed."]


def test_report_and_annex_name_each_other(report, tmp_path):
    def files(document):
        return {one.target_ref for one in document.part.rels.values() if one.is_external}

    assert "annex.docx" in files(report)
    assert "report.docx" in files(made(tmp_path, "annex"))


def test_a_table_too_wide_for_the_page_stands_on_a_page_turned_sideways(tmp_path):
    annex = made(tmp_path, "annex")
    assert [section.page_width > section.page_height for section in annex.sections] == [False, True, False]
    (table,) = annex.tables
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert sum(widths) == pytest.approx((297 - 32) * 1440 / 25.4, abs=len(widths))


def test_a_real_report_bears_no_mark(tmp_path):
    real = made(tmp_path, invented=False)
    assert of_style(real, "Mark") == []
    assert "Invented" not in real.sections[0].footer.paragraphs[0].text


def test_the_same_arguments_give_the_same_bytes(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    made(tmp_path / "a"), made(tmp_path / "b")
    first, second = ((tmp_path / name / "w.docx").read_bytes() for name in "ab")
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
