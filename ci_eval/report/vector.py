"""A chart's SVG file as an element of the page: real text, no style attributes, ids of its own.

The page's content security policy forbids style attributes (docs/decisions/0014-charts-in-the-page.md), so every property
becomes a presentation attribute. Ids that nothing refers to go, the others begin with the figure's key, and the
title's strip is left out, because the page has the title as a caption.
"""

import re
from collections.abc import Iterator
from itertools import product

from lxml import etree

from ci_eval.report import style
from ci_eval.report.canvas import TITLE_ID

SVG, LINK = "http://www.w3.org/2000/svg", "{http://www.w3.org/1999/xlink}href"
FONTS = "DejaVu Sans, Verdana, sans-serif"  # the second is as wide as the first, and on most machines
DIGITS = re.compile(r"(\.\d\d)\d+")  # a hundredth of a point is seen by nobody
PLACES = ("d", "x", "y", "width", "height", "points")  # attributes that hold places in points
REFERENCE = re.compile(r"#([\w.-]+)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
TILE = 72  # points: matplotlib's hatches repeat after that
SIDE = 4  # points of room at each side: a browser sets a text a little wider than it was measured
NEEDLESS = "needless"  # a group without attributes, on its way out


def element(svg: bytes, key: str, alt: str, width: int, head: float = 0.0, own: bool = False) -> str:
    """The chart as an ``<svg>`` element that says its alternative text as one picture.

    Parameters
    ----------
    svg : as matplotlib writes it, with text as text
    key : of the figure; its ids begin with it
    alt : the alternative text
    width : CSS pixels that the chart is wide
    head : inches over the chart that hold its title
    own : whether colours and fonts are the analyst's own, which do not follow a dark screen

    Examples
    --------
    >>> letter = '<g id="a"><text style="fill: red">A</text></g>'
    >>> file = f'<svg xmlns="{SVG}" viewBox="0 0 72 36">{letter}</svg>'.encode()
    >>> element(file, "letter", "One letter.", 96).split("><", 1)[1]
    'text fill="red">A</text></svg>'
    """
    root = etree.fromstring(svg, etree.XMLParser(remove_comments=True, remove_blank_text=True))
    left, top, wide, tall = (float(part) for part in root.get("viewBox").split())
    for tag in ("metadata", "title", "style"):
        for one in list(root.iter(f"{{{SVG}}}{tag}")):
            one.getparent().remove(one)
    for one in root.xpath(f"//*[@id='{TITLE_ID}']"):
        one.getparent().remove(one)
    for one in root.iter(etree.Element):
        _attributes(one, own)
    _draw_hatches(root)
    _name_ids(root, key)
    for one in list(root.iter(f"{{{SVG}}}defs", f"{{{SVG}}}g")):
        if not one.attrib and (one.tag.endswith("}g") or len(one) == 0):
            one.tag = NEEDLESS
    etree.strip_tags(root, NEEDLESS)
    head *= 72
    root.attrib.clear()
    about = {
        "class": "ci-own" if own else "ci-chart",
        "role": "img",
        "aria-label": alt,
        "width": str(width),
        "height": str(round(width * (tall - head) / (wide + 2 * SIDE))),
        "viewBox": f"{left - SIDE:g} {round(top + head, 2):g} {wide + 2 * SIDE:g} {round(tall - head, 2):g}",
        "preserveAspectRatio": "xMinYMid meet",  # where paper makes it less tall it stands to the left
        "font-family": FONTS,
        "stroke-linejoin": "round",
    }
    for name, value in about.items():
        root.set(name, value)
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode")).replace(f' xmlns="{SVG}"', "", 1)


def _attributes(one: etree._Element, own: bool) -> None:
    """The element's style as attributes, its places rounded, its link without a namespace."""
    for name, value in _properties(one.attrib.pop("style", "")):
        if own or name in ("fill", "stroke"):
            one.set(name, value if own else _colour(value, one.tag == f"{{{SVG}}}text"))
        elif name != "font-family":
            one.set(name, value)
    if not own and one.tag == f"{{{SVG}}}rect" and "fill" in one.attrib:  # the paper of a pattern
        one.set("fill", _colour(one.get("fill", ""), False))
    for name in PLACES:
        if name in one.attrib:
            one.set(name, DIGITS.sub(r"\1", " ".join(one.get(name, "").split())))
    if LINK in one.attrib:
        one.set("href", one.attrib.pop(LINK))


def _colour(value: str, words: bool) -> str:
    """A colour of the house style as a variable that a dark screen changes; any other as it is."""
    if words and value in style.DARK_WORDS:
        return style.DARK_WORDS[value]
    return f"var(--chart-{value[1:]}, {value})" if value in style.DARK else value


def _properties(text: str) -> Iterator[tuple[str, str]]:
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip(), value.strip()


def _draw_hatches(root: etree._Element) -> None:
    """Hatching as lines cut to their shape: a browser prints a pattern as a picture, ten times as large."""
    lines = {}
    for pattern in list(root.iter(f"{{{SVG}}}pattern")):
        paper, line = pattern
        line.set("id", pattern.get("id", ""))
        pattern.getparent().replace(pattern, line)
        lines[line.get("id")] = paper.get("fill", "none")
    for number, shape in enumerate(list(root.iter(f"{{{SVG}}}path"))):
        match = _reference("fill", shape.get("fill", ""))
        if match and match[1] in lines:
            _draw_hatch(shape, match[1], lines[match[1]], f"shape-{number}")


def _draw_hatch(shape: etree._Element, hatch: str, paper: str, name: str) -> None:
    """One shape as its paper, the hatch's tiles within it, and its edge."""
    numbers = [float(part) for part in NUMBER.findall(shape.get("d", ""))]
    across, down = (
        range(int(min(one) // TILE), int(max(one) // TILE) + 1) for one in (numbers[::2], numbers[1::2])
    )
    group = etree.Element(f"{{{SVG}}}g")
    shape.getparent().replace(shape, group)
    if "clip-path" in shape.attrib:
        group.set("clip-path", shape.attrib.pop("clip-path"))
    cut = etree.SubElement(group, f"{{{SVG}}}clipPath", id=name)
    etree.SubElement(cut, f"{{{SVG}}}path", d=shape.get("d", ""))
    etree.SubElement(group, f"{{{SVG}}}path", d=shape.get("d", ""), fill=paper)
    inside = etree.SubElement(group, f"{{{SVG}}}g", {"clip-path": f"url(#{name})"})
    for x, y in product(across, down):
        etree.SubElement(inside, f"{{{SVG}}}use", href=f"#{hatch}", x=str(x * TILE), y=str(y * TILE))
    shape.set("fill", "none")
    group.append(shape)


def _name_ids(root: etree._Element, key: str) -> None:
    """Ids that something refers to are numbered after the figure's key; the others go."""
    names = ("href", "clip-path", "fill", "stroke", "mask", "filter")
    used = {
        match[1] for one in root.iter() for name in names if (match := _reference(name, one.get(name, "")))
    }
    new: dict[str, str] = {}
    for one in root.iter():
        old = one.attrib.pop("id", None)
        if old in used:
            new[old] = f"chart-{key}-{len(new) + 1}"
            one.set("id", new[old])
    for one in root.iter():
        for name in names:
            if match := _reference(name, one.get(name, "")):
                one.set(name, one.get(name).replace(f"#{match[1]}", f"#{new[match[1]]}"))


def _reference(name: str, value: str) -> re.Match[str] | None:
    return REFERENCE.search(value) if name == "href" or value.startswith("url(") else None
