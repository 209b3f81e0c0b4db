"""The table ``[impact]`` of the settings: the plan, the outcomes files, and what else the evaluation of impact reads.

Nothing is read here but names; the files are opened by `opening_impact`, in the notebook's own process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ci_eval.runs.toml_tables import Table

KINDS = ("acel", "lgbf", "plain")
_OUTCOME = ("file", "kind", "indicators", "information", "units", "marks")


@dataclass(frozen=True)
class OutcomesFile:
    """One file of outcomes and how it is read.

    Attributes
    ----------
    name : of its table in the settings
    file, kind : path, and one of `KINDS`
    indicators, information, units : for "lgbf", as `read_lgbf` takes them
    marks : for "acel", what further symbols mean
    """

    name: str
    file: Path
    kind: str
    indicators: tuple[str, ...] = ()
    information: Path | None = None
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Impact:
    """What the evaluation of impact reads.

    Attributes
    ----------
    plan : the plan file
    outcomes : in the order declared
    officers : officers sent to teams, for spillover; None where not declared
    covariates : facts of councils from before exposure, for the balance of the order; None where not declared
    """

    plan: Path
    outcomes: tuple[OutcomesFile, ...]
    officers: Path | None = None
    covariates: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file declared, and the frozen plan where there is one."""
        frozen = self.plan.with_name(f"{self.plan.stem}.frozen.json")
        return (self.plan, *([frozen] if frozen.is_file() else []), *self.beside_the_plan)

    @property
    def beside_the_plan(self) -> tuple[Path, ...]:
        """Every file declared that is no plan."""
        known: list[Path] = []
        for outcome in self.outcomes:
            known += [outcome.file, *([outcome.information] if outcome.information else [])]
        return (*known, *(file for file in (self.officers, self.covariates) if file is not None))


def impact(top: Table) -> Impact | None:
    """What the settings declare under ``[impact]``, problems collected in the table; None where there is no such table."""
    if "impact" not in top.values:
        return None
    table = top.table("impact")
    table.only(("plan", "outcomes", "officers", "covariates"))
    plan = table.existing_file("plan")
    if plan is None:
        message = "The plan's file is not named."
        table.refuse("impact-plan", "", message, 'Add plan = "impact_plan.toml".')
    declared = table.table("outcomes")
    files = [file for name in declared.values if (file := _outcomes(name, declared)) is not None]
    if not declared.values:
        message = "No outcomes file is declared."
        table.refuse("impact-outcomes", "", message, "Add [impact.outcomes.levels] with file and kind.")
    officers, covariates = table.existing_file("officers"), table.existing_file("covariates")
    return None if plan is None else Impact(plan, tuple(files), officers, covariates)


def _outcomes(name: str, declared: Table) -> OutcomesFile | None:
    table = declared.table(name)
    table.only(_OUTCOME)
    file, kind = table.existing_file("file"), table.choice("kind", KINDS)
    for key, value in (("file", file), ("kind", kind)):
        if not value and key not in table.values:
            table.refuse("impact-outcomes", "", f"Outcomes {name} have no {key}.", f"Add {key} = ….")
    units, marks = table.words("units"), table.words("marks")
    indicators, information = table.texts("indicators"), table.existing_file("information")
    if file is None or not kind:
        return None
    return OutcomesFile(name, file, kind, indicators, information, units, marks)
