"""Which question each column answers: headings matched one to one, by wording and never by likeness.

The ladder, each rung tried only where the one before found nothing: the wording itself; evened out
(`text.normalised`); without any space; without what a tool wraps around it (numbers, "Question - ",
"[…]"); and, where headings were visibly cut, a beginning of at least 25 characters that fits one question
only. Measured on this questionnaire, likeness scores call a reversed statement a match, so likeness only
words a suggestion.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ci_eval.problems import Problem
from ci_eval.programme import Question, Questionnaire
from ci_eval.survey.layout import Layout
from ci_eval.survey.settings import SurveySettings
from ci_eval.survey.text import listed, nearest, normalised, shown, squeezed

MOST_COMPARED = 200  # headings compared with a missing question, to word a suggestion
SHORTEST_BEGINNING = 25  # characters of a cut heading
OTHER = "other"
RUNGS = (
    "as declared",
    "exactly",
    "after evening out",
    "without spaces",
    "without its wrapping",
    "by its beginning",
)
_NUMBER = re.compile(r"^(?:question|q)?\d+")
_OTHER = frozenset(
    {"other", "otherpleasespecify", "otherpleasespecifytext", "othertext", "otherplease", "otherspecify"}
)
_FORM_PARTS = frozenset(
    {"selectedchoice", "radiobutton", "comments", "comment", "text", "answer", "response"}
)
_CUT = re.compile(r"(?:…|\.\.\.?)\s*$")


@dataclass(frozen=True)
class Target:
    """What a column holds: a question's answers, the text given with "Other", or one of its options."""

    code: str
    part: str = ""


@dataclass
class ColumnMap:
    """Columns and the questions they answer.

    Attributes
    ----------
    targets : column → target
    rungs : column → how its heading was matched, one of `RUNGS`
    unused : columns that answer no question
    doubtful : questions that share a cut heading → the columns that have it
    problems : headings that cannot be used
    """

    targets: dict[int, Target] = field(default_factory=dict)
    rungs: dict[int, str] = field(default_factory=dict)
    unused: list[int] = field(default_factory=list)
    doubtful: dict[tuple[str, ...], list[int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def columns(self, code: str, part: str = "") -> list[int]:
        return [column for column, target in self.targets.items() if target == Target(code, part)]

    def options(self, code: str) -> dict[int, str]:
        """Column → option, for a question exported with one column for each option."""
        return {
            column: target.part
            for column, target in self.targets.items()
            if target.code == code and target.part not in ("", OTHER)
        }


class Ladder:
    """The questionnaire's wordings, ready to match headings against."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.wordings = {question.code: question.text for question in questionnaire.questions}
        self.wordings |= {statement.code: statement.text for statement in questionnaire.statements}
        self.questions = {question.code: question for question in questionnaire.questions}
        self.statements = tuple(statement.code for statement in questionnaire.statements)
        self.squeezed = {code: squeezed(text) for code, text in self.wordings.items()}
        self.stem = squeezed(questionnaire.stem)
        self.answers = questionnaire.answers

    def known(self, heading: str) -> bool:
        """Whether the heading is one of the questionnaire's, cut headings aside."""
        return bool(heading) and self.match(heading) is not None

    def match(self, heading: str, suffix: str = "") -> tuple[Target, str] | None:
        """The heading's target and the rung that found it."""
        forms: tuple[Callable[[str], str], ...] = (str, normalised, squeezed)
        for rung, form in zip(RUNGS[1:4], forms, strict=True):
            wanted = form(heading)
            for code, text in self.wordings.items():
                if form(text) == wanted:
                    return Target(code), rung
        target = self._unwrapped(squeezed(heading))
        if target is None and suffix and (shorter := re.sub(suffix, "", heading)) != heading:
            target = self._unwrapped(squeezed(shorter))
        return (target, RUNGS[4]) if target else None

    def _unwrapped(self, form: str) -> Target | None:
        form = _NUMBER.sub("", form)
        for code, wording in self.squeezed.items():
            if form == wording:
                return Target(code)
        if form.startswith(self.stem):
            return self._statement(_NUMBER.sub("", form[len(self.stem) :]))
        for code, question in self.questions.items():
            if form.startswith(self.squeezed[code]):
                return self._part(question, _NUMBER.sub("", form[len(self.squeezed[code]) :]))
        return None

    def _statement(self, form: str) -> Target | None:
        """A statement below the question that asks for agreement, with one of its answers or without."""
        for code in self.statements:
            if form == self.squeezed[code]:
                return Target(code)
            rest = form.removeprefix(self.squeezed[code])
            if rest != form and (answer := _among(self.answers, rest)):
                return Target(code, answer)
        return None

    def _part(self, question: Question, part: str) -> Target | None:
        """What the words after a question's own wording mean."""
        if part in _FORM_PARTS:
            return Target(question.code)
        if question.options and part in _OTHER:
            return Target(question.code, OTHER)
        option = _among(question.options, part)
        return Target(question.code, option) if option else None

    def beginnings(self, heading: str) -> list[str]:
        """Codes of the questions and statements that start like a cut heading."""
        start = squeezed(_CUT.sub("", heading)).removeprefix(self.stem)
        return [code for code, wording in self.squeezed.items() if wording.startswith(start)]


def _among(options: tuple[str, ...], form: str) -> str:
    return next((option for option in options if squeezed(option) == form), "")


def map_headings(layout: Layout, ladder: Ladder, declared: SurveySettings) -> ColumnMap:
    """Match every column, one to one; what is missing or claimed twice is collected in `problems`."""
    mapping = ColumnMap()
    skipped = layout.contact() | layout.metadata()
    by_setting = {squeezed(heading): code for heading, code in declared.headings.items()}
    cut = _cut_columns(layout)
    for column, heading in enumerate(layout.headings):
        name = layout.names[column]
        code = by_setting.get(squeezed(heading)) or by_setting.get(squeezed(name))
        if code:
            head, _, part = code.partition("_")
            found: tuple[Target, str] | None = (Target(head, part), RUNGS[0])
        elif column in skipped:
            continue
        else:
            found = ladder.match(heading, layout.tool.suffix) or _other_beside(
                mapping, column, heading, ladder
            )
        if found is None and column in cut:
            found = _by_beginning(layout, ladder, column, mapping)
        if found is None:
            # The question above the statements has no answers of its own; some tools give it a column all the same.
            if squeezed(heading) != ladder.stem:
                mapping.unused.append(column)
        else:
            mapping.targets[column], mapping.rungs[column] = found
    _doubtful(layout, mapping, ladder)
    _one_to_one(layout, mapping, ladder)
    _complete(layout, mapping, ladder, declared)
    return mapping


def _other_beside(mapping: ColumnMap, column: int, heading: str, ladder: Ladder) -> tuple[Target, str] | None:
    """A heading that says no more than "Other" belongs to the question on its left."""
    left = mapping.targets.get(column - 1)
    if left is None or squeezed(heading) not in _OTHER or left.code not in ladder.questions:
        return None
    return (Target(left.code, OTHER), RUNGS[4]) if ladder.questions[left.code].options else None


def _cut_columns(layout: Layout) -> set[int]:
    """Columns whose heading ends in dots, or is one of several that stop at the same, greatest length."""
    lengths = [len(heading) for heading in layout.headings]
    longest = max(lengths, default=0)
    same = [column for column, length in enumerate(lengths) if length == longest]
    marked = {column for column, heading in enumerate(layout.headings) if _CUT.search(heading)}
    return marked | (set(same) if len(same) > 2 else set())


def _by_beginning(
    layout: Layout, ladder: Ladder, column: int, mapping: ColumnMap
) -> tuple[Target, str] | None:
    heading = layout.headings[column]
    codes = ladder.beginnings(heading)
    if len(_CUT.sub("", heading).strip()) < SHORTEST_BEGINNING or not codes:
        return None
    if len(codes) == 1:
        return Target(codes[0]), RUNGS[5]
    mapping.doubtful.setdefault(tuple(codes), []).append(column)
    return None


def _doubtful(layout: Layout, mapping: ColumnMap, ladder: Ladder) -> None:
    for codes, columns in mapping.doubtful.items():
        wordings = " or ".join(f'"{ladder.wordings[code]}"' for code in codes)
        message = f"Headings were cut; each of these could be {wordings}."
        mend = "Export again with whole headings."
        where = listed(map(layout.called, columns))
        mapping.problems.append(Problem("heading-cut", "REJECT", message, where, mend=mend))


def _one_to_one(layout: Layout, mapping: ColumnMap, ladder: Ladder) -> None:
    claims: Mapping[Target, list[int]] = defaultdict(list)
    for column, target in mapping.targets.items():
        claims[target].append(column)
    for target, columns in claims.items():
        if len(columns) > 1:
            wording = ladder.wordings.get(target.code, target.code)
            where = listed(map(layout.called, columns))
            message = f'{len(columns)} columns claim the same question, "{shown(wording)}".'
            mend = "Delete the columns that do not belong to this survey, or export again."
            mapping.problems.append(Problem("heading-twice", "REJECT", message, where, mend=mend))


def _complete(layout: Layout, mapping: ColumnMap, ladder: Ladder, declared: SurveySettings) -> None:
    found = {target.code for target in mapping.targets.values() if target.part != OTHER}
    found.update(code for codes in mapping.doubtful for code in codes)
    missing = [code for code in ladder.wordings if code not in found and code not in declared.absent]
    if not missing:
        return
    spare = [layout.headings[column] for column in mapping.unused if layout.headings[column]]
    total = len(ladder.wordings)
    # Where nothing fits, likeness tells nothing, and takes seconds for an export of hundreds of columns.
    like = spare[:MOST_COMPARED] if len(missing) < total else []
    message = f"{len(missing)} of {total} questions and statements were not found: "
    message += listed((_named(code, ladder, like) for code in missing), total) + "."
    if len(missing) == total:
        headings = listed((f'"{shown(heading, 40)}"' for heading in spare), 4) or "no wording"
        message = f"This is an export of another survey, with {headings}. {message}"
    reworded = declared.mend(f'"the exported heading" = "{missing[0]}"', "headings")
    absent = declared.mend(f'absent = ["{missing[0]}"]')
    mend = f"If a heading was reworded, {reworded}; if a question was not asked, {absent}."
    mapping.problems.append(Problem("question-missing", "REJECT", message, mend=mend, count=len(missing)))


def _named(code: str, ladder: Ladder, spare: list[str]) -> str:
    """A missing question in a message, with the unused heading most like it."""
    like = nearest(ladder.wordings[code], spare)
    hint = f' (nearest heading, not used: "{shown(like)}")' if like else ""
    return f'{code} "{shown(ladder.wordings[code], 60)}"{hint}'
