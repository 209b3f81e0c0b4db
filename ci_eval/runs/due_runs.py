"""What is due: every scheduled notebook of every period whose day has come and whose inputs are there.

A run that was missed, because the machine was off or the file came late, is due until it is made: the state of the outputs
decides, not a calendar of runs. A notebook says in its metadata what it waits for (``ci_eval.due_with``); one that says
nothing, such as those for exploring, is never due.
"""

import json
from collections.abc import Iterator
from datetime import date

from ci_eval.runs.many_runs import Asked
from ci_eval.runs.outputs import up_to_date
from ci_eval.runs.planning import notebooks, plan
from ci_eval.settings.evaluation import Period, Settings, load
from ci_eval.settings.outcome_files import frozen_path

SURVEY, PLAN, FROZEN = "survey", "plan", "frozen plan"


def due(settings: str = "", outputs: str = "", *, today: date, every: bool = False) -> Iterator[Asked]:
    """The run of each output that is due and not up to date, in order of time.

    Parameters
    ----------
    settings, outputs : as for `notebook_run.run`
    every : what is not due yet too

    Raises
    ------
    InputError
        If the settings cannot be used.
    """
    known = load(settings)
    waiting = {name: wanted for name, file in notebooks().items() if (wanted := _due_with(file.read_bytes()))}
    for period in known.periods:
        if not every and known.due(period) > today:
            continue
        for name, wanted in waiting.items():
            if not _is_there(known, period, wanted):
                continue
            planned = plan(known, period.name, name, outputs=outputs)
            if not up_to_date(planned.place.destination, planned.basis()):
                yield Asked(f"{period.name} {name}", period.name, name, settings, outputs)


def _due_with(content: bytes) -> str:
    return str(json.loads(content)["metadata"].get("ci_eval", {}).get("due_with", ""))


def _is_there(known: Settings, period: Period, wanted: str) -> bool:
    """Whether what a notebook waits for is there."""
    if wanted == SURVEY:
        return not any(one.absent for one in known.up_to(period.name))
    if known.impact is None or known.impact.absent:
        return False
    return wanted == PLAN or frozen_path(known.impact.plan).is_file()
