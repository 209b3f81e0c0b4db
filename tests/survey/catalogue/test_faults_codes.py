"""Faults of codes: numbers without a key, outside it, among words; SPSS files and their labels."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from faults import fault, loads, note, only
from shapes import plain

from ci_eval.programme import Questionnaire

pytestmark = pytest.mark.usefixtures("quick_spss")
Save = Callable[..., Path]
KEY = {
    "1": "Strongly agree",
    "2": "Agree",
    "3": "Neither agree nor disagree",
    "4": "Disagree",
    "5": "Strongly disagree",
}


def coded(questionnaire: Questionnaire, *answers: str) -> list[list[str]]:
    """A plain table in which every statement is answered with the same code in a row."""
    rows = plain(questionnaire, rows=len(answers))
    return [
        rows[0],
        *(
            [answer if cell == "Agree" else cell for cell in row]
            for row, answer in zip(rows[1:], answers, strict=True)
        ),
    ]


@fault(
    "answers-04",
    "ASK",
    "Codes without their key",
    "the codes, and the settings key = and codes",
    "codes-without-key",
)
def test_codes_without_a_key(save: Save, questionnaire: Questionnaire) -> None:
    path = save(coded(questionnaire, "1", "2", "5"))
    problem = only(path)
    assert problem.count == 45
    assert "1, 2 and 5" in problem.message
    assert "key =" in problem.fix
    assert list(loads(path, codes={"statements": KEY}).frame["s15"]) == [
        "Strongly agree",
        "Agree",
        "Strongly disagree",
    ]


@fault(
    "answers-05",
    "ASK",
    "A scale whose codes run the other way",
    "that 1 may be either end",
    "codes-without-key",
)
def test_codes_that_run_the_other_way(save: Save, questionnaire: Questionnaire) -> None:
    path = save(coded(questionnaire, "5", "5", "4"))
    assert 'whether 4 is "Strongly agree" or "Strongly disagree"' in only(path).message
    other = dict(zip(KEY, reversed(KEY.values()), strict=True))
    assert loads(path, codes={"statements": other}).frame["s01"][0] == "Strongly agree"
    assert loads(path, codes={"statements": KEY}).frame["s01"][0] == "Strongly disagree"


@fault(
    "answers-06",
    "REJECT",
    "Numbers among words in one column",
    "the rows' first, and the numbers",
    "numbers-among-words",
)
def test_numbers_among_words(save: Save, questionnaire: Questionnaire) -> None:
    problem = only(save(plain(questionnaire, s02=["Agree", "4", "Disagree"])))
    assert problem.cells == "row 3, s02: 4"


@fault(
    "answers-07",
    "REJECT",
    "A code that the key does not explain",
    "the code, and missing if it means no answer",
    "code-outside-key",
)
def test_a_code_outside_the_key(save: Save, questionnaire: Questionnaire) -> None:
    path = save(coded(questionnaire, "1", "-99"))
    assert "-99" in only(path, codes={"statements": KEY}).message
    frame = loads(path, codes={"statements": KEY}, missing={"-99": "not answered"}).frame
    assert frame["s01"].isna().tolist() == [False, True]


def spss(
    path: Path,
    questionnaire: Questionnaire,
    labels: bool = True,
    missing: bool = False,
    label: str = "{1}",
) -> Path:
    """A .sav file of three responses, 1, 2 and 6 to every statement; `label` makes one of code and answer."""
    pyreadstat = pytest.importorskip(
        "pyreadstat", reason="the optional package for SPSS files is not installed"
    )
    rows = plain(questionnaire)
    names = [f"v{place}" for place in range(len(rows[0]))]
    frame = pd.DataFrame(rows[1:], columns=names)
    options = {code: label.format(code, text) for code, text in enumerate(questionnaire.answers, start=1)}
    statements = [
        name
        for name, text in zip(names, rows[0], strict=True)
        if text in {s.text for s in questionnaire.statements}
    ]
    frame[statements] = [[code] * len(statements) for code in (1.0, 2.0, 6.0)]
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=rows[0],
        variable_value_labels=dict.fromkeys(statements, options) if labels else None,
        missing_ranges={name: [6.0] for name in statements} if missing else None,
    )
    return path


@fault(
    "answers-08",
    "WARN",
    "SPSS files that call an answer missing",
    "which variables; the answers are kept",
    "user-missing",
)
def test_user_missing_answers(tmp_path: Path, questionnaire: Questionnaire) -> None:
    responses = loads(spss(tmp_path / "survey.sav", questionnaire, missing=True))
    assert list(responses.frame["s01"]) == ["Strongly agree", "Agree", "Don’t know"]
    assert note(responses, "user-missing").count == 15


@fault("answers-09", "ASK", "SPSS files without labels", "the codes, and the setting", "codes-without-key")
def test_spss_without_labels(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = spss(tmp_path / "survey.sav", questionnaire, labels=False)
    assert "1, 2 and 6" in only(path).message
    codes = {"statements": KEY | {"6": "Don’t know"}}
    assert list(loads(path, codes=codes).frame["s01"]) == ["Strongly agree", "Agree", "Don’t know"]


@fault(
    "answers-10",
    "REJECT",
    "SPSS files in another encoding than they say",
    "how to save them again",
    "unknown-encoding",
)
def test_spss_in_another_encoding(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = spss(tmp_path / "survey.sav", questionnaire)
    content = path.read_bytes()
    assert "’".encode() in content
    path.write_bytes(content.replace("’".encode(), b"\x92\x20\x20"))
    assert "UTF-8" in only(path).fix


@fault(
    "answers-32",
    "ASK",
    "Codes explained by wordings that are no answer",
    "each code with its wording, and the line that maps it",
    "label-unknown",
)
def test_labels_that_are_no_answer(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = spss(tmp_path / "survey.sav", questionnaire, label="{0} {1}")
    problem = only(path)
    assert '1 is "1 Strongly agree"' in problem.message
    assert '"1" = "…" under' in problem.fix
    codes = {"statements": KEY | {"6": "Don’t know"}}
    assert list(loads(path, codes=codes).frame["s01"]) == ["Strongly agree", "Agree", "Don’t know"]
