"""The files an evaluation declares: the name each has in an output, and its checksum."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ci_eval.settings.evaluation import Settings

REGISTER = "register.csv"
Checksum = Callable[[Path], str]


def sha256(file: Path) -> str:
    """Checksum of a file's bytes, as 64 hexadecimal figures.

    Examples
    --------
    >>> sha256(Path(os.devnull))[:8]
    'e3b0c442'
    """
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def inputs(settings: Settings, period: str, checksum: Checksum = sha256) -> dict[str, str]:
    """Checksum of every input a run for the period can see, by the name that `label_of` gives it.

    Examples
    --------
    >>> from ci_eval.settings import load
    >>> "example/survey_2022-23.xlsx" in inputs(load(), "2021-22")
    False
    """
    return _checksums(files_seen(settings, period, of_impact=False), checksum)


def impact_inputs(settings: Settings, checksum: Checksum = sha256) -> dict[str, str]:
    """Checksum of every input of the impact notebooks: the programme's facts, the plan, outcomes, no survey.

    Examples
    --------
    >>> from ci_eval.settings import load
    >>> "example/impact_plan.toml" in impact_inputs(load())
    True
    """
    return _checksums(_impact_files(settings), checksum)


def files_seen(settings: Settings, period: str, of_impact: bool) -> dict[str, Path]:
    """The files that a run for the period can see, by the name that `label_of` gives each."""
    if of_impact:
        return _impact_files(settings)
    files: list[Path] = []
    for item in settings.up_to(period):
        survey = item.survey
        declared = (
            survey.file,
            survey.key,
            survey.coding,
            survey.quotations,
            item.evaluator,
            item.assurance,
            item.questionnaire,
        )
        files += [file for file in declared if file is not None]
    return _named(settings, files)


def deciding_inputs(settings: Settings) -> dict[str, str]:
    """Checksum of what decides an estimate beside the plan: the register, the teams, and the files that [impact] declares.

    Examples
    --------
    >>> from ci_eval.settings import load
    >>> sorted(deciding_inputs(load()))[1:]
    ['example/levels_invented_2016-17_to_2024-25.xlsx', 'example/teams_invented.csv', 'programme/register.csv']

    Each has the name that `impact_inputs` gives it, so that the two can be compared.
    """
    if settings.impact is None:
        return {}
    deciding = {
        settings.programme / REGISTER,
        *settings.impact.beside_the_plan,
        settings.engagements,
        settings.teams,
    }
    return _checksums({name: file for name, file in _impact_files(settings).items() if file in deciding})


def _impact_files(settings: Settings) -> dict[str, Path]:
    return _named(settings, settings.impact.files if settings.impact is not None else ())


def _checksums(files: Mapping[str, Path], checksum: Checksum = sha256) -> dict[str, str]:
    return {name: checksum(file) for name, file in files.items()}


def _named(settings: Settings, declared: Iterable[Path]) -> dict[str, Path]:
    """The programme's facts and the files declared, by name; two of one name have a number."""
    facts = (file for file in sorted(settings.programme.rglob("*")) if _counts(file))
    named: dict[str, Path] = {}
    further = [file for file in (settings.engagements, settings.teams) if file]
    for file in dict.fromkeys((*facts, *further, *declared)):
        label = name = label_of(file, settings)
        number = 1
        while label in named:  # two files of one name, from two folders that are not named
            number += 1
            label = f"{name} ({number})"
        named[label] = file
    return named


def _counts(file: Path) -> bool:
    # Spreadsheet programs and desktops leave such files behind while a folder is looked at.
    return file.is_file() and not file.name.startswith((".", "~$"))


def label_of(file: Path, settings: Settings) -> str:
    """A file's name in an output: its path within the settings' or the programme's folder, else its name alone.

    Examples
    --------
    >>> from ci_eval.settings import load
    >>> settings = load()
    >>> label_of(settings.programme / "register.csv", settings), label_of(Path("/elsewhere/survey.csv"), settings)
    ('programme/register.csv', 'survey.csv')

    The folders above say who works where, and would make the same inputs differ from machine to machine.
    """
    file = Path(os.path.abspath(file))  # noqa: PTH100 (takes ".." out without following links)
    if file.is_relative_to(settings.file.parent):
        return file.relative_to(settings.file.parent).as_posix()
    programme = Path(os.path.abspath(settings.programme))  # noqa: PTH100
    if file.is_relative_to(programme):
        return ("programme" / file.relative_to(programme)).as_posix()
    return file.name
