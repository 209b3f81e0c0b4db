"""What the team has to look at stands in a list that its owner alone can read, and nowhere else."""

import os
import stat
from dataclasses import replace

import pandas as pd
import pytest

from ci_eval import survey
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.runs import check_rows, input_checks, work_lists
from ci_eval.runs.output_folder import locked
from ci_eval.settings.evaluation import load

POSIX = pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
PROBLEM = Problem("two-answers", "WARN", "Two answers in a cell.", "export.csv", cells="row 3: both")


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_list_holds_the_rows_that_the_message_leaves_out(tmp_path) -> None:
    (file,) = work_lists.write({"2021-22": work_lists.of_problems([PROBLEM])}, tmp_path)
    assert file == tmp_path / "work_lists" / "2021-22.txt"
    assert "row 3: both" in file.read_text(encoding="utf-8")
    assert "row 3" not in str(PROBLEM)


def test_a_list_without_work_goes(tmp_path) -> None:
    (file,) = work_lists.write({"2021-22": ["something"]}, tmp_path)
    assert work_lists.write({"2021-22": []}, tmp_path) == []
    assert not file.exists()


@POSIX
def test_a_list_is_its_owners_also_where_an_older_one_was_open(tmp_path) -> None:
    (file,) = work_lists.write({"2021-22": ["something"]}, tmp_path)
    file.chmod(0o644)
    work_lists.write({"2021-22": ["more"]}, tmp_path)
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)


@POSIX
def test_what_a_run_makes_is_its_owners(tmp_path) -> None:
    before = os.umask(0o022)
    try:
        with locked(tmp_path / "drafts" / ".lock", "a run"):
            (tmp_path / "drafts" / "output").mkdir()
            (tmp_path / "drafts" / "output" / "page.html").write_text("page", encoding="utf-8")
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    assert mode(tmp_path / "drafts" / "output") == 0o700
    assert mode(tmp_path / "drafts" / "output" / "page.html") == mode(tmp_path / "drafts" / ".lock") == 0o600


def test_the_examples_lists_name_the_comments_that_wait_and_the_rows_of_the_checks_do_not(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(input_checks, "load", lambda settings: replace(load(settings), outputs=tmp_path))
    rows = input_checks.check(write_lists=True)
    text = (tmp_path / "work_lists" / "2022-23.txt").read_text(encoding="utf-8")
    assert "wait for a third person" in text
    assert "response " in text
    assert (
        "Smaller organisations together (organisation), The purpose for the CI was clearly explained: all of 8"
        in text
    )
    printed = check_rows.listing(rows)
    assert "work_lists/2022-23.txt" in printed
    assert "(response" not in printed


def test_cells_of_which_all_or_none_of_a_small_group_agreed_are_listed_for_those_who_release(second) -> None:
    groups = second.groups()
    few = groups[groups["answered"] < 20]
    all_or_none = few[few["agreeing"].isin([0]) | (few["agreeing"] == few["answered"])]
    (entry,) = work_lists.of_groups(groups)
    heading, *lines = entry.splitlines()
    assert "before release" in heading
    assert len(lines) == len(all_or_none) > 0
    row = all_or_none.iloc[0]
    assert f"{row['group']} ({row['grouping']}), {row['statement']}: all of {row['answered']} agreed" in entry
    assert work_lists.of_groups(groups[groups["answered"] >= 20]) == []


def test_texts_that_no_code_fits_are_in_the_list_with_counts_and_their_number_alone_is_said(
    tmp_path, monkeypatch
) -> None:
    rows = pd.DataFrame({"question": ["focus", "focus"], "text": ["Numbers", "Sums"], "answers": [30, 2]})
    monkeypatch.setattr(survey, "unmatched", lambda *given: rows)
    monkeypatch.setattr(input_checks, "load", lambda settings: replace(load(settings), outputs=tmp_path))
    printed = check_rows.listing(input_checks.check(write_lists=True))
    text = (tmp_path / "work_lists" / "2021-22.txt").read_text(encoding="utf-8")
    assert "Answers to focus that are not matched with the codebook\n  30  Numbers\n   2  Sums" in text
    assert "32 answers to focus, of 2 wordings" in printed
    assert "Numbers" not in printed


def test_the_texts_of_a_pupils_file_are_in_the_list_of_outcomes(tmp_path, monkeypatch) -> None:
    refused = InputError("CANNOT USE pupils.csv", [replace(PROBLEM, level="REJECT", cells="Somebody (1)")])

    def unreadable(*given):
        raise refused

    monkeypatch.setattr(input_checks, "load", lambda settings: replace(load(settings), outputs=tmp_path))
    monkeypatch.setattr(input_checks, "read_file", unreadable)
    rows = input_checks.check(write_lists=True)
    assert "Somebody" in (tmp_path / "work_lists" / "outcomes.txt").read_text(encoding="utf-8")
    assert "Somebody" not in check_rows.listing(rows)
