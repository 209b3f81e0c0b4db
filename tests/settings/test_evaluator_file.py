"""The evaluator's file: what is refused, at which line, and that nothing in it is more than text."""

from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.settings.evaluator_file import LONGEST, MOST_DECISIONS, read_evaluator_file

HEAD = 'name = "N"\nwritten_on = 2023-09-14\n'
DECISION = '[[decisions]]\nask = "Decide."\n'


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "evaluator.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "check"),
    [
        (HEAD + '[strength]\ntext = "a"\n', "settings-unknown-key"),
        (HEAD + '[pace]\ntext = "a"\nwritten_on = 2023-09-01\n', "key-missing"),
        (HEAD + '[pace]\ntext = " "\nsource = "s"\nwritten_on = 2023-09-01\n', "settings-empty"),
        (HEAD + '[pace]\ntext = "…"\nsource = "s"\nwritten_on = 2023-09-01\n', "settings-empty"),
        (HEAD + f'verdict = "{"a" * (LONGEST["sentence"] + 1)}"\n', "settings-out-of-range"),
        (HEAD + DECISION + 'statements = ["s99"]\n', "unknown-statement"),
        (HEAD + DECISION, "decision-without-evidence"),
        (HEAD + (DECISION + 'evidence = "e"\n') * (MOST_DECISIONS + 1), "too-many-decisions"),
    ],
)
def test_what_cannot_be_shown_is_refused(tmp_path: Path, text: str, check: str) -> None:
    with pytest.raises(InputError) as caught:
        read_evaluator_file(written(tmp_path, text), ["s01"])
    assert check in {problem.check for problem in caught.value.problems}


def test_a_text_as_long_as_allowed_is_taken(tmp_path: Path) -> None:
    verdict = "a" * LONGEST["sentence"]
    assert (
        read_evaluator_file(written(tmp_path, f'{HEAD}verdict = "{verdict}"\n'), ["s01"]).verdict == verdict
    )


def test_lines_of_a_passage_become_one_and_what_is_not_written_is_none(tmp_path: Path) -> None:
    text = HEAD + '[pace]\ntext = """One.\n- Two."""\nsource = "s"\nwritten_on = 2023-09-01\n'
    judged = read_evaluator_file(written(tmp_path, text), ["s01"]).judgements
    assert judged["pace"].text == "One. - Two."
    assert [key for key, one in judged.items() if one is None] == [
        "strengths", "improvements", "guidance", "governance",
    ]  # fmt: skip
