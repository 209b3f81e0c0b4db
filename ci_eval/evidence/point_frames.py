"""The main points, ranked: what changed, what stands out, what is known of reports and hosts.

Rule: docs/methods.md A13. A point's score is its size times how sure it is. The size of a change is the difference of
the shares, and it is as sure as 1 less its adjusted p; only changes with evidence, over the whole scale and in the
share alike, are points. The size of the highest and of the lowest share on a scale is their distance from the median share,
and they are as sure as their word. Reports and hosts have no such size: they follow.
"""

from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement import bounds
from ci_eval.evidence.group_frames import EVIDENCE
from ci_eval.evidence.programme_frames import UNKNOWN, YES
from ci_eval.programme import Questionnaire
from ci_eval.report import sentences

COLUMNS = ["point", "code", "topic", "reported", "agreeing", "answered", "share", "word", "sureness"]
NAMED = 3  # of more statements with the same share, their number is given
CHANGED = ["agreeing_before", "answered_before", "share_before", "difference", "low", "high", "stands"]


def ranked_points(
    statements: pd.DataFrame,
    change: pd.DataFrame,
    publication: pd.DataFrame,
    hosts: pd.DataFrame,
    questionnaire: Questionnaire,
) -> pd.DataFrame:
    """A row a point; the columns are those of `Evidence.points`."""
    answered = statements if statements.empty else statements[statements["answered"] > 0]
    points, of_scale = _changes(answered, change), {}
    for part in questionnaire.by_scale:
        favourable = answered[answered.index.isin([one.code for one in part.statements if not one.reversed])]
        of_scale[part.scales[0].code] = len(favourable)
        points += [point | {"scale": part.scales[0].code} for point in _extremes(favourable)]
    points = [{"scale": _scale(point["code"], questionnaire)} | point for point in points]
    ranked = sorted(points, key=lambda point: -point["score"])
    frame = pd.DataFrame(
        [*ranked, *_report(publication), _hosts(hosts)],
        columns=[*COLUMNS, "scale", *CHANGED, "unknown", "size", "score"],
    )
    frame.attrs = {
        "statements": len(answered),
        "overall": _overall(answered, questionnaire),
        "ranked": of_scale,
        "reversed": {one.code for one in questionnaire.statements if one.reversed},
        "scales": {part.scales[0].code: (part.scales[0], {}) for part in questionnaire.by_scale},
        "compared": 0 if change.empty else int(change["difference"].notna().sum()),
        "moved": 0 if change.empty else int((change["p_holm"] < EVIDENCE).sum()),
    }
    if "missing" in statements.attrs:
        frame.attrs["missing"] = statements.attrs["missing"]
    return frame


def _scale(code: str, questionnaire: Questionnaire) -> str:
    return questionnaire.scale_of(code).code if code else ""


def _overall(answered: pd.DataFrame, questionnaire: Questionnaire) -> dict[str, Any] | None:
    """The statement on the whole: its share, word and what those do who agree; None where nobody answered it."""
    overall = questionnaire.overall
    if overall is None or overall.statement not in answered.index:
        return None
    row = answered.loc[overall.statement]
    facts = {name: row[name] for name in ("agreeing", "answered", "share", "word", "sureness")}
    return {"finding": overall.finding, **facts}


def _changes(answered: pd.DataFrame, change: pd.DataFrame) -> list[dict[str, Any]]:
    if change.empty or answered.empty:
        return []
    # answers can move within "agree", and the share with them or not at all
    up = (change["low"] > 0) & (change["superiority"] > 0.5)
    down = (change["high"] < 0) & (change["superiority"] < 0.5)
    rows = change[(change["p_holm"] < EVIDENCE) & (up | down)]
    stands = _stands(rows, change.attrs)
    return [
        {
            "point": "change",
            **_facts(answered[answered.index == code].iloc[0]),
            "agreeing_before": row["agreeing_first"],
            "answered_before": row["answered_first"],
            "share_before": row["share_first"],
            **{name: row[name] for name in ("difference", "low", "high")},
            "stands": stands[place],
            "size": abs(row["difference"]),
            "score": abs(row["difference"]) * (1 - row["p_holm"]),
        }
        for place, (code, row) in enumerate(rows.iterrows())
        if code in answered.index
    ]


def _stands(rows: pd.DataFrame, about: dict[Any, Any]) -> list[bool | None]:
    """Whether a change keeps its direction whatever those would have said who did not answer; None where not known."""
    if about["asked_first"] is None or about["asked_second"] is None:
        return [None] * len(rows)
    (least_before, most_before), (least_now, most_now) = (
        bounds(rows[f"agreeing_{side}"], rows[f"answered_{side}"], about[f"asked_{side}"])
        for side in ("first", "second")
    )
    apart = (most_now < least_before) | (least_now > most_before)
    return [bool(one) for one in np.atleast_1d(apart)]


def _extremes(answered: pd.DataFrame) -> list[dict[str, Any]]:
    """The lowest and the highest share, each of the statement that has it first; one point where all are equal."""
    if len(answered) < 2:
        return []
    if answered["share"].min() == answered["share"].max():
        row, every = answered.iloc[0], sentences.count(len(answered), "statement")
        facts = _facts(row) | {"code": "", "topic": every, "reported": ""}
        return [{"point": "same", **facts, "size": 0.0, "score": 0.0}]
    middle, points = float(answered["share"].median()), []
    for name, share in (("lowest", answered["share"].min()), ("highest", answered["share"].max())):
        rows = answered[answered["share"] == share]
        size = abs(float(share) - middle)
        facts = _facts(rows.iloc[0])
        sure = 0.0 if np.isnan(facts["sureness"]) else float(facts["sureness"])
        points.append({"point": name, **facts, "size": size, "score": size * sure})
        if len(rows) > 1:
            many = len(rows) > NAMED
            topic = sentences.count(len(rows), "statement") if many else sentences.listed(rows["topic"])
            points[-1] |= {"code": "", "topic": topic, "reported": ""}
    return points


def _facts(row: "pd.Series[Any]") -> dict[str, Any]:
    return {"code": row.name, **{name: row[name] for name in COLUMNS[2:]}}


def _report(publication: pd.DataFrame) -> list[dict[str, Any]]:
    """The commonest answer to whether a report was published, or those given as often."""
    if publication.empty:
        return []
    rows = publication[publication["responses"] == publication["responses"].max()]
    people = int(publication["responses"].sum())
    counted = {"agreeing": int(rows["responses"].iloc[0]), "answered": people, "share": rows["share"].iloc[0]}
    did = ", and as many ".join(publication.attrs["did"][answer] for answer in rows["answer"])
    return [{"point": "report", "reported": did, **counted}]


def _hosts(hosts: pd.DataFrame) -> dict[str, Any]:
    """How many authorities had been a host for certain; unknown: for how many it cannot be known."""
    hosted, unknown = (int((hosts["hosted"] == answer).sum()) for answer in (YES, UNKNOWN))
    share = hosted / len(hosts) if len(hosts) else np.nan
    return {
        "point": "hosts",
        "unknown": unknown,
        "agreeing": hosted,
        "answered": len(hosts),
        "share": share,
    }
