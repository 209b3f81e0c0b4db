"""The plan itself: every setting, its hash, whether it is frozen, what was changed since, and by what reason."""

from typing import TYPE_CHECKING

from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.impact.analysis_plan import SENSITIVITY, described
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd


def the_plan(evidence: ImpactEvidence) -> list[Piece]:
    """Whether the plan is frozen, its settings, its sensitivity analyses, and its amendments."""
    return [
        frozen_sentence(evidence),
        settings_table(evidence),
        *sensitivity(evidence),
        *amendments(evidence),
    ]


def frozen_sentence(evidence: ImpactEvidence) -> Sentence:
    """Frozen when and with which hash, and whether the file has been changed since."""
    frozen = evidence.frozen
    if frozen is None:
        return Sentence.missing(
            "frozen",
            f"The plan is not frozen (SHA-256 of {evidence.plan_file} as it is: {evidence.plan_sha256}). Outcomes "
            "of exposed years stay closed.",
            "when everybody agrees with the plan, run ci-eval plan freeze and send the line it prints to the Strategic "
            "Group, so that others can say on which day it was fixed.",
        )
    text = (
        f"The plan was frozen on {sentences.date(frozen.frozen_on)}; the SHA-256 of its text is {frozen.sha256}. "
        "Outcomes of exposed years may be opened on its terms."
    )
    if evidence.departures:
        text += (
            f" Since then the plan file was changed in {sentences.count(len(evidence.departures), 'setting')}; what was "
            "frozen holds, and the table shows both."
        )
    numbers = {"departures": len(evidence.departures), "amendments": len(frozen.amendments)}
    level = "warning" if evidence.departures else "key"
    return Sentence("frozen", text, numbers, source=evidence.plan_file, level=level)  # type: ignore[arg-type]


def settings_table(evidence: ImpactEvidence) -> Table:
    """Every setting of the plan as frozen, and as it is now where the two differ."""
    import pandas as pd

    planned = described(evidence.plan if evidence.frozen is None else evidence.frozen.plan)
    changed = {one.key: one.now for one in evidence.departures}
    frame = pd.DataFrame(
        [{"setting": key, "planned": words, "now": changed.get(key, "")} for key, words in planned.items()]
    )
    columns = [Column("setting", "Setting"), Column("planned", "As planned")]
    if changed:
        columns.append(Column("now", "As the file is now", blank="as planned"))
    return Table(
        "plan-settings", "Every setting of the plan", frame, tuple(columns), source=evidence.plan_file
    )


def sensitivity(evidence: ImpactEvidence) -> list[Piece]:
    """The analyses that will show how much the answer hangs on a choice."""
    plan = evidence.plan if evidence.frozen is None else evidence.frozen.plan
    if not plan.sensitivity:
        return [Sentence("sensitivity", "The plan names no sensitivity analysis.", level="warning")]
    return [
        Table(
            "plan-sensitivity",
            "Sensitivity analyses that will be reported, whatever they show",
            _listed(plan.sensitivity),
            (Column("name", "Analysis"), Column("meaning", "What is done")),
        )
    ]


def _listed(names: tuple[str, ...]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame([{"name": name, "meaning": SENSITIVITY[name]} for name in names])


def amendments(evidence: ImpactEvidence) -> list[Piece]:
    """Plans that were frozen before this one, and why they were replaced; nothing where there are none."""
    import pandas as pd

    if evidence.frozen is None or not evidence.frozen.amendments:
        return []
    rows = [
        {
            "frozen_on": one.frozen_on,
            "replaced_on": one.replaced_on,
            "reason": one.reason,
            "changed": sentences.listed(f"{d.key}: {d.planned} → {d.now}" for d in one.departures),
            "sha256": one.sha256,
        }
        for one in evidence.frozen.amendments
    ]
    return [
        Table(
            "plan-amendments",
            "Plans frozen before this one",
            pd.DataFrame(rows),
            (
                Column("frozen_on", "Frozen on", "date"),
                Column("replaced_on", "Replaced on", "date"),
                Column("reason", "Why"),
                Column("changed", "What was changed", blank="words around the settings only"),
                Column("sha256", "SHA-256"),
            ),
        )
    ]
