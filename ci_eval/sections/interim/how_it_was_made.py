"""How was this made? The rules behind the numbers, what became of every row, the records compared, the inputs."""

import pandas as pd

from ci_eval import __version__
from ci_eval.agreement import Band
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table

RESULTS = ("PASS", "WARN", "FAIL")


def words(records: pd.DataFrame) -> list[Sentence]:
    """The rules, whether published values come out again, each export's rows, the limits; of `Evidence.load_record`."""
    return [rules(records), self_checked(records), *rows_used(records), limits(records)]


def rules(records: pd.DataFrame) -> Sentence:
    """The rule behind the words, as the settings have it."""
    bands, smallest = records.attrs["bands"], records.attrs["smallest_group"]
    scales = records.attrs["asked_on"]
    said = sentences.listed((scale.said for scale in scales), "or")
    apart = "".join(f"“{one}”, " for one in dict.fromkeys(one for scale in scales for one in scale.not_scale))
    listed = sentences.listed(f"{band.word} {_range(band)}" for band in reversed(bands))
    return Sentence(
        "method",
        f"A share is the proportion of those who answered on the scale who {said}; {apart}not applicable, not shown and not "
        "answered are counted apart. The word for a share is chosen from the exact "
        f"fraction, never from a rounded percentage: {listed}. Intervals are at 95% unless a table or "
        f"sentence says otherwise. Groups of fewer than {smallest} people are not shown by themselves. docs/methods.md "
        "gives every equation with its source and the values it was checked against.",
        {"smallest_group": smallest}
        | {
            f"{band.word} {edge}".replace(" ", "_"): float(value)
            for band in bands
            for edge, value in (("above", band.above), ("up to", band.up_to))
        },
        source="data/programme/proportion_words.csv",
    )


def _range(band: Band) -> str:
    low, high = (f"{float(100 * edge):g}%" for edge in (band.above, band.up_to))
    if band.above == band.up_to:
        return f"is exactly {low}"
    return (
        f"is {'at least' if band.above_included else 'over'} {low} and "
        f"{'at most' if band.up_to_included else 'under'} {high}"
    )


def self_checked(records: pd.DataFrame) -> Sentence:
    """Whether the statistics give the published values where the report was made."""
    about = records.attrs
    text = f"The statistics were checked where this report was made: {about['self_check']}."
    numbers = {"reproduced": about["reproduced"], "values": about["values"]}
    if not about["not_reproduced"]:
        return Sentence("self-check", text, numbers)
    text += (
        f" Not reproduced: {sentences.listed(about['not_reproduced'])}. Do not use the numbers of this report before that "
        "is understood; ci-eval self-check lists what was expected and what came out."
    )
    return Sentence("self-check", text, numbers, level="warning")


def rows_used(records: pd.DataFrame) -> list[Sentence]:
    """What became of every row of each export."""
    made = []
    for row in records.to_dict("records"):
        text = (
            f"{row['file']}, {row['description']}: {row['rows_in']:,} rows = {row['used']:,} used + "
            f"{row['left_out']:,} left out{' (' if row['reasons'] else ''}{row['reasons']}{')' if row['reasons'] else ''}."
        )
        numbers = {name: row[name] for name in ("rows_in", "used", "left_out")}
        made.append(Sentence(f"load-{row['period'].lower()}", text, numbers, source=row["file"]))
    return made


def limits(records: pd.DataFrame) -> Sentence:
    """What these data cannot show, whatever the numbers."""
    text = (
        "A survey shows what those who answered think. It cannot show what changed for learners, which is the subject of "
        "the impact evaluation. People who answer may be better disposed than those who do not, and no interval allows for "
        "that; where the number asked is known, the bounds do. If respondents of one engagement resemble each other, the "
        "intervals are too narrow."
    )
    if records.attrs["previous"]:
        text += " The two answers of a person who answered in both periods are not independent."
    return Sentence("limits", text, level="warning")


def records_compared(consistency: pd.DataFrame) -> list[Sentence | Table]:
    """The register compared with itself and with the calendar; of `Evidence.consistency`."""
    if consistency.empty:
        return []
    counted = {result: int((consistency["result"] == result).sum()) for result in RESULTS}
    return [
        Sentence(
            "consistency",
            f"{len(consistency)} comparisons of the register with itself and with the calendar: "
            f"{counted['PASS']} agree, {counted['WARN']} need a person’s look, {counted['FAIL']} contradict.",
            {result.lower(): n for result, n in counted.items()} | {"comparisons": len(consistency)},
        ),
        Table(
            "consistency-table",
            "Does the register agree with itself?",
            consistency,
            (Column("message", "Compared"), Column("result", "Result")),
            note="PASS: they agree. WARN: they differ in a way that a person has to judge. FAIL: they cannot both be right.",
            row_heading="message",
        ),
    ]


def inputs(provenance: pd.DataFrame) -> list[Sentence | Table]:
    """Every input with its checksum; manifest.json beside the page holds the rest; of `Evidence.provenance`."""
    return [
        Sentence(
            "provenance",
            f"Made by ci_eval {__version__} from the {sentences.count(len(provenance), 'file')} below and nothing else. The "
            "manifest beside this page adds the versions of the libraries, the commit, the times and a checksum of every "
            "output; made again from the same files with the same versions, the report is the same to the byte.",
            {"inputs": len(provenance)},
        ),
        Table(
            "inputs",
            "Inputs and their checksums",
            provenance,
            (Column("file", "File"), Column("sha256", "SHA-256")),
        ),
    ]
