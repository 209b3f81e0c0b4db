"""Who answers for it, and what does it take for granted? Roles, quality statement and log of assumptions, in the annex.

Rule: docs/assurance.md. The team wrote all of it; where it wrote nothing, nothing stands on the page.
"""

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table


def words(assurance: pd.DataFrame) -> list[Sentence]:
    """The quality statement with its day, then who holds each role; of `Evidence.assurance`."""
    about = assurance.attrs
    if not about.get("roles"):
        return []
    roles = "\n".join(f"- {sentences.opening(role)}: {name}" for role, name in about["roles"].items())
    written = (
        f"The team’s own statement of quality, {sentences.date(about['written_on'])}: {about['quality']}"
    )
    return [Sentence("assurance-quality", written), Sentence("assurance-roles", roles)]


def table(assurance: pd.DataFrame) -> Table | None:
    """The log of assumptions; None where none is written."""
    if assurance.empty:
        return None
    return Table(
        "assurance-assumptions",
        "What the analysis takes for granted",
        assurance,
        (
            Column("text", "Assumption"),
            Column("basis", "Basis"),
            Column("if_wrong", "What would change if it is wrong"),
        ),
        source="The team’s own log of assumptions",
    )
