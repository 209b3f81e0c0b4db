"""Faults of the heading: rows too many or too few, wordings changed, cut, doubled or in another language."""

import json
from collections.abc import Callable
from pathlib import Path

from faults import fault, loads, note, only
from shapes import (
    COMMENT,
    S01,
    S02,
    S06,
    S07,
    headed,
    jisc,
    plain,
    qualtrics,
    smartsurvey,
    surveymonkey,
    with_column,
    without,
)

from ci_eval.programme import Questionnaire

Save = Callable[..., Path]


@fault("header-01", "NOTE", "Qualtrics' three heading rows", "tool and heading rows, in the description")
def test_qualtrics_three_heading_rows(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save(qualtrics(questionnaire)))
    assert responses.record.description == "read as Qualtrics, 3 heading rows, UTF-8, comma"
    assert list(responses.frame["id"]) == ["R_1", "R_2", "R_3"]


@fault(
    "header-02",
    "REJECT",
    "One of Qualtrics' heading rows deleted by hand",
    "which rows the tool writes",
    "heading-row-missing",
)
def test_qualtrics_with_a_heading_row_deleted(save: Save, questionnaire: Questionnaire) -> None:
    names, _, imports, *data = qualtrics(questionnaire)
    assert "3 heading rows" in only(save([names, imports, *data])).message


@fault("header-03", "NOTE", "Qualtrics' legacy format", "tool and heading rows, in the description")
def test_qualtrics_legacy(save: Save, questionnaire: Questionnaire) -> None:
    _, texts, _, *data = qualtrics(questionnaire)
    own = ["ResponseID", "ResponseSet", "StartDate", "EndDate", "Finished"]
    rows = [
        [*(f"V{n}" for n in range(5)), *(f"Q{n}" for n in range(len(texts) - 8)), ""],
        [*own, *texts[8:], ""],
    ]
    rows += [[row[6], "Default Response Set", row[0], row[1], "1", *row[8:], ""] for row in data]
    responses = loads(save(rows, encoding="utf-8-sig"))
    assert responses.record.description == "read as Qualtrics (legacy), 2 heading rows, UTF-8, comma"
    assert list(responses.frame["id"]) == [
        "R_1",
        "R_2",
        "R_3",
    ]  # the first respondent is not taken for a heading


@fault("header-04", "NOTE", "ImportIds in single quotes", "tool and heading rows, in the description")
def test_import_ids_in_single_quotes(save: Save, questionnaire: Questionnaire) -> None:
    names, texts, imports, *data = qualtrics(questionnaire)
    single = [str(json.loads(cell)) for cell in imports]
    assert single[0].startswith("{'ImportId'")
    assert loads(save([names, texts, single, *data])).record.used == 3


@fault(
    "header-05",
    "NOTE",
    "SurveyMonkey's question row and sub-question row",
    "each question with its part, in the load record",
)
def test_surveymonkey_two_heading_rows(save: Save, questionnaire: Questionnaire) -> None:
    record = loads(save(surveymonkey(questionnaire))).record
    assert record.description == "read as SurveyMonkey, 2 heading rows, UTF-8, comma"
    assert record.matched["s02"][1].endswith(f"statements? - {S02}")
    assert record.matched["comment"][1] == COMMENT  # a blank is filled from the left only over a part


@fault("header-06", "REJECT", "A sub-question row left among the responses", "the row", "heading-row-inside")
def test_a_sub_question_row_left_in(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    parts = ["", "", *["Response"] * 21, "Open-Ended Response"]
    assert only(save([rows[0], parts, *rows[1:]])).cells == "row 2"


@fault("header-07", "NOTE", "SmartSurvey's three heading rows", "tool and heading rows, in the description")
def test_smartsurvey_three_heading_rows(save: Save, questionnaire: Questionnaire) -> None:
    record = loads(save(smartsurvey(questionnaire), encoding="utf-8-sig")).record
    assert record.description == "read as SmartSurvey, 3 heading rows, UTF-8, comma"
    assert record.used == 3


@fault("header-08", "NOTE", "Short names above the wordings", "two heading rows, in the description")
def test_short_names_above_the_wordings(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    names = [f"Q{number}" for number in range(len(rows[0]))]
    responses = loads(save([names, *rows]))
    assert "2 heading rows" in responses.record.description
    assert list(responses.frame["id"]) == ["1", "2", "3"]


@fault("header-09", "REJECT", "One question in two columns", "both columns", "heading-twice")
def test_one_question_in_two_columns(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    problem = only(save(with_column(rows, S02, ["Agree"] * 3)))
    assert "column H" in problem.where
    assert "column Y" in problem.where
    other = with_column(rows, "Other (please specify)", ["Northern Alliance", "", ""], before="role")
    other = with_column(other, "Other (please specify)", ["by post", "", ""], before="s01")
    responses = loads(save(other))
    assert "column D" in note(responses, "other-by-place").message  # told apart by the column on the left
    assert responses.frame["organisation_other"][0] == "Northern Alliance"
    assert "column H" in note(responses, "columns-unused").message


@fault(
    "header-10",
    "REJECT",
    "A statement that is not there",
    "its code and wording, and absent =",
    "question-missing",
)
def test_a_missing_statement(save: Save, questionnaire: Questionnaire) -> None:
    rows = without(plain(questionnaire), "s02")
    problem = only(save(rows))
    assert f's02 "{S02}"' in problem.message
    assert 'absent = ["s02"]' in problem.fix
    assert loads(save(rows), absent=("s02",)).frame["s02"].isna().all()


@fault(
    "header-11",
    "NOTE",
    "Statements without their question above them",
    "nothing; two columns with one statement are refused",
)
def test_statements_alone(save: Save, questionnaire: Questionnaire) -> None:
    record = loads(save(plain(questionnaire))).record
    assert record.matched["s02"] == ("H", S02, "exactly")
    assert only(save(with_column(plain(questionnaire), S01, ["Agree"] * 3))).check == "heading-twice"


@fault(
    "header-12",
    "NOTE",
    "Columns out of the questionnaire's order",
    "the first that has moved",
    "columns-reordered",
)
def test_columns_out_of_order(save: Save, questionnaire: Questionnaire) -> None:
    rows = [list(reversed(row)) for row in plain(questionnaire, s02=["Disagree", "Agree", "Agree"])]
    responses = loads(save(rows))
    assert list(responses.frame["s02"]) == ["Disagree", "Agree", "Agree"]
    assert "s15" in note(responses, "columns-reordered").message


@fault(
    "header-13",
    "NOTE",
    "Words glued together in headings",
    "headings matched without their spaces",
    "headings-evened-out",
)
def test_glued_words(save: Save, questionnaire: Questionnaire) -> None:
    record = loads(save(headed(plain(questionnaire), s02=S02.replace("for the", "forthe")))).record
    assert record.matched["s02"][2] == "without spaces"


@fault("header-14", "WARN", "Headings cut short", "each match by its beginning", "headings-cut")
def test_cut_headings(save: Save, questionnaire: Questionnaire) -> None:
    found = note(loads(save(headed(plain(questionnaire), s02=S02[:30] + "…"))), "headings-cut")
    assert "column H" in found.message
    problem = only(save(headed(plain(questionnaire), s06=S06[:28] + ".. ", s07=S07[:28] + ".. ")))
    assert (problem.check, problem.level) == ("heading-cut", "REJECT")
    assert S06 in problem.message
    assert only(save(headed(plain(questionnaire), s02=S02[:24] + "…"))).check == "question-missing"


@fault(
    "header-15",
    "REJECT",
    "A statement reworded or turned round",
    "the nearest heading, not used, and the setting",
    "question-missing",
)
def test_a_reversed_statement(save: Save, questionnaire: Questionnaire) -> None:
    problem = only(save(headed(plain(questionnaire), s09="I did NOT enjoy participating in the CI")))
    assert "nearest heading, not used: column O; it says the opposite" in problem.message
    assert "survey.headings]" in problem.fix


@fault(
    "header-16",
    "ASK",
    "Question numbers that differ between two exports",
    "the key file, whose wordings count",
    "key-missing",
)
def test_question_numbers_that_moved(save: Save, tmp_path: Path, questionnaire: Questionnaire) -> None:
    frames = []
    for first in (1, 7):
        rows, key = jisc(questionnaire, tmp_path, first)
        path = save(rows, f"export-{first}.csv")
        assert "key =" in only(path).fix
        frames.append(loads(path, key=key).frame)
    assert frames[0].equals(frames[1])


@fault(
    "header-17",
    "WARN",
    "A placeholder the tool did not fill in",
    "the headings that hold one",
    "headings-piped",
)
def test_an_unfilled_placeholder(save: Save, questionnaire: Questionnaire) -> None:
    for piped in ("${q://QID1/ChoiceGroup/SelectedChoices}", "{TYPothers.value}", "[Q1]"):
        heading = S02.replace("the CI", f"the CI {piped}")
        responses = loads(save(headed(plain(questionnaire), s02=heading)))
        assert note(responses, "headings-piped").count == 1
        assert responses.record.matched["s02"][1] == heading


@fault(
    "header-18",
    "NOTE",
    "Spaces, capitals and numbers around a heading",
    "the heading as it came, in the load record",
    "headings-evened-out",
)
def test_spaces_capitals_and_numbers(save: Save, questionnaire: Questionnaire) -> None:
    rows = headed(plain(questionnaire), s01=f"  {S01.upper()} ", s02=f"Q5.2. {S02}")
    record = loads(save(rows)).record
    assert record.matched["s01"] == ("G", f"  {S01.upper()} ", "after evening out")
    assert record.matched["s02"][2] == "without its wrapping"


@fault(
    "header-19",
    "WARN",
    "Columns that answer no question",
    "their headings; refused where they look like a statement",
    "columns-unused",
)
def test_unknown_columns(save: Save, questionnaire: Questionnaire) -> None:
    rows = with_column(plain(questionnaire), "Analysis tags", ["a", "b", "c"])
    unused = note(loads(save(rows)), "columns-unused")
    assert (unused.message.endswith("not used: column Y."), unused.cells) == (True, "Y Analysis tags")
    for heading in (
        "I did not enjoy participating in the CI",
        "To what extent do you agree with the following statements? - It rained",
    ):
        like = with_column(plain(questionnaire), heading, ["Agree"] * 3)
        problem = only(save(like))
        assert (problem.check, problem.level) == ("statement-unknown", "REJECT")
        assert '"not used"' in problem.fix
        assert loads(save(like), headings={heading: "not used"}).record.used == 3


@fault(
    "header-20",
    "ASK",
    "Another language version",
    "that translations are never matched, and the two settings",
    "headings-in-another-language",
)
def test_another_language(save: Save, questionnaire: Questionnaire) -> None:
    """French sentences of no meaning here; the settings say which statement each is and what its answers mean."""
    french = [f"Le processus numéro {number} a été expliqué clairement" for number in range(15)]
    codes = [statement.code for statement in questionnaire.statements]
    texts = {statement.text: text for statement, text in zip(questionnaire.statements, french, strict=True)}
    rows = plain(questionnaire)
    rows = [
        [texts.get(cell, cell) for cell in rows[0]],
        *([c.replace("Agree", "D'accord") for c in row] for row in rows[1:]),
    ]
    problem = only(save(rows))
    assert "survey.headings]" in problem.fix
    declared = dict(zip(french, codes, strict=True))
    responses = loads(save(rows), headings=declared, codes={"statements": {"D'accord": "Agree"}})
    assert set(responses.frame["s15"]) == {"Agree"}
