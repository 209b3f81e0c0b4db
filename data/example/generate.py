"""Write the invented example data: `python data/example/generate.py`.

Two workbooks in the shape of a Microsoft Forms export, the coding of their comments, quotations from them,
levels of achievement in the published layout, and the README that states what they hold. Everything is
invented (shape.py, invented_texts.py, outcomes_truth.py) and drawn from fixed seeds: running it again
changes no byte.
"""

from datetime import datetime, time, timedelta
from pathlib import Path

import engagement_truth
import numpy as np
import numpy.typing as npt
from coding_files import as_csv, codes, quotations
from forms_export import Cell, Drawn, workbook
from invented_texts import Written
from outcomes import write
from outcomes_truth import FOCUS
from page import readme
from shape import ANSWERS, OTHER, OTHER_TEXTS, ROLES, SCALE, SHAPES, THEMES, Shape, Split

FOLDER = Path(__file__).resolve().parent


def spread(rng: np.random.Generator, split: Split) -> list[str | None]:
    """One answer a person, in random order, with exactly the numbers of `split`."""
    answers = [answer for answer, people in split.items() for _ in range(people)]
    return [answers[i] for i in rng.permutation(len(answers))]


def answer_statements(rng: np.random.Generator, shape: Shape, people: int) -> list[list[str | None]]:
    """Answers by statement and person, hitting the shape's numbers.

    A person's answers resemble each other, as in a real survey: each statement is handed out from its most to
    its least agreeing answer in the order of a disposition plus noise. Whoever leaves statements blank stops
    part way, so the blanks of a statement fall on the first people of one common order.
    """
    disposition = rng.normal(size=people)
    leaving = rng.permutation(people)
    columns = []
    for numbers in shape.statements:
        *agreeing, unknowing, blank = numbers
        if sum(numbers) != people:
            raise ValueError(f"{shape.period}: the answers {numbers} are {sum(numbers)}, not {people} people")
        column: list[str | None] = [None] * people
        stayed = rng.permutation(leaving[blank:])
        for person in stayed[:unknowing]:
            column[person] = ANSWERS[len(SCALE)]
        answered = stayed[unknowing:]
        order = answered[np.argsort(-(disposition[answered] + rng.normal(size=answered.size)))]
        given = [answer for answer, number in zip(SCALE, agreeing, strict=True) for _ in range(number)]
        for person, answer in zip(order, given, strict=True):
            column[person] = answer
        columns.append(column)
    return columns


def times(rng: np.random.Generator, shape: Shape, people: int) -> list[tuple[datetime, datetime]]:
    """Start and completion within office hours of the survey's working days, in the order of completion."""
    span = (shape.closed - shape.opened).days + 1
    days = [day for day in (shape.opened + timedelta(days=n) for n in range(span)) if day.weekday() < 5]
    moments = []
    for day, second, taken in zip(
        rng.integers(len(days), size=people),
        rng.integers(8 * 3600, size=people),
        rng.integers(150, 1500, size=people),
        strict=True,
    ):
        end = datetime.combine(days[day], time(9)) + timedelta(seconds=int(second) + 1500)
        moments.append((end - timedelta(seconds=int(taken)), end))
    return sorted(moments, key=lambda moment: moment[1])


def write_focus(rng: np.random.Generator) -> str | None:
    """One to three themes as people type them: joined by a slash or a semicolon, now and then nothing."""
    if rng.integers(30) == 0:
        return None
    chosen = rng.permutation(len(THEMES))[: 1 + int(rng.integers(10) > 6) + int(rng.integers(10) > 8)]
    return (" / ", "; ")[int(rng.integers(2))].join(THEMES[i] for i in chosen)


def hand_out(rng: np.random.Generator, written: tuple[Written, ...], people: int) -> list[Written | None]:
    """Every text to one person, nothing to the others."""
    column: list[Written | None] = [None] * people
    writers: npt.NDArray[np.int64] = rng.permutation(people)[: len(written)]
    for person, text in zip(writers, written, strict=True):
        column[person] = text
    return column


def draw(shape: Shape) -> Drawn:
    """All rows of one period."""
    rng = np.random.default_rng(shape.seed)
    organisations = spread(rng, shape.organisations)
    people = len(organisations)
    modes, published = spread(rng, shape.modes), spread(rng, shape.published)
    statements = answer_statements(rng, shape, people)
    given = {"comment": shape.comments, "improve": shape.improvements}
    written = {column: hand_out(rng, texts, people) for column, texts in given.items()}
    rows: list[list[Cell]] = []
    for person, (start, end) in enumerate(times(rng, shape, people)):
        organisation = organisations[person]
        roles = ROLES[organisation or "Local authority"]
        role = roles[int(rng.integers(len(roles)))]
        if organisation == OTHER:  # Forms exports what was typed in place of the option
            organisation = OTHER_TEXTS[int(rng.integers(len(OTHER_TEXTS)))]
        answers = [column[person] for column in statements]
        before: list[Cell] = [person + 1, start, end, "anonymous", None, None]
        middle: list[Cell] = [organisation, role, write_focus(rng), modes[person]]
        comment, improvement = (text.text if (text := written[name][person]) else None for name in written)
        rows.append([*before, *middle, *answers, comment, published[person], improvement])
    return Drawn(shape, rows, written)


def main() -> None:
    periods = [draw(shape) for shape in SHAPES]
    for drawn in periods:
        (FOLDER / drawn.file_name).write_bytes(workbook(drawn))
        save(f"coding_{drawn.shape.period}.csv", codes(drawn))
        if drawn.shape.quotations:
            save(f"quotations_{drawn.shape.period}.csv", quotations(drawn))
    rows = [(name, FOCUS.get(name, ""), *facts) for name, facts in engagement_truth.FACTS.items()]
    save("engagement_facts_invented.csv", as_csv(("engagement", "focus", *engagement_truth.COLUMNS), rows))
    save("README.md", readme(periods, outcomes=write(FOLDER)))


def save(name: str, text: str) -> None:
    (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
