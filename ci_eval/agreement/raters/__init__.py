"""Do coders agree? Coefficients for any number of coders, missing codes and several kinds of code.

Everything takes units × coders: one row a unit, one column a coder; None, NaN or "" is a missing code.
Methods: docs/methods.md B.
"""

from ci_eval.agreement.raters.alpha import krippendorff_alpha
from ci_eval.agreement.raters.chance import (
    adjusted,
    brennan_prediger,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    percent_agreement,
)
from ci_eval.agreement.raters.decisions import theme_shares
from ci_eval.agreement.raters.kappa import cohen_kappa, conger_kappa
from ci_eval.agreement.raters.patterns import Patterns
from ci_eval.agreement.raters.reading import from_counts, from_ratings, from_table
from ci_eval.agreement.raters.result import Agreement
from ci_eval.agreement.raters.sets import from_sets, masi
from ci_eval.agreement.raters.themes import ThemeAgreement, theme_agreement
from ci_eval.agreement.raters.weights import from_distances

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
    "theme_shares",
]
