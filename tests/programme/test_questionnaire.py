"""The questionnaire: the published wording, and answers that fit together."""

import csv
import shutil
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import Questionnaire, load_questionnaire

FAVOURABLE = 'favourable = ["Strongly agree", "Agree"]'
FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load_questionnaire(FACTS)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "programme"))


def test_there_are_fifteen_statements_and_seven_other_questions(questionnaire: Questionnaire) -> None:
    assert [statement.code for statement in questionnaire.statements] == [f"s{n:02}" for n in range(1, 16)]
    codes = ["organisation", "role", "focus", "mode", "comment", "published", "improve"]
    assert [question.code for question in questionnaire.questions] == codes
    assert [question.number for question in questionnaire.questions] == [1, 2, 3, 4, 6, 7, 8]
    assert questionnaire.sets[0].text == "To what extent do you agree with the following statements?"


def test_statements_and_headings_are_worded_as_in_the_collected_exports(
    questionnaire: Questionnaire, shared: Path
) -> None:
    with (shared / "exports/invented/statements.csv").open(encoding="utf-8") as file:
        collected = [(row["code"], row["statement"]) for row in csv.DictReader(file)]
    assert [(statement.code, statement.text) for statement in questionnaire.statements] == collected
    with (shared / "exports/invented/microsoft_forms/forms_saved_as_csv_cp1252_us_dates.csv").open(
        encoding="cp1252"
    ) as file:
        headings = [" ".join(heading.split()) for heading in next(csv.reader(file))]
    for asked in (*questionnaire.statements, *questionnaire.questions):
        assert asked.text in headings


def test_every_answer_of_the_collected_responses_is_an_option(
    questionnaire: Questionnaire, shared: Path
) -> None:
    with (shared / "exports/invented/truth.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    allowed = {"", *questionnaire.answers, *questionnaire.missing}
    assert {row[s.code] for row in rows for s in questionnaire.statements} <= allowed
    for question in questionnaire.questions:
        if question.kind == "choice":
            assert {row[question.code] for row in rows} <= {
                "",
                *question.options,
                *questionnaire.missing,
                "Other",
            }


def test_the_scale_runs_from_agreement_to_disagreement_without_dont_know(
    questionnaire: Questionnaire,
) -> None:
    assert len(questionnaire.scale) == 5
    assert questionnaire.scale[:2] == questionnaire.agree == ("Strongly agree", "Agree")
    assert questionnaire.scales[0].not_scale == ("Don\N{RIGHT SINGLE QUOTATION MARK}t know",)
    assert questionnaire.answers == questionnaire.scale + questionnaire.scales[0].not_scale
    assert questionnaire.missing == ("Not applicable", "Not shown")


def test_every_statement_has_a_form_of_its_own_for_sentences(questionnaire: Questionnaire) -> None:
    forms = [statement.reported for statement in questionnaire.statements]
    assert all(forms)
    assert len(set(forms)) == 15


def test_a_question_is_found_by_its_code(questionnaire: Questionnaire) -> None:
    organisation = questionnaire.question("organisation")
    assert organisation.other == organisation.options[-1] == "Other (please specify)"
    assert questionnaire.question("role").options == ()
    with pytest.raises(KeyError):
        questionnaire.question("statements")


def test_a_user_can_change_the_options(facts: Path) -> None:
    path = facts / "questionnaire.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"Unsure"', '"Not sure"').replace("Unsure =", '"Not sure" =')
    path.write_text(text, encoding="utf-8")
    assert load_questionnaire(facts).question("published").options == ("Yes", "No", "Not sure")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "', 'titel = "', 'Did you mean "title"?'),
        ('title = "', 'titel = "', 'The key "title" is missing'),
        ("answers = [", "answers = 5 #", "a list of texts in quotes"),
        (FAVOURABLE, "favourable = []", "not the first answers of the scale"),
        (FAVOURABLE, 'favourable = ["Agree", "Strongly agree"]', "not the first answers of the scale"),
        (FAVOURABLE, 'favourable = ["Yes"]', "not the first answers of the scale"),
        ('"Neither agree nor disagree", "Disagree", "Strongly disagree"]', "]", "or are all of them"),
        ('answers = ["S', 'answers = ["1", "2", "3", "S', "A scale of 8 answers cannot be drawn"),
        ('text = "To what', 'scale = "often"\ntext = "To what', '"often" is no scale'),
        ('kind = "statements"', 'kind = "text"', "no question above them"),
        ('code = "s02"', 'question = "often"\ncode = "s02"', '"often" is the code of no question of kind'),
        ('question = "published"', 'question = "role"', '"role" is the code of no choice'),
        ("Unsure = ", '"Not sure" = ', '"Not sure" is none of the options of published'),
        ('groups = "modes"', "", "Groups need grouping and groups"),
        ('"Not applicable"', '"strongly  AGREE"', "is written more than once"),
        ("number = 2", "number = 3", "not 1, 2"),
        ("number = 2", 'number = "2"', "a whole number of at least 1"),
        ('code = "role"', 'code = "id"', "cannot be the code of a question"),
        ('code = "s02"', 'code = "s03"', '"s03" is the code of two questions or statements'),
        ('code = "s02"', 'code = "S 2"', "cannot be the code of a statement"),
        ('code = "s02"', 'code = "role"', '"role" is the code of two questions'),
        ("The purpose for the CI was", "The process for the CI was", "is written more than once"),
        ('kind = "text"', 'kind = "open"', "kind is 'open'"),
        ('kind = "text"', 'kind = "text"\noptions = ["a"]', "Only a choice has options"),
        ('kind = "text"', "kind = [1]", "kind is [1]"),
        ('"Yes", "No", "Unsure"', '"Yes", "yes"', "is written more than once"),
        ('other = "Other (please specify)"', 'other = "Others"', "none of the options"),
        ('options = ["Education', 'options = 5 # ["Education', "options is 5"),
        ("[[statements]]", "[statement]", 'The key "statement" is not known'),
        ('title = "', "title = '''", "not valid TOML"),
        ("number = 2", "number = " + "9" * 5000, "not valid TOML"),
        ("number = 2", "number = " + "[" * 5000, "not valid TOML"),
        ("number = 2", "number = 0x" + "f" * 5000, "not 1, 2"),
        ('text = "What is your job role?"', "text = 0x" + "f" * 5000, "many figures"),
    ],
)
def test_a_questionnaire_that_does_not_fit_together_is_refused(
    facts: Path, old: str, new: str, message: str
) -> None:
    path = facts / "questionnaire.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_questionnaire(facts)
    assert message in str(caught.value)
    assert "questionnaire.toml" in str(caught.value)
