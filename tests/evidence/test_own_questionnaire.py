"""A period's own questionnaire: twelve statements of which three are new and one is asked the other way round."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ci_eval.evidence import open_interim
from ci_eval.programme import load_questionnaire
from ci_eval.sections.interim import main_points, what_changed, what_they_said

DROPPED = ["s06", "s07", "s10", "s12"]  # of the fifteen, and one more that is turned round
NEW = {"s16": "Travel was manageable", "s17": "The team was the right size", "s18": "The timetable was clear"}
TURNED = ("time_too_long", "The time spent on the CI process was too long")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, root: Path) -> str:
    """Two periods: the example's of 2022-23, and one whose survey asked other statements in another order."""
    folder = tmp_path_factory.mktemp("own")
    text = (root / "data" / "programme" / "questionnaire.toml").read_text(encoding="utf-8")
    head, *statements = re.split(r"(?=^\[\[statements\]\])", text, flags=re.MULTILINE)
    kept = [one for one in statements if not any(f'code = "{code}"' in one for code in [*DROPPED, "s04"])]
    for code, wording in [*NEW.items(), TURNED]:
        turned = "reversed = true\n" if code == TURNED[0] else ""
        kept.append(
            f'[[statements]]\ncode = "{code}"\ntext = "{wording}"\nreported = "{wording.lower()}"\n{turned}\n'
        )
    (folder / "own.toml").write_text(head + "\n".join(reversed(kept)), encoding="utf-8")
    shutil.copyfile(root / "data" / "example" / "survey_2022-23.xlsx", folder / "before.xlsx")
    asked = load_questionnaire(own=folder / "own.toml")
    assert len(asked.statements) == 15 - len(DROPPED) - 1 + len(NEW) + 1
    rows = []
    for person in range(40):
        row: dict[str, str] = {
            asked.question("organisation").text: "Local authority",
            asked.question("mode").text: "Online",
        }
        for one in asked.statements:
            agree = person < (30 if one.code != TURNED[0] else 4)
            row[one.text] = "Agree" if agree else "Disagree"
        rows.append(row)
    pd.DataFrame(rows).to_csv(folder / "after.csv", index=False)
    (folder / "evaluation.toml").write_text(
        f"""
programme = "{root / "data" / "programme"}"
[periods."2022-23"]
starts = 2022-07-01
ends = 2023-06-30
[periods."2022-23".survey]
file = "before.xlsx"
[periods."2023-24"]
starts = 2023-07-01
ends = 2024-06-30
questionnaire = "own.toml"
[periods."2023-24".survey]
file = "after.csv"
absent = ["role", "focus", "comment", "published", "improve"]
""",
        encoding="utf-8",
    )
    return str(folder / "evaluation.toml")


def test_statements_are_shown_as_asked_and_compared_by_code(settings: str) -> None:
    evidence, _ = open_interim("2023-24", settings, "")
    statements, change = evidence.statements(), evidence.change()
    assert set(NEW) <= set(statements.index)
    assert not set(DROPPED) & set(statements.index)
    assert statements.loc["s16", "share"] == 0.75
    compared = change.dropna(subset=["difference"])
    assert not {*NEW, TURNED[0], *DROPPED, "s04"} & set(compared.index)
    assert compared.loc["s01", "share_second"] == 0.75
    words = " ".join(one.text for one in [*what_they_said.words(statements), *what_changed.words(change)])
    assert "travel was manageable" in words


def test_agreement_with_the_unfavourable_is_no_lowest_share(settings: str) -> None:
    evidence, _ = open_interim("2023-24", settings, "")
    points = evidence.points()
    assert TURNED[0] not in set(points.loc[points["point"].isin(["lowest", "highest"]), "code"])
    assert main_points.words(points)
