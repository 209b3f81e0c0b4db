"""The picture of the example's report that README shows: `make pictures`, after `make report`. Needs chromium."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ci_eval.report.printing import FLAGS, browser

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "outputs" / "drafts" / "2021-22" / "interim_evaluation" / "report.html"
SIZE = "900,1150"  # pixels: the opening of the page, with the line that says its data are invented


def take(page: Path, picture: Path) -> None:
    """Draw the top of a page as a PNG file. Raises SystemExit where there is no browser or no page."""
    program = browser()
    if not program or not page.is_file():
        sys.exit(
            f"No picture: {'there is no ' + page.name + '; run make report' if program else 'no chromium'}"
        )
    with TemporaryDirectory() as folder:
        root = hasattr(os, "geteuid") and os.geteuid() == 0  # it refuses to start for root with its sandbox
        own = [
            *(["--no-sandbox"] if root else []),
            f"--user-data-dir={folder}",
            f"--window-size={SIZE}",
            "--hide-scrollbars",
            f"--screenshot={picture}",
        ]
        command = [program, *FLAGS, *own, page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603  # a browser, on our page


if __name__ == "__main__":
    take(REPORT, ROOT / "docs" / "static" / "report.png")
