"""From settings and files to the frames a notebook works on.

`opening` checks what a notebook was given. `interim_opening` opens the interim evaluation; what was opened are
`period_records`, and on them `interim_evidence` gives a frame for every section: `point_frames` rank the main points,
`own_texts` hold what no number gives; from a `period_survey` through `statement_frames`, `weight_frames`,
`group_frames`, `change_frames`, `question_frames` and `comment_frames`, from the register through `programme_frames` and
`follow_up_frames`, of claims through `claim_frames`, and of what was read through `record_frames`; `missing_reasons` say
why a frame has no rows.
`impact_opening` opens the impact plan and evaluation, with `council_facts`: `impact_evidence` gives their frames, from
`impact_panels` through `exposure_dates`, `plan_frames`, `impact_frames`, `focus_frames`, `impact_estimates` and
`impact_variations`. `authority_opening` opens what is known of one authority, and `authority_evidence` gives its frames.
`frames` marks what may be released.
"""

from ci_eval.evidence.authority_evidence import AuthorityEvidence
from ci_eval.evidence.authority_opening import open_what_we_know
from ci_eval.evidence.frames import EvidenceFrame, EvidenceSeries, exact, releasable
from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.evidence.impact_opening import open_impact
from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.evidence.interim_opening import open_explore, open_interim

__all__ = [
    "AuthorityEvidence",
    "Evidence",
    "EvidenceFrame",
    "EvidenceSeries",
    "ImpactEvidence",
    "exact",
    "open_explore",
    "open_impact",
    "open_interim",
    "open_what_we_know",
    "releasable",
]
