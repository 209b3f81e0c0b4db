"""Main points: what a reader with two minutes takes away, from the ranked points of `Evidence.points`.

Rules: docs/methods.md A13. The verdict joins the statement on the whole with the largest changes, or with the lowest
share where nothing changed; the evaluator's own sentence overrules it. At most six findings follow, in their rank.
"""

from datetime import date
from typing import Any, cast

import pandas as pd

from ci_eval.programme.questionnaire import Scale
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import REGISTER, answerable, who_agreed

CHANGES = 2  # changes with a finding each; the others are one finding
MOST = 6  # findings: where there would be more, the highest shares give way, then the lowest
HALF = 0.5
SAME = "same"  # the point of statements that all have one share
STATED = ("agreeing", "answered", "share", "share_before", "difference", "low", "high", "unknown")
NOBODY = "Nobody, or too few people to show, gave an answer on the scale to any statement."


def words(points: pd.DataFrame) -> list[Sentence]:
    """The verdict, the findings, and who answered with how sure that is; of `Evidence.points`."""
    ranked = findings(points)
    numbered = "\n".join(f"{place}. {text}" for place, (_, text) in enumerate(ranked, start=1))
    numbers = {
        "_".join(filter(None, (row["point"], row["code"], name))): row[name]
        for row in _rows(points)
        for name in STATED
        if row[name] == row[name]  # not NaN
    }
    numbers |= {"statements": points.attrs["statements"]}
    listing = Sentence("main-findings", numbered, numbers, source=points.attrs["source"] or REGISTER)
    if not points.attrs["statements"]:
        what = points.attrs["missing"][0] if "missing" in points.attrs else NOBODY
        return [Sentence("main-survey", what, level="missing"), listing]
    return [*verdict(points), listing, how_sure(points, ranked)]


def verdict(points: pd.DataFrame) -> list[Sentence]:
    """One sentence on the whole: the evaluator's own where she has written one."""
    about = points.attrs
    if about["verdict"]:
        text = f"{about['verdict']}\n\nThe evaluator’s own verdict: {_by(about['evaluator'], about['written_on'])}."
        return [Sentence("main-verdict", text, level="key")]
    overall, changed = about["overall"], _top_changes(points)
    numbers = {f"{row['code']}_difference": row["difference"] for row in changed}
    numbers |= {row["point"]: row["share"] for row in _rows(points, "lowest", "highest")}
    if overall is None:
        first = _rows(points, "highest", "lowest")
        first = [row for row in first if row["scale"] == first[0]["scale"]]
        parts = [f"{row['point']} on {row['topic']} ({_percent(points, row)})" for row in first]
        opening = f"{_measure(points, first[0])} is {sentences.listed(parts)}" if parts else ""
    else:
        who = _who(points, overall)
        opening = f"{who} {overall['finding']}"
        numbers["overall"] = overall["share"]
    text = sentences.opening(opening) + _contrast(points, overall, changed)
    return [Sentence("main-verdict", f"{text}.", numbers, level="key")]


def _contrast(points: pd.DataFrame, overall: dict[str, Any] | None, changed: list[dict[str, Any]]) -> str:
    """What stands beside the statement on the whole: the largest changes, their absence, or the lowest share."""
    about = points.attrs
    if changed:
        rose, better = changed[0]["difference"] > 0, _better(points, changed[0])
        good = overall is None or overall["share"] >= HALF
        topics = sentences.listed(f"on {row['topic']}" for row in changed)
        sizes = [sentences.points(abs(row["difference"])).lstrip("+") for row in changed]
        same = len(set(sizes)) == 1
        by = sizes[0] if same else f"{sizes[0].split()[0]} and {sizes[1]}"
        each = " each" if same and len(sizes) > 1 else ""
        verb = f"{_measure(points, changed[0])} {topics} {'rose' if rose else 'fell'}"
        return f", {'and' if good == better else 'but'} {verb} by {by}{each}"
    if about["compared"] and not about["moved"]:
        return f"; there is no evidence of change since {about['previous']}"
    lowest = _rows(points, "lowest")
    if overall is None or not lowest or lowest[0]["share"] == overall["share"]:
        return ""
    return (
        f"; {_measure(points, lowest[0])} is lowest on {lowest[0]['topic']} ({_percent(points, lowest[0])})"
    )


def _top_changes(points: pd.DataFrame) -> list[dict[str, Any]]:
    """The largest change, and the next where it goes the same way on the same scale."""
    rows = _rows(points, "change")[:CHANGES]
    alike = [(row["difference"] > 0, _better(points, row), row["scale"]) for row in rows]
    return [row for row, one in zip(rows, alike, strict=True) if one == alike[0]]


def _better(points: pd.DataFrame, row: dict[str, Any]) -> bool:
    """Whether a change is favourable: agreement with a reversed statement is not."""
    return bool((row["difference"] > 0) != (row["code"] in points.attrs["reversed"]))


def findings(points: pd.DataFrame) -> list[tuple[str, str]]:
    """At most six findings, each with the kind of its point: the changes, the extremes, reports, hosts."""
    changes = _rows(points, "change")
    places = {row["code"]: place for place, row in enumerate(changes)}
    single = {row["code"] for row in changes[:CHANGES]}
    listed: list[tuple[str, str]] = []
    for row in _rows(points):
        kind = row["point"]
        if kind == "change":
            place = places[row["code"]]
            if place < CHANGES:
                listed.append((kind, _changed(points, row)))
            elif place == CHANGES:
                listed.append(("others", _others(points, changes[CHANGES:])))
        elif kind in ("lowest", "highest", SAME):
            if row["code"] not in single or not row["code"]:
                listed.append((kind, _extreme(points, row)))
        else:
            listed.append((kind, _report(points, row) if kind == "report" else _hosts(points, row)))
    for kind in ("highest", "lowest"):
        while len(listed) > MOST and any(one == kind for one, _ in listed):
            last = max(place for place, (one, _) in enumerate(listed) if one == kind)
            del listed[last]
    if points.attrs["compared"] and not points.attrs["moved"]:
        since = points.attrs["previous"]
        listed.insert(0, ("none", f"There is no evidence of change since {since} on any statement."))
    return listed


def _changed(points: pd.DataFrame, row: dict[str, Any]) -> str:
    low, high = sorted(abs(row[end]) for end in ("low", "high"))
    size = sentences.points(abs(row["difference"])).lstrip("+")
    before = sentences.percent(row["agreeing_before"], row["answered_before"], bands=points.attrs["bands"])
    text = (
        f"{_percent(points, row)} ({int(row['agreeing']):,} of {int(row['answered']):,}) {_did(points, row)} "
        f"{row['reported']}. "
        f"In {points.attrs['previous']} it was {before}: a {'rise' if row['difference'] > 0 else 'fall'} of {size} "
        f"(95% interval {100 * low:.0f} to {100 * high:.0f} points)."
    )
    for end in ("lowest", "highest"):
        if any(row["code"] == one["code"] for one in _rows(points, end)):
            of = f" on {_measure(points, row)}" if len(points.attrs["scales"]) > 1 else ""
            text += f" That is the {end} of the {points.attrs['ranked'][row['scale']]} statements{of}."
    return text


def _others(points: pd.DataFrame, rows: list[dict[str, Any]]) -> str:
    """The changes without a finding of their own, those that fall apart from those that rise."""
    parts = []
    for verb, noun, side in (
        ("fell", "fall", [r for r in rows if r["difference"] < 0]),
        ("rose", "rise", [r for r in rows if r["difference"] > 0]),
    ):
        if not side:
            continue
        bands, first = points.attrs["bands"], max(side, key=lambda row: abs(row["difference"]))
        before = sentences.percent(first["agreeing_before"], first["answered_before"], bands=bands)
        more = sentences.opening(sentences.count(len(side), "other statement"))
        which = "it is" if len(side) == 1 else f"the largest {noun} is"
        parts.append(
            f"{more} {verb} too: {which} on {first['topic']}, from {before} to {_percent(points, first)}."
        )
    return " ".join(parts)


def _extreme(points: pd.DataFrame, row: dict[str, Any]) -> str:
    """The highest or lowest share, with its word where the word is sure."""
    opening = f"{sentences.opening(_measure(points, row))} is {row['point']} on {row['topic']}"
    if row["point"] == SAME:
        opening = f"{sentences.opening(_measure(points, row))} is the same on all {row['topic']}"
    if not row["code"]:
        return f"{opening}: {_percent(points, row)} each."
    who = _who(points, row)
    number = "" if row["agreeing"] in (0, row["answered"]) else f" ({_percent(points, row)})"
    return f"{opening}: {who}{number} {_did(points, row)} {row['reported']}."


def _report(points: pd.DataFrame, row: dict[str, Any]) -> str:
    given, answered = int(row["agreeing"]), int(row["answered"])
    if given == answered:
        return f"All {given:,} who answered the question {row['reported']}."
    who = "respondents" if answered == points.attrs["received"] else "who answered the question"
    return f"{given:,} of {answered:,} {who} ({_percent(points, row)}) {row['reported']}."


def _hosts(points: pd.DataFrame, row: dict[str, Any]) -> str:
    hosted, unknown, by = int(row["agreeing"]), int(row["unknown"]), sentences.date(points.attrs["ends"])
    if unknown and not hosted:
        many = sentences.count(unknown, "authority", "authorities")
        return f"No authority is confirmed to have been a host by {by}; for {many} the register cannot say."
    text = f"{hosted} of {int(row['answered'])} authorities had been a host by {by}"
    if unknown:
        text = f"At least {text}; for {sentences.count(unknown, 'other', 'others')} the register cannot say"
    return f"{text}."


def how_sure(points: pd.DataFrame, listed: list[tuple[str, str]]) -> Sentence:
    """Who asked whom, when, how many answered, and which findings stand whatever the others would have said."""
    about = points.attrs
    received, asked = about["received"], about["asked"]
    numbers: dict[str, object] = {"responses": received, "asked": asked}
    sent = about["sent_to"] and f"The survey went to {about['sent_to']}"
    by = about["sent_by"] and f"{', sent by' if sent else 'The survey was sent by'} {about['sent_by']}"
    text = f"{sent}{by}. " if sent or by else ""
    when = (
        f", from {_day(about['first'])} to {_day(about['last'])}" if about["first"] and about["last"] else ""
    )
    if asked is None:
        text += (
            f"{received:,} people answered{when}. How many were asked is not known, so nobody can say how far they stand "
            "for the others."
        )
    else:
        rate = sentences.percent(received, asked, bands=about["bands"])
        numbers["response_rate"] = received / asked
        text += f"{received:,} of the {asked:,} people asked answered ({rate}){when}."
        if received < asked:
            text += _standing(points, listed)
    return Sentence("main-sure", f"How sure is this? {text}{_short(points)}", numbers)


def _standing(points: pd.DataFrame, listed: list[tuple[str, str]]) -> str:
    """Which of the changes with a finding each keep their direction whatever those would have said who did not answer."""
    stands = [row["stands"] for row in _rows(points, "change")[:CHANGES]]
    places = [place for place, (kind, _) in enumerate(listed, start=1) if kind == "change"]
    firm = [str(place) for place, firm in zip(places, stands, strict=True) if firm is True]
    if not firm:
        return " This report assumes that the others think like those who answered."
    name, change = ("finding", "change") if len(firm) == 1 else ("findings", "changes")
    return (
        f" The {change} in {name} {sentences.listed(firm)} would stand whatever the others would have said. "
        "Elsewhere the report assumes that the others think like those who answered."
    )


def author(points: pd.DataFrame) -> Sentence | None:
    """Who answers for the report, when it was written, and how to reach them; None where nobody is named."""
    return answerable(points.attrs)


def decisions(asked: pd.DataFrame) -> Table | None:
    """The decisions that the evaluator asks of the Group, each with its evidence; None where she asks none."""
    if asked.empty:
        return None
    return Table(
        "main-decisions",
        "Decisions asked of the Group",
        asked,
        (Column("ask", "Decision"), Column("evidence", "Evidence")),
        note=f"The evaluator asks for these decisions: {asked['name'].iloc[0]}.",
    )


def _scale(points: pd.DataFrame, row: dict[str, Any]) -> Scale:
    return cast(Scale, points.attrs["scales"][row["scale"]][0])


def _measure(points: pd.DataFrame, row: dict[str, Any]) -> str:
    return _scale(points, row).measure


def _did(points: pd.DataFrame, row: dict[str, Any]) -> str:
    scale = _scale(points, row)
    return f"{scale.short} {scale.link}"


def _short(points: pd.DataFrame) -> str:
    """What the short words for favourable answers mean, of whom a share is, and what stands behind a change."""
    scales = [scale for scale, _ in points.attrs["scales"].values()]
    text = "".join(
        f" “{sentences.opening(one.short)}” means {one.said}." for one in scales if one.short != one.said
    )
    text += " A share is of those who gave an answer on the scale."
    if _rows(points, "change"):
        text += " Points are percentage points; in 95 of 100 such surveys the interval holds the true change."
    return text


def _rows(points: pd.DataFrame, *kinds: str) -> list[dict[str, Any]]:
    """The points of these kinds, all where none is named; no code where a point has no statement."""
    rows = points if not kinds else points[points["point"].isin(kinds)]
    return [
        {str(name): value for name, value in row.items()}
        | {"code": row["code"] if isinstance(row["code"], str) else ""}
        for row in rows.to_dict("records")
    ]


def _who(points: pd.DataFrame, row: dict[str, Any]) -> str:
    agreeing, answered = int(row["agreeing"]), int(row["answered"])
    return who_agreed(row["word"], agreeing, answered, row["sureness"], points.attrs["asked"])


def _percent(points: pd.DataFrame, row: dict[str, Any]) -> str:
    return sentences.percent(row["agreeing"], row["answered"], bands=points.attrs["bands"])


def _by(name: str, day: date | None) -> str:
    return f"{name}, {sentences.date(day)}" if day else name


def _day(text: str) -> str:
    return sentences.date(date.fromisoformat(text[:10]))
