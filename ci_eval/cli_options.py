"""The options of the command ``ci-eval``: what can be asked for, with the words that explain it."""

import argparse
import sys
from typing import Any

from ci_eval import __version__

DEFAULT_NOTEBOOK = "interim_evaluation"

_EXAMPLES = """\
examples:
  ci-eval check                                   are all inputs fit to use?
  ci-eval run --period 2021-22                    the interim report of one review period
  ci-eval run                                     the same for the latest period declared
  ci-eval run --settings ~/private/evaluation.toml --period 2023-24
  ci-eval read export.csv --out responses.csv     what is in this export, and can it be used?
  ci-eval status                                  which outputs stand, and are they up to date?
  ci-eval plan freeze                             fix the plan of the impact evaluation before outcomes are opened
  ci-eval self-check                              do the statistics give the published values on this machine?

Set CI_EVAL_DEBUG=1 to see where in the program an error came from.
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
    """The parser of every command and its options; ``command`` is the name of the one given."""
    whole = argparse.ArgumentParser(
        prog="ci-eval",
        description="Evaluation of the Collaborative Improvement programme: checks inputs and makes reports.",
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

    check = command("check", "Check every input of every period; run nothing.")
    check.add_argument("--json", action="store_true", help="the rows as JSON, for another program")

    run = command("run", "Run a notebook for one review period and put its report into the outputs folder.")
    latest = "review period (default: the latest declared)"
    run.add_argument("--period", metavar="P", default="", action=_Given, help=latest)
    which = f"notebook by name (default: {DEFAULT_NOTEBOOK})"
    run.add_argument("--notebook", metavar="N", default=DEFAULT_NOTEBOOK, action=_Given, help=which)
    folder = "folder to hold drafts/ and failed/ (default: the settings' outputs)"
    run.add_argument("--output", metavar="FOLDER", default="", action=_Given, help=folder)
    run.add_argument("--force", action="store_true", help="run even if the output is up to date")

    _read_options(command("read", "Read one survey export: what it is, how its rows are used, what is odd."))

    status = command(
        "status", "Say which outputs stand, whether they are whole, and whether they are up to date."
    )
    status.add_argument("--output", metavar="FOLDER", default="", action=_Given, help=folder)
    status.add_argument("--json", action="store_true", help="the rows as JSON, for another program")

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

    itself = "Compute every published value of the statistics here, and say whether it is reproduced."
    commands.add_parser("self-check", help=itself, description=itself, allow_abbrev=False)
    return whole


def _read_options(read: argparse.ArgumentParser) -> None:
    read.add_argument("file", metavar="FILE", help="the export, untouched: .csv, .tsv, .xlsx or .sav")
    period = "take what the settings declare of this period's survey (default: nothing is declared)"
    read.add_argument("--period", metavar="P", default="", action=_Given, help=period)
    read.add_argument("--key", metavar="FILE", default="", help="key file that explains codes")
    read.add_argument("--tool", metavar="T", default="", help="the tool that wrote it (default: detected)")
    read.add_argument(
        "--sheet", metavar="NAME", default="", help="the workbook's sheet that holds the responses"
    )
    orders = ("day-first", "month-first")
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
    rows = "what was found, as a list of objects for another program; the record is the last of them"
    read.add_argument("--json", action="store_true", help=rows)
