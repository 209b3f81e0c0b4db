"""The run's own copy of the settings and of every input: what is read is what was hashed.

A file edited while a notebook runs would otherwise be read as it is now and recorded as it was before. The copy lies in
the run's work folder, keeps the files' places relative to each other, and goes before the output is published.
"""

import os
import shutil
from pathlib import Path

from ci_eval.runs.planning import Plan
from ci_eval.settings.declared_files import files_seen

FOLDER = ".inputs"


def copy_inputs(planned: Plan, work: Path) -> tuple[Path, dict[str, str]]:
    """Copy the settings and all inputs of a plan into its work folder.

    Returns
    -------
    The copy of the settings file; and folders of the copy → the folders they stand for, so that a message can name the
    person's own files.
    """
    settings = planned.settings
    files = files_seen(settings, planned.period.name, planned.of_impact)
    programme = Path(os.path.abspath(settings.programme))  # noqa: PTH100 (takes ".." out without following links)
    everything = [settings.file, *files.values()]
    top = Path(os.path.commonpath([*(file.parent for file in everything), programme, settings.file.parent]))
    copied = work / FOLDER
    for file in dict.fromkeys(Path(os.path.abspath(file)) for file in everything):  # noqa: PTH100
        target = copied / file.relative_to(top)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    (copied / programme.relative_to(top)).mkdir(parents=True, exist_ok=True)
    return copied / settings.file.relative_to(top), {str(copied): str(top)}
