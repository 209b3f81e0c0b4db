"""Does somebody sit at this notebook? What only a person can use is left out where nobody does."""

import os

UNATTENDED = "CI_EVAL_UNATTENDED"  # set by ci_eval.runs in the kernels it starts


def attended() -> bool:
    """Whether this process may have a person before it; False in a run started by ``ci-eval``."""
    return not os.environ.get(UNATTENDED)
