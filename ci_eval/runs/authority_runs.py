"""What is known of authorities, run for one of them or for every one: an output folder for each authority and focus."""

from collections.abc import Callable

from ci_eval import programme
from ci_eval.evidence.authority_opening import measure_of
from ci_eval.runs.many_runs import Asked, Ended, run_each
from ci_eval.runs.notebook_run import run
from ci_eval.settings.evaluation import load


def run_authorities(
    period: str,
    notebook: str,
    *,
    local_authority: str = "",
    focus: str = "",
    every: bool = False,
    settings: str = "",
    outputs: str = "",
    force: bool = False,
    workers: int = 1,
    scheduler: str = "",
    say: Callable[[str], None],
) -> list[Ended]:
    """Run a notebook for one authority by any of its names, or for every one; gives how each ended.

    Other arguments are those of `notebook_run.run`, and of `many_runs.run_each` for every one. "" for an authority or a
    focus takes the notebook's own.

    Raises
    ------
    InputError
        If the authority or the focus is not known, with the nearest names, or an input cannot be used.
    RunFailed
        If the run of a single authority fails.
    """
    folder = load(settings).programme
    councils = programme.load_councils(folder)
    chosen = {"focus": focus} if focus else {}
    if focus:
        measure_of(focus, programme.load_focus_outcomes(folder))
    if not every:
        if local_authority:
            chosen["local_authority"] = councils.short_name(
                councils.find(local_authority, "--local-authority")
            )
        run(period, notebook, settings=settings, outputs=outputs, force=force, parameters=chosen, say=say)
        return [Ended(focus or local_authority, "done")]
    asked = [
        Asked(name, period, notebook, settings, outputs, force, chosen | {"local_authority": name})
        for name in (council.short_name for council in councils.by_code.values())
    ]
    return run_each(asked, workers=workers, scheduler=scheduler, say=say)
