"""Do coders agree? Coefficients for any number of coders, missing codes and several kinds of code.

Everything takes units × coders: one row a unit, one column a coder; None, NaN or "" is a missing code.
Methods: docs/methods.md B.
"""

from ci_eval.agreement.coders.agreement_result import Agreement
from ci_eval.agreement.coders.alpha import krippendorff_alpha
from ci_eval.agreement.coders.category_weights import from_distances
from ci_eval.agreement.coders.chance import (
    adjusted,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    percent_agreement,
)
from ci_eval.agreement.coders.patterns import Patterns, from_counts, from_ratings, from_table
from ci_eval.agreement.coders.sets import from_sets, masi
from ci_eval.agreement.coders.themes import ThemeAgreement, theme_agreement

__all__ = [
    "Agreement",
    "Patterns",
    "ThemeAgreement",
    "adjusted",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "fleiss_kappa",
    "from_counts",
    "from_distances",
    "from_ratings",
    "from_sets",
    "from_table",
    "gwet_ac1",
    "gwet_ac2",
    "krippendorff_alpha",
    "masi",
    "percent_agreement",
    "theme_agreement",
]
