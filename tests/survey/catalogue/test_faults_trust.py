"""Faults of names, free text, privacy and trust: kept as written, never shown, never believed blindly."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from faults import also, fault, loads, note, only, refused
from shapes import headed, plain, smartsurvey, with_column, with_part, without, workbook

from ci_eval import programme, survey
from ci_eval.inputs.problems import InputError
from ci_eval.programme import Questionnaire
from ci_eval.report.small_groups import put_together

Save = Callable[..., Path]


@fault(
    "answers-21",
    "ASK",
    "A council that is unknown or could be two",
    "the nearest names, never one of them",
    "ambiguous-council unknown-council",
)
def test_an_ambiguous_council() -> None:
    councils = programme.load_councils()
    for text in ("Ayrshire", "Aberdeenshyre"):
        with pytest.raises(InputError) as stopped:
            councils.find(text)
        also("refused", *stopped.value.problems)
        assert stopped.value.problems[0].fix
    assert (
        councils.find("Western Isles")
        == councils.find("Na h-Eileanan Siar")
        != councils.find("Shetland Islands")
    )
    assert councils.find("South Ayrshire") == "S12000028"
    also("answered")


@fault("answers-22", "NOTE", "A council's former code", "nothing: the current code is given")
def test_a_former_code() -> None:
    """Fife was S12000015 until 2018, Perth and Kinross S12000024 (Scottish Government's register of codes)."""
    councils = programme.load_councils()
    assert councils.find("S12000015") == councils.find("Fife") == "S12000047"
    assert councils.find("S12000024") == councils.find("Perth and Kinross") == "S12000048"
    also("loaded")


@fault(
    "answers-23",
    "WARN",
    "Roles and organisations in people's own spelling",
    "that they are Other; the line that maps one",
    "answers-as-other",
)
def test_own_spellings(save: Save, questionnaire: Questionnaire) -> None:
    texts = ["Ed Scotland", "ED. SCOT.", "ES HQ team"]
    path = save(plain(questionnaire, organisation=texts, role=["Head Teacher ", "HT", "headteacher"]))
    responses = loads(path)
    assert list(responses.frame["organisation_other"]) == texts
    assert list(responses.frame["role"]) == ["Head Teacher ", "HT", "headteacher"]
    assert "survey.codes.organisation]" in note(responses, "answers-as-other").fix
    mapped = {"organisation": {"Ed Scotland": "Education Scotland"}}
    assert loads(path, codes=mapped).frame["organisation"][0] == "Education Scotland"


@fault(
    "answers-24",
    "WARN",
    "Comments cut at a round length",
    "how many have exactly such a length, or end in dots",
    "comments-cut",
)
@pytest.mark.parametrize(
    ("length", "counted"), [(254, 0), (255, 1), (256, 1), (257, 0), (1000, 1), (32767, 1)]
)
def test_cut_comments(save: Save, questionnaire: Questionnaire, length: int, counted: int) -> None:
    dots = "and so on …"
    responses = loads(save(plain(questionnaire, comment=["x" * length, dots, "Good"])))
    assert note(responses, "comments-cut").count == counted + 1


@fault(
    "answers-25",
    "ASK",
    "A statement declared under its opposite",
    "that its answers need their meaning",
    "statement-reversed",
)
def test_a_statement_under_its_opposite(save: Save, questionnaire: Questionnaire) -> None:
    heading = "I did not enjoy participating in the CI"
    path = save(headed(plain(questionnaire), s09=heading))
    problem = only(path, headings={heading: "s09"})
    assert "survey.codes.s09]" in problem.fix
    turned = {"Agree": "Disagree", "Strongly agree": "Strongly disagree"}
    half = only(path, headings={heading: "s09"}, codes={"s09": turned})
    assert '"Disagree" and "Strongly disagree"' in half.fix  # half a scale turned round is refused
    turned |= {"Disagree": "Agree", "Strongly disagree": "Strongly agree"}
    turned["Neither agree nor disagree"] = "Neither agree nor disagree"
    assert set(loads(path, headings={heading: "s09"}, codes={"s09": turned}).frame["s09"]) == {"Disagree"}


@fault(
    "privacy-01",
    "WARN",
    "Columns of names, addresses and places",
    "their headings; their cells are never held",
    "contact-columns",
)
def test_contact_columns(save: Save, questionnaire: Questionnaire) -> None:
    rows = smartsurvey(questionnaire)
    for row in rows[3:]:
        row[2:5] = ["Jo Bloggs", "jo.bloggs@example.org", "192.0.2.1"]
    path = save(rows)
    responses = loads(path)
    assert note(responses, "contact-columns").count == 3
    held = {text for cells in survey.read(path, questionnaire).columns.values() for text in cells.distinct}
    assert not any("loggs" in text or "192.0" in text for text in held)
    address = plain(questionnaire, role=[f"p{n}@example.org" for n in range(3)])
    problem = only(save(address))
    assert (problem.check, problem.level, problem.count) == ("contact-in-answers", "REJECT", 3)
    assert "example.org" not in str(problem)


@fault(
    "privacy-02",
    "WARN",
    "Personal data in a comment",
    "row and question, for a person to read",
    "personal-data",
)
def test_personal_data_in_a_comment(save: Save, questionnaire: Questionnaire) -> None:
    texts = ["Ring 07700 900123", "jo.bloggs@example.org, EH1 1AA", "Good"]
    responses = loads(save(plain(questionnaire, comment=texts)))
    assert note(responses, "personal-data").count == 2
    assert list(responses.flagged["row"]) == [2, 3]
    assert not any(part in str(responses.record) for part in ("900123", "loggs", "EH1"))


@fault("privacy-03", "WARN", "Groups of very few respondents", "nothing at the load; put together")
def test_small_groups_are_put_together_before_any_table() -> None:
    assert put_together({"a": 4, "b": 30, "c": 40}) == [("c",), ("a", "b")]
    assert put_together({"a": 5, "b": 30, "c": 40}) == [("a",), ("b",), ("c",)]
    also("loaded")


@fault(
    "privacy-04",
    "NOTE",
    "People in the names of files and sheets, and in a workbook's properties",
    "the file's hash; no author",
)
def test_people_in_names_and_properties(tmp_path: Path, questionnaire: Questionnaire) -> None:
    def author(book: openpyxl.Workbook) -> None:
        book.properties.creator = book.properties.lastModifiedBy = "Jo Bloggs"

    path = tmp_path / "survey jo.bloggs@example.org.xlsx"
    workbook(path, ("07700 900123", plain(questionnaire)), change=author)
    record = loads(path).record
    assert not any(part in str(record) for part in ("loggs", "900123"))
    assert len(record.sha256) == 64
    path.write_bytes(b"")
    assert "loggs" not in str(only(path))


@fault(
    "trust-01",
    "WARN",
    "A file edited by hand after the export",
    "what shows it; the hash is in the record",
    "ids-out-of-order workbook-edited",
)
def test_a_file_edited_by_hand(save: Save, tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire, rows=12)
    assert "ids-out-of-order" not in {each.check for each in loads(save(rows)).record.notes}
    newest_first = [rows[0], *reversed(rows[1:])]
    assert "ids-out-of-order" not in {each.check for each in loads(save(newest_first)).record.notes}
    moved = [rows[0], *rows[6:], *rows[1:6]]
    assert note(loads(save(moved)), "ids-out-of-order").count == 1
    core = b'<c:p xmlns:c="c" xmlns:d="d"><d:creator>Forms</d:creator><c:lastModifiedBy>Jo Bloggs</c:lastModifiedBy></c:p>'
    path = with_part(workbook(tmp_path / "book.xlsx", ("Sheet1", rows)), "docProps/core.xml", core)
    assert "Bloggs" not in str(note(loads(path), "workbook-edited"))


@fault(
    "trust-02",
    "REJECT",
    "The same file for two periods, or an older export",
    "both files, or both numbers",
    "file-twice",
)
def test_the_same_file_for_two_periods(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    first = loads(save(rows, "2021.csv")).record
    again = loads(save(rows, "2022.csv")).record
    other = loads(save(rows[:3], "2023.csv")).record
    (problem,) = survey.loaded_before(again, [first, other])
    assert "2021.csv" in problem.message
    also("refused", problem)
    assert survey.loaded_before(other, [first]) == []
    assert only(save(rows[:3]), expected=3).check == "count-unexpected"  # fewer rows than the load before


@fault(
    "trust-03",
    "ASK",
    "A questionnaire changed while the survey ran",
    "the statement, the day, and changed =",
    "statement-asked-in-part",
)
def test_a_questionnaire_changed_half_way(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire, rows=12, s09=[""] * 6 + ["Agree"] * 6)
    for day, row in enumerate(rows[1:], start=1):
        row[1] = f"2022-08-{day:02d}"
    path = save(rows)
    problem = only(path)
    assert "s09 until 2022-08-06" in problem.message
    assert 'changed = ["s09"]' in problem.fix
    assert loads(path, changed=("s09",)).frame["s09"].isna().sum() == 6
    dropped = plain(questionnaire, rows=12, s09=["Agree"] * 6 + [""] * 6)
    for row, other in zip(dropped[1:], rows[1:], strict=True):
        row[1] = other[1]
    assert "s09 after 2022-08-06" in only(save(dropped)).message


@fault(
    "trust-04",
    "WARN",
    "More or other columns than last time",
    "which are new and which are missing, by their letter",
    "columns-unused",
)
def test_more_or_other_columns(save: Save, questionnaire: Questionnaire) -> None:
    rows = with_column(plain(questionnaire), "Weather", ["wet"] * 3)
    assert "column Y" in note(loads(save(rows)), "columns-unused").message
    assert "s02" in only(save(without(rows, "s02"))).message


def test_what_people_wrote_never_stands_in_a_message(save: Save, questionnaire: Questionnaire) -> None:
    """A comment in the place of every kind of cell: id, date, answer, option."""
    words = "Ask Jo Bloggs of Somewhere Primary, she chaired every single one of those long meetings"
    rows = plain(
        questionnaire, rows=4, s02=["Agree", words, "x@example.org", "Agree"], mode=[words, *["Online"] * 3]
    )
    rows[1][1] = "Jo Bloggs was there"
    rows[4][0] = rows[3][0]
    page = " ".join(map(str, refused(save(rows))))
    assert not any(part in page for part in ("Bloggs", "example.org", "Somewhere"))
