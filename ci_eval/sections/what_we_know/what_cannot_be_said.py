"""What cannot be said from these data: causes, single schools, small differences, years that are missing."""

from ci_eval.evidence import EvidenceFrame
from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Sentence
from ci_eval.sections.what_we_know.quantities import not_collected


def words(standing: EvidenceFrame, course: EvidenceFrame, gap: EvidenceFrame) -> list[Sentence]:
    """A list, each line true of any data or derived from these frames."""
    who, first = standing.attrs["authority"], standing.iloc[0]
    parts = "whole authorities and of fifths of areas" if len(gap) else "whole authorities"
    lines = [
        "Why a value is high or low. Nothing on this page shows a cause, and no value shows the quality of teaching.",
        f"How single schools or groups of pupils do. The data are of {parts}.",
    ]
    if not formats.is_blank(first["rank"]) and first["rank_low"] < first["rank_high"]:
        low, high = int(first["rank_low"]), int(first["rank_high"])
        lines.append(f"Which rank {who} truly has. From {low} to {high} the order may be chance.")
    if len(gap):
        known = gap[gap["value"].notna()]
        if len(known) and formats.is_blank(known["low"].iloc[-1]):
            line = "How sure the gap is. Its source gives no numbers of pupils by fifth of areas, so it has no interval."
            if len(known) > 1:
                most = formats.rounded(known["value"].diff().abs().max(), 1)
                line += f" From one collection to the next it has moved by up to {most} {gap.attrs['unit']}."
            lines.append(line)
        unknown = int((gap["value"].isna() & ~gap["school_year"].isin(not_collected(gap))).sum())
        if unknown:
            how_many = sentences.count(unknown, "year")
            lines.append(
                f"How wide the gap was in {how_many} without a published value of {who} by fifth of areas."
            )
    else:
        lines.append("How wide the gap by deprivation is. This outcome is not published by fifth of areas.")
    if years := not_collected(course):
        lines.append(f"What happened in {sentences.listed(years)}. Nothing was collected.")
    if last := standing.attrs["closed_after"]:
        lines.append(
            f"What came after {last}. Later outcomes stay closed until the plan of the impact evaluation is frozen."
        )
    text = "\n".join(f"- {line}" for line in lines)
    return [Sentence("cannot-be-said", text, {"limits": len(lines)})]
