"""House style of the charts: readable without colour, by colour-blind readers, and on any machine.

Colours differ in luminance, so that order survives a grey print; where two neighbours mean different things
they are hatched or labelled too. The font is DejaVu Sans because matplotlib carries it.
"""

from typing import Any

INK = "#1d1d1f"  # text and axes, 16:1 on white
QUIET = "#5b6068"  # second text, 6:1 on white
RULE = "#d5d8dd"  # grid lines
ACCENT = "#0b4f8a"  # the one colour where one is enough


def settings() -> dict[str, Any]:
    """matplotlib's settings for one chart, on top of seaborn's white style."""
    import seaborn as sns

    return {
        **sns.axes_style("white"),
        "font.family": "DejaVu Sans",
        "font.size": 9.5,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.labelsize": 9.5,
        "axes.linewidth": 0.8,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "grid.color": RULE,
        "hatch.linewidth": 0.7,
        "legend.frameon": False,
        "legend.fontsize": 9,
        "svg.fonttype": "path",
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "ytick.left": False,
        "figure.facecolor": "white",
    }
