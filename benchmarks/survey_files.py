"""Invented exports for the benchmark of the survey loader: as many responses as wanted, in two tools' shapes.

Run as ``python -m benchmarks.survey_files FILE ROWS SEED``; the ending of FILE chooses the shape. Free text is
what makes an export of a million responses large: here every comment is worded differently.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from ci_eval.programme import Questionnaire, load_questionnaire

CHUNK = 50_000  # rows drawn at once
FIRST = datetime(2022, 8, 1, 8, 0, tzinfo=UTC).replace(tzinfo=None)
FIELDWORK = 26 * 86_400  # seconds
COMMENTS, SUGGESTIONS = 0.3, 0.2  # of the respondents write them
ROLES = ("Headteacher", "Head of service", "Quality improvement officer", "Attainment adviser", "Teacher")
THEMES = ("Numeracy and mathematics", "Inclusion", "Use of data, and self-evaluation", "Curricular pathways")
WORDS = [
    "discussion",
    "team",
    "honest",
    "time",
    "data",
    "schools",
    "learners",
    "reports",
    "visit",
    "online",
    "partners",
    "challenge",
    "support",
    "clear",
    "useful",
    "focus",
    "evidence",
    "follow-up",
    "colleagues",
    "authority",
    "practice,",
    "“really”",
    "isn’t",
    "–",
    "more",
]
QUALTRICS = {
    "StartDate": "Start Date",
    "EndDate": "End Date",
    "Status": "Response Type",
    "IPAddress": "IP Address",
    "Progress": "Progress",
    "Duration (in seconds)": "Duration (in seconds)",
    "Finished": "Finished",
    "RecordedDate": "Recorded Date",
    "ResponseId": "Response ID",
    "RecipientLastName": "Recipient Last Name",
    "RecipientFirstName": "Recipient First Name",
    "RecipientEmail": "Recipient Email",
    "ExternalReference": "External Data Reference",
    "LocationLatitude": "Location Latitude",
    "LocationLongitude": "Location Longitude",
    "DistributionChannel": "Distribution Channel",
    "UserLanguage": "User Language",
}
FORMS = ("ID", "Start time", "Completion time", "Email", "Name", "Last modified time")


def answers(rows: int, questionnaire: Questionnaire, seed: int) -> Iterator[list[Any]]:
    """One response a time: started, ended, then the cells of the questions in their order; "" is not answered.

    The statements stand before the question ``comment``, the text given with "Other" after its question.
    """
    generator = np.random.default_rng(seed)
    for before in range(0, rows, CHUNK):
        count = min(CHUNK, rows - before)
        columns: list[Any] = []
        for question in questionnaire.questions:
            if question.code == "comment":
                options = [*questionnaire.answers, ""]
                weights = np.array([42, 38, 8, 4, 2, 3, 3][: len(options)], dtype=float)
                for _ in questionnaire.statements:
                    drawn = generator.choice(len(options), size=count, p=weights / weights.sum())
                    columns.append([options[number] for number in drawn])
            columns.extend(_question(question.code, question.options, question.other, count, generator))
        started = generator.integers(0, FIELDWORK, size=count)
        taken = generator.integers(90, 3_600, size=count)
        moments = (
            (FIRST + timedelta(seconds=int(start)), FIRST + timedelta(seconds=int(start + seconds)))
            for start, seconds in zip(started, taken, strict=True)
        )
        for moment, *cells in zip(moments, *columns, strict=True):
            yield [*moment, *cells]


def _question(
    code: str, options: tuple[str, ...], other: str, count: int, generator: np.random.Generator
) -> Iterator[list[str]]:
    if options:
        given = [options[number] for number in generator.integers(0, len(options), size=count)]
        yield given
        if other:
            yield [f"Partner {number % 40}" if a == other else "" for number, a in enumerate(given)]
    elif code == "role":
        yield [ROLES[number] for number in generator.integers(0, len(ROLES), size=count)]
    elif code == "focus":
        pairs = generator.integers(0, len(THEMES), size=(count, 2))
        yield [" / ".join(dict.fromkeys(THEMES[number] for number in pair)) for pair in pairs]
    else:
        share = COMMENTS if code == "comment" else SUGGESTIONS
        lengths = np.where(generator.random(count) < share, generator.integers(8, 25, size=count), 0)
        words = generator.integers(0, len(WORDS), size=int(lengths.sum()))
        ends = np.cumsum(lengths)
        yield [
            " ".join(WORDS[n] for n in words[end - size : end])
            for end, size in zip(ends, lengths, strict=True)
        ]


def qualtrics(file: Path, rows: int, seed: int) -> None:
    """A csv in the shape of a Qualtrics export with choice texts: three heading rows, 40 columns."""
    questionnaire = load_questionnaire()
    names, texts = list(QUALTRICS), list(QUALTRICS.values())
    for question in questionnaire.questions:
        if question.code == "comment":
            for statement in questionnaire.statements:
                names.append(f"Q5_{statement.code}")
                texts.append(f"{questionnaire.sets[0].text} - {statement.text}")
        names.append(question.code)
        texts.append(question.text)
        if question.other:
            names.append(f"{question.code}_TEXT")
            texts.append(f"{question.text} - {question.other} - Text")
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        write = csv.writer(handle, lineterminator="\n")
        write.writerow(names)
        write.writerow(texts)
        write.writerow([f'{{"ImportId":"{name}"}}' for name in names])
        for number, (started, ended, *cells) in enumerate(answers(rows, questionnaire, seed), start=1):
            own = [started, ended, "IP Address", f"192.0.2.{number % 256}", 100, (ended - started).seconds]
            own += ["True", ended, f"R_{number:015}", "", "", "", "", "", "", "anonymous", "EN"]
            write.writerow([*own, *cells])


def forms(file: Path, rows: int, seed: int) -> None:
    """A workbook in the shape of a Microsoft Forms export: one heading row, 28 columns, shared strings."""
    import xlsxwriter

    questionnaire = load_questionnaire()
    heading, beside = list(FORMS), set()
    place = 0
    for question in questionnaire.questions:
        if question.code == "comment":
            heading += [statement.text for statement in questionnaire.statements]
            place += len(questionnaire.statements)
        heading.append(question.text)
        place += 1
        if question.other:
            beside.add(place)  # Forms puts the text given with "Other" into the answer's own cell
            place += 1
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, plain) as book:
        sheet = book.add_worksheet("Sheet1")
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        sheet.write_row(0, 0, heading)
        for number, (started, ended, *cells) in enumerate(answers(rows, questionnaire, seed), start=1):
            sheet.write_number(number, 0, number)
            sheet.write_datetime(number, 1, started, moment)
            sheet.write_datetime(number, 2, ended, moment)
            sheet.write_string(number, 3, "anonymous")
            kept = [cells[at + 1] or cell if at + 1 in beside else cell for at, cell in enumerate(cells)]
            for column, cell in enumerate(c for at, c in enumerate(kept) if at not in beside):
                if cell:
                    sheet.write_string(number, len(FORMS) + column, cell)


def main(file: Path, rows: int, seed: int) -> None:
    """Write a file of `rows` responses."""
    (forms if file.suffix == ".xlsx" else qualtrics)(file, rows, seed)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
