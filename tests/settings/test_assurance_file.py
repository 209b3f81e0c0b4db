"""The assurance of a report: what is refused, that the template fills it, and what stands in the annex."""

from dataclasses import replace
from pathlib import Path

import pytest

from ci_eval.evidence.own_texts import assured
from ci_eval.inputs.problems import InputError
from ci_eval.sections import who_assured_it
from ci_eval.settings import load
from ci_eval.settings.assurance_file import ROLES, TEMPLATE, read_assurance


def filled_template(tmp_path: Path, old: str = "", new: str = "") -> Path:
    file = tmp_path / "assurance.toml"
    lines = [line.removeprefix("# ") for line in TEMPLATE.splitlines() if " = " in line or "[" in line]
    file.write_text("\n".join(lines).replace(old, new) if old else "\n".join(lines), encoding="utf-8")
    return file


def test_the_template_without_its_marks_is_a_file_that_is_read(tmp_path: Path) -> None:
    given = read_assurance(filled_template(tmp_path))
    assert tuple(vars(given.roles)) == ROLES
    assert len(given.assumptions) == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            '"who checked it, and did not make it"',
            '"WHO made it"',
            "The assurer and the analyst are the same",
        ),
        ("approver = ", "aprover = ", "aprover"),
        ('quality = "How', 'quality = "' + "a" * 701 + '" # ', "a passage has 700 at most"),
    ],
)
def test_what_cannot_vouch_for_a_report_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_assurance(filled_template(tmp_path, old, new))


def test_the_template_as_it_comes_is_refused_and_says_what_to_fill(tmp_path: Path) -> None:
    file = tmp_path / "assurance.toml"
    file.write_text(TEMPLATE, encoding="utf-8")
    with pytest.raises(InputError, match="every line is a comment"):
        read_assurance(file)


def test_the_annex_holds_what_the_team_wrote_and_nothing_where_it_wrote_nothing() -> None:
    given = read_assurance(load().period("2021-22").assurance)
    quality, roles = who_assured_it.words(assured(given))
    assert given.quality in quality.text
    assert "Assurer: A Checker (invented)" in roles.text
    table = who_assured_it.table(assured(given))
    assert [cells[0] for cells in table.record()["cells"]] == [one.text for one in given.assumptions]
    assert who_assured_it.table(assured(replace(given, assumptions=()))) is None
    assert (who_assured_it.words(assured(None)), who_assured_it.table(assured(None))) == ([], None)
