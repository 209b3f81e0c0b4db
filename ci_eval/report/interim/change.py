"""What has changed since the last period? Shares side by side, and whether the word changed."""

from typing import TYPE_CHECKING

from ci_eval.report import figures, sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.interim.missing import survey_missing
from ci_eval.report.interim.statements import results
from ci_eval.report.pieces import Column, Figure, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

NOBODY = "nobody answered in one of the two periods"


def change(evidence: Evidence) -> list[Piece]:
    """Every statement in the two periods, a dumbbell of them, and a sentence on the words that changed."""
    if not evidence.has_survey:
        return [survey_missing(evidence, "change-missing")]
    if evidence.previous is None:
        return [
            Sentence.missing(
                "change-missing",
                f"There is no earlier period to compare {evidence.period} with.",
                "declare the earlier period, with its survey, in the settings file.",
            )
        ]
    if evidence.previous.responses is None:
        return [
            Sentence.missing(
                "change-missing",
                f"The last period, {evidence.previous.period}, has no survey to compare with.",
                f'add file = "its export" under [periods."{evidence.previous.period}".survey].',
            )
        ]
    frame = compared(evidence)
    return [
        change_sentence(evidence, frame),
        dumbbell(evidence, frame),
        change_table(evidence, frame),
    ]


def compared(evidence: Evidence) -> "pd.DataFrame":
    """One row a statement, last period beside this: shares, intervals, words, their difference."""
    if evidence.previous is None:
        raise LookupError("there is no earlier period")
    now, before = results(evidence.survey), results(evidence.previous)
    texts = before[["statement", "reported"]]
    frame = texts.join(
        [
            before.drop(columns=texts.columns).add_suffix("_before"),
            now.drop(columns=texts.columns).add_suffix("_now"),
        ]
    )
    return frame.assign(difference=frame["share_now"] - frame["share_before"])


def change_sentence(evidence: Evidence, frame: "pd.DataFrame") -> Sentence:
    """How many words changed, in which direction, and the largest difference of a share."""
    both = frame[(frame["answered_before"] > 0) & (frame["answered_now"] > 0)]
    before, now = _names(evidence)
    changed = both[both["word_before"] != both["word_now"]]
    if both.empty:
        return Sentence(
            "change", f"No statement was answered both in {before} and in {now}.", level="warning"
        )
    up, down = changed[changed["difference"] > 0], changed[changed["difference"] < 0]
    text = f"Between {before} and {now} the word changed for {len(changed)} of {len(both)} statements"
    text += f": up for {len(up)} and down for {len(down)}. " if len(changed) else ". "
    largest = both.to_dict("records")[int(both["difference"].abs().to_numpy().argmax())]
    text += (
        f"The largest change is {sentences.points(largest['difference'])}, from "
        f"{sentences.of(largest['agreeing_before'], largest['answered_before'])} to "
        f"{sentences.of(largest['agreeing_now'], largest['answered_now'])}: “{largest['statement']}”."
    )
    numbers = {str(code): float(value) for code, value in both["difference"].items()}
    return Sentence(
        "change",
        text,
        numbers | {"words_changed": len(changed), "words_up": len(up), "words_down": len(down)},
        source=sentences.listed([evidence.survey.record.file]),
        level="key",
    )


def dumbbell(evidence: Evidence, frame: "pd.DataFrame") -> Figure:
    """The share of each statement in the two periods, the largest fall first."""
    before, now = _names(evidence)
    rows = frame.sort_values("difference", kind="stable")
    labels = list(rows["statement"])
    told = "; ".join(
        f"{row['statement']}: {sentences.percent(row['agreeing_before'], row['answered_before'])} to "
        f"{sentences.percent(row['agreeing_now'], row['answered_now'])}, {sentences.points(row['difference'])}"
        for row in rows.to_dict("records")
        if row["answered_before"] and row["answered_now"]
    )
    fell, rose = int((rows["difference"] < 0).sum()), int((rows["difference"] > 0).sum())
    return Figure(
        "change-by-statement",
        f"Share who agreed or strongly agreed, {before} and {now}",
        lambda canvas: figures.dumbbell(
            canvas, labels, rows["share_before"], rows["share_now"], periods=(before, now)
        ),
        alt=(
            f"Two dots a statement, one a period, joined. From {before} to {now} the share fell for {fell} of "
            f"{len(rows)} statements and rose for {rose}. {told}."
        ),
        frame=rows[["statement", "share_before", "share_now", "difference"]].reset_index(),
        size=figures.dumbbell_size(labels),
        note="From the largest fall to the largest rise.",
        source=_sources(evidence),
    )


def change_table(evidence: Evidence, frame: "pd.DataFrame") -> Table:
    before, now = _names(evidence)
    return Table(
        "change-table",
        f"Each statement in {before} and {now}",
        frame,
        (
            Column("statement", "Statement"),
            Column("answered_before", f"Answered {before}", "count"),
            Column("share_before", f"Share {before}", "percent", blank=NOBODY),
            Column("word_before", f"Word {before}", blank=NOBODY),
            Column("answered_now", f"Answered {now}", "count"),
            Column("share_now", f"Share {now}", "percent", blank=NOBODY),
            Column("word_now", f"Word {now}", blank=NOBODY),
            Column("difference", "Change, percentage points", "points", blank=NOBODY),
        ),
        source=_sources(evidence),
    )


def _names(evidence: Evidence) -> tuple[str, str]:
    if evidence.previous is None:
        raise LookupError("there is no earlier period")
    return evidence.previous.period, evidence.survey.period


def _sources(evidence: Evidence) -> str:
    surveys = [survey for survey in (evidence.previous, evidence.survey) if survey is not None]
    return sentences.listed(survey.record.file for survey in surveys)
