"""A draft against the results of a run: what is contradicted, and what is left without a check because it is not clear."""

import json
from pathlib import Path

import pytest

from ci_eval import cli
from ci_eval.runs.draft_claims import check_draft
from ci_eval.runs.draft_quantities import quantities, sentences_of

WORDS = ["none", "few", "less than half", "majority", "most", "almost all", "all"]
# agreeing, answered and word now; agreeing, answered and word in the period before
STATEMENTS = {
    "s02": ("The purpose for the CI was clearly explained", (99, 110, "most"), (124, 131, "almost all")),
    "s04": ("The time spent on the CI process was appropriate", (15, 100, "few"), (118, 131, "almost all")),
    "s06": ("Discussions in the CI environment were open", (52, 104, "majority"), (122, 130, "almost all")),
    "s07": ("Discussions in the CI environment were honest", (51, 104, "less than half"), (119, 130, "almost all")),
    "s08": ("The process felt like an equal partnership", (16, 100, "less than half"), (118, 129, "almost all")),
    "s15": ("The process is worthwhile and worth developing further", (111, 112, "almost all"), (126, 129, "almost all")),
}  # fmt: skip


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of outputs with the results of one period, as a run writes them."""
    now, change, words = [], [], []
    for code, (statement, (agreeing, answered, word), (before, of, was)) in STATEMENTS.items():
        share, earlier = agreeing / answered, before / of
        ends = {"low": share - 0.03, "high": share + 0.03}
        now.append(
            {"code": code, "agreeing": agreeing, "answered": answered, "share": share, "word": word} | ends
        )
        one = {
            "statement": statement,
            "answered_first": of,
            "share_first": earlier,
            "difference": share - earlier,
        }
        change.append(one)
        words.append({"statement": statement, "word_first": was})
    answers = [("Yes", 44), ("No", 8), ("Unsure", 52)]
    published = [
        {"answer": name, "responses": n, "share": n / 104, "low": 0.4, "high": 0.6, "word": "majority"}
        for name, n in answers
    ]
    figures = {
        "ladder-of-words": now,
        "change-table": change,
        "change-words-table": words,
        "report-published-table": published,
        "respondents-by-role": [{"answer": "Headteacher"}],
    }
    pieces: dict[str, object] = {key: {"piece": "table", "rows": rows} for key, rows in figures.items()}
    pieces["main-sure"] = {"piece": "sentence", "numbers": {"responses": 118, "asked": 156}}
    pieces["coverage"] = {"piece": "sentence", "numbers": {"hosted": 12, "authorities": 32}}
    folder = tmp_path_factory.mktemp("outputs")
    place = folder / "drafts" / "2022-23" / "interim_evaluation"
    place.mkdir(parents=True)
    (place / "results.json").write_text(json.dumps({"pieces": pieces}), encoding="utf-8")
    return folder


def results(tmp_path: Path, outputs: Path, text: str) -> str:
    """The result of each quantity of a text, a sign each."""
    file = tmp_path / "draft.md"
    file.write_text(text, encoding="utf-8")
    signs = {"supported": "+", "contradicted": "-", "no check": "?"}
    return "".join(signs[one.result] for one in check_draft(str(file), "2022-23", outputs=str(outputs)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Most respondents agreed that the purpose was clearly explained (90%).", "++"),
        ("Almost all agreed that the purpose was clearly explained (94%).", "--"),
        ("Few agreed that the time spent was appropriate (15 of 100).", "++"),
        ("16 of 101 felt an equal partnership.", "-"),
        ("Discussions were found open by half of respondents (50%), and honest by 50%.", "?+-"),
        ("Discussions were found open by the majority (50%), and honest by 49%.", "+++"),
        ("Almost all find it worth developing further, but few felt an equal partnership.", "+-"),
        ("More than half found discussions open.", "-"),  # 50% itself is no more
        ("The majority were unsure whether a report was published (52 of 104).", "++"),
        ("In 2021-22, 91% felt an equal partnership; in 2022-23 an equal partnership was felt by 16%.", "++"),
        ("Agreement on time fell from 90.1% (118 of 131) to 15%.", "+++"),
        ("Agreement on time fell from 92% to 15%.", "-+"),
        ("A fall of 75 points was found in agreement on equal partnership.", "+"),
        ("A fall of 70 points was found in agreement on equal partnership.", "-"),
        ("s04: 15% agreed.", "+"),
        ("The response rate was 76%.", "+"),
        ("The response rate was 80%.", "-"),
        ("118 of the 156 people asked answered.", "+"),
        ("Thirteen of the 32 authorities had hosted.", "-"),
    ],
)
def test_a_quantity_goes_with_the_results(tmp_path: Path, outputs: Path, text: str, expected: str) -> None:
    """+ is supported, - contradicted, ? without a check; in the order of the sentence."""
    assert results(tmp_path, outputs, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Most agreed that discussions were good.",  # open or honest?
        "Most headteachers felt an equal partnership.",
        "Most did not feel that it was an equal partnership.",
        "Few commented on the time spent and whether it was appropriate.",
        "In 2020-21 most felt an equal partnership.",
        "Some respondents felt an equal partnership.",
        "A minority felt an equal partnership.",
        "40% strongly agreed that it was an equal partnership.",
        "Most people enjoy the weather.",
        "Where most felt an equal partnership, little changes.",
        "There were 7 visits.",
        "Officers of 21 of the 32 authorities had served on the team of another.",
    ],
)
def test_what_is_not_clear_has_no_check(tmp_path: Path, outputs: Path, text: str) -> None:
    assert results(tmp_path, outputs, text) == "?"


@pytest.mark.parametrize(
    "text",
    [
        "In June 2022, see Table 3 and question 7 of S2.",
        "The most recent is at most fine; the last few days.",
        "All learners count at all times.",
    ],
)
def test_dates_places_and_other_meanings_are_no_quantities(text: str) -> None:
    assert quantities(text, WORDS) == []


def test_sentences_end_neither_at_decimals_nor_at_abbreviations() -> None:
    assert sentences_of("It was 9.5%, e.g. in Fife. Most agreed.") == [
        "It was 9.5%, e.g. in Fife.",
        "Most agreed.",
    ]


def test_the_command_says_by_its_exit_code_whether_a_draft_is_contradicted(
    tmp_path: Path, outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "draft.md"
    where = ["claims", str(file), "--period", "2022-23", "--output", str(outputs)]
    file.write_text("Most felt an \x1b[31mequal partnership.", encoding="utf-8")
    assert cli.main(where) == 1
    out = capsys.readouterr().out
    assert "CONTRADICTED" in out
    assert "16% (16 of 100): less than half" in out
    assert "\x1b" not in out
    file.write_text("Few agreed that the time spent was appropriate.", encoding="utf-8")
    assert cli.main([*where, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["quantity"], row["result"], row["paragraph"]) == ("Few", "supported", 1)


def test_without_results_the_command_to_make_them_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "draft.md").write_text("Most agreed.", encoding="utf-8")
    where = ["claims", str(tmp_path / "draft.md"), "--period", "2021-22", "--output", str(tmp_path / "none")]
    assert cli.main(where) == 3
    assert "ci-eval run --period 2021-22" in capsys.readouterr().err
