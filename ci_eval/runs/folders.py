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
import re
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

# An error's text may quote an input; control characters in it could rewrite the reader's terminal.
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class RunFailed(RuntimeError):
    """A run that gave no output; its text is written for the person who started it."""


def plain(text: str) -> str:
    """Text without control characters, safe to print on a terminal."""
    return _CONTROL.sub("", text)


def explain(name: str, text: str, place: str) -> str:
    """The error a cell ended with: what is refused as its own page, anything else as place and last line.

    `name` and `text` are the exception's class and text, `place` says where in the notebook.
    """
    if name in ("InputError", "Refused"):
        return plain(text)
    if name == "SystemExit":
        return f"The notebook stopped itself in {place}; the cells after it were not run."
    last = next((line for line in reversed(text.splitlines()) if line.strip()), "")
    return f"The notebook stopped in {place}:\n{plain(name)}: {plain(last.strip())}".removesuffix(": ")


def unfinished(name: str, text: str, place: str, timeout: int) -> str:
    """Words for what ends an execution without an error in a cell; arguments as for `explain`."""
    if name == "CellTimeoutError":
        return (
            f"A cell took longer than {timeout:,} seconds in {place}.\n"
            "Fix: find out what it waits for, or raise cell_timeout under [run] in the settings."
        )
    if name == "DeadKernelError":
        return (
            f"The notebook's Python process ended without a word in {place}.\n"
            "It was killed, ran out of memory, or a library crashed."
        )
    return f"The run failed in {place}:\n{name}: {plain(text)}".removesuffix(": ")


def cell_error(outputs: list[Mapping[str, Any]]) -> tuple[str, str] | None:
    """Class name and text of the first error among a cell's outputs; None where there is none."""
    for output in outputs:
        if output.get("output_type") == "error":
            return str(output.get("ename", "")), str(output.get("evalue", ""))
    return None


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


NOTEBOOK = "notebook.ipynb"
PAGE = "report.html"
REASON = "reason.txt"
KERNEL_LOG = "kernel.log"
KILLED = "The run ended without a word: it was killed, or the machine stopped."


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
        # The new output stands; what cannot be removed of the old one now is removed by the next run.
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
