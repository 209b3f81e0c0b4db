"""The groups that DuckDB gives back, told: which council and year each is, and what its cells say.

A value that few rows hold may be a name or a number of one pupil that strayed into the wrong column, so it is counted
and never shown.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ci_eval.problems import Problem
from ci_eval.survey.text import listed, shown

from .findings import Findings
from .places import SCOTLAND, Places, school_year
from .pupils_sums import Group, Sums
from .schema import ALL, QUINTILES

YES = frozenset({"1", "1.0", "true", "t", "yes", "y"})
NO = frozenset({"0", "0.0", "false", "f", "no", "n"})
NO_COUNCIL, NO_YEAR, NO_QUINTILE, NO_STAGE = (
    "council not given",
    "school year not given",
    "SIMD quintile not given",
    "stage not given",
)
LONGEST_STAGE = 60


@dataclass(frozen=True)
class Keys:
    """The columns that say which group a row is of; "" for one that is not used."""

    council: str
    school_year: str
    stage: str = ""
    simd_quintile: str = ""

    @property
    def columns(self) -> list[str]:
        return [
            column for column in (self.council, self.school_year, self.stage, self.simd_quintile) if column
        ]


@dataclass
class Grouping:
    """Collects the sums of all statements run on one file.

    Attributes
    ----------
    rows, left_out : rows of the file, and those without a group by reason
    odd : (column, what it should be) → value that is not → rows
    """

    keys: Keys
    sums: Sums
    places: Places
    smallest: int
    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    odd: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    empty: Counter[str] = field(default_factory=Counter)
    _counted: bool = False

    def add(self, groups: Iterable[Sequence[Any]], shares: Sequence[str], means: Sequence[str]) -> None:
        """Add the groups of one statement; rows are counted in the first only."""
        width = len(self.keys.columns)
        for row in groups:
            texts = tuple(
                str(text).strip() if text is not None else "" for text in row[: width + len(shares)]
            )
            rows: int = row[width + len(shares)]
            group = self._group(texts[:width], 0 if self._counted else rows)
            if isinstance(group, str):
                self.left_out.update({} if self._counted or not group else {group: rows})
                continue
            for column, text in zip(shares, texts[width:], strict=True):
                self._share(column, text, group, rows)
            for place, column in enumerate(means):
                total, known, rest = row[width + len(shares) + 1 + 3 * place :][:3]
                self.sums.add(column, group, float(total or 0.0), known)
                self.empty[column] += rows - known - rest
                if rest:
                    self.odd.setdefault((column, "a number"), Counter())[""] += rest
        self._counted = True

    def _group(self, texts: tuple[str, ...], rows: int) -> Group | str:
        """The group, a reason why the rows have none, or "" where a value is not understood (counted as odd)."""
        self.rows += rows
        said = dict(zip(self.keys.columns, texts, strict=True))
        council, year = said[self.keys.council], said[self.keys.school_year]
        stage, quintile = said.get(self.keys.stage, ""), said.get(self.keys.simd_quintile, "")
        if not council or not year:
            return NO_YEAR if council else NO_COUNCIL
        if self.keys.simd_quintile and not quintile:
            return NO_QUINTILE
        if self.keys.stage and not stage:
            return NO_STAGE
        code = self.places.look_up(council)
        known_year = school_year(year)
        number = quintile.removesuffix(".0")
        wrong = [
            (self.keys.council, "a council", council, isinstance(code, Problem) or code == SCOTLAND),
            (self.keys.school_year, "a school year such as 2021-22", year, not known_year),
            (
                self.keys.simd_quintile,
                "a SIMD quintile from 1 to 5",
                quintile,
                quintile and number not in QUINTILES,
            ),
            (
                self.keys.stage,
                f"a text of up to {LONGEST_STAGE} characters",
                stage,
                len(stage) > LONGEST_STAGE,
            ),
        ]
        found = False
        for column, wanted, text, is_wrong in wrong:
            if is_wrong:
                self.odd.setdefault((column, wanted), Counter())[text] += rows
                found = True
        return "" if found else Group(str(code), known_year, stage, number or ALL)

    def _share(self, column: str, text: str, group: Group, rows: int) -> None:
        said = text.casefold()
        if said in YES or said in NO:
            self.sums.add(column, group, float(rows if said in YES else 0), rows)
        elif said:
            self.odd.setdefault((column, "yes or no (1/0, true/false, yes/no)"), Counter())[text] += rows
        else:
            self.sums.add(column, group, 0.0, 0)
            self.empty[column] += rows

    def note(self, findings: Findings) -> None:
        """Say what was not understood, and how many pupils' cells were empty."""
        for (column, wanted), texts in self.odd.items():
            often = [text for text, rows in texts.most_common() if text and rows >= self.smallest]
            message = f'The column "{shown(column, 40)}" holds values that are not {wanted}'
            message += f": {listed([repr(shown(text, 40)) for text in often])}." if often else "."
            if len(often) < len(texts):
                message += " Values of few rows are not shown, since they may name a pupil."
            mend = self._mend(column, often)
            findings.add("value-unknown", "REJECT", message, mend=mend, count=sum(texts.values()))
        for column, rows in self.empty.items():
            if rows:
                message = (
                    f'The column "{shown(column, 40)}" is empty for some pupils, who are not in its outcome.'
                )
                findings.add("cells-empty", "NOTE", message, count=rows)

    def _mend(self, column: str, often: Sequence[str]) -> str:
        if column == self.keys.council and often:
            problem = self.places.look_up(often[0])
            if isinstance(problem, Problem):
                return f"{problem.mend[:1].upper()}{problem.mend[1:]}."
        return "Check that this is the column meant; correct the values in the source of the file."
