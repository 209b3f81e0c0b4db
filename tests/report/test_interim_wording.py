"""Sentences of the interim report as they are read out: lists, nothing said of nobody, charts that tell their message."""

from dataclasses import replace

from ci_eval.report import Figure, Sentence, markup
from ci_eval.report.book import flatten
from ci_eval.sections import interim


def said(pieces: list[object], key: str) -> str:
    return next(piece.text for piece in flatten(pieces) if isinstance(piece, Sentence) and piece.key == key)


def test_a_key_message_of_many_statements_is_a_list_and_of_few_a_sentence(
    first: interim.Evidence, second: interim.Evidence
) -> None:
    (message,) = [p for p in interim.statements(first) if p.key.startswith("message-")]
    html = markup.piece_html(message.key, message.record())
    assert html.count("<li>") == 15
    assert "<p>Almost all respondents agreed or strongly agreed that:</p><ul><li>colleagues" in html
    assert said(interim.statements(second), "message-almost-all") == (
        "Almost all respondents agreed or strongly agreed that the process is worthwhile and worth developing further "
        "(99%), educators will benefit from the CI (92%) and colleagues from the different organisations worked well "
        "together (91%)."
    )


def test_a_list_is_escaped_like_any_other_text() -> None:
    assert markup.paragraphs("So:\n\n- a <b>\n- c") == "<p>So:</p><ul><li>a &lt;b&gt;</li><li>c</li></ul>"
    assert markup.paragraphs("- a\nb") == "<p>- a<br>b</p>"


def test_hosts_are_at_least_so_many_where_the_register_cannot_say(
    first: interim.Evidence, second: interim.Evidence
) -> None:
    assert said(interim.at_a_glance(first), "glance-hosts") == (
        "11 of 32 authorities had been a host by 30 June 2022."
    )
    assert said(interim.at_a_glance(second), "glance-hosts") == (
        "At least 12 of 32 authorities had been a host by 30 June 2023; for 20 others the register cannot say."
    )


def test_the_words_of_all_statements_are_told_in_one_sentence(second: interim.Evidence) -> None:
    assert said(interim.at_a_glance(second), "glance-agreement") == (
        "Of the 15 statements, all respondents agreed or strongly agreed with one, almost all with three, most with six, "
        "the majority with two, less than half with two and few with one."
    )


def test_nothing_is_said_of_nobody(first: interim.Evidence, second: interim.Evidence) -> None:
    for evidence in (first, second):
        pieces = flatten([getattr(interim, name)(evidence) for name in interim.__all__ if name[0].islower()])
        for piece in pieces:
            for text in (getattr(piece, "text", ""), getattr(piece, "note", "")):
                assert not any(
                    odd in text for odd in ("No authorities", " 0 of 1", "no statements", "of 0 of")
                )
                assert not text.startswith("0 of ")


def test_the_alternative_text_of_panels_opens_with_what_they_show(first: interim.Evidence) -> None:
    charts = [piece for piece in flatten(interim.groups(first)) if isinstance(piece, Figure)]
    assert len(charts) == 3
    for chart in charts:
        assert chart.alt.startswith("By ")
        assert "the groups stand furthest apart on" in chart.alt.split(".")[0]
    mode = charts[-1].alt
    assert "In person: 100% on all 15 statements" in mode
    assert "I enjoyed participating in the CI 82%" in mode


def test_without_anything_recorded_a_recommendation_has_no_empty_columns(first: interim.Evidence) -> None:
    _, table = interim.recommendations(first)
    assert [column.name for column in table.columns] == ["recommendation"]
    frame = first.recommendations.assign(status=["done", *[""] * 5])
    text, table = interim.recommendations(replace(first, recommendations=frame))
    assert [column.name for column in table.columns][:2] == ["recommendation", "status"]
    assert "is not recorded for 5 of them" in text.text
