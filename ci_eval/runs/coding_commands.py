"""What ``ci-eval coding export`` and ``ci-eval coding import`` do: texts out to coders, their codes into one file.

Rule: docs/methods.md B1 to B5.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import NamedTemporaryFile

import pandas as pd

from ci_eval import programme
from ci_eval.agreement.coders import comments_needed, most_confused, theme_agreement
from ci_eval.inputs.problems import Findings, refuse
from ci_eval.inputs.text import normalised
from ci_eval.programme.codebook import MATCHED
from ci_eval.report.sentences import count
from ci_eval.runs.coding_workbook import Given, read_workbook, workbook, write_private
from ci_eval.settings.evaluation import Period, Settings, load
from ci_eval.survey import Coding, Responses, load_coding, matches
from ci_eval.survey import load as load_survey
from ci_eval.survey.coding_file import AGREED, COLUMNS, DIFFERENT, says_something
from ci_eval.survey.record import text_column
from ci_eval.survey.word_groups import suggested_groups
from ci_eval.survey.wording_matches import UNMATCHED

Say = Callable[[str], None]
Cell = tuple[str, str]
PRIVATE = "private"
COVER = (
    "Save a copy for yourself, write your pseudonym above, and code alone.",
    "Choose yes for every code that fits a text. Where none fits, choose yes under None of these.",
    "A row without a yes counts as not read.",
    "Then: ci-eval coding import YOURS.xlsx THEIRS.xlsx --period P",
)
THIRD = (
    "On these texts the coders differ. What each of them gave stands beside the text.",
    "Choose yes for what is to be reported, then import this workbook like the others.",
)


def export(period: str, settings: str = "", out: str = "", say: Say = print) -> None:
    """Write the workbook for coders: every comment, and the free-text answers that no wording of the codebook fits.

    Raises
    ------
    InputError
        If the settings, the survey, the codebook or the coding file cannot be used, or the workbook is there already.
    """
    known, chosen, responses, codebook, coding = _opened(period, settings)
    rows = texts_to_code(responses, coding, codebook)
    comments = rows.loc[~rows["question"].isin(MATCHED), "text"].tolist()
    path = Path(out) if out else known.file.parent / PRIVATE / f"coding_{chosen.name}.xlsx"
    write_private(path, workbook(rows, codebook, COVER, suggestions=suggested_groups(comments)))
    say(f"Written, for the team only: {path}")
    for question, part in rows.groupby("question", sort=False):
        say(f"{question}: {count(len(part), 'text')}")


def texts_to_code(responses: Responses, coding: Coding | None, codebook: pd.DataFrame) -> pd.DataFrame:
    """A row a text: ids (a tuple), question, text. Answers in the same words, but for comments, share a row."""
    frame = responses.frame
    rows: list[tuple[tuple[str, ...], str, str]] = []
    for question in responses.comments:
        part = frame[says_something(frame[question]) & (frame["id"] != "")]
        rows += [((str(i),), question, str(text)) for i, text in zip(part["id"], part[question], strict=True)]
    for question in MATCHED:
        part = matches(responses, coding, codebook, question)
        part = part[(part["how"] == UNMATCHED) & (part["id"] != "")]
        part = part.assign(evened=part["text"].map(normalised)).sort_values("evened", kind="stable")
        for _, same in groupby(
            part[["id", "text", "evened"]].itertuples(index=False), key=lambda row: row.evened
        ):
            answers = list(same)
            rows.append((tuple(str(one.id) for one in answers), question, str(answers[0].text)))
    return pd.DataFrame(rows, columns=["ids", "question", "text"])


def take_in(files: Sequence[str], period: str, settings: str = "", out: str = "", say: Say = print) -> None:
    """Merge coders' workbooks into the period's coding file, and say how far they agree.

    The file declared as `coding` is written again, with every row it had; without one, a new file beside the settings.
    Answers on which coders differ go into a workbook for a third person.

    Raises
    ------
    InputError
        If a workbook, the settings, the survey or the coding file cannot be used, or a coder gave an answer other codes
        than the coding file already holds of her.
    """
    known, chosen, responses, codebook, _ = _opened(period, settings)
    texts = _texts(responses)
    given = [read_workbook(Path(file), texts, codebook) for file in files]
    private = known.file.parent / PRIVATE
    target = chosen.survey.coding or (Path(out) if out else private / f"coding_{chosen.name}.csv")
    content = _merged(target, given)
    coding = _replaced(target, content, responses, codebook)
    say(f"Written, for the team only: {target}")
    if chosen.survey.coding is None:
        home = known.file.parent
        named = target.relative_to(home) if target.is_relative_to(home) else target.absolute()
        say(f"Fix: add coding = '{named.as_posix()}' under [periods.\"{chosen.name}\".survey].")
    for line in agreement_lines(coding):
        say(line)
    differ = _disagreements(coding, texts)
    if differ.empty:
        say("No answer waits for a third person.")
        return
    path = _free(private / f"coding_{chosen.name}_third_person.xlsx")
    write_private(path, workbook(differ, codebook, THIRD, coder=AGREED))
    say(f"{count(len(differ), 'answer')} for a third person, for the team only: {path}")


def agreement_lines(coding: Coding) -> list[str]:
    """How far coders agree on comments, theme by theme and overall, and what follows for the rest of the coding."""
    part = coding.of(*coding.comments)
    codes = part.codes
    twice = codes[codes.duplicated(["id", "question"], keep=False)]
    if twice.empty:
        return ["No comment was coded by two people, so agreement cannot be measured."]
    names = _names(part)
    measured = theme_agreement(twice, list(names))
    width = max(map(len, names.values()))
    lines = [f"{'Theme':<{width}}  comments  alike  alpha   AC1"]
    lines += [
        f"{names[row['theme']]:<{width}}  {row['comments']:>8,}  {100 * row['percent_agreement']:>4.0f}%  "
        f"{_number(row['alpha'])}  {_number(row['ac1'])}"
        for row in measured.table.to_dict("records")
    ]
    sets = measured.sets
    lines.append(
        f"Whole sets of themes (alpha with MASI distance): {_number(sets.coefficient).strip()}, "
        f"interval {_number(sets.low).strip()} to {_number(sets.high).strip()}, {sets.pairable:,} comments coded twice."
    )
    needed = comments_needed(sets)
    lines.append(
        "These codes do not say how many comments must be coded twice: no two samples of them differ."
        if needed is None
        else f"For an interval of ±0.1, code {count(needed, 'comment')} twice."
    )
    units = twice.assign(unit=[f"{i} {q}" for i, q in zip(twice["id"], twice["question"], strict=True)])
    confused = most_confused(units[["unit", "coder", "code"]])
    if confused is not None:
        lines += _side_by_side(part.codebook, *confused)
    return lines


def _side_by_side(codebook: pd.DataFrame, first: str, second: str, number: int) -> list[str]:
    rows = codebook.set_index("key").loc[[first, second], ["name", "definition", "example"]]
    width = max(len(text) for text in rows.iloc[0]) + 2
    times = count(number, "pair of codings", "pairs of codings")
    return [
        f"Most often confused, in {times}:",
        *(f"  {rows.iloc[0][column]:<{width}}| {rows.iloc[1][column]}" for column in rows.columns),
    ]


def _names(coding: Coding) -> dict[str, str]:
    return dict(zip(coding.codebook["key"], coding.codebook["name"], strict=True))


def _number(value: float) -> str:
    return f"{value:5.2f}" if value == value else "    –"


def _opened(period: str, settings: str) -> tuple[Settings, Period, Responses, pd.DataFrame, Coding | None]:
    known = load(settings or None)
    chosen = known.period(period)
    if chosen.survey.file is None:
        message, fix = f"{period} has no survey.", "Declare its file under survey in the settings file."
        refuse("CANNOT CODE", "no-survey", message, fix=fix)
    questionnaire = programme.load_questionnaire(known.programme, chosen.questionnaire)
    codebook = programme.load_codebook(known.programme)
    responses = load_survey(chosen.survey.file, questionnaire, declared=chosen.survey)
    coding = load_coding(chosen.survey.coding, responses, codebook) if chosen.survey.coding else None
    return known, chosen, responses, codebook, coding


def _texts(responses: Responses) -> dict[Cell, str]:
    """What respondents wrote, by id and question, where it says something."""
    frame = responses.frame
    return {
        (str(identity), question): str(text)
        for question in responses.coded
        for identity, text in frame.loc[
            says_something(frame[text_column(question)]), ["id", text_column(question)]
        ].itertuples(index=False)
        if identity
    }


def _merged(target: Path, given: Sequence[Given]) -> str:
    """The coding file's rows, and the new ones after them; another code of a coder's for the same answer is refused."""
    rows: dict[tuple[str, str, str], tuple[str, str]] = {}
    if target.exists():
        with target.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                key = (row["id"].strip(), row["question"].strip(), row["coder"].strip().casefold())
                rows[key] = (row["coder"].strip(), row["code"].strip())
    findings = Findings(target.name, f"CANNOT MERGE INTO {target.name}: nothing was written")
    for one in given:
        for (identity, question), keys in one.codes.items():
            key, code = (identity, question, one.coder.casefold()), ";".join(sorted(keys))
            before = rows.setdefault(key, (one.coder, code))
            if frozenset(filter(None, map(str.strip, before[1].split(";")))) != keys:
                message = f"{one.file} gives answers to {question} other codes than its coder gave before."
                fix = (
                    "Delete that coder's rows from the coding file, or keep them and leave the workbook out."
                )
                findings.add("coded-otherwise", "REJECT", message, fix=fix)
    findings.raise_if_stopping()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((i, question, coder, code) for (i, question, _), (coder, code) in rows.items())
    return text.getvalue()


def _replaced(target: Path, content: str, responses: Responses, codebook: pd.DataFrame) -> Coding:
    """The coding read from a new file, which takes the place of the old one only once it was read without a problem."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=target.parent, prefix=".coding_", suffix=".csv", delete=False
    ) as file:
        file.write(content)
    try:
        coding = load_coding(file.name, responses, codebook)
        Path(file.name).replace(target)
    finally:
        Path(file.name).unlink(missing_ok=True)
    return coding


def _disagreements(coding: Coding, texts: Mapping[Cell, str]) -> pd.DataFrame:
    """A row an answer on which coders differ, with what each of them gave beside its text."""
    names = _names(coding)
    by_cell: dict[Cell, dict[str, str]] = {}
    for identity, question, coder, keys in coding.codes.itertuples(index=False):
        listed = "; ".join(names[key] for key in sorted(keys)) or "none"
        by_cell.setdefault((identity, question), {})[coder] = listed
    rows = [
        {"ids": (identity,), "question": question, "text": texts[identity, question]}
        | {f"Coder {coder}": by_cell[identity, question].get(coder, "") for coder in coding.coders}
        for identity, question in coding.cells(DIFFERENT).itertuples(index=False)
    ]
    return pd.DataFrame(rows)


def _free(path: Path) -> Path:
    """The path, or the first with a number after its name that is not taken."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}_{number}")
    return free
