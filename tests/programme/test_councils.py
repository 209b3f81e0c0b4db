"""Which council a text names, and when nobody but a person may decide."""

import csv
import re
import shutil
import time
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import Councils, load_councils
from ci_eval.programme.councils import normalise

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


@pytest.fixture(scope="module")
def councils() -> Councils:
    return load_councils(FACTS)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "programme"))


def refused(councils: Councils, text: object) -> str:
    with pytest.raises(InputError) as caught:
        councils.find(text)  # type: ignore[arg-type]
    return str(caught.value)


def test_there_are_32_councils_in_6_collaboratives(councils: Councils) -> None:
    table = councils.table
    assert len(table) == 32
    assert table.index.is_unique
    assert table.index.name == "gss_code"
    assert table["short_name"].is_unique
    # Sizes of the six collaboratives: Scottish Government, Regional Improvement Collaboratives.
    sizes = table["regional_improvement_collaborative"].value_counts()
    assert sorted(sizes) == [3, 4, 4, 5, 8, 8]


def test_every_code_and_name_of_a_council_finds_it(councils: Councils) -> None:
    for code, council in councils.by_code.items():
        for text in (code, council.name, council.short_name, *council.former_codes):
            assert councils.find(text) == code


@pytest.mark.parametrize(
    ("former", "current"),
    [  # statistics.gov.scot: superseded codes of boundary changes since 2007
        ("S12000015", "S12000047"),  # Fife
        ("S12000024", "S12000048"),  # Perth and Kinross
        ("S12000046", "S12000049"),  # Glasgow City
        ("S12000044", "S12000050"),  # North Lanarkshire
        ("S12000009", "S12000045"),  # East Dunbartonshire
    ],
)
def test_a_former_code_finds_the_council_of_today(councils: Councils, former: str, current: str) -> None:
    assert councils.find(former) == current


@pytest.mark.parametrize(
    ("text", "short_name"),
    [
        ("Edinburgh, City of", "City of Edinburgh"),
        ("Edinburgh City", "City of Edinburgh"),
        ("  PERTH & KINROSS council ", "Perth and Kinross"),
        ("The Highland Council", "Highland"),
        ("The Fife Council", "Fife"),
        ("argyll_and_bute", "Argyll and Bute"),
        ("Na h‑Eileanan Siar", "Na h-Eileanan Siar"),  # a hyphen that does not break
        ("Comhairle nan Eilean Siar", "Na h-Eileanan Siar"),
        ("Ｆｉｆｅ", "Fife"),  # full width
        ("Falk\u200birk", "Falkirk"),  # a zero-width space
        ("Fife\u00a0Council", "Fife"),
    ],
)
def test_spelling_that_means_nothing_is_evened_out(councils: Councils, text: str, short_name: str) -> None:
    assert councils.short_name(councils.find(text)) == short_name


@pytest.mark.parametrize(
    ("text", "right", "wrong_by_likeness"),
    [
        ("Western Isles", "Na h-Eileanan Siar", "Shetland Islands"),
        ("city of aberdeen", "Aberdeen City", "City of Edinburgh"),
    ],
)
def test_a_listed_variant_is_right_where_likeness_would_be_wrong(
    councils: Councils, text: str, right: str, wrong_by_likeness: str
) -> None:
    assert councils.short_name(councils.find(text)) == right != wrong_by_likeness


def test_one_council_is_never_taken_for_another_that_contains_its_name(councils: Councils) -> None:
    assert councils.find("Renfrewshire") != councils.find("East Renfrewshire")
    assert councils.find("Aberdeen") != councils.find("Aberdeenshire")
    for cut in ("Fif", "Aberdeens", "East", "Renfrew"):
        assert "not the name of a council that we know" in refused(councils, cut)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ayrshire", ["South Ayrshire", "East Ayrshire", "North Ayrshire"]),
        ("the LANARKSHIRE council", ["North Lanarkshire", "South Lanarkshire"]),
        ("Falkirk / Stirling", ["Falkirk", "Stirling"]),
        ("Borders", ["Scottish Borders"]),
    ],
)
def test_an_ambiguous_name_is_refused_with_its_candidates(
    councils: Councils, text: str, named: list[str]
) -> None:
    page = refused(councils, text)
    assert all(name in page for name in named)


def test_an_unknown_name_is_refused_with_the_nearest(councils: Councils) -> None:
    assert "Na h-Eileanan Siar" in refused(councils, "Westren Isles")
    assert "Inverclyde" in refused(councils, "Inverclyd")
    assert refused(councils, "zzzz").count("\n") == 2


@pytest.mark.parametrize("case", range(13))
def test_hostile_texts_are_refused_quickly_in_printable_words(councils: Councils, case: int) -> None:
    texts: list[object] = [
        "x" * 5_000_000, "\ufdfa" * 200, "\x00\x1b[31m\u202eevil", "\ud800", "", " \t", "The Council", "&",
        "<script>", None, float("nan"), b"Fife", 10**5000,
    ]  # fmt: skip
    begun = time.perf_counter()
    page = refused(councils, texts[case])
    assert time.perf_counter() - begun < 2
    assert len(page) < 500
    assert page.replace("\n", "").isprintable()
    assert page.encode("utf-8")


def test_a_text_may_be_200_characters_long_and_no_longer(councils: Councils) -> None:
    assert councils.find("Fife" + "," * 196) == councils.find("Fife")
    assert "1 to 200 characters" in refused(councils, "Fife" + "," * 197)


def test_where_the_text_stands_is_named(councils: Councils) -> None:
    with pytest.raises(InputError, match=r"outcomes\.xlsx, row 7"):
        councils.find("Ayrshire", where="outcomes.xlsx, row 7")


def test_normalising_twice_changes_nothing(councils: Councils) -> None:
    for text in (*councils.names, *councils.refusals):
        assert normalise(text) == text


def test_305_collected_variants_find_their_council(councils: Councils, shared: Path) -> None:
    with (shared / "data/councils/council_names.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 305
    assert [row["variant"] for row in rows if councils.find(row["variant"]) != row["gss_code"]] == []


def test_collected_ambiguous_answers_are_refused_but_for_two_exact_names(
    councils: Councils, shared: Path
) -> None:
    with (shared / "data/councils/council_ambiguous.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    accepted = [row["answer"] for row in rows if isinstance(councils.look_up(row["answer"]), str)]
    assert accepted == ["Renfrewshire", "Aberdeen"]
    for row in rows:
        if row["answer"] not in accepted and row["candidates"]:
            page = refused(councils, row["answer"])
            assert all(councils.short_name(code) in page for code in row["candidates"].split("|"))


def test_codes_collaboratives_and_published_names_agree_with_the_collected_ones(
    councils: Councils, shared: Path
) -> None:
    with (shared / "data/councils/gss_history.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert councils.find(row["code"]) == row["current_code"]
    with (shared / "data/councils/scottish_councils.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            council = councils.by_code[row["gss_code"]]
            assert council.name == row["official_name"]
            assert council.regional_improvement_collaborative == row["regional_improvement_collaborative"]
            for column in row:
                if column.startswith("name_"):
                    assert councils.find(row[column]) == row["gss_code"]


@pytest.mark.parametrize(
    ("file", "pattern", "replacement", "message"),
    [
        ("councils.csv", r"\nS12000030,.*", "", "31 councils"),
        ("council_names.csv", r"S12000033", "S12999999", "no council's"),
        (
            "council_names.csv",
            r"\nAberdeen,S12000033",
            "\nFife,S12000033",
            "two councils, S12000047 and S12000033",
        ),
        (
            "council_refusals.csv",
            r"\nBorders,",
            "\nScottish Borders Council,",
            "refused in this file and accepted",
        ),
        ("council_refusals.csv", r"\nPerth,", "\nborders,", "is in row"),
    ],
)
def test_tables_that_contradict_one_another_are_refused(
    facts: Path, file: str, pattern: str, replacement: str, message: str
) -> None:
    text = (facts / file).read_text(encoding="utf-8")
    (facts / file).write_text(re.sub(pattern, replacement, text, count=1), encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        load_councils(facts)
    assert file in str(caught.value)


def test_every_council_has_its_facts_and_a_tile_of_its_own(councils: Councils) -> None:
    table = councils.table
    assert table["tile"].is_unique
    assert set(table["family_group"]) == {"1", "2", "3", "4"}
    assert (table["pupils"] == table["primary_pupils"] + table["secondary_pupils"]).all()
    assert [councils.short_name(code) for code in councils.islands] == [
        "Na h-Eileanan Siar",
        "Orkney Islands",
        "Shetland Islands",
    ]


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("S12000033,no,", "S12000033,No,", "yes-or-no"),
        ("S12000033,no,", "S12000033,no,about ", "not-a-number"),
        ("S12000033,no,", "S12999999,no,", "facts-missing"),
    ],
)
def test_facts_that_cannot_be_used_are_refused_with_their_row(
    facts: Path, old: str, new: str, check: str
) -> None:
    file = facts / "council_facts.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_councils(facts)
    assert [problem.check for problem in caught.value.problems] == [check]
    assert "row " in caught.value.problems[0].where


def test_the_facts_are_those_of_their_sources(councils: Councils) -> None:
    shared = FACTS.parents[2] / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("the sources are not beside the project")
    published = {row["gss_code"]: row for row in read(shared / "councils" / "scottish_councils.csv")}
    simd = {row["gss_code"]: row for row in read(shared / "councils" / "simd2020_by_council.csv")}
    tiles = {
        row["gss_code"]: row
        for row in read(shared / "boundaries" / "gb_sct_council_areas_grid1_with_gss.csv")
    }
    for code, council in councils.by_code.items():
        assert council.primary_pupils == float(published[code]["primary_pupils_2022_23_lgbf"])
        assert council.secondary_pupils == float(published[code]["secondary_pupils_2022_23_lgbf"])
        assert published[code]["lgbf_family_group_children"] == f"Family Group {council.family_group}"
        assert abs(council.most_deprived_percent - float(simd[code]["pct_pop_simd2020_q1"])) <= 0.05
        assert council.tile == (int(tiles[code]["row"]), int(tiles[code]["col"]))


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
