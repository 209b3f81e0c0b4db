"""What a report shows is what it records."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from ci_eval.report import Column, Figure, Report, Sentence, Table, book

FRAME = pd.DataFrame({"who": ["Fife", "=1+1"], "n": [1200.0, np.nan], "share": [1 / 3, np.nan]})


@pytest.fixture
def shown(monkeypatch):
    """What was displayed, in order: (bundle, metadata)."""
    seen = []
    monkeypatch.setattr(book, "_display", lambda bundle, metadata=None: seen.append((bundle, metadata or {})))
    return seen


def table(key="t"):
    columns = (
        Column("who", "Who"),
        Column("n", "N", "count", blank="masked"),
        Column("share", "Share", "percent"),
    )
    return Table(key, "A table", FRAME, columns, note="A note.", source="A source", bands=())


def figure(key="f"):
    return Figure(
        key,
        "A figure",
        lambda ax: ax.barh([0, 1], [1, 2]),
        "Two bars: 1, 2.",
        FRAME,
        (4, 2),
    )


def report(folder=None, **more):
    return Report("Title", "Subtitle", "2021-22", "small", folder, **more)


def test_without_a_folder_nothing_is_written(tmp_path, shown, monkeypatch):
    monkeypatch.chdir(tmp_path)
    opened = report()
    opened.show(Sentence("s", "Text."), table(), figure())
    opened.close()
    assert list(tmp_path.iterdir()) == []
    assert len(shown) == 4  # a figure displays its caption before itself


def test_lists_of_lists_are_shown_in_their_order(shown):
    opened = report()
    opened.show(
        Sentence("a", "A."), [Sentence("b", "B."), [Sentence("c", "C.")], None], iter([Sentence("d", "D.")])
    )
    assert [bundle["text/plain"] for bundle, _ in shown] == ["A.", "B.", "C.", "D."]
    assert list(opened.results()["pieces"]) == ["a", "b", "c", "d"]


def test_a_key_is_shown_once(shown):
    opened = report()
    opened.show(Sentence("a", "A."))
    with pytest.raises(ValueError, match="'a' has been shown already"):
        opened.show(table("a"))


@pytest.mark.parametrize("thing", ["text", 3, FRAME])
def test_what_is_no_piece_is_refused(shown, thing):
    with pytest.raises(TypeError, match="Sentence, Table and Figure"):
        report().show(thing)


def test_nothing_can_be_shown_after_closing(shown):
    opened = report()
    opened.close()
    with pytest.raises(ValueError, match="closed"):
        opened.show(Sentence("a", "A."))


def test_results_hold_every_number_with_reasons_for_blanks(tmp_path, shown):
    opened = report(tmp_path, invented=True)
    opened.show(
        Sentence("s", "A third.", {"share": np.float64(1 / 3), "none": float("nan")}, "Survey", "key"),
        table(),
    )
    opened.close()
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert results["schema"] == book.SCHEMA
    assert results["invented"] is True
    assert results["mark"].startswith("Invented data")
    assert results["status"].startswith("Draft")
    sentence, recorded = results["pieces"]["s"], results["pieces"]["t"]
    assert sentence["numbers"] == {"share": 0.333333333333, "none": None}
    assert sentence["blanks"] == {"none": "There is no value to show."}
    assert recorded["rows"] == [
        {"who": "Fife", "n": 1200, "share": 0.333333333333},
        {"who": "=1+1", "n": None, "share": None},
    ]
    assert isinstance(recorded["rows"][0]["n"], int)
    assert recorded["blanks"] == {"n": "masked", "share": "A note."}


def test_a_real_report_has_no_mark(tmp_path, shown):
    opened = report(tmp_path)
    opened.close()
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert results["mark"] == ""
    assert results["invented"] is False


def test_a_figure_is_displayed_with_its_alternative_text_and_written_as_files(tmp_path, shown):
    opened = report(tmp_path)
    opened.show(figure("bars"))
    (caption, about), (bundle, metadata) = shown
    assert caption["text/plain"] == "Figure 1: A figure"
    assert about == {"ci_eval": {"caption_of": "bars"}}
    assert set(bundle) == {"image/png", "text/plain"}
    assert metadata["image/png"]["alt"] == "Two bars: 1, 2."
    assert metadata["ci_eval"]["caption"] == "Figure 1: A figure"
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["bars.png", "bars.svg"]
    assert opened.results()["pieces"]["bars"]["alt"] == "Two bars: 1, 2."


def test_tables_and_figures_are_numbered_apart(shown):
    opened = report()
    opened.show(table("t1"), figure("f1"), table("t2"), figure("f2"))
    numbers = {key: record["number"] for key, record in opened.results()["pieces"].items()}
    assert numbers == {"t1": 1, "f1": 1, "t2": 2, "f2": 2}


def test_two_runs_write_the_same_bytes(tmp_path, shown):
    written = []
    for name in ("one", "two"):
        opened = report(tmp_path / name, invented=True)
        opened.show(Sentence("s", "A.", {"x": 0.1}), table(), figure())
        opened.close()
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        written.append({path.relative_to(tmp_path / name): path.read_bytes() for path in files})
    assert written[0] == written[1]
    assert len(written[0]) == 3


def test_a_figure_that_fails_leaves_no_record(tmp_path, shown):
    def broken(canvas):
        raise RuntimeError("cannot draw")

    opened = report(tmp_path)
    with pytest.raises(RuntimeError, match="cannot draw"):
        opened.show(Figure("f", "F", broken, "Nothing.", FRAME))
    assert opened.results()["pieces"] == {}


def test_importing_the_report_loads_nothing_heavy():
    heavy = ["pandas", "numpy", "matplotlib", "seaborn", "scipy", "nbconvert", "IPython", "xlsxwriter"]
    code = f"import sys, ci_eval.report; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
