"""Where a run works and where its output goes: a locked folder, a fresh one beside it, one rename.

The lock is on an open file, so a killed run leaves no stale lock behind; the file itself stays, because
removing it would let two runs hold two files of one name.

    outputs/drafts/<period>/<notebook>/            the output; without a manifest it does not exist
    outputs/drafts/<period>/.work-<notebook>.…/    a run under way
    outputs/drafts/<period>/.old-<notebook>/       the output being replaced, for the moment of the swap
    outputs/drafts/<period>/.gone-<notebook>/      the same, being deleted
    outputs/failed/<period>/<notebook>/<time>/     the executed notebook of a failed run, and the reason
    outputs/set_aside/<period>/<notebook>/<time>/  an output that somebody had changed, before it was replaced

Where a notebook is run for several keys, such as one authority after the other, <notebook> is a folder in all of these
and <key> stands in it as <notebook> does here.

All methods but `destination` and `lock` are for the holder of the lock.
"""

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

from ci_eval.runs import manifest
from ci_eval.runs.failures import Locked, RunFailed

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
RELEASED, RECORD = "released", "record.json"
PDF = "report.pdf"  # printed by the run where there is a browser
REASON = "reason.txt"
KERNEL_LOG = "kernel.log"
HISTORY = "history.jsonl"  # one line a run
TIME = "%Y%m%dT%H%M%SZ"  # names the folders of failed runs, in order of time
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
    """Hold the lock of `file` for the length of the block; what is made in it can be read by its owner only.

    Raises
    ------
    RunFailed
        If another process holds it; `what` and that process's number are named.
    """
    before = os.umask(0o077)  # a failed run holds what a page does not; who reads a release is decided later
    handle = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(handle)
        except OSError as error:
            holder = _holder(handle)
            raise Locked(
                f"CANNOT RUN {what}: another run of it is under way{f' ({holder})' if holder else ''}.\n"
                "Fix: wait until it has ended; two runs of one period must not mix."
            ) from error
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode())
        yield
        os.ftruncate(handle, 0)
    finally:
        os.umask(before)
        if handle is not None:
            os.close(handle)


def last_holder(file: Path) -> tuple[str, bool]:
    """Who took the lock last, ``process 123, since 2026-11-28 20:15:02 UTC``, and whether the lock is held now.

    A run that ended takes its name out of the file; one that was killed could not.
    """
    try:
        handle = os.open(file, os.O_RDWR)
    except OSError:
        return "", False
    try:
        who = _holder(handle)
        try:
            _take(handle)
        except OSError:
            return who or "another process", True
        return who, False
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    """What the holder of a lock wrote into its file; a locked file cannot be read on Windows."""
    return os.pread(handle, 200, 0).decode("utf-8", "replace").strip() if hasattr(os, "pread") else ""


@dataclass(frozen=True)
class Place:
    """The folders of one notebook's run for one period, and for one key where it is run for several."""

    outputs: Path
    period: str
    notebook: str
    key: str = ""

    @property
    def name(self) -> str:
        """The name of the output's folder."""
        return self.key or self.notebook

    @property
    def drafts(self) -> Path:
        return self._within("drafts")

    @property
    def destination(self) -> Path:
        return self.drafts / self.name

    @property
    def lock(self) -> Path:
        return self.drafts / f".{self.name}.lock"

    @property
    def failures(self) -> Path:
        return self._within("failed") / self.name

    @property
    def set_aside(self) -> Path:
        return self._within("set_aside") / self.name

    @property
    def history(self) -> Path:
        return self.outputs / HISTORY

    @property
    def _old(self) -> Path:
        return self.drafts / f".old-{self.name}"

    @property
    def _gone(self) -> Path:
        return self.drafts / f".gone-{self.name}"

    def _within(self, kind: str) -> Path:
        folder = self.outputs / kind / self.period
        return folder / self.notebook if self.key else folder

    def prepare(self) -> None:
        """Make the folder that will hold the output.

        Raises
        ------
        RunFailed
            If it cannot be made, or nothing can be written into it.
        """
        if self.destination.is_symlink() or (self.destination.exists() and not self.destination.is_dir()):
            kind = "a link" if self.destination.is_symlink() else "a file"
            raise RunFailed(
                f"CANNOT WRITE to {self.destination}: it is {kind}, and a run puts a folder there. Nothing was run.\n"
                "Fix: move it elsewhere, or name another folder with --output."
            )
        try:
            self.drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
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
        work = self.drafts / f".work-{self.name}.{secrets.token_hex(4)}"
        work.mkdir(parents=True)
        return work

    def recover(self) -> list[Path]:
        """Tidy up after a run that was killed: undo a half-done swap, keep unfinished work as a failure.

        Returns the folders of what was kept: failures, and an output that somebody had changed.
        """
        kept = []
        shutil.rmtree(self._gone, ignore_errors=True)
        if self._old.exists():
            if self.destination.exists():
                kept.append(self._clear(self._old))
            else:
                self._old.rename(self.destination)
        kept += [self.keep_failure(work, KILLED) for work in self.unfinished()]
        return [folder for folder in kept if folder is not None]

    def unfinished(self) -> list[Path]:
        """The work folders of runs under way, or killed."""
        return sorted(self.drafts.glob(f".work-{self.name}.*"))

    @property
    def published(self) -> Path:
        """Where the last good output is: between the two renames of a swap it has another name."""
        return self.destination if self.destination.exists() or not self._old.exists() else self._old

    def publish(self, work: Path) -> Path | None:
        """Put finished work in the destination's place; the old output is back in it if that fails.

        Returns where an old output is now that somebody had changed or added to; None where there was none.
        """
        _to_disk(work)
        try:
            if self.destination.exists():
                self.destination.rename(self._old)
            work.rename(self.destination)
        except BaseException:  # a signal may come between any two steps
            if self._old.exists() and not self.destination.exists():
                self._old.rename(self.destination)
            raise
        # The new output is in place; what cannot be removed of the old one now is removed by the next run.
        return self._clear(self._old) if self._old.exists() else None

    def _clear(self, old: Path) -> Path | None:
        """Delete an output that is as its run wrote it; keep any other, with what a person put there, and say where."""
        if not manifest.verify(old):
            old.rename(
                self._gone
            )  # or half of it, after a kill, would look like one that somebody had changed
            shutil.rmtree(self._gone, ignore_errors=True)
            return None
        kept = _timed(self.set_aside)
        kept.parent.mkdir(parents=True, exist_ok=True)
        old.rename(kept)
        return kept

    def prune_failures(self, keep: int) -> None:
        """Delete all but the newest failed runs."""
        for folder in sorted(path for path in self.failures.glob("*") if path.is_dir())[:-keep]:
            shutil.rmtree(folder, ignore_errors=True)

    def keep_failure(self, work: Path, reason: str) -> Path:
        """Keep the executed notebook, the kernel's own words and the reason; the rest might mislead."""
        folder = _timed(self.failures)
        folder.mkdir(parents=True)
        for name in (NOTEBOOK, KERNEL_LOG):
            if (work / name).is_file() and (work / name).stat().st_size:
                (work / name).rename(folder / name)
        (folder / REASON).write_text(reason.rstrip() + "\n", encoding="utf-8")
        shutil.rmtree(work)
        return folder


def _timed(above: Path) -> Path:
    """A folder named by the time, not there yet."""
    folder = above / f"{datetime.now(UTC):{TIME}}"
    number = 1
    while folder.exists():
        number += 1
        folder = folder.with_name(f"{folder.name.partition('-')[0]}-{number}")
    return folder


def _to_disk(work: Path) -> None:
    """Force every file out of the system's memory, so that no loss of power leaves a whole name on half a file."""
    for path in (
        *(path for path in work.rglob("*") if path.is_file()),
        *([work] if os.name == "posix" else []),
    ):
        handle = os.open(path, os.O_RDONLY)
        try:
            with suppress(OSError):  # a file system that cannot is no reason to lose the run
                os.fsync(handle)
        finally:
            os.close(handle)
