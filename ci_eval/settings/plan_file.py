"""The analysis plan as a file: read strictly, frozen beside itself, refused where a frozen one was changed.

Nothing may be left to a default that somebody did not see: the keys that decide an analysis must all be written.

Method: docs/methods.md C8. Freezing keeps the plan's whole text with its SHA-256 and the day in
``<plan>.frozen.json``. The checksums find accidents and careless edits; somebody who sets out to deceive can compute
new ones, so the SHA-256 belongs where others can see it on the day: a registry, an e-mail to the Strategic Group.
"""

import hashlib
import json
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from ci_eval.impact.analysis_plan import ESTIMATORS, Amendment, Frozen, ImpactPlan, departures
from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.inputs.problems import InputError, refuse
from ci_eval.inputs.toml_fields import filled
from ci_eval.inputs.toml_tables import KeyPath, Table, lines, read
from ci_eval.settings.outcome_files import frozen_path

SCHEMA = 1
COMMAND = "ci-eval plan freeze"
EXAMPLE = Path("data") / "example" / "impact_plan.toml"


@dataclass(frozen=True)
class PlanFile:
    """A plan file as it is: path, text (line ends evened out), its SHA-256, and what it means."""

    path: Path
    text: str
    sha256: str
    plan: ImpactPlan

    @property
    def frozen_path(self) -> Path:
        """Where the frozen plan lies."""
        return frozen_path(self.path)


def read_plan(path: str | Path) -> PlanFile:
    """Read and check a plan.

    Examples
    --------
    >>> from ci_eval.settings import load
    >>> read_plan(load().impact.plan).plan.estimator
    'Callaway–Sant’Anna'

    Raises
    ------
    InputError
        If the file cannot be read, or with every key that is unknown, missing or wrong, each with its line.
    """
    file = Path(path)
    values, known = read(file)
    text = _evened(file.read_bytes().decode("utf-8-sig"))
    return PlanFile(file, text, _sha256(text), plan_of(values, file, known))


def plan_of(values: dict[str, Any], file: Path, lines: dict[KeyPath, int]) -> ImpactPlan:
    """The plan that a file's values mean.

    Raises
    ------
    InputError
        For every key that is not known, missing, of the wrong type or none of its choices, at once.
    """
    top = Table(values, file, lines)
    plan = filled(top, ImpactPlan, every=True)
    others = ("gaps" if plan.primary_gap else "secondary") if plan is not None else ""
    if plan is not None and plan.primary in getattr(plan, others):
        message = f"The primary outcome is listed among the {others} too."
        top.table("outcomes").refuse("plan-twice", others, message, "List it once.")
    if plan is not None and (plan.aggregate == "cell") != bool(plan.cohort and plan.year):
        message = 'cohort and year name the one cell of aggregate = "cell", and of no other.'
        top.table("estimate").refuse("plan-cell", "aggregate", message, "Write both with it, or neither.")
    special = plan is not None and (plan.base_lag != 1 or plan.aggregate == "cell")
    if plan is not None and special and plan.estimator != ESTIMATORS[0]:
        message = f"{plan.estimator} has neither base_lag nor single cells."
        fix = f'Write base_lag = 1, or "{ESTIMATORS[0]}".'
        top.table("estimate").refuse("plan-estimator", "estimator", message, fix)
    if plan is None or top.problems:
        raise InputError(f"CANNOT USE {file.name}: nothing was run", top.problems)
    return plan


def read_frozen(path: str | Path) -> Frozen | None:
    """The frozen plan that belongs to a plan file; None where it was never frozen.

    Examples
    --------
    >>> from ci_eval.settings import load
    >>> read_frozen(load().impact.plan).amendments
    ()

    Raises
    ------
    InputError
        If the frozen file cannot be read, or was changed since it was written.
    """
    file = frozen_path(Path(path))
    if not file.is_file():
        return None
    content = _content(file)
    versions = content["versions"]
    plans = [_plan(version["text"], file) for version in versions]
    for version in versions:
        if _sha256(version["text"]) != version["sha256"]:
            _refuse_changed(file)
    amendments = tuple(
        Amendment(
            date.fromisoformat(before["frozen_on"]),
            before["sha256"],
            date.fromisoformat(after["frozen_on"]),
            after["reason"],
            tuple(departures(plans[place], plans[place + 1])),
            tuple(after.get("evaluated", ())),
        )
        for place, (before, after) in enumerate(pairwise(versions))
    )
    last = versions[-1]
    day, inputs = date.fromisoformat(last["frozen_on"]), tuple(last.get("inputs", {}).items())
    return Frozen(plans[-1], last["sha256"], day, amendments, inputs, tuple(last.get("evaluated", ())))


def is_example(plan: ImpactPlan) -> bool:
    """Whether every setting of a plan is that of the example that comes with the workbook."""
    example = workbook_root() / EXAMPLE
    return example.is_file() and not departures(read_plan(example).plan, plan)


def is_frozen_example(frozen: Frozen) -> bool:
    """Whether a frozen plan is the example's own: frozen on its day, and not by the evaluator."""
    example = workbook_root() / EXAMPLE
    own = read_frozen(example) if example.is_file() else None
    return own is not None and (own.sha256, own.frozen_on) == (frozen.sha256, frozen.frozen_on)


def freeze(
    path: str | Path,
    reason: str = "",
    today: date | None = None,
    inputs: Mapping[str, str] | None = None,
    evaluated: Iterable[str] = (),
) -> Frozen:
    """Freeze a plan: write its text, SHA-256 and the day beside it. The plan file itself is left as it is.

    Examples
    --------
    >>> from ci_eval.settings import load
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     plan = Path(folder, "plan.toml")
    ...     size = plan.write_bytes(load().impact.plan.read_bytes())
    ...     frozen = freeze(plan, today=date(2023, 6, 30))
    >>> frozen.frozen_on
    datetime.date(2023, 6, 30)

    Parameters
    ----------
    path : the plan file
    reason : why a plan that was frozen before is replaced; it is printed in every report
    today : the day written down; by default this day
    inputs : name and SHA-256 of the register and the outcomes files as they are, to be written down too
    evaluated : review periods of which an evaluation exists already, to be written down too

    Raises
    ------
    InputError
        If the plan cannot be used, is frozen as it is, or was frozen before and no reason is given.
    """
    file = read_plan(path)
    earlier = read_frozen(path)
    reason = " ".join(reason.split())
    versions: list[dict[str, Any]] = []
    if earlier is not None:
        versions = _content(file.frozen_path)["versions"]
        if earlier.sha256 == file.sha256:
            message = f"This text is frozen already, since {earlier.frozen_on}."
            _refuse(file.path, "plan-frozen", message, "Nothing needs to be done.")
        if not reason:
            message = f"Another text of this plan was frozen on {earlier.frozen_on}."
            fix = f'Put the plan back as it was, or say why it changes: {COMMAND} --reason "…". The report prints it.'
            _refuse(file.path, "plan-frozen", message, fix)
    day = (today or date.today()).isoformat()
    frozen_now: dict[str, Any] = {
        "frozen_on": day,
        "reason": reason,
        "sha256": file.sha256,
        "text": file.text,
    }
    if inputs:
        frozen_now["inputs"] = dict(inputs)
    if made := list(evaluated):
        frozen_now["evaluated"] = made
    versions.append(frozen_now)
    content: dict[str, Any] = {"schema": SCHEMA, "plan": file.path.name, "versions": versions}
    _write(file.frozen_path, content | {"seal": _seal(content)})
    frozen = read_frozen(path)
    if frozen is None:
        raise OSError(f"{file.frozen_path.name} was written and is gone")
    return frozen


def _content(file: Path) -> dict[str, Any]:
    """The frozen file's content, its seal verified."""
    try:
        content = json.loads(file.read_bytes())
        seal = content.pop("seal")
        whole = content["schema"] == SCHEMA and seal == _seal(content) and bool(content["versions"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        _refuse_changed(file)
    return dict(content)


def _plan(text: str, file: Path) -> ImpactPlan:
    return plan_of(tomllib.loads(text), file, lines(text))


def _evened(text: str) -> str:
    """Line ends as ``\\n``: a plan checked out on another system is the same plan."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _seal(content: dict[str, Any]) -> str:
    return _sha256(json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":")))


def _write(file: Path, content: dict[str, Any]) -> None:
    """Write beside and rename, so that a frozen plan is whole or as it was."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=file.parent, prefix=".frozen-", delete=False
    ) as stream:
        stream.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    try:
        Path(stream.name).chmod(0o644)
        Path(stream.name).replace(file)
    except OSError:
        Path(stream.name).unlink(missing_ok=True)
        raise


def _refuse_changed(file: Path) -> NoReturn:
    message = f"{file.name} is not as it was written when the plan was frozen."
    fix = f"Put back the file as it was, from a backup or git; {COMMAND} writes it, nobody edits it."
    _refuse(file, "frozen-changed", message, fix)


def _refuse(file: Path, check: str, message: str, fix: str) -> NoReturn:
    refuse(f"CANNOT USE {file.name}: nothing was frozen or opened", check, message, where=file.name, fix=fix)
