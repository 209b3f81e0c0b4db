"""Exploring a survey by hand: filters that choose people, and what these people said.

Everything here is exact and for the team's eyes: the filters show whatever is chosen, and nothing of it is recorded.
"""

from ci_eval.sections.explore.filter_panel import filters

__all__ = ["filters"]
