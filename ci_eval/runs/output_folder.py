"""Where a run works and where its output goes: a locked folder, a fresh one beside it, one rename.

The lock is on an open file, so a killed run leaves no stale lock behind; the file itself stays, because
removing it would let two runs hold two files of one name.

    outputs/drafts/<period>/<notebook>/            the output; without a manifest it does not exist
    outputs/drafts/<period>/.work-<notebook>.…/    a run under way
    outputs/drafts/<period>/.old-<notebook>/       the output being replaced, for the moment of the swap
    outputs/failed/<period>/<notebook>/<time>/     the executed notebook of a failed run, and the reason

All methods but `destination` and `lock` are for the holder of the lock.
"""

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

from ci_eval.runs.failures import RunFailed

NOTEBOOK = "notebook.ipynb"
PAGE = "report.html"
DOCUMENTS = (
    PAGE,
    "annex.html",
    "report.docx",
    "annex.docx",
    "tables.xlsx",
    "results.json",
)  # what a notebook leaves when its book is closed
PDF = "report.pdf"  # printed by the run where there is a browser
REASON = "reason.txt"
KERNEL_LOG = "kernel.log"
KILLED = "The run ended without a word: it was killed, or the machine stopped."

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
                "Fix: wait until it has ended; two runs of one period must not mix."
            ) from error
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode())
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Place:
    """The folders of one notebook's run for one period."""

    outputs: Path
    period: str
    notebook: str

    @property
    def drafts(self) -> Path:
        return self.outputs / "drafts" / self.period

    @property
    def destination(self) -> Path:
        return self.drafts / self.notebook

    @property
    def lock(self) -> Path:
        return self.drafts / f".{self.notebook}.lock"

    @property
    def failures(self) -> Path:
        return self.outputs / "failed" / self.period / self.notebook

    @property
    def _old(self) -> Path:
        return self.drafts / f".old-{self.notebook}"

    def prepare(self) -> None:
        """Make the folder that will hold the output.

        Raises
        ------
        RunFailed
            If it cannot be made, or nothing can be written into it.
        """
        try:
            self.drafts.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self.drafts):
                pass
        except OSError as error:
            raise RunFailed(
                f"CANNOT WRITE into the outputs folder {self.outputs}: {(error.strerror or str(error)).lower()}. "
                "Nothing was run.\nFix: free or unlock that folder, or name another with --output or as outputs in "
                "the settings."
            ) from error

    def new_work(self) -> Path:
        """A fresh folder on the destination's own disk, so that the swap is a rename."""
        # mkdtemp would make a folder its owner alone may open, and the rename would keep that.
        work = self.drafts / f".work-{self.notebook}.{secrets.token_hex(4)}"
        work.mkdir(parents=True)
        return work

    def recover(self) -> list[Path]:
        """Tidy up after a run that was killed: undo a half-done swap, keep unfinished work as a failure.

        Returns the folders of the failures kept.
        """
        if self._old.exists():
            if self.destination.exists():
                shutil.rmtree(self._old)
            else:
                self._old.rename(self.destination)
        return [
            self.keep_failure(work, KILLED) for work in sorted(self.drafts.glob(f".work-{self.notebook}.*"))
        ]

    def publish(self, work: Path) -> None:
        """Put finished work in the destination's place; the old output is back in it if that fails."""
        replaced = self.destination.exists()
        if replaced:
            self.destination.rename(self._old)
        try:
            work.rename(self.destination)
        except BaseException:
            if replaced:
                self._old.rename(self.destination)
            raise
        # The new output is in place; what cannot be removed of the old one now is removed by the next run.
        shutil.rmtree(self._old, ignore_errors=True)

    def keep_failure(self, work: Path, reason: str) -> Path:
        """Keep the executed notebook, the kernel's own words and the reason; the rest might mislead."""
        folder = self.failures / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        number = 1
        while folder.exists():
            number += 1
            folder = folder.with_name(f"{folder.name.partition('-')[0]}-{number}")
        folder.mkdir(parents=True)
        for name in (NOTEBOOK, KERNEL_LOG):
            if (work / name).is_file() and (work / name).stat().st_size:
                (work / name).rename(folder / name)
        (folder / REASON).write_text(reason.rstrip() + "\n", encoding="utf-8")
        shutil.rmtree(work)
        return folder
