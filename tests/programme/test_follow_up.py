"""Recommendations and questions: what is published, and blanks for what is not."""

import shutil
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import load_recommendations, load_strategic_questions

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "programme"))


def changed(facts: Path, file: str, old: str, new: str) -> None:
    text = (facts / file).read_text(encoding="utf-8")
    assert old in text
    (facts / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_six_recommendations_and_four_questions_are_published() -> None:
    assert (len(load_recommendations(FACTS)), len(load_strategic_questions(FACTS))) == (6, 4)


def test_what_became_of_a_recommendation_is_blank_until_it_is_known() -> None:
    for frame in (load_recommendations(FACTS), load_strategic_questions(FACTS)):
        assert (frame[["status", "as_at", "evidence", "next_step"]] == "").all(axis=None)
        assert (frame["source"] != "").all()


def test_a_status_comes_with_its_date(facts: Path) -> None:
    row = "shares and understands, and that is applied in every engagement"
    changed(facts, "recommendations.csv", f'{row}",,,', f'{row}",under way,2023-06,')
    frame = load_recommendations(facts).set_index("key")
    assert list(frame.loc["guidance", ["status", "as_at"]]) == ["under way", "2023-06"]
    changed(facts, "recommendations.csv", "under way,2023-06", "under way,")
    with pytest.raises(InputError, match="needs the date"):
        load_recommendations(facts)
