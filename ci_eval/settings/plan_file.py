"""The analysis plan as a file: read strictly, frozen beside itself, refused where a frozen one was changed.

Nothing may be left to a default that somebody did not see: the keys that decide an analysis must all be written.

Method: docs/methods.md C8. Freezing keeps the plan's whole text with its SHA-256 and the day in
``<plan>.frozen.json``. The checksums find accidents and careless edits; somebody who sets out to deceive can compute
new ones, so the SHA-256 belongs where others can see it on the day: a registry, an e-mail to the Strategic Group.
"""

import hashlib
import json
import math
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from ci_eval.agreement.refusals import Refused
from ci_eval.impact import ExposureRule
from ci_eval.impact.plan import (
    AGGREGATES,
    CONTROLS,
    ESTIMATORS,
    MULTIPLICITY,
    SENSITIVITY,
    STRATA,
    WEIGHTS,
    Amendment,
    Frozen,
    ImpactPlan,
    departures,
)
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.inputs.toml_tables import KeyPath, Table, lines, read
from ci_eval.programme.school_years import year_number

KEYS: dict[str, tuple[str, ...]] = {
    "outcomes": ("primary", "secondary", "gaps"),
    "estimate": ("estimand", "estimator", "aggregate", "cohort", "year", "controls", "base_lag", "weights"),
    "exposure": ("months_between", "first_year", "collection_month", "collection_day", "trust_plans"),
    "inference": ("strata", "draws", "seed", "level"),
    "reading": ("sensitivity", "multiplicity", "no_evidence", "smallest_effect"),
}
OPTIONAL = frozenset({("estimate", "cohort"), ("estimate", "year"), ("exposure", "trust_plans")})
FEWEST_DRAWS = 99


def plan_of(values: dict[str, Any], file: Path, lines: dict[KeyPath, int]) -> ImpactPlan:
    """The plan that a file's values mean.

    Raises
    ------
    InputError
        For every key that is not known, missing, of the wrong type or none of its choices, at once.
    """
    top = Table(values, file, lines)
    top.only(("question", *KEYS))
    tables = {name: top.table(name) for name in KEYS}
    for name, table in tables.items():
        table.only(KEYS[name])
        for key in KEYS[name]:
            if key not in table.values and (name, key) not in OPTIONAL:
                message = f"The plan does not say {key}."
                table.refuse("plan-incomplete", "", message, f"Write {key} under [{name}].")
    outcomes, estimate, inference, reading = (
        tables[name] for name in ("outcomes", "estimate", "inference", "reading")
    )
    plan = ImpactPlan(
        question=_said(top, "question"),
        primary=_said(outcomes, "primary"),
        secondary=outcomes.texts("secondary"),
        gaps=outcomes.texts("gaps"),
        estimand=_said(estimate, "estimand"),
        estimator=estimate.choice("estimator", ESTIMATORS) or ESTIMATORS[0],
        aggregate=estimate.choice("aggregate", AGGREGATES) or AGGREGATES[0],
        cohort=_year(estimate, "cohort"),
        year=_year(estimate, "year"),
        controls=estimate.choice("controls", CONTROLS) or CONTROLS[0],
        base_lag=estimate.whole("base_lag", 1, 1) or 1,
        weights=estimate.choice("weights", WEIGHTS) or WEIGHTS[0],
        exposure=_rule(tables["exposure"]),
        strata=inference.choice("strata", STRATA) or STRATA[0],
        draws=inference.whole("draws", FEWEST_DRAWS, FEWEST_DRAWS) or FEWEST_DRAWS,
        seed=inference.whole("seed", 0, 0) or 0,
        level=_number(inference, "level", 0.5, 1.0, 0.95),
        sensitivity=_known(reading, "sensitivity", SENSITIVITY),
        multiplicity=reading.choice("multiplicity", MULTIPLICITY) or MULTIPLICITY[0],
        no_evidence=_said(reading, "no_evidence"),
        smallest_effect=_number(reading, "smallest_effect", 0.0, 100.0, 1.0),
    )
    if plan.primary and plan.primary in plan.secondary:
        message = "The primary outcome is listed among the secondary ones too."
        outcomes.refuse("plan-twice", "secondary", message, "List it once.")
    if (plan.aggregate == "cell") != bool(plan.cohort and plan.year):
        message = 'cohort and year name the one cell of aggregate = "cell", and of no other.'
        estimate.refuse("plan-cell", "aggregate", message, "Write both with it, or neither.")
    if plan.estimator != ESTIMATORS[0] and (plan.base_lag != 1 or plan.aggregate == "cell"):
        message = f"{plan.estimator} has neither base_lag nor single cells."
        estimate.refuse("plan-estimator", "estimator", message, f'Write base_lag = 1, or "{ESTIMATORS[0]}".')
    if top.problems:
        raise InputError(f"CANNOT USE {file.name}: nothing was run", top.problems)
    return plan


def _rule(table: Table) -> ExposureRule:
    first = _year(table, "first_year") or "2021-22"
    month, day = table.whole("collection_month", 6, 1), table.whole("collection_day", 30, 1)
    try:
        return ExposureRule(
            month=month or 6,
            day=day or 30,
            months_between=table.whole("months_between", 0, 0) or 0,
            first_year=first,
            trust_plans=table.flag("trust_plans", default=False),
        )
    except Refused as error:
        table.refuse(error.check, "collection_day", error.message, error.fix)
        return ExposureRule()


def _said(table: Table, key: str) -> str:
    text = " ".join(table.text(key).split())
    if not text and isinstance(table.values.get(key, ""), str):
        table.refuse("plan-incomplete", key, f"The plan leaves {key} empty.", "Write it in words.")
    return text


def _year(table: Table, key: str) -> str:
    text = table.text(key)
    if text:
        try:
            year_number(text)
        except InputError as error:
            table.refuse("plan-year", key, f'{key} is "{text}".', error.problems[0].fix)
            return ""
    return text


def _number(table: Table, key: str, above: float, up_to: float, default: float) -> float:
    value = table.values.get(key, default)
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not above < number < up_to:
        message = f"{key} is {value!r}; it is a number above {above:g} and below {up_to:g}."
        table.refuse("settings-out-of-range", key, message, "Correct the number.")
        return default
    return number


def _known(table: Table, key: str, known: Iterable[str]) -> tuple[str, ...]:
    items, there = table.texts(key), tuple(known)
    for item in items:
        if item not in there:
            message = f'"{item}" is no analysis known here.'
            table.refuse("settings-out-of-range", key, message, f"Known: {', '.join(there)}.")
    return items


SCHEMA = 1
ENDING = ".frozen.json"
COMMAND = "ci-eval plan freeze"


@dataclass(frozen=True)
class PlanFile:
    """A plan file as it stands: path, text (line ends evened out), its SHA-256, and what it means."""

    path: Path
    text: str
    sha256: str
    plan: ImpactPlan

    @property
    def frozen_path(self) -> Path:
        """Where the frozen plan lies."""
        return frozen_path(self.path)


def frozen_path(plan: Path) -> Path:
    """Where the frozen copy of a plan lies: ``impact_plan.frozen.json`` beside ``impact_plan.toml``."""
    return plan.with_name(plan.stem + ENDING)


def read_plan(path: str | Path) -> PlanFile:
    """Read and check a plan.

    Raises
    ------
    InputError
        If the file cannot be read, or with every key that is unknown, missing or wrong, each with its line.
    """
    file = Path(path)
    values, known = read(file)
    text = _evened(file.read_bytes().decode("utf-8-sig"))
    return PlanFile(file, text, _sha256(text), plan_of(values, file, known))


def read_frozen(path: str | Path) -> Frozen | None:
    """The frozen plan that belongs to a plan file; None where it was never frozen.

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
        )
        for place, (before, after) in enumerate(pairwise(versions))
    )
    last = versions[-1]
    inputs = tuple(last.get("inputs", {}).items())
    return Frozen(plans[-1], last["sha256"], date.fromisoformat(last["frozen_on"]), amendments, inputs)


def freeze(
    path: str | Path, reason: str = "", today: date | None = None, inputs: Mapping[str, str] | None = None
) -> Frozen:
    """Freeze a plan: write its text, SHA-256 and the day beside it. The plan file itself is left as it is.

    Parameters
    ----------
    path : the plan file
    reason : why a plan that was frozen before is replaced; it is printed in every report
    today : the day written down; by default this day
    inputs : name and SHA-256 of the register and the outcomes files as they are, to be written down too

    Raises
    ------
    InputError
        If the plan cannot be used, is frozen as it stands, or was frozen before and no reason is given.
    """
    file = read_plan(path)
    earlier = read_frozen(path)
    said = " ".join(reason.split())
    versions: list[dict[str, Any]] = []
    if earlier is not None:
        versions = _content(file.frozen_path)["versions"]
        if earlier.sha256 == file.sha256:
            message = f"This text is frozen already, since {earlier.frozen_on}."
            _refuse(file.path, "plan-frozen", message, "Nothing needs to be done.")
        if not said:
            message = f"Another text of this plan was frozen on {earlier.frozen_on}."
            fix = f'Put the plan back as it was, or say why it changes: {COMMAND} --reason "…". The report prints it.'
            _refuse(file.path, "plan-frozen", message, fix)
    day = (today or date.today()).isoformat()
    frozen_now: dict[str, Any] = {"frozen_on": day, "reason": said, "sha256": file.sha256, "text": file.text}
    versions.append(frozen_now | ({"inputs": dict(inputs)} if inputs else {}))
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
    problem = Problem(check, "REJECT", message, where=file.name, fix=fix)
    raise InputError(f"CANNOT USE {file.name}: nothing was frozen or opened", [problem])
