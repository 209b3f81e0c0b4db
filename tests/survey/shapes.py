"""Small exports in the shapes of survey tools, written by the tests: a few responses that load as they are."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from small_tables import STEM, table

from ci_eval.programme import Questionnaire

Rows = list[list[str]]


def asked(questionnaire: Questionnaire, rows: int = 3) -> Rows:
    """Heading and answers without id and date."""
    return [row[2:] for row in table(questionnaire, "Good", rows)]


def is_statement(questionnaire: Questionnaire, heading: str) -> bool:
    return heading in {statement.text for statement in questionnaire.statements}


def qualtrics(questionnaire: Questionnaire, zone: str = "Europe/London", rows: int = 3) -> Rows:
    """Three heading rows: names, wordings, ImportIds."""
    heading, *answers = asked(questionnaire, rows)
    own = [
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Finished",
        "ResponseId",
        "DistributionChannel",
    ]
    texts = [f"{STEM} - {text}" if is_statement(questionnaire, text) else text for text in heading]
    ids = [
        {"ImportId": name, "timeZone": zone} if name.endswith("Date") else {"ImportId": name} for name in own
    ]
    ids += [{"ImportId": f"QID{number}"} for number in range(1, len(heading) + 1)]
    names = [f"Q{number}" for number in range(1, len(heading) + 1)]
    data = [
        [
            f"2022-08-{n:02d} 09:00:00",
            f"2022-08-{n:02d} 09:10:30",
            "IP Address",
            "192.0.2.1",
            "100",
            "True",
            f"R_{n}",
            "anonymous",
            *row,
        ]
        for n, row in enumerate(answers, start=1)
    ]
    return [own + names, own + texts, list(map(json.dumps, ids)), *data]


def surveymonkey(questionnaire: Questionnaire) -> Rows:
    """Two heading rows: a question stands over its first part, and holds until the next."""
    heading, *answers = asked(questionnaire)
    own = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address"]
    questions, parts, stem = [], [], STEM
    for text in heading:
        if is_statement(questionnaire, text):
            questions.append(stem)
            parts.append(text)
            stem = ""
        else:
            questions.append(text)
            parts.append("Response" if questionnaire.statements[0].text else "")
    data = [
        [
            f"1140000000{n:02d}",
            "5",
            f"08/{n:02d}/2022 09:00:00 AM",
            f"08/{n:02d}/2022 09:10:30 AM",
            "",
            "",
            *row,
        ]
        for n, row in enumerate(answers, start=13)
    ]
    return [own + questions, [""] * len(own) + parts, *data]


def smartsurvey(questionnaire: Questionnaire) -> Rows:
    """Three heading rows: question, numbered part, nothing."""
    heading, *answers = asked(questionnaire)
    own = [
        "UserID",
        "UserNo",
        "Name",
        "Email",
        "IP Address",
        "Unique ID",
        "Started",
        "Ended",
        "Tracking Link",
        "Status",
    ]
    questions, parts, number = [], [], 0
    for text in heading:
        statement = is_statement(questionnaire, text)
        number += statement
        questions.append(("Q5. " + STEM if number == 1 else "") if statement else text)
        parts.append(f"Q5.{number}. {text}" if statement else "")
    data = [
        [
            f"1000000{n}",
            str(n),
            "",
            "",
            "",
            "",
            f"{n:02d}/08/2022 09:00:00",
            f"{n:02d}/08/2022 09:10:30",
            "Web",
            "completed",
            *row,
        ]
        for n, row in enumerate(answers, start=13)
    ]
    return [own + questions, [""] * len(own) + parts, [""] * (len(own) + len(heading)), *data]


def limesurvey(questionnaire: Questionnaire) -> Rows:
    """One heading row, each wording with the question's code before it."""
    heading, *answers = asked(questionnaire)
    own = [
        "id. Response ID",
        "submitdate. Date submitted",
        "lastpage. Last page",
        "startlanguage. Start language",
    ]
    own.append("startdate. Date started")
    codes = [
        f"agree[SQ{place:03d}]. {STEM} [{text}]" if is_statement(questionnaire, text) else f"q{place}. {text}"
        for place, text in enumerate(heading)
    ]
    data = [
        [str(n), f"2022-08-{n:02d} 09:10:30", "5", "en", f"2022-08-{n:02d} 09:00:00", *row]
        for n, row in enumerate(answers, start=1)
    ]
    return [own + codes, *data]


def jisc(questionnaire: Questionnaire, folder: Path, first: int = 1) -> tuple[Rows, Path]:
    """Codes under question numbers, and the key that explains them; numbering starts at `first`."""
    heading, *answers = asked(questionnaire)
    names, key = [], [["URN", "Unique Response Number"]]
    grid = 0
    for place, text in enumerate(heading, start=first):
        grid += is_statement(questionnaire, text)
        names.append(f"Q{first + 20}_1_{grid}" if is_statement(questionnaire, text) else f"Q{place}")
        key.append([names[-1], text])
        question = next((q for q in questionnaire.questions if q.text == text), None)
        options = question.options if question else questionnaire.answers
        key += [[str(number), option] for number, option in enumerate(options, start=1)]
    codes = [
        [
            next((code for code, word in _codes(questionnaire, text) if word == cell), cell)
            for text, cell in zip(heading, row, strict=True)
        ]
        for row in answers
    ]
    data = [[f"90-90-{n}", *row, f"2022-08-{n:02d}"] for n, row in enumerate(codes, start=1)]
    path = folder / "key.csv"
    save([*key, ["CompletionDate", "Submission date"]], path)
    return [["URN", *names, "CompletionDate"], *data], path


def _codes(questionnaire: Questionnaire, text: str) -> list[tuple[str, str]]:
    question = next((q for q in questionnaire.questions if q.text == text), None)
    options = question.options if question else questionnaire.answers
    return [(str(number), option) for number, option in enumerate(options, start=1)]


def save(rows: Rows, path: Path, separator: str = ",", encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def workbook(
    path: Path, *sheets: tuple[str, Rows], change: Callable[[openpyxl.Workbook], None] = lambda _: None
) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    change(book)
    book.save(path)
    return path


def with_part(path: Path, name: str, data: bytes) -> Path:
    """Replace or add one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        kept = {member: archive.read(member) for member in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in (kept | {name: data}).items():
            archive.writestr(member, content)
    return path


S01, S02 = (
    "The area of focus agreed for the CI was appropriate",
    "The purpose for the CI was clearly explained",
)
S06, S07 = "Discussions in the CI environment were open", "Discussions in the CI environment were honest"
S09 = "I enjoyed participating in the CI"
ORGANISATION, ROLE = "Which organisation do you work for?", "What is your job role?"
MODE = "How was your CI undertaken?"
COMMENT = "Please use the box below to provide any comments on the statements in question above."
PUBLISHED = "Did the host authority write and publish a report after the CI?"
IMPROVE = "In what ways could the process be improved?"


def plain(questionnaire: Questionnaire, rows: int = 3, **cells: list[str]) -> Rows:
    """A plain table of `rows` responses; `cells` are the answers of whole columns by a name of the list below."""
    made = table(questionnaire, "Good", rows)
    for name, texts in cells.items():
        place = made[0].index(HEADINGS[name])
        for row, text in zip(made[1:], texts, strict=True):
            row[place] = text
    return made


def headed(rows: Rows, **headings: str) -> Rows:
    """The table with other headings over some columns."""
    new = {HEADINGS[name]: text for name, text in headings.items()}
    return [[new.get(text, text) for text in rows[0]], *rows[1:]]


def without(rows: Rows, name: str) -> Rows:
    """The table without one column."""
    place = rows[0].index(HEADINGS[name])
    return [row[:place] + row[place + 1 :] for row in rows]


def with_column(rows: Rows, heading: str, cells: list[str], before: str = "") -> Rows:
    """The table with one more column, at its end or before the column of a heading."""
    place = rows[0].index(HEADINGS[before]) if before else len(rows[0])
    both = zip(rows, [heading, *cells], strict=True)
    return [[*row[:place], cell, *row[place:]] for row, cell in both]


HEADINGS = {
    "id": "Response ID",
    "submitted": "Submitted",
    "s01": S01,
    "s02": S02,
    "s06": S06,
    "s07": S07,
    "s09": S09,
    "organisation": ORGANISATION,
    "role": ROLE,
    "mode": MODE,
    "comment": COMMENT,
    "published": PUBLISHED,
    "improve": IMPROVE,
}
