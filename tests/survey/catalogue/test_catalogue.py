"""The list of faults is whole, its page is up to date, and the 34 files with one fault each do as it says."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from faults import AREAS, FAULTS, Fault
from page import PAGE, declared, page

from ci_eval import survey
from ci_eval.inputs.problems import InputError
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings

HOW_MANY = 99 + 16 + 11  # of the catalogue of faults, found by trying exports, and of public bug reports
# File → what it is refused for; or, in brackets, what its acceptance is noted with.
BAD = {
    "b01": "(separator-at-end)",
    "b02": "id-twice",
    "b03": "duplicate-rows",
    "b04": "answer-misspelt",
    "b05": "answer-unknown",
    "b06": "codes-without-key",
    "b07": "numbers-among-words",
    "b08": "dates-mixed",
    "b09": "dates-ambiguous",
    "b10": "question-missing",
    "b11": "heading-twice",
    "b12": "question-missing",
    "b13": "heading-cut",
    "b14": "(headings-evened-out)",
    "b15": "(encoding-guessed)",
    "b16": "(date-order)",
    "b17": "(date-order)",
    "b18": "(double-encoded)",
    "b19": "total-row",
    "b20": "(rows-above-heading)",
    "b21": "row-too-narrow",
    "b22": "(personal-data)",
    "b23": "no-responses",
    "b24": "(answers-evened-out)",
    "b25": "codes-without-key",
    "b26": "heading-inside",
    "b27": "answer-unknown",
    "b28": "answer-unknown",
    "b29": "mark-unknown",
    "b30": "empty-file",
    "b31": "wrong-kind",
    "b32": "open-quotation-mark",
    "b33": "formula-without-value",
    "b34": "heading-row-missing",
}
ANSWERED = {
    "b03": {"duplicates": "keep first"},
    "b04": {"codes": {"statements": {"Stongly agree": "Strongly agree"}}},
    "b09": {"date_order": "day first"},
    "b10": {"absent": ("s04",)},
    "b27": {"codes": {"mode": {"Hybrid": "A mixture of online and in person"}}},
    "b28": {"codes": {"published": {"Probably": "Unsure"}}},
}


@pytest.fixture(scope="module")
def faults() -> list[Fault]:
    return declared()


def test_every_fault_has_one_test(faults: list[Fault]) -> None:
    assert len(faults) == len(FAULTS) == HOW_MANY
    for area in AREAS:
        numbers = sorted(int(entry.ident.rpartition("-")[2]) for entry in faults if entry.area == area)
        assert numbers == list(range(1, len(numbers) + 1))


def test_the_page_is_up_to_date(faults: list[Fault]) -> None:
    """Write it again with: python -m tests.survey.catalogue.page"""
    assert PAGE.read_text(encoding="utf-8") == page(faults)


def test_the_list_asks_for_the_same_as_the_catalogue_it_answers(faults: list[Fault], shared: Path) -> None:
    """Area by area, in its order. Its one fault without an action is shown as a warning here."""
    wanted: dict[str, list[str]] = {area: [] for area in AREAS}
    with (shared / "exports" / "bad_input_catalogue.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            wanted[row["area"]].append(row["action"].split(" / ")[0].replace("-", "WARN"))
    for area, actions in wanted.items():
        ours = {int(entry.ident.rpartition("-")[2]): entry.action for entry in faults if entry.area == area}
        assert [ours[number] for number in sorted(ours)][: len(actions)] == actions, area


@pytest.mark.parametrize("name", BAD)
def test_a_file_with_one_fault(name: str, shared: Path, questionnaire: Questionnaire) -> None:
    (path,) = (shared / "exports" / "invented" / "bad").glob(f"{name}_*")
    wanted = BAD[name]
    if wanted.startswith("("):
        responses = survey.load(path, questionnaire)
        assert wanted.strip("()") in {note.check for note in responses.record.notes}
        assert len(responses.frame) == 24
        return
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    assert [problem.check for problem in stopped.value.problems] == [wanted]
    if name in ANSWERED:
        frame = survey.load(path, questionnaire, declared=SurveySettings(**ANSWERED[name])).frame
        assert len(frame) == 24


def test_every_file_with_a_fault_is_tried(shared: Path) -> None:
    files = Counter(path.name[:3] for path in (shared / "exports" / "invented" / "bad").iterdir())
    assert files == Counter(list(BAD))
