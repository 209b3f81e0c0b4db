"""What is due: every scheduled notebook of every period whose day has come and whose inputs are there.

A run that was missed, because the machine was off or the file came late, is due until it is made: the state of the outputs
decides, not a calendar of runs. A notebook says in its metadata what it waits for (``ci_eval.due_with``); one that says
nothing, such as those for exploring, is never due.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ci_eval.inputs.problems import InputError
from ci_eval.runs.failures import Locked, RunFailed
from ci_eval.runs.notebook_run import run
from ci_eval.runs.outputs import up_to_date
from ci_eval.runs.planning import notebooks, plan
from ci_eval.settings.evaluation import Period, Settings, load
from ci_eval.settings.outcome_files import frozen_path

SURVEY, PLAN, FROZEN = "survey", "plan", "frozen plan"


@dataclass
class Outcome:
    """How the runs of one call ended."""

    done: int = 0
    failed: int = 0
    locked: int = 0


def make_due(
    settings: str = "", outputs: str = "", *, today: date, every: bool = False, say: Callable[[str], None]
) -> Outcome:
    """Make every output that is due and not up to date; one that fails leaves the others to be made.

    Parameters
    ----------
    settings, outputs : as for `notebook_run.run`
    every : make what is not due yet too
    say : takes each line; nothing is said where nothing is due

    Raises
    ------
    InputError
        If the settings cannot be used.
    """
    outcome = Outcome()
    for period, notebook in due(load(settings), outputs, today=today, every=every):
        try:
            run(period, notebook, settings=settings, outputs=outputs, say=say)
            outcome.done += 1
        except Locked as error:
            say(str(error))
            outcome.locked += 1
        except (RunFailed, InputError) as error:
            say(str(error))
            outcome.failed += 1
    return outcome


def due(known: Settings, outputs: str, *, today: date, every: bool = False) -> Iterator[tuple[str, str]]:
    """Period and notebook of each output to be made, in order of time; arguments as for `make_due`."""
    waiting = {name: wanted for name, file in notebooks().items() if (wanted := _due_with(file.read_bytes()))}
    for period in known.periods:
        if not every and known.due(period) > today:
            continue
        for name, wanted in waiting.items():
            if not _is_there(known, period, wanted):
                continue
            planned = plan(known, period.name, name, outputs=outputs)
            if not up_to_date(planned.place.destination, planned.basis()):
                yield period.name, name


def _due_with(content: bytes) -> str:
    return str(json.loads(content)["metadata"].get("ci_eval", {}).get("due_with", ""))


def _is_there(known: Settings, period: Period, wanted: str) -> bool:
    """Whether what a notebook waits for is there."""
    if wanted == SURVEY:
        return not any(one.absent for one in known.up_to(period.name))
    if known.impact is None or known.impact.absent:
        return False
    return wanted == PLAN or frozen_path(known.impact.plan).is_file()
