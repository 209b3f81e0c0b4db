"""Which tool wrote an export, in which row its heading starts, and what each column is called.

The tool is told by its own column names, never by position; titles and notes above the heading are passed
over.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ci_eval.problems import Problem
from ci_eval.survey.settings import SurveySettings
from ci_eval.survey.text import letter, listed, shown, squeezed
from ci_eval.survey.tool import Tool
from ci_eval.survey.tools import CONTACT, DETECTED, PLAIN, TOOLS

HEADING_WITHIN = 20  # rows from the top in which a heading is looked for
HEAD = HEADING_WITHIN + 5
_CERTAIN = 3  # names of a fingerprint that leave no doubt about the tool, even where its layout was edited
_CONTACT = frozenset(map(squeezed, CONTACT))
# What stands below a question that has one part only.
_ONE_PART = frozenset({"", "response", "answer", "openendedresponse"})


@dataclass(frozen=True)
class Layout:
    """Where the heading is and what it says.

    Attributes
    ----------
    tool : the tool's declaration
    top : heading rows start in this row of the file, counted from 0
    names : the tool's name of each column
    headings : the wording of each column's question: ``"question - part"`` where it has a part
    above : rows above the heading that hold something
    problem : why the heading cannot be used, None if it can
    """

    tool: Tool
    top: int
    names: tuple[str, ...]
    headings: tuple[str, ...]
    above: int = 0
    problem: Problem | None = None

    @property
    def first_row(self) -> int:
        """The row of the first response, counted from 0."""
        return self.top + self.tool.heading_rows

    @property
    def width(self) -> int:
        return len(self.headings)

    def column(self, names: Sequence[str]) -> int | None:
        """The column with the first of these tool's names that is there."""
        places = {squeezed(name): place for place, name in reversed(tuple(enumerate(self.names)))}
        return next((places[form] for name in names if (form := squeezed(name)) in places), None)

    def contact(self) -> set[int]:
        """Columns that say who answered; told by either of their headings."""
        both = zip(self.names, self.headings, strict=True)
        return {
            place for place, (name, text) in enumerate(both) if {squeezed(name), squeezed(text)} & _CONTACT
        }

    def metadata(self) -> set[int]:
        """Columns of the tool's own that hold no answers."""
        tool = self.tool
        own = [*tool.metadata, *tool.ids, *tool.started, *tool.ended]
        own += [rule.column for rule in tool.leave_out]
        whole = {squeezed(name) for name in own if not name.endswith("*")}
        starts = tuple(squeezed(name) for name in own if name.endswith("*"))
        forms = map(squeezed, self.names)
        return {
            place for place, form in enumerate(forms) if form in whole or (starts and form.startswith(starts))
        }

    def called(self, column: int) -> str:
        """The column in a message: ``column G "The purpose …"``."""
        heading = self.headings[column] or self.names[column]
        return f'column {letter(column)} "{shown(heading)}"' if heading else f"column {letter(column)}"


def detect(head: Sequence[Sequence[str]], known: Callable[[str], bool] | None, forced: str = "") -> Layout:
    """The layout of an export, from its first rows (`HEAD` are enough).

    Parameters
    ----------
    head : the first rows, as texts
    known : says whether a heading is one of the questionnaire's; without it only tools can be told
    forced : the tool's name where the settings declare it
    """
    tools: Sequence[Tool] = (TOOLS[forced],) if forced else DETECTED
    for top in range(min(HEADING_WITHIN, len(head))):
        for tool in tools:
            if not tool.fingerprint or not _has_names(tool, head, top):
                continue
            if _has_mark(tool, head, top):
                return _layout(tool, head, top)
            if len(tool.fingerprint) >= _CERTAIN:
                return _layout(tool, head, top, _rows_missing(tool, top))
    tool = TOOLS[forced] if forced and not TOOLS[forced].fingerprint else PLAIN
    layout = _layout(tool, head, _plain_top(head, known, tool))
    if forced and TOOLS[forced].fingerprint:
        names = listed(TOOLS[forced].fingerprint)
        message = f"This is no {forced} export: its columns {names} were not found in the first rows."
        mend = f"Correct or remove tool = in {SurveySettings().table()}, or use the untouched export."
        problem = Problem("tool-not-found", "REJECT", message, mend=mend)
        return Layout(tool, layout.top, layout.names, layout.headings, layout.above, problem)
    return layout


def _has_names(tool: Tool, head: Sequence[Sequence[str]], top: int) -> bool:
    if top + tool.names >= len(head):
        return False
    found = set(map(squeezed, _names(tool, head[top + tool.names])))
    return all(squeezed(name) in found for name in tool.fingerprint)


def _has_mark(tool: Tool, head: Sequence[Sequence[str]], top: int) -> bool:
    if tool.mark is None:
        return True
    row, pattern = tool.mark
    return top + row < len(head) and bool(re.match(pattern, (*head[top + row], "")[0]))


def _rows_missing(tool: Tool, top: int) -> Problem:
    message = (
        f"The columns are those of {tool.name}, whose exports start with {tool.heading_rows} heading rows, "
        "but not all of these rows are there."
    )
    mend = "Use the export as the tool wrote it, without deleting rows above the responses."
    return Problem("heading-row-missing", "REJECT", message, f"row {top + 1}", mend=mend)


def _plain_top(head: Sequence[Sequence[str]], known: Callable[[str], bool] | None, tool: Tool) -> int:
    """The row with most of the questionnaire's headings; failing that, the first row that is about full."""
    rows = head[:HEADING_WITHIN]
    if known:
        scores = [sum(map(known, row)) for row in rows]
        if scores and max(scores) > 1:
            return max(0, scores.index(max(scores)) - tool.texts[0])
    filled = [sum(cell != "" for cell in row) for row in rows]
    most = max(filled, default=0)
    return next((place for place, count in enumerate(filled) if count and 2 * count >= most), 0)


def _names(tool: Tool, row: Sequence[str]) -> tuple[str, ...]:
    if not tool.prefix:
        return tuple(row)
    matches = (re.match(tool.prefix, cell) for cell in row)
    return tuple(match.group(1) if match else cell for match, cell in zip(matches, row, strict=True))


def _layout(tool: Tool, head: Sequence[Sequence[str]], top: int, problem: Problem | None = None) -> Layout:
    rows = [list(row) for row in head[top : top + tool.heading_rows]]
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    rows += [[""] * width] * (tool.heading_rows - len(rows))
    names = _names(tool, rows[tool.names])
    wordings = [rows[place] for place in tool.texts]
    headings = _joined(*wordings) if len(wordings) > 1 else tuple(wordings[0])
    if tool.prefix:
        headings = tuple(re.sub(f"^{tool.prefix}", "", text) for text in headings)
    above = sum(any(row) for row in head[:top])
    return Layout(tool, top, names, headings, above, problem)


def _joined(questions: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
    """Question and part as one wording; a question stands over its first part and holds until the next."""
    current, joined = "", []
    for question, part in zip(questions, parts, strict=True):
        current = question or (current if part.strip() else "")
        joined.append(current if squeezed(part) in _ONE_PART else f"{current} - {part}")
    return tuple(joined)
