"""How wide is the gap between the least and the most deprived fifth of areas, and does it narrow?"""

from ci_eval.evidence import EvidenceFrame
from ci_eval.report import formats
from ci_eval.report.pieces import Figure, Sentence
from ci_eval.sections.what_we_know.quantities import EVEN, amount, course_chart, moved, step
from ci_eval.sections.wording import level_of, missing


def words(gap: EvidenceFrame) -> list[Sentence]:
    """The last gap, beside those like it and all, and how it moved; of `AuthorityEvidence.gap`."""
    if gap.empty:
        return missing(gap, "gap")
    about = gap.attrs
    known = gap[gap["value"].notna()]
    if known.empty:
        last = gap.iloc[-1]
        why = last["missing"].replace(" and ", "; ")
        why = why.replace("quintile 5", "least deprived fifth:").replace("quintile 1", "most deprived fifth:")
        text = f"The gap of {about['authority']} is published for no year. In {last['school_year']}, {why}."
        return [Sentence("gap", text, level="missing")]
    last = known.iloc[-1]
    beside = [
        f"{amount(last[column], about['unit']).split(' ')[0]} {name}"
        for column, name in (
            ("others", "is the median of the others in its family group"),
            ("third", "that of all authorities"),
        )
        if not formats.is_blank(last[column])
    ]
    lead = (
        "least deprived fifth of areas is ahead"
        if last["value"] >= 0
        else "most deprived fifth of areas is ahead"
    )
    text = f"In {last['school_year']} the {lead} by {amount(abs(last['value']), about['unit'])} in {about['authority']}"
    if not formats.is_blank(last["low"]):
        low, high = (formats.rounded(last[end], 1) for end in ("low", "high"))
        text += f" ({level_of(gap)} interval of least less most deprived {low} to {high})"
    text += f"; {' and '.join(beside)}." if beside else "."
    if (change := step(gap)) is not None:
        first, end, by = change
        how = "is as wide as" if abs(by) < EVEN else f"{moved(by, about['unit'], 'widened', 'narrowed')} from"
        text += (
            f" The gap {how} {first} to {end}." if abs(by) >= EVEN else f" In {end} the gap {how} in {first}."
        )
    numbers = {name: last[name] for name in ("value", "others", "third", "low", "high")}
    return [Sentence("gap", text, numbers, about["source"], level="key" if about["gap_first"] else "text")]


def chart(gap: EvidenceFrame) -> Figure | None:
    """The courses of the gap; nothing where it is known in no year."""
    if gap.empty or gap["value"].isna().all():
        return None
    about, change = gap.attrs, step(gap)
    title = f"Gap by deprivation in {about['authority']}"
    if change is not None:
        first, last, by = change
        title = (
            f"The gap by deprivation {moved(by, about['unit'], 'widened', 'narrowed')} from {first} to {last}"
        )
    lead = f"Lines over school years, {about['authority']}: {title[0].lower()}{title[1:]}"
    alt = f"{lead}; beside it the family group and all."
    return course_chart(gap, "gap-chart", title, alt)
