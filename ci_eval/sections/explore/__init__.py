"""Exploring a survey by hand: choose whom to look at, see how many are left, and what may be shown of them."""

from ci_eval.evidence.choices import Choice, Exploration
from ci_eval.sections.explore.chosen import everybody, view
from ci_eval.sections.explore.filters import panel

__all__ = ["Choice", "Exploration", "everybody", "panel", "view"]
