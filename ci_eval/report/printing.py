"""report.pdf: the page as a tagged PDF file, printed by the browser that is there.

Decision: docs/decisions/0013-word-and-pdf.md. Chromium prints headings, tables and alternative texts as a tagged
document. It writes the clock into the file, and numbers its parts from wherever it has got to; the clock is set to a fixed
day and the parts are numbered from 1, so that the same page printed by the same browser gives the same bytes.
Without a browser there is no PDF, and the run says so.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
BROWSER = "CHROMIUM"  # environment variable that names another program
LONGEST = 60  # seconds
DATE = re.compile(rb"/(CreationDate|ModDate) \(D:[0-9]{14}([^)]*)\)")
FIXED = rb"/\1 (D:20000101000000\2)"
PART = re.compile(rb"\(node([0-9]{8})\)")  # the name of a part of the tagged document
BESIDE = re.compile(r'<a href="(?!#|[a-z]+:)[^"]*"')  # a link to a file beside the page
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-component-update",
    "--disable-background-networking",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",  # bookmarks beside the contents
)
NO_BROWSER = (
    "No PDF was made: there is no Chromium, Chrome or Edge on this machine.\n"
    f"Fix: install one, or name its program in the environment variable {BROWSER}; or print the page from a browser."
)


def browser() -> str:
    """The program that prints; "" where there is none.

    Examples
    --------
    >>> isinstance(browser(), str)
    True
    """
    named = os.environ.get(BROWSER, "")
    return next((path for name in ([named] if named else NAMES) if (path := shutil.which(name))), "")


def print_page(page: Path, pdf: Path, program: str | None = None) -> str:
    """Print a page as a PDF file; gives "" or, where that did not work, the reason. No half-made file is left.

    Examples
    --------
    >>> print_page(Path("report.html"), Path("report.pdf"), program="")[:16]
    'No PDF was made:'

    Parameters
    ----------
    page, pdf : the page's file, and the file to write
    program : the browser; None for the one that `browser` gives
    """
    program = browser() if program is None else program
    if not program:
        return NO_BROWSER
    with TemporaryDirectory(prefix="ci-eval-print-", ignore_cleanup_errors=True) as folder:
        reason = _print(program, page, pdf, Path(folder))
    content = pdf.read_bytes() if pdf.is_file() and not reason else b""
    if not content.startswith(b"%PDF-"):
        pdf.unlink(missing_ok=True)
        reason = reason or "the browser left no PDF"
        return f"No {pdf.name} was made: {reason}.\nFix: print {page.name} from a browser."
    pdf.write_bytes(_repeatable(content))
    return ""


def _repeatable(pdf: bytes) -> bytes:
    """The file without what differs from one print to the next; no byte moves, since a PDF is read by their places."""
    # The names stand in the order of their numbers in a tree that is searched, so they keep their order.
    parts = sorted({part[1] for part in PART.finditer(pdf)})
    place = {part: b"(node%08d)" % number for number, part in enumerate(parts, start=1)}
    return PART.sub(lambda part: place[part[1]], DATE.sub(FIXED, pdf))


def _print(program: str, page: Path, pdf: Path, folder: Path) -> str:
    """Run the browser, in a folder of its own that is removed again; gives why it failed, or ""."""
    copy = folder / page.name
    # A PDF is passed on by itself, and the browser would make of such a link a path of this machine.
    copy.write_text(BESIDE.sub("<a", page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    flags = [*FLAGS, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={pdf}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append(
            "--no-sandbox"
        )  # it refuses to start for root otherwise; the page is ours and has no script
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603  # a browser, on a page of ours
            [program, *flags, copy.as_uri()],
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the browser took over {LONGEST} seconds"
    except OSError as error:
        return f"the browser cannot be started ({error.strerror})"
    return f"the browser ended with code {done.returncode}" if done.returncode else ""
