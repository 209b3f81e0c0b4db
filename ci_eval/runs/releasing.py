"""A release: the documents of a draft that two people checked, copied once, never altered; and its withdrawal.

    outputs/released/<period>/<notebook>/v1/               what is for release, and nothing else
    outputs/released/<period>/<notebook>/v1.kept/          the record of the checks, the manifest and the executed notebook
    outputs/released/<period>/<notebook>/v1.withdrawn/     the same pages marked as withdrawn, where they are

A correction is a new version with its reason and the numbers that moved. Rules: docs/release.md.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from ci_eval.inputs.problems import InputError, Problem, refuse
from ci_eval.inputs.text import one_line, printable
from ci_eval.report import formats, printing
from ci_eval.report.remade_documents import remake
from ci_eval.runs import comparing, manifest, release_checks
from ci_eval.runs.failures import RunFailed
from ci_eval.runs.output_folder import NOTEBOOK, PAGE, PDF, RECORD, RELEASED, locked
from ci_eval.runs.planning import Plan, plan
from ci_eval.settings.evaluation import load

RELEASABLE = (release_checks.INTERIM, "impact_plan", release_checks.IMPACT)
HEADLINE = "CANNOT RELEASE"
Say = Callable[[str], None]


def release(
    period: str,
    notebook: str,
    checked_by: Sequence[str],
    *,
    reason: str = "",
    own_pieces_checked: bool = False,
    settings: str = "",
    outputs: str = "",
    today: date | None = None,
    say: Say = print,
) -> Path:
    """Check a draft and copy what is for release, as the next version; gives the folder of that version.

    Parameters
    ----------
    period, notebook, settings, outputs : as for `notebook_run.run`
    checked_by : two people, neither of whom ran the draft
    reason : why there is another version; needed from the second on
    own_pieces_checked : whether the two vouch for what the analyst made herself
    today : day of the release; None for the clock's

    Raises
    ------
    InputError
        If there is no draft, or a check fails; each is named, and nothing is released.
    """
    day = today or date.today()
    planned = plan(load(settings), period, notebook, outputs=outputs)
    if planned.kind not in RELEASABLE:
        fix = f"Release one of {', '.join(RELEASABLE)}, or a copy of one."
        _refuse("no-report", f"{planned.kind} makes no report for release.", fix, str(planned.file))
    place, people = planned.place, tuple(printable(one_line(name)) for name in checked_by)
    with locked(place.lock, planned.title):
        draft = place.destination
        made = manifest.read(draft)
        if made is None:
            _refuse("no-draft", "There is no draft of it.", "Make it with ci-eval run.", str(draft))
        folder = _folder(planned, place.period)
        number = len(_versions(folder)) + 1
        if number > 1 and not reason.strip():
            _refuse(
                "no-reason",
                f"Version {number - 1} is released.",
                "Say with --reason why there is another.",
                str(folder),
            )
        with TemporaryDirectory(prefix=".work-", dir=_made(folder)) as work:
            new, kept = Path(work) / "documents", Path(work) / "kept"
            remake(draft / NOTEBOOK, draft, new, _head(planned, number, day, reason))
            if why := printing.print_page(new / PAGE, new / PDF):
                say(why)
            results = manifest.results_of(draft)
            checks = release_checks.run_checks(
                release_checks.Draft(
                    planned,
                    results,
                    made,
                    new,
                    _results(folder),
                    _results(_before(planned)),
                    people,
                    own_pieces_checked,
                )
            )
            say(release_checks.listing(checks))
            if failed := [one for one in checks if one.result == "FAIL"]:
                raise InputError(
                    f"{HEADLINE} {planned.title}: nothing was released",
                    [
                        Problem(f"release-{one.check.replace(' ', '-')}", "REJECT", one.message, one.source)
                        for one in failed
                    ],
                )
            moved = comparing.moved(_versions(folder)[-1], new) if number > 1 else []
            record = {
                "period": planned.period.name,
                "notebook": place.notebook,
                "version": number,
                "released_on": day.isoformat(),
                "released_by": manifest.account(),
                "checked_by": list(people),
                "reason": reason,
                "checks": [
                    {"check": one.check, "state": one.result, "message": one.message, "rule": one.source}
                    for one in checks
                ],
                "moved": [{"number": name, "before": before, "now": now} for name, before, now in moved],
            }
            _keep(kept, draft, new, record)
            for file in (one for one in Path(work).rglob("*") if one.is_file()):
                file.chmod(0o444)  # a slip of an editor cannot alter it
            kept.rename(folder / f"v{number}.kept")
            new.rename(folder / f"v{number}")
        say(f"Released as version {number}: {folder / f'v{number}'}")
        if number > 1:
            say(f"{len(moved):,} values differ from version {number - 1}, which is as it was.")
        return folder / f"v{number}"


def withdraw(
    period: str,
    notebook: str,
    version: int,
    reason: str,
    *,
    settings: str = "",
    outputs: str = "",
    say: Say = print,
) -> Path:
    """Make the pages of a released version again, marked as withdrawn, in a folder of their own; gives that folder.

    The released folder stays as it is: the pages that say so take its place where it was published.

    Raises
    ------
    InputError
        If there is no such version, no reason, or it is withdrawn already.
    """
    planned = plan(load(settings), period, notebook, outputs=outputs)
    folder = _folder(planned, planned.place.period)
    old, new = folder / f"v{version}", folder / f"v{version}.withdrawn"
    if not old.is_dir():
        _refuse(
            "no-version", f"There is no version {version}.", "See the versions in that folder.", str(folder)
        )
    if new.exists():
        _refuse(
            "withdrawn", f"Version {version} is withdrawn.", "Publish the pages that are there.", str(new)
        )
    if not reason.strip():
        _refuse("no-reason", "A withdrawal has a reason.", "Say it with --reason.", str(old))
    with locked(planned.place.lock, planned.title), TemporaryDirectory(prefix=".work-", dir=folder) as work:
        made = Path(work) / "documents"
        text = f"Withdrawn: {printable(one_line(reason)).removesuffix('.')}"
        remake(folder / f"v{version}.kept" / NOTEBOOK, old, made, {"status": text, "watermark": "Withdrawn"})
        if why := printing.print_page(made / PAGE, made / PDF):
            say(why)
        made.rename(new)
    say(f"Publish these pages in place of version {version}: {new}")
    return new


def changed_since(folder: Path) -> list[str] | None:
    """The files of a released version that are not as they were released; None of a folder that is no release."""
    try:
        record = json.loads((folder.with_name(f"{folder.name}.kept") / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    there, released = manifest.checksums(folder), record["files"]
    return sorted(name for name in there.keys() | released.keys() if there.get(name) != released.get(name))


def _versions(folder: Path) -> list[Path]:
    """The released versions, in order."""
    return sorted(
        (one for one in folder.glob("v*") if one.name[1:].isdigit()), key=lambda one: int(one.name[1:])
    )


def _results(folder: Path) -> dict[str, dict[str, Any]]:
    """results.json of each released version, by what a person calls it."""
    return {
        f"version {one.name[1:]} of {one.parent.parent.name}": manifest.results_of(one)
        for one in _versions(folder)
    }


def _before(planned: Plan) -> Path:
    """The folder of the releases of the period before; one that is not there where there is none."""
    before = planned.settings.previous(planned.period)
    return _folder(planned, before.name if before else "none")


def _folder(planned: Plan, period: str) -> Path:
    """The versions of a period's report: those of the shipped notebook and of its copies are held against each other."""
    return planned.place.outputs / RELEASED / period / planned.kind


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFailed(f"CANNOT WRITE into {folder}: {error.strerror}. Nothing was released.") from error
    return folder


def _head(planned: Plan, number: int, day: date, reason: str) -> dict[str, Any]:
    """What a released page says of itself in place of being a draft."""
    known, titles = planned.settings, manifest.results_of(planned.place.destination)
    written = formats.date(day)
    about = {
        "Why another version": printable(one_line(reason)),
        "Contact": known.contact,
        "Licence": known.licence,
        "How to cite": f"{known.author} ({day.year}). {titles['title']}, {titles['period']}. Version {number}. "
        f"{titles['programme']}.",
    }
    return {
        "status": f"Released on {written}, version {number}",
        "release": {name: text for name, text in about.items() if text},
    }


def _keep(kept: Path, draft: Path, new: Path, record: dict[str, Any]) -> None:
    """Keep beside a release what it rests on: its record with the checksum of every file, its manifest, its notebook."""
    kept.mkdir()
    for name in (manifest.FILE, NOTEBOOK):
        shutil.copyfile(draft / name, kept / name)
    text = json.dumps(record | {"files": manifest.checksums(new)}, ensure_ascii=False, indent=1)
    (kept / RECORD).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _refuse(code: str, message: str, fix: str, where: str) -> NoReturn:
    refuse(HEADLINE, code, message, where=where, fix=fix)
