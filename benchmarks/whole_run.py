"""Whole runs of ``ci-eval`` as processes: against the floor of the tools they stand on, and against limits.

The interim run reads the survey, computes, draws, and writes pages, spreadsheet, results and manifest; the floor
imports three libraries in a notebook and converts that. Word files and PDF have limits of their own: runs are timed
without a browser, and what the Word files take is timed beside them and taken off. Run as ``python -m
benchmarks.whole_run FOLDER``, it says what the Word files of a finished output take.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.ratios import Ratio, Seconds, against_limit, processor_seconds
from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.report import printing
from ci_eval.runs.output_folder import PAGE, PDF

AIM, IMPACT_LIMIT, DOCUMENT_LIMIT = (
    1.5,
    4.0,
    2.0,
)  # times the floor; seconds; seconds more for Word, and for PDF
HELP_LIMIT, UP_TO_DATE_LIMIT = 0.15, 0.3  # seconds
PERIOD = "2021-22"
PAIRS, STARTS = 5, 9
CLOCK, PROCESSOR = "by the clock", "processor time"
NO_BROWSER = {printing.BROWSER: "no-such-browser"}


def run(pairs: int = PAIRS) -> list[Ratio]:
    """Time interim run and floor by turns, then the impact run, the documents and the short commands."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        interim, floor = _timed(
            [lambda: _ci_eval("interim_evaluation", folder), lambda: _floor(folder)], pairs
        )
        (impact,) = _timed([lambda: _ci_eval("impact_evaluation", folder)], pairs)
        outputs = {
            name: folder / "drafts" / PERIOD / name for name in ("interim_evaluation", "impact_evaluation")
        }
        word = {name: _word(output, pairs) for name, output in outputs.items()}
        page = outputs["interim_evaluation"] / PAGE
        up_to_date = ["run", "--period", PERIOD, *_settings(folder)]
        return [
            *(
                Ratio(
                    f"whole interim run, Word and PDF apart, {clock}",
                    AIM,
                    _less(interim[clock], word["interim_evaluation"][clock]),
                    floor[clock],
                    ours_is=f"ci-eval run --period {PERIOD} --force without a browser, less the Word files' seconds",
                    peer_is="papermill of a notebook with imports only, and nbconvert, in one process",
                    reaching_counts=True,
                )
                for clock in interim
            ),
            *(
                against_limit(
                    f"whole impact run, Word and PDF apart, {clock}",
                    _less(impact[clock], word["impact_evaluation"][clock]),
                    IMPACT_LIMIT,
                    "ci-eval run --notebook impact_evaluation --force without a browser, less the Word files' seconds",
                )
                for clock in impact
            ),
            against_limit(
                "Word files of the interim run",
                word["interim_evaluation"][CLOCK],
                DOCUMENT_LIMIT,
                "both, import included",
            ),
            _pdf(page, pairs),
            _short("ci-eval --help", ["--help"], HELP_LIMIT),
            _short("ci-eval run of an output that is up to date", up_to_date, UP_TO_DATE_LIMIT),
        ]


def _timed(actions: list[Callable[[], object]], runs: int) -> list[dict[str, Seconds]]:
    """Each action by turns, after one round that is not timed: seconds by the wall's clock and of processors."""
    taken: list[dict[str, Seconds]] = [{CLOCK: (), PROCESSOR: ()} for _ in actions]
    for number in range(runs + 1):
        for action, seconds in zip(actions, taken, strict=True):
            wall, processor = time.perf_counter(), processor_seconds()
            action()
            if number:
                seconds[CLOCK] += (time.perf_counter() - wall,)
                seconds[PROCESSOR] += (processor_seconds() - processor,)
    return taken


def _settings(folder: Path) -> list[str]:
    return ["--settings", str(workbook_root() / "data" / "evaluation.toml"), "--output", str(folder)]


def _ci_eval(notebook: str, folder: Path) -> None:
    asked = ["run", "--period", PERIOD, "--notebook", notebook, "--force", *_settings(folder)]
    process("ci_eval.cli", *asked, **NO_BROWSER)


def _floor(folder: Path) -> None:
    with TemporaryDirectory(dir=folder) as output:
        process("benchmarks.floor", output)


def _word(output: Path, runs: int) -> dict[str, Seconds]:
    """Seconds of the Word files of a finished output, each time in a process of its own."""
    taken = [json.loads(process("benchmarks.whole_run", str(output))) for _ in range(runs)]
    return {clock: tuple(one[clock] for one in taken) for clock in (CLOCK, PROCESSOR)}


def _less(whole: Seconds, part: Seconds) -> Seconds:
    return tuple(seconds - median(part) for seconds in whole)


def _pdf(page: Path, runs: int) -> Ratio:
    name = "PDF of the interim run"
    if not printing.browser():
        return Ratio(name, 1.0, skipped="no browser on this machine")
    seconds = _timed([lambda: printing.print_page(page, page.with_name(PDF))], runs)[0][CLOCK]
    page.with_name(PDF).unlink()  # or the output would no longer be what its run wrote
    return against_limit(name, seconds, DOCUMENT_LIMIT, "the browser prints report.html")


def _short(name: str, arguments: list[str], limit: float) -> Ratio:
    (taken,) = _timed([lambda: process("ci_eval.cli", *arguments)], STARTS)
    return against_limit(name, taken[CLOCK], limit, "as a process")


def process(module: str, *arguments: str, **environment: str) -> str:
    """Run a module as a process of this interpreter, in the workbook's root; gives what it printed.

    Raises
    ------
    RuntimeError
        If it ends with another code than 0, with what it said.
    """
    # Where Python may not keep compiled modules, a library installed with them has an advantage over code that
    # is edited in place; the advantage is of the set-up, not of the code.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=workbook_root(),
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} ended with code {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout


def main(output: Path) -> None:
    """Write the Word files of a finished output once more, and print the seconds that took, their library included."""
    from ci_eval.report import documents, outline
    from ci_eval.report.canvas import Drawn

    results = json.loads((output / documents.RESULTS).read_text(encoding="utf-8"))
    pictures = {file.stem: Drawn(file.read_bytes()) for file in (output / documents.FIGURES).glob("*.png")}
    parts = outline.sections(results["pieces"], (), {})
    start, processor = time.perf_counter(), processor_seconds()
    from ci_eval.report import word_file

    with TemporaryDirectory(prefix="benchmark-") as folder:
        for place, name in documents.WORD.items():
            word_file.write(place, outline.kept(place, parts), results, pictures, Path(folder) / name)
    print(json.dumps({CLOCK: time.perf_counter() - start, PROCESSOR: processor_seconds() - processor}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
