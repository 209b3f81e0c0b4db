"""Facts of councils that the evaluation of impact may be given: covariates, and officers sent to teams.

Covariates (.csv): ``council`` and one column a fact known before anybody was exposed, numbers or words, all 32 councils.
Officers (.csv): ``council`` that sent them, ``engagement`` by its name in the register, ``officers`` a whole number.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval.outcomes.places_and_years import SCOTLAND, Places
from ci_eval.outcomes.rows_by_heading import Delimited
from ci_eval.programme import Councils, Register

if TYPE_CHECKING:
    import pandas as pd

_OFFICERS = ("council", "engagement", "officers")


def read_covariates(file: Path, councils: Councils) -> "pd.DataFrame":
    """Covariates: index gss_code, a column a fact, as float where every cell is a number, else as text.

    Raises
    ------
    InputError
        If a council is not known, stands twice or is lacking, a cell is empty, or there is no fact.
    """
    import pandas as pd

    source = Delimited(file, ("council",))
    places = Places(source.findings, councils)
    names = [text.strip() for text in source.heading.texts]
    facts = {name: place for place, name in enumerate(names) if place != source.columns["council"] and name}
    if not facts:
        source.findings.refuse("no-facts", "There is no column beside the council.", fix="Add a fact.")
    rows: dict[str, list[str]] = {}
    for number, cells in source.rows():
        code = places.code(source.text(cells, "council"), source.where(number, "council"))
        row = [cells[place].strip() for place in facts.values()]
        if code in rows or code == SCOTLAND:
            message = "A row is of a council that has one already, or of Scotland."
            source.findings.add(
                "council-twice", "REJECT", message, f"row {number:,}", "Keep one row a council."
            )
        elif not all(row):
            message, fix = "A fact is not given.", "Supply it, or leave the column out."
            source.findings.add("fact-missing", "REJECT", message, f"row {number:,}", fix)
        elif code:
            rows[code] = row
    if lacking := places.lacking(set(rows)):
        message = f"There is no row of {', '.join(lacking)}."
        source.findings.add(
            "councils-absent", "REJECT", message, fix="Give every council.", count=len(lacking)
        )
    source.findings.raise_if_stopping()
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(facts)).rename_axis("gss_code")
    numbers = frame.apply(pd.to_numeric, errors="coerce")
    return pd.DataFrame(
        {name: frame[name] if numbers[name].isna().any() else numbers[name] for name in facts}
    )


def read_officers(file: Path, register: Register) -> "pd.DataFrame":
    """Officers sent: gss_code, engagement, officers (whole numbers), one row a sender and engagement.

    Raises
    ------
    InputError
        If a council or engagement is not known, stands twice, or a number of officers is none.
    """
    import pandas as pd

    source = Delimited(file, _OFFICERS)
    places = Places(source.findings, register.councils)
    known = set(register.hosts["engagement"])
    rows: dict[tuple[str, str], int] = {}
    for number, cells in source.rows():
        code = places.code(source.text(cells, "council"), source.where(number, "council"))
        engagement, written = source.text(cells, "engagement"), source.text(cells, "officers")
        if engagement not in known:
            message = f'There is no engagement "{engagement[:40]}" in the register.'
            fix = "Use the register's own name of the engagement."
            source.findings.add("engagement-unknown", "REJECT", message, f"row {number:,}", fix)
        elif not (written.isascii() and written.isdigit() and len(written) < 5):
            message, fix = "A number of officers is not a whole number.", "Write 0, 1, 2, …"
            source.findings.add("officers", "REJECT", message, source.where(number, "officers"), fix)
        elif (code, engagement) in rows:
            message = "A council and engagement stand twice."
            source.findings.add("row-twice", "REJECT", message, f"row {number:,}", "Add the two rows up.")
        elif code:
            rows[code, engagement] = int(written)
    source.findings.raise_if_stopping()
    data = [(code, engagement, sent) for (code, engagement), sent in rows.items()]
    return pd.DataFrame(data, columns=["gss_code", "engagement", "officers"])
