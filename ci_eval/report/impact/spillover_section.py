"""Did it spill over to others? Officers sent to earlier teams, and what they make of the comparison."""

from ci_eval.report.book import Piece
from ci_eval.report.impact.evidence import ImpactEvidence
from ci_eval.report.pieces import Sentence


def spillover(evidence: ImpactEvidence) -> list[Piece]:
    """What is known of officers of authorities compared with, who sat on the teams of earlier hosts."""
    return [
        Sentence.missing(
            "spillover",
            "Nobody has recorded which authorities sent officers to which teams, so that what spread to the authorities "
            "compared with cannot be taken off. If something did, the difference above understates the effect.",
            'declare a table of councils, engagements and officers as officers = "…" under [impact] in the settings file.',
        )
    ]
