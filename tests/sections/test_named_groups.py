"""No sentence, title or main point names a group of under 20 of which all or none agreed."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from campaigns import campaign, size
from interim_pieces import recorded
from small_surveys import two_periods

from ci_eval.evidence import Evidence


def texts_of(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Every sentence, title and text of a picture that the notebook shows, with its key."""
    for key, piece in recorded(evidence).pieces.items():
        for name in ("text", "title", "alt"):
            if text := getattr(piece, name, ""):
                yield key, str(text)


def naming(evidence: Evidence) -> Iterator[str]:
    """Where a text names such a group with its answers."""
    groups = evidence.groups()
    if groups.empty:
        return
    few = groups[groups["answered"] < 20]
    cells = few[(few["agreeing"] == 0) | (few["agreeing"] == few["answered"])].to_dict("records")
    topics = {one.text: one.topic for one in evidence.questionnaire.statements}
    for key, text in texts_of(evidence):
        for row in cells:
            group, statement = re.escape(row["group"]), re.escape(row["statement"])
            if key == f"groups-{row['grouping']}":  # one statement, and then the groups at its ends
                wrong = rf"“{statement}”.*{group}"
            elif key == f"groups-{row['grouping']}-tests":  # a group on a statement, one after another
                wrong = rf"{group} on “{statement}”"
            else:
                wrong = rf"{group}.*({statement}|{re.escape(topics[row['statement']])})|{statement}.*{group}"
            if re.search(wrong, text):
                yield f"{key}: {text}"


@pytest.mark.parametrize("period", ["first", "second"])
def test_no_text_of_the_examples_names_one(period: str, request: pytest.FixtureRequest) -> None:
    assert list(naming(request.getfixturevalue(period))) == []


@campaign(3, 300)
def test_no_text_of_a_small_survey_names_one(second: Evidence) -> None:
    generator = np.random.default_rng(13)
    for number in range(size(3, 300)):
        for evidence in two_periods(second, generator):
            assert list(naming(evidence)) == [], number


def test_a_group_that_is_named_all_the_same_is_seen(
    second: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ci_eval.sections.interim.do_groups_differ.nameable", lambda *_: True)
    generator = np.random.default_rng(13)
    assert any(list(naming(one)) for _ in range(10) for one in two_periods(second, generator))
