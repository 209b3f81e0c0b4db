"""Work lists: what the team has to look at of rows, ids, texts and small groups, apart from every page and log.

Rule: docs/methods.md, "Small groups". `ci-eval check` writes one list a review period, readable by its owner only.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval.inputs.problems import Problem
from ci_eval.inputs.text import one_line, printable
from ci_eval.report.small_groups import nameable

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.survey import Coding, LoadRecord, Quotations

FOLDER = "work_lists"
HEADING = "For the team only: this list holds rows and texts of respondents. Delete it when the work is done."


def of_problems(problems: Iterable[Problem]) -> list[str]:
    """An entry for each problem that has rows or texts to look at.

    Examples
    --------
    >>> of_problems([Problem("two-answers", "REJECT", "Two answers.", "export.csv", cells="row 3")])
    ['Two answers. [export.csv]\\n  row 3']
    """
    return [
        f"{one.message} [{one.where}]\n  {one.cells}" + (f"\n  Fix: {one.fix}" if one.fix else "")
        for one in problems
        if one.cells
    ]


def of_load(record: "LoadRecord") -> list[str]:
    """The ids of the rows that were left out, by reason, after what the load noted."""
    left = [f"Left out: {reason}\n  {', '.join(ids)}" for reason, ids in record.left_out_ids.items() if ids]
    return [*of_problems(record.notes), *left]


def of_coding(coding: "Coding") -> list[str]:
    """The comments that coders have not settled, or not read, by response and column."""
    waiting = {
        "wait for a third person; add a row with the coder “agreed” for each": coding.cells("not agreed"),
        "have no code": coding.cells("not coded"),
    }
    return [
        f"Comments that {what} [{coding.file}]\n  "
        + "; ".join(f"response {row['id']}, {row['question']}" for row in cells.to_dict("records"))
        for what, cells in waiting.items()
        if len(cells)
    ]


def of_unmatched(question: str, rows: "pd.DataFrame") -> str:
    """The answers to a question that no code fits, the most frequent first, with the number of people who gave each.

    Examples
    --------
    >>> import pandas as pd
    >>> of_unmatched("role", pd.DataFrame({"text": ["QIO", "Convener"], "answers": [12, 1]}))
    'Answers to role that are not matched with the codebook\\n  12  QIO\\n   1  Convener'
    """
    width = len(f"{rows['answers'].max():,}")
    texts = zip(rows["answers"], rows["text"].map(one_line), strict=True)
    lines = [f"  {number:>{width},}  {text}" for number, text in texts]
    return "\n".join([f"Answers to {question} that are not matched with the codebook", *lines])


def of_quotations(quotations: "Quotations") -> list[str]:
    """The quotations that may not be shown, each with its reason."""
    return [
        f"Quotation of response {row['id']}, {row['column']}, is not shown: {row['reason']} [{quotations.file}]"
        for row in quotations.refused.to_dict("records")
    ]


def of_groups(groups: "pd.DataFrame") -> list[str]:
    """The cells of groups of under 20 of which all or none agreed; of `Evidence.groups`.

    They may be released, and two people look at them before: everybody's answer is known of such a group.
    """
    cells = [row for row in groups.to_dict("records") if not nameable(row["answered"], row["agreeing"])]
    if not cells:
        return []
    lines = [
        f"{row['group']} ({row['grouping']}), {row['statement']}: "
        f"{'all' if row['agreeing'] else 'none'} of {row['answered']:,} agreed"
        for row in cells
    ]
    return [
        "Cells of small groups of which all or none agreed, to look at before release\n  "
        + "\n  ".join(lines)
    ]


def write(lists: Mapping[str, Iterable[str]], outputs: Path) -> list[Path]:
    """Write the list of each period that has one, for its owner's eyes only; the file of an empty list goes.

    Returns
    -------
    The files written, in the order of the periods.
    """
    folder, written = outputs / FOLDER, []
    for period, given in lists.items():
        entries, file = list(given), folder / f"{period}.txt"
        if entries:
            for place in (outputs, folder):
                place.mkdir(mode=0o700, parents=True, exist_ok=True)
            written.append(file)
        write_list(file, entries)
    return written


def write_list(file: Path, entries: Sequence[str]) -> None:
    """Write one list for its owner's eyes only; the file of an empty list goes."""
    file.unlink(missing_ok=True)  # an older list may be open to others
    if not entries:
        return
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(printable(f"{HEADING}\n\n" + "\n\n".join(entries)) + "\n")
