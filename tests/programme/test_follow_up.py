"""Recommendations and questions: what is published, and blanks for what is not."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import load_progress, load_recommendations, load_strategic_questions

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


def test_nothing_is_recorded_until_somebody_knows_it() -> None:
    assert load_progress(FACTS).empty
    assert (load_recommendations(FACTS)["owner"] == "").all()


def test_entries_come_in_the_order_of_their_days(facts: Path) -> None:
    with (facts / "progress.csv").open("a", encoding="utf-8") as file:
        file.write("guidance,2024,done,,,Minutes\nguidance,2023-06,under way,,,Minutes\n")
    frame = load_progress(facts)
    assert frame["status"].tolist() == ["under way", "done"]
    assert frame.loc[0, "as_at_day"] == date(2023, 6, 30)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("guidance,,done,,,Minutes", "may not be blank"),
        ("guidance,June 2023,done,,,Minutes", "not a year, month or day"),
        ("guidance,2023,finished,,,Minutes", "closed list"),
        ("money,2023,done,,,Minutes", "Nothing of this key"),
    ],
)
def test_an_entry_in_doubt_is_refused(facts: Path, row: str, message: str) -> None:
    with (facts / "progress.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    with pytest.raises(InputError, match=message):
        load_progress(facts)


@pytest.mark.parametrize(
    ("file", "old", "loader"),
    [
        ("recommendations.csv", ",team_size,", load_recommendations),
        ("strategic_questions.csv", ",judgement: guidance,", load_strategic_questions),
    ],
)
def test_a_criterion_or_evidence_that_is_not_known_is_refused(
    facts: Path, file: str, old: str, loader: Callable[[Path], object]
) -> None:
    changed(facts, file, old, ",goodwill,")
    with pytest.raises(InputError, match="not known here"):
        loader(facts)
