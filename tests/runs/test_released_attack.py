"""Every file of a full run says of groups what results.json says, and from that nothing protected is recovered.

Of both periods of the example, and of two periods of small invented surveys.
"""

import csv
import io
import json
import re
from calendar import month_name
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import campaigns
import numpy as np
import pytest
from bs4 import BeautifulSoup
from docx import Document
from openpyxl import load_workbook

from ci_eval.evidence import Evidence, open_interim
from ci_eval.programme import load_questionnaire
from ci_eval.runs.disclosure_attack import GROUPINGS, named, of_results, recovered
from ci_eval.runs.notebook_run import run
from ci_eval.survey.invented_answers import invented_export

pytestmark = [pytest.mark.slow, campaigns.campaign(1, 21)]

PERIODS, THRESHOLD = ("2021-22", "2022-23"), 5
DAY = rf"\d{{1,2}} (?:{'|'.join(month_name[1:])})"
NUMBER = re.compile(
    rf"(?<![A-Za-z\d.])(?!20\d\d\b)(?!{DAY})\d+(?:,\d{{3}})*(?:\.\d+)?"
)  # neither year nor day
TAGS = ["p", "li", "figcaption", "summary", "text", "title", "desc"]
OF_GROUPS = re.compile(r"groups-|respondents-by-|responses-by-|weight")
TEAMS = "network"  # officers whom organisations sent: of the register, and no answers
# what frames of the notebook display beside the counts: statistics of groups as put together, and sums over the others
STATISTICS = {
    "others",
    "p",
    "p_holm",
    "superiority",
    "superiority_low",
    "superiority_high",
    "low",
    "high",
    "everybody",
    "source",  # who published it: no group of respondents
}
SETTINGS = """\
[report]
author = "A test"
[periods."2021-22"]
starts = 2021-06-01
ends = 2022-06-30
invented = true
asked = {all_asked}
asked_by_organisation = {{ {asked} }}
[periods."2021-22".survey]
file = "first.csv"
[periods."2022-23"]
starts = 2022-07-01
ends = 2023-06-30
invented = true
[periods."2022-23".survey]
file = "second.csv"
"""
# each grouping's names, and how often each occurs among the people of a small survey
SKEWED = {
    "organisation": (
        ["Education Scotland", "ADES", "Local authority", "Other (please specify)"],
        [10, 3, 6, 1],
    ),
    "role": (["Headteacher", "HM Inspector", "Data officer", "Education officer"], [6, 2, 1, 1]),
    "mode": (["Online", "In person", "A mixture of online and in person"], [14, 4, 1]),
}


def small_survey(folder: Path, seed: int) -> Path:
    """The settings and exports of two periods: 5 to 40 people each, most of one group, some of none, answers blank."""
    generator = np.random.default_rng(seed)
    for name in ("second.csv", "first.csv"):
        rows, asked = small_export(int(generator.integers(5, 41)), generator)
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows(rows)
        (folder / name).write_text(written.getvalue(), encoding="utf-8")
    asked_by = ", ".join(f'"{name}" = {number}' for name, number in asked.items() if number)
    text = SETTINGS.format(all_asked=sum(asked.values()) + len(rows), asked=asked_by)
    (folder / "evaluation.toml").write_text(text, encoding="utf-8")
    return folder / "evaluation.toml"


def small_export(people: int, generator: np.random.Generator) -> tuple[list[list[str]], dict[str, int]]:
    """The rows of an export, and a number asked for each organisation."""
    questionnaire, seed = load_questionnaire(), int(generator.integers(1000))
    heading, *rows = csv.reader(io.StringIO(invented_export(questionnaire, "mixed", people, seed)))
    asked: dict[str, int] = {}
    for grouping, (names, often) in SKEWED.items():
        place = heading.index(questionnaire.question(grouping).text)
        part = generator.dirichlet(np.array(often) / 4)
        given = generator.choice([*names, ""], size=people, p=[*(0.94 * part), 0.06])
        for row, name in zip(rows, given, strict=True):
            row[place] = str(name)
        if grouping == "organisation":
            asked = {name: int((given == name).sum() + generator.integers(0, 8)) for name in names}
    blank = generator.uniform(0, 0.4)
    for statement in questionnaire.statements:
        place = heading.index(statement.text)
        for row in rows:
            row[place] = row[place] if generator.random() > blank else ""
    return [heading, *rows], asked


@pytest.fixture(scope="module", params=range(campaigns.size(1, 21)))
def released(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    example_outputs: Callable[..., tuple[Path, str]],
) -> dict[str, tuple[Path, Evidence]]:
    """The folder of each period's run, and the truth: of the example, then of small surveys."""
    if not request.param:
        return {
            period: (
                example_outputs(period)[0] / "drafts" / period / "interim_evaluation",
                open_interim(period)[0],
            )
            for period in PERIODS
        }
    folder = tmp_path_factory.mktemp("released")
    settings = str(small_survey(folder, request.param))
    return {
        period: (
            run(period, settings=settings, outputs=str(folder / "outputs")),
            open_interim(period, settings)[0],
        )
        for period in PERIODS
    }


def results_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def shown_names(results: dict[str, Any]) -> set[str]:
    """Every group as it is called, those of nobody apart."""
    rows = [
        row for by in GROUPINGS for row in results["pieces"].get(f"respondents-by-{by}", {"rows": []})["rows"]
    ]
    return {row["answer"] for row in rows if row["responses"]}


def values(content: Any) -> Iterator[Any]:
    """The texts and numbers of a piece, however deep."""
    if isinstance(content, dict | list):
        for one in content.values() if isinstance(content, dict) else content:
            yield from values(one)
    elif content is not None and not isinstance(content, bool):
        yield content


def allowed(results: dict[str, Any]) -> set[str]:
    """The numbers that results.json holds of groups, in every form in which a page writes them."""
    names, numbers = shown_names(results), set()
    for key, piece in results["pieces"].items():
        every = list(values(piece))
        about = OF_GROUPS.match(key) or "weight" in key or key.startswith(TEAMS)
        for one in every:
            if isinstance(one, str) and (about or any(name in one for name in names)):
                numbers |= set(NUMBER.findall(one))
            elif about and not isinstance(one, str):
                for scaled in (one, 100 * one):
                    numbers |= {f"{scaled:,.{places}f}" for places in range(4)} | {
                        f"{scaled:g}",
                        f"{scaled:.3g}",
                    }
    return numbers


def units(folder: Path) -> Iterator[tuple[str, str]]:
    """The texts of every file but results.json, each with its file: a paragraph, a row, or a table headed by groups."""
    for page in ("report.html", "annex.html"):
        yield from ((page, text) for text in html_units((folder / page).read_text(encoding="utf-8")))
    for name in ("report.docx", "annex.docx"):
        document = Document(str(folder / name))
        yield from ((name, paragraph.text) for paragraph in document.paragraphs)
        for table in document.tables:
            rows = [" | ".join(cell.text for cell in row.cells) for row in table.rows]
            yield from ((name, text) for text in with_heading(rows))
    for sheet in load_workbook(folder / "tables.xlsx", read_only=True):
        rows = [
            " | ".join(f"{v:.6g}" if isinstance(v, float) else str(v) for v in row if v is not None)
            for row in sheet.iter_rows(values_only=True)
        ]
        yield from (("tables.xlsx", text) for text in rows)
    for file in sorted((folder / "figures").glob("*.svg")):
        picture = file.read_text(encoding="utf-8")
        texts = re.findall(r"<(?:text|title|desc)[^>]*>(.*?)</|<!-- (.*?) -->", picture, re.DOTALL)
        yield from ((file.name, " ".join(text)) for text in texts)
    notebook = json.loads((folder / "notebook.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            html = "".join(output.get("data", {}).get("text/html", ""))
            yield from (("notebook.ipynb", text) for text in html_units(html))
            yield from (("notebook.ipynb", line) for line in "".join(output.get("text", "")).splitlines())


def html_units(html: str) -> Iterator[str]:
    soup = BeautifulSoup(html, "lxml")
    for table in soup.find_all("table"):
        heading = [cell.get_text(" ", strip=True) for cell in table.find("tr").find_all(["th", "td"])]
        if {"engagement", "claim"} & set(heading):  # frames of the register, and of what was published before
            table.decompose()
            continue
        left_out = {place for place, name in enumerate(heading) if name in STATISTICS}
        rows = [
            " | ".join(
                cell.get_text(" ", strip=True)
                for place, cell in enumerate(row.find_all(["th", "td"]))
                if place not in left_out
            )
            for row in table.find_all("tr")
        ]
        yield from with_heading(rows)
        table.decompose()
    yield from (tag.get_text(" ", strip=True) for tag in soup.find_all(TAGS))
    yield from (tag["alt"] for tag in soup.find_all("img") if tag.get("alt"))


def with_heading(rows: list[str]) -> Iterator[str]:
    """Each row of a table, after the names in its heading, which its numbers may be about."""
    heading, *rest = rows or [""]
    yield heading
    yield from (f"{re.sub(NUMBER, '', heading)} | {row}" for row in rest)


def test_no_file_says_a_number_of_groups_that_results_json_does_not(released) -> None:
    for folder, _ in released.values():
        results = results_of(folder)
        names, numbers = shown_names(results), allowed(results)
        seen = set()
        for file, text in units(folder):
            if any(name in text for name in names):
                seen.add(file)
                assert set(NUMBER.findall(text)) <= numbers, (file, text)
        expected = {"annex.html", "annex.docx", "tables.xlsx", "notebook.ipynb"} if names else set()
        assert seen >= expected | ({"groups-chart.svg"} & {f"{key}.svg" for key in results["pieces"]})


def test_no_number_stands_beside_a_group_that_is_not_shown_by_name(released) -> None:
    """But for the numbers asked, which the sender knew."""
    for folder, evidence in released.values():
        results = results_of(folder)
        hidden = {name for by in GROUPINGS for name in named(evidence, by).index} - shown_names(results)
        for key, piece in results["pieces"].items():
            rows = [] if key.startswith(TEAMS) else piece.get("rows", [])
            for row in rows:
                texts = [one for one in row.values() if isinstance(one, str)]
                if any(name in text for name in hidden for text in texts):
                    counts = [one for one in row.values() if isinstance(one, int | float)]
                    assert not counts, (key, row)


def test_nothing_protected_is_recovered_from_two_periods(released) -> None:
    (first, before), (second, now) = released.values()
    later = results_of(second)["pieces"].get("change-table", {"rows": []})["rows"]
    own = of_results(results_of(first))
    totals = {
        row["statement"]: (row["answered_first"], (round(row["share_first"] * row["answered_first"]),) * 2)
        for row in later
        if row["answered_first"]
    }
    assert list(recovered(replace(own, totals=own.totals | totals), before, THRESHOLD)) == []
    assert list(recovered(of_results(results_of(second)), now, THRESHOLD)) == []
