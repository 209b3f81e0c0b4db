"""Every file of a full run says of groups what results.json says, and from that nothing protected is recovered.

Of both periods of the example, and of two periods of a small invented survey.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
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

pytestmark = [pytest.mark.slow, campaigns.campaign(1, 2)]

PERIODS, THRESHOLD = ("2021-22", "2022-23"), 5
NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:,\d{3})*(?:\.\d+)?")
TAGS = ["p", "li", "figcaption", "summary", "text", "title", "desc"]
OF_GROUPS = re.compile(r"groups-|respondents-by-|responses-by-|weight")
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
}
SETTINGS = """\
[report]
author = "A test"
[periods."2021-22"]
starts = 2021-06-01
ends = 2022-06-30
invented = true
asked = 40
asked_by_organisation = { "Education Scotland" = 18, "ADES" = 6, "Local authority" = 11, "Other (please specify)" = 5 }
[periods."2021-22".survey]
file = "first.csv"
[periods."2022-23"]
starts = 2022-07-01
ends = 2023-06-30
invented = true
[periods."2022-23".survey]
file = "second.csv"
"""


def small_export(people: int, seed: int) -> str:
    """An export of few people: most of one group, some of none, some statements left blank."""
    questionnaire, generator = load_questionnaire(), np.random.default_rng(seed)
    heading, *rows = csv.reader(io.StringIO(invented_export(questionnaire, "mixed", people, seed)))
    skewed = {
        "organisation": (["Education Scotland", "ADES", "Local authority", ""], [0.5, 0.15, 0.3, 0.05]),
        "role": (["Headteacher", "HM Inspector", "Data officer", "Education officer"], [0.6, 0.2, 0.1, 0.1]),
        "mode": (["Online", "In person", ""], [0.7, 0.25, 0.05]),
    }
    for grouping, (names, part) in skewed.items():
        place = heading.index(questionnaire.question(grouping).text)
        for row, name in zip(rows, generator.choice(names, size=people, p=part), strict=True):
            row[place] = str(name)
    for statement in questionnaire.statements:
        place = heading.index(statement.text)
        for row in rows:
            row[place] = row[place] if generator.random() > 0.1 else ""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([heading, *rows])
    return written.getvalue()


@pytest.fixture(scope="module", params=["example", "small"][: campaigns.size(1, 2)])
def released(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, Evidence]]:
    """The folder of each period's run, and the truth."""
    folder, settings = tmp_path_factory.mktemp("released"), ""
    if request.param == "small":
        (folder / "first.csv").write_text(small_export(27, 1), encoding="utf-8")
        (folder / "second.csv").write_text(small_export(34, 2), encoding="utf-8")
        (folder / "evaluation.toml").write_text(SETTINGS, encoding="utf-8")
        settings = str(folder / "evaluation.toml")
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
        about = OF_GROUPS.match(key) or "weight" in key
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
        assert seen >= {"annex.html", "annex.docx", "tables.xlsx", "notebook.ipynb", "groups-chart.svg"}


def test_no_number_stands_beside_a_group_that_is_not_shown_by_name(released) -> None:
    """But for the numbers asked, which the sender knew."""
    for folder, evidence in released.values():
        results = results_of(folder)
        hidden = {name for by in GROUPINGS for name in named(evidence, by).index} - shown_names(results)
        for key, piece in results["pieces"].items():
            rows = piece.get("rows", [])
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
