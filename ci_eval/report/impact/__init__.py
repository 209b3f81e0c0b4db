"""The impact plan and evaluation: one function a section, each from the evidence to the pieces a reader sees."""

from ci_eval.report.impact.evidence import ImpactEvidence

__all__ = ["ImpactEvidence"]
