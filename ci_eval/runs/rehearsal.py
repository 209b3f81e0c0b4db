"""The whole report of a period, made of invented surveys before data come: good, mixed and bad.

The Strategic Group can then agree the wording and the decisions before anybody knows what the answers are. Every sheet
says that it is a rehearsal; the programme's records and the evaluator's own texts are as they are.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from ci_eval.programme import load_questionnaire
from ci_eval.runs.command_line import DEFAULT_NOTEBOOK
from ci_eval.runs.many_runs import Asked
from ci_eval.settings.evaluation import Period, Settings, load
from ci_eval.survey.invented_answers import AGREEING, invented_export

FOLDER, INPUTS = "rehearsals", "inputs"
ASKED, RATE, FEWEST = (
    150,
    0.75,
    20,
)  # people asked where nobody knows; the part that answers; at least so many
BEFORE = {"good": "mixed", "mixed": "good", "bad": "good"}  # what the period before was like


def rehearsals(period: str = "", *, settings: str = "", outputs: str = "") -> list[Asked]:
    """The report of each kind of survey, to be run; its inputs are written.

    Parameters
    ----------
    period : name of the period; "" takes the latest declared
    settings : settings file; "" takes the workbook's own
    outputs : folder to hold ``rehearsals/``; "" takes the settings' own

    Raises
    ------
    InputError
        If the settings or the programme's facts cannot be used.
    """
    known = load(settings)
    chosen = known.period(period) if period else known.periods[-1]
    top = (Path(outputs).resolve() if outputs else known.outputs) / FOLDER
    asked = []
    for kind in AGREEING:
        file = write_inputs(known, chosen, kind, top / kind / INPUTS)
        asked.append(Asked(kind, chosen.name, DEFAULT_NOTEBOOK, str(file), str(top / kind)))
    return asked


def write_inputs(known: Settings, chosen: Period, kind: str, folder: Path) -> Path:
    """Write the invented exports of a period and the one before, and the settings that name them; gives these."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [*_head(known, kind)]
    for number, one in enumerate(known.up_to(chosen.name)[-2:]):
        asked, questionnaire = one.asked or ASKED, load_questionnaire(known.programme, one.questionnaire)
        like = kind if one is chosen else BEFORE[kind]
        text = invented_export(questionnaire, like, max(FEWEST, round(RATE * asked)), seed=number)
        name = f"survey_{one.name}.csv"
        (folder / name).write_text(text, encoding="utf-8", newline="")
        lines += _period(one, name, max(FEWEST, asked))
    file = folder / "evaluation.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return file


def _head(known: Settings, kind: str) -> Iterator[str]:
    yield f"programme = {_text(known.programme.resolve())}"
    yield f"rehearsal = {_text(kind)}"
    yield f"[disclosure]\nsmallest_group = {known.smallest_group}"
    yield "[report]"
    for key in ("author", "contact"):
        if value := getattr(known, key):
            yield f"{key} = {_text(value)}"


def _period(one: Period, file: str, asked: int) -> Iterator[str]:
    yield f"[periods.{_text(one.name)}]\nstarts = {one.starts}\nends = {one.ends}\ninvented = true\nasked = {asked}"
    for key in ("sent_by", "sent_to", "evaluator", "questionnaire"):
        if value := getattr(one, key):
            yield f"{key} = {_text(value.resolve() if isinstance(value, Path) else value)}"
    yield f"[periods.{_text(one.name)}.survey]\nfile = {_text(file)}"


def _text(value: object) -> str:
    return json.dumps(str(value), ensure_ascii=False)
