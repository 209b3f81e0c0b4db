"""Whether those who answered late agreed otherwise than those who answered early: a hint of what the others would say.

Method: docs/methods.md A12. Halves of the respondents by time are large groups; a statement on which a half, or those
without a time, are too few is left out.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.agreement import compare, holm
from ci_eval.evidence.group_frames import HINT, NONE, reading, whole_per_cent
from ci_eval.evidence.period_survey import Survey

FEWEST = 20  # answers of a half to a statement, at the least


def halves(moments: "pd.Series[pd.Timestamp]") -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who answered in the earlier and who in the later half; those of one moment are in one half, of no time in none.

    Examples
    --------
    >>> early, late = halves(pd.Series(pd.to_datetime(["2023-08-01", "2023-08-03", "2023-08-02", None])))
    >>> early.tolist(), late.tolist()
    ([True, False, False, False], [False, True, True, False])
    """
    values = moments.to_numpy(dtype="datetime64[ns]")
    known = np.sort(values[~np.isnat(values)])
    ends = np.unique(known)[:-1]  # a last moment ends no earlier half
    if not ends.size:
        nobody = np.zeros(len(values), dtype=bool)
        return nobody, nobody.copy()
    # of the moments that could end the earlier half, the one that makes the halves most alike in size
    sizes = np.searchsorted(known, ends, side="right")
    last = ends[np.abs(2 * sizes - known.size).argmin()]
    return values <= last, values > last


def early_and_late(survey: Survey, smallest: int, level: float = 0.95) -> pd.DataFrame:
    """A row a statement; the columns are those of `Evidence.early_and_late`. Empty where no statement can be compared."""
    frame = survey.of_each_scale(lambda part: _on_one_scale(part, smallest, level))
    if frame.empty:
        return frame
    frame["p_holm"] = holm(frame.pop("p"))
    measures = [survey.questionnaire.scale_of(code).measure for code in frame.index]
    columns = ("p_holm", "superiority", "superiority_low", "superiority_high")
    frame["evidence"] = [
        reading(p, above, f"more {measure}", f"less {measure}", NONE if low <= 0.5 <= high else HINT)
        for p, above, low, high, measure in zip(*(frame[name] for name in columns), measures, strict=True)
    ]
    return frame.drop(columns=["superiority_low", "superiority_high"]).assign(
        superiority=frame["superiority"].round(2), p_holm=frame["p_holm"].round(3)
    )


def _on_one_scale(survey: Survey, smallest: int, level: float) -> pd.DataFrame:
    moments = survey.frame["ended"].fillna(survey.frame["started"])
    sides = halves(moments)
    untimed = survey.counts_of(survey.frame[moments.isna()], None).answered[:, 0]
    first, second = (survey.counts_of(survey.frame[side], None) for side in sides)
    few = np.minimum(first.answered[:, 0], second.answered[:, 0]) < FEWEST
    few |= (untimed > 0) & (untimed < smallest)
    if few.all():
        return pd.DataFrame()
    left_out = [code for code, one in zip(first.statements, few, strict=True) if one]
    nobody = np.zeros(len(survey.frame), dtype=bool)
    shown = survey.frame.assign(**{code: survey.frame[code].where(nobody) for code in left_out})
    early, late = (survey.counts_of(shown[side], None) for side in sides)
    frame = compare(early, late, level=level, bands=survey.bands).rename_axis("code").drop(index=left_out)
    frame.insert(
        0, "statement", [one.text for one in survey.questionnaire.statements if one.code in frame.index]
    )
    shares = ["share_first", "share_second"]
    frame[shares] = whole_per_cent(frame[shares])
    frame["difference"] = (frame["share_second"] - frame["share_first"]).round(2)
    frame.attrs = {
        "early": int(sides[0].sum()),
        "late": int(sides[1].sum()),
        "last": moments[sides[0]].max().date(),
    }
    return frame[
        ["statement", *shares, "difference", "superiority", "superiority_low", "superiority_high", "p"]
    ]
