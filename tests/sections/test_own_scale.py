"""An evaluation with its own words for proportions uses them in everything it says."""

import shutil
from pathlib import Path

import pytest
from interim_pieces import pieces_of

from ci_eval.agreement import EDUCATION_SCOTLAND, word
from ci_eval.evidence import Evidence, open_explore
from ci_eval.evidence.statement_frames import agreement_by_statement


@pytest.fixture(scope="module")
def evidence(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """The example periods in an evaluation of its own, where almost all is over 80%."""
    folder = tmp_path_factory.mktemp("own_scale")
    data = Path(shutil.copytree(root / "data", folder / "data", ignore=shutil.ignore_patterns("private")))
    file = data / "programme" / "proportion_words.csv"
    text = file.read_text(encoding="utf-8")
    for old, new in (("most,75%,yes,90%", "most,75%,yes,80%"), ("almost all,90%", "almost all,80%")):
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return open_explore("2022-23", settings=str(data / "evaluation.toml"))[0]


def test_nine_of_ten_are_almost_all_wherever_they_are_said(evidence: Evidence) -> None:
    assert word(99, 110) == "most"  # the published scale; statement s02 of the second period
    frame = evidence.statements()
    assert tuple(frame.loc["s02", ["agreeing", "answered", "word"]]) == (99, 110, "almost all")
    pieces = pieces_of(evidence, "what_changed", "would_weights_matter")
    changes, weights = pieces["change-words-table"].frame, pieces["weighted-words"].frame
    explored = evidence.statements_of(evidence.responses)
    assert changes.loc["s02", "word_second"] == "almost all"
    assert weights.loc["s02", "word"] == "almost all"
    assert explored.loc["s02", "hedged_word"].startswith("almost all")


def test_every_word_of_a_table_is_that_of_the_scale(evidence: Evidence) -> None:
    differing = 0
    for survey in (evidence.survey, *evidence.earlier):
        frame = agreement_by_statement(survey)
        given = word(frame["agreeing"], frame["answered"], bands=evidence.bands)
        assert frame["word"].tolist() == given.tolist()
        differing += int((given != word(frame["agreeing"], frame["answered"])).sum())
        assert all(said.startswith(own) for said, own in zip(frame["hedged_word"], given, strict=True))
    assert differing > 0  # the example has shares between 80% and 90%


def test_the_page_says_the_scale_it_uses(evidence: Evidence) -> None:
    assert evidence.bands != EDUCATION_SCOTLAND
    assert "almost all is over 80% and under 100%" in pieces_of(evidence, "how_it_was_made")["method"].text
    pieces = pieces_of(evidence, "what_they_said", "main_points")
    assert "s09" in pieces["message-almost-all"].numbers  # 84%, "most" on the published scale


def test_a_percentage_is_written_so_that_it_does_not_contradict_the_scale(evidence: Evidence) -> None:
    assert pieces_of(evidence, "what_they_said")["statements-table"].bands == evidence.bands
