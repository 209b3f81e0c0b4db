"""Every headline sentence is guarded: a change of what it says, put into the library, makes a test fail.

A campaign makes each change in a copy of the workbook and runs the tests of `TESTS` there; `make test` only looks whether
the lines to change still stand.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import campaigns
import pytest

TESTS = (
    "tests/sections",
    "tests/report/test_small_groups.py",
    "tests/agreement/test_bands.py",
    "tests/evidence",
)


class Mutation(NamedTuple):
    """One text of one file of ci_eval, and what stands in its place."""

    file: str
    text: str
    instead: str


CHANGED, POINTS, SAID, KEY = (
    f"sections/interim/{name}.py"
    for name in ("what_changed", "main_points", "what_they_said", "key_messages")
)
WORDING = "sections/wording.py"
BY_GROUP, FOCUS = "sections/interim/do_groups_differ.py", "sections/interim/what_was_the_focus.py"
RANKED, GROUPS, SMALL = "evidence/point_frames.py", "evidence/group_frames.py", "report/small_groups.py"
MUTATIONS = (
    Mutation(CHANGED, '(with_evidence["superiority"] > 0.5)', '(with_evidence["superiority"] < 0.5)'),  # towards, away
    Mutation(CHANGED, "and away from it on {less or", "and towards it on {less or"),
    Mutation(CHANGED, '(~same & (both["word_changed"] >= LIKELY))', "(~same)"),  # no limit of a probability
    Mutation(CHANGED, '["difference"].abs().to_numpy().argmax()', '["difference"].to_numpy().argmax()'),
    Mutation(CHANGED, "share_of(row['agreeing_first']", "share_of(row['agreeing_second']"),
    Mutation(CHANGED, "least, most = float(", "most, least = float("),
    Mutation(POINTS, "a {'rise' if row['difference'] > 0", "a {'rise' if row['difference'] < 0"),
    Mutation(POINTS, 'before = sentences.percent(row["agreeing_before"]', 'before = sentences.percent(row["agreeing"]'),
    Mutation(POINTS, '("fell", "fall", [r for r in rows', '("rose", "rise", [r for r in rows'),
    Mutation(POINTS, "if firm is True]", "if firm is not None]"),
    Mutation(POINTS, 'text = f"At least {text};', 'text = f"{text};'),
    Mutation(KEY, '    if row["sureness"] < SURE:\n        return UNSURE', "    if False:\n        return UNSURE"),
    Mutation(KEY, "least, most = rows[0], rows[-1]\n    low, high", "most, least = rows[0], rows[-1]\n    low, high"),
    Mutation(KEY, 'answered["word"]), "or")', 'answered["word"]), "and")'),
    Mutation(SAID, 'numbers |= {"sure": len(answered) - len(unsure)', 'numbers |= {"sure": len(unsure)'),
    Mutation(WORDING, "people(word) if sureness >= SURE", "people(word) if True"),
    Mutation(WORDING, "people(word) if", 'people({"most": "almost all"}.get(word, word)) if'),
    Mutation("sections/interim/was_a_report_published.py", '["responses"].max()', '["responses"].min()'),
    Mutation("sections/interim/what_comments_were_about.py", 'elif row["sureness"] < SURE:', "elif False:"),
    Mutation(FOCUS, 'most = int(focus["respondents"].max())', 'most = int(focus["respondents"].min())'),
    Mutation(BY_GROUP, "top, bottom = widest[-1], widest[0]", "bottom, top = widest[-1], widest[0]"),
    Mutation(RANKED, '("lowest", answered["share"].min())', '("lowest", answered["share"].max())'),
    Mutation(RANKED, '(change["p_holm"] < EVIDENCE) & (up | down)', '(change["p_holm"] < EVIDENCE) | (up | down)'),
    Mutation(RANKED, '["responses"].max()', '["responses"].min()'),
    Mutation("agreement/bands.py", 'Band("almost all", NINE_TENTHS, False,', 'Band("almost all", NINE_TENTHS, True,'),
    Mutation("agreement/differences.py", '"p_holm": holm(above.p)', '"p_holm": above.p'),
    Mutation(GROUPS, 'frame["p_holm"] = holm(frame["p"])', 'frame["p_holm"] = frame["p"]'),
    Mutation(GROUPS, "EVIDENCE = 0.05", "EVIDENCE = 0.1"),
    Mutation(SMALL, "sum(size < threshold for", "sum(size < threshold - 1 for"),
    Mutation(SMALL, "people[place] < threshold or", "people[place] < threshold - 1 or"),
    Mutation(SMALL, "return answered >= UNANIMOUS or", "return True or"),
    Mutation("settings/evaluation.py", "smallest_group: int = field(default=5", "smallest_group: int = field(default=4"),
)  # fmt: skip


NOTHING = Mutation("__init__.py", "", "")


def test_every_line_to_change_stands_once(root: Path) -> None:
    """Else a sentence was rewritten: change the mutation with it."""
    for file, text, _ in MUTATIONS:
        assert (root / "ci_eval" / file).read_text(encoding="utf-8").count(text) == 1, (file, text)


@pytest.mark.skipif(not campaigns.WHOLE, reason="runs many tests for each mutation; `make campaign` does")
@campaigns.campaign(0, len(MUTATIONS))
def test_each_mutation_makes_a_test_fail(root: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    def passes(mutation: Mutation) -> bool:
        """Whether the tests pass all the same in a copy so changed."""
        copy = Path(tempfile.mkdtemp(dir=tmp_path)) / "workbook"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".*", "outputs", "__pycache__"))
        changed = copy / "ci_eval" / mutation.file
        changed.write_text(
            changed.read_text(encoding="utf-8").replace(mutation.text, mutation.instead), encoding="utf-8"
        )
        command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *TESTS]
        environment = os.environ | {"PYTHONPATH": str(copy), "CI_EVAL_CAMPAIGN": ""}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        shutil.rmtree(copy)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return done.returncode == 0

    with ThreadPoolExecutor(os.cpu_count()) as several:
        nothing, *unseen = several.map(passes, (NOTHING, *MUTATIONS))
    campaigns.result(request, f"{len(MUTATIONS) - sum(unseen)} of {len(MUTATIONS)} caught")
    assert nothing, "the tests fail without any change"
    assert [one for one, whole in zip(MUTATIONS, unseen, strict=True) if whole] == []
