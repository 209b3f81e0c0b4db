"""README.md of this folder, with numbers counted in the rows that were written."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

from coding_files import settled, waiting
from forms_export import LAST_QUESTIONS, NOTICE, QUESTIONS, Drawn, forms_heading
from shape import ANSWERS, SCALE, STATEMENTS

FOLDER = Path(__file__).resolve().parent


def readme(periods: list[Drawn], outcomes: str) -> str:
    """README.md of this folder; its numbers are counted in what was written. `outcomes` is the part about outcomes."""
    template = (FOLDER / "README.template.md").read_text(encoding="utf-8")
    return template.format(
        notice=NOTICE,
        asked=asked_table(periods),
        answers="\n\n".join(map(answer_table, periods)),
        themes="\n\n".join(map(theme_table, periods)),
        outcomes=outcomes,
    )


def asked_table(periods: list[Drawn]) -> str:
    lines = ["| period | file | asked | of which | responses | survey open |", "|---|---|---:|---|---:|---|"]
    for drawn in periods:
        shape = drawn.shape
        of_which = ", ".join(f"{name} {number}" for name, number in shape.asked.items())
        lines.append(
            f"| {shape.period} | `{drawn.file_name}` | {sum(shape.asked.values())} | {of_which} "
            f"| {len(drawn.rows)} | {shape.opened.isoformat()} to {shape.closed.isoformat()} |"
        )
    return "\n".join(lines)


def answer_table(drawn: Drawn) -> str:
    lines = [
        f"### {drawn.shape.period}",
        "",
        "| | statement | agree or strongly agree | answered | % | don’t know | blank |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for number, statement in enumerate(STATEMENTS):
        given = Counter(drawn.column(forms_heading(number, statement)))
        answered, agreeing = sum(given[answer] for answer in SCALE), given[SCALE[0]] + given[SCALE[1]]
        percent = Fraction(100 * agreeing, answered)
        shown = f"exactly {percent}" if percent.denominator == 1 else f"{float(percent):.2f}"
        lines.append(
            f"| s{number + 1:02d} | {statement} | {agreeing} | {answered} | {shown} "
            f"| {given[ANSWERS[len(SCALE)]]} | {given[None]} |"
        )
    split = {
        heading: Counter(drawn.column(heading)) for heading in (QUESTIONS[0], QUESTIONS[3], LAST_QUESTIONS[1])
    }
    for heading, given in split.items():
        counted = ", ".join(f"{answer or 'not answered'} {number}" for answer, number in given.most_common())
        lines += ["", f"{heading} {counted}."]
    return "\n".join(lines)


def theme_table(drawn: Drawn) -> str:
    """People under each theme by the code that is reported, and the texts that wait for a third person."""
    counted = [settled(texts) for texts in drawn.written.values()]
    lines = [
        f"### {drawn.shape.period}: themes",
        "",
        "| theme | comments | ways to improve |",
        "|---|---:|---:|",
    ]
    for theme in sorted(set().union(*counted)):
        lines.append(f"| {theme} | {counted[0][theme]} | {counted[1][theme]} |")
    comments, improvements = (waiting(texts) for texts in drawn.written.values())
    lines += ["", f"Not agreed: comments {comments}, ways to improve {improvements}."]
    return "\n".join(lines)
