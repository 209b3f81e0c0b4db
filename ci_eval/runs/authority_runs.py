"""What is known of authorities, run for one of them or for every one: an output folder for each authority and focus."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from ci_eval import programme
from ci_eval.evidence.authority_opening import measure_of
from ci_eval.runs.failures import RunFailed
from ci_eval.runs.notebook_run import run
from ci_eval.settings.evaluation import load

WORKERS = 2  # runs at a time; each starts a kernel of its own


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
    say: Callable[[str], None],
) -> int:
    """Run a notebook for one authority by any of its names, or for every one; gives how many runs failed of several.

    Other arguments are those of `notebook_run.run`. "" for an authority or a focus takes the notebook's own.

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
        return 0
    one = partial(_ended, period, notebook, settings, outputs, force, focus)
    failed = 0
    with ProcessPoolExecutor(WORKERS) as workers:
        names = [council.short_name for council in councils.by_code.values()]
        for name, reason in zip(names, workers.map(one, names), strict=True):
            say(f"{name}: {reason or 'done'}")
            failed += bool(reason)
    return failed


def _ended(
    period: str, notebook: str, settings: str, outputs: str, force: bool, focus: str, authority: str
) -> str:
    """Run one authority; why it failed, "" where it did not."""
    chosen = {"local_authority": authority} | ({"focus": focus} if focus else {})
    try:
        run(
            period, notebook, settings=settings, outputs=outputs, force=force, parameters=chosen,
            say=lambda line: None,
        )  # fmt: skip
    except RunFailed as error:
        return str(error)
    return ""
