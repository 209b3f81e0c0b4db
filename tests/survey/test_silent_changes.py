"""Whatever is done to a good export, it never loads with other answers and without a line that says so.

Good exports of several shapes are changed as people and programs change them: columns dropped, swapped and emptied, rows in
another order, dates written differently, cells emptied, headings changed, other encodings. An answer put in the place of
another answer to the same question leaves no trace in a file and is not tried; nor are two columns of the same kind under
each other's headings, unless the headings show it.
"""

import csv
import io
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import campaigns
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from ci_eval import programme, survey
from ci_eval.inputs.problems import InputError
from ci_eval.survey import SurveySettings

QUESTIONNAIRE = programme.load_questionnaire()
STEM = QUESTIONNAIRE.sets[0].text
WORDINGS = {question.code: question.text for question in QUESTIONNAIRE.questions} | {
    statement.code: statement.text for statement in QUESTIONNAIRE.statements
}
CLOSED = [code for code in WORDINGS if code.startswith("s") or QUESTIONNAIRE.question(code).options]
TEXTS = {
    "role": ("Link officer", "Head teacher", "Data officer", ""),
    "focus": ("Numeracy", "Attendance in S2", "", "Writing – P4"),
    "comment": ("Good pace, clear aims", "We’d do it again", "", "Écoles: café"),
    "improve": ("More time", "", "Share reports sooner"),
}
Table = list[list[str]]
Truth = list[dict[str, str]]


def truth(seed: int, rows: int = 12) -> Truth:
    """Responses by code, and when they ended."""
    choose = random.Random(seed)  # noqa: S311 - no secret
    start, made = datetime(2022, 8, 1 + choose.randrange(20), 9, 0, 10), []
    for number in range(rows):
        options = {
            code: QUESTIONNAIRE.answers if code.startswith("s") else QUESTIONNAIRE.question(code).options[:3]
            for code in CLOSED
        }
        one = {code: choose.choice(given) for code, given in options.items()}
        one |= {code: choose.choice(texts) for code, texts in TEXTS.items()}
        one["ended"] = str(start + timedelta(days=number, minutes=choose.randrange(300)))
        made.append(one)
    return made


def plain(responses: Truth) -> Table:
    order = [
        *list(WORDINGS)[:4],
        *(code for code in WORDINGS if code.startswith("s")),
        "comment",
        "published",
        "improve",
    ]
    head = ["Response ID", "Submitted", *(WORDINGS[code] for code in order)]
    return [
        head,
        *([str(n), one["ended"], *(one[c] for c in order)] for n, one in enumerate(responses, start=1)),
    ]


def forms(responses: Truth) -> Table:
    head, *rows = plain(responses)
    return [["ID", "Start time", "Completion time", *head[2:]], *([row[0], row[1], *row[1:]] for row in rows)]


def google(responses: Truth) -> Table:
    head, *rows = plain(responses)
    statements = set(list(WORDINGS.values())[-len(QUESTIONNAIRE.statements) :])
    worded = [f"{STEM} [{text}]" if text in statements else text for text in head[2:]]
    return [["Timestamp", *worded], *(row[1:] for row in rows)]


def stated(responses: Truth) -> Table:
    """A tool without a declaration, with a column that says who finished."""
    head, *rows = plain(responses)
    worded = [f"{text}:{STEM}" if text in list(WORDINGS.values())[-15:] else text for text in head[2:]]
    return [["Response ID", "Status", "Date Submitted", *worded], *([r[0], "Complete", *r[1:]] for r in rows)]


SHAPES: dict[str, Callable[[Truth], Table]] = {
    "plain": plain,
    "forms": forms,
    "google": google,
    "stated": stated,
}


def kind(heading: str) -> str:
    code = next((code for code, wording in WORDINGS.items() if wording in heading), "")
    return "statement" if code.startswith("s") else "text" if code in TEXTS else code or heading


class Changed:
    """An export on its way through changes: its rows, what it truly says, and how it is written."""

    def __init__(self, shape: str, seed: int) -> None:
        self.truth = truth(seed)
        self.rows = SHAPES[shape](self.truth)
        self.encoding, self.damage = "utf-8", -1

    def apply(self, what: str, at: int, other: int) -> None:
        getattr(self, what)(at % len(self.rows[0]), other)

    def drop(self, at: int, _: int) -> None:
        if len(self.rows[0]) > 2:
            self.rows = [row[:at] + row[at + 1 :] for row in self.rows]

    def swap(self, at: int, other: int) -> None:
        other %= len(self.rows[0])
        for row in self.rows:
            row[at], row[other] = row[other], row[at]

    def swap_headings(self, at: int, other: int) -> None:
        head = self.rows[0]
        other %= len(head)
        head[at], head[other] = head[other], head[at]

    def swap_cells(self, at: int, other: int) -> None:
        other %= len(self.rows[0])
        if kind(self.rows[0][at]) != kind(self.rows[0][other]):
            for row in self.rows[1:]:
                row[at], row[other] = row[other], row[at]

    def shuffle(self, at: int, other: int) -> None:
        order = list(range(len(self.truth)))
        random.Random(at * 31 + other).shuffle(order)  # noqa: S311
        self.rows = [self.rows[0], *(self.rows[1 + number] for number in order)]
        self.truth = [self.truth[number] for number in order]

    def dates(self, at: int, other: int) -> None:
        form = ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d.%m.%y %H:%M", "%A, %d %B %Y at %H:%M:%S", "%s")[
            at % 5
        ]
        for row in self.rows[1:]:
            for place, cell in enumerate(row):
                try:
                    row[place] = f"{datetime.fromisoformat(cell):{form}}"
                except ValueError:
                    continue

    def empty_cells(self, at: int, other: int) -> None:
        number = 1 + other % (len(self.rows) - 1)
        heading = self.rows[0][at]
        self.rows[number][at] = ""
        code = next((code for code, wording in WORDINGS.items() if wording in heading), "")
        if code:
            self.truth[number - 1][code] = ""

    def empty_column(self, at: int, _: int) -> None:
        for row in self.rows[1:]:
            row[at] = ""

    def heading(self, at: int, other: int) -> None:
        text = self.rows[0][at]
        words = text.split()
        changes = (
            *(text.upper(), f"5a. {text}", f"{text} (Required)", f"{text[:30]}", f"Part 1/{text}", ""),
            *(
                " ".join(words[:-1]),
                " ".join([*words[:2], "not", *words[2:]]),
                f"{text} - Agree",
                "Other",
                text + " ",
            ),
            WORDINGS[list(WORDINGS)[other % len(WORDINGS)]],
        )
        self.rows[0][at] = changes[other % len(changes)]

    def double(self, at: int, other: int) -> None:
        self.rows = [[*row, row[at]] for row in self.rows]

    def encode(self, at: int, other: int) -> None:
        self.encoding = ("cp1252", "utf-16", "utf-8-sig", "utf-8")[at % 4]
        self.damage = other if at % 4 == 3 else -1

    def written(self) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(self.rows)
        data = text.getvalue().encode(self.encoding)
        if self.damage >= 0:
            beyond = [place for place, byte in enumerate(data) if byte > 127]
            gone = beyond[self.damage % len(beyond)]
            data = data[:gone] + data[gone + 1 :]
        return data


CHANGES = tuple(
    name
    for name, act in vars(Changed).items()
    if callable(act) and name[0] != "_" and name not in ("apply", "written")
)


def differs(responses: survey.Responses, expected: Truth) -> bool:
    """Whether any answer, text or known date is not the true one, row by row."""
    frame = responses.frame
    if len(frame) != len(expected):
        return True
    for row, one in zip(frame.to_dict("records"), expected, strict=True):
        for code in WORDINGS:
            given = "" if row[code] != row[code] else str(row[code])
            if given != one[code]:
                return True
        if row["ended"] == row["ended"] and f"{row['ended']:%Y-%m-%d %H:%M}" != one["ended"][:16]:
            return True
    return False


def lines(responses: survey.Responses) -> set[tuple[str, str]]:
    return {(note.check, note.message) for note in responses.record.notes}


TRY = st.lists(
    st.tuples(st.sampled_from(CHANGES), st.integers(0, 10_000), st.integers(0, 10_000)),
    min_size=1,
    max_size=2,
)


@pytest.fixture
def outcomes(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Counts how the examples of a test end, and hands their shares on."""
    counted = Counter({"changed in silence": 0})

    def count(how: str) -> None:
        counted[how] += 1
        shares = ", ".join(f"{number / counted.total():.1%} {name}" for name, number in counted.most_common())
        campaigns.result(request, shares)

    return count


@campaigns.search(
    40, 1_000, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(shape=st.sampled_from(sorted(SHAPES)), seed=st.integers(0, 999), changes=TRY)
def test_no_changed_export_loads_with_other_answers_and_no_line(
    shape: str,
    seed: int,
    changes: list[tuple[str, int, int]],
    tmp_path: Path,
    outcomes: Callable[[str], None],
) -> None:
    path = tmp_path / "export.csv"
    changed = Changed(shape, seed)
    path.write_bytes(changed.written())
    declared = SurveySettings()
    whole = survey.load(path, QUESTIONNAIRE, declared=declared)
    assert not differs(whole, changed.truth)
    for what, at, other in changes:
        changed.apply(what, at, other)
    path.write_bytes(changed.written())
    try:
        responses = survey.load(path, QUESTIONNAIRE, declared=declared)
    except InputError:
        outcomes("refused")
        return
    wrong, more = differs(responses, changed.truth), lines(responses) - lines(whole)
    outcomes(
        "loaded right" if not wrong else "loaded otherwise with a line" if more else "changed in silence"
    )
    assert not wrong or more
