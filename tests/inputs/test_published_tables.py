"""Headings of published tables, found below text and compared without references to notes."""

from ci_eval.inputs.published import comparable, find_heading, notes_of, without_notes


def test_headings_are_compared_without_notes_breaks_and_ampersands() -> None:
    assert without_notes("English Reading \n[note 1] [Note 2]") == "English Reading"
    assert comparable("Listening & Talking [notes 3 and 4]") == "listening and talking"
    assert notes_of("SIMD [note 3] [notes 4, 5]") == (3, 4, 5)


def test_headings_are_found_below_text_and_the_rows_follow() -> None:
    rows = iter([["A title"], [], ["Stage [note 1]", "Council"], ["P1", "Fife"]])
    heading, lacking = find_heading(rows, ("stage", "council"))
    assert heading is not None
    assert (heading.row, lacking) == (3, ())
    assert next(rows) == ["P1", "Fife"]


def test_headings_far_down_are_not_found_and_the_nearest_row_says_what_it_lacks() -> None:
    rows = [["Stage", "Organiser"], *[[""]] * 29, ["Stage", "Council"]]
    assert find_heading(iter(rows), ("Stage", "Council")) == (None, ("Council",))
