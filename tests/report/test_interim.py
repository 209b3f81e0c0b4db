"""Sections of the interim evaluation, on the invented example data and on periods with something missing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ci_eval.report import Book, Figure, Sentence, Table
from ci_eval.report.book import flatten
from ci_eval.report.canvas import Drawn
from ci_eval.sections import interim
from ci_eval.sections.interim.do_groups_differ import shares_by
from ci_eval.sections.interim.what_they_said import results

Pieces = dict[str, Sentence | Table | Figure]
SECTIONS = [getattr(interim, name) for name in interim.__all__ if name[0].islower()]
SURVEY_SECTIONS = [
    interim.at_a_glance, interim.respondents, interim.statements, interim.groups, interim.change,
    interim.publication, interim.focus, interim.comments,
]  # fmt: skip


def pieces(evidence: interim.Evidence) -> Iterator[Sentence | Table | Figure]:
    for section in SECTIONS:
        yield from flatten([section(evidence)])


def by_key(evidence: interim.Evidence) -> Pieces:
    return {piece.key: piece for piece in pieces(evidence)}


@pytest.fixture(scope="module")
def in_first(first: interim.Evidence) -> Pieces:
    return by_key(first)


@pytest.fixture(scope="module")
def in_second(second: interim.Evidence) -> Pieces:
    return by_key(second)


def test_the_published_findings_of_2021_22_come_out_again(first: interim.Evidence, in_first: Pieces) -> None:
    frame = results(first.survey)
    assert list(frame["word"]) == ["almost all"] * 15
    assert "majority of respondents were unsure" in in_first["report-published"].text


def test_the_words_of_2022_23_stand_on_their_boundaries(second: interim.Evidence) -> None:
    frame = results(second.survey)
    expected = {
        "s01": ("all", 112, 112), "s02": ("most", 99, 110), "s03": ("most", 98, 110), "s04": ("few", 15, 100),
        "s05": ("almost all", 100, 110), "s06": ("majority", 52, 104), "s07": ("less than half", 51, 104),
        "s08": ("less than half", 16, 100), "s10": ("most", 81, 108), "s14": ("majority", 80, 108),
    }  # fmt: skip
    for code, (word, agreeing, answered) in expected.items():
        assert tuple(frame.loc[code, ["word", "agreeing", "answered"]]) == (word, agreeing, answered), code


def test_the_table_says_what_would_change_each_word(in_second: Pieces) -> None:
    table = in_second["statements-table"]
    assert "What would change the word" in [column.heading for column in table.columns]
    expected = {
        "s01": "1 fewer: almost all",  # 112 of 112
        "s02": "1 more: almost all",  # 99 of 110 is exactly 90%
        "s04": "1 more: less than half",  # 15 of 100 is exactly 15%
        "s05": "1 fewer: most",  # 100 of 110
        "s06": "1 fewer: less than half",  # 52 of 104 is exactly half
        "s08": "1 fewer: few",  # 16 of 100
    }
    assert {code: table.frame.loc[code, "changes"] for code in expected} == expected


def test_every_statement_stands_in_exactly_one_key_message(second: interim.Evidence) -> None:
    messages = [
        p for p in interim.statements(second) if isinstance(p, Sentence) and p.key.startswith("message-")
    ]
    named = [code for message in messages for code in message.numbers]
    assert sorted(named) == [f"s{n:02}" for n in range(1, 16)]
    assert messages[0].text.startswith("All respondents agreed or strongly agreed that the area of focus")


def test_hosts_are_counted_as_the_register_is_certain_of_them(in_first: Pieces, in_second: Pieces) -> None:
    assert in_first["coverage"].numbers == {
        "authorities": 32, "hosted": 11, "not_hosted": 21, "cannot_be_known": 0, "engagements": 9,
        "hosts_of_a_joint_engagement": 3, "share": 11 / 32,
    }  # fmt: skip
    later = in_second["coverage"].numbers
    assert (later["hosted"], later["not_hosted"], later["cannot_be_known"]) == (12, 0, 20)
    assert "South Lanarkshire" in in_second["unconfirmed"].text
    assert "unconfirmed" not in in_first


def test_the_rows_of_the_export_add_up_in_the_method_section(in_second: Pieces) -> None:
    numbers = in_second["load-2022-23"].numbers
    assert numbers["rows_in"] == numbers["used"] + numbers["left_out"] == 118


def test_a_small_group_is_shown_nowhere_and_cannot_be_worked_out(second: interim.Evidence) -> None:
    frame, _ = shares_by(second, "organisation")
    assert "ADES" not in set(frame["group"])  # four people
    for _, rows in frame.groupby("statement"):
        shown = rows["answered"].dropna().sum()
        everybody = results(second.survey).set_index("statement").loc[rows["statement"].iloc[0], "answered"]
        assert everybody - shown == 0 or everybody - shown >= second.smallest_group


def test_a_group_exactly_as_large_as_the_smallest_allowed_is_shown(second: interim.Evidence) -> None:
    responses = second.survey.responses
    column = pd.Series(["five"] * 5 + ["many"] * (len(responses.frame) - 5))
    frame = responses.frame.assign(role=column, s01="Agree")
    survey = replace(second.survey, responses=replace(responses, frame=frame))
    shown, _ = shares_by(replace(second, survey=survey), "role")
    assert set(shown[shown["answered"] == 5]["group"]) == {"five"}
    six, _ = shares_by(replace(second, survey=survey, smallest_group=6), "role")
    assert six.empty


def test_no_word_of_a_respondent_reaches_any_piece(
    first: interim.Evidence, second: interim.Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # only results.json is read here, and drawing takes longer than all the rest
    monkeypatch.setattr("ci_eval.report.canvas.render", lambda *_, **__: Drawn(b"", b"", b""))
    for evidence in (first, second):
        report = Book("t", period=evidence.period, notebook="n", folder=tmp_path / evidence.period)
        report.show(list(pieces(replace(evidence, quotations=None))))
        report.close()
        written = (tmp_path / evidence.period / "results.json").read_text(encoding="utf-8")
        frame = evidence.survey.frame
        texts = {
            text.strip()
            for column in ("comment", "improve")
            for text in frame[column]
            if len(text.strip()) > 12
        }
        assert texts
        assert not [text for text in texts if json.dumps(text, ensure_ascii=False)[1:-1] in written]


@pytest.mark.parametrize("section", SURVEY_SECTIONS)
def test_without_a_survey_a_section_says_what_is_missing_and_how_to_supply_it(
    section: object, first: interim.Evidence
) -> None:
    bare = replace(first, survey=replace(first.survey, responses=None))
    missing = [p for p in flatten([section(bare)]) if isinstance(p, Sentence) and p.level == "missing"]
    assert len(missing) == 1
    assert '[periods."2021-22".survey]' in missing[0].text


def test_without_the_number_asked_there_is_no_rate_and_no_bound(first: interim.Evidence) -> None:
    unknown = replace(first, survey=replace(first.survey, asked=None, asked_by={}))
    said = by_key(unknown)
    assert "no response rate" in said["received"].text
    assert results(unknown.survey)["least"].isna().all()
    assert "how many were asked is not recorded" in said["statements-table"].note
    # Wilson's interval is the wider one: nobody's answer is known but those given
    assert (results(unknown.survey)["low"] < results(first.survey)["low"]).all()


def test_a_statement_nobody_answered_has_no_word_and_is_named(first: interim.Evidence) -> None:
    responses = first.survey.responses
    frame = responses.frame.copy()
    frame["s03"] = frame["s03"].cat.remove_categories(frame["s03"].cat.categories)
    survey = replace(first.survey, responses=replace(responses, frame=frame))
    said = by_key(replace(first, survey=survey))
    assert said["statements-table"].frame.loc["s03", ["word", "changes"]].tolist() == ["", ""]
    assert "The process for the CI was clearly explained" in said["statements-without-an-answer"].text


def test_the_first_period_has_nothing_to_be_compared_with(first: interim.Evidence) -> None:
    (piece,) = interim.change(first)
    assert piece.level == "missing"
    assert first.previous is None
    assert first.earlier == ()


def test_change_compares_each_statement_with_the_last_period(
    first: interim.Evidence, second: interim.Evidence, in_second: Pieces
) -> None:
    table = in_second["change-table"].frame
    before, now = results(first.survey), results(second.survey)
    assert list(table["share_first"]) == list(before["share"])
    assert list(table["share_second"]) == list(now["share"])
    changed = int((before["word"] != now["word"]).sum())
    assert in_second["change-words"].numbers["words_changed"] == changed > 0


def test_every_alternative_text_carries_the_numbers_of_its_figure(in_second: Pieces) -> None:
    figures = [piece for piece in in_second.values() if isinstance(piece, Figure)]
    assert len(figures) >= 5
    for figure in figures:
        assert any(character.isdigit() for character in figure.alt), figure.key
    chart = next(figure for figure in figures if figure.key == "statements")
    assert "exactly" not in chart.alt
    assert "90% (99 of 110), most" in chart.alt


def test_keys_are_unique_over_all_sections(first: interim.Evidence, second: interim.Evidence) -> None:
    for evidence in (first, second):
        keys = [piece.key for piece in pieces(evidence)]
        assert len(keys) == len(set(keys))


def test_the_register_decides_by_the_last_day_of_the_period(first: interim.Evidence) -> None:
    earlier = replace(first, ends=date(2022, 6, 29))
    assert (
        by_key(earlier)["coverage"].numbers["hosted"] == 0
    )  # dated by the period only: not certain a day sooner
