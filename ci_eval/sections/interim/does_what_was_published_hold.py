"""Does what was published hold? Each claim of the published report, with what the records say of it."""

import pandas as pd

from ci_eval.programme.claims import CONTRADICTED, SUPPORTED, UNKNOWN, in_words
from ci_eval.report import sentences
from ci_eval.report.markup import ITEM
from ci_eval.report.pieces import Column, Sentence, Table


def words(claims: pd.DataFrame) -> list[Sentence]:
    """How many claims hold, then those that are contradicted or do not fit; of `Evidence.published_claims`."""
    if claims.empty:
        return [Sentence("claims", "No claim of a published report is checked.")]
    counts = {
        result: int((claims["result"] == result).sum()) for result in (SUPPORTED, CONTRADICTED, UNKNOWN)
    }
    sources = sentences.listed(sorted(set(claims["source"])))
    text = (
        f"What was published ({sources}) makes {sentences.count(len(claims), 'claim')} that can be checked. The records "
        f"support {_number(counts[SUPPORTED])} and contradict {_number(counts[CONTRADICTED])}; of "
        f"{_number(counts[UNKNOWN])} they cannot tell."
    )
    if claims.attrs["invented"]:
        periods = sentences.listed(claims.attrs["invented"])
        text += f" The answers of {periods} at hand are invented, so no claim about that survey is tested."
    numbers = {result.replace(" ", "_"): n for result, n in counts.items()} | {"claims": len(claims)}
    return [Sentence("claims", text, numbers, source=sources), *_open(claims)]


def _number(number: int) -> str:
    return sentences.ONES[number] if number < len(sentences.ONES) else f"{number:,}"


def _open(claims: pd.DataFrame) -> list[Sentence]:
    """What somebody has to reconcile, a line each: claims contradicted, and others that do not fit one another."""
    wrong = claims[claims["result"] == CONTRADICTED]
    lines = [f"{in_words(row)}. {row['evidence']}" for row in wrong.to_dict("records")]
    unfit: dict[str, list[str]] = {}
    for row in claims[claims["misfit"] != ""].to_dict("records"):
        if row["key"] not in set(wrong["key"]) and row["against"] not in set(wrong["key"]):
            unfit.setdefault(row["misfit"], []).append(in_words(row))
    lines += [f"{sentences.listed(these)}. {other}" for other, these in unfit.items()]
    if not lines:
        return []
    text = "Where the records contradict it, or one claim does not fit another:\n\n"
    numbers = {"contradicted": len(wrong), "not_at_one": len(unfit)}
    return [Sentence("claims-open", text + "\n".join(f"{ITEM}{line}" for line in lines), numbers)]


def table(claims: pd.DataFrame) -> Table | None:
    """Every claim with its result and the evidence; None where there is none."""
    if claims.empty:
        return None
    beside = claims["misfit"].map(lambda why: f" Beside it stands another claim. {why}" if why else "")
    return Table(
        "claims-table",
        "The claims of the published report, and what the records say of them",
        claims.assign(evidence=claims["evidence"] + beside),
        (
            Column("claim", "Claim"),
            Column("value", "As published"),
            Column("where", "Part of the report"),
            Column("result", "The records"),
            Column("evidence", "Evidence"),
        ),
        note="A claim about answers is held against the survey of its own period and no other.",
        source=sentences.listed(sorted(set(claims["source"]))),
    )
