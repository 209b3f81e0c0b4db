"""Small exports written by the tests, in the shape of a plain table unless a test changes it."""

from pathlib import Path

from ci_eval.programme import Questionnaire

STEM = "To what extent do you agree with the following statements?"


def table(questionnaire: Questionnaire, comment: str = "Good", rows: int = 2) -> list[list[str]]:
    """Heading and responses that load without a setting: id, date, and the first answer to every question."""
    heading, answers = ["Response ID", "Submitted"], ["", "2022-08-01"]
    for question in questionnaire.questions:
        if question.code == "comment":
            heading += [statement.text for statement in questionnaire.statements]
            answers += ["Agree"] * len(questionnaire.statements)
        heading.append(question.text)
        answers.append(question.options[0] if question.options else comment)
    return [heading, *([str(number), *answers[1:]] for number in range(1, rows + 1))]


def column(rows: list[list[str]], heading: str) -> int:
    """The place of a heading in the first row."""
    return rows[0].index(heading)


def as_csv(rows: list[list[str]], separator: str = ",") -> str:
    return (
        "\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows) + "\n"
    )


def written(rows: list[list[str]], folder: Path, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text(as_csv(rows), encoding="utf-8")
    return path
