"""Where does the authority stand? Its last value beside the family group and the country, and its rank."""

from typing import Any

from ci_eval.evidence import EvidenceFrame
from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.what_we_know.quantities import EVEN, amount, difference, ordinal
from ci_eval.sections.wording import level_of, rank_intervals

NO_COUNTS = "numbers of pupils behind the values are not published"
NO_NUMBER = "suppressed, not collected or not published"


def words(standing: EvidenceFrame) -> list[Sentence]:
    """The value of the outcome of the focus, and its rank; of `AuthorityEvidence.standing`."""
    first, about = standing.iloc[0], standing.attrs
    who, measure, year, unit = about["authority"], first["measure"], first["school_year"], first["unit"]
    numbers = {name: first[name] for name in ("value", "others", "country", "rank", "rank_low", "rank_high")}
    if formats.is_blank(first["value"]):
        text = f"No number of {who} is published for {measure}."
        return [Sentence("standing", text, numbers, about["source"], level="missing")]
    text = f"{measure}: {amount(first['value'], unit)} in {who} in {year}{_beside(first, about)}."
    return [Sentence("standing", text, numbers, about["source"], level="key"), *_rank(first, standing)]


def _beside(first: Any, about: dict[Any, Any]) -> str:
    parts = []
    if not formats.is_blank(first["country"]):
        parts.append(f"{_compared(first['value'] - first['country'], first['unit'])} {about['country']}")
    if first["others_known"]:
        others = sentences.count(int(first["others_known"]), "other authority", "other authorities")
        middle = f"the median of {others}" if first["others_known"] > 1 else "the one other authority"
        parts.append(
            f"{_compared(first['value'] - first['others'], first['unit'])} {middle} of its family group"
        )
    return "".join(f", {part}" for part in parts[:1]) + "".join(f" and {part}" for part in parts[1:])


def _compared(by: float, unit: str) -> str:
    if abs(by) < EVEN:
        return "level with"
    return f"{difference(by, unit)} {'above' if by > 0 else 'below'}"


def _rank(first: Any, standing: EvidenceFrame) -> list[Sentence]:
    about = standing.attrs
    if formats.is_blank(first["rank"]):
        text = f"{about['authority']} has no rank: numbers of pupils behind the values are not published."
        return [Sentence("rank", text, level="missing")]
    rank, low, high, of = (int(first[name]) for name in ("rank", "rank_low", "rank_high", "ranked"))
    text = f"By size of this value it is {ordinal(rank)} of {of:,} authorities; "
    if low == high:
        text += f"the {level_of(standing)} interval of that rank leaves no other."
    else:
        text += f"the {level_of(standing)} interval of that rank runs from {ordinal(low)} to {ordinal(high)}."
    return [Sentence("rank", text, {"rank": rank, "low": low, "high": high, "ranked": of})]


def table(standing: EvidenceFrame) -> Table:
    """Every measure of the same kind, with the rank's interval."""
    about = standing.attrs
    frame = standing.assign(interval=rank_intervals(standing))
    return Table(
        "standing-table",
        f"{about['authority']} beside its family group and {about['country']}",
        frame,
        (
            Column("measure", "Measure"),
            Column("school_year", "School year"),
            _number("value", about["authority"]),
            _number("others", "Family group, median of the others"),
            _number("country", about["country"]),
            Column("rank", "Rank", "count", blank=NO_COUNTS),
            Column("interval", f"Rank, {level_of(standing)} interval", blank=NO_COUNTS),
        ),
        note=(
            f"Values are {sentences.listed(dict.fromkeys(frame['unit']))}. Rank 1 is the largest value. The interval says "
            "how far the rank could differ if other pupils of the same kind had been in these years; it holds no error of "
            "judgement or measurement."
        ),
        source=about["source"],
    )


def _number(name: str, heading: str) -> Column:
    return Column(name, heading, "number", blank=NO_NUMBER, decimals=1)
