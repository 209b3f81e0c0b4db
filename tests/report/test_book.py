"""What a report shows is what it records."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from ci_eval.report import Book, Column, Figure, Sentence, Table, book

FRAME = pd.DataFrame({"who": ["Fife", "=1+1"], "n": [1200.0, np.nan], "share": [1 / 3, np.nan]})


@pytest.fixture
def displayed(monkeypatch):
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
    return Book("Title", "Subtitle", "2021-22", "small", folder, **more)


def test_without_a_folder_nothing_is_written(tmp_path, displayed, monkeypatch):
    monkeypatch.chdir(tmp_path)
    opened = report()
    opened.show(Sentence("s", "Text."), table(), figure())
    opened.close()
    assert list(tmp_path.iterdir()) == []
    assert [about["ci_eval"].get("key") for _, about in displayed] == ["s", "t", "f", None]


def test_lists_of_lists_are_shown_in_their_order(displayed):
    opened = report()
    opened.show(
        Sentence("a", "A."), [Sentence("b", "B."), [Sentence("c", "C.")], None], iter([Sentence("d", "D.")])
    )
    assert [bundle["text/plain"] for bundle, _ in displayed] == ["A.", "B.", "C.", "D."]
    assert list(opened.results()["pieces"]) == ["a", "b", "c", "d"]


def test_a_key_shown_again_replaces_its_record_and_its_place(displayed):
    opened = report()
    opened.show(Sentence("a", "A."), table(), Sentence("b", "B."))
    opened.annex(table())
    opened.show(Sentence("a", "Another."))
    pieces = opened.results()["pieces"]
    assert list(pieces) == ["a", "t", "b"]
    assert (pieces["a"]["text"], pieces["t"]["place"]) == ("Another.", "annex")


@pytest.mark.parametrize("thing", ["text", 3, {"a": 1}])
def test_what_is_no_piece_is_refused(displayed, thing):
    with pytest.raises(TypeError, match="Sentence, Table and Figure"):
        report().show(thing)


def test_a_book_can_be_closed_again_after_more_was_shown(tmp_path, displayed):
    opened = report(tmp_path)
    opened.show(Sentence("a", "First words."))
    opened.close()
    opened.annex(Sentence("b", "Later words."))
    opened.close()
    assert "Later words." in (tmp_path / "annex.html").read_text(encoding="utf-8")
    assert "First words." in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_closing_names_the_period_and_the_files_and_no_folder(tmp_path, displayed):
    opened = report(tmp_path)
    opened.show(figure())
    opened.close()
    said = displayed[-1][0]["text/plain"]
    assert said == (
        "Made for 2021-22: report.html, annex.html, report.docx, annex.docx, tables.xlsx, results.json, figures"
    )
    assert str(tmp_path) not in said


def test_results_hold_every_number_with_reasons_for_blanks(tmp_path, displayed):
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


def test_a_real_report_has_no_mark(tmp_path, displayed):
    opened = report(tmp_path)
    opened.close()
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert results["mark"] == ""
    assert results["invented"] is False


def test_a_figure_is_displayed_with_its_alternative_text_and_written_as_files(tmp_path, displayed):
    opened = report(tmp_path)
    opened.show(figure("bars"))
    ((bundle, metadata),) = displayed
    assert set(bundle) == {"image/png", "text/plain"}
    assert bundle["text/plain"] == "Figure 1: A figure\nTwo bars: 1, 2."
    assert metadata["image/png"] == {"alt": "Two bars: 1, 2.", "width": 384}
    assert metadata["ci_eval"] == {"key": "bars", "place": "report"}
    opened.close()
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["bars.png", "bars.svg"]
    assert opened.results()["pieces"]["bars"]["alt"] == "Two bars: 1, 2."


def test_tables_and_figures_are_numbered_apart_and_the_annex_has_its_own_numbers(displayed):
    opened = report()
    opened.show(table("t1"), figure("f1"), figure("f2"))
    opened.annex(table("t2"), figure("f3"))
    opened.show(table("t3"))
    labels = {key: record["label"] for key, record in opened.results()["pieces"].items()}
    assert labels == {
        "t1": "Table 1", "f1": "Figure 1", "f2": "Figure 2", "t2": "Table A1", "f3": "Figure A1", "t3": "Table 2",
    }  # fmt: skip
    assert displayed[-1][0]["text/plain"].startswith("Table 2: A table")


def test_two_runs_write_the_same_bytes(tmp_path, displayed):
    written = []
    for name in ("one", "two"):
        opened = report(tmp_path / name, invented=True)
        opened.show(Sentence("s", "A.", {"x": 0.1}), table(), figure())
        opened.close()
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        written.append({path.relative_to(tmp_path / name): path.read_bytes() for path in files})
    assert written[0] == written[1]
    assert len(written[0]) == 8


def test_a_figure_that_fails_leaves_no_record(tmp_path, displayed):
    def broken(canvas):
        raise RuntimeError("cannot draw")

    opened = report(tmp_path)
    with pytest.raises(RuntimeError, match="cannot draw"):
        opened.show(Figure("f", "F", broken, "Nothing.", FRAME))
    assert opened.results()["pieces"] == {}


def test_importing_the_report_loads_nothing_heavy():
    heavy = [
        "pandas",
        "numpy",
        "matplotlib",
        "seaborn",
        "scipy",
        "jinja2",
        "mistune",
        "IPython",
        "xlsxwriter",
    ]
    code = f"import sys, ci_eval.report; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_rooms_are_named_without_being_loaded():
    heavy = ["pandas", "numpy", "matplotlib"]
    code = (
        f"import sys, ci_eval; print(dir(ci_eval)); print([name for name in {heavy} if name in sys.modules]);"
    )
    code += "print(ci_eval.agreement.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    rooms, loaded, asked = done.stdout.splitlines()
    assert all(name in rooms for name in ("survey", "agreement", "evidence"))
    assert (loaded, asked) == ("[]", "ci_eval.agreement")


def test_a_book_in_lab_names_the_command_for_the_copy_and_its_settings(monkeypatch, capsys, root):
    book = Book("Trial", period="2022-23", notebook="interim_evaluation", settings="data/my own.toml")
    end = " --settings 'data/my own.toml'\n"
    for path, notebook in (
        ("work/mine.ipynb", "work/mine.ipynb"),
        ("notebooks/x.ipynb", "interim_evaluation"),
    ):
        monkeypatch.setenv("JPY_SESSION_NAME", str(root / path))
        book.close()
        assert capsys.readouterr().out.endswith(f"--period 2022-23 --notebook {notebook}{end}")
