"""Runs: settings, the run of a notebook, its manifest, and what stands in the outputs folder."""
