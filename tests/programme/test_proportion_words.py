"""The words for proportions: docs/methods.md A2."""

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from ci_eval.agreement import EDUCATION_SCOTLAND, Band
from ci_eval.inputs.problems import InputError
from ci_eval.programme import load_bands

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


def words(share: Fraction) -> list[str]:
    return [band.word for band in (Band(*entry) for entry in load_bands(FACTS)) if band.holds(share)]


@pytest.mark.parametrize(
    ("agree", "answered", "word"),
    [
        (0, 100, "none"),
        (1, 100, "few"),
        (14, 100, "few"),
        (15, 100, "few"),
        (16, 100, "less than half"),
        (49, 100, "less than half"),
        (99, 200, "less than half"),  # 49.5%, open in the published scale
        (50, 100, "majority"),
        (51, 100, "majority"),
        (74, 100, "majority"),
        (149, 200, "majority"),  # 74.5%, open in the published scale
        (75, 100, "most"),
        (76, 100, "most"),
        (89, 100, "most"),
        (90, 100, "most"),
        (91, 100, "almost all"),
        (10, 11, "almost all"),
        (9999, 10000, "almost all"),
        (100, 100, "all"),
    ],
)
def test_the_word_on_each_boundary_and_beside_it(agree: int, answered: int, word: str) -> None:
    assert words(Fraction(agree, answered)) == [word]


def test_every_share_has_exactly_one_word() -> None:
    shares = {Fraction(m, n) for n in range(1, 61) for m in range(n + 1)}
    assert [share for share in shares if len(words(share)) != 1] == []


def test_bounds_are_exact_fractions_in_rising_order() -> None:
    bands = load_bands(FACTS)
    names = ["none", "few", "less than half", "majority", "most", "almost all", "all"]
    assert [band.word for band in bands] == names
    assert bands[1].up_to == Fraction(3, 20)
    assert bands[4].up_to == Fraction(9, 10)


def test_the_file_holds_the_published_scale() -> None:
    assert tuple(Band(*entry) for entry in load_bands(FACTS)) == EDUCATION_SCOTLAND


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("less than half,15%", "less than half,20%", "has no word, or two"),
        ("less than half,15%,no", "less than half,15%,yes", "has no word, or two"),
        ("few,0%,no", "few,0%,perhaps", "yes or no"),
        ("most,75%", "most,0.75", "written as a percentage"),
        ("100%,yes,100%", "100%,yes,101%", "written as a percentage"),
        ("none,0%,yes", "none,0%,no", 'No share can be "none"'),
        ("all,100%,yes,100%,yes", "all,100%,no,100%,yes", 'No share can be "all"'),
        ("most,75%", "few,75%", "is in row"),
    ],
)
def test_bands_that_leave_a_share_without_one_word_are_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    facts = Path(shutil.copytree(FACTS, tmp_path / "programme"))
    path = facts / "proportion_words.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_bands(facts)
    assert message in str(caught.value)


@pytest.mark.parametrize(("cut", "message"), [("none,", "begins with 0%"), ("all,", "ends with 100%")])
def test_bands_have_to_cover_none_and_all(tmp_path: Path, cut: str, message: str) -> None:
    lines = (FACTS / "proportion_words.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(cut)]
    (tmp_path / "proportion_words.csv").write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_bands(tmp_path)
