"""From settings and files to the frames a notebook works on.

`opening` checks what a notebook was given; `interim_evidence`, `impact_evidence` and `choices` read the files of one
kind of notebook, `council_facts` those of the authorities; `frames` marks what may be released.
"""

from ci_eval.evidence.choices import open_explore
from ci_eval.evidence.frames import EvidenceFrame, EvidenceSeries, exact, releasable
from ci_eval.evidence.impact_evidence import open_impact
from ci_eval.evidence.interim_evidence import open_interim

__all__ = [
    "EvidenceFrame",
    "EvidenceSeries",
    "exact",
    "open_explore",
    "open_impact",
    "open_interim",
    "releasable",
]
