"""From a notebook's cells and records to the sections of a page."""

import pytest

from ci_eval.report import outline
from ci_eval.report.notebook_cells import NOT_IN_REPORT, Cell
from ci_eval.report.pieces import Sentence


def text(source, *tags):
    return Cell("markdown", source, tags)


CODE = Cell("code", "book.show(…)")


def record(key, place="report"):
    return {**Sentence(key, f"Text of {key}.").record(), "place": place}


def sections(*cells, pieces=(), placed=None):
    records = {key: record(key, place) for key, place in pieces}
    return outline.sections(records, cells, placed or {})


def test_headings_make_sections_and_the_first_of_all_is_the_title():
    parts = sections(
        text("# Title\n\nFor somebody."),
        text("## Who & what?\n\nFirst.\n\n## Then\n\n### Smaller\n\nSecond."),
        CODE,
        pieces=[("piece", "report")],
        placed={"piece": 2},
    )
    assert [part.title for part in parts] == ["", "Who & what?", "Then"]
    assert [part.anchor for part in parts] == ["", "section-who-what", "section-then"]
    assert "For somebody" in parts[0].text[0]
    assert "Title" not in parts[0].text[0]
    assert "<h3" in parts[2].text[0]
    assert parts[2].pieces["report"] == ["piece"]


def test_sections_of_one_name_have_anchors_of_their_own():
    parts = sections(text("# T"), *(text("## Same") for _ in range(3)))
    assert [part.anchor for part in parts[1:]] == ["section-same", "section-same-2", "section-same-3"]


def test_a_piece_stands_under_the_heading_of_its_cell_in_its_document():
    parts = sections(
        text("# T\n\n## One"), CODE, text("## Two"), CODE,
        pieces=[("a", "annex"), ("b", "report"), ("c", "annex")],
        placed={"a": 1, "b": 1, "c": 3},
    )  # fmt: skip
    one, two = parts[1:]
    assert one.pieces == {"report": ["b"], "annex": ["a"]}
    assert two.pieces == {"report": [], "annex": ["c"]}


def test_pieces_of_no_known_cell_stand_before_the_first_heading():
    parts = sections(text("# T"), text("## One"), pieces=[("a", "report")])
    assert parts[0].pieces["report"] == ["a"]


def test_a_text_cell_for_the_person_at_the_notebook_is_left_out():
    parts = sections(text("# T"), text("Only here", NOT_IN_REPORT))
    assert parts[0].text == []


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![picture](http://example.org/p.png)",
        "<p style='background:url(http://example.org/x)' onclick='alert(1)'>x</p>",
        "<style>body{background:url(http://example.org)}</style>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_what_could_run_or_load_in_a_text_cell_is_text(evil):
    html = outline.text_html(f"before {evil} after\n\n{evil}")
    for sign in ("<script", "<img", "<style", "<p style", 'href="javascript', 'href="data'):
        assert sign not in html
    assert "before" in html


def test_markdown_is_rendered():
    html = outline.text_html("**bold** [method](https://example.org)\n\n- one\n- two")
    assert "<strong>bold</strong>" in html
    assert '<a href="https://example.org">method</a>' in html
    assert "<li>one</li>" in html


def test_dollars_of_a_text_cell_stay_text():
    assert "$5 and $6" in outline.text_html("Costs $5 and $6")


def test_a_section_whose_cells_had_nothing_to_show_goes_with_its_heading():
    parts = sections(text("# T"), text("## Silent\n\nWhat it is about."), CODE, text("## Words\n\nAlone."))
    assert [part.title for part in outline.kept("report", parts)] == ["Words"]
