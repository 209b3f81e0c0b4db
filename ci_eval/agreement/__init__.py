"""Statistics on counts: shares, words, intervals, comparisons, consensus, raters, scales and non-response.

Arrays and frames in, arrays and frames out; nothing here knows files, surveys or notebooks. Every method is
described in docs/methods.md: statements in section A, coders in section B. The coefficients of coders are here by
name; how ratings, counts of coders and tables of two coders are read once for several of them is
`ci_eval.agreement.coders`.
"""

from ci_eval.agreement.answer_counts import Counts, counts
from ci_eval.agreement.bands import EDUCATION_SCOTLAND, Band, words
from ci_eval.agreement.clustered import ClusteredShare, clustered_share, korn_graubard, logit_interval
from ci_eval.agreement.coders import (
    Agreement,
    ThemeAgreement,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    masi,
    percent_agreement,
    theme_agreement,
)
from ci_eval.agreement.consensus import rwg, tastle_wierman, van_der_eijk
from ci_eval.agreement.differences import Pair, compare, difference, holm, word_change
from ci_eval.agreement.intervals import interval
from ci_eval.agreement.nonresponse import response_rate, weighted_words
from ci_eval.agreement.ordinal_comparison import Superiority, superiority
from ci_eval.agreement.raking import Raked, rake, rake_counts
from ci_eval.agreement.scales import (
    Alpha,
    Omega,
    cronbach_alpha,
    omega_total,
    positions,
    speeders,
    straight_lining,
)
from ci_eval.agreement.shares import bounds, share, turning_point, word
from ci_eval.agreement.trends import Trend, trend
from ci_eval.agreement.word_probability import hedged_word, sureness, word_probabilities

__all__ = [
    "EDUCATION_SCOTLAND",
    "Agreement",
    "Alpha",
    "Band",
    "ClusteredShare",
    "Counts",
    "Omega",
    "Pair",
    "Raked",
    "Superiority",
    "ThemeAgreement",
    "Trend",
    "bounds",
    "brennan_prediger",
    "clustered_share",
    "cohen_kappa",
    "compare",
    "conger_kappa",
    "counts",
    "cronbach_alpha",
    "difference",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "hedged_word",
    "holm",
    "interval",
    "korn_graubard",
    "krippendorff_alpha",
    "logit_interval",
    "masi",
    "omega_total",
    "percent_agreement",
    "positions",
    "rake",
    "rake_counts",
    "response_rate",
    "rwg",
    "share",
    "speeders",
    "straight_lining",
    "superiority",
    "sureness",
    "tastle_wierman",
    "theme_agreement",
    "trend",
    "turning_point",
    "van_der_eijk",
    "weighted_words",
    "word",
    "word_change",
    "word_probabilities",
    "words",
]
