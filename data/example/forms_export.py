"""The shape of a Microsoft Forms export, and the marks that say its content is invented."""

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, time

import xlsxwriter
from invented_texts import Written
from shape import STATEMENTS, Shape

NOTICE = "Invented example data: no person gave these answers. Evidence about no authority or engagement."
ABOUT_SHEET = "About these data"
QUESTIONS = (
    "Which organisation do you work for?",
    "What is your job role?",
    "What was the focus of the Collaborative Improvement (CI)? "
    "(If you were involved in more than one CI, please list all themes)",
    "How was your CI undertaken?",
)
LAST_QUESTIONS = (
    "Please use the box below to provide any comments on the statements in question above.",
    "Did the host authority write and publish a report after the CI?",
    "In what ways could the process be improved?",
)
CONTACT = ("ID", "Start time", "Completion time", "Email", "Name", "Last modified time")
Cell = str | int | datetime | None


def forms_heading(number: int, statement: str) -> str:
    """A statement as Forms exports it: a no-break space after the first word, and one behind every fourth."""
    return statement.replace(" ", "\N{NO-BREAK SPACE}", 1) + ("\N{NO-BREAK SPACE}" if number % 4 == 0 else "")


HEADINGS = (*CONTACT, *QUESTIONS, *(forms_heading(i, s) for i, s in enumerate(STATEMENTS)), *LAST_QUESTIONS)


@dataclass(frozen=True)
class Drawn:
    """The rows of one period's export, in the order of HEADINGS, and what each person wrote, by column."""

    shape: Shape
    rows: list[list[Cell]]
    written: dict[str, list[Written | None]]

    @property
    def file_name(self) -> str:
        return f"survey_{self.shape.period}.xlsx"

    def column(self, heading: str) -> list[Cell]:
        at = HEADINGS.index(heading)
        return [row[at] for row in self.rows]


def about(drawn: Drawn) -> list[str]:
    """The lines that mark a workbook as invented, for whoever opens it."""
    asked = ", ".join(f"{name} {number}" for name, number in drawn.shape.asked.items())
    return [
        NOTICE,
        f"Review period {drawn.shape.period}: {len(drawn.rows)} invented responses, as Forms exports them.",
        f"Invented number asked: {sum(drawn.shape.asked.values())} ({asked}).",
        "Written by data/example/generate.py of the Collaborative Improvement evaluation workbook.",
    ]


def workbook(drawn: Drawn) -> bytes:
    """The export as an .xlsx file: every text as text, whatever it looks like, and dates as Excel dates."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    title = f"Invented example data: survey of {drawn.shape.period}"
    made = datetime.combine(drawn.shape.closed, time(18), tzinfo=UTC)
    book.set_properties(
        {"title": title, "comments": NOTICE, "category": "Invented example data", "created": made}
    )
    book.set_custom_property("Invented", True)
    sheet, moment = book.add_worksheet("Sheet1"), book.add_format({"num_format": "yyyy-mm-dd h:mm:ss"})
    for number, row in enumerate([list[Cell](HEADINGS), *drawn.rows]):
        for at, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, at, cell, moment)
            elif isinstance(cell, int):
                sheet.write_number(number, at, cell)
            elif cell is not None:
                sheet.write_string(number, at, cell)
    notes = book.add_worksheet(ABOUT_SHEET)
    for number, line in enumerate(about(drawn)):
        notes.write_string(number, 0, line)
    book.close()
    return same_everywhere(buffer.getvalue())


def same_everywhere(archive: bytes) -> bytes:
    """The same parts without compression, clock or platform, since zlib's variants compress differently."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.create_system, part.external_attr = 3, 0o600 << 16
            target.writestr(part, source.read(name))
    return packed.getvalue()
