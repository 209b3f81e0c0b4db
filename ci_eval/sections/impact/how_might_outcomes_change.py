"""What is the question, and how might the programme change outcomes? Steps that can fail, each with what shows it."""

import pandas as pd

from ci_eval.report import figures, sentences
from ci_eval.report.pieces import Column, Figure, Sentence

SPILLOVER = (
    "Where officers of authorities that have not been hosts sit on the teams of others, they may take home what they saw. "
    "Those compared with have then changed as well: where that helped them the comparison shows less than the effect, where "
    "it held them back more."
)


def words(plan: pd.DataFrame) -> Sentence:
    """The question; of `ImpactEvidence.plan`."""
    return Sentence("question", plan.attrs["question"], source=plan.attrs["plan_file"], level="key")


def spillover() -> Sentence:
    """What could carry the effect to those compared with, whatever the data."""
    return Sentence("spillover", SPILLOVER, level="warning")


def chart(steps: pd.DataFrame) -> Figure | None:
    """The theory of change as boxes, beside each what would show it; of `ImpactEvidence.steps`."""
    if steps.empty:
        return None
    happens, signs = list(steps["step"]), list(steps["shown_by"])
    return Figure(
        "theory-of-change",
        f"How {steps.attrs['programme']} might change outcomes, step by step",
        lambda ax: figures.steps(ax, happens, signs, ("What would have to happen", "What would show it")),
        alt=(
            f"{sentences.opening(sentences.count(len(happens), 'box', 'boxes'))} from top to bottom, an arrow from each to "
            "the next: what would have to happen, beside it what would show it."
        ),
        frame=steps,
        size=figures.steps_size(happens, signs),
        note=(
            "An outcome can change only through every step before it. Where no effect is found, the steps say where to "
            "look; where one is found, they say what should be seen as well."
        ),
        source=f"Aims of the programme as published: {steps.attrs['aims']}. The steps between are ours.",
        invented=False,
        columns=(
            Column("step", "What would have to happen"),
            Column("shown_by", "What would show it"),
        ),
    )
