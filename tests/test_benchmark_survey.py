"""The benchmark of the survey loader: its files load, and its page says what was measured."""

import json

import pytest

from benchmarks import survey, survey_files
from benchmarks.survey import Case, Load
from ci_eval.programme import load_questionnaire
from ci_eval.survey import load


@pytest.mark.parametrize(("name", "tool"), [("a.csv", "Qualtrics"), ("a.xlsx", "Microsoft Forms")])
def test_the_invented_files_load_whole_as_the_tool_they_imitate(name, tool, tmp_path):
    survey_files.main(tmp_path / name, 120, 7)
    responses = load(tmp_path / name, load_questionnaire())
    assert responses.record.tool == tool
    assert (responses.record.rows_in, responses.record.used) == (120, 120)
    assert responses.frame["s01"].nunique() > 3
    assert 0 < (responses.frame["comment"] != "").sum() < 120
    assert responses.frame["organisation_other"].ne("").any()


def test_the_same_seed_gives_the_same_file(tmp_path):
    for name, seed in (("a.csv", 1), ("b.csv", 1), ("c.csv", 2)):
        survey_files.main(tmp_path / name, 30, seed)
    first, same, other = ((tmp_path / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert first == same
    assert first != other


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_both_sides_load_the_file_and_say_what_it_took(name, tmp_path, capsys):
    survey_files.main(tmp_path / name, 20, 7)
    for side in (survey.OURS, survey.PEER):
        survey.load(side, tmp_path / name)
        taken = json.loads(capsys.readouterr().out)
        assert taken["processor"] > 0
        assert taken["memory"] > 10e6  # bytes: no Python with pandas is smaller


def test_the_page_gives_ratios_of_medians_and_whether_the_aims_are_met():
    ours = (Load(9.0, 8.0, 100_000_000), Load(30.0, 8.0, 100_000_000), Load(9.0, 8.0, 100_000_000))
    peer = (Load(3.0, 2.0, 40_000_000), Load(1.0, 2.0, 40_000_000), Load(3.0, 2.0, 40_000_000))
    case = Case("a csv", 1_000, 2_000_000, "a peer", ours, peer)
    assert case.ratio("wall") == 3.0
    text = survey.page([case], {"Python": "3.x"}, "2026-01-02")
    assert "| 3.00 (9.0 s / 3.0 s) | met | 4.00 | 2.50 (100 MB / 40 MB) | NOT MET |" in text
    assert "| Python | 3.x |" in text


def test_a_load_that_fails_is_an_error_not_a_time(tmp_path):
    with pytest.raises(RuntimeError, match="ended with code 1"):
        survey.one(survey.OURS, tmp_path / "missing.csv")
