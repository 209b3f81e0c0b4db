"""One run at a time: a lock the operating system takes back when its holder ends, however it ends.

The lock is on an open file, so a killed run leaves no stale lock behind; the file itself stays, because
removing it would let two runs hold two files of one name.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ci_eval.runs.failures import RunFailed

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(file: Path, what: str) -> Iterator[None]:
    """Hold the lock of `file` for the length of the block.

    Raises
    ------
    RunFailed
        If another process holds it; `what` and that process's number are named.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            _take(handle)
        except OSError as error:
            holder = (
                os.pread(handle, 200, 0).decode("utf-8", "replace").strip() if hasattr(os, "pread") else ""
            )
            raise RunFailed(
                f"CANNOT RUN {what}: another run of it is under way{f' ({holder})' if holder else ''}.\n"
                "Mend: wait until it has ended; two runs of one period must not mix."
            ) from error
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode())
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)
