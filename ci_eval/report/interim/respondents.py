"""Who answered, out of how many? Responses and response rates, by organisation, job role and mode."""

from typing import TYPE_CHECKING

from ci_eval.agreement import share
from ci_eval.report import disclosure, figures, sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.evidence import Evidence, answered
from ci_eval.report.interim.missing import survey_missing
from ci_eval.report.pieces import Column, Figure, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

NOT_SAID = "Not answered"


def respondents(evidence: Evidence) -> list[Piece]:
    """How many answered, out of how many asked, and who they were."""
    if not evidence.has_survey:
        return [survey_missing(evidence, "respondents-missing")]
    by_organisation = organisations(evidence)
    return [
        received(evidence),
        organisation_figure(evidence, by_organisation),
        organisation_table(evidence, by_organisation),
        *others(evidence),
    ]


def received(evidence: Evidence) -> Sentence:
    """Responses and the response rate."""
    survey, record = evidence.survey, evidence.survey.record
    numbers: dict[str, object] = {
        "responses": survey.received,
        "rows_in_the_export": record.rows_in,
        "left_out": record.rows_in - record.used,
        "asked": survey.asked,
    }
    if survey.asked is None:
        text = (
            f"{survey.received:,} people answered. How many were asked is not recorded, so there is no response "
            f"rate, and intervals treat those asked as a population without end. To mend it, {evidence.mend('asked')}."
        )
    else:
        rate = share(survey.received, survey.asked)
        numbers["response_rate"] = rate
        text = (
            f"{survey.received:,} of the {survey.asked:,} people asked answered, a response rate of "
            f"{sentences.percent(survey.received, survey.asked)}. Those who answered may differ from those who did "
            "not; the tables say what the others could change."
        )
    if numbers["left_out"]:
        text += f" {sentences.opening(sentences.count(record.rows_in - record.used, 'row'))} of the export left out: "
        text += sentences.listed(f"{reason} {n:,}" for reason, n in record.left_out.items()) + "."
    return Sentence("received", text, numbers, source=record.file, level="key")


def organisations(evidence: Evidence) -> "pd.DataFrame":
    """One row an organisation: responses, asked, response rate; groups below the smallest are masked."""
    import pandas as pd

    answers = evidence.survey.frame["organisation"]
    declared = [
        str(option) for option in answers.cat.categories if option not in evidence.questionnaire.missing
    ]
    table = answers.astype(object).fillna(NOT_SAID).value_counts()
    order = [*declared, *[name for name in table.index if name not in declared]]
    frame = pd.DataFrame({"organisation": order, "responses": table.reindex(order, fill_value=0).to_numpy()})
    frame["asked"] = [evidence.survey.asked_by.get(name, float("nan")) for name in frame["organisation"]]
    frame["rate"] = frame["responses"] / frame["asked"]
    return frame


def organisation_figure(evidence: Evidence, frame: "pd.DataFrame") -> Figure:
    """Bars of responses by organisation; how many took part is no answer of anybody, and is not masked."""
    labels, responses = list(frame["organisation"]), frame["responses"].to_numpy()
    total = int(responses.sum())
    told = sentences.listed(
        f"{label} {sentences.of(int(n), total)}" for label, n in zip(labels, responses, strict=True)
    )
    largest = labels[int(responses.argmax())]
    return Figure(
        "responses-by-organisation",
        "Who answered: responses by organisation",
        lambda canvas: figures.bars(canvas, labels, responses),
        alt=f"Bar chart of {total:,} responses by organisation, the most from {largest}. In order: {told}.",
        frame=frame,
        size=figures.bars_size(labels),
        source=evidence.survey.record.file,
    )


def organisation_table(evidence: Evidence, frame: "pd.DataFrame") -> Table:
    return Table(
        "respondents-by-organisation",
        "People asked and responses, by organisation",
        frame,
        (
            Column("organisation", "Organisation"),
            Column("asked", "Asked", "count", blank="how many were asked is not recorded"),
            Column("responses", "Responses", "count"),
            Column("rate", "Response rate", "percent", blank="how many were asked is not recorded"),
        ),
        source=evidence.survey.record.file,
    )


def others(evidence: Evidence) -> list[Piece]:
    """Job role and mode: tables of those who said, small groups put together."""
    frame = evidence.survey.frame
    pieces: list[Piece] = []
    for column, title in (
        ("role", "Job roles of those who answered"),
        ("mode", "How the engagement was undertaken"),
    ):
        given = frame[column][answered(frame[column])].astype(object).str.strip()
        if given.empty:
            continue
        table = given.value_counts().rename_axis("answer").reset_index(name="responses")
        shown, note = disclosure.pooled(table, "answer", "responses", evidence.smallest_group)
        shown["share"] = shown["responses"] / len(given)
        unsaid = len(frame) - len(given)
        pieces.append(
            Table(
                f"respondents-by-{column}",
                title,
                shown,
                (
                    Column("answer", evidence.questionnaire.question(column).text),
                    Column("responses", "Responses", "count"),
                    Column("share", "Share of those who said", "percent"),
                ),
                note=f"{note} {unsaid:,} of {len(frame):,} respondents did not say.".strip(),
                source=evidence.survey.record.file,
            )
        )
    return pieces
