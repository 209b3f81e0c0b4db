"""Was a report written and published? The survey's answer beside the register's."""

import pandas as pd

from ci_eval.agreement.word_probability import SURE
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import REGISTER, missing, who_agreed

NOT_RECORDED = "not recorded"


def words(publication: pd.DataFrame) -> list[Sentence]:
    """What respondents believe, and what the register records; of `Evidence.publication`."""
    if publication.attrs.get("absent"):
        return []
    answered = (
        [commonest_answer(publication)] if len(publication) else missing(publication, "publication-missing")
    )
    return [*answered, registered(publication)]


def table(publication: pd.DataFrame) -> Table | None:
    """The answers to the survey's question, as shares of those who answered it."""
    if publication.empty:
        return None
    received, answered = publication.attrs["received"], int(publication["responses"].sum())
    unanswered = f"{received - answered:,} of {received:,} respondents did not answer this question."
    return Table(
        "report-published-table",
        publication.attrs["question"],
        publication,
        (
            Column("answer", "Answer"),
            Column("responses", "Responses", "count"),
            Column("share", "Share of those who answered", "percent"),
            Column("low", "Interval from", "percent"),
            Column("high", "Interval to", "percent"),
            Column("word", "Word"),
        ),
        note=unanswered if answered < received else "",
        source=publication.attrs["source"],
        bands=publication.attrs["bands"],
    )


def commonest_answer(publication: pd.DataFrame) -> Sentence:
    """The commonest answer, or those given as often, with its word where that is sure."""
    answered = int(publication["responses"].sum())
    rows = publication[publication["responses"] == publication["responses"].max()]
    top = rows.to_dict("records")[0]
    did = ", and as many ".join(publication.attrs["did"][answer] for answer in rows["answer"])
    given, bands = int(top["responses"]), publication.attrs["bands"]
    who = who_agreed(top["word"], given, answered, top["sureness"], publication.attrs["asked"])
    text = (
        f"{who} {did}: {sentences.share_of(given, answered, bands=bands)} of those who answered the question."
    )
    if (top["sureness"] < SURE or len(rows) > 1) and given < answered:
        text = f"{who} ({sentences.percent(given, answered, bands=bands)}) {did}."
    numbers = dict(zip(publication["answer"], publication["share"], strict=True)) | {"answered": answered}
    numbers |= {"most_given": given}
    return Sentence(
        "report-published",
        sentences.opening(text),
        numbers,
        source=publication.attrs["source"],
        level="key",
    )


def registered(publication: pd.DataFrame) -> Sentence:
    """How many of the hosts the register knows to have written and published a report."""
    counted: dict[str, dict[str, int]] = publication.attrs["register"]
    engagements = sentences.count(publication.attrs["engagements"], "engagement")
    if not publication.attrs["engagements"]:
        text = "The register confirms no engagement by then, so it holds nothing on reports."
    elif all(set(answers) <= {NOT_RECORDED} for answers in counted.values()):
        any_of = "" if publication.attrs["engagements"] == 1 else "any of "
        text = (
            f"The register does not record, for {any_of}the {engagements} of these hosts, whether a report was written or "
            "published."
        )
    else:
        parts = [
            f"a report {column.removeprefix('report_')}: "
            + sentences.listed(f"{answer} {n}" for answer, n in answers.items())
            for column, answers in counted.items()
        ]
        text = f"The register holds, for the {engagements} of these hosts, {'; '.join(parts)}."
    numbers = {
        f"{column}_{answer}": n for column, answers in counted.items() for answer, n in answers.items()
    }
    return Sentence("report-register", text, numbers, source=REGISTER)
