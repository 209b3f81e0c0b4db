"""Facts of councils that the evaluation of impact may be given: covariates.

Covariates (.csv): ``council`` and one column a fact known before anybody was exposed, numbers or words, all 32 councils.
"""

from pathlib import Path

import pandas as pd

from ci_eval.outcomes.places_and_years import SCOTLAND, Places
from ci_eval.outcomes.rows_by_heading import Delimited
from ci_eval.programme import Councils


def read_covariates(file: Path, councils: Councils) -> pd.DataFrame:
    """Covariates: index gss_code, a column a fact, as float where every cell is a number, else as text.

    Raises
    ------
    InputError
        If a council is not known, stands twice or is lacking, a cell is empty, or there is no fact.
    """
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
