"""The table of responses that ``ci-eval read --out`` writes: where it may stand, and that its cells are unaltered."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ci_eval import cli
from ci_eval.runs.export_reading import accounted, as_texts, formula_like
from ci_eval.survey import LoadRecord


@pytest.fixture
def forms(root: Path) -> Path:
    """An export that loads without a setting."""
    return root / "data" / "example" / "survey_2022-23.xlsx"


def test_an_existing_file_is_replaced_only_by_force(forms, tmp_path, capsys):
    out = tmp_path / "responses.csv"
    out.write_text("mine", encoding="utf-8")
    assert cli.main(["read", str(forms), "--out", str(out)]) == 3
    assert "exists already" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "mine"
    assert cli.main(["read", str(forms), "--out", str(out), "--force"]) == 0
    assert out.read_text(encoding="utf-8").startswith("id,started,ended,organisation,")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "responses.csv",
        "responses.csv.work_list.txt",
    ]


@pytest.mark.parametrize("kind", ["itself", "symbolic link", "hard link", "the key"])
def test_an_input_is_never_written_to_under_any_name(kind, forms, tmp_path, capsys):
    file, other = tmp_path / "export.xlsx", tmp_path / "other.csv"
    shutil.copy(forms, file)
    before = file.read_bytes()
    out, flags = file, []
    if kind == "symbolic link":
        other.symlink_to(file)
        out = other
    elif kind == "hard link":
        other.hardlink_to(file)
        out = other
    elif kind == "the key":
        other.write_text("Q1,one\n", encoding="utf-8")
        out, flags = other, ["--key", str(other)]
    held = out.read_bytes()
    assert cli.main(["read", str(file), *flags, "--out", str(out), "--force"]) == 3
    assert "inputs are never changed" in capsys.readouterr().err
    assert file.read_bytes() == before
    assert out.read_bytes() == held


def test_a_refused_export_leaves_an_earlier_csv_untouched(tmp_path, capsys):
    file, out = tmp_path / "empty.csv", tmp_path / "out.csv"
    file.touch()
    out.write_text("earlier", encoding="utf-8")
    assert cli.main(["read", str(file), "--out", str(out), "--force"]) == 3
    assert out.read_text(encoding="utf-8") == "earlier"


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("no/such/folder/out.csv", "out-no-folder"),
        (".", "out-no-file"),
        ("out\0.csv", "out-not-written"),
        ("x" * 300 + ".csv", "out-not-written"),
        ("/dev/full", "out-no-file"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_in_words(
    name, check, forms, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["read", str(forms), "--out", name, "--json"]) == 3
    said = capsys.readouterr()
    assert json.loads(said.out)[0]["check"] == check
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_leaves_nothing_behind(forms, tmp_path, monkeypatch, capsys):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    assert cli.main(["read", str(forms), "--out", str(tmp_path / "out.csv")]) == 3
    assert "cannot be written: No space left on device." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_cells_are_not_altered_and_formula_like_ones_are_told_of_without_their_text():
    texts = pd.DataFrame(
        {"id": ["1", "2", "3"], "comment": ["=1+1", "-", "a = b"], "improve": ["", "@x", "fine"]}
    )
    (problem,) = formula_like(texts)
    assert (problem.level, problem.count) == ("WARN", 3)
    assert "in comment, improve" in problem.message
    assert "1+1" not in problem.message
    assert formula_like(texts[["id"]]) == []


@pytest.mark.parametrize(
    ("moments", "written"),
    [
        (["2022-08-01 09:05:10", None], ["2022-08-01 09:05:10", ""]),
        (["2022-08-01 09:05:00", "2022-08-02 00:00:00"], ["2022-08-01 09:05", "2022-08-02 00:00"]),
        (["2022-08-01", None], ["2022-08-01", ""]),
        ([None, None], ["", ""]),
    ],
)
def test_moments_are_as_precise_as_the_column_keeps_them(moments, written):
    frame = pd.DataFrame({"id": ["1", "2"], "ended": pd.Series(moments, dtype="datetime64[s]")})
    assert list(as_texts(frame)["ended"]) == written


def test_line_ends_and_quotation_marks_in_comments_survive(forms, tmp_path):
    out = tmp_path / "plain.csv"
    assert cli.main(["read", str(forms), "--out", str(out)]) == 0
    frame = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert frame["id"].is_unique
    assert frame["comment"].str.contains("\n").any()
    assert frame["comment"].str.contains('"').any()


def test_rows_are_told_as_a_sum():
    record = LoadRecord("f", "", 0, "", "", 1_026, 1_024, {"preview or test": 2})
    assert accounted(record) == "1,026 rows = 1,024 responses + 2 preview or test"
