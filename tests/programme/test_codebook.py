"""The codebook: what is published, what is refused."""

import shutil
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import codes_of, load_codebook

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


def test_nine_areas_of_focus_are_published() -> None:
    focus = codes_of(load_codebook(FACTS), "focus")
    assert len(focus) == 9
    assert focus["source"].str.contains("January 2023").all()


def test_the_codes_of_comments_begin_with_the_three_published_findings() -> None:
    codes = codes_of(load_codebook(FACTS), "comment", "improve")
    published = codes[codes["source"].str.contains("January 2023")]
    assert dict(zip(published["key"], published["reported"], strict=True)) == {
        "celebrating": "saw a risk of always celebrating success",
        "other-authorities": "would have liked to engage more with other authorities",
        "stakeholders": "asked for a wider range of stakeholders",
    }
    assert list(codes["key"][:3]) == list(published["key"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("improve,time,", "improve,time;place,", "cannot be the key of a code"),
        ("improve,time,", "improve,Time,", "cannot be the key of a code"),
        ("improve,time,", "improve,guidance,", "is in row"),
        ("raised what follows afterwards", "", "needs its sentence"),
        ("focus,numeracy,", "fokus,numeracy,", '"fokus" is not a question'),
        (",Inclusion,", ",Data,", "is that of the code in row"),
        ("questions,key,name", "questions,key,theme", "not known"),
    ],
)
def test_a_code_in_doubt_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    facts = Path(shutil.copytree(FACTS, tmp_path / "programme"))
    text = (facts / "codebook.csv").read_text(encoding="utf-8")
    assert old in text
    (facts / "codebook.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_codebook(facts)
    assert message in str(caught.value)
    assert "codebook.csv" in str(caught.value)
