"""Statistics on counts of answers and on codes of comments. Arrays and frames in, arrays and frames out.

Nothing here knows a file, a survey or a notebook, and nothing is fetched: the bands of the words, a seed, a level are
passed in. What cannot be computed is refused (`refusals.Refused`). In the order in which data walks through:

- `answer_counts`: responses become one table of counts, statement × group × answer; `arguments` says what a count is
- `shares`, `bands`: the share that agrees, its word, what would change the word, and what is certain of everybody
- `intervals`, `word_probability`: how sure the share and the word are; `betabinomial` is their distribution
- `clustered`: the same where respondents come in engagements
- `differences`, `ordinal_comparison`, `group_permutation`, `trends`: two groups, two periods, three periods or more
- `rank_intervals`: the rank of each unit by its share, and how much of it is chance
- `consensus`: how much people agree with each other, whatever they say
- `scales`: do the statements form one scale, and were answers given with care
- `nonresponse`, `raking`: who did not answer, and whether it matters
- `coders`: how far people who code comments agree
- `published_values`: does this machine reproduce what others have printed

Methods: docs/methods.md, statements in section A, coders in section B.
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
from ci_eval.agreement.group_permutation import compare_groups
from ci_eval.agreement.intervals import interval
from ci_eval.agreement.nonresponse import response_rate, tipping_point, weighted_words
from ci_eval.agreement.ordinal_comparison import Superiority, superiority
from ci_eval.agreement.raking import Raked, rake, rake_counts
from ci_eval.agreement.rank_intervals import rank_interval
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
    "compare_groups",
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
    "rank_interval",
    "response_rate",
    "rwg",
    "share",
    "speeders",
    "straight_lining",
    "superiority",
    "sureness",
    "tastle_wierman",
    "theme_agreement",
    "tipping_point",
    "trend",
    "turning_point",
    "van_der_eijk",
    "weighted_words",
    "word",
    "word_change",
    "word_probabilities",
    "words",
]
