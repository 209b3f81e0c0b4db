"""The command ``ci-eval``: check the inputs, run a notebook for a period, say what is up to date, check itself.

Exit codes: 0 done; 1 an input or a run failed, with the reason on stderr; 2 the command was misspelt;
130 or 143 stopped from outside. Nothing heavy is imported until a command needs it.
"""

import argparse
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from ci_eval.cli_options import parser
from ci_eval.problems import InputError
from ci_eval.runs.failures import RunFailed, plain

FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a quotation mark gets a "?" for it, not an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    try:
        with _stoppable():
            return _COMMANDS[options.command](options)
    except (InputError, RunFailed) as error:
        if _debugging():
            raise
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Stopped from the keyboard.", file=sys.stderr)
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # The reader of our output has gone (`ci-eval status | head`); Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        if _debugging():
            raise
        print(f"CANNOT GO ON: {error.strerror or error}: {error.filename or 'a file'}", file=sys.stderr)
        return FAILED
    except Exception as error:
        if _debugging():
            raise
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        print("This is a fault of the program. CI_EVAL_DEBUG=1 shows where it arose.", file=sys.stderr)
        return FAILED


def _debugging() -> bool:
    return os.environ.get("CI_EVAL_DEBUG", "") not in ("", "0")


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn the signals of a scheduler or a closing terminal into an exception, so that the clean-up runs."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    names = ("SIGTERM", "SIGHUP") if threading.current_thread() is threading.main_thread() else ()
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # A signal somebody chose to ignore (nohup) stays ignored.
    before = {number: signal.getsignal(number) for number in numbers}
    before = {number: handler for number, handler in before.items() if handler is signal.SIG_DFL}
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _check(options: argparse.Namespace) -> int:
    from ci_eval.runs.checking import check, failed, listing

    rows = check(options.settings)
    print(
        json.dumps([row.as_dict() for row in rows], indent=2, ensure_ascii=False)
        if options.json
        else listing(rows)
    )
    return FAILED if failed(rows) else 0


def _run(options: argparse.Namespace) -> int:
    from ci_eval.runs.run import run

    run(
        options.period,
        options.notebook,
        settings=options.settings,
        outputs=options.output,
        force=options.force,
    )
    return 0


def _read(options: argparse.Namespace) -> int:
    from ci_eval.runs.reading import Request, as_json, as_rows, read, told

    asked = Request(
        file=options.file,
        period=options.period,
        settings=options.settings,
        key=options.key,
        tool=options.tool,
        sheet=options.sheet,
        date_order=options.date_order.replace("-", " "),
        keep_partials={"keep": True, "leave-out": False}.get(options.partials),
        out=options.out,
        force=options.force,
    )
    try:
        record, found = read(asked)
    except InputError as error:
        if not options.json:
            raise
        # A program may read either stream: what stops a load stands on standard error, in this form too.
        rows = as_json(as_rows(error.problems))
        print(rows)
        print(rows, file=sys.stderr)
        return FAILED
    if options.json:
        print(as_json(as_rows(found, record)))
    else:
        print(told(record, found))
        if options.out:
            print(f"Written: {plain(options.out)}")
    return 0


def _status(options: argparse.Namespace) -> int:
    from ci_eval.runs.status import listing, status

    rows = status(options.settings, options.output)
    print(
        json.dumps([row.as_dict() for row in rows], indent=2, ensure_ascii=False)
        if options.json
        else listing(rows)
    )
    return FAILED if any(row.state == "damaged" for row in rows) else 0


def _plan(options: argparse.Namespace) -> int:
    from ci_eval.runs.plan_command import check_plan, freeze_plan

    if options.step == "freeze":
        freeze_plan(options.settings, options.reason)
    else:
        check_plan(options.settings)
    return 0


def _self_check(options: argparse.Namespace) -> int:
    from ci_eval.agreement.self_check import self_check

    found = self_check()
    for one in found.checks:
        if not one.passed:
            print(one.told)
    print(found.line)
    return 0 if found.passed else FAILED


_COMMANDS = {
    "check": _check,
    "run": _run,
    "read": _read,
    "status": _status,
    "plan": _plan,
    "self-check": _self_check,
}

if __name__ == "__main__":
    sys.exit(main())
