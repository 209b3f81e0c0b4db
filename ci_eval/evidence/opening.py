"""What every `open_…` does first: refuse what would open the wrong period, and what would put answers into git.

Schedulers inject parameters as they come: `2022-23` without quotation marks is a subtraction, and a misspelt name sets
nothing. JupyterLab saves a notebook by itself every two minutes, outputs included.
"""

import ast
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.inputs.problems import refuse
from ci_eval.report.book import attended
from ci_eval.report.notebook_cells import cells_run
from ci_eval.settings import evaluation as declared

HEADLINE = "CANNOT OPEN: nothing was read"
IN_LAB = "JPY_SESSION_NAME"  # the notebook's path; Jupyter's server sets it in the kernels it starts
OPENERS = ("period", "settings", "output")  # parameters of every `open_…`
INJECTED = "# Parameters"  # papermill's first line of the cell it puts in

Say = Callable[[str], None]


def checked_settings(period: object, settings: str = "") -> declared.Settings:
    """The settings, once the period, the injected parameters and the notebook's folder may be used.

    A settings file is named from the folder the notebook runs in, or else from the workbook's folder: what is typed
    after `ci-eval run --settings` may be typed into a notebook in ``work/`` too.

    Raises
    ------
    InputError
        If the period is not text; if papermill injected a parameter that the notebook does not declare; if the settings
        cannot be used; or if a notebook kept in git is open in JupyterLab over data that are not invented.
    """
    if not isinstance(period, str):
        refuse(
            HEADLINE,
            "period-not-text",
            f"period came as the number {period!r}."
            if isinstance(period, int | float)
            else f"period is {period!r}.",
            fix='Put it in quotation marks: "2022-23". Without them a scheduler passes 2022 less 23.',
        )
    _check_injected(cells_run())
    known = declared.load(_named_from(Path(), workbook_root(), settings=settings) if settings else None)
    if not all(one.invented for one in known.periods):
        _check_folder(os.environ.get(IN_LAB, ""))
    return known


def _named_from(*folders: Path, settings: str) -> Path:
    """The settings file in the first folder that has it; where none has, as it is, for the reader to refuse."""
    return next((file for folder in folders if (file := folder / settings).is_file()), Path(settings))


def _check_injected(sources: list[str]) -> None:
    """Refuse names that papermill set and no cell before declares."""
    known = set(OPENERS)
    for source in sources:
        names = _assigned(source)
        if not source.lstrip().startswith(INJECTED):
            known |= names
            continue
        for name in sorted(names - known):
            close = get_close_matches(name, sorted(known), n=1)
            meant = f"Did you mean {close[0]}? " if close else ""
            refuse(
                HEADLINE,
                "parameter-unknown",
                f"A parameter was given that the notebook does not declare: {name}.",
                where="the cell that papermill put in",
                fix=f"{meant}It declares {', '.join(sorted(known))}.",
            )
        return


def _assigned(source: str) -> set[str]:
    """The names that a cell sets by itself, without what stands inside its functions."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a line magic, say; it declares nothing
        return set()
    targets = [
        target
        for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _check_folder(notebook: str) -> None:
    """Refuse a notebook of the folder that git keeps: what its cells display would be saved there."""
    if not notebook or os.environ.get("CI_EVAL_UNATTENDED"):
        return
    file, tracked = Path(notebook).resolve(), (workbook_root() / "notebooks").resolve()
    if file.is_relative_to(tracked):
        refuse(
            HEADLINE,
            "notebook-tracked",
            f"notebooks/{file.name} is kept in git, and the settings name data that are not invented.",
            where=f"notebooks/{file.name}",
            fix=f"Open its copy, work/{file.name}; `make lab` makes it. JupyterLab saves what a cell displays.",
        )


@contextmanager
def progress() -> Iterator[Say]:
    """Says what is being read on one line, where a person waits; the line goes at the end.

    Examples
    --------
    >>> with progress() as say:
    ...     say("Reading the register")
    """
    if not attended():
        yield lambda line: None
        return
    from IPython.display import clear_output, display

    handle = display({"text/plain": "Opening"}, raw=True, display_id=True)  # type: ignore[no-untyped-call]
    try:
        yield lambda line: handle.update({"text/plain": line}, raw=True)
    finally:
        clear_output()  # type: ignore[no-untyped-call]
