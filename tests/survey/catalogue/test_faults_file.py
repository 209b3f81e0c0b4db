"""Faults of the file itself: what it is, how its text is encoded, how its rows are laid out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from faults import fault, loads, note, only
from shapes import (
    COMMENT,
    headed,
    limesurvey,
    plain,
    smartsurvey,
)

from ci_eval.programme import Questionnaire

Save = Callable[..., Path]


@fault("file-01", "REJECT", "The file is empty", "its size, and to export again", "empty-file")
def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.touch()
    assert "0 bytes" in only(path).message


@fault(
    "file-02", "REJECT", "Something else under the name of an export", "the kind that was found", "wrong-kind"
)
@pytest.mark.parametrize(
    ("start", "kind"), [(b"<!DOCTYPE html><title>Sign in</title>", "web page"), (b"%PDF-1.7", "PDF")]
)
def test_another_kind_of_file(tmp_path: Path, start: bytes, kind: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(start)
    assert kind in only(path).message


@fault("file-03", "REJECT", "A heading and nothing below it", "0 responses under which row", "no-responses")
def test_a_heading_without_responses(save: Save, questionnaire: Questionnaire) -> None:
    assert "row 1" in only(save(plain(questionnaire)[:1])).message


@fault("file-04", "NOTE", "A byte order mark before UTF-8 text", "the encoding, in the description")
def test_a_byte_order_mark(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save(plain(questionnaire), encoding="utf-8-sig"))
    assert "UTF-8" in responses.record.description
    assert responses.record.matched["organisation"][1] == "Which organisation do you work for?"


@fault("file-05", "WARN", "Text in Windows-1252", "the letters it gives, counted", "encoding-guessed")
def test_windows_1252(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire, comment=["It’s £5 – “fine”", "Good", "So\u00a0so"])
    responses = loads(save(rows, encoding="cp1252"))
    found = note(responses, "encoding-guessed")
    assert "no-break space (1)" in found.message
    assert "’ (1)" in found.message
    assert "fine" not in found.message
    assert responses.frame["comment"][0] == "It’s £5 – “fine”"


@fault(
    "file-06",
    "REJECT",
    "Bytes of a third encoding",
    "column and byte; the row in the work list",
    "unknown-encoding",
)
@pytest.mark.parametrize(
    ("text", "encoding", "byte"),
    [("caf\x8f", "latin-1", "0x8F"), ("donÕt", "cp1252", "0xD5"), ("Ïðèâåò", "cp1252", "0xCF 0xF0")],
)
def test_bytes_of_a_third_encoding(
    save: Save, questionnaire: Questionnaire, text: str, encoding: str, byte: str
) -> None:
    rows = plain(questionnaire, role=["Teacher", text, "Teacher"])
    problem = only(save(rows, encoding=encoding))
    assert (problem.where, problem.cells) == ("export.csv, column D", "row 3, column D")
    assert byte in problem.message


@fault("file-07", "NOTE", "UTF-16 text with tabs", "encoding and separator, in the description")
def test_utf_16_with_tabs(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save(plain(questionnaire), separator="\t", encoding="utf-16"))
    assert responses.record.description.endswith("UTF-16, tab")


@fault(
    "file-08",
    "WARN",
    "Text encoded twice",
    "how many cells, and that comments stay",
    "double-encoded text-double-encoded",
)
def test_text_encoded_twice(save: Save, questionnaire: Questionnaire) -> None:
    twice = "Don’t know".encode().decode("cp1252")
    rows = plain(
        questionnaire, s02=[twice, "Agree", twice], comment=["It’s".encode().decode("cp1252"), "", ""]
    )
    responses = loads(save(rows))
    assert list(responses.frame["s02"]) == ["Don’t know", "Agree", "Don’t know"]
    assert note(responses, "double-encoded").count == 2
    assert responses.frame["comment"][0] == "Itâ€™s"
    problem = only(save(plain(questionnaire, s02=["Agree", "ZustimmungÃ¼", "Agree"])))
    assert (problem.check, problem.level) == ("double-encoded", "REJECT")
    assert "row 3, s02" in problem.cells


@fault("file-09", "WARN", "Letters replaced by \ufffd or ?", "cells that cannot be recovered", "letters-lost")
def test_lost_letters(save: Save, questionnaire: Questionnaire) -> None:
    texts = ["Isn\ufffdt it", "don?t know why", "Why? http://a.b/c?d=e"]
    found = note(loads(save(plain(questionnaire, comment=texts))), "letters-lost")
    assert found.count == 2
    assert "row 2" in found.cells


@fault("file-10", "NOTE", "Semicolons between the cells", "the separator, in the description")
def test_semicolons(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save(plain(questionnaire), separator=";"))
    assert responses.record.description.endswith("UTF-8, semicolon")


@fault(
    "file-11", "REJECT", "Rows with a cell more than the heading", "both widths and the rows", "row-too-wide"
)
def test_rows_wider_than_the_heading(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    problem = only(save([rows[0], *([*row, "lost"] for row in rows[1:])]))
    assert "25 against 24" in problem.message
    assert problem.count == 3
    kept = loads(save([rows[0], *([*row, ""] for row in rows[1:])]))
    assert note(kept, "separator-at-end").level == "NOTE"
    assert list(kept.frame["id"]) == ["1", "2", "3"]


@fault(
    "file-12",
    "REJECT",
    "A row with fewer cells than the heading",
    "both widths and the row",
    "row-too-narrow",
)
def test_a_short_row(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    problem = only(save([*rows[:2], rows[2][:15], rows[3]]))
    assert "15 against 24" in problem.message
    assert problem.cells == "row 3"


@fault(
    "file-13",
    "REJECT",
    "A quotation mark that is never closed",
    "the row where it opens, in the work list",
    "open-quotation-mark",
)
def test_an_open_quotation_mark(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire))
    path.write_text(path.read_text("utf-8").replace("\n2,", '\n2,"'), encoding="utf-8")
    assert only(path).cells == "row 3"


@fault("file-14", "NOTE", "Line breaks inside cells", "nothing: rows keep their numbers")
def test_line_breaks_inside_cells(save: Save, questionnaire: Questionnaire) -> None:
    rows = headed(
        plain(questionnaire, comment=["one\ntwo\n\nthree", "Good", "Good"]),
        comment=COMMENT.replace(" ", "\n", 1),
    )
    assert loads(save(rows)).frame["comment"][0] == "one\ntwo\n\nthree"
    rows[3][5] = "Hybrid"
    assert "row 4, mode" in only(save(rows)).cells


@fault("file-15", "NOTE", "Blank rows", "their number, among the rows left out")
def test_blank_rows(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    record = loads(save([rows[0], [""] * 24, *rows[1:], []])).record
    assert dict(record.left_out) == {"blank row": 2}


@fault("file-16", "NOTE", "Titles above the heading", "how many, and the heading's row", "rows-above-heading")
def test_titles_above_the_heading(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save([["Survey of 2022"], ["Exported on 1 September"], *plain(questionnaire)]))
    assert "(row 3)" in responses.record.description
    assert note(responses, "rows-above-heading").count == 2


@fault("file-17", "REJECT", "Totals or notes below the responses", "the row", "total-row note-row")
def test_totals_and_notes_below_the_responses(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    total = ["Total", "", *["3"] * 22]
    hidden = ["", "", "Average", *["4"] * 21]
    remark = ["Exported by the team", *[""] * 23]
    assert only(save([*rows, total])).cells == "row 5"
    assert only(save([*rows, hidden])).check == "total-row"
    assert only(save([*rows, remark])).check == "note-row"


@fault(
    "file-18", "REJECT", "Two exports pasted into one file", "the row of the second heading", "heading-inside"
)
def test_two_exports_in_one_file(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    second = [rows[0], *(["9" + row[0], *row[1:]] for row in rows[1:])]
    assert only(save([*rows, *second])).cells == "row 5"


@fault(
    "file-25",
    "NOTE",
    "Invisible and unusual spaces and signs",
    "answers and headings evened out",
    "answers-evened-out headings-evened-out",
)
def test_invisible_signs(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(
        questionnaire,
        s02=["Strongly\u00a0agree", "Agr\u00adee\u200b", "Agr\x07ee"],
        comment=["a\u2011b", "", ""],
    )
    responses = loads(save(headed(rows, s02="The\u00a0purpose for the\ufeff CI was clearly explained")))
    assert list(responses.frame["s02"]) == ["Strongly agree", "Agree", "Agree"]
    assert note(responses, "answers-evened-out").count == 3
    assert responses.frame["comment"][0] == "a\u2011b"  # what people wrote is not changed


@fault(
    "file-26", "NOTE", "HTML in headings", "the heading as it came, in the load record", "headings-evened-out"
)
def test_html_in_headings(save: Save, questionnaire: Questionnaire) -> None:
    raw = "<strong>The purpose</strong> for the CI<br> was clearly&nbsp;explained"
    record = loads(save(headed(plain(questionnaire), s02=raw))).record
    assert record.matched["s02"] == ("H", raw, "after evening out")


@fault(
    "file-27", "NOTE", "An apostrophe before a text like a formula", "cells changed back", "escapes-undone"
)
def test_an_apostrophe_before_a_formula(save: Save, questionnaire: Questionnaire) -> None:
    rows = limesurvey(questionnaire)
    rows[1][-1], rows[2][-1] = "'=good", "'quoted'"
    responses = loads(save(rows))
    assert list(responses.frame["improve"]) == ["=good", "'quoted'", "Good"]
    assert note(responses, "escapes-undone").count == 1


@fault("file-28", "NOTE", "A tool's token in place of an apostrophe", "cells changed back", "escapes-undone")
def test_a_token_for_an_apostrophe(save: Save, questionnaire: Questionnaire) -> None:
    rows = smartsurvey(questionnaire)
    rows[3][-1] = "It@SQ@s fine"
    responses = loads(save(rows))
    assert responses.frame["improve"][0] == "It’s fine"
    assert note(responses, "escapes-undone").count == 1
