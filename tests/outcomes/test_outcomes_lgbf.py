"""The benchmarking framework's long file: units known, never guessed; and the published file against a second source."""

from pathlib import Path

import numpy as np
import pytest

from ci_eval.inputs.problems import InputError, Problem
from ci_eval.outcomes import Outcomes, equity_gap, read_lgbf

HEAD = (
    "Code,LocalAuthority,Year,LA_IndicatorReal,LA_Numerator_real,LA_Den_Real,"
    "Scotland_Indicator_Real,Scotland_Num_Real,Scotland_Den_Real"
)
INFORMATION = (
    "Title,Code,MeasureType,NumberFormat,Numerator_Multipier,Denominator_Multiplier\n"
    "% of pupils,CHN13a,Percentage,0.0%,,\n"
    "Attainment gap - % Point Gap,CHN14a,Percentage,0.0%,,\n"
    "% with parts,CORP01,Percentage,0.0%,,\n"
    "Cost per pupil,CHN01,Cost,'£ ' #,1000,1\n".replace("'£ ' #,1000", "\"'£ ' #,###\",1000")
    + "Average tariff,CHN12b,Score,0,,\n"
    'Emissions,CLIM01,Other Measurement,"0.00 ""tCO2""",,\n'
    'Exclusions,CHN20a,"Rate per 1,000",0,,\n'
)
COUNCILS = (
    "Angus",
    "Fife",
    "Moray",
    "Falkirk",
    "Stirling",
    "Highland",
    "Glasgow City",
    "Edinburgh City",
    "Eilean Siar",
    "East Lothian",
)


def written(folder: Path, lines: list[str], head: str = HEAD, information: str | None = INFORMATION) -> Path:
    if information is not None:
        (folder / "LGBF_Indicator_Information.csv").write_text(information, encoding="utf-8-sig")
    path = folder / "lgbf.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def problems(path: Path, *arguments: object, **named: object) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as stopped:
        read_lgbf(path, *arguments, **named)  # type: ignore[arg-type]
    assert all(problem.fix for problem in stopped.value.problems)
    return stopped.value.problems


# --- units


def test_a_fraction_becomes_percent_by_the_indicator_information(tmp_path: Path) -> None:
    outcomes = read_lgbf(written(tmp_path, ["CHN13a,Angus,2021-22,0.7125,,,0.7054,,"]))
    row = outcomes.frame.iloc[0]
    assert (row["value"], row["unit"], row["measure"]) == (71.25, "percent", "CHN13a")
    assert outcomes.national.empty


@pytest.mark.parametrize(("value", "known"), [(1.0, True), (1.001, False), (71.25, False), (-1.001, False)])
def test_values_that_contradict_the_information_are_not_guessed_at(
    tmp_path: Path, value: float, known: bool
) -> None:
    path = written(tmp_path, ["CHN13a,Fife,2021-22,0.7,,,0.7,,", f"CHN13a,Angus,2021-22,{value},,,0.7,,"])
    if known:
        assert read_lgbf(path, ["CHN13a"]).frame["value"].max() == 100
    else:
        (problem,) = problems(path, ["CHN13a"])
        assert (problem.check, problem.level) == ("unit-not-certain", "ASK")
        assert 'units = {"CHN13a": "percent"}' in problem.fix


def test_an_indicator_nobody_asked_for_by_name_is_left_out_where_its_unit_is_not_certain(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, ["CHN14a,Angus,2021-22,22.4,,,21,,", "CHN12b,Angus,2021-22,577,,,600,,"])
    outcomes = read_lgbf(path)
    assert outcomes.measures == ("CHN12b",)
    assert outcomes.record.left_out == {"unit not certain": 1}
    assert [problem.level for problem in outcomes.record.notes] == ["WARN"]


@pytest.mark.parametrize(("said", "value"), [("percent", 0.9), ("fraction", 90.0)])
def test_a_declared_unit_is_taken_as_declared(tmp_path: Path, said: str, value: float) -> None:
    path = written(tmp_path, ["CHN13a,Angus,2021-22,0.9,,,0.9,,", "CHN01,Angus,2021-22,6000,,,6000,,"])
    frame = read_lgbf(path, units={"CHN13a": said}).frame.set_index("measure")
    assert frame.loc["CHN13a", ["value", "unit"]].tolist() == [value, "percent"]
    assert frame.loc["CHN01", ["value", "unit"]].tolist() == [6000, "pounds"]


def test_a_difference_of_percentages_is_in_percentage_points(tmp_path: Path) -> None:
    path = written(tmp_path, ["CHN14a,Angus,2021-22,22.4,,,21,,"])
    row = read_lgbf(path, ["CHN14a"], units={"CHN14a": "percent"}).frame.iloc[0]
    assert (row["value"], row["unit"]) == (22.4, "percentage points")


@pytest.mark.parametrize(("size", "value"), [(1, 0.0125), (100, 1.25)])
def test_numerators_and_denominators_tell_a_fraction_from_percent(
    tmp_path: Path, size: int, value: float
) -> None:
    # Both are small enough to be taken for fractions by their size.
    lines = [
        f"CORP01,{council},2021-22,{0.005 * size},5,1000,{0.005 * size},50,10000" for council in COUNCILS[1:]
    ]
    path = written(tmp_path, [*lines, f"CORP01,Angus,2021-22,{value},12.5,1000,{0.005 * size},50,10000"])
    outcomes = read_lgbf(path, ["CORP01"])
    angus = outcomes.series("CORP01").set_index("council").loc["Angus"]
    assert angus["value"] == pytest.approx(1.25)
    assert 100 * angus["numerator"] / angus["denominator"] == pytest.approx(angus["value"])
    assert "numerators and denominators" in outcomes.record.description


def test_parts_that_contradict_each_other_leave_the_unit_unknown(tmp_path: Path) -> None:
    lines = [f"CORP01,{council},2021-22,0.05,20,1000,0.05,,".replace('"', "") for council in COUNCILS]
    (problem,) = problems(written(tmp_path, lines), ["CORP01"])
    assert problem.check == "unit-not-certain"


@pytest.mark.parametrize(
    ("code", "unit"), [("CHN01", "pounds"), ("CHN12b", "points"), ("CLIM01", "tCO2"), ("CHN20a", "per 1,000")]
)
def test_other_kinds_of_measure_name_their_unit(tmp_path: Path, code: str, unit: str) -> None:
    row = read_lgbf(written(tmp_path, [f"{code},Angus,2021-22,0.5,,,0.5,,"])).frame.iloc[0]
    assert (row["value"], row["unit"]) == (0.5, unit)


def test_without_information_a_unit_has_to_be_declared(tmp_path: Path) -> None:
    path = written(tmp_path, ["CHN13a,Angus,2021-22,0.7,,,0.7,,"], information=None)
    (problem,) = problems(path, ["CHN13a"])
    assert "in no indicator information" in problem.message
    assert read_lgbf(path, ["CHN13a"], units={"CHN13a": "fraction"}).frame["value"].tolist() == [70.0]


def test_parts_multiply_as_the_information_says(tmp_path: Path) -> None:
    row = read_lgbf(written(tmp_path, ["CHN01,Angus,2021-22,6470,64.7,10,6000,,"])).frame.iloc[0]
    assert (row["numerator"], row["denominator"]) == (64_700, 10)


def test_parts_that_do_not_give_the_value_are_left_out_and_shown(tmp_path: Path) -> None:
    outcomes = read_lgbf(written(tmp_path, ["CHN01,Angus,2021-22,6470,70,10,6000,,"]))
    assert np.isnan(outcomes.frame["numerator"].iloc[0])
    assert [problem.check for problem in outcomes.record.notes] == ["parts-disagree"]


def test_an_average_score_of_exactly_nought_is_doubted(tmp_path: Path) -> None:
    notes = read_lgbf(written(tmp_path, ["CHN12b,Angus,2021-22,0,,,600,,"])).record.notes
    assert [problem.check for problem in notes] == ["value-of-zero"]


# --- rows


def test_every_row_is_used_or_counted(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        [
            "CHN13a,Angus,2021-22,0.7,,,0.7,,",
            "CHN13a,Fife,2010-14,0.7,,,0.7,,",
            "CHN12b,Fife,2021-22,500,,,600,,",
            ",,,,,,,,",
            "",
        ],
    )
    record = read_lgbf(path, ["CHN13a"]).record
    assert record.left_out == {"several years in one value": 1, "indicator not asked for": 1, "blank row": 2}
    assert record.rows_in == 5 == record.used + sum(record.left_out.values())


def test_a_missing_value_is_blank_and_has_its_row(tmp_path: Path) -> None:
    outcomes = read_lgbf(
        written(tmp_path, ["CHN13a,Angus,2021-22,,,,0.7,,", "CHN13a,Fife,2021-22,0.7,,,0.7,,"])
    )
    assert outcomes.frame["missing"].tolist() == ["blank", ""]
    assert outcomes.record.missing == {"blank": 1}


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("CHN13a,Ayrshire,2021-22,0.7,,,0.7,,", "ambiguous-council"),
        ("CHN13a,Angus,sometime,0.7,,,0.7,,", "year-unknown"),
        ("CHN13a,Angus,2021-22,much,,,0.7,,", "not-a-number"),
        ("CHN13a,Fife,2021-22,0.7,,,0.7,,", "value-twice"),
        ("CHN13a,Angus,2021-22,0.7,,0.7,,", "row-length"),
    ],
)
def test_what_cannot_be_read_stops_with_its_place(tmp_path: Path, line: str, check: str) -> None:
    (problem,) = problems(written(tmp_path, ["CHN13a,Fife,2021-22,0.7,,,0.7,,", line]))
    assert problem.check == check
    assert "row 3" in problem.where


def test_every_problem_comes_at_once(tmp_path: Path) -> None:
    lines = [
        "CHN13a,Lanarkshire,2021-22,0.7,,,0.7,,",
        "CHN13a,Angus,2021,0.7,,,0.7,,",
        "CHN13a,Nowhere,2021-22,0.7,,,0.7,,",
    ]
    found = problems(written(tmp_path, lines))
    assert [problem.check for problem in found] == ["ambiguous-council", "year-unknown", "unknown-council"]


def test_an_indicator_that_is_not_there_is_named(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, ["CHN13a,Angus,2021-22,0.7,,,0.7,,"]), ["chn13A"])
    assert "chn13A" in problem.message


def test_a_code_that_is_another_councils_is_refused(tmp_path: Path) -> None:
    head = HEAD + ",gss_code"
    path = written(tmp_path, ["CHN13a,Angus,2021-22,0.7,,,0.7,,,S12000036"], head)
    (problem,) = problems(path)
    assert problem.check == "code-and-name"
    path = written(tmp_path, ["CHN13a,Fife,2021-22,0.7,,,0.7,,,S12000015"], head)  # Fife's former code
    assert len(read_lgbf(path).frame) == 1


def test_rows_of_scotland_are_kept_apart_and_counted(tmp_path: Path) -> None:
    lines = ["CHN13a,Angus,2021-22,0.7,,,,,", "CHN13a,Scotland,2021-22,0.8,,,,,"]
    outcomes = read_lgbf(written(tmp_path, lines))
    assert outcomes.frame["council"].tolist() == ["Angus"]
    assert outcomes.national["value"].tolist() == [pytest.approx(80)]
    assert (outcomes.record.rows_in, outcomes.record.left_out) == (2, {"of Scotland, kept apart": 1})


# --- the published file


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "lgbf"


LITERACY = "Literacy (P1, P4 and P7 combined)"


def test_the_framework_repeats_the_published_levels_in_another_unit(
    published: Outcomes, folder: Path
) -> None:
    levels = published
    framework = read_lgbf(
        folder / "LGBF_education_CHN_2010-11_to_2022-23_long.csv",
        ["CHN13a", "CHN13b", "CHN14a"],
        units={"CHN14a": "percent"},
    )
    pairs = {
        "CHN13a": levels.series(LITERACY),
        "CHN13b": levels.series(LITERACY.replace("Literacy", "Numeracy")),
    }
    pairs["CHN14a"] = equity_gap(levels, LITERACY)
    for code, (rows, unit) in {
        "CHN13a": (128, "percent"),
        "CHN13b": (128, "percent"),
        "CHN14a": (116, "percentage points"),
    }.items():
        both = framework.series(code).merge(pairs[code], on=["gss_code", "school_year"])
        assert len(both) == rows
        assert set(both["unit_x"]) == {unit}
        assert (
            both["value_x"] - both["value_y"]
        ).abs().max() < 0.006  # the framework rounds some to two decimals


def test_both_layouts_give_the_same(folder: Path) -> None:
    codes = ["CHN01", "CHN04", "CHN13a", "CHN20a"]
    extract = read_lgbf(folder / "LGBF_education_CHN_2010-11_to_2022-23_long.csv", codes)
    whole = read_lgbf(folder / "LGBF_ScotDataReal_ISSpatialHub_2024-03.csv", codes)
    for code in codes:
        assert np.allclose(extract.series(code)["value"], whole.series(code)["value"])
        assert extract.series(code)["gss_code"].nunique() == 32
    assert whole.record.rows_in == 35_467
    assert whole.record.left_out["blank row"] == 1


def test_in_the_published_file_only_the_gaps_of_the_education_indicators_need_a_declaration(
    folder: Path,
) -> None:
    outcomes = read_lgbf(folder / "LGBF_education_CHN_2010-11_to_2022-23_long.csv")
    uncertain = [
        problem.message.split()[0] for problem in outcomes.record.notes if problem.check == "unit-not-certain"
    ]
    assert uncertain == ["CHN14a", "CHN14b"]
    assert outcomes.record.rows_in == 9_826 == outcomes.record.used + sum(outcomes.record.left_out.values())
