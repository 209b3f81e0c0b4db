"""What is known of one authority: frames by hand, sentences true of them, and what is refused (docs/methods.md C11)."""

from pathlib import Path

import pytest

from ci_eval.evidence import AuthorityEvidence, open_what_we_know
from ci_eval.inputs.problems import InputError
from ci_eval.sections.what_we_know import (
    how_has_it_moved,
    how_wide_is_the_gap,
    quantities,
    what_cannot_be_said,
    where_does_it_stand,
    who_is_alike,
)

DATA = Path(__file__).resolve().parents[2] / "data"
YEARS = ("2018-19", "2020-21", "2021-22", "2022-23")
MEASURE = "Literacy (P1, P4 and P7 combined)"
HEAD = "council,school_year,measure,simd_quintile,value,unit"
FAMILY = ("Fife", "West Lothian", "South Ayrshire", "Renfrewshire", "South Lanarkshire", "Falkirk", "Clackmannanshire",
          "Dumfries and Galloway")  # fmt: skip


def opened(
    folder: Path, rows: list[str], authority: str = "Fife", frozen: bool = True, head: str = HEAD
) -> AuthorityEvidence:
    """The evidence on a plain table of outcomes, in invented periods with the example's plan."""
    (folder / "outcomes.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    for name in ("impact_plan.toml", *(["impact_plan.frozen.json"] if frozen else [])):
        (folder / name).write_bytes((DATA / "example" / name).read_bytes())
    settings = folder / "evaluation.toml"
    settings.write_text(
        f'programme = "{(DATA / "programme").as_posix()}"\n'
        '[periods."2022-23"]\nstarts = 2022-07-01\nends = 2023-06-30\ninvented = true\n'
        '[impact]\nplan = "impact_plan.toml"\n[impact.outcomes.own]\nfile = "outcomes.csv"\nkind = "plain"\n'
        'collection = "pupil census of levels"\n',
        encoding="utf-8",
    )
    return open_what_we_know("2022-23", str(settings), "", authority, "literacy")[0]


def row(council: str, year: str, value: float, quintile: str = "all") -> str:
    return f'{council},{year},"{MEASURE}",{quintile},{value},percent'


@pytest.fixture
def by_hand(tmp_path: Path) -> AuthorityEvidence:
    """Fife 60, 58, 61, 64; the others of its family 50 to 56 in the last year; Scotland 62; a gap of 20, then 15."""
    rows = [row("Fife", year, value) for year, value in zip(YEARS, (60, 58, 61, 64), strict=True)]
    rows += [row(name, "2022-23", 50 + place) for place, name in enumerate(FAMILY[1:])]
    rows += [row("Scotland", year, value) for year, value in zip(YEARS, (61, 57, 60, 62), strict=True)]
    for year, (most, least) in {"2018-19": (50, 70), "2022-23": (55, 70)}.items():
        rows += [row("Fife", year, most, "1"), row("Fife", year, least, "5")]
    return opened(tmp_path, rows)


def test_a_gap_has_newcombes_interval_where_pupils_are_counted_and_none_elsewhere(tmp_path: Path) -> None:
    """Newcombe 1998, table II, the example 56/70 and 48/80: 0.20, method 10 gives 0.0524 to 0.3339."""
    rows = ["council,school_year,measure,simd_quintile,value,unit,numerator,denominator"]
    rows += [f'Fife,2022-23,"{MEASURE}",5,80,percent,56,70', f'Fife,2022-23,"{MEASURE}",1,60,percent,48,80']
    rows += [f'Fife,2021-22,"{MEASURE}",5,80,percent,,', f'Fife,2021-22,"{MEASURE}",1,60,percent,,']
    rows += [f'Fife,2022-23,"{MEASURE}",all,70,percent,105,150']
    evidence = opened(tmp_path, rows[1:], head=rows[0])
    gap = evidence.gap().set_index("school_year")
    assert gap.loc["2022-23", ["low", "high"]].tolist() == pytest.approx([5.24, 33.39], abs=0.005)
    assert gap.loc["2021-22", ["low", "high"]].isna().all()
    (words,) = how_wide_is_the_gap.words(evidence.gap())
    assert "(95% interval of least less most deprived 5.2 to 33.4)" in words.text
    limits = what_cannot_be_said.words(evidence.standing(), evidence.course(), evidence.gap())[0].text
    assert "no interval" not in limits


def test_the_value_stands_beside_scotland_and_the_median_of_the_others(by_hand: AuthorityEvidence) -> None:
    standing = by_hand.standing()
    assert standing.loc[0, ["value", "others", "others_known", "country"]].tolist() == [64, 53, 7, 62]
    key, rank = where_does_it_stand.words(standing)
    assert key.text == (
        f"{MEASURE}: 64.0% in Fife in 2022-23, 2.0 percentage points above Scotland and 11.0 percentage points above the "
        "median of seven other authorities of its family group."
    )
    assert "has no rank" in rank.text  # a plain table without counts carries none
    assert standing["rank"].isna().all()


def test_the_course_names_the_year_without_a_collection(by_hand: AuthorityEvidence) -> None:
    course = by_hand.course()
    moved = how_has_it_moved.words(course)[0]
    assert moved.text.startswith(
        "From 2018-19 to 2022-23 Fife rose by 4.0 percentage points; Scotland rose by 1.0"
    )
    assert (
        how_has_it_moved.chart(course).title == "Fife rose by 4.0 percentage points from 2018-19 to 2022-23"
    )


def test_the_gap_is_the_least_less_the_most_deprived(by_hand: AuthorityEvidence) -> None:
    (words,) = how_wide_is_the_gap.words(by_hand.gap())
    assert "ahead by 15.0 percentage points in Fife" in words.text
    assert "narrowed by 5.0 percentage points from 2018-19 to 2022-23" in words.text


def test_without_fifths_the_page_says_so(tmp_path: Path) -> None:
    evidence = opened(tmp_path, [row("Fife", year, 60) for year in YEARS])
    gap = evidence.gap()
    assert how_wide_is_the_gap.words(gap)[0].level == "missing"
    assert how_wide_is_the_gap.chart(gap) is None
    limits = what_cannot_be_said.words(evidence.standing(), evidence.course(), gap)[0].text
    assert "not published by fifth of areas" in limits
    assert "The data are of whole authorities.\n" in limits + "\n"
    assert how_has_it_moved.words(evidence.course())[0].text == "From 2018-19 to 2022-23 Fife did not move."


def test_an_authority_without_a_number_is_not_guessed_at(tmp_path: Path) -> None:
    evidence = opened(tmp_path, [row("Angus", year, 60) for year in YEARS])
    (words,) = where_does_it_stand.words(evidence.standing())
    assert words.level == "missing"
    assert how_has_it_moved.words(evidence.course())[0].level == "missing"
    assert who_is_alike.chart(evidence.alike()) is None
    assert what_cannot_be_said.words(evidence.standing(), evidence.course(), evidence.gap())


def test_outcomes_of_exposed_years_stay_closed_until_the_plan_is_frozen(tmp_path: Path) -> None:
    evidence = opened(tmp_path, [row("Fife", year, 60) for year in YEARS], frozen=False)
    assert evidence.course()["school_year"].max() == "2020-21"
    said = what_cannot_be_said.words(evidence.standing(), evidence.course(), evidence.gap())[0].text
    assert "- What came after 2020-21. Later outcomes stay closed until the plan" in said


@pytest.mark.parametrize(
    ("authority", "focus", "named"),
    [
        ("Fief", "literacy", "Fife"),
        ("Fife", "literacie", "literacy"),
        ("Ayrshire", "literacy", "South Ayrshire"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_nearest(authority: str, focus: str, named: str) -> None:
    with pytest.raises(InputError) as error:
        open_what_we_know("2022-23", "", "", authority, focus)
    assert named in str(error.value)


@pytest.mark.parametrize(
    ("authority", "focus"),
    [
        ("Fife", "literacy"),
        ("Orkney Islands", "numeracy"),
        ("Glasgow City", "attainment-gap"),
        ("Orkney Islands", "primary-attainment"),
    ],
)
def test_the_example_gives_every_piece_for_large_and_small(authority: str, focus: str) -> None:
    evidence, _ = open_what_we_know("2022-23", "", "", authority, focus)
    standing, course, gap, alike = evidence.standing(), evidence.course(), evidence.gap(), evidence.alike()
    assert len(alike) == 8
    known = alike[alike["rank"].notna()]
    assert (known["rank_low"] <= known["rank"]).all()
    assert (known["rank"] <= known["rank_high"]).all()
    for piece in (where_does_it_stand.table(standing), who_is_alike.table(alike)):
        assert piece.record()["rows"]
    for chart in (how_has_it_moved.chart(course), how_wide_is_the_gap.chart(gap), who_is_alike.chart(alike)):
        assert chart is None or chart.drawn().png
    for words in (
        where_does_it_stand.words(standing),
        how_has_it_moved.words(course),
        how_wide_is_the_gap.words(gap),
        who_is_alike.words(alike),
        what_cannot_be_said.words(standing, course, gap),
    ):
        assert not any("nan" in one.text.split() for one in words)


def test_a_year_without_any_number_is_named_and_an_unequal_end_is_not() -> None:
    course = open_what_we_know("2022-23")[0].course()
    assert quantities.not_collected(course) == ["2019-20"]
    assert "Nothing was collected in 2019-20" in how_has_it_moved.words(course)[1].text


def test_an_indicator_named_by_a_code_is_called_by_its_title(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "lgbf"
    (tmp_path / "impact_plan.toml").write_bytes((DATA / "example" / "impact_plan.toml").read_bytes())
    settings = tmp_path / "evaluation.toml"
    settings.write_text(
        f'programme = "{(DATA / "programme").as_posix()}"\n'
        '[periods."2022-23"]\nstarts = 2022-07-01\nends = 2023-06-30\n[impact]\nplan = "impact_plan.toml"\n'
        f'[impact.outcomes.own]\nfile = "{(folder / "LGBF_education_CHN_2010-11_to_2022-23_long.csv").as_posix()}"\n'
        'kind = "lgbf"\n',
        encoding="utf-8",
    )
    evidence = open_what_we_know("2022-23", str(settings), "", "Fife", "inclusion")[0]
    assert evidence.measure == "CHN19a"
    said = where_does_it_stand.words(evidence.standing())[0].text
    assert said.startswith("School Attendance Rates (per 100 Pupils): 91.1% in Fife in 2020-21")
