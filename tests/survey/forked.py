"""The SPSS reader in a copy of this process instead of a new one: as far apart, and a hundred times as quick.

A new interpreter needs a second to load what reads .sav files; a copy of one that has loaded it needs milliseconds, and
dies of a damaged file just as alone. What only the new process has (its command, its time-out) is shown in test_spss.
"""

import json
import os
import signal
import tempfile
import time
from collections.abc import Collection
from typing import Any

from ci_eval.inputs import spss
from ci_eval.inputs.files import OpenFile

SECONDS = 20


def read_apart(source: OpenFile, unread: Collection[str]) -> dict[str, Any]:
    """What `spss._read_apart` gives, from `spss.contents` in a forked process."""
    import pyreadstat  # noqa: F401 - loaded before the fork, so that each copy has it

    with tempfile.TemporaryFile("w+") as answer:
        child = os.fork()
        if not child:
            try:
                spss.bound()
                json.dump(spss.contents(str(source.path.resolve()), source.limits, unread), answer)
                answer.flush()
            except BaseException:
                os._exit(1)  # nothing of the parent's own ending may run here
            os._exit(0)
        status = _ended(child)
        if status:
            return {"broken": "file"}
        answer.seek(0)
        found = json.load(answer)
    return found if isinstance(found, dict) else {"broken": "file"}


def _ended(child: int) -> int:
    """The status a process ended with; one that hangs is killed."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]
