"""Method, data quality and provenance: how the numbers were made, from what, and what is wrong with it."""

from functools import cache

from ci_eval.report import sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.clustering import clustering
from ci_eval.report.interim.evidence import Evidence, Survey
from ci_eval.report.interim.quality import quality
from ci_eval.report.pieces import Column, Sentence, Table


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
    from ci_eval.agreement.self_check import self_check

    found = self_check()
    text = f"The statistics were checked where this report was made: {found.line}."
    numbers = {"reproduced": found.reproduced, "values": found.values}
    if found.passed:
        return Sentence("self-check", text, numbers)
    failed = sentences.listed(check.case for check in found.checks if not check.passed)
    text += f" Not reproduced: {failed}. Do not use the numbers of this report before that is understood; ci-eval "
    return Sentence(
        "self-check", f"{text}self-check lists what was expected and what came out.", numbers, level="warning"
    )


def _range(band: object) -> str:
    from ci_eval.programme import Band

    if not isinstance(band, Band):
        raise TypeError("a band of the proportion words is needed")
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
