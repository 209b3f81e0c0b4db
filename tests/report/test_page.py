"""From an executed notebook to the parts of a report."""

import nbformat.v4 as new
import pytest

from ci_eval.report import documents

PNG = "iVBORw0KGgo="


def notebook(*cells):
    return new.new_notebook(cells=list(cells))


def code(*outputs, tags=()):
    return new.new_code_cell("code = 1", outputs=list(outputs), metadata={"tags": list(tags)})


def displayed(data, **metadata):
    return new.new_output("display_data", data=data, metadata=metadata)


def test_headings_make_sections_and_the_first_of_all_is_the_title():
    parts = documents.sections(
        notebook(
            new.new_markdown_cell("# Title\n\nFor somebody."),
            new.new_markdown_cell("## Who & what?\n\nFirst.\n\n## Then\n\n### Smaller\n\nSecond."),
            code(displayed({"text/html": "<p>Piece</p>", "text/plain": "Piece"})),
        )
    )
    assert [part.title for part in parts] == ["", "Who & what?", "Then"]
    assert [part.anchor for part in parts] == ["", "section-who-what", "section-then"]
    assert "For somebody" in parts[0].blocks[0].html
    assert "Title" not in parts[0].blocks[0].html
    assert "<h3" in parts[2].blocks[0].html
    assert parts[2].blocks[1].html == "<p>Piece</p>"


def test_sections_of_one_name_have_anchors_of_their_own():
    parts = documents.sections(
        notebook(new.new_markdown_cell("# T"), *(new.new_markdown_cell("## Same") for _ in range(3)))
    )
    assert [part.anchor for part in parts[1:]] == ["section-same", "section-same-2", "section-same-3"]


def test_code_printed_lines_and_warnings_are_left_out():
    parts = documents.sections(
        notebook(
            code(
                new.new_output("stream", name="stdout", text="printed"),
                new.new_output("stream", name="stderr", text="warned"),
            )
        )
    )
    assert parts[0].blocks == []


def test_a_cell_for_the_person_at_the_notebook_is_left_out():
    hidden = new.new_markdown_cell("Only here", metadata={"tags": [documents.HIDDEN]})
    parts = documents.sections(notebook(hidden, code(displayed({"text/html": "x"}), tags=[documents.HIDDEN])))
    assert parts[0].blocks == []


def test_a_failed_cell_makes_no_page():
    failed = code(new.new_output("error", ename="KeyError", evalue="'x'", traceback=[]))
    with pytest.raises(documents.NotebookError, match="cell 1 failed with KeyError"):
        documents.sections(notebook(failed))


def test_a_picture_without_alternative_text_makes_no_page():
    with pytest.raises(documents.NotebookError, match="without alternative text"):
        documents.sections(notebook(code(displayed({"image/png": PNG}))))


def test_a_figure_carries_its_texts_and_its_caption_is_shown_once():
    about = {"key": "f", "caption": "Figure 1: Bars", "note": "N", "source": "S"}
    parts = documents.sections(
        notebook(
            code(
                displayed({"text/html": "<p>Figure 1: Bars</p>"}, ci_eval={"caption_of": "f"}),
                displayed(
                    {"image/png": PNG + "\n"},
                    ci_eval=about,
                    **{"image/png": {"alt": "Two bars", "width": 768}},
                ),
            )
        )
    )
    (block,) = parts[0].blocks
    assert block.picture == f"data:image/png;base64,{PNG}"
    assert (block.alt, block.width, block.caption, block.note, block.source) == (
        "Two bars",
        768,
        "Figure 1: Bars",
        "N",
        "S",
    )


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<iframe src='http://example.org'></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<p style='background:url(http://example.org/x)' onclick='alert(1)'>x</p>",
        "<svg onload=alert(1)></svg>",
        "<style>body{background:url(http://example.org)}</style>",
        "<link rel=stylesheet href=http://example.org>",
        "<base href=http://example.org><form action=http://example.org><input></form>",
    ],
)
def test_html_that_could_run_or_load_is_removed_from_outputs(evil):
    (block,) = documents.sections(
        notebook(code(displayed({"text/html": f"<p>before</p>{evil}<p>after</p>"})))
    )[0].blocks
    for sign in (
        "<script",
        "<img",
        "<iframe",
        "javascript:",
        "style=",
        "onclick",
        "<svg",
        "<style",
        "<link",
        "<form",
        "<base",
    ):
        assert sign not in block.html
    assert "<p>before</p>" in block.html
    assert "<p>after</p>" in block.html
    assert "alert(1)" not in block.html or "<" not in block.html.split("alert(1)")[0][-1:]


def test_html_in_a_text_cell_is_shown_as_text():
    html = documents.markdown(
        "Raw <script>alert(1)</script> and <b onclick='x'>bold</b>\n\n<div onload=x>block</div>"
    )
    assert "<script" not in html
    assert "<b" not in html.replace("<br", "")
    assert "&lt;script&gt;" in html


def test_markdown_is_rendered_without_outside_pictures_or_harmful_links():
    html = documents.markdown(
        "**bold** [method](https://example.org) [bad](javascript:alert(1)) ![p](http://example.org/p.png)"
    )
    assert "<strong>bold</strong>" in html
    assert '<a href="https://example.org">method</a>' in html
    assert "javascript:" not in html
    assert "<img" not in html
    assert "| a |" not in documents.markdown("| a |\n|---|\n| b |")


def test_plain_text_alone_is_shown_escaped():
    (block,) = documents.sections(notebook(code(displayed({"text/plain": "<b>"}))))[0].blocks
    assert block.html == "<pre>&lt;b&gt;</pre>"
