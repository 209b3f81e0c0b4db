"""Reads one SPSS file in a process of its own and writes it as JSON; started by `spss`, never imported for its data.

The library that reads .sav files is C: a damaged file can make it overrun its memory, which no `except` catches.
Here it takes this process down and nothing else. What is handed back is plain text, which cannot run anything.
"""

import json
import os
import sys
from functools import partial
from typing import Any

from ci_eval.inputs.columns import CellTooLongError, plain_text
from ci_eval.survey.layout import Layout
from ci_eval.survey.tools import SPSS

MEMORY = 4 * 1024**3  # bytes this process may use


def main(path: str, rows: int, columns: int, cells: int, cell_characters: int) -> dict[str, Any]:
    """Variable names, labels, value labels and cells of the file, or the limit it breaks.

    Contact columns come back empty: their cells are not read.
    """
    import pyreadstat

    failures = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError, KeyError)
    as_text = partial(plain_text, longest=cell_characters)
    read = partial(pyreadstat.read_sav, path, user_missing=True)
    try:
        _, facts = read(metadataonly=True)
        names = [str(name) for name in facts.column_names]
        labels = [str(facts.column_names_to_labels.get(name) or name) for name in names]
        if len(names) > columns:
            return {"broken": "columns", "found": len(names)}
        contact = Layout(SPSS, 0, tuple(names), tuple(labels)).contact()
        wanted = [name for place, name in enumerate(names) if place not in contact]
        most = min(rows, cells // max(1, len(names)))
        table, _ = read(usecols=wanted, row_limit=most + 1) if wanted else (None, None)
        count = 0 if table is None else len(table)
        if count > most:
            return {"broken": "rows", "found": most}
        texts = (
            {name: list(map(as_text, table[name].tolist())) for name in wanted} if table is not None else {}
        )
    except CellTooLongError as error:
        return {"broken": "cell_characters", "found": error.args[0]}
    except failures as error:
        return {"broken": "encoding" if "encoding" in str(error) else "file"}
    codes = {
        name: {as_text(code): str(label) for code, label in given.items()}
        for name, given in facts.variable_value_labels.items()
    }
    missing = {**facts.missing_ranges, **facts.missing_user_values}
    return {
        "missing": [name for name in names if name in missing],
        "names": names,
        "labels": labels,
        "codes": codes,
        "columns": [texts.get(name, [""] * count) for name in names],
    }


def bound() -> None:
    """Keep this process within `MEMORY`, and from writing its memory to disk when it dies (POSIX only)."""
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    bound()
    limits = [int(number) for number in sys.argv[2:]]
    json.dump(main(sys.argv[1], *limits), sys.stdout)
