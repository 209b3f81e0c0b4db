"""The benchmark of the survey loader: its files load, and both sides say what they took."""

import subprocess

import pytest

from benchmarks import survey, survey_files
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


def test_both_sides_load_the_files_and_say_time_and_memory():
    for ratio in survey.run(pairs=1, shrink=20_000):
        assert ratio.value > 0
        unit = 1 if ratio.name.endswith("time") else 0.01  # no Python with pandas is smaller than 10 MB
        assert min(ratio.ours) > unit / 10


def test_a_load_that_fails_is_an_error_not_a_time(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        survey._load("ours", tmp_path / "missing.csv", [])()
