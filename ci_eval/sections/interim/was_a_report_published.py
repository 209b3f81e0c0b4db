"""Was a report written and published? The survey's answer beside the register's."""

from typing import TYPE_CHECKING

from ci_eval.agreement import interval, share, word
from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table
from ci_eval.sections.interim.nothing_to_show import survey_missing
from ci_eval.sections.interim.who_took_part import REGISTER, YES, hosts_as_at

if TYPE_CHECKING:
    import pandas as pd

QUESTION = "published"
NOT_RECORDED = "not recorded"
TOLD = {
    "Unsure": "were unsure whether the host wrote and published a report",
    "Yes": "said that the host wrote and published a report",
    "No": "said that the host did not write and publish a report",
}


def publication(evidence: Evidence) -> list[Piece]:
    """What respondents believe, what the register knows, and where the two meet."""
    survey = (
        answers(evidence) if evidence.reports_survey else [survey_missing(evidence, "publication-missing")]
    )
    return [*survey, register_sentence(evidence), *published(evidence)]


def counted(evidence: Evidence) -> "pd.DataFrame":
    """One row an answer option: responses, share of those who answered, interval, word."""
    import pandas as pd

    options = evidence.questionnaire.question(QUESTION).options
    given = evidence.survey.frame[QUESTION].value_counts().reindex(options, fill_value=0).to_numpy()
    answered = int(given.sum())
    low, high = interval(given, answered, evidence.survey.asked)
    return pd.DataFrame(
        {
            "answer": list(options),
            "responses": given,
            "share": share(given, answered),
            "low": low,
            "high": high,
            "word": word(given, answered, bands=evidence.bands),
        }
    )


def finding(evidence: Evidence) -> Sentence | None:
    """The commonest answer as a sentence; None where nobody answered, or too few to be shown."""
    frame = counted(evidence)
    answered = int(frame["responses"].sum())
    if answered < evidence.smallest_group:
        return None
    top = frame.to_dict("records")[int(frame["responses"].to_numpy().argmax())]
    told = TOLD.get(
        top["answer"], f"answered “{top['answer']}” when asked whether the host wrote and published a report"
    )
    numbers = dict(zip(frame["answer"], frame["share"], strict=True)) | {"answered": answered}
    numbers |= {"most_given": int(top["responses"])}
    return Sentence(
        "report-published",
        f"{sentences.opening(sentences.people(top['word']))} {told}: "
        f"{sentences.share_of(int(top['responses']), answered, bands=evidence.bands)} "
        "of those who answered the question.",
        numbers,
        source=evidence.survey.record.file,
        level="key",
    )


def answers(evidence: Evidence) -> list[Piece]:
    """The answers to the survey's question, as shares of those who answered it."""
    said = finding(evidence)
    if said is None:
        anybody = int(counted(evidence)["responses"].sum())
        who = f"Fewer than {evidence.smallest_group} people, too few to show," if anybody else "Nobody"
        return [
            Sentence.missing(
                "publication-unanswered",
                f"{who} answered whether the host wrote and published a report.",
                "keep the question in the next survey; nothing can be done for this one.",
            )
        ]
    frame = counted(evidence)
    received, answered = evidence.survey.received, int(frame["responses"].sum())
    return [
        said,
        Table(
            "report-published-table",
            evidence.questionnaire.question(QUESTION).text,
            frame,
            (
                Column("answer", "Answer"),
                Column("responses", "Responses", "count"),
                Column("share", "Share of those who answered", "percent"),
                Column("low", "Interval from", "percent"),
                Column("high", "Interval to", "percent"),
                Column("word", "Word"),
            ),
            note=f"{received - answered:,} of {received:,} respondents did not answer this question."
            if answered < received
            else "",
            source=evidence.survey.record.file,
            bands=evidence.bands,
        ),
    ]


def register_sentence(evidence: Evidence) -> Sentence:
    """How many of the hosts the register knows to have written and published a report."""
    hosts = hosts_as_at(evidence)
    took_part = set(hosts.loc[hosts["hosted"] == YES, "engagement"])
    rows = evidence.register.engagements
    rows = rows[rows["engagement"].isin(took_part)]
    counted = {
        column: rows[column].replace("", NOT_RECORDED).value_counts().to_dict()
        for column in ("report_written", "report_published")
    }
    parts = [
        f"a report {verb}: " + sentences.listed(f"{answer} {n}" for answer, n in counted[column].items())
        for column, verb in (("report_written", "written"), ("report_published", "published"))
    ]
    text = f"The register holds, for the {sentences.count(len(rows), 'engagement')} of these hosts, {'; '.join(parts)}."
    if all(set(values) <= {NOT_RECORDED} for values in counted.values()):
        text = (
            f"The register does not record, for any of these {sentences.count(len(rows), 'engagement')}, whether a report "
            "was written or published. To fix it, fill the columns report_written and report_published of the register."
        )
    numbers = {
        f"{column}_{answer}": int(n) for column, values in counted.items() for answer, n in values.items()
    }
    return Sentence("report-register", text, numbers, source=REGISTER)


def published(evidence: Evidence) -> list[Piece]:
    """What was published about the reports up to the period's end, beside the answers."""
    claims = evidence.claims[evidence.claims["subject"] == "written report"]
    if claims.empty:
        return []
    told = sentences.listed(
        f"{row['claim'][0].lower()}{row['claim'][1:]}: {row['value']}" for row in claims.to_dict("records")
    )
    return [
        Sentence(
            "report-claims",
            f"What has been published on this: {told}. What hosts produced and what respondents know of it are two "
            "things, and both can be so.",
            source=sentences.listed(sorted(set(claims["source"]))),
        )
    ]
