"""How has the outcome moved? The course over school years, a year without a collection left as a gap."""

from ci_eval.evidence import EvidenceFrame
from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Figure, Sentence
from ci_eval.sections.what_we_know.quantities import course_chart, moved, not_collected, step


def words(course: EvidenceFrame) -> list[Sentence]:
    """From the first to the last year, the country beside it, and the years missing; of `AuthorityEvidence.course`."""
    about = course.attrs
    change = step(course)
    if change is None:
        text = f"Fewer than two years of {about['authority']} have a number, so that no movement can be described."
        return [Sentence("course", text, level="missing"), *_missing_years(course)]
    first, last, by = change
    text = f"From {first} to {last} {about['authority']} {moved(by, about['unit'], 'rose', 'fell')}"
    third = course.set_index("school_year")["third"]
    apart = float(third[last] - third[first])
    numbers = {"change": by, "country_change": apart}
    text += (
        f"; {about['third']} {moved(apart, about['unit'], 'rose', 'fell')}."
        if not formats.is_blank(apart)
        else "."
    )
    return [Sentence("course", text, numbers, about["source"]), *_missing_years(course)]


def _missing_years(course: EvidenceFrame) -> list[Sentence]:
    """Years that nobody has, and years that this authority alone lacks."""
    none = not_collected(course)
    parts = []
    if none:
        parts.append(
            f"Nothing was collected in {sentences.listed(none)}, so a step across it is one over two years or more."
        )
    lost = course[course["value"].isna() & ~course["school_year"].isin(none) & course["third"].notna()]
    if len(lost):
        years = sentences.listed(lost["school_year"])
        parts.append(
            f"{course.attrs['authority']} has no number in {years}: {sentences.listed(dict.fromkeys(lost['missing']))}."
        )
    numbers = {"not_collected": len(none), "missing": len(lost)}
    return [Sentence("course-missing", " ".join(parts), numbers)] if parts else []


def chart(course: EvidenceFrame) -> Figure | None:
    """The courses of the authority, the middle of its family group and the country."""
    about, change = course.attrs, step(course)
    title = f"{about['measure']}, {about['authority']}"
    if change is not None:
        first, last, by = change
        title = f"{about['authority']} {moved(by, about['unit'], 'rose', 'fell')} from {first} to {last}"
    alt = f"Lines over school years: {title}; beside it the family group and {about['third']}."
    return course_chart(course, "course-chart", title, alt)
