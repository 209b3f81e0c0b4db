"""The section of comments: themes with their words, coders, and approved quotations."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from interim_pieces import pieces_of
from matplotlib.figure import Figure as Canvas
from raw_answers import posterior, word

from ci_eval.agreement.coders import theme_agreement
from ci_eval.evidence import Evidence
from ci_eval.programme import load_codebook
from ci_eval.report import markup
from ci_eval.report.pieces import Figure, Sentence, Table
from ci_eval.survey import load_coding, load_quotations
from ci_eval.survey.coding_file import says_something

WRITTEN = 35  # people who commented in 2021-22
REPORTED = "raised the time it takes or when it takes place"
Recode = Callable[..., Evidence]


@pytest.fixture
def recoded(first: Evidence, tmp_path: Path) -> Recode:
    """2021-22 with its comments coded anew: for each coder the themes of the first, second, … who commented."""

    def code(coders: dict[str, Sequence[str]], smallest_group: int = 5) -> Evidence:
        frame = first.survey.frame
        ids = frame.loc[says_something(frame["comment"]), "id"].tolist()
        rows = [
            (identity, "comment", coder, themes[place] if place < len(themes) else "")
            for coder, themes in coders.items()
            for place, identity in enumerate(ids)
        ]
        file = tmp_path / "codes.csv"
        pd.DataFrame(rows, columns=["id", "question", "coder", "code"]).to_csv(file, index=False)
        coding = load_coding(file, first.survey.responses, load_codebook())
        return replace(first, survey=replace(first.survey, coding=coding), smallest_group=smallest_group)

    return code


def pieces(evidence: Evidence) -> dict[str, Sentence | Table | Figure]:
    return pieces_of(evidence, "in_their_own_words")


def told(evidence: Evidence) -> str:
    """Everything that the section gives to a reader or to results.json, as one text."""
    parts = []
    for piece in pieces(evidence).values():
        if isinstance(piece, Sentence):
            parts += [piece.text, json.dumps(dict(piece.numbers), default=str)]
        elif isinstance(piece, Table):
            parts += [str(piece.record()["rows"]), piece.title, piece.note, str(piece.blanks())]
        else:
            parts += [piece.alt, piece.note, piece.frame.to_csv(index=False)]
    return "\n".join(parts)


# --- the published findings of summer 2022 (interim report, January 2023: data/programme/claims.csv) ---


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (
            "theme-comment-celebrating",
            "5 of the 35 who commented (14%; coders’ agreement 0.96) saw a risk of always celebrating success.",
        ),
        (
            "theme-comment-other-authorities",
            "5 of the 35 who commented (14%; coders’ agreement 0.96) "
            "would have liked to engage more with other authorities.",
        ),
        (
            "theme-improve-stakeholders",
            "Less than half of those who said how the process could be improved (31%, 9 of 29; coders’ agreement 1.00) "
            "asked for a wider range of stakeholders.",
        ),
    ],
)
def test_the_published_findings_come_out_of_the_invented_comments(
    first: Evidence, key: str, text: str
) -> None:
    found = pieces(first)[key]
    assert (found.text, found.level) == (text, "key")


# --- shares and words ---


@pytest.mark.parametrize(("smallest", "shown"), [(WRITTEN, True), (WRITTEN + 1, False)])
def test_themes_are_shown_where_enough_people_wrote_something(
    recoded: Recode, smallest: int, shown: bool
) -> None:
    evidence = recoded({"A": ["time"] * WRITTEN}, smallest_group=smallest)
    assert ("theme-comment-time" in pieces(evidence)) is shown
    if not shown:
        text = pieces(evidence)["comment-themes-few-0"].text
        assert "Fewer than 36 people wrote something under “Comments" in text
        assert "Time and timetable" not in told(evidence)


def test_a_theme_of_fewer_people_than_may_be_shown_is_said_without_a_number_or_word(
    recoded: Recode,
) -> None:
    evidence = recoded({"A": ["time"] * 4 + ["mode"] * 5 + ["reporting"] * 3})
    found = pieces(evidence)
    assert found["theme-comment-mode"].numbers["people"] == 5
    rare = found["theme-comment-rare"]
    assert rare.text == (
        "Fewer than 5 of the 35 who commented, for each of these:\n\n"
        "- raised the time it takes or when it takes place\n- raised the report, its form or its readers"
    )
    assert dict(rare.numbers) == {"of": 35, "smallest_group": 5}
    assert found["comment-themes"].frame["key"].tolist() == ["mode"]
    assert "Raised by fewer than 5 people" in found["comment-themes"].note


def test_a_theme_stands_beside_its_share_in_the_period_before_and_the_coders_agreement(
    second: Evidence,
) -> None:
    found = pieces(second)
    assert found["theme-improve-guidance"].text.endswith("guidance, roles or preparation; in 2021-22, 17%.")
    assert found["theme-improve-time"].text.endswith("place; in 2021-22, fewer than 5 people.")
    table = found["comment-themes"]
    assert [column.heading for column in table.columns][-3:] == [
        "Share in 2021-22",
        "Coders’ agreement (AC1)",
        "Coders’ agreement (alpha)",
    ]
    rows = table.frame.set_index(["column", "key"])
    coders = found["coders-themes"].frame.set_index(["column", "key"])
    assert rows["ac1"].to_dict() == coders["ac1"].to_dict()
    assert rows.loc[("improve", "guidance"), "share_before"] == 5 / 29


@pytest.mark.parametrize(
    ("people", "opening"),
    [
        (5, "5 of the 35 who commented (14%)"),
        (6, "6 of the 35 who commented (17%)"),
        (10, "Less than half of those who commented (29%, 10 of 35)"),
        (17, "17 of the 35 who commented (49%)"),
        (18, "18 of the 35 who commented (51%)"),
        (22, "The majority of those who commented (63%, 22 of 35)"),
        (35, "All 35 who commented (100%)"),
    ],
)
def test_a_word_that_is_not_80_per_cent_sure_gives_way_to_the_number(
    recoded: Recode, people: int, opening: str
) -> None:
    evidence = recoded({"A": ["time"] * people})
    assert pieces(evidence)["theme-comment-time"].text == f"{opening} {REPORTED}."
    if people < WRITTEN:
        sure = posterior(people, WRITTEN, evidence.survey.asked)[word(people, WRITTEN)] >= 0.8
        assert sure == opening.startswith(("Less", "The"))


def test_a_word_that_hangs_on_a_comment_not_yet_decided_says_so(recoded: Recode) -> None:
    """5 of 35 is "few", 6 of 35 is not."""
    evidence = recoded({"A": ["time"] * 6, "B": ["time"] * 5})
    found = pieces(evidence)
    assert found["theme-comment-time"].text.endswith(
        "place, and 6 if every comment not yet decided did so too."
    )
    assert found["comment-themes"].frame["at_most"].tolist() == [6 / 35]
    certain = pieces(recoded({"A": ["time"] * 5, "B": ["time"] * 5}))
    assert certain["theme-comment-time"].text.endswith("place.")
    assert "at_most" not in [column.name for column in certain["comment-themes"].columns]
    rare = pieces(recoded({"A": ["time"] * 5, "B": ["time"] * 4}))["theme-comment-rare"].text
    assert rare.endswith("place, and perhaps 5 or more once every comment is decided.")


def test_themes_are_ordered_from_the_most_raised(recoded: Recode) -> None:
    evidence = recoded({"A": ["time"] * 6 + ["mode"] * 9 + ["reporting"] * 5 + ["celebrating"]})
    assert pieces(evidence)["comment-themes"].frame["key"].tolist() == ["mode", "time", "reporting"]


def test_themes_of_nobody_are_named(recoded: Recode) -> None:
    note = pieces(recoded({"A": ["time"] * 6}))["comment-themes"].note
    assert (
        "Counted for nobody under “Comments on the statements”: Risk of always celebrating success;" in note
    )
    assert "Time and timetable" not in note.split("“How the process")[0]


def test_comments_without_any_theme_are_said_to_have_none(recoded: Recode) -> None:
    found = pieces(recoded({"A": []}))
    assert "Counted for nobody" in found["comment-themes-none"].text
    assert "comment-themes" not in found


def test_the_figure_says_in_words_what_it_shows_and_has_a_bar_for_each_theme(first: Evidence) -> None:
    figure = pieces(first)["themes-comment"]
    assert figure.title.startswith("Three themes were raised most often (14% each)")  # 5 people each
    assert figure.alt.endswith("three themes were raised most often (14% each).")
    assert figure.frame["people"].notna().all()
    canvas = Canvas(figsize=figure.size)
    figure.draw(canvas.subplots())
    assert not [text for axes in canvas.axes for text in axes.texts if text.get_text() == "not shown"]


# --- coders ---


def test_the_table_of_coders_holds_the_coefficients_of_their_own_codes(first: Evidence) -> None:
    coding = first.survey.coding.of("comment")
    own = theme_agreement(coding.codes, list(coding.codebook["key"]))
    expected = own.table.set_index("theme").loc["celebrating"]
    row = pieces(first)["coders-themes"].frame.set_index(["column", "key"]).loc[("comment", "celebrating")]
    for name in ("comments", "percent_agreement", "alpha", "alpha_low", "ac1", "brennan_prediger"):
        assert row[name] == expected[name]


def test_an_interval_of_no_width_is_not_shown_as_certainty(first: Evidence) -> None:
    row = pieces(first)["coders-themes"].frame.set_index(["column", "key"]).loc[("improve", "stakeholders")]
    assert row["alpha"] == 1
    assert row[["alpha_low", "alpha_high"]].isna().all()


def test_one_coder_alone_is_said_to_be_alone(recoded: Recode) -> None:
    found = pieces(recoded({"A": ["time"] * 6}))
    assert "by one person" in found["comments-coded"].text
    assert found["coders-sets"].level == "warning"
    assert "coders-themes" not in found


def test_agreed_codes_alone_measure_no_agreement(recoded: Recode) -> None:
    found = pieces(recoded({"agreed": ["time"] * 6}))
    assert "whose own codes the file does not hold" in found["comments-coded"].text
    assert "cannot be measured" in found["coders-sets"].text
    assert found["theme-comment-time"].numbers["people"] == 6


def test_comments_not_agreed_are_counted_and_never_listed(second: Evidence) -> None:
    found = pieces(second)
    assert found["comments-undecided"].numbers == {"not_agreed": 3, "not_coded": 2}
    assert found["comments-undecided"].level == "warning"
    assert "comments-not-agreed" not in found


def test_what_is_settled_leaves_nothing_to_decide(recoded: Recode) -> None:
    found = pieces(recoded({"A": ["time"] * 6, "B": ["time"] * 6}))
    assert found["comments-undecided"].numbers["not_agreed"] == 0  # the other question is not coded
    assert found["comments-undecided"].numbers["not_coded"] == 29


# --- words of respondents ---


@pytest.mark.parametrize("period", ["first", "second"])
def test_no_comment_reaches_a_reader_but_the_approved_quotations(
    period: str, request: pytest.FixtureRequest
) -> None:
    evidence = request.getfixturevalue(period)
    approved = [] if evidence.quoted is None else evidence.quoted.shown["text"].tolist()
    text = told(evidence)
    for column in ("comment", "improve"):
        for said in evidence.survey.frame[column]:
            if len(said) > 8 and said not in approved:
                assert said not in text


def test_approved_quotations_stand_in_the_text_and_nothing_of_the_refused_one(first: Evidence) -> None:
    found = pieces(first)
    assert [found[f"quotation-{place}"].text for place in (1, 2)] == [
        "“I had expected an inspection and got a conversation instead.”\n\n"
        "One respondent, under “Comments on the statements”",
        "“Come back after six months and ask what changed.”\n\n"
        "One respondent, under “How the process could be improved”",
    ]
    assert "quotation-3" not in found
    assert "not approved" not in told(first)


def test_a_hostile_quotation_is_text_on_the_page(second: Evidence, tmp_path: Path) -> None:
    hostile = '<script>alert("not a comment")</script>'
    frame = second.survey.frame
    identity = frame.loc[frame["comment"] == hostile, "id"].iloc[0]
    row = {"id": identity, "column": "comment", "text": hostile, "approved": "yes", "approved_by": "Lead"}
    file = tmp_path / "quotations.csv"
    pd.DataFrame([row | {"approved_on": "2023-09-30"}]).to_csv(file, index=False)
    evidence = replace(second, quoted=load_quotations(file, second.survey.responses))
    page = markup.piece_html("quotation-1", pieces(evidence)["quotation-1"].record())
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_a_list_without_an_approval_shows_nothing(first: Evidence, tmp_path: Path) -> None:
    row = {"id": "7", "column": "comment", "text": "Connectivity let us down", "approved": "no"}
    file = tmp_path / "quotations.csv"
    pd.DataFrame([row | {"approved_by": "", "approved_on": ""}]).to_csv(file, index=False)
    found = pieces(replace(first, quoted=load_quotations(file, first.survey.responses)))
    assert found["quotations"].numbers == {"quotations": 0}


# --- what is not there ---


def test_without_a_coding_or_quotations_the_opening_says_how_to_supply_them(first: Evidence) -> None:
    bare = replace(first, survey=replace(first.survey, coding=None), quoted=None)
    found = pieces(bare)
    assert list(found) == ["comments-written", "comment-themes", "quotations"]
    assert found["comment-themes"].level == "missing"
    for key, setting in (("comment-themes", "coding"), ("quotations", "quotations")):
        how = f'add {setting} = "the file" under [periods."2021-22".survey]'
        assert how in repr(bare)
        assert how not in found[key].text


def test_those_who_wrote_that_they_had_nothing_are_counted_apart(first: Evidence, second: Evidence) -> None:
    names = ("respondents", "comment", "comment_nothing", "improve", "improve_nothing")
    told = [tuple(pieces(one)["comments-written"].numbers[name] for name in names) for one in (first, second)]
    assert told == [(132, 35, 0, 29, 2), (118, 28, 2, 17, 3)]
