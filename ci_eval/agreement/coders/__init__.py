"""Do coders agree? Coefficients for any number of coders, missing codes and several kinds of code.

Everything takes units × coders: one row a unit, one column a coder; None, NaN or "" is a missing code. In the order in
which codes walk through:

- `codes`: what coders wrote becomes whole numbers; `sets` where a cell holds several codes
- `patterns`: equal units are put together; every coefficient is computed on the distinct ones
- `chance`, with `category_weights` for near agreement: percent agreement, kappas, AC1 and AC2
- `alpha`, with `metrics` for distances: Krippendorff's alpha
- `coefficient_interval`: bootstrap and published standard errors; `agreement_result` is what all of them give
- `themes`: the coefficients of each theme of a codebook
- `double_coding`: how many comments to code twice, and which codes are confused

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
from ci_eval.agreement.coders.double_coding import comments_needed, most_confused
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
    "comments_needed",
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
    "most_confused",
    "percent_agreement",
    "theme_agreement",
]
