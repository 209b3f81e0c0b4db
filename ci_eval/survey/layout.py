"""Which tool wrote an export, in which row its heading starts, and what each column is called.

A tool is known by its own column names, never by position; titles and notes above the heading are passed over. Any
other table is read by the questionnaire's wordings. People merge heading cells, so that some wordings are in one row
and the others in the row below; some tools write a short name of each column above its wording. Both are noted.

A response is known by what repeats: fifteen statements have six answers between them, so that some answer, or some
code, is in at least three cells of its row. Titles, section names and numbers of questions do not repeat like that.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from ci_eval.inputs import personal_data
from ci_eval.inputs.personal_data import is_address
from ci_eval.inputs.problems import Problem
from ci_eval.inputs.text import letter, listed, normalised, one_line, squeezed
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.columns import row_numbers
from ci_eval.survey.tools import CONTACT, DETECTED, IMPORT_ID, PLAIN, TOOLS, Tool

Known = Callable[[str], bool] | None
Rows = Sequence[Sequence[str]]

HEADING_WITHIN = 20  # rows from the top in which a heading is looked for
HEAD = HEADING_WITHIN + 5
LONG, SHORT, FULL = 25, 12, 0.9  # characters of a wording and of a name, and the share of cells they fill
CONTACT_FORMS = frozenset(map(squeezed, CONTACT))
_CERTAIN = 3  # names of a fingerprint that leave no doubt about the tool, even where its layout was edited
_REPEATED = 3  # cells of one row with the same answer
_SEVERAL = 3  # ImportIds that make a row Qualtrics' own
# What is below a question that has one part only; "NA" where R wrote the file again.
_ONE_PART = frozenset({"", "response", "answer", "openendedresponse", "na"})
_UNTOUCHED = "Use the export as the tool wrote it, its heading rows first and none of them deleted."
_CODE = re.compile(r"-?\d{1,3}$")
_ZONE = re.compile(r"timeZone['\"]+\s*:\s*['\"]+([\w/+-]+)")
_NAME = re.compile(r"[A-Za-z][\w .\[\]#-]*$")


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
    questions : what columns of one question have in common, one text a column
    zones : column → time zone of its dates, where the heading says so
    note : what was done to make one heading of several rows, None if nothing
    known : columns whose heading is the questionnaire's or the tool's own; any other may be somebody's words
    ids_by_cells : the column of ids that only its cells show to be one
    """

    tool: Tool
    top: int
    names: tuple[str, ...]
    headings: tuple[str, ...]
    above: int = 0
    problem: Problem | None = None
    questions: tuple[str, ...] = ()
    zones: Mapping[int, str] = field(default_factory=dict)
    note: Problem | None = None
    known: frozenset[int] = frozenset()
    ids_by_cells: int | None = None

    @property
    def ids(self) -> int | None:
        """The column of response ids."""
        named = self.column(self.tool.ids)
        return self.ids_by_cells if named is None else named

    @property
    def first_row(self) -> int:
        """The row of the first response, counted from 0."""
        return self.top + self.tool.heading_rows

    @property
    def width(self) -> int:
        return len(self.headings)

    def column(self, names: Sequence[str], besides: Collection[int] = ()) -> int | None:
        """The column with the first of these tool's names that is there, `besides` some columns."""
        named = [(place, name) for place, name in enumerate(self.names) if place not in besides]
        places = {squeezed(name): place for place, name in reversed(named)}
        return next((places[form] for name in names if (form := squeezed(name)) in places), None)

    def contact(self) -> set[int]:
        """Columns that say who answered, by either of their headings."""
        both = zip(self.names, self.headings, strict=True)
        return {
            place
            for place, (name, text) in enumerate(both)
            if {squeezed(name), squeezed(text)} & CONTACT_FORMS
        }

    def metadata(self) -> set[int]:
        """Columns of the tool's own that hold no answers."""
        tool = self.tool
        own = [*tool.metadata, *tool.ids, *tool.started, *tool.ended]
        own += [rule.column for rule in tool.leave_out]
        whole = {squeezed(name) for name in own if not name.endswith("*")}
        starts = tuple(squeezed(name) for name in own if name.endswith("*"))
        forms = map(squeezed, self.names)
        named = {
            place for place, form in enumerate(forms) if form in whole or (starts and form.startswith(starts))
        }
        more = enumerate(self.names) if tool.own else ()
        return named | {place for place, name in more if re.search(tool.own, name)}

    def asked(self) -> int:
        """Number of questions: columns of one question count once, contact and the tool's own columns do not."""
        own = self.contact() | self.metadata()
        places = (
            p for p in range(self.width) if p not in own and (self.headings[p] or self.names[p]).strip()
        )
        return len({self.questions[p] if self.questions else str(p) for p in places} - {""})

    def called(self, column: int) -> str:
        """The column in a message: ``column G "The purpose …"``, or its letter where the heading is not known."""
        own = column in self.known or column in self.contact() or column in self.metadata()
        heading = (self.headings[column] or self.names[column]) if own else ""
        return (
            f'column {letter(column)} "{personal_data.name(heading)}"'
            if heading
            else f"column {letter(column)}"
        )


def detect(head: Rows, known: Known, forced: str = "") -> Layout:
    """The layout of an export, from its first rows (`HEAD` are enough).

    Parameters
    ----------
    head : the first rows, as texts
    known : says whether a heading is one of the questionnaire's; without it only tools are known
    forced : the tool's name where the settings declare it
    """
    tools = [tool for tool in DETECTED if tool.name == forced] if forced else DETECTED
    forms: dict[tuple[int, str], set[str]] = {}  # most tools look for their names in the same rows
    for top in range(min(HEADING_WITHIN, len(head))):
        for tool in tools:
            if not tool.fingerprint or not _has_names(tool, head, top, forms):
                continue
            if _has_mark(tool, head, top):
                return _layout(tool, head, top)
            if len(tool.fingerprint) >= _CERTAIN:
                return _layout(tool, head, top, _rows_missing(tool, top))
    layout = _by_wordings(TOOLS[forced] if forced and not TOOLS[forced].fingerprint else PLAIN, head, known)
    if forced and TOOLS[forced].fingerprint:
        names = listed(TOOLS[forced].fingerprint)
        message = f"This is no {forced} export: its columns {names} were not found in the first rows."
        fix = f"Correct or remove tool = in {SurveySettings().table()}, or use the untouched export."
        return replace(layout, problem=Problem("tool-not-found", "REJECT", message, fix=fix))
    return layout


def _by_wordings(tool: Tool, head: Rows, known: Known) -> Layout:
    """The layout of a plain table, or of any other whose heading is known by its wordings."""
    heading = _find(head[:HEADING_WITHIN], known)
    if tool.heading_rows > 1:
        return _layout(tool, head, max(0, heading.top - tool.texts[0]))
    layout = _layout(replace(tool, heading_rows=heading.rows, texts=(heading.rows - 1,)), head, heading.top)
    if not heading.merged:
        # Short names stand above the wordings; "Response ID" and the like are names wherever they are.
        own = {squeezed(name) for name in (*tool.ids, *tool.started, *tool.ended)}
        both = zip(layout.names, layout.headings, strict=True)
        return replace(layout, names=tuple(text if squeezed(text) in own else name for name, text in both))
    top = heading.top
    upper, lower = ([*row, *[""] * layout.width][: layout.width] for row in head[top : top + 2])
    headings = _merged(upper, lower, known)
    message = f"The heading is in rows {top + 1} and {top + 2}, read as one, with "
    message += listed((f'"{one_line(text, 40)}"' for text in headings if known and known(text)), 8) + "."
    fix = "Check that each heading is over its answers; better, use the untouched export."
    note = Problem("headings-merged", "WARN", message, f"row {top + 1}", 2, fix)
    return replace(layout, names=headings, headings=headings, note=note)


@dataclass(frozen=True)
class _Heading:
    """The heading's first row (from 0), how many rows it has, and whether two rows share the wordings."""

    top: int
    rows: int = 1
    merged: bool = False


def _find(rows: Rows, known: Known) -> _Heading:
    """The heading among the first rows.

    It is the row with most of the questionnaire's wordings; failing that, the first row that is about full.
    """
    if known:
        scores = [sum(map(known, row)) for row in rows]
        best = scores.index(max(scores)) if scores and max(scores) > 1 else -1
        if best >= 0:
            shared = _shared(rows, scores, best, known)
            if shared is not None:
                return _Heading(shared, 2, merged=True)
            named = best > 0 and _names_above(rows, best - 1)
            return _Heading(best - 1, 2) if named else _Heading(best)
    filled = [sum(cell != "" for cell in row) for row in rows]
    most = max(filled, default=0)
    top = next((place for place, count in enumerate(filled) if count and 2 * count >= most), 0)
    return _Heading(top, 2) if _names_above(rows, top) else _Heading(top)


def _shared(rows: Rows, scores: Sequence[int], best: int, known: Callable[[str], bool]) -> int | None:
    """The upper of two rows that have the wordings between them, None where one row has them all."""
    for upper, other in ((best - 1, best - 1), (best, best + 1)):
        if not 0 <= other < len(rows) or not scores[other]:
            continue
        most = rows[best]
        if any(
            known(cell) and (place >= len(most) or not most[place].strip())
            for place, cell in enumerate(rows[other])
        ):
            return upper
    return None


def _names_above(rows: Rows, top: int) -> bool:
    """Whether this row holds short names, and the next one the wordings of the questions they stand for."""
    if top + 1 >= len(rows):
        return False
    names, wordings = rows[top], [cell for cell in rows[top + 1] if cell.strip()]
    if len(names) < 2 or not all(len(name) <= SHORT and _NAME.match(name) for name in names):
        return False
    if len(set(names)) < len(names) or len(wordings) < FULL * len(names):
        return False
    below = [len(cell) for row in rows[top + 2 :] for cell in row if cell.strip()]
    # Answers are shorter than questions; where they are not, the second row may be somebody's answers.
    longest = median(map(len, wordings))
    return longest > LONG and (not below or longest > 2 * median(below))


def _merged(upper: Sequence[str], lower: Sequence[str], known: Known) -> tuple[str, ...]:
    """One wording a column from two rows: the one that is a wording, else the lower, else the upper."""
    both = zip(upper, lower, strict=True)
    return tuple(
        above if known and known(above) and not known(below) else below or above for above, below in both
    )


def _has_names(tool: Tool, head: Rows, top: int, forms: dict[tuple[int, str], set[str]]) -> bool:
    row = top + tool.names
    if row >= len(head):
        return False
    if (row, tool.prefix) not in forms:
        forms[row, tool.prefix] = set(map(squeezed, _names(tool, head[row])))
    return all(squeezed(name) in forms[row, tool.prefix] for name in tool.fingerprint)


def _has_mark(tool: Tool, head: Rows, top: int) -> bool:
    """Whether the heading rows that tell this layout hold their marks, below the tool's first column name."""
    names = [squeezed(name) for name in _names(tool, head[top + tool.names])]
    place = names.index(squeezed(tool.fingerprint[0]))
    for row, pattern in tool.marks:
        if top + row >= len(head):
            return False
        if not re.match(pattern, (*head[top + row], *[""] * (place + 1))[place]):
            return False
    return True


def _rows_missing(tool: Tool, top: int) -> Problem:
    message = (
        f"The columns are those of {tool.name}, whose exports start with {tool.heading_rows} heading rows, "
        "but not all of these rows are there."
    )
    fix = "Use the export as the tool wrote it, without deleting rows above the responses."
    return Problem("heading-row-missing", "REJECT", message, fix=fix, cells=row_numbers([top + 1]))


def _names(tool: Tool, row: Sequence[str]) -> tuple[str, ...]:
    if not tool.prefix:
        return tuple(row)
    matches = (re.match(tool.prefix, cell) for cell in row)
    return tuple(match.group(1) if match else cell for match, cell in zip(matches, row, strict=True))


def _layout(tool: Tool, head: Rows, top: int, problem: Problem | None = None) -> Layout:
    rows = [list(row) for row in head[top : top + tool.heading_rows]]
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    rows += [[""] * width] * (tool.heading_rows - len(rows))
    names = _names(tool, rows[tool.names])
    wordings = [rows[place] for place in tool.texts]
    asked = _carried(*wordings) if len(wordings) > 1 else wordings[0]
    headings = _joined(asked, wordings[1]) if len(wordings) > 1 else tuple(asked)
    if tool.prefix:
        headings = tuple(re.sub(f"^{tool.prefix}", "", text) for text in headings)
    above = sum(any(row) for row in head[:top])
    zones = {place: match[1] for place, cell in enumerate(rows[-1]) if (match := _ZONE.search(cell))}
    questions = _questions(tool, rows, names) if tool.question else tuple(asked)
    if not tool.question and len(wordings) == 1:
        questions = ()  # one column, one question
    return Layout(tool, top, names, headings, above, problem, questions, zones)


def _questions(tool: Tool, rows: Sequence[Sequence[str]], names: Sequence[str]) -> tuple[str, ...]:
    """What the heading says of the question each column belongs to; the column's own name where nothing."""
    row, pattern = tool.question or (0, "$.")
    matches = (re.search(pattern, cell) for cell in rows[row])
    return tuple(
        match[match.lastindex or 0] if match else name for match, name in zip(matches, names, strict=True)
    )


def _carried(questions: Sequence[str], parts: Sequence[str]) -> list[str]:
    """A question stands over its first part and holds until the next."""
    current, carried = "", []
    for question, part in zip(questions, parts, strict=True):
        current = question or (current if part.strip() else "")
        carried.append(current)
    return carried


def _joined(questions: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
    """Question and part as one wording."""
    both = zip(questions, parts, strict=True)
    return tuple(
        question if squeezed(part) in _ONE_PART else f"{question} - {part}" for question, part in both
    )


def lost(head: Rows, layout: Layout, answers: Iterable[str]) -> Problem | None:
    """Why the heading rows cannot be trusted with the responses around them, None if they can.

    Parameters
    ----------
    head : the first rows of the file, as texts
    answers : the questionnaire's answers
    """
    known = frozenset(map(normalised, answers))
    above = [row for row, cells in enumerate(head[: layout.top], start=1) if _is_response(cells, known)]
    if above:
        message = "There are responses above the heading; they would not be counted."
        numbers = row_numbers(above)
        return Problem("responses-above-heading", "REJECT", message, "", len(above), _UNTOUCHED, numbers)
    if _is_response(layout.headings, known) or any(map(_is_whole_address, layout.headings)):
        # What stands there may be anybody's words, so none of it is shown.
        message = "Answers stand where the headings should be: the heading row is missing."
        numbers = row_numbers([layout.top + 1])
        return Problem("heading-missing", "REJECT", message, fix=_UNTOUCHED, cells=numbers)
    for row, cells in enumerate(head[layout.first_row :], start=layout.first_row + 1):
        if sum(bool(re.match(IMPORT_ID, cell)) for cell in cells) >= _SEVERAL:
            message = (
                "A row looks like Qualtrics' ImportIds, the last of its 3 heading rows, but the rows above "
                "are not the other two."
            )
            cells = row_numbers([row])
            return Problem("heading-row-missing", "REJECT", message, fix=_UNTOUCHED, cells=cells)
    return None


def _is_whole_address(heading: str) -> bool:
    return is_address(heading) and len(heading.split()) == 1


def _is_response(cells: Sequence[str], answers: Collection[str]) -> bool:
    counts = Counter(cell.strip() for cell in cells)
    likely = (text for text, count in counts.items() if count >= _REPEATED and text)
    return any(_CODE.match(text) or normalised(text) in answers for text in likely)


def responses_among(rows: Iterable[Sequence[str]], answers: Iterable[str]) -> int:
    """Number of rows that hold one answer in several cells, in words: tables of counts repeat numbers, and are none."""
    known = frozenset(map(normalised, answers))
    return sum(_is_response([cell for cell in row if not _CODE.match(cell.strip())], known) for row in rows)
