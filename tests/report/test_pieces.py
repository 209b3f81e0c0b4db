"""Pieces refuse what could not be shown, and are written safely."""

import json
import zipfile

import pandas as pd
import pytest

from ci_eval.agreement import EDUCATION_SCOTLAND
from ci_eval.report import Book, Column, Figure, Sentence, Table, markup

FRAME = pd.DataFrame({"who": ["Fife", "Moray"], "n": [1200, 3], "share": [0.917, None]})
COLUMNS = (Column("who", "Council"), Column("n", "People", "count"), Column("share", "Share", "percent"))


def html_of(piece, label=""):
    return markup.piece_html(piece.key, piece.record() | {"label": label})


def table(**changed):
    return Table(
        **({"key": "t", "title": "A table", "frame": FRAME, "columns": COLUMNS, "bands": ()} | changed)
    )


@pytest.mark.parametrize("key", ["", "../x", "A", "a b", "a/b", "-a", "a" * 81, "é"])
def test_a_key_that_cannot_name_a_file_is_refused(key):
    with pytest.raises(ValueError, match="key"):
        Sentence(key, "Text.")


def test_an_empty_sentence_and_an_unknown_level_are_refused():
    with pytest.raises(ValueError, match="no text"):
        Sentence("a", " ")
    with pytest.raises(ValueError, match="level"):
        Sentence("a", "Text.", level="loud")


def test_a_table_without_rows_is_refused():
    with pytest.raises(ValueError, match="what is missing"):
        table(frame=FRAME.head(0))


def test_a_column_that_is_not_in_the_frame_is_named():
    with pytest.raises(ValueError, match="no column where"):
        table(columns=(*COLUMNS, Column("where", "Where")))


def test_percentages_ask_for_the_words_they_must_not_contradict():
    with pytest.raises(ValueError, match="bands"):
        table(bands=None)
    assert table(bands=None, columns=COLUMNS[:2]).record()["cells"]
    frame = pd.DataFrame({"who": ["Fife"], "n": [51], "share": [46 / 51]})
    assert (
        table(frame=frame, bands=EDUCATION_SCOTLAND).record()["cells"][0][-1] == "90.2%"
    )  # almost all, which 90% is not
    assert table(frame=frame).record()["cells"][0][-1] == "90%"


def test_a_column_named_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        table(columns=(*COLUMNS, COLUMNS[0]))


def test_the_first_column_heads_the_rows_unless_another_is_named():
    assert table().row_heading == "who"
    assert table(row_heading="n").row_heading == "n"
    with pytest.raises(ValueError, match="row heading"):
        table(row_heading="x")


def test_a_figure_needs_alternative_text():
    with pytest.raises(ValueError, match="alternative text"):
        Figure("f", "Title", lambda ax: None, " ", FRAME)


def test_alternative_text_is_at_most_two_hundred_characters():
    assert Figure("f", "Title", lambda ax: None, "a" * 200, FRAME).alt
    with pytest.raises(ValueError, match="201 characters; 200 is the most"):
        Figure("f", "Title", lambda ax: None, "a" * 201, FRAME)


def test_text_from_outside_is_escaped_everywhere():
    evil = "<script>alert(\"x\")</script> & 'y'"
    frame = pd.DataFrame({"a": [evil], "n": [1]})
    columns = (Column("a", evil), Column("n", "N", "count"))
    figure = Figure("f", evil, lambda axes: None, evil, frame, note=evil, source=evil)
    pieces = [
        Table("t", evil, frame, columns, note=evil, source=evil),
        Sentence("s", evil, source=evil, level="warning"),
        figure,
    ]
    html = "".join(markup.piece_html(piece.key, piece.record() | {"label": evil}) for piece in pieces)
    assert "<script" not in html
    assert "&lt;script&gt;alert(&quot;x&quot;)" in html


def test_a_table_has_caption_scopes_and_numbers_to_the_right():
    html = html_of(table(source="Register"), "Table 2")
    assert '<caption><span class="ci-caption">Table 2: A table</span></caption>' in html
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 2
    assert '<td class="ci-number">1,200</td>' in html
    assert 'aria-label="Table 2: A table"' in html
    assert "Source: Register" in html
    assert "style=" not in html


def test_a_blank_has_its_reason_under_the_table_and_words_for_a_screen_reader():
    columns = (*COLUMNS[:2], Column("share", "Share", "percent", blank="nobody answered"))
    html = html_of(table(columns=columns))
    assert "– in Share: nobody answered" in html
    assert '<span aria-hidden="true">–</span> <span class="ci-hidden">no value</span>' in html


def test_a_blank_without_a_reason_of_its_own_takes_the_note():
    assert table(note="Small groups are masked.").blanks() == {"share": "Small groups are masked."}
    assert html_of(table(note="Small groups are masked.")).count("Small groups") == 1
    assert table().blanks() == {"share": "There is no value to show."}


def test_the_same_table_is_the_same_html():
    assert html_of(table()) == html_of(table())


def test_paragraphs_and_line_breaks_of_a_sentence_are_kept():
    html = html_of(Sentence("s", "One.\n\nTwo\nlines."))
    assert (
        html == '<div class="ci-sentence mathjax_ignore" id="piece-s"><p>One.</p><p>Two<br>lines.</p></div>'
    )


def test_a_table_in_a_terminal_is_in_columns():
    plain = markup.table_text(table().record() | {"label": "Table 1"})
    assert plain.splitlines()[:3] == ["Table 1: A table", "Council  People  Share", "Fife      1,200    92%"]


def test_a_table_reads_the_same_from_its_record_as_from_its_frame():
    frame = pd.DataFrame({"who": ["Fife"], "day": [pd.Timestamp("2022-06-03")], "rough": ["about May 2022"]})
    columns = (Column("who", "Who"), Column("day", "Day", "date"), Column("rough", "Roughly", "date"))
    record = json.loads(json.dumps(Table("t", "T", frame, columns).record()))
    assert record["cells"] == [["Fife", "3 June 2022", "about May 2022"]]


def test_a_value_that_its_column_cannot_hold_makes_no_record():
    frame = FRAME.assign(share=92.0)
    with pytest.raises(ValueError, match="fractions from 0 to 1"):
        table(frame=frame).record()


def test_a_piece_displays_itself_and_says_which_it_is():
    data, about = table()._repr_mimebundle_()
    assert data["text/plain"].startswith("A table")
    assert about == {"ci_eval": {"key": "t"}}
    data, about = Sentence("s", "One costs $5, two $9.")._repr_mimebundle_()
    assert "mathjax_ignore" in data["text/html"]
    assert about == {"ci_eval": {"key": "s"}}


HOSTILE = "".join(chr(code) for code in (0x202E, 0x2066, 0x200F, 0x061C)) + "\x1b[2J\x07"


@pytest.mark.filterwarnings("ignore:Glyph")
def test_nothing_that_steers_a_terminal_or_turns_writing_is_in_what_pieces_are_written_as(tmp_path):
    said = f"left{HOSTILE}right"
    book = Book(f"A report {HOSTILE}", "Sub", "2021-22", "small", folder=tmp_path, programme=HOSTILE + "CI")
    frame = pd.DataFrame({"who": [said], "n": [12]})
    columns = (Column("who", said, blank=said), Column("n", "People", "count"))
    book.show(
        Sentence("s", said, {"who": said}, source=said),
        Table("t", said, frame, columns, note=said, source=said),
        Figure("f", said, lambda ax: ax.barh([said], [1]), alt=said, frame=frame, note=said),
    )
    book.close()
    files = [
        path for path in tmp_path.rglob("*") if path.suffix in (".html", ".json", ".svg", ".docx", ".xlsx")
    ]
    assert {path.suffix for path in files} == {".html", ".json", ".svg", ".docx", ".xlsx"}
    for path in files:
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                parts = [packed.read(name) for name in packed.namelist() if name.endswith(("xml", "rels"))]
        for part in parts:
            assert not [
                letter for letter in HOSTILE if not letter.isprintable() and letter in part.decode()
            ], path
    assert "leftright" in (tmp_path / "report.html").read_text(encoding="utf-8")
