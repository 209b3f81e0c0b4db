"""An analyst's own frame or figure stands in the report with the people behind it, or not at all."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from ci_eval.evidence.frames import exact, releasable
from ci_eval.inputs.problems import InputError
from ci_eval.report import Book, Sentence

FRAME = pd.DataFrame({"group": ["North", "South"], "answered": [12, 5], "share": [0.5, 0.4]})


def book(folder=None, **more):
    return Book("Title", period="2021-22", folder=folder, **more)


def only(opened):
    ((key, record),) = opened.results()["pieces"].items()
    return key, record


def test_a_frame_made_of_releasable_ones_needs_no_base():
    opened = book()
    opened.show(releasable(FRAME).sort_values("share"), title="Shares by group")
    key, record = only(opened)
    assert key == "own-shares-by-group"
    assert (record["own"], record["base"], record["place"]) == (True, None, "report")
    assert record["note"] == "The analyst's own, not checked by the workbook."
    assert record["cells"] == [["South", "5", "40%"], ["North", "12", "50%"]]


@pytest.mark.parametrize("frame", [FRAME, exact(FRAME), releasable(FRAME).assign(more=[1, 2])])
def test_any_other_frame_needs_a_base(frame):
    opened = book()
    with pytest.raises(InputError, match="how many people stand behind"):
        opened.show(frame, title="Shares")
    assert opened.results()["pieces"] == {}


@pytest.mark.parametrize(("base", "kept"), [("answered", [12, 5]), ([9, 5], [9, 5]), (60, 60)])
def test_a_base_is_a_column_a_list_or_a_number(base, kept):
    opened = book()
    opened.annex(FRAME, title="Shares", base=base)
    _, record = only(opened)
    assert (record["base"], record["place"]) == (kept, "annex")


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ([12, 4], "Row 2 rests on 4 people; the smallest group that is shown is 5"),
        (4, "Row 1 rests on 4 people"),
        ([12], "base has 1 numbers, the frame 2 rows"),
        ([12, None], "Row 2: None is no number of people"),
        ([12, 5.5], "Row 2: 5.5 is no number of people"),
        ("asked", "base names no column"),
        ([], "base has 0 numbers"),
    ],
)
def test_a_base_that_is_too_small_or_no_base_is_refused_with_its_row(base, message):
    with pytest.raises(InputError, match=message):
        book().show(FRAME, title="Shares", base=base)


def test_the_threshold_is_that_of_the_settings():
    with pytest.raises(InputError, match="Row 2 rests on 5 people; the smallest group that is shown is 6"):
        book(smallest_group=6).show(FRAME, title="Shares", base="answered")


def drawn():
    figure, axes = plt.subplots(figsize=(4, 2))
    axes.barh(["North", "South"], [0.5, 0.4])
    return figure, axes


@pytest.mark.parametrize("which", [0, 1])
def test_a_figure_or_its_axes_is_recorded_and_written(tmp_path, which):
    opened = book(tmp_path, invented=True)
    opened.show(drawn()[which], title="Two groups", alt="Two bars.", base=[12, 5], key="mine")
    opened.close()
    _, record = only(opened)
    assert (record["own"], record["base"], record["alt"]) == (True, [12, 5], "Two bars.")
    assert (tmp_path / "figures" / "mine.svg").is_file()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'class="ci-own" role="img" aria-label="Two bars."' in page
    assert "The analyst&#x27;s own, not checked by the workbook." in page
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"alt": "Bars.", "base": 9}, "no title"),
        ({"title": "T", "base": 9}, "no alternative text"),
        ({"title": "T", "alt": "Bars."}, "how many people"),
    ],
)
def test_a_figure_needs_title_text_and_base(texts, message):
    with pytest.raises(InputError, match=message):
        book().show(drawn()[0], **texts)
    plt.close("all")


def test_a_base_beside_pieces_of_the_library_is_refused():
    with pytest.raises(TypeError, match="one frame or figure of your own"):
        book().show(Sentence("a", "A."), FRAME, title="T", base=9)
