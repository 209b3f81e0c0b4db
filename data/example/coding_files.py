"""The invented coding of the invented comments, and quotations from them, as the files a real period would have."""

import csv
import io
from collections import Counter

from forms_export import Drawn
from invented_texts import Written

CODE_COLUMNS = ("id", "question", "coder", "code")
QUOTATION_COLUMNS = ("id", "column", "text", "approved", "approved_by", "approved_on")
APPROVED_BY, APPROVED_ON = "Evaluation lead (invented)", "2022-09-30"


def codes(drawn: Drawn) -> str:
    """A row for each response, question and coder, and one of the coder "agreed" where a difference was settled."""
    rows: list[tuple[object, ...]] = []
    for person in range(len(drawn.rows)):
        for question, texts in drawn.written.items():
            written = texts[person]
            if written is None:
                continue
            given = {"A": written.a, "B": written.a if written.b is None else written.b}
            rows += [(person + 1, question, coder, given[coder]) for coder in written.by]
            if written.agreed is not None:
                rows.append((person + 1, question, "agreed", written.agreed))
    return as_csv(CODE_COLUMNS, rows)


def quotations(drawn: Drawn) -> str:
    """A row for each quotation of the period's shape."""
    rows: list[tuple[object, ...]] = []
    for quoted in drawn.shape.quotations:
        texts = drawn.written[quoted.column]
        (person,) = (at for at, written in enumerate(texts) if written and quoted.text in written.text)
        approval = ("yes" if quoted.approved else "no", APPROVED_BY, APPROVED_ON)
        rows.append((person + 1, quoted.column, quoted.text, *approval))
    return as_csv(QUOTATION_COLUMNS, rows)


def as_csv(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([columns, *rows])
    return file.getvalue()


def settled(texts: list[Written | None]) -> Counter[str]:
    """How many people raised each theme by the code that is reported: the agreed one, or what both gave."""
    themes: Counter[str] = Counter()
    for written in texts:
        if written is None or not written.by:
            continue
        given = [set(filter(None, written.a.split(";")))]
        if written.agreed is not None:
            given = [set(filter(None, written.agreed.split(";")))]
        elif written.b is not None and "B" in written.by:
            given.append(set(filter(None, written.b.split(";"))))
        themes.update(set.intersection(*given))
    return themes


def waiting(texts: list[Written | None]) -> int:
    """How many texts the two coders see differently and nobody has settled."""
    return sum(
        written is not None and written.agreed is None and written.b is not None and written.by == "AB"
        for written in texts
    )
