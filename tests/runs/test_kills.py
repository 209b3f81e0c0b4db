"""A run killed or stopped at any stage, or at any moment, leaves a whole output or none, and the next run works."""

import os
import random
import re
import signal
import sys
import time
from importlib import import_module

import campaigns
import pytest
from processes import alive, wait_for

from ci_eval.runs import manifest, warm_processes
from ci_eval.runs.failures import stoppable
from ci_eval.runs.notebook_run import run

pytestmark = pytest.mark.skipif(not warm_processes.CAN_FORK, reason="a campaign of fresh processes takes hours")

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
# Stage → where the signal comes, and which output is there afterwards: for KILL, and for TERM and INT.
STAGES = {
    "the lock": ("notebook_run.Place.recover", "old", "old"),
    "the copy of the inputs": ("notebook_run.copy_inputs", "old", "old"),
    "the start of the kernel": ("warm_processes.WaitingKernel.send_for", "old", "old"),
    "a cell": ("execution.Progress.__call__", "old", "old"),
    "the executed notebook": ("execution.write", "old", "old"),
    "the check of the documents": ("notebook_run._check", "old", "old"),
    "the manifest": ("manifest.write", "old", "old"),
    "writing to the disk": ("output_folder._to_disk", "old", "old"),
    "between the two renames": ("Path.rename:destination", "old", "old"),
    "after the swap": ("Path.rename:work", "new", "new"),
    "deleting the old output": ("output_folder.Place._clear", "new", "new"),
    "the history": ("notebook_run._record", "new", "new"),
}
MOMENTS, LONGEST = 200, 1.5  # seconds, about what a run of the tiny notebook takes in a warm process
"""


