"""Who answered, out of how many? Responses and response rates, by organisation, job role and mode."""

import numpy as np

from ci_eval.agreement import response_rate, share
from ci_eval.evidence.interim_evidence import Evidence, answered
from ci_eval.report import disclosure, figures, sentences
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table
from ci_eval.sections.interim.nothing_to_show import survey_missing

ASKED = "how many were asked is not recorded"


def respondents(evidence: Evidence) -> list[Piece]:
    """How many answered, out of how many asked, and who they were."""
    if not evidence.reports_survey:
        return [survey_missing(evidence, "respondents-missing")]
    if not answered(evidence.survey.frame["organisation"]).any():
        text = "No respondent named an organisation, or the survey did not ask for it."
        return [
            received(evidence),
            Sentence("organisation-unsaid", text, source=evidence.survey.record.file),
            *others(evidence),
        ]
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
            f"rate, and intervals treat those asked as a population without end. To fix it, {evidence.fix('asked')}."
        )
    else:
        rate = share(survey.received, survey.asked)
        numbers["response_rate"] = rate
        text = (
            f"{survey.received:,} of the {survey.asked:,} people asked answered, a response rate of "
            f"{sentences.percent(survey.received, survey.asked, bands=evidence.bands)}. Those who answered may "
            "differ from those who did not; the tables say what the others could change."
        )
    if numbers["left_out"]:
        text += f" {sentences.opening(sentences.count(record.rows_in - record.used, 'row'))} of the export left out: "
        text += sentences.listed(f"{reason} {n:,}" for reason, n in record.left_out.items()) + "."
    return Sentence("received", text, numbers, source=record.file, level="key")


def organisations(evidence: Evidence) -> disclosure.Masked:
    """One row an organisation: responses, asked, response rate; small groups masked, as everywhere."""
    import pandas as pd

    answers = evidence.survey.frame["organisation"]
    names = [name for name in answers.cat.categories if name not in evidence.questionnaire.missing]
    responses = answers.value_counts().reindex(names, fill_value=0).to_numpy()
    asked = np.array([float(evidence.survey.asked_by.get(name, np.nan)) for name in names])
    frame = pd.DataFrame({"organisation": names, "responses": responses, "asked": asked})
    # more answers than people asked: somebody named another organisation than the sender knows, so there is no rate
    frame["rate"] = response_rate(responses, np.where(asked >= responses, asked, np.nan))
    return disclosure.mask(
        frame, count="responses", values=("rate",), threshold=evidence.smallest_group, noun="organisation"
    )


def organisation_figure(evidence: Evidence, masked: disclosure.Masked) -> Figure:
    """Bars of responses by organisation."""
    frame = masked.frame
    labels, responses = list(frame["organisation"]), frame["responses"].to_numpy(dtype=float)
    total = int(answered(evidence.survey.frame["organisation"]).sum())
    told = sentences.listed(
        f"{label} not shown"
        if n != n
        else f"{label} {sentences.share_of(int(n), total, bands=evidence.bands)}"
        for label, n in zip(labels, responses, strict=True)
    )
    return Figure(
        "responses-by-organisation",
        "Who answered: responses by organisation",
        lambda ax: figures.bars(ax, labels, responses, total),
        alt=f"Bar chart of the {total:,} respondents who named their organisation: {told}.",
        frame=frame,
        size=figures.bars_size(labels),
        note=_organisation_note(evidence, masked, total),
        source=evidence.survey.record.file,
    )


def _organisation_note(evidence: Evidence, masked: disclosure.Masked, named: int) -> str:
    unsaid = evidence.survey.received - named
    left = f"{unsaid:,} of {evidence.survey.received:,} respondents named no organisation." if unsaid else ""
    return f"{masked.text} {left}".strip()


def organisation_table(evidence: Evidence, masked: disclosure.Masked) -> Table:
    """The same numbers, with how many were asked."""
    too_few, unknown = (
        "too few people to show",
        "too few people to show, or how many were asked is not recorded or smaller than the responses",
    )
    return Table(
        "respondents-by-organisation",
        "People asked and responses, by organisation",
        masked.frame,
        (
            Column("organisation", "Organisation"),
            Column("asked", "Asked", "count", blank=ASKED),
            Column("responses", "Responses", "count", blank=too_few),
            Column("rate", "Response rate", "percent", blank=unknown),
        ),
        note=masked.text,
        source=evidence.survey.record.file,
        bands=evidence.bands,
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
        if len(given) < evidence.smallest_group:  # together, too, they are too few to show
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
                note=f"{note} {_unsaid(unsaid, len(frame))}".strip(),
                source=evidence.survey.record.file,
                bands=evidence.bands,
            )
        )
    return pieces


def _unsaid(unsaid: int, people: int) -> str:
    return f"{unsaid:,} of {people:,} respondents did not say." if unsaid else ""
