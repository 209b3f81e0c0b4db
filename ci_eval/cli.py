"""The command ``ci-eval``: check the inputs, run a notebook for a period, say what is up to date, check itself.

Exit codes: 0 done; 1 something else failed, or a draft is contradicted; 2 the command was misspelt; 3 an input cannot
be used; 4 a run failed; 5 another run of it is under way; 6 some of several runs failed; 130 or 143 stopped from
outside. The reason is on standard error. Nothing heavy is imported until a command needs it.
"""

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ci_eval.inputs.problems import InputError
from ci_eval.inputs.text import printable
from ci_eval.runs.command_line import DEFAULT_NOTEBOOK, parser
from ci_eval.runs.failures import Locked, RunFailed, debugging, of_exception, stoppable

if TYPE_CHECKING:
    from ci_eval.runs.many_runs import Asked

FAILED, BAD_INPUT, RUN_FAILED, LOCKED, PARTLY = 1, 3, 4, 5, 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a quotation mark gets a "?" for it, not an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    try:
        with stoppable():
            return _COMMANDS[options.command](options)
    except (InputError, RunFailed, _refusal()) as error:
        if debugging():
            raise
        print(printable(str(error)), file=sys.stderr)
        if isinstance(error, RunFailed):
            return LOCKED if isinstance(error, Locked) else RUN_FAILED
        return BAD_INPUT
    except KeyboardInterrupt:
        print("Stopped from the keyboard.", file=sys.stderr)
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # The reader of our output has gone (`ci-eval status | head`); Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        if debugging():
            raise
        what = error.strerror or type(error).__name__
        print(printable(f"CANNOT GO ON: {what}: {error.filename or 'a file'}"), file=sys.stderr)
        return FAILED
    except Exception as error:
        if debugging():
            raise
        print(of_exception(error), file=sys.stderr)
        print("This is a fault of the program. CI_EVAL_DEBUG=1 shows it whole.", file=sys.stderr)
        return FAILED


def _refusal() -> type[ValueError]:
    """How a statistic refuses; asked for only once something was raised, so that help loads no numpy."""
    from ci_eval.agreement.refusals import Refused

    return Refused


def _check(options: argparse.Namespace) -> int:
    from ci_eval.runs.check_rows import failed, listing
    from ci_eval.runs.input_checks import check

    rows = check(options.settings, write_lists=True)
    _print_rows(rows, listing, options)
    return BAD_INPUT if failed(rows) else 0


def _print_rows(rows: Sequence[Any], listing: Callable[[Any], str], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
    else:
        print(listing(rows))


def _several(
    options: argparse.Namespace, asked: "Iterable[Asked]", say: Callable[[str], None], none: str = ""
) -> int:
    """Make several runs, say why some were not made, and give the exit code; `none` is said where there is none."""
    from ci_eval.runs.many_runs import run_each

    ended = run_each(asked, workers=options.workers, scheduler=options.scheduler, say=say)
    if none and not ended:
        say(none)
    for one in ended:
        if one.reason:
            print(printable(one.reason), file=sys.stderr)
    states = {one.state for one in ended}
    if states <= {"done"}:
        return 0
    if "done" in states:
        return PARTLY
    return RUN_FAILED if "failed" in states else LOCKED


def _init(options: argparse.Namespace) -> int:
    from ci_eval.runs.workspace import init

    print("\n".join(init(Path(options.folder))))
    return 0


def _new_period(options: argparse.Namespace) -> int:
    from ci_eval.inputs.fact_tables import settings_file
    from ci_eval.runs.workspace import new_period

    file = Path(options.settings) if options.settings else settings_file()
    days = {"starts": options.starts, "ends": options.ends}
    print("\n".join(new_period(options.name, file, **days, survey=not options.no_survey)))
    return 0


def _run(options: argparse.Namespace) -> int:
    from ci_eval.runs.notebook_run import log_line, run
    from ci_eval.settings.executors import SCHEDULER

    say = (lambda line: None) if options.quiet else log_line
    several = options.due or options.all or options.every_authority
    if options.workers > 1 and not several:
        print(
            "--workers goes with --due, --all or --every-authority: one run is one process.", file=sys.stderr
        )
        return 2
    if options.due or options.all:
        return _run_due(options, say)
    if options.scheduler and not several:
        os.environ[SCHEDULER] = options.scheduler  # the notebook's process inherits it
    parameters: dict[str, object] = {}
    if options.local_authority or options.every_authority or options.focus:
        from ci_eval.runs.authority_runs import chosen
        from ci_eval.runs.many_runs import Asked
        from ci_eval.settings.evaluation import load

        which = {
            "authority": options.local_authority,
            "focus": options.focus,
            "every": options.every_authority,
        }
        runs = chosen(load(options.settings).programme, **which)
        if options.every_authority:
            where = (options.period, options.notebook, options.settings, options.output, options.force)
            return _several(options, [Asked(name, *where, each) for name, each in runs.items()], say)
        (parameters,) = runs.values()
    run(
        options.period,
        options.notebook,
        settings=options.settings,
        outputs=options.output,
        force=options.force,
        parameters=parameters,
        detail="cells" if options.verbose else "sections",
        say=say,
    )
    return 0


def _run_due(options: argparse.Namespace, say: Callable[[str], None]) -> int:
    from ci_eval.runs.due_runs import due

    given = (options.period, options.force, options.local_authority, options.every_authority, options.focus)
    if any(given) or options.notebook != DEFAULT_NOTEBOOK:
        choose = "--due and --all choose periods and notebooks: leave --period, --notebook, --force and the like out."
        print(choose, file=sys.stderr)
        return 2
    asked = due(options.settings, options.output, today=date.today(), every=options.all)
    return _several(options, asked, say, "Every output is up to date." if options.all else "Nothing is due.")


def _read(options: argparse.Namespace) -> int:
    from ci_eval.runs.export_reading import account, as_json, as_rows, read

    given = {
        "key": Path(options.key) if options.key else "",
        "tool": options.tool,
        "sheet": options.sheet,
        "date_order": options.date_order.replace("-", " "),
        "keep_partials": {"keep": True, "leave-out": False}.get(options.partials, ""),
    }
    flags = {name: value for name, value in given.items() if value != ""}
    where = {"settings": options.settings, "out": options.out, "force": options.force}
    try:
        record, problems = read(options.file, period=options.period, flags=flags, **where)
    except InputError as error:
        if not options.json:
            raise
        # A program may read either stream: what stops a load goes to standard error too, in this form.
        rows = as_json(as_rows(error.problems))
        print(rows)
        print(rows, file=sys.stderr)
        return BAD_INPUT
    if options.json:
        print(as_json(as_rows(problems, record)))
    else:
        print(account(record, problems))
        if options.out:
            print(f"Written: {printable(options.out)}")
    return 0


def _rehearse(options: argparse.Namespace) -> int:
    from ci_eval.runs.notebook_run import log_line
    from ci_eval.runs.rehearsal import rehearsals

    asked = rehearsals(options.period, settings=options.settings, outputs=options.output)
    return _several(options, asked, log_line)


def _status(options: argparse.Namespace) -> int:
    from ci_eval.runs.outputs import listing, status

    rows = status(options.settings, options.output)
    _print_rows(rows, listing, options)
    return FAILED if any(row.state == "damaged" for row in rows) else 0


def _verify(options: argparse.Namespace) -> int:
    from ci_eval.runs.verifying import verified

    whole, lines = verified(Path(options.folder), options.settings, rerun=options.rerun)
    print("\n".join(map(printable, lines)), file=sys.stdout if whole else sys.stderr)
    return 0 if whole else FAILED


def _diff(options: argparse.Namespace) -> int:
    from ci_eval.runs.comparing import differences, listing

    print(printable(listing(*differences(Path(options.before), Path(options.after)))))
    return 0


def _release(options: argparse.Namespace) -> int:
    from ci_eval.runs.releasing import release, withdraw

    where = {"settings": options.settings, "outputs": options.output}
    if options.withdraw:
        withdraw(options.period, options.notebook, options.withdraw, options.reason, **where)
    else:
        release(
            options.period,
            options.notebook,
            options.checked_by,
            reason=options.reason,
            own_pieces_checked=options.own_pieces_checked,
            **where,
        )
    return 0


def _schedule(options: argparse.Namespace) -> int:
    from ci_eval.inputs.fact_tables import settings_file
    from ci_eval.runs import schedules
    from ci_eval.settings.evaluation import load

    file = load(options.settings or settings_file()).file
    if options.remove:
        print("\n".join(schedules.remove(options.remove)))
    elif options.install:
        print("\n".join(schedules.install(options.install, file)))
    else:
        print(schedules.listing(file))
    return 0


def _plan(options: argparse.Namespace) -> int:
    from ci_eval.runs.plan_commands import check_plan, freeze_plan

    if options.step == "freeze":
        freeze_plan(options.settings, options.reason)
    else:
        check_plan(options.settings)
    return 0


def _coding(options: argparse.Namespace) -> int:
    from ci_eval.runs.coding_commands import export, take_in

    if options.step == "import" and not options.files:
        parser().error("coding import needs the workbooks that coders filled in")
    if options.step == "export":
        export(options.period, options.settings, options.out)
    else:
        take_in(options.files, options.period, options.settings, options.out)
    return 0


def _claims(options: argparse.Namespace) -> int:
    from ci_eval.runs.draft_claims import as_json, check_draft, listing

    rows = check_draft(options.draft, options.period, options.settings, options.output)
    print(as_json(rows) if options.json else listing(rows))
    return FAILED if any(row.result == "contradicted" for row in rows) else 0


def _self_check(options: argparse.Namespace) -> int:
    from ci_eval.agreement.published_values import self_check

    result = self_check()
    for one in result.checks:
        if not one.passed:
            print(one.in_words)
    print(result.line)
    return 0 if result.passed else FAILED


_COMMANDS = {
    "check": _check,
    "init": _init,
    "new-period": _new_period,
    "run": _run,
    "read": _read,
    "rehearse": _rehearse,
    "status": _status,
    "verify": _verify,
    "diff": _diff,
    "release": _release,
    "schedule": _schedule,
    "plan": _plan,
    "coding": _coding,
    "claims": _claims,
    "self-check": _self_check,
}

if __name__ == "__main__":
    sys.exit(main())
