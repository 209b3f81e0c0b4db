"""What the small workbook of the run tests is made of."""

from pathlib import Path

SETTINGS = """\
outputs = "../outputs"

[periods."2021-22"]
starts = 2021-06-01
ends = 2022-06-30

[periods."2022-23"]
starts = 2022-07-01
ends = 2023-06-30
"""

PARAMETERS = 'period: str = "2021-22"\nsettings: str = ""\noutput: str = ""\ntimes: int = 1\n'

# A cell of source alone is a code cell; a heading in front makes a section of it.
Cell = str | tuple[str, str]


def page_of_outputs(executed: Path, folder: Path) -> None:
    """Stands in for the real documents: a page of the executed notebook's own text."""
    (folder / "report.html").write_text(executed.read_text(encoding="utf-8"), encoding="utf-8")
