"""Inference by permuting the rollout order (docs/methods.md C3)."""
