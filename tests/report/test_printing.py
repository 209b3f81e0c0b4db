"""report.pdf: printed by a browser, or the reason why there is none."""

import os
import stat
import sys

import pytest

from ci_eval.report import printing

PAGE = (
    '<a href="annex.html#x">Annex</a> <a href=\'#y\'>y</a> <a href="#z">z</a> <a href="https://e.org">e</a>'
)


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "report.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def program(folder, body):
    """A program that gets the browser's arguments, the page last."""
    path = folder / "browser"
    path.write_text(f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


PRINTS = """
from urllib.request import url2pathname
pdf = next(one.partition("=")[2] for one in sys.argv if one.startswith("--print-to-pdf="))
text = Path(url2pathname(sys.argv[-1].removeprefix("file://"))).read_text()
Path(pdf).write_text(f"%PDF-1.4 /CreationDate (D:20261128203643+00'00') /ModDate (D:20261128203643+00'00') {text}")
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the programs tried here are scripts")


def test_dates_are_fixed_and_links_to_files_beside_the_page_are_left_out(page, tmp_path):
    pdf = tmp_path / "report.pdf"
    assert printing.print_page(page, pdf, program(tmp_path, PRINTS)) == ""
    text = pdf.read_text(encoding="utf-8")
    assert "/CreationDate (D:20000101000000+00'00') /ModDate (D:20000101000000+00'00')" in text
    assert "annex.html" not in text
    assert '<a href="#z">' in text
    assert "https://e.org" in text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.exit(3)", "ended with code 3"),
        ("", "left no PDF"),
        (PRINTS.replace("%PDF-1.4", "an error"), "left no PDF"),
        (f"{PRINTS}\nsys.exit(1)", "ended with code 1"),
        ("import time\ntime.sleep(30)", "took over 0.3 seconds"),
    ],
)
def test_a_browser_that_fails_leaves_a_reason_and_no_file(page, tmp_path, monkeypatch, body, reason):
    if "sleep" in body:
        monkeypatch.setattr(printing, "LONGEST", 0.3)
    text = printing.print_page(page, tmp_path / "report.pdf", program(tmp_path, body))
    assert reason in text
    assert "Fix: print report.html" in text
    assert not (tmp_path / "report.pdf").exists()


def test_a_program_that_cannot_be_started_is_named_as_such(page, tmp_path):
    assert "cannot be started" in printing.print_page(page, tmp_path / "report.pdf", str(tmp_path))


def test_without_a_browser_the_reason_says_what_to_do(page, tmp_path, monkeypatch):
    monkeypatch.setenv(printing.BROWSER, "no-such-browser")
    assert printing.browser() == ""
    assert printing.print_page(page, tmp_path / "report.pdf") == printing.NO_BROWSER


def test_parts_are_numbered_from_one_in_their_order_and_no_byte_moves():
    printed = [
        b"/Names [(node%08d) 1 0 R (node%08d) 2 0 R] /ID (node%08d)" % (one, two, two)
        for one, two in ((1203, 1206), (999, 1001))
    ]
    first, second = map(printing._repeatable, printed)
    assert first == second == b"/Names [(node00000001) 1 0 R (node00000002) 2 0 R] /ID (node00000002)"
    assert len(first) == len(printed[0])
