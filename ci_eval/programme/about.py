"""What is evaluated, by its names: ``programme.toml`` of the programme's folder.

No name, title or number of units of the programme is written in code, so that a programme evaluated in the same way
needs other files and no other library.
"""

from dataclasses import dataclass, field
from pathlib import Path

from ci_eval.inputs.fact_tables import programme_folder
from ci_eval.inputs.problems import InputError
from ci_eval.inputs.toml_fields import filled
from ci_eval.inputs.toml_tables import Table, read


@dataclass(frozen=True)
class Step:
    """One step by which the programme might change outcomes: what happens, and what would show it."""

    happens: str = field(metadata={"prose": True})
    shown_by: str = field(metadata={"prose": True})


@dataclass(frozen=True)
class DeprivationIndex:
    """An edition of the index by which areas are put into fifths, and the school years published with it."""

    name: str = field(metadata={"prose": True})
    first_year: str
    source: str = field(metadata={"prose": True})
    last_year: str = field(default="", metadata={"optional": True})


@dataclass(frozen=True)
class Passage:
    """A passage for a reader who does not know the programme, under a title of its own."""

    title: str = field(metadata={"prose": True})
    text: str = field(metadata={"prose": True})


@dataclass(frozen=True)
class Titles:
    """Titles of the pages, by notebook."""

    interim_evaluation: str
    impact_plan: str
    impact_evaluation: str
    what_we_know: str
    explore_survey: str
    explore_impact: str


@dataclass(frozen=True)
class Programme:
    """The programme by its names.

    Attributes
    ----------
    name, country : as reports write them
    units : number of authorities that there are
    source : where these facts come from
    titles : title of the page by notebook
    draft_readers : who may see the draft of a host's report
    steps : how it might change outcomes, in order
    background : what it is and aims at, in order
    deprivation_indexes : editions of the index behind outcomes by fifth of areas, in order of time
    """

    name: str = field(metadata={"prose": True})
    units: int
    country: str = field(metadata={"prose": True})
    source: str = field(metadata={"prose": True})
    titles: Titles
    draft_readers: tuple[str, ...] = field(default=(), metadata={"optional": True})
    steps: tuple[Step, ...] = ()
    background: tuple[Passage, ...] = field(default=(), metadata={"optional": True})
    deprivation_indexes: tuple[DeprivationIndex, ...] = field(default=(), metadata={"optional": True})

    def index_of(self, school_year: str) -> str:
        """The edition of the index that a school year was published with; "" where none is named."""
        for index in self.deprivation_indexes:
            if index.first_year <= school_year <= (index.last_year or school_year):
                return index.name
        return ""


def load_programme(folder: Path | str | None = None) -> Programme:
    """Read ``programme.toml`` of the programme's folder; the workbook's own by default.

    Examples
    --------
    >>> load_programme().units
    32

    Raises
    ------
    InputError
        With every key that is unknown, missing or of another type, each with its line.
    """
    path = programme_folder(folder) / "programme.toml"
    values, lines = read(path)
    table = Table(values, path, lines)
    programme = filled(table, Programme, every=True)
    if programme is None or table.problems:
        raise InputError(f"CANNOT USE {path.name}: nothing was run", table.problems)
    return programme
