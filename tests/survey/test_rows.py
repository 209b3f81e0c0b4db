"""Each row of a file is a response or left out for a reason that is counted."""

from pathlib import Path

import pytest
from small_tables import column, table, written

from ci_eval import survey
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings

COMMENT = "Please use the box below to provide any comments on the statements in question above."


def problem_of(
    rows: list[list[str]], folder: Path, questionnaire: Questionnaire, declared: SurveySettings | None = None
) -> Problem:
    with pytest.raises(InputError) as stopped:
        survey.load(written(rows, folder), questionnaire, declared=declared)
    (problem,) = stopped.value.problems
    return problem


def test_blank_rows_are_counted_and_left_out(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire)
    path = written([rows[0], [""] * len(rows[0]), *rows[1:], [], []], tmp_path)
    record = survey.load(path, questionnaire).record
    assert (record.rows_in, record.used, dict(record.left_out)) == (5, 2, {"blank row": 3})


def test_a_response_without_an_answer_is_out_of_the_base(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    rows.append(["3", "2022-08-01", *[""] * (len(rows[0]) - 3), "  "])
    record = survey.load(written(rows, tmp_path), questionnaire).record
    assert record.used == 2
    assert dict(record.left_out_ids) == {"opened, nothing answered": ("3",)}


def test_exact_copies_stop_the_load_until_the_settings_keep_the_first(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    rows.append(list(rows[1]))
    problem = problem_of(rows, tmp_path, questionnaire)
    assert problem.check == "duplicate-rows"
    assert problem.cells == "row 2 and 4"
    declared = SurveySettings(duplicates="keep first")
    record = survey.load(written(rows, tmp_path), questionnaire, declared=declared).record
    assert (record.rows_in, record.used, dict(record.left_out)) == (3, 2, {"exact duplicate": 1})


@pytest.mark.parametrize("date", ["2022-08-01 09:00:17", "2022-08-01 09:00", ""])
def test_equal_rows_without_ids_are_copies_where_times_keep_seconds(
    date: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = [row[1:] for row in table(questionnaire, rows=3)]
    rows[1][0] = rows[2][0] = date
    rows[3][1] = questionnaire.question("organisation").options[1]
    declared = SurveySettings(duplicates="keep first")
    record = survey.load(written(rows, tmp_path), questionnaire, declared=declared).record
    assert dict(record.left_out) == {"exact duplicate": 1}
    if date.endswith("17"):
        assert problem_of(rows, tmp_path, questionnaire).check == "duplicate-rows"
    else:
        record = survey.load(written(rows, tmp_path), questionnaire).record
        assert {note.check: note.count for note in record.notes}["duplicate-rows"] == 2


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        (["1", "2", "3"], True),
        (["R-01", "R-02", "R-03"], True),
        (["1", "", "3"], False),
        (["1", "1", "3"], False),
        (["Jo Bloggs", "Al Roe", "Mo Day"], False),
    ],
)
@pytest.mark.parametrize("heading", ["Respondent No", "No.", "#", "Case ID", "Response #", "Ref No"])
def test_an_unusual_heading_is_an_id_s_where_its_cells_are(
    heading: str, ids: list[str], read: bool, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire, rows=3)
    for row, cell in zip(rows, [heading, *ids], strict=True):
        row[0] = cell
    rows[2][2] = questionnaire.question("organisation").options[1]
    responses = survey.load(written(rows, tmp_path), questionnaire)
    assert (list(responses.frame["id"]) == ids) == read
    assert not read or "columns-unused" not in {note.check for note in responses.record.notes}


def test_copies_are_found_by_an_id_of_an_unusual_heading(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    rows[0][0] = "Respondent No"
    assert problem_of([*rows, rows[1]], tmp_path, questionnaire).cells == "row 2 and 4"


@pytest.mark.parametrize("again", ["103.0", "0103", "00103.00"])
def test_one_number_is_one_id_however_it_is_written(
    again: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    rows[1][0], rows[2][0] = "103", again
    assert problem_of(rows, tmp_path, questionnaire).check == "duplicate-rows"
    rows[2][-1] = "Different"
    assert problem_of(rows, tmp_path, questionnaire).check == "id-twice"


def test_one_id_with_two_answers_stops_whatever_the_settings_say(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    rows[2][0] = "1 "
    rows[2][-1] = "Different"
    declared = SurveySettings(duplicates="keep first")
    assert problem_of(rows, tmp_path, questionnaire, declared).check == "id-twice"


def test_a_total_below_the_responses_is_no_response(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire)
    rows.append(["TOTAL", *["2"] * (len(rows[0]) - 1)])
    assert problem_of(rows, tmp_path, questionnaire).check == "total-row"


def test_a_second_heading_is_two_exports_in_one(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire)
    second = [rows[0], ["7", *rows[1][1:]]]
    problem = problem_of([*rows, *second], tmp_path, questionnaire)
    assert problem.check == "heading-inside"
    assert problem.cells == "row 4"


def test_a_row_that_is_short_or_long_is_named(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire)
    assert problem_of([rows[0], rows[1], rows[2][:-3]], tmp_path, questionnaire).check == "row-too-narrow"
    problem = problem_of([rows[0], rows[1], [*rows[2], "more"]], tmp_path, questionnaire)
    assert problem.check == "row-too-wide"
    assert problem.cells == "row 3"


def test_a_separator_at_the_end_of_every_row_is_noted_and_of_one_row_refused(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    every = [rows[0], *([*row, ""] for row in rows[1:])]
    responses = survey.load(written(every, tmp_path), questionnaire)
    assert list(responses.frame["id"]) == ["1", "2"]  # nothing has moved by one column
    assert "separator-at-end" in {note.check for note in responses.record.notes}
    assert problem_of([rows[0], rows[1], [*rows[2], ""]], tmp_path, questionnaire).check == "row-too-wide"


def test_a_quotation_mark_left_open_is_found_in_its_row(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire, rows=4)
    path = written(rows, tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"3","2022', '"3,"2022'), encoding="utf-8")
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    assert stopped.value.problems[0].cells == "row 4"


def test_line_breaks_inside_cells_do_not_count_as_rows(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire, "one\ntwo\r\nthree\n\nfour")
    rows[2][column(rows, "How was your CI undertaken?")] = "Hybrid"
    problem = problem_of(rows, tmp_path, questionnaire)
    assert "row 3," in problem.cells


def test_line_ends_inside_cells_become_one_kind(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire, "one\r\ntwo\rthree\nfour")
    frame = survey.load(written(rows, tmp_path), questionnaire).frame
    assert set(frame["comment"]) == {"one\ntwo\nthree\nfour"}


def test_ids_are_made_where_there_are_none_and_stay_the_same(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = [row[1:] for row in table(questionnaire)]
    first = survey.load(written(rows, tmp_path), questionnaire)
    again = survey.load(written(rows, tmp_path), questionnaire)
    assert list(first.frame["id"]) == list(again.frame["id"])
    assert first.frame["id"].is_unique  # equal answers, told apart by their rows
    assert "ids-made" in {note.check for note in first.record.notes}
    rows[2][-1] = "Something else"
    changed = survey.load(written(rows, tmp_path), questionnaire)
    assert first.frame["id"][0] == changed.frame["id"][0]
    assert first.frame["id"][1] != changed.frame["id"][1]


def test_a_row_without_an_id_is_given_one_and_said(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire, rows=3)
    rows[2][0] = rows[3][0] = " "
    responses = survey.load(written(rows, tmp_path), questionnaire)
    assert responses.frame["id"][0] == "1"
    assert responses.frame["id"].is_unique
    note = next(note for note in responses.record.notes if note.check == "ids-made")
    assert (note.count, note.cells.startswith("row 3")) == (2, True)


def test_a_file_of_previews_only_has_no_responses(
    tmp_path: Path, invented: Path, questionnaire: Questionnaire
) -> None:
    """The four first rows of a Qualtrics export: three of heading, one preview."""
    whole = (invented / "qualtrics" / "qualtrics_choice_text.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "previews.csv"
    path.write_text(
        whole[: whole.index("2022-08-01 09:05:10,2022-08-01 09:09:42,IP Address")], encoding="utf-8"
    )
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    (problem,) = stopped.value.problems
    assert problem.check == "no-responses"
    assert "(1 preview or test)" in problem.message


def test_not_shown_alone_is_no_answer(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire)
    rows.append(["3", "2022-08-01", *["#"] * (len(rows[0]) - 2)])
    for heading in ("What is your job role?", COMMENT, rows[0][4], rows[0][-1]):
        rows[3][column(rows, heading)] = ""
    record = survey.load(
        written(rows, tmp_path), questionnaire, declared=SurveySettings(missing={"#": "Not shown"})
    ).record
    assert dict(record.left_out_ids) == {"opened, nothing answered": ("3",)}


@pytest.mark.parametrize(("expected", "asked"), [(1, True), (2, False), (3, False), (4, True)])
def test_the_number_the_tool_reports_is_held_against_the_file(
    expected: int, asked: bool, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    """Three responses, one of them empty: the tool may count it or not."""
    rows = table(questionnaire)
    rows.append(["3", "2022-08-01", *[""] * (len(rows[0]) - 2)])
    declared = SurveySettings(expected=expected)
    if asked:
        assert problem_of(rows, tmp_path, questionnaire, declared).check == "count-unexpected"
    else:
        assert survey.load(written(rows, tmp_path), questionnaire, declared=declared).record.used == 2


def test_ids_that_are_addresses_are_not_kept_and_still_find_copies(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire, rows=3)
    for number, row in enumerate(rows[1:]):
        row[0], row[-1] = f"jo{number}@example.org", f"Answer {number}"
    responses = survey.load(written(rows, tmp_path), questionnaire)
    told = next(note for note in responses.record.notes if note.check == "ids-personal")
    assert (told.level, told.count, told.cells.startswith("row 2")) == ("WARN", 3, True)
    assert responses.frame["id"].str.startswith("row-").all()
    assert "example.org" not in str(responses.record.as_dict())
    problem = problem_of([*rows, rows[1]], tmp_path, questionnaire)
    assert problem.check == "duplicate-rows"
    rows[2][0] = rows[1][0]
    problem = problem_of(rows, tmp_path, questionnaire)
    assert (problem.check, "example.org" in str(problem)) == ("id-twice", False)


def test_a_row_without_id_and_date_among_others_that_have_both_is_no_response(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire, rows=4)
    note = ["", "", "4 responses", *[""] * (len(rows[0]) - 3)]
    problem = problem_of([rows[0], note, *rows[1:]], tmp_path, questionnaire)
    assert (problem.check, problem.cells) == ("note-row", "row 2")
    rows[2][0] = ""  # a lost id alone, or a lost date alone, is a response's
    rows[3][1] = ""
    assert survey.load(written(rows, tmp_path), questionnaire).record.used == 4


def test_responses_pasted_under_other_ids_are_told_of(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire, rows=3)
    for second, row in enumerate(rows[1:], start=1):
        row[1] = f"2022-08-01 09:00:{second:02d}"
    again = [str(10 + int(rows[1][0])), *rows[1][1:]]

    def noted(rows: list[list[str]]) -> list[Problem]:
        record = survey.load(written(rows, tmp_path), questionnaire).record
        return [note for note in record.notes if note.check == "responses-copied"]

    (problem,) = noted([*rows, again])
    assert ("row 2" in problem.cells and "and 5" in problem.cells, problem.count) == (True, 2)
    other = [*again]
    other[rows[0].index("I enjoyed participating in the CI")] = "Disagree"
    assert noted([*rows, other]) == []
    assert noted([*rows, [again[0], "2022-08-01 09:00:59", *again[2:]]]) == []
    minutes = [[*row[:1], "2022-08-01 09:00", *row[2:]] for row in [*rows[1:], again]]
    assert noted([rows[0], *minutes]) == []  # in one minute two people may well answer alike


def test_a_statement_that_nobody_answered_is_told_of(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire, rows=3)
    place = column(rows, "I enjoyed participating in the CI")
    for row in rows[1:]:
        row[place] = ""
    path = written(rows, tmp_path)
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    (problem,) = stopped.value.problems
    assert (problem.check, "s09" in problem.message, "absent" in problem.fix) == (
        "question-unanswered",
        True,
        True,
    )
    known = survey.load(path, questionnaire, declared=SurveySettings(absent=("s09",))).record
    assert "question-unanswered" not in {note.check for note in known.notes}


def test_rows_that_do_not_fit_the_heading_are_one_problem_and_show_none_of_their_cells(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    """Commas without quotation marks push a name under a statement; a row that ends in an empty cell stays as wide."""
    rows = [[*row[:3], "Jo Bloggs", *row[3:]] for row in table(questionnaire, rows=6)]
    rows[0][3] = "Contact"
    for number in (2, 4):
        rows[number].insert(3, "and more")
    rows[4][-1] = ""
    rows[5] = rows[5][:9]
    with pytest.raises(InputError) as stopped:
        survey.load(written(rows, tmp_path), questionnaire)
    found = {problem.check: problem for problem in stopped.value.problems}
    assert sorted(found) == ["row-too-narrow", "row-too-wide"]
    assert (found["row-too-wide"].count, found["row-too-narrow"].count) == (2, 1)
    assert "Bloggs" not in str(stopped.value)
    every = [rows[0], *([*row, "x"] for row in table(questionnaire)[1:])]
    assert problem_of([table(questionnaire)[0], *every[1:]], tmp_path, questionnaire).check == "row-too-wide"


def bottom(rows: list[list[str]], **cells: str) -> list[list[str]]:
    """The table with one more row that holds these cells only, by heading."""
    places = {column(rows, heading.replace("_", " ")): cell for heading, cell in cells.items()}
    return [*rows, [places.get(place, "") for place in range(len(rows[0]))]]


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize(
    ("cell", "check"), [("13", "total-row"), ("87.5%", "total-row"), ("see the other sheet", "note-row")]
)
def test_a_count_or_note_below_the_responses_is_no_response(
    ids: bool, cell: str, check: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    """Without an id column; and with something written in it, where every response has a date."""
    rows = table(questionnaire, rows=4)
    rows = bottom(rows, **{"What is your job role?": cell} | ({"Response ID": "n = 4"} if ids else {}))
    if not ids:
        rows = [row[1:] for row in rows]
    with pytest.raises(InputError) as stopped:
        survey.load(written(rows, tmp_path), questionnaire)
    assert check in {problem.check for problem in stopped.value.problems}


def test_a_response_whose_date_was_deleted_is_still_one(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire, rows=4)
    rows[2][1] = ""
    assert survey.load(written(rows, tmp_path), questionnaire).record.used == 4


def test_an_option_without_a_column_is_refused_where_other_statements_have_one(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = spread(questionnaire)
    rows[1][rows[0].index(f"{questionnaire.statements[3].text} - Agree")] = ""
    gone = rows[0].index(f"{questionnaire.statements[3].text} - Agree")
    rows = [row[:gone] + row[gone + 1 :] for row in rows]
    with pytest.raises(InputError) as stopped:
        survey.load(written(rows, tmp_path), questionnaire)
    problem = stopped.value.problems[0]
    assert (problem.check, "s04" in problem.message, '"Agree"' in problem.message) == (
        "option-missing",
        True,
        True,
    )


def test_an_option_that_no_statement_has_was_not_offered(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = spread(questionnaire)
    gone = {place for place, heading in enumerate(rows[0]) if heading.endswith("Don’t know")}
    rows = [[cell for place, cell in enumerate(row) if place not in gone] for row in rows]
    rows[1][rows[0].index(f"{questionnaire.statements[3].text} - Agree")] = ""
    notes = {
        note.check: note.level for note in survey.load(written(rows, tmp_path), questionnaire).record.notes
    }
    assert notes["option-not-offered"] == "WARN"


def spread(questionnaire: Questionnaire) -> list[list[str]]:
    """The table with a column for each answer of each statement, the one given ticked."""
    rows = table(questionnaire, rows=3)
    wordings = {statement.text for statement in questionnaire.statements}
    made: list[list[str]] = [[] for _ in rows]
    for place, heading in enumerate(rows[0]):
        for option in questionnaire.answers if heading in wordings else ("",):
            made[0].append(f"{heading} - {option}" if option else heading)
            for number, row in enumerate(rows[1:], start=1):
                made[number].append(row[place] if not option or row[place] == option else "")
    return made


@pytest.mark.parametrize(
    "around", ["{}", "{}" + 40 * " ", 6 * "&nbsp;" + "{}", "<p class='answer of a form'>{}</p>"]
)
def test_options_in_a_column_of_free_text_are_noted(
    around: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire, rows=4)
    published = column(rows, questionnaire.question("published").text)
    for row in rows[1:]:
        row[published], row[published + 1] = "", around.format(row[published])
    notes = survey.load(
        written(rows, tmp_path), questionnaire, declared=SurveySettings(absent=("published",))
    ).record.notes
    assert "options-as-text" in {note.check for note in notes}
