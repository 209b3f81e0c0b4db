"""A rehearsal: invented surveys of each kind are read like any export, and the report says what they are."""

from pathlib import Path

import pytest

from ci_eval.evidence import open_interim
from ci_eval.programme import load_questionnaire
from ci_eval.runs import rehearsal
from ci_eval.settings import load
from ci_eval.survey.invented_answers import AGREEING, invented_export


@pytest.mark.parametrize("kind", AGREEING)
def test_the_answers_agree_as_far_as_their_kind_says(kind: str, tmp_path: Path) -> None:
    known = load()
    file = rehearsal.write_inputs(known, known.period("2022-23"), kind, tmp_path)
    evidence, book = open_interim("2022-23", str(file))
    least, most = AGREEING[kind]
    shares = evidence.statements()["share"]
    assert shares.between(least - 0.01, most + 0.01).all()
    assert evidence.survey.received == round(0.75 * 156)
    assert book.invented
    assert book.results()["watermark"] == "Rehearsal"
    assert book.status.startswith("REHEARSAL: invented answers")
    assert len(evidence.decisions()) == 3  # the evaluator's own texts are rehearsed too
    falls = evidence.points().query("point == 'change'")["difference"] < 0
    assert falls.all() if kind == "bad" else True


def test_a_rehearsal_makes_the_report_of_each_kind_apart(tmp_path: Path) -> None:
    runs = rehearsal.rehearsals("2022-23", outputs=str(tmp_path))
    assert [Path(run.outputs).relative_to(tmp_path).as_posix() for run in runs] == [
        f"rehearsals/{kind}" for kind in AGREEING
    ]
    assert all(Path(run.settings).is_relative_to(tmp_path) and run.period == "2022-23" for run in runs)


def test_the_same_arguments_give_the_same_answers() -> None:
    questionnaire = load_questionnaire()
    first = invented_export(questionnaire, "mixed", 40, seed=3)
    assert first == invented_export(questionnaire, "mixed", 40, seed=3)
    assert first != invented_export(questionnaire, "mixed", 40, seed=4)
