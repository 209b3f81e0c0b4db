"""A draft is released once two people checked it and every check passes; a released version never changes."""

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ci_eval.evidence import open_interim
from ci_eval.inputs.problems import InputError
from ci_eval.programme import Finding, load_questionnaire
from ci_eval.report.remade_documents import remake
from ci_eval.runs import disclosure_attack, release_checks
from ci_eval.runs.manifest import results_of
from ci_eval.runs.notebook_run import run
from ci_eval.runs.outputs import status
from ci_eval.runs.planning import plan
from ci_eval.runs.release_checks import Draft
from ci_eval.runs.releasing import release, withdraw
from ci_eval.runs.verifying import verified
from ci_eval.runs.working_copies import make_copies
from ci_eval.settings import load
from ci_eval.survey.invented_answers import invented_export

pytestmark = pytest.mark.slow  # one run, shared by all
PERIOD, NOTEBOOK, DAY = "2021-22", "interim_evaluation", date(2022, 10, 3)
CHECKERS = ("Ann Other", "Jo Else")
SETTINGS = """\
[report]
author = "Chris Lead"
contact = "team@example.org"
licence = "Open Government Licence v3.0"
[periods."2021-22"]
starts = 2021-06-01
ends = 2022-06-30
evaluator = "evaluator.toml"
[periods."2021-22".survey]
file = "survey.csv"
"""
EVALUATOR = """\
name = "Chris Lead"
written_on = 2022-09-30
verdict = "The process is under way."
[pace]
text = "{text}"
source = "Notes"
written_on = 2022-09-30
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evaluation with a draft of real data, as far as its settings say."""
    folder = tmp_path_factory.mktemp("release")
    heading, *rows = csv.reader(io.StringIO(invented_export(load_questionnaire(), "mixed", 60, seed=3)))
    organisation = heading.index(load_questionnaire().question("organisation").text)
    for number, row in enumerate(rows):
        row[organisation] = ["Education Scotland", "Local authority"][number % 2] if number > 8 else "ADES"
        row[organisation] = "Other (please specify)" if number < 3 else row[organisation]
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([heading, *rows])
    (folder / "evaluator.toml").write_text(EVALUATOR.format(text="Work goes on."), encoding="utf-8")
    file = folder / "evaluation.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    run(PERIOD, settings=str(file), say=lambda line: None)
    return file


@pytest.fixture
def drafted(settings: Path) -> Draft:
    planned = plan(load(settings), PERIOD, NOTEBOOK)
    folder = planned.place.destination
    results = results_of(folder)
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return Draft(planned, results, made, folder, {}, {}, CHECKERS)


def states(draft: Draft, *names: str) -> list[str]:
    return [release_checks.CHECKS[name](draft)[0] for name in names]


def made(settings: Path, **more: object) -> tuple[Path, str]:
    lines: list[str] = []
    folder = release(PERIOD, NOTEBOOK, CHECKERS, settings=str(settings), today=DAY, say=lines.append, **more)
    return folder, "\n".join(lines)


def test_documents_made_again_without_a_change_have_the_same_bytes(drafted: Draft, tmp_path: Path) -> None:
    draft = drafted.documents
    remake(draft / "notebook.ipynb", draft, tmp_path, {})
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) > 10
    for file in files:
        assert file.read_bytes() == (draft / file.relative_to(tmp_path)).read_bytes(), file.name


def test_a_release_a_correction_and_a_withdrawal(settings: Path) -> None:
    first, said = made(settings)
    assert "FAIL" not in said
    page = (first / "report.html").read_text(encoding="utf-8")
    for text in (
        "Released on 3 October 2022, version 1",
        "team@example.org",
        "Open Government Licence v3.0",
        "Chris Lead (2022). Interim evaluation of Collaborative Improvement, 2021-22. Version 1.",
    ):
        assert text in page
    assert "Draft" not in page
    assert not {"notebook.ipynb", "manifest.json"} & {file.name for file in first.iterdir()}
    record = json.loads((first.with_name("v1.kept") / "record.json").read_text(encoding="utf-8"))
    assert record["checked_by"] == list(CHECKERS)
    assert {one["check"] for one in record["checks"]} == set(release_checks.CHECKS)
    assert verified(first) == (True, ["Every file is as it was released."])

    with pytest.raises(InputError, match="Say with --reason"):
        made(settings)
    before = {file.name: file.read_bytes() for file in first.iterdir() if file.is_file()}
    second, said = made(settings, reason="A title was wrong.")
    assert second.name == "v2"
    assert "version 2" in (second / "report.html").read_text(encoding="utf-8")
    assert "0 values differ from version 1" in said
    assert {file.name: file.read_bytes() for file in first.iterdir() if file.is_file()} == before

    withdrawn = withdraw(PERIOD, NOTEBOOK, 1, "It named the wrong year.", settings=str(settings), say=print)
    page = (withdrawn / "report.html").read_text(encoding="utf-8")
    assert "Withdrawn: It named the wrong year" in page
    assert 'class="ci-watermark"' in page
    assert {file.name: file.read_bytes() for file in first.iterdir() if file.is_file()} == before
    with pytest.raises(InputError, match="is withdrawn"):
        withdraw(PERIOD, NOTEBOOK, 1, "Again.", settings=str(settings))

    rows = [row for row in status(str(settings)) if row.state in ("released", "withdrawn")]
    assert [(row.notebook, row.state) for row in rows] == [
        ("interim_evaluation/v1", "withdrawn"),
        ("interim_evaluation/v2", "released"),
    ]
    assert rows[0].folder == str(first)

    (first / "report.html").chmod(0o600)
    (first / "report.html").write_text("other", encoding="utf-8")
    changed = ["report.html is not as it was released.", "This version is withdrawn."]
    assert verified(first) == (False, changed)


def test_nothing_is_released_where_a_check_fails(settings: Path) -> None:
    with pytest.raises(InputError, match="Two different people check a release") as refused:
        release(PERIOD, NOTEBOOK, ["Ann Other", "ann  other"], reason="x", settings=str(settings), say=print)
    assert "release-two-people" in {problem.check for problem in refused.value.problems}


def test_who_ran_it_or_answers_for_it_does_not_check_it(drafted: Draft) -> None:
    for name in (drafted.made["ran_by"], "chris lead"):
        assert states(replace(drafted, checked_by=("Ann Other", name)), "two people") == ["FAIL"]
    assert states(drafted, "two people") == ["PASS"]


def test_invented_data_and_pieces_nobody_vouched_for_are_refused(drafted: Draft) -> None:
    invented = replace(drafted, results={**drafted.results, "invented": True})
    assert states(invented, "real data") == ["FAIL"]
    own = replace(drafted, results={**drafted.results, "pieces": {"mine": {"own": {}}}})
    assert states(own, "own pieces") == ["FAIL"]
    assert states(replace(own, own_pieces_checked=True), "own pieces") == ["WARN"]
    assert states(drafted, "own pieces", "real data", "notebook") == ["PASS", "PASS", "PASS"]


def test_an_own_copy_is_checked_as_the_report_and_released_as_its_next_version(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_copies(tmp_path)
    copy = str(tmp_path / "work" / "interim_evaluation.ipynb")
    planned = plan(load(settings), PERIOD, copy)
    drafted = plan(load(settings), PERIOD, NOTEBOOK).place.destination
    shutil.copytree(drafted, planned.place.destination)
    seen: list[Draft] = []
    passed = [Finding("stand-in", "PASS", "")]
    monkeypatch.setattr(release_checks, "run_checks", lambda draft: seen.append(draft) or passed)
    before = len(list((settings.parent / "outputs" / "released" / PERIOD / NOTEBOOK).glob("v?")))
    folder = release(PERIOD, copy, CHECKERS, reason="Own order.", settings=str(settings), say=print)
    assert (folder.parent.name, folder.name) == (NOTEBOOK, f"v{before + 1}")
    assert len(seen[0].earlier) == before
    assert "no answers of people" not in release_checks.CHECKS["disclosure"](seen[0])[1]


def test_a_notebook_that_makes_no_report_is_not_released(settings: Path) -> None:
    with pytest.raises(InputError, match="explore_survey makes no report for release"):
        release(PERIOD, "explore_survey", CHECKERS, settings=str(settings))


def test_a_small_group_that_follows_from_what_is_shown_is_refused(drafted: Draft) -> None:
    assert states(drafted, "disclosure") == ["PASS"]
    evidence, _ = open_interim(PERIOD, str(drafted.planned.settings.file))
    told = json.loads(json.dumps(drafted.results))
    rows = told["pieces"]["respondents-by-organisation"]["rows"]
    union = next(row for row in rows if "maller" in row["answer"])
    rows += [
        {"answer": name, "responses": number}
        for name, number in disclosure_attack.named(evidence, "organisation").items()
        if name not in {row["answer"] for row in rows}
    ]
    state, message = release_checks.CHECKS["disclosure"](replace(drafted, results=told))
    assert state == "FAIL"
    assert union["answer"] not in message
    del told["pieces"]["received"]
    assert states(replace(drafted, results=told), "disclosure") == ["FAIL"]


@pytest.mark.parametrize(("more", "state"), [(0, "PASS"), (1, "FAIL"), (4, "FAIL"), (5, "PASS")])
def test_few_people_more_than_in_an_earlier_release_are_seen(drafted: Draft, more: int, state: str) -> None:
    earlier = json.loads(json.dumps(drafted.results))
    earlier["pieces"]["received"]["numbers"]["responses"] -= more
    assert states(replace(drafted, earlier={"version 1": earlier}), "differencing") == [state]


def test_groups_put_together_otherwise_than_in_an_earlier_release_are_seen(drafted: Draft) -> None:
    earlier = json.loads(json.dumps(drafted.results))
    earlier["pieces"]["respondents-by-organisation"]["rows"][0]["answer"] = "Smaller ones"
    assert states(replace(drafted, earlier={"version 1": earlier}), "differencing") == ["FAIL"]


PAGE = '<html lang="en"><head><title>T</title></head><body><h1>T</h1>{body}</body></html>'


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h3>Deep</h3>", "leaves out a level"),
        ("<h1>Again</h1>", "not one heading"),
        ('<img src="a.png">', "no alternative text"),
        (f'<img alt="{"x" * 201}">', "no alternative text"),
        ("<table><tr><th>A</th></tr></table>", "without a scope"),
        ('<p id="a">x</p><p id="a">y</p>', "an id twice"),
    ],
)
def test_what_a_screen_reader_would_miss_is_named(tmp_path: Path, body: str, fault: str) -> None:
    page = tmp_path / "report.html"
    page.write_text(PAGE.format(body=body), encoding="utf-8")
    assert fault in " ".join(release_checks.page_faults(page))
    page.write_text(PAGE.format(body='<h2>B</h2><img alt="A cat.">'), encoding="utf-8")
    assert list(release_checks.page_faults(page)) == []


@pytest.mark.parametrize(
    ("text", "state", "named"),
    [
        ("Work goes on.", "PASS", ""),
        ("Rain fell on 12% of days.", "WARN", "12%"),
        ("Of respondents, 3% agreed that the process felt like an equal partnership.", "FAIL", "3%"),
    ],
)
def test_the_evaluators_own_text_is_held_against_the_results(
    drafted: Draft, text: str, state: str, named: str
) -> None:
    file = drafted.planned.settings.file.with_name("evaluator.toml")
    file.write_text(EVALUATOR.format(text=text), encoding="utf-8")
    made, message = release_checks.CHECKS["claims"](drafted)
    file.write_text(EVALUATOR.format(text="Work goes on."), encoding="utf-8")
    assert made == state
    assert named in message


def test_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    body = '<a href="#x">a</a><a href="y.html#z">b</a><a href="https://example.org/q">c</a><a href="#t">d</a><p id="t">t</p>'
    page.write_text(PAGE.format(body=body), encoding="utf-8")
    assert list(release_checks.broken_links(page)) == [
        "report.html leads to #x, which is not there",
        "report.html leads to y.html, which is not there",
    ]
