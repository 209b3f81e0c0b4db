"""A process that computes for one side of a comparison: ``python -m benchmarks.peers_worker MODULE …``.

It runs with the interpreter of the side's environment and knows what the modules named give it: PUBLISHED, OFFERED,
JOBS and SAID. Orders come as lines of JSON, and answers go back the same way; whatever a package prints is thrown away.
"""

import gc
import json
import os
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from importlib import import_module, metadata
from io import StringIO
from typing import Any

import numpy as np

from benchmarks.peers_inputs import NotOfferedError

Answer = dict[str, Any]
OF_ITS_OWN = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
SHORT = 200  # letters of what a package says


class Worker:
    """Answers orders; `prepared` is the action of the last job prepared."""

    def __init__(self, modules: list[str]) -> None:
        self.known: dict[str, dict[Any, Any]] = {"PUBLISHED": {}, "OFFERED": {}, "JOBS": {}, "SAID": {}}
        for name in modules:
            module = import_module(f"benchmarks.{name}")
            for kind, entries in self.known.items():
                entries.update(getattr(module, kind, {}))
        self.prepared: Callable[[], Any] = lambda: None

    def answer(self, order: Answer) -> Answer:
        try:
            return getattr(self, f"do_{order.pop('do')}")(**order)  # type: ignore[no-any-return]
        except NotOfferedError:
            return {"offered": False}
        except Exception as error:  # what a package raises is a result like another
            return {"raised": _short(f"{type(error).__name__}: {error}")}

    def do_about(self, package: str) -> Answer:
        """Version, and the licence that the package itself declares."""
        known = metadata.metadata(package).json
        declared = [known.get("license_expression"), known.get("license")]
        declared += [
            one.split(" :: ")[-1] for one in known.get("classifier", []) if one.startswith("License")
        ]
        licence = next((str(one) for one in declared if one and one != "UNKNOWN"), "none declared")
        return {"version": metadata.version(package), "licence": licence.splitlines()[0]}

    def do_published(self, peer: str, function: str, given: Answer, parts: list[str] | None) -> Answer:
        """The parts of a published case, flattened; None where the peer does not offer one."""
        compute = self.known["PUBLISHED"].get((peer, function))
        offered = self.known["OFFERED"].get(peer)
        if compute is None or (parts and offered and not offered.intersection(parts)):
            raise NotOfferedError
        found = compute(**given)
        if parts is None:
            return {"found": _flat(found)}
        have = [found.get(p) if isinstance(found, Mapping) else getattr(found, p) for p in parts]
        return {"found": [value for part in have for value in _flat(part)]}

    def do_prepare(self, peer: str, job: str, units: int) -> Answer:
        """Make the data of a job and run it once; seconds of that run, and its result as one number."""
        self.prepared = self.known["JOBS"][peer, job](units)
        start = time.perf_counter()
        result = self.prepared()
        return {"seconds": time.perf_counter() - start, "value": _one_number(result)}

    def do_run(self) -> Answer:
        gc.collect()
        start = time.perf_counter()
        self.prepared()
        return {"seconds": time.perf_counter() - start}

    def do_peak(self) -> Answer:
        """Most bytes that one run holds beyond its data, as Python's and numpy's allocators count them."""
        gc.collect()
        tracemalloc.start()
        try:
            self.prepared()
            return {"bytes": tracemalloc.get_traced_memory()[1]}
        finally:
            tracemalloc.stop()

    def do_said(self, peer: str, trap: str) -> Answer:
        """What the peer gives, and what it warns of or prints beside it."""
        said = self.known["SAID"].get((peer, trap))
        if said is None:
            raise NotOfferedError
        with warnings.catch_warnings(record=True) as caught, redirect_stdout(StringIO()) as printed:
            warnings.simplefilter("always")
            found = said()
        # what it warns its own authors of is not for the reader
        beside = [str(one.message) for one in caught if not issubclass(one.category, OF_ITS_OWN)]
        beside.append(printed.getvalue())
        given = found if isinstance(found, str) else f"{float(found):.6g}"
        return {"said": given, "beside": _short(" ".join(beside))}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"


def _flat(found: Any) -> list[float | None]:
    return [None if value is None else float(value) for value in np.ravel(np.array(found, dtype=object))]


def _one_number(result: Any) -> float:
    """A coefficient as it is; weights as n Σw² / (Σw)², which their scale does not change."""
    values = np.asarray(result, dtype=np.float64).ravel()
    if values.size == 1:
        return float(values[0])
    return float(values.size * (values**2).sum() / values.sum() ** 2)


def main() -> None:
    """Answer until the orders end."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    warnings.simplefilter("ignore")
    worker = Worker(sys.argv[1:])
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
