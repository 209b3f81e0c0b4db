"""Summing up a pupil-level file where it lies: DuckDB, locked to one file, in little memory.

Rows of pupils never reach Python: only groups and their numbers do. The connection can open the one file and nothing
else, cannot write, load extensions or reach the network, and spills nothing to disk. Values reach it as parameters;
columns of a text file are known to it by number only, so that no heading is ever part of a statement. What DuckDB says
about a row it cannot read holds the row, so its messages are replaced, never passed on.
"""

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from ci_eval.inputs.delimited import DelimitedFile, UndecodableError, declared_encoding
from ci_eval.inputs.files import Limits, OpenFile, open_file
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import one_line

if TYPE_CHECKING:
    import duckdb

LIMITS = Limits(file_bytes=64 * 1024**3, columns=2_000, cell_characters=100_000)
AGAIN = "Save the table again as CSV UTF-8 or as Parquet."
MEMORY = "200MB"
THREADS = 4
MOST_GROUPS = 200_000
_END = re.compile(rb"\r?\n|\r")
_LINE = re.compile(r"CSV Error on Line: ([0-9]+)")
_SPECIAL = frozenset("*?[")  # in a path DuckDB would look for other files by them
_STRICT, _LENIENT = "strict_mode = true", "strict_mode = false"
# A number is summed as two whole numbers, its multiples of 2**-20 and of 2**-70 beyond: whole numbers give one sum in
# whatever order threads add them up.
_WHOLE, _REST = 20, 50
_LARGEST = 1e18  # a larger number is none of a pupil, and could not be summed so
# What files write for a number that is not known.
CODES = tuple(int(sign + figure * times) for sign in ("", "-") for figure in "789" for times in range(1, 6))


@dataclass(frozen=True)
class PupilFile:
    """A pupil-level file as DuckDB is to read it.

    Attributes
    ----------
    name, path : for messages, and absolute
    columns : headings, in order
    read_as : how it is read, for people
    relation : the table function that reads it, with ``?`` for its parameters
    parameters : their values
    by_number : whether columns are called c0, c1, … there
    """

    name: str
    path: str
    columns: tuple[str, ...]
    read_as: str
    relation: str
    parameters: tuple[str, ...]
    by_number: bool

    def column(self, wanted: str) -> str:
        """What a column is called in a statement; the column must be one of `columns`."""
        if self.by_number:
            return f"c{self.columns.index(wanted)}"
        return '"' + wanted.replace('"', '""') + '"'


class NumberSums(NamedTuple):
    """A column of numbers in one group.

    Attributes
    ----------
    total : sum of the numbers, exact to 2**-70 a number
    known, rest : cells with a number, and filled cells without
    least, most : of the numbers that are none of `CODES`, None where there are none
    least_code, most_code : of those that are
    """

    total: Fraction
    known: int
    rest: int
    least: float | None
    most: float | None
    least_code: float | None
    most_code: float | None


def is_parquet(path: str | os.PathLike[str]) -> bool:
    """Whether a regular file begins like a Parquet file; False where it cannot be opened."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - the path may be no path at all
            return False
        with open(path, "rb") as handle:  # noqa: PTH123
            return handle.read(4) == b"PAR1"
    except (OSError, ValueError):
        return False


def require_duckdb(name: str) -> None:
    """Refuse to read the file `name` where DuckDB is not installed: only who has such files installs it."""
    try:
        import duckdb  # noqa: F401
    except ImportError:
        message = "Pupil-level files need the package DuckDB, which is not installed."
        Findings(name).refuse("duckdb-missing", message, fix="Install it: pip install duckdb.")


def connect(path: str, memory: str = MEMORY) -> "duckdb.DuckDBPyConnection":
    """A connection in memory that may read the file at `path`, and can do nothing else outside itself."""
    import duckdb

    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "threads": min(THREADS, os.cpu_count() or 1),
            "temp_directory": "",
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    quoted = path.replace("'", "''")  # a setting takes no parameter
    connection.execute(f"SET allowed_paths = ['{quoted}']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET lock_configuration = true")
    return connection


def of_text(source: OpenFile) -> PupilFile:
    """A text file: its headings and separator, as the strict reader of `ci_eval.inputs.delimited` reads them."""
    if declared_encoding(source) == "utf-16":
        message = f"{source.name} is UTF-16; pupil-level files are read as UTF-8."
        source.refuse("unknown-encoding", message)
    try:
        opened = DelimitedFile(source, "utf-8")
        heading = next(opened.rows(), [])
    except UndecodableError:
        source.refuse("unknown-encoding", f"{source.name} is not UTF-8.")
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(heading)))
    relation = (
        f"read_csv(?, delim = ?, quote = '\"', escape = '\"', header = true, auto_detect = false, {_STRICT}, "
        f"columns = {{{types}}})"
    )
    path = _absolute(source.name, source.path)
    columns = tuple(text.strip() for text in heading)
    return PupilFile(source.name, path, columns, "text, UTF-8", relation, (path, opened.separator), True)


def of_parquet(path: str | os.PathLike[str]) -> PupilFile:
    """A Parquet file: its columns, from its own description."""
    import duckdb

    name = one_line(Path(path).name) or "the file"
    place = _absolute(name, path)
    try:
        with connect(place) as connection:
            headings = connection.execute("SELECT * FROM read_parquet(?) LIMIT 0", [place]).description or []
    except duckdb.Error:
        Findings(name).refuse("broken-parquet", f"{name} is a damaged Parquet file.", fix=AGAIN)
    columns = tuple(str(heading[0]) for heading in headings)
    return PupilFile(name, place, columns, "Parquet", "read_parquet(?)", (place,), False)


def grouped(
    source: PupilFile, keys: Sequence[str], means: Sequence[str] = (), memory: str = MEMORY
) -> list[tuple[Any, ...]]:
    """The groups of a file: texts of `keys`, number of rows, and for each of `means` its `NumberSums`.

    Raises
    ------
    InputError
        If a row cannot be read, there are more than `MOST_GROUPS` groups, or the memory does not suffice.
    """
    import duckdb

    texts = [f"CAST({source.column(key)} AS VARCHAR) AS k{place}" for place, key in enumerate(keys)]
    wanted = [*(f"k{place}" for place in range(len(keys))), "count(*)"]
    casts: list[str] = []
    for place, mean in enumerate(means):
        text = f"trim(CAST({source.column(mean)} AS VARCHAR))"
        texts.append(f"{text} AS t{place}, TRY_CAST({text} AS DOUBLE) AS d{place}")
        usable = f"isfinite(d{place}) AND abs(d{place}) < {_LARGEST:.0f}"
        casts.append(f", CASE WHEN {usable} THEN d{place} END AS n{place}, n{place} IN {CODES} AS c{place}")
        casts.append(f", n{place} * {2**_WHOLE} AS s{place}, floor(s{place}) AS f{place}")
        wanted += [
            f"sum(CAST(f{place} AS HUGEINT))",
            f"sum(CAST((s{place} - f{place}) * {2**_REST} AS BIGINT))",
            f"count(n{place})",
            f"count(*) FILTER (n{place} IS NULL AND coalesce(t{place}, '') <> '')",
            *(
                f"{end}(n{place}) FILTER ({which}c{place})"
                for which in ("NOT ", "")
                for end in ("min", "max")
            ),
        ]
    # Every part of the statement is fixed text or a column's quoted or numbered name; values are parameters.
    cells = f"(SELECT *{''.join(casts)} FROM (SELECT {', '.join(texts)} FROM {source.relation}))"  # noqa: S608
    statement = f"SELECT {', '.join(wanted)} FROM {cells} GROUP BY ALL LIMIT {MOST_GROUPS + 1}"  # noqa: S608
    failure = ""
    groups: list[tuple[Any, ...]] = []
    try:
        with connect(source.path, memory) as connection:
            groups = connection.execute(statement, list(source.parameters)).fetchall()
    except duckdb.OutOfMemoryException:
        _too_many(source, keys)
    except duckdb.Error as error:
        failure = str(error)
    if "state machine" in failure and _STRICT in source.relation and _line_ends_mixed(source):
        # DuckDB's strict reader stops at the first other line end; the lenient one then reads the same rows.
        lenient = replace(source, relation=source.relation.replace(_STRICT, _LENIENT))
        return grouped(lenient, keys, means, memory)
    if failure:
        # Raised outside the block, or DuckDB's own message, which holds the row, would come along as its context.
        _unreadable(source, failure)
    if len(groups) > MOST_GROUPS:
        _too_many(source, keys)
    first = len(keys) + 1
    return [(*row[:first], *_number_sums(row[first:])) for row in groups]


def _number_sums(cells: Sequence[Any]) -> list[NumberSums]:
    """What a statement gives for each column of numbers, eight cells a column."""
    columns = zip(*[iter(cells)] * 8, strict=True)
    shift = 2**_REST
    return [
        NumberSums(Fraction(int(whole or 0) * shift + int(rest or 0), shift * 2**_WHOLE), *others)
        for whole, rest, *others in columns
    ]


def _line_ends_mixed(source: PupilFile) -> bool:
    """Whether rows end in different ways and nothing else is wrong with a text file that DuckDB would not read."""
    with open_file(source.path, LIMITS, ("text",), AGAIN) as opened:
        widths = {len(row) for row in DelimitedFile(opened, "utf-8").rows() if row}
        opened.handle.seek(0)
        ends = {
            end for block in iter(lambda: opened.handle.read(1 << 20), b"") for end in _END.findall(block)
        }
    return widths == {len(source.columns)} and len(ends) > 1


def _absolute(name: str, path: str | os.PathLike[str]) -> str:
    place = os.path.abspath(os.fspath(path))  # noqa: PTH100 - a link is read as itself
    if _SPECIAL & set(place):
        message = "The path of the file holds one of the characters * ? [ and could mean other files."
        Findings(name).refuse("file-name", message, fix="Rename the file or its folder.")
    return place


def _too_many(source: PupilFile, keys: Sequence[str]) -> NoReturn:
    names = ", ".join(one_line(key, 40) for key in keys)
    message = f"The columns {names} make too many groups: one of them is not what it is taken for."
    fix = "Check which columns hold council, school year and outcomes."
    Findings(source.name).refuse("too-many-groups", message, fix=fix)


def _unreadable(source: PupilFile, failure: str) -> NoReturn:
    """Say what DuckDB stumbled over, without a word of what it holds; the row is for the work list."""
    line = _LINE.search(failure)
    cells = f"line {int(line[1]):,}" if line else ""
    reason = "cannot be read"
    if "Number of Columns" in failure:
        reason = "has more or fewer cells than the heading"
    elif "unterminated quote" in failure:
        reason = "opens a quotation mark that is not closed"
    elif "unicode" in failure:
        reason = "is not UTF-8"
    what = "A row" if line else "The file"
    Findings(source.name).refuse("broken-rows", f"{what} {reason}.", fix=AGAIN, cells=cells)
