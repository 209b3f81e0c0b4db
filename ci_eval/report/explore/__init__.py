"""Exploring a survey by hand: choose whom to look at, see how many are left, and what may be shown of them."""

from ci_eval.report.explore.exploration import Choice, Exploration
from ci_eval.report.explore.panel import panel
from ci_eval.report.explore.view import everybody, view

__all__ = ["Choice", "Exploration", "everybody", "panel", "view"]
