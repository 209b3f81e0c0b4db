"""The guide as a site: it builds without a warning, asks nothing of others, and every link within it leads somewhere.

Skips without Sphinx, which `make docs` installs.
"""

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html


@cache
def parsed(page: Path) -> html.HtmlElement:
    return html.fromstring(page.read_bytes())


def faults(page: Path) -> Iterator[str]:
    for element, _, link, _ in parsed(page).iterlinks():
        file, _, anchor = link.partition("#")
        if link.startswith(("http:", "https:", "mailto:", "data:")):
            if element.tag not in ("a", "form"):
                yield f"{page.name} asks for {link[:80]}"
            continue
        target = (page.parent / unquote(file.partition("?")[0])).resolve() if file else page
        if not target.is_file():
            yield f"{page.name}: {link[:80]} is not there"
        elif (
            anchor and target.suffix == ".html" and not parsed(target).xpath("//*[@id=$a]", a=unquote(anchor))
        ):
            yield f"{page.name}: {link[:80]} has no such place"


@pytest.mark.slow
def test_the_site_builds_and_every_link_of_it_leads_somewhere(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="`make docs` installs Sphinx")
    build = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-c",
        "docs",
        "-d",
        str(tmp_path / "seen"),
    ]
    done = subprocess.run(
        [*build, ".", str(tmp_path / "site")], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    pages = [page for page in (tmp_path / "site").rglob("*.html") if "_static" not in page.parts]
    assert len(pages) > 20
    assert [fault for page in pages for fault in faults(page)] == []
