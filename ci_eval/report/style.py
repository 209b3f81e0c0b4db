"""House style of the charts: readable without colour, by colour-blind readers, and on any machine.

Colours differ in luminance, so that order survives a grey print; where two neighbours mean different things
they are hatched or labelled too. The font is DejaVu Sans because matplotlib carries it.
"""

from typing import Any

INK = "#1d1d1f"  # text and axes, 16:1 on white
QUIET = "#5b6068"  # second text, 6:1 on white
RULE = "#d5d8dd"  # grid lines
ACCENT = "#0b4f8a"  # the one colour where one is enough
PAPER = "#ffffff"


def settings() -> dict[str, Any]:
    """matplotlib's settings for a chart, on top of seaborn's white style; for ``matplotlib.rc_context``.

    Examples
    --------
    >>> settings()["font.size"]
    9.5
    """
    import seaborn as sns

    return {
        **sns.axes_style("white"),
        "font.family": "DejaVu Sans",
        "font.size": 9.5,
        "axes.axisbelow": True,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.labelsize": 8.5,
        "axes.linewidth": 0.8,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 9.5,
        "axes.titley": 1.0,  # where it is not given, every drawing measures all tick labels to find it
        "axes.titleweight": "bold",
        "grid.color": RULE,
        "hatch.linewidth": 0.7,
        "legend.frameon": False,
        "legend.fontsize": 8.5,
        "svg.fonttype": "none",  # text stays text: it is searched, copied and enlarged
        "text.color": INK,
        "text.hinting": "none",  # at 200 dots an inch nobody sees the difference, and it takes a ninth of the time
        "text.parse_math": False,  # a dollar sign in somebody's job title is a dollar sign
        "xtick.bottom": True,
        "xtick.color": INK,
        "xtick.labelsize": 8.5,
        "xtick.major.size": 3,
        "ytick.color": INK,
        "ytick.left": False,
        "figure.facecolor": "white",
    }


# Blue to brown through a light grey: the ends differ for every kind of colour vision, and the second half of
# a scale is hatched, because in a grey print dark blue and dark brown are the same
_FIRST = ("#0b4f8a", "#3f83bd", "#9cc3e4")
_SECOND = ("#f6cfa0", "#dd8f3d", "#9c4a06")
_HATCHES = ("///", "\\\\\\", "xxx")
_NEUTRAL = "#e3e5e8"
_SHADES = {1: (1,), 2: (0, 2), 3: (0, 1, 2)}  # of three, by how many points a half of the scale has


def scale_looks(points: int) -> list[dict[str, Any]]:
    """How each point of an agreement scale is drawn, from its first answer to its last.

    Raises
    ------
    ValueError
        For fewer than two points or more than seven.
    """
    if not 2 <= points <= 7:
        raise ValueError(f"a scale of {points} points cannot be drawn; 2 to 7 can")
    shades = _SHADES[points // 2]
    neutral = [_look(_NEUTRAL) | {"edgecolor": QUIET}] if points % 2 else []
    second = [_look(_SECOND[shade], hatch) for shade, hatch in zip(shades, _HATCHES, strict=False)]
    return [_look(_FIRST[shade]) for shade in shades] + neutral + second


def _look(colour: str, hatch: str = "") -> dict[str, Any]:
    edge = INK if hatch else "white"
    return {"facecolor": colour, "edgecolor": edge, "linewidth": 0.6, "hatch": hatch or None}


def label_on(look: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """Colour of a text on a segment, and the paper put behind it where the segment is hatched."""
    if look["hatch"]:
        return INK, {"facecolor": "#ffffff", "edgecolor": "none", "boxstyle": "round,pad=0.12"}
    return ("#ffffff" if luminance(look["facecolor"]) < 0.3 else INK), None


def luminance(colour: str) -> float:
    """Relative luminance of a ``#rrggbb`` colour, 0 black to 1 white (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Series differ by shape and filling before colour; the keys are those of seaborn's scatterplot
SERIES: tuple[dict[str, Any], ...] = (
    {"marker": "o", "color": ACCENT, "edgecolor": ACCENT},
    {"marker": "s", "color": "white", "edgecolor": "#9c4a06"},
    {"marker": "^", "color": INK, "edgecolor": INK},
    {"marker": "D", "color": "white", "edgecolor": ACCENT},
    {"marker": "v", "color": "#dd8f3d", "edgecolor": "#9c4a06"},
)


# On a dark screen: what is drawn on the paper lighter than it, what a text stands on as far from the text as before
DARK = {
    PAPER: "#14171b",
    INK: "#e9eaec",
    "#262626": "#e9eaec",  # seaborn's own ink
    QUIET: "#b4bac3",
    RULE: "#3a404a",
    ACCENT: "#2f77ba",
    "#3f83bd": "#24598b",
    "#9cc3e4": "#1c4468",
    "#d6e6f4": "#1d3a55",
    "#e9eef4": "#20262e",
    "#eef3f8": "#1d232b",
    "#eceef0": "#23282f",
    "#e3e5e8": "#3a414b",
    "#f6cfa0": "#5c3d14",
    "#dd8f3d": "#8a5417",
    "#9c4a06": "#d98736",
}
DARK_WORDS = {PAPER: PAPER, ACCENT: f"var(--accent, {ACCENT})"}  # of texts: white ones stand on dark bars


def dark_rules() -> str:
    """The charts' colours on a dark screen, as rules for a stylesheet.

    Examples
    --------
    >>> "--chart-1d1d1f: #e9eaec;" in dark_rules()
    True
    """
    colours = " ".join(f"--chart-{light[1:]}: {dark};" for light, dark in DARK.items())
    return f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {colours} }} }}"
