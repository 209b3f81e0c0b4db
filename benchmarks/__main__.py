"""Run the benchmarks and print a line for each ratio: ``python -m benchmarks [NAME …] [--write]``."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.machine import described
from benchmarks.page import page
from benchmarks.ratios import Ratio

MODULES = (
    "whole_run", "runs_at_once", "many_periods", "survey", "million_responses", "impact", "pupils", "agreement"
)  # fmt: skip
RESULTS = Path(__file__).with_name("results.md")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for and print it; gives 1 where an aim is not met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MODULES)}; default: all")
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"put the results into {RESULTS.name}, or of one into a page of its own",
    )
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in MODULES]:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(MODULES)}")
    if options.write and len(options.names) > 1:
        parser.error("--write goes with all benchmarks or one")

    machine = described()
    for name, value in machine.items():
        print(f"{name}: {value}")
    results: list[Ratio] = []
    for name in options.names or MODULES:
        for ratio in import_module(f"benchmarks.{name}").run():
            print("\n    ".join([ratio.line, *ratio.details]), flush=True)
            results.append(ratio)
    if options.write:
        one = options.names[0] if options.names else ""
        file = RESULTS.with_name(f"results-{one}.md") if one else RESULTS
        command = f"python -m benchmarks {one}".rstrip()
        text = page(results, machine, datetime.now(UTC).date(), command)
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"Written: {file}")
    return int(not all(ratio.skipped or ratio.met for ratio in results))


if __name__ == "__main__":
    sys.exit(main())
