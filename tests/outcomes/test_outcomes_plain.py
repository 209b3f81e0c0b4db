"""The plain table of outcomes, choosing from outcomes, and the gap between quintiles."""

from pathlib import Path

import numpy as np
import pytest

from ci_eval.inputs.files import Limits
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.outcomes import Outcomes, equity_gap, read_outcomes

HEAD = "council,school_year,measure,value,numerator,denominator"


def written(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "outcomes.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as stopped:
        read_outcomes(path)
    assert all(problem.fix for problem in stopped.value.problems)
    assert "survey" not in str(stopped.value)
    return stopped.value.problems


# --- reading


def test_a_plain_table_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Angus,2021-22,Attendance,91.2,,",
        "Edinburgh City,2021/22,Attendance,[c],,",
        "Scotland,2021-22,Attendance,90.1,,",
        "",
    )
    outcomes = read_outcomes(path)
    assert outcomes.frame["council"].tolist() == ["Angus", "City of Edinburgh"]
    assert outcomes.frame["school_year"].tolist() == ["2021-22"] * 2
    assert outcomes.frame["missing"].tolist() == ["", "suppressed"]
    assert outcomes.national["value"].tolist() == [90.1]
    record = outcomes.record
    assert (record.rows_in, record.used, record.left_out) == (
        4,
        2,
        {"blank row": 1, "of Scotland, kept apart": 1},
    )
    assert record.missing == {"suppressed": 1}
    assert len(record.sha256) == 64


@pytest.mark.parametrize("values", [("0.71", "0.74"), ("71", "0.74", "73"), ("71", "1", "73")])
def test_fractions_among_percent_are_refused(tmp_path: Path, values: tuple[str, ...]) -> None:
    rows = [f"Angus,{2016 + n}-{17 + n},Attendance,{value},percent" for n, value in enumerate(values)]
    (problem,) = problems(written(tmp_path, *rows, head="council,school_year,measure,value,unit"))
    assert problem.check == "fractions"
    assert "numerator and denominator" in problem.fix


@pytest.mark.parametrize("unit", ["%", "Percent", "per cent", "Percentage"])
def test_percent_in_another_spelling_is_checked_as_percent(tmp_path: Path, unit: str) -> None:
    head = "council,school_year,measure,value,unit"
    rows = [f"Angus,{2016 + n}-{17 + n},Attendance,{value},{unit}" for n, value in enumerate((71, 74, 174))]
    assert set(read_outcomes(written(tmp_path, *rows[:2], head=head)).frame["unit"]) == {"percent"}
    (problem,) = problems(written(tmp_path, *rows, head=head))
    assert problem.check == "not-a-percentage"


def test_percentages_that_are_small_by_nature_are_read(tmp_path: Path) -> None:
    """Few pupils are excluded: their numbers bear 0.4% out, and a measure of a few percent needs none."""
    proven = written(tmp_path, "Angus,2021-22,Exclusions,0.4,4,1000", "Fife,2021-22,Exclusions,0.3,3,1000")
    assert read_outcomes(proven).frame["unit"].tolist() == ["percent"] * 2
    head = "council,school_year,measure,value,unit"
    few = written(
        tmp_path, "Angus,2021-22,Exclusions,0.4,percent", "Fife,2021-22,Exclusions,2.1,percent", head=head
    )
    assert read_outcomes(few).frame["value"].tolist() == [0.4, 2.1]


def test_headings_without_a_row_are_no_outcomes(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path))
    assert problem.check == "no-rows"


def test_other_headings_are_not_fixed_by_saving_again(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, "Angus,2021-22,A,91", head="Local authority,year,measure,value"))
    assert problem.fix == "Give the columns these headings, as the layout says."


def test_headings_may_stand_in_any_order_and_spelling_of_case(tmp_path: Path) -> None:
    path = written(tmp_path, "x,91.2,2021-22,Angus,A", head="note,Value,School_Year,COUNCIL,measure")
    outcomes = read_outcomes(path)
    assert outcomes.frame["value"].tolist() == [91.2]
    (note,) = outcomes.record.notes
    assert (note.check, note.level) == ("columns-not-read", "NOTE")


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("Ayrshire,2021-22,A,1,,", "ambiguous-council"),
        ("Angus,2021,A,1,,", "year-unknown"),
        ("Angus,2021-22,,1,,", "measure-blank"),
        ("Angus,2021-22,A,one,,", "not-a-number"),
        ("Angus,2021-22,A,1,1,", "one-part"),
        ("Angus,2021-22,A,1,x,2", "not-a-number"),
        ("Angus,2021-22,A,1,1,0", "denominator"),
        ("Angus,2021-22,A,1", "row-length"),
        ("Angus,2021-22,A,1,1,1,1", "row-length"),
        ("Fife,2021/22,A,1,,", "value-twice"),
    ],
)
def test_a_bad_row_stops_with_its_place(tmp_path: Path, line: str, check: str) -> None:
    (problem,) = problems(written(tmp_path, "Fife,2021-22,A,1,,", line))
    assert problem.check == check
    assert "row 3" in problem.where


def test_the_same_mistake_in_many_rows_is_one_problem(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, *[f"Angus,{year},A,1,," for year in range(2000, 2020)]))
    assert (problem.check, problem.count) == ("year-unknown", 20)
    assert problem.where == 'outcomes.csv, row 2, column B "school_year": "2000"'


def test_headings_that_are_missing_are_named(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, "Angus,2021-22,1", head="council,school_year,value"))
    assert problem.check == "headings-missing"
    assert "lacks measure" in problem.message


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(
        written(tmp_path, "Angus,2021-22,A,1,2", head="council,school_year,measure,value,Value")
    )
    assert problem.check == "column-twice"


# --- value, numerator, denominator, unit


@pytest.mark.parametrize(
    ("value", "fits"),
    [("66.7", True), ("66.6", False), ("66.67", True), ("67", True), ("66", False), ("66.66666667", True)],
)
def test_a_value_is_its_parts_to_the_decimals_written(tmp_path: Path, value: str, fits: bool) -> None:
    path = written(
        tmp_path, f"Angus,2021-22,A,{value},2,3", "Fife,2021-22,A,50,1,2", "Moray,2021-22,A,25,1,4"
    )
    if fits:
        assert set(read_outcomes(path).frame["unit"]) == {"percent"}
    else:
        (problem,) = problems(path)
        assert (problem.check, problem.count) == ("value-and-parts", 1)
        assert "row 2" in problem.where
        assert "2 / 3" in problem.where


@pytest.mark.parametrize(("numerator", "fits"), [("13330", True), ("13331", False)])
def test_half_a_unit_of_the_last_decimal_is_rounding_and_more_is_not(
    tmp_path: Path, numerator: str, fits: bool
) -> None:
    path = written(tmp_path, f"Angus,2021-22,A,66.6,{numerator},20000")  # 66.650% and 66.655%
    if fits:
        assert read_outcomes(path).frame["value"].tolist() == [66.6]
    else:
        assert [problem.check for problem in problems(path)] == ["value-and-parts"]


@pytest.mark.parametrize(("value", "unit"), [("12.5", "ratio"), ("1250", "")])
def test_a_value_may_be_a_plain_ratio_where_no_unit_is_given(tmp_path: Path, value: str, unit: str) -> None:
    path = written(tmp_path, f"Angus,2021-22,Pupils a teacher,{value},125,10")
    if unit:
        assert read_outcomes(path).frame["unit"].tolist() == [unit]
    else:
        assert problems(path)[0].check == "not-a-percentage"


def test_zeros_alone_do_not_tell_a_unit(tmp_path: Path) -> None:
    assert read_outcomes(written(tmp_path, "Angus,2021-22,A,0,0,10")).frame["unit"].tolist() == [""]


def test_one_measure_has_one_scale(tmp_path: Path) -> None:
    lines = ("Angus,2021-22,A,0.5,1,2", "Fife,2021-22,A,50,1,2", "Moray,2021-22,A,0.5,1,2")
    (problem,) = problems(written(tmp_path, *lines))
    assert problem.check == "value-and-parts"
    assert "row 3" in problem.where


def test_a_unit_given_must_hold_throughout_a_measure(tmp_path: Path) -> None:
    head = "council,school_year,measure,value,unit"
    (problem,) = problems(
        written(tmp_path, "Angus,2021-22,A,1,percent", "Fife,2021-22,A,1,points", head=head)
    )
    assert problem.check == "unit-changes"
    (problem,) = problems(written(tmp_path, "Angus,2021-22,A,100.1,percent", head=head))
    assert problem.check == "not-a-percentage"
    frame = read_outcomes(written(tmp_path, "Angus,2021-22,A,-3,percentage points", head=head)).frame
    assert frame["value"].tolist() == [-3]


# --- files that break readers


@pytest.mark.parametrize(
    ("content", "check"),
    [
        (b"", "empty-file"),
        (b"PK\x03\x04....", "broken-workbook"),
        (b"\x89PNG\r\n", "wrong-kind"),
        (b'council,school_year,measure,value\nAngus,2021-22,"A,1\n', "open-quotation-mark"),
        (b"council,school_year,measure,value\nAngus,2021-22,A\x00,1\n", "wrong-kind"),
        (b"council,school_year,measure,value\nAngus,2021-22,\x81\x8d,1\n", "unknown-encoding"),
        (b"<html><body>Sign in</body></html>", "wrong-kind"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, check: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_bytes(content)
    (problem,) = problems(path)
    assert problem.check == check
    assert "CSV UTF-8" in problem.fix


def test_a_file_above_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ci_eval.inputs import published

    path = written(tmp_path, *[f"Angus,2021-22,A{n},1,," for n in range(10)])
    monkeypatch.setattr(published, "LIMITS", Limits(rows=5))
    (problem,) = problems(path)
    assert problem.check == "file-too-large"


def test_text_of_another_encoding_is_read_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_bytes(
        "council,school_year,measure,value\nAngus,2021-22,Pupils’ attendance,91\n".encode("cp1252")
    )
    outcomes = read_outcomes(path)
    assert outcomes.measures == ("Pupils’ attendance",)
    assert [problem.check for problem in outcomes.record.notes] == ["encoding-guessed"]


# --- choosing


@pytest.fixture
def outcomes(tmp_path: Path) -> Outcomes:
    head = "council,school_year,measure,value,simd_quintile"
    lines = [
        "Fife,2021-22,Literacy,70,all",
        "Angus,2021-22,Literacy,60,all",
        "Angus,2020-21,Literacy,55,all",
        "Angus,2020-21,Literacy,45,1",
        "Angus,2020-21,Literacy,75.5,5",
        "Fife,2020-21,Literacy,[c],1",
        "Fife,2020-21,Literacy,80,5",
        "Moray,2020-21,Literacy,50,1",
        "Moray,2020-21,Literacy,95-100%,5",
        "Falkirk,2020-21,Literacy,90,5",
        "Stirling,2020-21,Literacy,0-10%,1",
        "Stirling,2020-21,Literacy,90-100%,5",
        "Angus,2021-22,Numeracy,90,all",
    ]
    return read_outcomes(written(tmp_path, *lines, head=head))


def test_a_series_is_one_measure_in_the_order_of_councils_and_years(outcomes: Outcomes) -> None:
    series = outcomes.series("Literacy")
    assert series[["council", "school_year", "value"]].to_numpy().tolist() == [
        ["Angus", "2020-21", 55.0],
        ["Angus", "2021-22", 60.0],
        ["Fife", "2021-22", 70.0],
    ]
    assert outcomes.series("Literacy", 1)["value"].tolist()[0] == 50.0


def test_what_is_not_there_is_refused_with_what_is(outcomes: Outcomes) -> None:
    with pytest.raises(InputError, match="Literacy and Numeracy"):
        outcomes.series("Reading")
    with pytest.raises(InputError, match="not given for SIMD quintile"):
        outcomes.series("Numeracy", 1)


def test_later_years_are_taken_out_and_counted(outcomes: Outcomes) -> None:
    early = outcomes.up_to("2020-21")
    assert set(early.frame["school_year"]) == {"2020-21"}
    assert [(note.check, note.count) for note in early.record.notes] == [("later-years", 3)]
    assert early.record.missing == outcomes.record.missing
    assert outcomes.up_to("2021-22").record == outcomes.record


# --- the gap between quintiles


def test_the_gap_is_quintile_5_minus_1_and_is_missing_where_either_is(outcomes: Outcomes) -> None:
    gap = equity_gap(outcomes, "Literacy").set_index("council")
    assert gap.loc["Angus", ["value", "unit", "missing"]].tolist() == [30.5, "percentage points", ""]
    assert gap.loc["Fife", "missing"] == "quintile 1 suppressed"
    assert gap.loc["Falkirk", "missing"] == "quintile 1 no row"
    assert gap.loc[["Fife", "Falkirk", "Moray"], "value"].isna().all()
    assert np.isnan(gap.loc["Angus", "low"])


def test_a_band_bounds_the_gap(outcomes: Outcomes) -> None:
    gap = equity_gap(outcomes, "Literacy").set_index("council")
    moray, stirling = gap.loc["Moray"], gap.loc["Stirling"]
    assert moray["missing"] == "quintile 5 banded"
    assert (moray["low"], moray["high"]) == (45, 50)
    assert stirling["missing"] == "quintile 5 banded and quintile 1 banded"
    assert (stirling["low"], stirling["high"]) == (80, 100)


def test_a_measure_without_quintiles_has_no_gap(outcomes: Outcomes) -> None:
    with pytest.raises(InputError, match="not given for SIMD quintile"):
        equity_gap(outcomes, "Numeracy")


# --- two scales in one measure, and numbers that can be read in two ways

BARE = "council,school_year,measure,value"


@pytest.mark.parametrize(
    ("values", "check"),
    [
        (("64.6", "73.7", "0.717", "65.1"), "fractions"),
        (("0.646", "0.737", "71.7"), "fractions"),
        (("64.6%", "73.7", "71.7"), "percent-signs"),
    ],
)
def test_two_scales_without_a_unit_are_refused(tmp_path: Path, values: tuple[str, ...], check: str) -> None:
    lines = [
        f"{name},2021-22,Literacy,{value}"
        for name, value in zip(("Fife", "Angus", "Moray", "Falkirk"), values, strict=False)
    ]
    (problem,) = problems(written(tmp_path, *lines, head=BARE))
    assert problem.check == check


def test_a_sign_after_every_value_gives_the_unit(tmp_path: Path) -> None:
    lines = [f"{name},2021-22,Literacy,{value}" for name, value in (("Fife", "64.6%"), ("Angus", "[c]"))]
    assert read_outcomes(written(tmp_path, *lines, head=BARE)).frame["unit"].tolist() == ["percent"] * 2


def test_a_rate_with_its_unit_may_be_small_beside_large_ones_and_is_noted(tmp_path: Path) -> None:
    lines = [
        f"{name},2021-22,Exclusions,{value},per 1000"
        for name, value in (("Fife", 25), ("Angus", 0.5), ("Moray", 12))
    ]
    notes = read_outcomes(written(tmp_path, *lines, head=f"{BARE},unit")).record.notes
    assert [(note.check, note.level) for note in notes] == [("fractions", "WARN")]


def test_a_zero_far_below_all_others_is_doubted_and_one_among_small_values_is_not(tmp_path: Path) -> None:
    for others, doubted in ((("60", "70"), ["value-of-zero"]), (("2", "3"), [])):
        values = zip(("Fife", "Angus", "Moray"), ("0", *others), strict=True)
        lines = [f"{name},2021-22,Literacy,{value}" for name, value in values]
        notes = read_outcomes(written(tmp_path, *lines, head=BARE)).record.notes
        assert [note.check for note in notes] == doubted


@pytest.mark.parametrize(("separator", "stops"), [(";", True), (",", False)])
def test_a_comma_before_three_figures_is_unclear_where_semicolons_separate(
    tmp_path: Path, separator: str, stops: bool
) -> None:
    lines = [
        f'{name}\t2021-22\tRate\t"{value}"'.replace("\t", separator)
        for name, value in (("Fife", "64,600"), ("Angus", "73,700"))
    ]
    path = written(tmp_path, *lines, head=BARE.replace(",", separator))
    if stops:
        assert [problem.check for problem in problems(path)] == ["comma-unclear"]
    else:
        assert read_outcomes(path).frame["value"].tolist() == [64_600, 73_700]
