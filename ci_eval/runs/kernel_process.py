"""The kernel of a run, from its own side: ipykernel, with what every report is made with loaded the quick way.

seaborn uses scipy.stats for cumulative densities alone and scipy.cluster for cluster maps, neither of which any
chart of a report shows, and does the rest by itself where they are absent. Loading scipy.stats takes longer than all
else a chart needs. Only here seaborn goes without: in JupyterLab it is whole, and any notebook may import both.
"""

import gc
from contextlib import suppress
from importlib import import_module

from ci_eval.runs.startup import without

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
