"""How strong the evidence on the primary outcome is: a point for each of five conditions that it meets.

Rule: docs/methods.md C13. A condition that cannot be looked at is not met.
"""

import numpy as np
import pandas as pd

from ci_eval.evidence.impact_variations import AS_LARGE, compared
from ci_eval.report import formats, sentences

FEWEST = 5  # authorities on either side of a comparison that can carry a finding
PLACEBOS = 2  # differences before exposure, without which nothing shows whether authorities moved alike
OTHER_QUESTIONS = ("placebo years", "matched outcome")  # variations that do not estimate the planned effect
Condition = tuple[bool, str]


def conditions(
    estimate: pd.DataFrame,
    detectable: pd.DataFrame,
    balance: pd.DataFrame,
    over_time: pd.DataFrame,
    variations: pd.DataFrame,
    departures: pd.DataFrame,
) -> pd.DataFrame:
    """A row a condition: criterion, met (True or False), reason; of frames of `ImpactEvidence`, `estimate` not empty."""
    looked_at = {
        "Design": _design(estimate),
        "Precision": _precision(detectable),
        "Before exposure": _before(balance, over_time),
        "Sensitivity": _sensitivity(estimate, variations),
        "Registration": _registration(departures),
    }
    rows = [(name, met, reason) for name, (met, reason) in looked_at.items()]
    return pd.DataFrame(rows, columns=["criterion", "met", "reason"])


def _design(estimate: pd.DataFrame) -> Condition:
    """Enough authorities on either side, exposed on dates that nobody has to assume."""
    row = estimate.iloc[0]
    sides = f"{row['exposed']:.0f} authorities are compared with {row['controls']:.0f}"
    if min(row["exposed"], row["controls"]) < FEWEST:
        return False, f"{sides}; fewer than {FEWEST} on a side carry no finding."
    if estimate.attrs["dates"]["assumed"]:
        return False, f"{sides}, but dates of engagements are assumed."
    return True, f"{sides}, and no date of an engagement is assumed."


def _precision(detectable: pd.DataFrame) -> Condition:
    """An effect of the smallest size worth having would be found often enough."""
    if detectable.empty:
        return False, "What could have been found cannot be worked out."
    power = detectable.attrs["realised"] or detectable.attrs["forecast"]
    worth = detectable.attrs["smallest_effect"]
    text = (
        f"An effect of {formats.rounded(power['smallest'], 1)} points is found in {power['wanted']:.0%} of cases; the "
        f"smallest worth having is {formats.rounded(worth, 1)}."
    )
    return bool(power["smallest"] <= worth), text


def _before(balance: pd.DataFrame, over_time: pd.DataFrame) -> Condition:
    """Hosts and others did not differ before exposure, nor move apart."""
    if balance.empty or over_time.empty:
        return False, "Hosts and others cannot be compared before exposure."
    if balance.attrs["p"] <= 1 - balance.attrs["level"]:
        return False, "Hosts and others differed before exposure."
    placebos = over_time[over_time["placebo"].astype(bool)]
    if len(placebos) < PLACEBOS or placebos["band_low"].isna().any():
        return False, "The years before exposure are too few to show whether hosts and others moved alike."
    if ((placebos["band_low"] > 0) | (placebos["band_high"] < 0)).any():
        return False, "Hosts and others moved apart before exposure."
    return True, f"No difference is seen before exposure, in balance or in {len(placebos)} earlier years."


def _sensitivity(estimate: pd.DataFrame, variations: pd.DataFrame) -> Condition:
    """Every other way of asking has the same reading: a rise, a fall, or an interval that holds 0."""
    row = estimate.iloc[0]
    reading = float(np.sign(row["estimate"])) if row["p"] <= 1 - estimate.attrs["level"] else 0.0
    if variations.empty:
        return False, "No other way of asking was tried."
    asked = compared(variations)
    asked = asked[~asked["kind"].isin(OTHER_QUESTIONS)]
    trends = variations[variations["how"].eq(AS_LARGE.format(1.0)) & variations["low"].notna()]
    limits = [
        (low, high) for part in (asked, trends) for low, high in zip(part["low"], part["high"], strict=True)
    ]
    if estimate.attrs["dates"]["bounds"] is not None:
        limits.append(estimate.attrs["dates"]["bounds"])
    same = sum((low > 0) - (high < 0) == reading for low, high in limits)
    text = f"{same} of {sentences.count(len(limits), 'other way', 'other ways')} of asking give the same reading."
    return bool(limits) and same == len(limits), sentences.opening(text)


def _registration(departures: pd.DataFrame) -> Condition:
    """The plan was fixed before outcomes came out, and kept."""
    about = departures.attrs
    if about["frozen_on"] is None:
        return False, "The plan was not frozen."
    if about["evaluated"] or about["amended"]:
        return False, "The plan was frozen anew."
    if len(departures):
        return False, "The evaluation departs from the frozen plan."
    if any(day is None or day < about["frozen_on"] for _, day in about["published"]):
        return False, "The plan was not frozen before outcomes were published."
    return True, "The plan was frozen before outcomes were published, and nothing departs from it."
