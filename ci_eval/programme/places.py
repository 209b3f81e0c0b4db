"""Where the workbook and its data files stand."""

from pathlib import Path

SETTINGS = Path("data") / "evaluation.toml"
FACTS = Path("data") / "programme"
NOTEBOOKS = "notebooks"


def workbook_root() -> Path:
    """The folder that holds ``data/evaluation.toml`` and ``notebooks``: the current folder or the nearest above it.

    Settings of one's own may stand in a folder ``data`` too, which makes the folder above them no workbook.

    Notebooks run in different folders (papermill in the caller's, nbval in the notebook's own), so no path
    may be relative to the current one. Outside any workbook it is the checkout that ``ci_eval`` was imported
    from.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file() and (folder / NOTEBOOKS).is_dir():
            return folder
    return Path(__file__).resolve().parents[2]


def programme_folder(folder: Path | str | None = None) -> Path:
    """The folder of the programme's facts: `folder`, or ``data/programme`` of the workbook."""
    return Path(folder) if folder is not None else workbook_root() / FACTS
