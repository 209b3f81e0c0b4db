"""Which question each column answers: headings matched with the questionnaire's wordings.

Each rung is tried only where the one before found nothing: the wording itself; evened out
(`text.normalised`); without any space; without what a tool wraps around it (numbers, "Question - ", "[…]");
and, where headings were visibly cut, a beginning of at least 25 characters that fits one question only
(`_cut_columns` says which are cut). Measured on this questionnaire, likeness scores call a reversed statement a
match, so likeness only words a suggestion.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ci_eval.inputs.text import normalised, repaired, squeezed, token
from ci_eval.programme import Question, Questionnaire
from ci_eval.programme.survey_declaration import NOT_USED, SurveySettings
from ci_eval.survey.columns import Cells
from ci_eval.survey.layout import Layout

OTHER = "other"
SHORTEST_BEGINNING = 25  # characters of a cut heading, the question above the statements not counted
DECLARED, EXACT, EVENED, GLUED = "as declared", "exactly", "after evening out", "without spaces"
WRAPPED, BEGINNING = "without its wrapping", "by its beginning"
REPAIRED, PIPED, GROUPED = "after repair of its letters", "without its placeholder", "without its group"
BESIDE = "by the column on its left"
RUNGS = (DECLARED, EXACT, EVENED, GLUED, WRAPPED, BEGINNING, REPAIRED, PIPED, GROUPED, BESIDE)
# Numbers before a wording: 5, Q5, 5a, 5(iv), a. What is left must be a whole wording, so that no word is lost.
_NUMBERS = tuple(
    re.compile(rf"^(?:question|q)?{form}")
    for form in (r"\d+", r"\d+[a-z]", r"\d+[ivx]{1,4}", r"\d+[a-z]\d+", "[a-z]", "[ivx]{1,4}")
)
_SUFFIX = re.compile(r"(?:required|mandatory|optional|selectone|chooseone|tickone)$")
# A name of a group of questions stands before the wording, as in "Statements/…", "Part 2 > …" and "Your views: …".
_GROUP = re.compile(
    r"(?P<group>[^/>|:»→?]{1,60}?)\s*(?:/|>|\||::?|»|→|\s[–—-]\s)\s*(?P<wording>\S.*)$", re.DOTALL
)
_NO_GROUP = re.compile(
    r"\b(?:not?|never|comments?|reasons?|why|other|explain\w*|disagree\w*|opposite|reversed?)\b|n['’]t\b",
    re.IGNORECASE,
)
_DEEPEST = 3  # groups within groups
_ITSELF = "the option"
OTHER_WORDINGS = frozenset(
    {"other", "otherpleasespecify", "otherpleasespecifytext", "othertext", "otherplease", "otherspecify"}
)
# What stands in a column of one option: chosen, or not.
TICKED = frozenset({"1", "yes", "y", "x", "true", "selected", "checked"})
UNTICKED = frozenset({"", "0", "no", "n", "false", "not selected", "unchecked"})
_FORM_PARTS = frozenset(
    {"selectedchoice", "radiobutton", "comments", "comment", "text", "answer", "response"}
)
# What tools write where an earlier answer should stand: ${q://QID1/…}, {TYPothers.value}, {{name}}, [Q1].
_PIPED = re.compile(r"\$\{[^{}]{1,200}\}|\{\{?[A-Za-z][\w.:/ -]{0,200}\}?\}|\[(?:Q|Field-|question)\w*\]")
CUT = re.compile(r"(?:…|\.\.\.?)\s*$")


Form = Callable[[str], str]


@dataclass(frozen=True)
class Target:
    """What a column holds: a question's answers, the text given with "Other", or one of its options."""

    code: str
    part: str = ""


class Ladder:
    """The questionnaire's wordings, ready to match headings against."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.wordings = {question.code: question.text for question in questionnaire.questions}
        self.wordings |= {statement.code: statement.text for statement in questionnaire.statements}
        self.questions = {question.code: question for question in questionnaire.questions}
        self.statements = tuple(statement.code for statement in questionnaire.statements)
        self.squeezed = {code: squeezed(text) for code, text in self.wordings.items()}
        self._codes = {form: code for code, form in reversed(self.squeezed.items())}
        # Each wording is evened out once: a heading is looked for in hundreds of cells of every export.
        forms: tuple[Form, ...] = (str, normalised, squeezed)
        self._by_form = [
            (rung, form, {form(text): code for code, text in reversed(self.wordings.items())})
            for rung, form in zip(RUNGS[1:4], forms, strict=True)
        ]
        self.stems = tuple(squeezed(question.text) for question in questionnaire.sets)
        self.scales = {code: questionnaire.scale_of(code) for code in self.statements}
        self.answers = tuple(
            dict.fromkeys(answer for scale in questionnaire.scales for answer in scale.offered)
        )

    def has_options(self, code: str) -> bool:
        """Whether a statement or question is answered by choosing."""
        return code in self.statements or (code in self.questions and bool(self.questions[code].options))

    def known(self, heading: str) -> bool:
        """Whether the heading is one of the questionnaire's, cut headings aside."""
        return bool(heading) and self.match(heading) is not None

    def match(self, heading: str, suffix: str = "") -> tuple[Target, str] | None:
        """The heading's target and the rung that found it."""
        for rung, form, codes in self._by_form:
            code = codes.get(form(heading))
            if code is not None:
                return Target(code), rung
        target = self._unwrapped(squeezed(heading))
        if target is None and suffix and (shorter := re.sub(suffix, "", heading)) != heading:
            target = self._unwrapped(squeezed(shorter))
        if target is None:
            return self._undone(heading) or self._grouped(heading)
        return target, WRAPPED

    def _grouped(self, heading: str) -> tuple[Target, str] | None:
        """The target of what stands after the name of a group of questions, which says nothing of the answers."""
        rest = heading
        for _ in range(_DEEPEST):
            match = _GROUP.match(rest)
            if match is None or _NO_GROUP.search(match["group"]):
                return None
            rest = match["wording"]
            if target := self._unwrapped(squeezed(rest)):
                return target, GROUPED
        return None

    def _undone(self, heading: str) -> tuple[Target, str] | None:
        """The target of a heading that was encoded twice, or holds a placeholder that the tool did not fill in."""
        for rung, changed in ((REPAIRED, repaired(heading)), (PIPED, _PIPED.sub(" ", heading))):
            if changed != heading:
                form = squeezed(changed)
                code = next((code for code, wording in self.squeezed.items() if wording == form), "")
                target = Target(code) if code else self._unwrapped(form)
                if target:
                    return target, rung
        return None

    def _unwrapped(self, form: str) -> Target | None:
        for each in _without_numbers(_SUFFIX.sub("", form)):
            if target := self._bare(each):
                return target
        return None

    def _bare(self, form: str) -> Target | None:
        """The target of a wording without number, with the question before or after a statement or an option."""
        if form in self._codes:
            return Target(self._codes[form])
        for stem in self.stems:
            for rest in (form.removeprefix(stem), form.removesuffix(stem)):
                if rest != form:
                    return self._statement(rest)
        if target := self._with_answer(form):
            return target
        for code, question in self.questions.items():
            for rest in (form.removeprefix(self.squeezed[code]), form.removesuffix(self.squeezed[code])):
                if rest != form and (target := self._part(question, rest)):
                    return target
        return None

    def _statement(self, form: str) -> Target | None:
        """A statement below the question above it, with one of its answers or without."""
        for each in _without_numbers(form):
            if each in self._codes and self._codes[each] in self.statements:
                return Target(self._codes[each])
            if target := self._with_answer(each):
                return target
        return None

    def _with_answer(self, form: str) -> Target | None:
        """A statement followed by one of its answers."""
        for code in self.statements:
            rest = form.removeprefix(self.squeezed[code])
            if rest != form and (answer := _among(self.scales[code].offered, rest)):
                return Target(code, answer)
        return None

    def _part(self, question: Question, part: str) -> Target | None:
        """What the words before or after a question's own wording mean."""
        for each in _without_numbers(part):
            if each in _FORM_PARTS:
                return Target(question.code)
            if question.options and each in OTHER_WORDINGS:
                return Target(question.code, OTHER)
            if option := _among(question.options, each):
                return Target(question.code, option)
        return None

    def beginnings(self, heading: str) -> list[str]:
        """Codes of the questions and statements that start like a cut heading."""
        whole = squeezed(CUT.sub("", heading))
        start = next((whole.removeprefix(stem) for stem in self.stems if whole.startswith(stem)), whole)
        if start != whole and len(start) < SHORTEST_BEGINNING:
            return []
        return [code for code, wording in self.squeezed.items() if wording.startswith(start)]


def _without_numbers(form: str) -> list[str]:
    """The form as it is, and without each kind of number that it may begin with."""
    return [form, *(form[match.end() :] for number in _NUMBERS if (match := number.match(form)))]


def _among(options: tuple[str, ...], form: str) -> str:
    return next((option for option in options if squeezed(option) == form), "")


@dataclass
class ColumnMap:
    """Columns and the questions they answer.

    Attributes
    ----------
    targets : column → target
    rungs : column → how its heading was matched, one of `RUNGS`
    unused : columns that answer no question
    doubtful : questions that share a cut heading → the columns that have it
    choices : columns of statements and of questions with options, without the texts beside "Other"
    set_aside : columns that the settings declare not used
    """

    targets: dict[int, Target] = field(default_factory=dict)
    rungs: dict[int, str] = field(default_factory=dict)
    unused: list[int] = field(default_factory=list)
    doubtful: dict[tuple[str, ...], list[int]] = field(default_factory=dict)
    choices: set[int] = field(default_factory=set)
    set_aside: set[int] = field(default_factory=set)

    def columns(self, code: str, part: str = "") -> list[int]:
        return [column for column, target in self.targets.items() if target == Target(code, part)]

    def options(self, code: str) -> dict[int, str]:
        """Column → option, for a question exported with one column for each option."""
        return {
            column: target.part
            for column, target in self.targets.items()
            if target.code == code and target.part not in ("", OTHER)
        }


def map_headings(layout: Layout, ladder: Ladder, declared: SurveySettings) -> ColumnMap:
    """Match every column; `heading_notes` says what is missing or claimed twice."""
    mapping = ColumnMap()
    skipped = layout.contact() | layout.metadata()
    by_setting = {squeezed(heading): code for heading, code in declared.headings.items()}
    cut = _cut_columns(layout)
    for column, heading in enumerate(layout.headings):
        name = layout.names[column]
        code = by_setting.get(squeezed(heading)) or by_setting.get(squeezed(name))
        if code == NOT_USED:
            mapping.set_aside.add(column)
            continue
        if code:
            head, beside, _ = code.rpartition(f"_{OTHER}")
            match: tuple[Target, str] | None = (Target(head, OTHER) if beside else Target(code), DECLARED)
        elif column in skipped:
            continue
        else:
            match = ladder.match(heading, layout.tool.suffix) or _other_beside(
                mapping, column, heading, ladder
            )
        if match is None and column in cut:
            match = _by_beginning(layout, ladder, column, mapping)
        if match is None:
            # The question above the statements has no answers of its own; some tools give it a column all the same.
            if squeezed(heading) not in ladder.stems:
                mapping.unused.append(column)
        else:
            mapping.targets[column], mapping.rungs[column] = match
    mapping.choices = {
        column
        for column, target in mapping.targets.items()
        if target.part != OTHER and ladder.has_options(target.code)
    }
    return mapping


def _other_beside(mapping: ColumnMap, column: int, heading: str, ladder: Ladder) -> tuple[Target, str] | None:
    """A heading that says no more than "Other" belongs to the question on its left."""
    left = mapping.targets.get(column - 1)
    if left is None or squeezed(heading) not in OTHER_WORDINGS or left.code not in ladder.questions:
        return None
    return (Target(left.code, OTHER), BESIDE) if ladder.questions[left.code].other else None


def tell_ticks_from_texts(mapping: ColumnMap, columns: Mapping[int, Cells], ladder: Ladder) -> None:
    """Give a column headed "Other" to that option where its cells are ticks as in the columns of the other options.

    Tools head the tick and the text alike; only the cells tell one from the other.
    """
    for code, question in ladder.questions.items():
        options = mapping.options(code)
        given = {mark for place in options for mark in _marks(columns[place], options[place])}
        for place in mapping.columns(code, OTHER) if options and question.other else ():
            marks = _marks(columns[place], question.other)
            if mapping.rungs[place] != DECLARED and marks and marks <= given & {_ITSELF, *TICKED, *UNTICKED}:
                mapping.targets[place] = Target(code, question.other)
                mapping.choices.add(place)


def _marks(cells: Cells, option: str) -> set[str]:
    """What is filled in below an option, the option's own words as one mark."""
    filled = {text for text in cells.distinct if text.strip()}
    return {_ITSELF if is_option(text, option) else token(text) for text in filled}


def is_option(text: str, option: str) -> bool:
    """Whether a text is the option itself, as tools write it: "Other (please specify)" is often only "Other"."""
    form = squeezed(text)
    return form == squeezed(option) or (form in OTHER_WORDINGS and squeezed(option) in OTHER_WORDINGS)


def _cut_columns(layout: Layout) -> set[int]:
    """Columns whose heading ends in dots, or is one of several that stop at the same, greatest length."""
    lengths = [len(heading) for heading in layout.headings]
    longest = max(lengths, default=0)
    same = [column for column, length in enumerate(lengths) if length == longest]
    marked = {column for column, heading in enumerate(layout.headings) if CUT.search(heading)}
    return marked | (set(same) if len(same) > 2 else set())


def _by_beginning(
    layout: Layout, ladder: Ladder, column: int, mapping: ColumnMap
) -> tuple[Target, str] | None:
    heading = layout.headings[column]
    codes = ladder.beginnings(heading)
    if len(CUT.sub("", heading).strip()) < SHORTEST_BEGINNING or not codes:
        return None
    if len(codes) == 1:
        return Target(codes[0]), BEGINNING
    mapping.doubtful.setdefault(tuple(codes), []).append(column)
    return None
