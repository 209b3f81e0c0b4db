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
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ci_eval.inputs.delimited import DelimitedFile, UndecodableError, declared_encoding
from ci_eval.inputs.files import Limits, OpenFile
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import one_line

if TYPE_CHECKING:
    import duckdb

LIMITS = Limits(file_bytes=64 * 1024**3, columns=2_000, cell_characters=100_000)
AGAIN = "Save the table again as CSV UTF-8 or as Parquet."
MEMORY = "200MB"
THREADS = 4
MOST_GROUPS = 200_000
_LINE = re.compile(r"CSV Error on Line: ([0-9]+)")
_SPECIAL = frozenset("*?[")  # in a path DuckDB would look for other files by them


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
        f"read_csv(?, delim = ?, quote = '\"', escape = '\"', header = true, auto_detect = false, strict_mode = true, "
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
    """The groups of a file: texts of `keys`, number of rows, and for each of `means` sum, number and rest.

    "rest" counts cells of a column of numbers that are filled and no finite number.

    Raises
    ------
    InputError
        If a row cannot be read, there are more than `MOST_GROUPS` groups, or the memory does not suffice.
    """
    import duckdb

    wanted = [f"CAST({source.column(key)} AS VARCHAR)" for key in keys]
    wanted.append("count(*)")
    for mean in means:
        text = f"trim(CAST({source.column(mean)} AS VARCHAR))"
        number = f"TRY_CAST({text} AS DOUBLE)"
        known = f"coalesce(isfinite({number}), false)"
        wanted += [
            f"sum({number}) FILTER ({known})",
            f"count(*) FILTER ({known})",
            f"count(*) FILTER (NOT {known} AND coalesce({text}, '') <> '')",
        ]
    # Every part of the statement is fixed text or a column's quoted or numbered name; values are parameters.
    statement = f"SELECT {', '.join(wanted)} FROM {source.relation} GROUP BY ALL LIMIT {MOST_GROUPS + 1}"  # noqa: S608
    failure = ""
    groups: list[tuple[Any, ...]] = []
    try:
        with connect(source.path, memory) as connection:
            groups = connection.execute(statement, list(source.parameters)).fetchall()
    except duckdb.OutOfMemoryException:
        _too_many(source, keys)
    except duckdb.Error as error:
        failure = str(error)
    if failure:
        # Raised outside the block, or DuckDB's own message, which holds the row, would come along as its context.
        _unreadable(source, failure)
    if len(groups) > MOST_GROUPS:
        _too_many(source, keys)
    return groups


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
    """Say which row DuckDB stumbled over, without a word of what it holds."""
    line = _LINE.search(failure)
    where = f"{source.name}, line {int(line[1]):,}" if line else source.name
    reason = "cannot be read"
    if "Number of Columns" in failure:
        reason = "has more or fewer cells than the heading"
    elif "unterminated quote" in failure:
        reason = "opens a quotation mark that is not closed"
    elif "unicode" in failure:
        reason = "is not UTF-8"
    what = "A row" if line else "The file"
    Findings(source.name).refuse("broken-rows", f"{what} {reason}.", where, AGAIN)
