"""What is the question, and how might Collaborative Improvement change outcomes?"""

from typing import TYPE_CHECKING

from ci_eval.report import figures
from ci_eval.report.book import Piece
from ci_eval.report.impact.evidence import ImpactEvidence
from ci_eval.report.pieces import Figure, Sentence

if TYPE_CHECKING:
    import pandas as pd

# One row a step: what happens, what would show it, and whether this evaluation looks at it.
CHAIN = (
    (
        "The host authority chooses a focus from its own self-evaluation.",
        "The interim evaluation: areas of focus, and whether they are rooted in self-evaluation.",
    ),
    (
        "Officers of the host, of other authorities, Education Scotland and ADES look at practice together.",
        "The register: who took part, when and how. The survey: purpose, process, partnership.",
    ),
    (
        "They end with a written report and an action plan.",
        "The register and the survey: was a report written and published?",
    ),
    (
        "Schools and services change what they do.",
        "Not measured. The survey asks only whether people took or will take actions.",
    ),
    (
        "More learners reach the level expected for their stage, and the gap between the least and the most "
        "deprived areas narrows.",
        "This evaluation: published attainment, host authorities beside those not yet hosts.",
    ),
)
SPILLOVER = (
    "Officers of authorities that have not been hosts sit on the teams of others and may take home what they saw. "
    "The comparison then shows less than the effect, because those compared with have changed as well."
)


def theory(evidence: ImpactEvidence) -> list[Piece]:
    """The question, the chain of steps, and what could carry the effect to those compared with."""
    return [
        Sentence("question", evidence.plan.question, source=evidence.plan_file, level="key"),
        chain(),
        Sentence("spillover", SPILLOVER, level="warning"),
    ]


def chain() -> Figure:
    """The theory of change as boxes, beside each what would show it."""
    happens, shown = [step for step, _ in CHAIN], [seen for _, seen in CHAIN]
    told = " Then: ".join(f"{step} What would show it: {seen}" for step, seen in CHAIN)
    return Figure(
        "theory-of-change",
        "How Collaborative Improvement might change outcomes, step by step",
        lambda canvas: figures.steps(
            canvas, happens, shown, ("What would have to happen", "What would show it")
        ),
        alt=f"Five boxes from top to bottom, an arrow from each to the next. First: {told}",
        frame=_frame(),
        size=figures.steps_size(happens, shown),
        note=(
            "An outcome can change only through every step before it. Where no effect is found, the steps say where to "
            "look; where one is found, they say what should be seen as well."
        ),
        source="Aims of the programme as published in its interim report, January 2023; the steps between are ours.",
        invented=False,
    )


def _frame() -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(CHAIN, columns=["step", "shown_by"])
