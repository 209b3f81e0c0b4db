"""The kernel of a run, from its own side: ipykernel, with what every report is made with loaded the quick way.

seaborn uses scipy.stats for cumulative densities alone and scipy.cluster for cluster maps, neither of which any
chart of a report shows, and does the rest by itself where they are absent. Loading scipy.stats takes longer than all
else a chart needs. Only here seaborn goes without: in JupyterLab it is whole, and any notebook may import both.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import cast

# jsonschema, where JupyterLab is installed, builds a grammar of international addresses from this module.
_GRAMMAR = "rfc3987_syntax"


def quick_import() -> AbstractContextManager[None]:
    """Import papermill or nbformat inside this block: jsonschema then does without that grammar."""
    return without(_GRAMMAR)


@contextmanager
def without(module: str) -> Iterator[None]:
    """Inside this block importing the module fails, unless it is loaded already; afterwards it works again."""
    absent = module not in sys.modules
    if absent:
        sys.modules[module] = cast(ModuleType, None)
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]


LIBRARIES = ("seaborn", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "scipy.special")


def main() -> None:
    """Serve the connection file named on the command line until the driver stops it."""
    load()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


def load() -> None:
    """Import the libraries; none of them is garbage, so none is searched for any, now or later."""
    gc.disable()
    with without("scipy.stats"), without("scipy.cluster"):
        for library in LIBRARIES:
            # One that cannot be imported fails again in the cell that needs it, which then names it.
            with suppress(ImportError):
                import_module(library)
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    main()
