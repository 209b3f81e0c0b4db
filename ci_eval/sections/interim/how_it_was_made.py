"""What if respondents of one engagement resemble each other? The survey does not say who belongs to which.

Methods: docs/methods.md A7 and A4. Without the engagement of a respondent no design effect can be estimated; what can
be said is from which design effect on words would no longer be sure.
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import Band, sureness
from ci_eval.agreement.word_probability import SURE
from ci_eval.evidence.interim_evidence import Evidence, Survey
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table
from ci_eval.sections.interim.were_answers_careful import quality

if TYPE_CHECKING:
    import pandas as pd


EFFECTS = (1.0, 1.25, 1.5, 2.0, 3.0, 5.0)
RESEMBLANCE = 0.05  # intraclass correlation, a value often met among members of one school or team


def clustering(evidence: Evidence) -> list[Piece]:
    """A sentence and a table: how many words stay sure at which design effect; nothing where there is no word."""
    if not evidence.reports_survey:
        return []
    frame = at_effects(evidence)
    if not frame["statements"].any():
        return []
    return [_sentence(evidence, frame), _table(evidence, frame)]


def at_effects(evidence: Evidence) -> "pd.DataFrame":
    """One row a design effect: words sure at it, words no longer sure that are sure without, and effective answers.

    `answers_worth` is how many people drawn one by one the answers to a statement are worth, in the median.
    """
    import pandas as pd

    counted, asked = evidence.survey.counts, evidence.survey.asked
    m, n = counted.agreeing[:, 0], counted.answered[:, 0]
    m, n = m[n > 0], n[n > 0]
    sure = np.array(
        [
            np.atleast_1d(sureness(m, n, asked, design_effect=effect, bands=evidence.bands)) >= SURE
            for effect in EFFECTS
        ]
    )
    return pd.DataFrame(
        {
            "effect": EFFECTS,
            "answers_worth": [round(float(np.median(n)) / effect) if n.size else 0 for effect in EFFECTS],
            "sure": sure.sum(axis=1),
            "lost": (sure[0] & ~sure).sum(axis=1),
            "statements": n.size,
        }
    )


def _sentence(evidence: Evidence, frame: "pd.DataFrame") -> Sentence:
    first, total = int(frame["sure"].iloc[0]), int(frame["statements"].iloc[0])
    lost = frame[frame["lost"] > 0]
    text = (
        "The survey does not record which engagement a respondent took part in, so how far those of one engagement "
        "resemble each other cannot be estimated; intervals and sureness treat them as people drawn one by one. As it "
        f"stands, {first} of {total} words are sure (a probability of at least {SURE:.0%}). "
    )
    size = 1 + (2.0 - 1) / RESEMBLANCE
    numbers: dict[str, object] = {"sure": first, "statements": total, "people_for_an_effect_of_2": size}
    numbers |= {"correlation_for_an_effect_of_2": RESEMBLANCE}
    if lost.empty:
        text += f"None of them would cease to be, up to a design effect of {EFFECTS[-1]:g}."
    else:
        row, last = lost.iloc[0], lost.iloc[-1]
        numbers |= {
            "first_effect": float(row["effect"]),
            "lost_at_first": int(row["lost"]),
            "largest_effect": float(last["effect"]),
            "lost_at_most": int(last["lost"]),
        }
        text += (
            f"At a design effect of {row['effect']:g} {sentences.count(int(row['lost']), 'word')} would no longer be"
            + (
                f", and at {last['effect']:g} {sentences.count(int(last['lost']), 'word')}"
                if row["effect"] < last["effect"]
                else ""
            )
            + "."
        )
    text += (
        f" A design effect of 2 is reached, for example, where {size:.0f} people answer for each engagement and their "
        f"answers have an intraclass correlation of {RESEMBLANCE:g}. To know it, ask in the survey which engagement a "
        "person took part in."
    )
    return Sentence("clustering", text, numbers, level="warning")


def _table(evidence: Evidence, frame: "pd.DataFrame") -> Table:
    return Table(
        "clustering-table",
        "How many words stay sure where respondents of one engagement resemble each other",
        frame,
        (
            Column("effect", "Design effect", "number"),
            Column("answers_worth", "People the answers to a statement are worth, median", "count"),
            Column("sure", "Words that are sure", "count"),
            Column("lost", "Sure words no longer so", "count"),
        ),
        note=(
            "The design effect is by how much resemblance inflates the variance: 1 + (respondents an engagement − 1) × "
            "intraclass correlation. The word itself stays that of those who answered; what changes is how sure it is "
            "(docs/methods.md A4, A7)."
        ),
        source=evidence.survey.record.file,
    )


def method(evidence: Evidence) -> list[Piece]:
    """How shares, words and intervals were made; the load record; the checks of the programme's own records."""
    return [
        how(evidence),
        verified(),
        *load_records(evidence),
        *quality(evidence),
        *clustering(evidence),
        *consistency(evidence),
        limits(evidence),
    ]


def how(evidence: Evidence) -> Sentence:
    """The rule behind the words, as the settings have it."""
    bands = sentences.listed(f"{band.word} {_range(band)}" for band in reversed(evidence.bands))
    return Sentence(
        "method",
        "A share is the proportion of those who answered on the scale that agree or strongly agree; “Don’t know”, not "
        "applicable, not shown and not answered are counted apart. The word for a share is chosen from the exact "
        f"fraction, never from a rounded percentage: {bands}. Intervals are at 95%. Groups of fewer than "
        f"{evidence.smallest_group} people are not shown by themselves. docs/methods.md gives every equation with its "
        "source and the values it was checked against.",
        {"smallest_group": evidence.smallest_group}
        | {
            f"{band.word} {edge}".replace(" ", "_"): float(value)
            for band in evidence.bands
            for edge, value in (("above", band.above), ("up to", band.up_to))
        },
        source="data/programme/proportion_words.csv",
    )


@cache
def verified() -> Sentence:
    """Whether the statistics give the published values on the machine that made the report; computed once."""
    from ci_eval.agreement.published_values import self_check

    found = self_check()
    text = f"The statistics were checked where this report was made: {found.line}."
    numbers = {"reproduced": found.reproduced, "values": found.values}  # noqa: PD011 (no frame)
    if found.passed:
        return Sentence("self-check", text, numbers)
    failed = sentences.listed(check.case for check in found.checks if not check.passed)
    text += f" Not reproduced: {failed}. Do not use the numbers of this report before that is understood; ci-eval "
    return Sentence(
        "self-check", f"{text}self-check lists what was expected and what came out.", numbers, level="warning"
    )


def _range(band: Band) -> str:
    low, high = (f"{float(100 * edge):g}%" for edge in (band.above, band.up_to))
    if band.above == band.up_to:
        return f"is exactly {low}"
    return (
        f"is {'at least' if band.above_included else 'over'} {low} and "
        f"{'at most' if band.up_to_included else 'under'} {high}"
    )


def load_records(evidence: Evidence) -> list[Piece]:
    """What became of every row of the export, and what the loader noticed."""
    newest_first = (evidence.survey, *reversed(evidence.earlier))
    surveys = [survey for survey in newest_first if survey.responses is not None]
    return [piece for survey in surveys for piece in _load_record(survey)]


def _load_record(survey: Survey) -> list[Piece]:
    import pandas as pd

    record = survey.record
    left_out = sum(record.left_out.values())
    text = f"{record.file}, {record.description}: {record.rows_in:,} rows = {record.used:,} used + {left_out:,} left out"
    text += (
        f" ({sentences.listed(f'{reason} {n:,}' for reason, n in record.left_out.items())})."
        if left_out
        else "."
    )
    key = f"load-{survey.period.lower()}"
    pieces: list[Piece] = [
        Sentence(
            key,
            text,
            {"rows_in": record.rows_in, "used": record.used, "left_out": left_out},
            source=record.file,
        )
    ]
    if record.notes:
        notes = pd.DataFrame([note.as_dict() for note in record.notes])
        pieces.append(
            Table(
                f"{key}-notes",
                f"What the loader noticed in {record.file}",
                notes,
                (
                    Column("message", "Noticed"),
                    Column("level", "Level"),
                    Column("count", "Cells", "count"),
                    Column("where", "First", blank="concerns the whole file"),
                ),
            )
        )
    return pieces


def consistency(evidence: Evidence) -> list[Piece]:
    """The programme's records compared with each other and with what was published."""
    import pandas as pd

    found = pd.DataFrame(
        [{"result": f.result, "message": f.message, "source": f.source} for f in evidence.findings]
    )
    if found.empty:
        return []
    order = {"FAIL": 0, "WARN": 1, "PASS": 2}
    found = found.sort_values("result", key=lambda column: column.map(order), kind="stable")
    counted = {result: int((found["result"] == result).sum()) for result in order}
    return [
        Sentence(
            "consistency",
            f"{len(found)} comparisons of the programme’s records with each other and with what has been published: "
            f"{counted['PASS']} agree, {counted['WARN']} need a person’s look, {counted['FAIL']} contradict.",
            {result.lower(): n for result, n in counted.items()} | {"comparisons": len(found)},
        ),
        Table(
            "consistency-table",
            "Do the records agree with each other?",
            found,
            (Column("message", "Compared"), Column("result", "Result")),
            note="PASS: they agree. WARN: they differ in a way that a person has to judge. FAIL: they cannot both be right.",
            row_heading="message",
        ),
    ]


def limits(evidence: Evidence) -> Sentence:
    """What these data cannot show, whatever the numbers."""
    text = (
        "The survey asks people who took part what they think. It cannot show what changed for learners, which is the "
        "subject of the impact evaluation. People who answer may be better disposed than those who do not, and no "
        "interval allows for that; the bounds do. Respondents of one engagement may resemble each other, which makes "
        "the intervals too narrow."
    )
    if evidence.previous is not None:
        text += " Some people may have answered in both periods; their two answers are not independent."
    return Sentence("limits", text, level="warning")


def provenance(evidence: Evidence) -> list[Piece]:
    """Every input with its checksum; manifest.json beside the page holds the rest."""
    import pandas as pd

    from ci_eval import __version__

    frame = pd.DataFrame(evidence.inputs, columns=["file", "sha256"])
    return [
        Sentence(
            "provenance",
            f"Made by ci_eval {__version__} from the {sentences.count(len(frame), 'file')} below and nothing else. The "
            "manifest beside this page adds the versions of the libraries, the commit, the times and a checksum of every "
            "output; made again from the same files, the report is the same to the byte.",
            {"inputs": len(frame)},
        ),
        Table(
            "inputs",
            "Inputs and their checksums",
            frame,
            (Column("file", "File"), Column("sha256", "SHA-256")),
        ),
    ]
