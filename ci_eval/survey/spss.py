"""Rows of an SPSS file (.sav): variable names and labels as two heading rows, values as text, labels kept.

Values declared as user-missing are kept: "Don't know" is often declared missing, and would vanish. What counts as
missing is decided by the questionnaire, not by the file's flag.
"""

import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from ci_eval.problems import InputError
from ci_eval.survey.cells import plain_text
from ci_eval.survey.files import EXPORT_AGAIN, HashingReader, OpenFile, refuse
from ci_eval.survey.layout import HEAD, Layout
from ci_eval.survey.settings import SurveySettings
from ci_eval.survey.sources import Rows
from ci_eval.survey.tools import SPSS


def spss_rows(source: OpenFile, declared: SurveySettings) -> Rows:
    """The rows of a .sav file.

    Raises
    ------
    InputError
        If the package pyreadstat is not installed, the file is damaged, or larger than the limits.
    """
    try:
        import pyreadstat
    except ImportError:
        message = "SPSS files (.sav) are read with the package pyreadstat, which is not installed."
        mend = "Install it with: pip install 'ci-eval[spss]'; or export the responses as .csv or .xlsx."
        refuse(source.name, "package-missing", message, mend)
    hashed = HashingReader(source.handle)
    source.handle.seek(0)
    while hashed.read(io.DEFAULT_BUFFER_SIZE * 128):
        pass
    limits = declared.limits
    read = partial(pyreadstat.read_sav, str(source.path), user_missing=True)
    failures = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError, KeyError)
    try:
        _, facts = read(metadataonly=True)
        names = [str(name) for name in facts.column_names]
        labels = [facts.column_names_to_labels.get(name) or name for name in names]
        if len(names) > limits.columns:
            message = f"{source.name} has {len(names):,} variables; up to {limits.columns:,} are read."
            refuse(source.name, "too-many-columns", message, "Export the survey's variables only.")
        contact = Layout(SPSS, 0, tuple(names), tuple(labels)).contact()
        wanted = [name for place, name in enumerate(names) if place not in contact]
        most = min(limits.rows, limits.cells // max(1, len(names))) + 1
        table, _ = read(usecols=wanted, row_limit=most) if wanted else (None, None)
    except InputError:
        raise
    except failures:
        refuse(source.name, "broken-file", f"{source.name} is a damaged SPSS file.", EXPORT_AGAIN)
    count = 0 if table is None else len(table)
    if count == most:
        message = f"{source.name} has more than {most - 1:,} responses of {len(names):,} variables."
        refuse(source.name, "too-many-rows", message, "Load it in parts, or raise the limits rows and cells.")
    as_text = partial(plain_text, longest=limits.cell_characters)
    columns = [
        table[name].tolist() if name in wanted and table is not None else [""] * count for name in names
    ]
    rows: Iterator[Sequence[Any]] = zip(*columns, strict=True)
    first: list[Sequence[Any]] = [names, labels, *(row for row, _ in zip(rows, range(HEAD), strict=False))]
    codes = {
        place: {as_text(code): str(label) for code, label in facts.variable_value_labels[name].items()}
        for place, name in enumerate(names)
        if name in facts.variable_value_labels
    }
    head = [[as_text(cell) for cell in row] for row in first]
    return Rows(head, first, rows, ("SPSS file",), hashed, as_text, SPSS.name, codes)
