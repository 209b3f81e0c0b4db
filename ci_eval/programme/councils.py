"""The councils: facts of each, and which of them a text names.

A name is evened out (width, case, ampersand, punctuation, spaces, a leading "The", a trailing "Council") and
then has to equal a code, a name or a listed variant. A name that more than one body could mean, or that is on
no list, is refused with the nearest names; a likeness never decides, because "Western Isles" is closer to
Shetland Islands by spelling than to Na h-Eileanan Siar.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval.inputs.fact_tables import Row, in_quotes, programme_folder, read_rows
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme.about import load_programme

if TYPE_CHECKING:
    import pandas as pd

LONGEST_NAME = 200
NEAREST = 3
COUNCIL_COLUMNS = (
    "gss_code",
    "name",
    "short_name",
    "regional_improvement_collaborative",
    "former_codes",
    "source",
)
VARIANT_COLUMNS = ("variant", "gss_code", "kind", "source")
REFUSAL_COLUMNS = ("answer", "candidates", "reason", "source")
FACT_COLUMNS = (
    "gss_code",
    "islands_only",
    "primary_pupils",
    "secondary_pupils",
    "most_deprived_percent",
    "family_group",
    "tile_row",
    "tile_column",
    "source",
)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Council:
    """One council.

    Attributes
    ----------
    gss_code, name, short_name : current code, legal name, name for display
    regional_improvement_collaborative : the collaborative it belongs to
    former_codes : codes it had before
    islands_only : whether all of its area is islands
    primary_pupils, secondary_pupils : pupils of its schools in 2022-23
    most_deprived_percent : percent of its people in the most deprived fifth of areas (SIMD 2020, 0 to 100)
    family_group : councils that are compared on children's services have the same number, ``"1"`` to ``"4"``
    tile : row and column on a map of equal tiles, counted from 1 at the top left
    facts_source : who published its pupils, deprivation and family group, and of when they are
    """

    gss_code: str
    name: str
    short_name: str
    regional_improvement_collaborative: str
    former_codes: tuple[str, ...]
    source: str
    islands_only: bool
    primary_pupils: int
    secondary_pupils: int
    most_deprived_percent: float
    family_group: str
    tile: tuple[int, int]
    facts_source: str

    @property
    def pupils(self) -> int:
        """Primary and secondary pupils together."""
        return self.primary_pupils + self.secondary_pupils


@dataclass(frozen=True)
class Refusal:
    """An answer that a loader must not decide alone: the councils it may mean, and why."""

    answer: str
    candidates: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Councils:
    """The councils by GSS code, the texts that name one for certain, and the texts refused."""

    by_code: Mapping[str, Council]
    names: Mapping[str, str]
    refusals: Mapping[str, Refusal]

    @property
    def table(self) -> "pd.DataFrame":
        """One row a council, by GSS code: what `Council` holds, pupils together, no source."""
        import pandas as pd

        columns = [item.name for item in fields(Council) if item.name not in ("gss_code", "source")]
        columns.insert(columns.index("secondary_pupils") + 1, "pupils")
        data = {column: [getattr(c, column) for c in self.by_code.values()] for column in columns}
        return pd.DataFrame(data, index=pd.Index(list(self.by_code), name="gss_code"))

    @property
    def islands(self) -> tuple[str, ...]:
        """GSS codes of the councils that are islands only."""
        return tuple(code for code, council in self.by_code.items() if council.islands_only)

    def find(self, text: str, where: str = "") -> str:
        """The GSS code of the council that `text` names: by current or former code, name or listed variant.

        `where` says where the text is, for the message.

        Raises
        ------
        InputError
            If `text` may mean several bodies, or is not known; the message names the nearest councils.
        """
        code = self.look_up(text, where)
        if isinstance(code, Problem):
            raise InputError("CANNOT TELL WHICH COUNCIL IS MEANT", [code])
        return code

    def look_up(self, text: object, where: str = "") -> str | Problem:
        """As `find`, giving the problem instead of raising, for loaders that collect every problem."""
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_NAME:
            message = f"{in_quotes(text)} is not the name of a council."
            return Problem(
                "unknown-council",
                "ASK",
                message,
                where,
                fix=f"give a name of 1 to {LONGEST_NAME} characters",
            )
        wanted = normalise(text)
        if wanted in self.names:
            return self.names[wanted]
        if wanted in self.refusals:
            refusal = self.refusals[wanted]
            fix = (
                f"say which is meant: {_either(refusal.candidates)}"
                if refusal.candidates
                else "name one council"
            )
            return Problem(
                "ambiguous-council", "ASK", f"{in_quotes(text)}: {refusal.reason}.", where, fix=fix
            )
        nearest = self.nearest(wanted)
        fix = (
            f"if one of these is meant, write it: {_either(nearest)}"
            if nearest
            else "write the council's name"
        )
        message = f"{in_quotes(text)} is not the name of a council that we know."
        return Problem("unknown-council", "ASK", message, where, fix=fix)

    def nearest(self, text: str) -> tuple[str, ...]:
        """Display names of the councils spelt most like `text`: to suggest, never to decide."""
        close = difflib.get_close_matches(normalise(text[:LONGEST_NAME]), self.names, n=2 * NEAREST)
        codes = dict.fromkeys(self.names[name] for name in close)
        return tuple(self.by_code[code].short_name for code in codes)[:NEAREST]

    def short_name(self, gss_code: str) -> str:
        """The name for display of the council with this current GSS code."""
        return self.by_code[gss_code].short_name


def normalise(text: str) -> str:
    """The form in which names are compared: letters and digits, small, one space between words.

    Unicode width and composition (NFKC) and case are evened out, "&" is read as "and", punctuation, symbols
    and control characters part words, invisible format characters vanish, and "The …" and "… Council" are
    dropped.
    """
    even = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    kept = (_kept(character) for character in even)
    words = "".join(kept).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 1 and words[-1] == "council":
        words = words[:-1]
    return " ".join(words)


def load_councils(folder: Path | str | None = None) -> Councils:
    """Read the councils of the programme's folder: their names, other names, refused answers and facts.

    Examples
    --------
    >>> councils = load_councils()
    >>> councils.find("Edinburgh, City of")
    'S12000036'
    >>> councils.by_code["S12000036"].tile
    (6, 8)

    Raises
    ------
    InputError
        If a file cannot be read, there are not as many councils as ``programme.toml`` says, a fact is no number, or
        one text would name two councils.
    """
    home = programme_folder(folder)
    rows = read_rows(
        home / "councils.csv", COUNCIL_COLUMNS, key="gss_code", filled=(*COUNCIL_COLUMNS[:4], "source")
    )
    problems: list[Problem] = []
    about = load_programme(home)
    if len(rows) != about.units:
        message = f"The file lists {len(rows)} councils; {about.country} has {about.units}."
        problems.append(
            Problem("number-of-councils", "REJECT", message, rows[0].file, fix="restore the missing rows")
        )
    facts = {
        row["gss_code"]: row
        for row in read_rows(home / "council_facts.csv", FACT_COLUMNS, filled=FACT_COLUMNS)
    }
    problems += _fact_problems(rows, facts)
    if problems:
        raise InputError("CANNOT USE THE TABLES OF COUNCILS", problems)
    by_code = {row["gss_code"]: _council(row, facts[row["gss_code"]]) for row in rows}
    names: dict[str, str] = {}
    for row in rows:
        for text in (row["gss_code"], row["name"], row["short_name"], *row.parts("former_codes")):
            problems += _enter(names, text, row["gss_code"], row, "name")
    for row in read_rows(home / "council_names.csv", VARIANT_COLUMNS, key="variant"):
        if row["gss_code"] in by_code:
            problems += _enter(names, row["variant"], row["gss_code"], row, "variant")
        else:
            fix = "use a current code of councils.csv"
            problems.append(row.problem("unknown-code", "The code is no council's.", "gss_code", fix))
    refusals: dict[str, Refusal] = {}
    for row in read_rows(
        home / "council_refusals.csv", REFUSAL_COLUMNS, key="answer", filled=("reason", "source")
    ):
        text = normalise(row["answer"])
        if text in names:
            message = "The answer is refused in this file and accepted as a council's name elsewhere."
            problems.append(
                row.problem("accepted-and-refused", message, "answer", "delete it in one of the files")
            )
        refusals[text] = Refusal(row["answer"], row.parts("candidates"), row["reason"])
    if problems:
        raise InputError("CANNOT USE THE TABLES OF COUNCILS", problems)
    return Councils(by_code, names, refusals)


def _fact_problems(rows: Iterable[Row], facts: Mapping[str, Row]) -> Iterator[Problem]:
    """Councils without facts, and facts that are not what they should be."""
    for row in rows:
        if row["gss_code"] not in facts:
            fix = "add its row to council_facts.csv"
            yield row.problem(
                "facts-missing", "The council has no row in council_facts.csv.", "gss_code", fix
            )
    for row in facts.values():
        for column in FACT_COLUMNS[2:-1]:
            wanted = _PERCENT if column == "most_deprived_percent" else _WHOLE
            if not wanted.fullmatch(row[column]):
                fix = "write a number, without commas between thousands"
                yield row.problem("not-a-number", "This is no number that the column can hold.", column, fix)
        if row["islands_only"] not in ("yes", "no"):
            yield row.problem("yes-or-no", "This is neither yes nor no.", "islands_only", "write yes or no")


def _council(row: Row, facts: Row) -> Council:
    return Council(
        gss_code=row["gss_code"],
        name=row["name"],
        short_name=row["short_name"],
        regional_improvement_collaborative=row["regional_improvement_collaborative"],
        former_codes=row.parts("former_codes"),
        source=row["source"],
        islands_only=facts["islands_only"] == "yes",
        primary_pupils=int(facts["primary_pupils"]),
        secondary_pupils=int(facts["secondary_pupils"]),
        most_deprived_percent=float(facts["most_deprived_percent"]),
        family_group=facts["family_group"],
        tile=(int(facts["tile_row"]), int(facts["tile_column"])),
        facts_source=facts["source"],
    )


def _enter(names: dict[str, str], text: str, code: str, row: Row, column: str) -> list[Problem]:
    """Add a text to the names, unless it names another council already."""
    holder = names.setdefault(normalise(text), code)
    if holder == code:
        return []
    message = f"{in_quotes(text)} would name two councils, {holder} and {code}."
    return [
        row.problem("name-of-two", message, column, "keep it for one, or move it to council_refusals.csv")
    ]


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return character if category[0] in "LMN" else " "


def _either(names: Iterable[str]) -> str:
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"
