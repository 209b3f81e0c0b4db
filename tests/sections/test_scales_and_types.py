"""The example of docs/questionnaire.md: two scales and a question of each kind, from export to page."""

import csv
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from interim_pieces import pieces_of

from ci_eval.evidence import Evidence, open_interim
from ci_eval.evidence.change_frames import change_by_statement
from ci_eval.programme import load_questionnaire
from ci_eval.report import Sentence

SECTIONS = (
    "main_points", "who_answered", "what_was_the_focus", "what_they_said", "what_else_was_asked", "what_changed",
    "do_groups_differ", "would_weights_matter", "in_their_own_words", "was_a_report_published", "were_answers_careful",
)  # fmt: skip
AGREE = ["Strongly agree"] * 10 + ["Agree"] * 20 + ["Disagree"] * 6 + ["Don’t know"] * 4
OFTEN = ["Always"] * 4 + ["Often"] * 8 + ["Sometimes"] * 20 + ["Never"] * 8
SELDOM = ["Often"] * 2 + ["Sometimes"] * 10 + ["Rarely"] * 28
LENGTH = ["One day"] * 30 + ["Two days"] * 5 + ["A week"] * 4 + [""]
HELPED = ["Data, shared early, A clear focus"] * 20 + ["A clear focus;Lunch"] * 4 + [""] * 16
DAYS = ["1"] * 10 + ["2"] * 10 + ["4.5"] * 10 + ["a few"] * 3 + [""] * 7


@pytest.fixture(scope="module")
def evidence(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Three periods: the example of 2022-23, then two surveys of the page's questionnaire."""
    folder = tmp_path_factory.mktemp("types")
    page = (root / "docs" / "questionnaire.md").read_text(encoding="utf-8")
    (example,) = [
        block for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "[[scales]]" in block
    ]
    (folder / "own.toml").write_text(example, encoding="utf-8")
    shutil.copyfile(root / "data" / "example" / "survey_2022-23.xlsx", folder / "2022-23.xlsx")
    asked = load_questionnaire(own=folder / "own.toml")
    text = {one.code: one.text for one in (*asked.statements, *asked.questions)}
    given = {"s01": AGREE, "time_too_long": AGREE[::-1], "on_time": OFTEN, "papers": OFTEN, "length": LENGTH}
    given |= {"helped": HELPED, "days": DAYS, "next_step": ["More time."] * 9 + [""] * 31}
    for period, changed in (("2023-24", {}), ("2024-25", {"papers": SELDOM, "s01": AGREE[::-1]})):
        answers = given | changed
        with (folder / f"{period}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(text[code] for code in answers)
            rows.writerows(zip(*answers.values(), strict=True))
    lines = [f'programme = "{root / "data" / "programme"}"']
    for year, name in ((2022, "2022-23.xlsx"), (2023, "2023-24.csv"), (2024, "2024-25.csv")):
        lines += [f'[periods."{year}-{year - 1999}"]', f"starts = {year}-07-01", f"ends = {year + 1}-06-30"]
        lines += ['questionnaire = "own.toml"'] if year > 2022 else []
        lines += [f'[periods."{year}-{year - 1999}".survey]', f'file = "{name}"']
    (folder / "evaluation.toml").write_text("\n".join(lines), encoding="utf-8")
    return open_interim("2024-25", str(folder / "evaluation.toml"))[0]


@pytest.fixture(scope="module")
def texts(evidence: Evidence) -> dict[str, str]:
    """Every sentence on the survey, by key."""
    return {key: one.text for key, one in pieces_of(evidence, *SECTIONS).items() if isinstance(one, Sentence)}


def test_a_share_counts_the_favourable_answers_of_its_own_scale(evidence: Evidence) -> None:
    frame = evidence.statements()
    assert frame[["agreeing", "answered"]].loc["s01"].tolist() == [30, 36]
    assert frame[["agreeing", "answered"]].loc["on_time"].tolist() == [12, 40]
    assert frame.loc["papers", "median"] == "Rarely"
    assert list(frame.index) == ["s01", "time_too_long", "on_time", "papers"]
    assert frame["rank_share"].tolist() == [1, 1, 1, 2]  # within each scale


def test_sentences_titles_and_headings_have_the_words_of_the_scale(
    evidence: Evidence, texts: dict[str, str]
) -> None:
    sentence = (
        "Less than half of respondents said often or always when asked whether meetings kept to time (30%)."
    )
    assert texts["message-less-than-half-frequency"] == sentence
    assert "5% (2 of 40) said often or always when asked whether papers came early" in texts["main-findings"]
    pieces = pieces_of(evidence, "what_they_said")
    assert pieces["statements-frequency"].title == "Regularity runs from 5% to 30%"
    assert pieces["statements-table-frequency"].columns[2].heading == "Said often or always"
    assert pieces["statements-table"].columns[2].heading == "Agreed or strongly agreed"
    for key, text in texts.items():
        if key.endswith("-frequency"):
            assert not re.search(r"\bagreed|agreement", text), key


def test_a_period_on_another_scale_is_not_compared_and_the_page_says_so(
    evidence: Evidence, texts: dict[str, str]
) -> None:
    change, trend = evidence.change(), evidence.trend()
    assert change.loc["papers", "evidence"] == "less regularity"
    assert change.loc["s01", "evidence"] == "none"
    assert change.loc["papers", "share_first"] == 12 / 40
    assert trend["slope"].isna().all()  # 2022-23 asked s01 on five points: two periods are no trend
    assert "towards regularity on none and away from it on 1" in texts["change-frequency"]


def test_statements_asked_on_another_scale_before_are_named(evidence: Evidence) -> None:
    first, second = evidence.earlier
    change = change_by_statement(first, second)
    assert change.loc["s01", "without_first"] == "not comparable, answered on another scale"
    assert np.isnan(change.loc["s01", ["difference", "share_first"]].astype(float)).all()
    assert change.loc["s02", "without_second"] == "not asked"


def test_choices_are_counted_and_options_of_fewer_than_five_stand_together(
    evidence: Evidence, texts: dict[str, str]
) -> None:
    frame = evidence.further_questions().set_index(["code", "option"])
    people = frame["people"]
    assert people["length"].to_dict() == {"One day": 30, "Two days": 5, "Other options": 4}
    assert people["helped"].to_dict() == {"A clear focus": 24, "Data, shared early": 20, "Other options": 4}
    assert set(frame.loc["helped", "of"]) == {24}
    assert frame.loc[("length", "One day"), "share"] == 30 / 39
    assert "chose “One day”" in texts["asked-length"]
    assert "all 24 who answered chose “A clear focus”" in texts["asked-helped"]
    assert "Lunch" not in " ".join(texts.values())


def test_a_number_has_its_median_and_the_middle_half(evidence: Evidence, texts: dict[str, str]) -> None:
    row = evidence.further_questions().set_index("code").loc["days"]
    assert row[["people", "lower", "median", "upper"]].tolist() == [30, 1, 2, 4.5]
    assert "The median is 2 days; half of the answers lie from 1 to 4.5." in texts["asked-days"]
    (note,) = [one for one in evidence.survey.record.notes if one.check == "answers-not-numbers"]
    assert note.count == 3


def test_a_text_is_counted_with_the_words_of_the_questionnaire(texts: dict[str, str]) -> None:
    assert texts["comments-written"] == "23% (9 of 40) of respondents wrote what should happen next."


def test_what_the_questionnaire_does_not_ask_has_no_section(texts: dict[str, str]) -> None:
    gone = {"focus-", "groups-", "report-published", "report-register", "weighting", "organisation-"}
    assert [key for key in texts if any(key.startswith(one) for one in gone)] == []
    assert "organisation" not in " ".join(
        text for key, text in texts.items() if key not in ("background", "limits")
    )


def test_agreement_with_the_unfavourable_is_no_extreme(evidence: Evidence) -> None:
    assert "time_too_long" not in set(evidence.points()["code"])
