"""What can be written on the command line: every command of ``ci-eval`` with its options and its help."""

import argparse
import sys
import textwrap
from collections.abc import Callable
from datetime import date
from typing import Any

from ci_eval import __version__

WIDTH = 78  # characters of a line of help
DEFAULT_NOTEBOOK = "interim_evaluation"

_EXAMPLES = """\
examples:
  ci-eval init ~/evaluation                       a workspace of your own, then: cd ~/evaluation
  ci-eval new-period 2023-24                      add a review period to its settings
  ci-eval check                                   are all inputs fit to use?
  ci-eval run --period 2021-22                    the interim report of one review period
  ci-eval run                                     the same for the latest period declared
  ci-eval run --settings ~/private/evaluation.toml --period 2023-24
  ci-eval read export.csv --out responses.csv     what is in this export, and can it be used?
  ci-eval rehearse --period 2023-24               the report of invented answers, before data come
  ci-eval run --due --quiet                       what a schedule runs: all that is due, without a word if nothing is
  ci-eval run --all --workers 2                   all that is not up to date, two reports at a time
  ci-eval schedule                                a timer, a crontab line and a workflow that run it
  ci-eval status                                  which outputs are there, and are they up to date?
  ci-eval verify outputs/drafts/2021-22/interim_evaluation   is it as its run wrote it?
  ci-eval run --notebook what_we_know --local-authority Fife --focus literacy   what public data say of a host
  ci-eval diff OLD NEW                            which numbers moved between two outputs, and why
  ci-eval release --period 2021-22 --checked-by "Ann Other" --checked-by "Jo Else"   copy a draft for publication
  ci-eval plan freeze                             fix the plan of the impact evaluation before outcomes are opened
  ci-eval coding export --period 2021-22          the workbook in which people code comments
  ci-eval claims draft.docx --period 2021-22      does a draft say what the results say?
  ci-eval self-check                              do the statistics give the published values on this machine?

Set CI_EVAL_DEBUG=1 to see an error whole; its text may quote a cell of an input.
"""


class _Given(argparse.Action):
    """A value that is not empty: of a script's unset variable the default would make another report than was meant."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        options: argparse.Namespace,
        value: Any,
        option: str | None = None,
    ) -> None:
        if not value.strip():
            parser.error(f"argument {option}: it is empty; give a value, or leave the option out")
        setattr(options, self.dest, value)


def parser() -> argparse.ArgumentParser:
    """Make the parser of every command and its options; ``command`` is the name of the one given."""
    whole = argparse.ArgumentParser(
        prog="ci-eval",
        description="Evaluation of a programme of collaborative improvement: checks inputs and makes reports.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    version = f"ci-eval {__version__} (Python {sys.version.split()[0]})"
    whole.add_argument("--version", action="version", version=version)
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")

    where = "settings file (default: data/evaluation.toml of the workbook)"

    def command(name: str, summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        sub.add_argument("--settings", metavar="FILE", default="", action=_Given, help=where)
        return sub

    check = command(
        "check", "Check every input of every period; run nothing. Rows to look at go into outputs/work_lists."
    )
    check.add_argument("--json", action="store_true", help="the rows as JSON, for another program")

    init = commands.add_parser(
        "init", help="Make a workspace of your own, outside the workbook.", allow_abbrev=False
    )
    init.add_argument("folder", metavar="FOLDER", help="folder to make; it may be there if it is empty")

    new = command("new-period", "Add a review period to the settings, and say what it needs.")
    new.add_argument("name", metavar="PERIOD", help="its name, such as 2023-24")
    for side, which_day in (("starts", "first"), ("ends", "last")):
        about_day = f"{which_day} day (default: worked out from the name or the period before)"
        new.add_argument(f"--{side}", metavar="DATE", type=date.fromisoformat, help=about_day)
    new.add_argument(
        "--no-survey", action="store_true", help="declare no survey: an evaluation of impact alone"
    )

    run = command("run", "Run a notebook for one review period and put its report into the outputs folder.")
    latest = "review period (default: the latest declared)"
    run.add_argument("--period", metavar="P", default="", action=_Given, help=latest)
    which = f"notebook by name, or the path of your own copy, such as work/{DEFAULT_NOTEBOOK}.ipynb"
    run.add_argument("--notebook", metavar="N", default=DEFAULT_NOTEBOOK, action=_Given, help=which)
    folder = "folder to hold drafts/ and failed/ (default: the settings' outputs)"
    run.add_argument("--output", metavar="FOLDER", default="", action=_Given, help=folder)
    run.add_argument("--force", action="store_true", help="run even if the output is up to date")
    focus = "area of focus, by focus_outcomes.csv (default: the notebook's own)"
    run.add_argument("--focus", metavar="F", default="", action=_Given, help=focus)
    whose = "for what_we_know: the authority, by any of its names (default: the notebook's own)"
    authorities = run.add_mutually_exclusive_group()
    authorities.add_argument("--local-authority", metavar="A", default="", action=_Given, help=whose)
    each = "the same for every authority"
    authorities.add_argument("--every-authority", action="store_true", help=each)
    many = run.add_mutually_exclusive_group()
    due = "every scheduled notebook of every period that is due and not up to date"
    many.add_argument("--due", action="store_true", help=due)
    many.add_argument("--all", action="store_true", help="the same for periods that are not due yet too")
    much = run.add_mutually_exclusive_group()
    much.add_argument("--quiet", action="store_true", help="say nothing but what failed")
    much.add_argument("--verbose", action="store_true", help="say each cell as it starts, not each section")
    _spread_options(run)

    _read_options(command("read", "Read one survey export: what it is, how its rows are used, what is odd."))

    about = (
        "Make the report of a period three times of invented answers (good, mixed, bad), before data come."
    )
    rehearse = command("rehearse", about)
    rehearse.add_argument("--period", metavar="P", default="", action=_Given, help=latest)
    where_to = "folder to hold rehearsals/ (default: the settings' outputs)"
    rehearse.add_argument("--output", metavar="FOLDER", default="", action=_Given, help=where_to)
    _spread_options(rehearse)

    status = command("status", "List the outputs: is each whole, and is it up to date?")
    status.add_argument("--output", metavar="FOLDER", default="", action=_Given, help=folder)
    status.add_argument("--json", action="store_true", help="the rows as JSON, for another program")

    verify = commands.add_parser("verify", help="Is an output as its run wrote it?", allow_abbrev=False)
    verify.add_argument("folder", metavar="FOLDER", help="folder of an output, with its manifest.json")
    verify.add_argument(
        "--rerun", action="store_true", help="run it again elsewhere: are the bytes the same?"
    )
    verify.add_argument("--settings", metavar="FILE", default="", action=_Given, help=where)

    diff = commands.add_parser("diff", help="What differs between two outputs, and why?", allow_abbrev=False)
    diff.add_argument("before", metavar="BEFORE", help="folder of an output")
    diff.add_argument("after", metavar="AFTER", help="folder of another")

    _release_options(command("release", "Release a draft that two people checked, or withdraw a version."))

    schedule = command("schedule", "Print schedules that run what is due; install or remove one.")
    kinds = ("systemd", "cron")
    schedule.add_argument(
        "--install", metavar="KIND", choices=kinds, help=f"install one: {' or '.join(kinds)}"
    )
    schedule.add_argument("--remove", metavar="KIND", choices=kinds, help="remove the one that was installed")

    about = "Check the plan of the impact evaluation, or freeze it with its hash and the day."
    plan = commands.add_parser("plan", help=about, description=about, allow_abbrev=False)
    steps = plan.add_subparsers(dest="step", required=True, metavar="STEP")
    for step, summary in (
        ("check", "Print the plan's settings, its hash, and whether it is frozen."),
        ("freeze", "Freeze the plan: write its text, hash and the day beside it."),
    ):
        sub = steps.add_parser(step, help=summary, description=summary, allow_abbrev=False)
        sub.add_argument("--settings", metavar="FILE", default="", action=_Given, help=where)
        if step == "freeze":
            why = "why a plan that was frozen before is replaced; every report prints it"
            sub.add_argument("--reason", metavar="TEXT", default="", help=why)

    _coding_options(command)

    about = "Hold the words for proportions and the numbers of a draft against the results of a run."
    claims = command("claims", about)
    claims.add_argument("draft", metavar="DRAFT", help="the draft, .docx or .md; nothing in it is run")
    claims.add_argument("--period", metavar="P", default="", action=_Given, help=latest)
    claims.add_argument("--output", metavar="FOLDER", default="", action=_Given, help=folder)
    claims.add_argument("--json", action="store_true", help="the rows as JSON, for another program")

    itself = "Compute every published value of the statistics here, and say whether it is reproduced."
    commands.add_parser("self-check", help=itself, description=itself, allow_abbrev=False)
    for name, one in commands.choices.items():
        examples = [line for line in _EXAMPLES.splitlines() if line.startswith(f"  ci-eval {name} ")]
        one.description = textwrap.fill(one.description or "", WIDTH)
        one.epilog = "\n".join(["examples:", *examples])
        one.formatter_class = argparse.RawDescriptionHelpFormatter
    return whole


def _spread_options(command: argparse.ArgumentParser) -> None:
    several = "of several runs, so many at a time (default: 1)"
    command.add_argument("--workers", metavar="N", type=_positive, default=1, help=several)
    cluster = "address of a Dask scheduler whose workers make the runs, or the simulations of one run"
    command.add_argument("--scheduler", metavar="ADDRESS", default="", action=_Given, help=cluster)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def _coding_options(command: "Callable[[str, str], argparse.ArgumentParser]") -> None:
    coding = command("coding", "Write texts for people to code, or take their codes in.")
    coding.add_argument(
        "step", choices=("export", "import"), help="write the workbook, or read coders' copies"
    )
    coding.add_argument(
        "files", metavar="FILE", nargs="*", help="for import: the workbooks that coders filled in"
    )
    period = "review period whose texts are coded"
    coding.add_argument("--period", metavar="P", required=True, action=_Given, help=period)
    out = "file to write: the workbook, or the coding file where none is declared (default: private/ beside the settings)"
    coding.add_argument("--out", metavar="FILE", default="", action=_Given, help=out)


def _read_options(read: argparse.ArgumentParser) -> None:
    read.add_argument("file", metavar="FILE", help="the export, untouched: .csv, .tsv, .xlsx or .sav")
    period = "take what the settings declare of this period's survey (default: nothing is declared)"
    read.add_argument("--period", metavar="P", default="", action=_Given, help=period)
    read.add_argument("--key", metavar="FILE", default="", help="key file that explains codes")
    read.add_argument("--tool", metavar="T", default="", help="the tool that wrote it (default: detected)")
    read.add_argument(
        "--sheet", metavar="NAME", default="", help="the workbook's sheet that holds the responses"
    )
    orders = ("day-first", "month-first", "not-used")
    read.add_argument(
        "--date-order",
        choices=orders,
        default="",
        type=lambda words: words.replace(" ", "-"),  # the settings write "day first"
        help="how to read 03/04/2022",
    )
    partials = "whether unfinished responses count"
    read.add_argument("--partials", choices=("keep", "leave-out"), default="", help=partials)
    out = "write the responses as a csv, cells unaltered: one row each, answers in the questionnaire's words"
    read.add_argument("--out", metavar="CSV", default="", help=out)
    read.add_argument("--force", action="store_true", help="replace the csv if it exists; never an input")
    rows = "the problems as a list of objects for another program; the record of the load is the last"
    read.add_argument("--json", action="store_true", help=rows)


def _release_options(release: argparse.ArgumentParser) -> None:
    release.add_argument("--period", metavar="P", required=True, action=_Given, help="review period")
    which = f"{DEFAULT_NOTEBOOK}, impact_plan, impact_evaluation, or the .ipynb file of your own copy of one"
    release.add_argument("--notebook", metavar="N", default=DEFAULT_NOTEBOOK, action=_Given, help=which)
    folder = "folder that holds drafts/ and released/ (default: the settings' outputs)"
    release.add_argument("--output", metavar="FOLDER", default="", action=_Given, help=folder)
    who = "who checked it; give it twice, neither being who ran it"
    release.add_argument("--checked-by", metavar="NAME", action="append", default=[], help=who)
    why = "why there is another version, or why one is withdrawn"
    release.add_argument("--reason", metavar="TEXT", default="", help=why)
    own = "the two vouch for the pieces that the analyst made herself"
    release.add_argument("--own-pieces-checked", action="store_true", help=own)
    number = "mark the pages of this version as withdrawn, in a folder of their own"
    release.add_argument("--withdraw", metavar="VERSION", type=int, default=0, help=number)
