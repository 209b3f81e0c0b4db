"""What the evaluation of impact reads, as ``[impact]`` declares it: the plan, files of outcomes, facts of councils.

Each kind of outcomes file has a dataclass whose fields are what its reader in `ci_eval.outcomes` takes, and three more:
`collection` names the days on which its outcomes are gathered (``collection_days.csv``), `publication` is its title and
publisher, `published` the day on which it came out, None where nobody has recorded it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from ci_eval.inputs.problems import Problem
from ci_eval.programme.collection_days import CENSUS, OVER_THE_YEAR

GIVEN: dict[str, Any] = {"given": True}
LATER: dict[str, Any] = {"later": True}  # a file is declared before it comes in
FEWEST_PUPILS = 5  # as in `aggregate_pupils`; a setting may ask for more, never for fewer


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class AcelFile:
    """Achievement of Curriculum for Excellence Levels, the workbook as published; `marks` as `read_acel` takes them."""

    name: str = field(metadata=GIVEN)
    kind: Literal["acel"]
    file: Path = field(metadata=LATER)
    marks: Mapping[str, str] = field(default_factory=_nothing)
    collection: str = CENSUS
    publication: str = "Achievement of Curriculum for Excellence Levels, Scottish Government"
    published: date | None = None


@dataclass(frozen=True)
class LgbfFile:
    """The Local Government Benchmarking Framework; what `read_lgbf` takes."""

    name: str = field(metadata=GIVEN)
    kind: Literal["lgbf"]
    file: Path = field(metadata=LATER)
    indicators: tuple[str, ...] = ()
    information: Path | None = field(default=None, metadata=LATER)
    units: Mapping[str, str] = field(default_factory=_nothing)
    collection: str = OVER_THE_YEAR
    publication: str = "Local Government Benchmarking Framework, Improvement Service"
    published: date | None = None


@dataclass(frozen=True)
class PlainFile:
    """A plain table of outcomes, as `read_outcomes` reads it."""

    name: str = field(metadata=GIVEN)
    kind: Literal["plain"]
    file: Path = field(metadata=LATER)
    collection: str = OVER_THE_YEAR
    publication: str = ""
    published: date | None = None


@dataclass(frozen=True)
class PupilsFile:
    """A pupil-level file; its columns, and the fewest pupils behind a figure, as `aggregate_pupils` takes them."""

    name: str = field(metadata=GIVEN)
    kind: Literal["pupils"]
    file: Path = field(metadata=LATER)
    shares: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    council: str = "council"
    school_year: str = "school_year"
    stage: str = ""
    simd_quintile: str = ""
    smallest_group: int = field(default=FEWEST_PUPILS, metadata={"at_least": FEWEST_PUPILS})
    collection: str = OVER_THE_YEAR
    publication: str = ""
    published: date | None = None

    def __post_init__(self) -> None:
        if not (self.shares or self.means):
            raise ValueError("No column of outcomes is named; add shares or means.")


OutcomesFile = AcelFile | LgbfFile | PlainFile | PupilsFile


@dataclass(frozen=True)
class Impact:
    """What the evaluation of impact reads.

    Attributes
    ----------
    plan : the plan file
    outcomes : in the order declared
    assurance : who answers for the evaluation, and what it takes for granted; None where not declared
    covariates : facts of councils from before exposure, for the balance of the order; None where not declared
    """

    plan: Path = field(metadata=LATER)
    outcomes: tuple[OutcomesFile, ...]
    covariates: Path | None = field(default=None, metadata=LATER)
    assurance: Path | None = field(default=None, metadata=LATER)

    absent: tuple[Problem, ...] = field(default=(), metadata=GIVEN)
    """Its declared files that are not there; until they are, nothing of it can be run."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file declared, and the frozen plan where there is one."""
        frozen = frozen_path(self.plan)
        further = [frozen] if frozen.is_file() else []
        return (self.plan, *further, *self.beside_the_plan, *([self.assurance] if self.assurance else []))

    @property
    def beside_the_plan(self) -> tuple[Path, ...]:
        """Every file declared that decides an estimate and is no plan."""
        further = [outcome.information for outcome in self.outcomes if isinstance(outcome, LgbfFile)]
        facts = (self.covariates,)
        files = (*(outcome.file for outcome in self.outcomes), *further, *facts)
        return tuple(file for file in files if file is not None)


def frozen_path(plan: Path) -> Path:
    """Where the frozen copy of a plan lies: ``impact_plan.frozen.json`` beside ``impact_plan.toml``."""
    return plan.with_name(f"{plan.stem}.frozen.json")
