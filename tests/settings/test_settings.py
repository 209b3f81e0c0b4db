"""Settings: every fault is refused with its line, all faults at once."""

import subprocess
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.inputs.toml_fields import refuse_missing
from ci_eval.inputs.toml_tables import LARGEST_FILE, Table, lines
from ci_eval.programme import survey_declaration as survey_settings
from ci_eval.settings.declared_files import inputs
from ci_eval.settings.evaluation import PeriodSurvey, load
from ci_eval.survey import Limits, SurveySettings

PERIOD = '[periods."2021-22"]\nstarts = 2021-06-01\nends = 2022-06-30\n'
LATER = '[periods."2022-23"]\nstarts = 2022-07-01\nends = 2023-06-30\n'


@pytest.fixture
def settings_file(tmp_path):
    (tmp_path / "programme").mkdir()
    (tmp_path / "survey.csv").write_text("a survey", encoding="utf-8")

    def write(text, encoding="utf-8"):
        file = tmp_path / "evaluation.toml"
        file.write_bytes(text.encode(encoding))
        return file

    return write


def problems_of(file):
    with pytest.raises(InputError) as caught:
        load(file)
    return caught.value.problems


def test_the_workbooks_own_settings_declare_two_review_periods(root):
    settings = load(root / "data" / "evaluation.toml")
    first, second = settings.periods
    assert (first.name, first.starts, first.ends) == ("2021-22", date(2021, 6, 1), date(2022, 6, 30))
    assert (second.name, second.starts, second.ends) == ("2022-23", date(2022, 7, 1), date(2023, 6, 30))
    assert (first.asked, second.asked) == (178, 156)
    assert first.invented
    assert second.invented
    assert first.survey.file == root / "data" / "example" / "survey_2021-22.xlsx"
    assert settings.smallest_group == 5
    assert settings.outputs == root / "outputs"
    assert sum(first.asked_by_organisation.values()) == first.asked


def test_periods_stand_in_order_of_time_and_know_the_one_before(settings_file):
    settings = load(settings_file(LATER + PERIOD))
    first, second = settings.periods
    assert (first.name, second.name) == ("2021-22", "2022-23")
    assert settings.previous(second) == first
    assert settings.previous(first) is None
    assert settings.up_to("2021-22") == (first,)


def test_what_is_known_of_a_survey_reaches_the_survey_floor(settings_file):
    survey = (
        '[periods."2021-22".survey]\nfile = "survey.csv"\ndate_order = "day first"\n'
        'fieldwork = [2022-08-01, 2022-08-26]\nabsent = ["s12"]\nkeep_partials = true\n'
        '[periods."2021-22".survey.codes.statements]\n1 = "Strongly agree"\n'
        '[periods."2021-22".survey.limits]\nrows = 10\n'
    )
    (period,) = load(settings_file(PERIOD + survey)).periods
    assert period.survey.date_order == "day first"
    assert period.survey.fieldwork == (date(2022, 8, 1), date(2022, 8, 26))
    assert period.survey.absent == ("s12",)
    assert period.survey.keep_partials is True
    assert period.survey.codes == {"statements": {"1": "Strongly agree"}}
    assert period.survey.limits.rows == 10
    assert period.survey.period == "2021-22"
    assert period.survey.starts == period.starts


def test_every_field_of_a_survey_is_a_key_but_those_given_from_above(settings_file):
    survey = '[periods."2021-22".survey]\nfile = "survey.csv"\nwrong = 1\n'
    text = f'{PERIOD}{survey}[periods."2021-22".survey.limits]\nwrong = 1\n'
    of_survey, of_limits = problems_of(settings_file(text))
    given = {"period", "starts", "invented", "smallest_group"}
    assert keys_in(of_survey.fix) == {item.name for item in fields(PeriodSurvey)} - given
    assert keys_in(of_limits.fix) == {item.name for item in fields(Limits)}


def keys_in(fix):
    return set(fix.removeprefix("Known here: ").removesuffix(".").split(", "))


@pytest.mark.parametrize(
    ("key", "choices"), [("date_order", survey_settings.DATE_ORDERS), ("duplicates", ("keep first",))]
)
def test_the_choices_are_those_of_the_survey_loader(settings_file, key, choices):
    for choice in choices:
        text = f'{PERIOD}[periods."2021-22".survey]\nfile = "survey.csv"\n{key} = "{choice}"\n'
        (period,) = load(settings_file(text)).periods
        assert getattr(period.survey, key) == choice


def test_loading_settings_loads_no_pandas(root):
    code = "import sys\nfrom ci_eval.settings.evaluation import load\nload()\nprint('pandas' in sys.modules)"
    called = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert called.stdout == "False\n"


def test_what_is_not_declared_of_a_survey_keeps_the_survey_floors_defaults(settings_file):
    (period,) = load(settings_file(f'{PERIOD}[periods."2021-22".survey]\nfile = "survey.csv"\n')).periods
    defaults = SurveySettings(period="2021-22", starts=period.starts, smallest_group=5)
    assert all(getattr(period.survey, item.name) == getattr(defaults, item.name) for item in fields(defaults))
    assert period.survey.file.name == "survey.csv"
    assert (period.survey.coding, period.survey.quotations) == (None, None)
    (without,) = load(settings_file(PERIOD)).periods
    assert without.survey.file is None


@pytest.mark.parametrize("key", ["coding", "quotations"])
def test_a_file_about_comments_is_declared_beside_the_survey_and_is_an_input(settings_file, tmp_path, key):
    text = f'{PERIOD}[periods."2021-22".survey]\nfile = "survey.csv"\n{key} = "{key}.csv"\n'
    (problem,) = load(settings_file(text)).periods[0].absent
    assert "line 6" in problem.where
    (tmp_path / f"{key}.csv").write_text("id\n", encoding="utf-8")
    settings = load(settings_file(text))
    (period,) = settings.periods
    assert getattr(period.survey, key) == tmp_path / f"{key}.csv"
    assert f"{key}.csv" in inputs(settings, "2021-22")


def test_a_period_whose_file_is_to_come_stops_that_period_and_no_earlier_one(settings_file):
    settings = load(settings_file(f'{PERIOD}{LATER}[periods."2022-23".survey]\nfile = "to come.csv"\n'))
    assert settings.runnable("2021-22").name == "2021-22"
    with pytest.raises(InputError, match=r"line 8, periods\.2022-23\.survey\.file") as caught:
        settings.runnable("2022-23")
    (problem,) = caught.value.problems
    assert "'to come.csv'" in problem.message


def test_a_period_is_due_on_its_own_day_or_so_many_days_after_its_end(settings_file):
    settings = load(settings_file(f"{PERIOD}[run]\ndue_after_days = 30\n"))
    assert settings.due(settings.periods[0]) == date(2022, 7, 30)
    settings = load(settings_file(f"{PERIOD}due = 2022-09-01\n[run]\ndue_after_days = 30\n"))
    assert settings.due(settings.periods[0]) == date(2022, 9, 1)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f'programm = "x"\n{PERIOD}', 1, 'Did you mean "programme"?'),
        (f"{PERIOD}startz = 2021-06-01\n", 4, 'The key "startz" is not known. Did you mean "starts"?'),
        (f"{PERIOD}[disclosure]\nsmallest = 3\n", 5, 'The key "smallest" is not known'),
        (f"{PERIOD}[disclosure]\nsmallest_group = 0\n", 5, "at least 1"),
        (f"{PERIOD}asked = true\n", 4, "asked is True"),
        (f"{PERIOD}asked = 0\n", 4, "at least 1"),
        (f'{PERIOD}asked = "150"\n', 4, "asked is '150'"),
        (f'{PERIOD}invented = "yes"\n', 4, "invented is 'yes'"),
        (f"{PERIOD}asked = 3\nasked_by_organisation = {{ ADES = 4 }}\n", 5, "add up to 4"),
        (f"{PERIOD}asked_by_organisation = {{ ADES = -1 }}\n", 4, "at least 0"),
        (f"{PERIOD}survey = 1\n", 4, "where a table is wanted"),
        (f'{PERIOD}[periods."2021-22".survey]\ntool = "x"\n', 4, "file is not named"),
        (
            f'{PERIOD}[periods."2021-22".survey]\nfile = "survey.csv"\nsheets = 1\n',
            6,
            '"sheets" is not known',
        ),
        (
            f'{PERIOD}[periods."2021-22".survey]\nfile = "survey.csv"\ndate_order = "year first"\n',
            6,
            '"day first" or "month first"',
        ),
        (
            f'{PERIOD}[periods."2021-22".survey]\nfieldwork = [2022-08-26, 2022-08-01]\n',
            5,
            "two dates",
        ),
        (f'{PERIOD}[periods."2021-22".survey]\nfile = "survey.csv"\nabsent = [12]\n', 6, "list of texts"),
        (
            f'{PERIOD}[periods."2021-22".survey]\nfile = "survey.csv"\n'
            '[periods."2021-22".survey.codes.statements]\n1 = 5\n',
            7,
            "1 is 5",
        ),
        ('[periods."2021-22"]\nstarts = "2021-06-01"\nends = 2022-06-30\n', 2, "date without quotes"),
        (
            '[periods."2021-22"]\nstarts = 2021-06-01T00:00:00\nends = 2022-06-30\n',
            2,
            "time as well as a date",
        ),
        ('[periods."2021-22"]\nstarts = 2021-06-01\n', 1, 'The key "ends" is missing'),
        ('[periods."2021-22"]\nstarts = 2022-06-30\nends = 2021-06-01\n', 3, "before it starts"),
        (f"{PERIOD}{LATER}".replace("2022-07-01", "2022-06-30"), 4, "2021-22 ends on 2022-06-30"),
        (
            f"{PERIOD}{LATER}".replace("2022-23", "2021-22A") + PERIOD.replace("2021-22", "2021-22a"),
            7,
            "case only",
        ),
        (f'programme = "nowhere"\n{PERIOD}', 1, "no folder 'nowhere'"),
        ("[periods]\n", 1, "No review period is declared"),
        ('[periods."2021-22"]\nstarts = 2021-13-01\n', 2, "not valid TOML"),
        (f"{PERIOD}{PERIOD}", 4, "not valid TOML"),
    ],
)
def test_a_fault_is_refused_with_its_line(settings_file, text, line, said):
    problems = problems_of(settings_file(text))
    matching = [problem for problem in problems if said in f"{problem.message} {problem.fix}"]
    assert matching, [problem.message for problem in problems]
    assert f"evaluation.toml line {line}" in matching[0].where
    assert matching[0].fix


@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".",
        "",
        "a/b",
        "../../elsewhere",
        "a\\\\b",
        "/etc",
        "-x",
        "a b",
        "2021_22",
        "2021–22",
        "a" * 41,
        "x.y",
    ],
)
def test_a_period_cannot_name_a_path(settings_file, name):
    problems = problems_of(settings_file(PERIOD.replace("2021-22", name)))
    assert "period-name" in {problem.check for problem in problems}


@pytest.mark.parametrize("name", ["2021-22", "a", "A1", "a" * 40])
def test_a_period_can_have_a_plain_name(settings_file, name):
    assert load(settings_file(PERIOD.replace("2021-22", name))).periods[0].name == name


def test_one_day_between_two_periods_is_enough(settings_file):
    assert len(load(settings_file(PERIOD + LATER)).periods) == 2


def test_all_faults_are_told_at_once(settings_file):
    problems = problems_of(settings_file(f"wrong = 1\n{PERIOD}asked = 0\nanother = 2\n"))
    lines_told = {problem.where.split(",")[0] for problem in problems}
    assert lines_told == {"evaluation.toml line 1", "evaluation.toml line 5", "evaluation.toml line 6"}


def test_a_file_from_windows_notepad_can_be_read(settings_file):
    assert load(settings_file(PERIOD.replace("\n", "\r\n"), "utf-8-sig")).periods[0].name == "2021-22"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PERIOD.encode("utf-16"), "not UTF-8"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b"#" * (LARGEST_FILE + 1), "up to 1,000,000"),
    ],
    ids=["utf-16", "nesting", "size"],
)
def test_a_file_that_is_no_settings_file_is_refused(tmp_path, content, said):
    file = tmp_path / "evaluation.toml"
    file.write_bytes(content)
    (problem,) = problems_of(file)
    assert said in problem.message


@pytest.mark.parametrize(("path", "check"), [("gone.toml", "file-missing"), (".", "not-a-file")])
def test_a_missing_file_and_a_folder_are_refused(tmp_path, path, check):
    (problem,) = problems_of(tmp_path / path)
    assert problem.check == check
    assert str(tmp_path) in problem.where


def test_the_programme_is_the_workbooks_own_where_none_stands_beside_the_settings(tmp_path, root):
    file = tmp_path / "evaluation.toml"
    file.write_text(PERIOD, encoding="utf-8")
    assert load(file).programme == root / "data" / "programme"


def test_lines_are_found_in_headers_dotted_keys_and_past_long_texts():
    text = 'a = 1\nb.c = 2\nlong = """\nd = 3\n[e]\n"""\n[f."g h"] # note\n"i.j" = 4\n'
    found = lines(text)
    assert found[("a",)] == 1
    assert found[("b", "c")] == 2
    assert ("d",) not in found
    assert ("e",) not in found
    assert found[("f", "g h")] == 7
    assert found[("f", "g h", "i.j")] == 8


def test_the_settings_say_nothing_of_the_folder_they_are_loaded_from(settings_file, tmp_path, monkeypatch):
    file = settings_file(PERIOD)
    monkeypatch.chdir(tmp_path)
    assert load("evaluation.toml") == load(file)
    assert load(Path("evaluation.toml")).file.is_absolute()


def test_the_overlap_is_known_only_where_it_is_declared(settings_file):
    survey = '[periods."2021-22".survey]\nfile = "survey.csv"\n'
    (period,) = load(settings_file(PERIOD + survey)).periods
    assert period.survey.overlap is None
    (period,) = load(settings_file(PERIOD + survey + "overlap = 0\n")).periods
    assert period.survey.overlap == 0


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ('programme = "C:\\Users\\jo"', "single quotes"),
        ('programme = "C:\\data\\facts"', "single quotes"),
        ("starts = 01/06/2021", "2021-06-01"),
        ("starts = 2021-6-1", "2021-06-01"),
        ("starts = 1 June 2021", "2021-06-01"),
        ("programme = facts", "quotation marks"),
        ("programme = “facts”", "straight"),
        ("invented = Yes", "true or false"),
    ],
)
def test_a_usual_slip_in_toml_is_answered_with_how_it_is_written(settings_file, line, fix):
    (problem,) = problems_of(settings_file(f"{line}\n{PERIOD}"))
    assert problem.check == "settings-not-toml"
    assert fix in problem.fix
    assert "line 1" in problem.where


def test_a_path_whose_backslash_is_a_tab_is_not_left_a_riddle():
    table = Table({"file": "C:\temp.csv"}, Path("evaluation.toml"), {})
    refuse_missing(table, "file")
    assert "single quotes" in table.problems[0].fix


def test_a_table_of_a_period_outside_it_is_sent_there(settings_file):
    problems = problems_of(settings_file(f'{PERIOD}[survey]\nfile = "survey.csv"\n'))
    assert [problem.fix for problem in problems] == ['Write it under [periods."…".survey].']


def test_a_choice_a_letter_off_is_asked_about(settings_file):
    text = f'{PERIOD}[periods."2021-22".survey]\nfile = "survey.csv"\ndate_order = "day frist"\n'
    (problem,) = problems_of(settings_file(text))
    assert 'Did you mean "day first"?' in problem.message
