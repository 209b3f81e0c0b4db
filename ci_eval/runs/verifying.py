"""Whether an output is what its run wrote, and whether it comes out the same when it is made again."""

from pathlib import Path
from tempfile import TemporaryDirectory

from ci_eval.inputs.problems import refuse
from ci_eval.runs import manifest
from ci_eval.runs.notebook_run import run
from ci_eval.runs.releasing import changed_since


def verified(folder: Path, settings: str = "", *, rerun: bool = False) -> tuple[bool, list[str]]:
    """Whether the output or release in `folder` is as it was made, with `rerun` also when made again; and the words."""
    if (altered := changed_since(folder)) is not None:
        lines = [f"{name} is not as it was released." for name in altered]
        lines = lines or ["Every file is as it was released."]
        if folder.with_name(f"{folder.name}.withdrawn").is_dir():
            lines.append("This version is withdrawn.")
        return not altered, lines
    problems = manifest.verify(folder)
    lines = [problem.message for problem in problems]
    if any(problem.stops for problem in problems):
        return False, lines
    lines.append("Every file is as its run wrote it.")
    if not rerun:
        return True, lines
    if differing := again(folder, settings):
        return False, [*lines, *(f"{name} has other bytes when it is made again." for name in differing)]
    return True, [*lines, "Made again, every file has the same bytes."]


def again(folder: Path, settings: str = "") -> list[str]:
    """Make the output in `folder` again in a folder of its own; gives the files whose bytes differ.

    Raises
    ------
    InputError
        If the inputs have changed since, so that it cannot be made from the same.
    RunFailed
        If the run fails.
    """
    content = manifest.read(folder) or {}
    fixed = ("period", "settings", "output")
    chosen = {name: value for name, value in content["basis"]["parameters"].items() if name not in fixed}
    notebook = (
        folder.parent.name if chosen else folder.name
    )  # an output of one key lies in its notebook's folder
    with TemporaryDirectory(prefix="ci-eval-") as elsewhere:
        made = run(
            str(content["period"]),
            notebook,
            settings=settings,
            outputs=elsewhere,
            parameters=chosen,
            say=lambda line: None,
        )
        other = manifest.read(made) or {}
        if other["fingerprint"] != content["fingerprint"]:
            message = "What the output depends on has changed since: it cannot be made from the same."
            fix = "See what changed with ci-eval status, or with ci-eval diff."
            refuse("CANNOT COMPARE", "basis-changed", message, where=str(folder), fix=fix)
        before, now = content["outputs"], other["outputs"]
        return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
