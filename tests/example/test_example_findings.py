"""What the example surveys are for: the published findings come out again, and boundaries are met exactly."""

import csv
import re
from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from example_workbooks import (
    COMMENT,
    FOLDER,
    IMPROVE,
    ORGANISATION,
    PERIODS,
    PUBLISHED,
    STATEMENTS,
    agreement,
    book,
    given,
    rows,
)

# --- the published findings come out again (interim report, January 2023: data/programme/claims.csv) ---


def test_more_than_nine_in_ten_agree_with_every_statement_in_2021_22() -> None:
    shares = [Fraction(*counts) for counts in agreement("2021-22")]
    assert len(shares) == len(STATEMENTS)
    assert all(Fraction(9, 10) < share < 1 for share in shares)


def test_shares_of_2021_22_differ_and_the_lowest_hangs_on_one_person() -> None:
    agreeing, answered = min(agreement("2021-22"), key=lambda counts: Fraction(*counts))
    assert (agreeing, answered) == (118, 131)
    assert Fraction(agreeing - 1, answered) < Fraction(9, 10)
    assert max(Fraction(*c) for c in agreement("2021-22")) > Fraction(99, 100)


def test_the_majority_of_2021_22_are_unsure_whether_a_report_was_published() -> None:
    published = given("2021-22", PUBLISHED)
    answered = sum(n for answer, n in published.items() if answer)
    assert Fraction(1, 2) < Fraction(published["Unsure"], answered) < Fraction(3, 4)


@pytest.mark.parametrize(
    ("columns", "pattern", "least", "most_share"),
    [
        ((COMMENT,), r"always celebrat|celebrating success|celebrate what|celebration", 3, Fraction(15, 100)),
        ((COMMENT,), r"other authorities|another council", 3, Fraction(15, 100)),
        (
            (IMPROVE,),
            r"range of stakeholders|pupils directly|parents|social work|outside education",
            5,
            Fraction(49, 100),
        ),
    ],
)
def test_comments_of_2021_22_hold_what_the_published_report_found_in_them(
    columns: tuple[int, ...], pattern: str, least: int, most_share: Fraction
) -> None:
    texts = [str(row[c]) for row in rows("2021-22") for c in columns if row[c]]
    matching = sum(bool(re.search(pattern, text, re.IGNORECASE)) for text in texts)
    assert matching >= least
    assert Fraction(matching, len(texts)) <= most_share


def reported(period: str) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """People by (column, theme), and cells not agreed by column, counted from the file of codes alone."""
    codes: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(dict)
    with (FOLDER / f"coding_{period}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes[row["id"], row["question"]][row["coder"]] = set(row["code"].split(";")) - {""}
    people: Counter[tuple[str, str]] = Counter()
    waiting: Counter[str] = Counter()
    for (_, column), by_coder in codes.items():
        sets = [by_coder["agreed"]] if "agreed" in by_coder else list(by_coder.values())
        people.update((column, theme) for theme in set.intersection(*sets))
        waiting[column] += any(themes != sets[0] for themes in sets)
    return people, waiting


@pytest.mark.parametrize(
    ("column", "cell", "theme", "people", "written"),
    [
        ("comment", COMMENT, "celebrating", 5, 35),  # "a few"
        ("comment", COMMENT, "other-authorities", 5, 35),  # "a few"
        ("improve", IMPROVE, "stakeholders", 9, 29),  # "some", a word without a published share
    ],
)
def test_the_published_themes_of_2021_22_are_raised_by_five_people_or_more(
    column: str, cell: int, theme: str, people: int, written: int
) -> None:
    texts = [row[cell] for row in rows("2021-22") if row[cell] not in (None, "N/A", "Nothing to add")]
    assert len(texts) == written
    assert reported("2021-22")[0][column, theme] == people
    assert (Fraction(people, written) <= Fraction(15, 100)) is (column == "comment")


@pytest.mark.parametrize("period", PERIODS)
def test_the_readme_states_the_themes_that_the_files_of_codes_hold(period: str) -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    section = page.split(f"### {period}: themes")[1].split("###")[0]
    stated = re.findall(r"^\| ([\w-]+) \| (\d+) \| (\d+) \|$", section, re.MULTILINE)
    people, waiting = reported(period)
    assert len(stated) == len({theme for _, theme in people})
    for theme, comments, improvements in stated:
        assert (people["comment", theme], people["improve", theme]) == (int(comments), int(improvements))
    assert f"comments {waiting['comment']}, ways to improve {waiting['improve']}." in section


def test_two_of_three_quotations_are_approved_by_a_role_and_stand_in_their_comments() -> None:
    with (FOLDER / "quotations_2021-22.csv").open(encoding="utf-8", newline="") as file:
        quotations = list(csv.DictReader(file))
    assert [row["approved"] for row in quotations] == ["yes", "no", "yes"]
    texts = {str(row[0]): {"comment": row[COMMENT], "improve": row[IMPROVE]} for row in rows("2021-22")}
    for row in quotations:
        assert row["text"] in str(texts[row["id"]][row["column"]])
        assert row["approved_by"] == "Evaluation lead (invented)"


# --- 2022-23 stands on the boundaries ---


@pytest.mark.parametrize(
    ("statement", "counts"),
    [
        pytest.param(1, (112, 112), id="everybody"),
        pytest.param(15, (111, 112), id="everybody but one"),
        pytest.param(2, (99, 110), id="exactly 90%"),
        pytest.param(3, (98, 110), id="one person below 90%"),
        pytest.param(5, (100, 110), id="one person above 90%"),
        pytest.param(10, (81, 108), id="exactly 75%"),
        pytest.param(14, (80, 108), id="one person below 75%"),
        pytest.param(11, (82, 108), id="one person above 75%"),
        pytest.param(6, (52, 104), id="exactly 50%"),
        pytest.param(7, (51, 104), id="one person below 50%"),
        pytest.param(4, (15, 100), id="exactly 15%"),
        pytest.param(8, (16, 100), id="one person above 15%"),
    ],
)
def test_a_statement_of_2022_23_stands_on_its_boundary(statement: int, counts: tuple[int, int]) -> None:
    assert agreement("2022-23")[statement - 1] == counts


def test_exactly_half_of_2022_23_are_unsure_about_the_report() -> None:
    published = given("2022-23", PUBLISHED)
    assert published["Unsure"] * 2 == published["Unsure"] + published["Yes"] + published["No"] == 104


def test_2022_23_has_one_group_below_five_one_of_five_and_people_of_no_organisation() -> None:
    organisations = given("2022-23", ORGANISATION)
    named = {"Education Scotland": 32, "ADES": 4, "Local authority": 75}
    assert {name: organisations.pop(name) for name in named} == named
    assert organisations.pop(None) == 2
    assert sum(organisations.values()) == 5  # texts typed in place of "Other (please specify)"


def test_2022_23_has_partial_answers_and_people_who_answered_no_statement() -> None:
    blanks = Counter(
        sum(answer is None for answer in row[STATEMENTS.start : STATEMENTS.stop]) for row in rows("2022-23")
    )
    assert blanks[len(STATEMENTS)] == 2
    assert sum(n for blank, n in blanks.items() if 0 < blank < len(STATEMENTS)) >= 3


def test_both_periods_hold_dont_know_as_an_answer_of_its_own() -> None:
    for period in PERIODS:
        assert any(given(period, i)["Don’t know"] for i in STATEMENTS)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[^,]+, [^,]+, ",
        r'"[^"]+"',
        r"“[^”]+”",
        r"\n\n",
        r"[éôï]",
        r"Bha an obair",
        r"^=HYPERLINK\(\"http://example\.invalid\",\"x\"\)$",
        r"^<script>.*</script>$",
        r"<5 .*&",
        "\N{CLAPPING HANDS SIGN}",
        r"\w+@example\.invalid",
        r"\b01632 9600\d\d\b",
        r"^ +.* +$",
        r"^[-+@]",
        r"^N/A$",
        r"^None$",
    ],
)
def test_a_comment_of_2022_23_holds_what_careless_software_breaks_on(pattern: str) -> None:
    assert [text for text in given("2022-23", COMMENT) if text and re.search(pattern, str(text))]


def test_exactly_one_comment_of_2022_23_is_written_twice() -> None:
    comments = given("2022-23", COMMENT)
    assert [n for text, n in comments.items() if text and n > 1] == [2]


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    cells = [cell for row in book("2022-23").worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if str(cell.value).startswith("=")] == ["s"]


def test_forty_and_more_different_texts_were_invented() -> None:
    for period in PERIODS:
        texts = {row[c] for row in rows(period) for c in (COMMENT, IMPROVE) if row[c]}
        assert len(texts) >= 40
