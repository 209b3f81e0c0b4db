"""Sections of the interim evaluation, on the invented example data and on periods with something missing."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from interim_pieces import Piece, pieces_of, recorded, sections
from matplotlib.figure import Figure as Canvas

from ci_eval.evidence import Evidence
from ci_eval.evidence.group_frames import groups_of
from ci_eval.inputs.problems import InputError
from ci_eval.report import Book, Figure, Table
from ci_eval.report.canvas import Drawn
from ci_eval.sections.interim import do_groups_differ, what_changed, what_they_said, who_answered

Pieces = dict[str, Piece]
SURVEY_SECTIONS = [
    "main_points", "who_answered", "what_they_said", "do_groups_differ", "what_changed", "was_a_report_published",
    "what_was_the_focus", "in_their_own_words", "were_answers_careful", "would_weights_matter",
]  # fmt: skip


@pytest.fixture(scope="module")
def in_first(first: Evidence) -> Pieces:
    return pieces_of(first)


@pytest.fixture(scope="module")
def in_second(second: Evidence) -> Pieces:
    return pieces_of(second)


def test_the_published_findings_of_2021_22_come_out_again(first: Evidence, in_first: Pieces) -> None:
    frame = first.statements()
    assert list(frame["word"]) == ["almost all"] * 15
    assert "majority of respondents were unsure" in in_first["report-published"].text


def test_the_words_of_2022_23_stand_on_their_boundaries(second: Evidence) -> None:
    frame = second.statements()
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
    assert {code: table.frame.loc[code, "would_change"] for code in expected} == expected


def test_every_statement_stands_in_exactly_one_key_message(second: Evidence) -> None:
    said = pieces_of(second, "what_they_said")
    messages = [piece for key, piece in said.items() if key.startswith("message-")]
    named = [code for message in messages for code in message.numbers if code in second.statements().index]
    assert sorted(named) == [f"s{n:02}" for n in range(1, 16)]
    assert messages[0].text.startswith("All who answered agreed or strongly agreed that the area of focus")


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


def test_what_is_left_of_a_total_is_those_who_did_not_say(second: Evidence) -> None:
    frame, everybody = second.groups(), second.statements()["answered"]
    rows = frame[frame["grouping"] == "organisation"]
    assert "ADES" not in set(rows["group"])  # four people
    unsaid = second.survey.frame[second.survey.frame["organisation"].isna()]
    for code, answered in rows.groupby("code")["answered"].sum().items():
        assert everybody[code] - answered == unsaid[code].isin(second.questionnaire.scale).sum()


def test_a_group_exactly_as_large_as_the_smallest_allowed_is_shown(second: Evidence) -> None:
    responses = second.survey.responses
    column = pd.Series(["five"] * 5 + ["many"] * (len(responses.frame) - 5))
    everything = {one.code: "Agree" for one in second.questionnaire.statements}
    frame = responses.frame.assign(role=column, **everything)
    survey = replace(second.survey, responses=replace(responses, frame=frame))
    assert groups_of(survey, "role", 5).parts == (("five",), ("many",))
    assert groups_of(survey, "role", 6).parts == ()


def test_no_word_of_a_respondent_reaches_any_piece(
    first: Evidence, second: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # only results.json is read here, and drawing takes longer than all the rest
    monkeypatch.setattr("ci_eval.report.canvas.render", lambda *_, **__: Drawn(b""))
    monkeypatch.setattr("ci_eval.report.vector.element", lambda *_: "")
    monkeypatch.setattr("ci_eval.report.word_file.write", lambda *_: None)
    for evidence in (first, second):
        report = Book("t", period=evidence.period, notebook="n", folder=tmp_path / evidence.period)
        report.show(list(pieces_of(replace(evidence, quoted=None)).values()))
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
def test_without_a_survey_a_section_says_what_is_missing_and_the_opening_how_to_supply_it(
    section: str, first: Evidence
) -> None:
    bare = replace(first, survey=replace(first.survey, responses=None))
    missing = [p for p in pieces_of(bare, section).values() if getattr(p, "level", "") == "missing"]
    assert missing
    assert missing[0].text == "There is no survey for 2021-22, so there is nothing to report."
    assert '[periods."2021-22".survey]' in repr(bare)


def test_without_the_number_asked_there_is_no_rate_and_no_bound(first: Evidence) -> None:
    unknown = replace(first, survey=replace(first.survey, asked=None, asked_by={}))
    said = pieces_of(unknown)
    assert "no response rate" in said["received"].text
    assert unknown.statements()["least"].isna().all()
    assert "how many were asked is not recorded" in said["statements-table"].note
    # Wilson's interval is the wider one: nobody's answer is known but those given
    assert (unknown.statements()["low"] < first.statements()["low"]).all()


def test_a_statement_nobody_answered_has_no_word_and_is_named(first: Evidence) -> None:
    responses = first.survey.responses
    frame = responses.frame.copy()
    frame["s03"] = frame["s03"].cat.remove_categories(frame["s03"].cat.categories)
    survey = replace(first.survey, responses=replace(responses, frame=frame))
    said = pieces_of(replace(first, survey=survey))
    assert said["statements-table"].frame.loc["s03", ["word", "would_change"]].tolist() == ["", ""]
    assert "The process for the CI was clearly explained" in said["statements-without-an-answer"].text


def test_the_first_period_has_nothing_to_be_compared_with(first: Evidence) -> None:
    pieces = pieces_of(first, "what_changed")
    levels = {key: getattr(piece, "level", "") for key, piece in pieces.items() if not key.startswith("main")}
    missing = [key for key, level in levels.items() if level == "missing"]
    assert missing == ["change-missing", "trend"]
    assert first.previous is None
    assert first.earlier == ()


def test_change_compares_each_statement_with_the_last_period(
    first: Evidence, second: Evidence, in_second: Pieces
) -> None:
    table = in_second["change-table"].frame
    before, now = first.statements(), second.statements()
    assert list(table["share_first"]) == list(before["share"])
    assert list(table["share_second"]) == list(now["share"])
    changed = int((before["word"] != now["word"]).sum())
    assert in_second["change-words"].numbers["words_changed"] == changed > 0


def test_every_alternative_text_is_short_and_carries_a_number(in_second: Pieces) -> None:
    figures = [piece for piece in in_second.values() if isinstance(piece, Figure)]
    assert len(figures) >= 5
    for figure in figures:
        assert any(character.isdigit() for character in figure.alt), figure.key
        assert len(figure.alt) <= 200, figure.key
    chart = next(figure for figure in figures if figure.key == "statements")
    assert chart.alt.endswith("15% to 100% agreed.")


def test_keys_are_unique_over_all_sections(first: Evidence, second: Evidence) -> None:
    for evidence in (first, second):
        assert pieces_of(evidence)  # which refuses a key that is there already


def test_the_register_decides_by_the_last_day_of_the_period(first: Evidence) -> None:
    earlier = replace(first, ends=date(2022, 6, 29))
    assert (
        pieces_of(earlier, "who_took_part")["coverage"].numbers["hosted"] == 0
    )  # dated by the period only: not certain a day sooner


def test_words_and_one_chart_a_section_are_the_report_and_the_rest_is_the_annex(second: Evidence) -> None:
    tables = ("recommendations", "strategic-questions", "quotations", "main-decisions")
    for heading, cells in sections().items():
        book = recorded(
            second, *[name for name in SURVEY_SECTIONS if f"{name}.words" in " ".join(cells)] or ["hosts"]
        )
        report = [piece for key, piece in book.pieces.items() if book.places[key] == "report"]
        assert len([piece for piece in report if isinstance(piece, Figure)]) <= 2, heading
        assert [
            piece.key for piece in report if isinstance(piece, Table) and piece.key not in tables
        ] == [], heading


def test_every_frame_is_the_last_line_of_its_cell_and_no_cell_computes() -> None:
    for heading, cells in sections().items():
        for cell in cells:
            assert not re.search(r"^\s*(def|for|while|import|from) |[-+*/]=? |\d{4}-\d\d", cell), heading


def test_a_frame_that_was_filtered_or_sorted_still_has_words_a_chart_and_a_table(second: Evidence) -> None:
    module = what_they_said
    frame = second.statements()
    fewer = frame[frame["share"] < 0.5].sort_values("share")
    said = " ".join(sentence.text for sentence in module.words(fewer))
    assert "No word is sure enough for how many agreed or strongly agreed that" in said
    assert "(15 of 100, 15%)" in said
    assert "Most respondents" not in said
    assert list(module.table(fewer)[0].frame["statement"]) == list(fewer["statement"])
    assert list(module.chart(fewer, order="")[0].frame["code"]) == list(fewer.index)
    assert module.chart(frame, order="consensus")[0].frame["code"].iloc[0] == frame["consensus"].idxmax()
    with pytest.raises(ValueError, match="there is no order 'size'"):
        module.chart(frame, order="size")
    assert module.words(frame[frame["share"] > 2])[0].level == "missing"
    groups = second.groups()
    role = do_groups_differ.words(groups[groups["grouping"] == "role"])
    assert {sentence.key for sentence in role} == {"groups-role", "groups-role-tests"}


def test_another_level_widens_intervals_and_is_named(second: Evidence) -> None:
    wide = second.statements(level=0.99)
    assert (wide["low"] < second.statements()["low"]).all()
    assert "at 99%" in what_they_said.table(wide)[0].note
    assert "99% interval" in " ".join(s.text for s in what_changed.words(second.change(level=0.99)))
    (chart,) = what_they_said.ladder(wide)
    canvas = Canvas()
    chart.draw(canvas.subplots())
    keys = [
        text.get_text()
        for ax in canvas.axes
        for legend in [ax.get_legend()]
        if legend
        for text in legend.texts
    ]
    assert "99% interval" in keys


def test_nothing_of_an_exact_frame_is_shown_where_a_report_is_made(second: Evidence, tmp_path: Path) -> None:
    frames = second.statements(exact=True), second.groups(exact=True), second.respondents(exact=True)
    assert all(frame.exact for frame in frames)
    assert what_they_said.words(frames[0])  # nobody records
    book = Book("t", folder=tmp_path)
    for module, frame in zip((what_they_said, do_groups_differ, who_answered), frames, strict=True):
        for make in (module.words, module.chart, module.table):
            with pytest.raises(InputError, match="This frame is exact"):
                make(frame)
    del book


def test_exact_frames_hold_what_is_masked_and_others_do_not(second: Evidence) -> None:
    exact = second.groups(exact=True)
    assert "ADES" in set(exact["group"])
    assert "ADES" not in set(second.groups()["group"])
    assert exact["answered"].min() < second.smallest_group <= second.groups()["answered"].min()
    few = second.survey.frame["s04"].where(second.survey.frame.index < 4)
    survey = replace(
        second.survey, responses=replace(second.survey.responses, frame=second.survey.frame.assign(s04=few))
    )
    masked = replace(second, survey=survey.masked(second.smallest_group))
    assert masked.statements().loc["s04", "answered"] == 0
    assert 0 < masked.statements(exact=True).loc["s04", "answered"] < 5
    assert masked.responses["s04"].notna().sum() == few.notna().sum()


def test_a_frame_can_be_changed_without_changing_the_evidence(second: Evidence) -> None:
    frame = second.statements()
    frame["share"] = 0.0
    assert (second.statements()["share"] > 0).all()
