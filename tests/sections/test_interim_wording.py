"""Sentences of the interim report as they are read out: lists, nothing said of nobody, charts that tell their message."""

from interim_pieces import pieces_of

from ci_eval.evidence import Evidence
from ci_eval.report import Figure, markup


def text_of(evidence: Evidence, module: str, key: str) -> str:
    return pieces_of(evidence, module)[key].text


def test_a_key_message_of_many_statements_is_a_list_and_of_few_a_sentence(
    first: Evidence, second: Evidence
) -> None:
    said = pieces_of(first, "what_they_said")
    message = said["message-almost-all"]
    html = markup.piece_html(message.key, message.record())
    assert html.count("<li>") == 14
    assert (
        '<p>Almost all respondents agreed or strongly agreed that:</p><ul class="ci-long"><li>colleagues'
        in html
    )
    assert said["message-numbers"].text == (
        "No word is sure enough for how many agreed or strongly agreed that the time spent on the CI process was "
        "appropriate (118 of 131, 90.1%)."
    )
    assert text_of(second, "what_they_said", "message-almost-all") == (
        "Almost all respondents agreed or strongly agreed that the process is worthwhile and worth developing further "
        "(99%) and educators will benefit from the CI (92%)."
    )


def test_a_list_is_escaped_like_any_other_text() -> None:
    assert markup.paragraphs("So:\n\n- a <b>\n- c") == "<p>So:</p><ul><li>a &lt;b&gt;</li><li>c</li></ul>"
    assert markup.paragraphs("- a\nb") == "<p>- a<br>b</p>"


def test_nothing_is_said_of_nobody(first: Evidence, second: Evidence) -> None:
    for evidence in (first, second):
        for piece in pieces_of(evidence).values():
            for text in (getattr(piece, "text", ""), getattr(piece, "note", "")):
                assert not any(
                    odd in text for odd in ("No authorities", " 0 of 1", "no statements", "of 0 of")
                )
                assert not text.startswith("0 of ")


def test_the_title_of_the_groups_says_how_many_differences_have_evidence(first: Evidence) -> None:
    (chart,) = [piece for piece in pieces_of(first, "do_groups_differ").values() if isinstance(piece, Figure)]
    held = chart.frame["evidence"].isin(["more agreement", "less agreement"]).sum()
    assert chart.title.startswith(
        f"{held} difference" if held > 1 else "No difference" if not held else "One difference"
    )
