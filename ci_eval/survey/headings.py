"""Which question each column answers: headings matched one to one, and what is missing or claimed twice.

Each rung is tried only where the one before found nothing: the wording itself; evened out
(`text.normalised`); without any space; without what a tool wraps around it (numbers, "Question - ", "[…]");
and, where headings were visibly cut, a beginning of at least 25 characters that fits one question only
(`headings` decides which are cut). Measured on this questionnaire, likeness scores call a reversed statement a
match, so likeness only words a suggestion.

Told only to word a message: nothing is matched by it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ci_eval.inputs import personal_data
from ci_eval.inputs.problems import Problem
from ci_eval.inputs.text import listed, nearest, normalised, repaired, shown, squeezed
from ci_eval.programme import Question, Questionnaire
from ci_eval.programme.survey_declaration import NOT_USED, SurveySettings
from ci_eval.survey.layout import Layout

OTHER = "other"
SHORTEST_BEGINNING = 25  # characters of a cut heading, the question above the statements not counted
DECLARED, EXACT, EVENED, GLUED = "as declared", "exactly", "after evening out", "without spaces"
WRAPPED, BEGINNING = "without its wrapping", "by its beginning"
REPAIRED, PIPED = "after repair of its letters", "without its placeholder"
BESIDE = "by the column on its left"
RUNGS = (DECLARED, EXACT, EVENED, GLUED, WRAPPED, BEGINNING, REPAIRED, PIPED, BESIDE)
_NUMBER = re.compile(r"^(?:question|q)?\d+")
OTHER_WORDINGS = frozenset(
    {"other", "otherpleasespecify", "otherpleasespecifytext", "othertext", "otherplease", "otherspecify"}
)
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
        # Each wording is evened out once: a heading is looked for in hundreds of cells of every export.
        forms: tuple[Form, ...] = (str, normalised, squeezed)
        self._by_form = [
            (rung, form, {form(text): code for code, text in reversed(self.wordings.items())})
            for rung, form in zip(RUNGS[1:4], forms, strict=True)
        ]
        self.stem = squeezed(questionnaire.stem)
        self.answers = questionnaire.answers
        self.scale = tuple(answer for answer in self.answers if answer not in questionnaire.not_scale)

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
            return self._fixed(heading)
        return target, WRAPPED

    def _fixed(self, heading: str) -> tuple[Target, str] | None:
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
        if question.options and part in OTHER_WORDINGS:
            return Target(question.code, OTHER)
        option = _among(question.options, part)
        return Target(question.code, option) if option else None

    def beginnings(self, heading: str) -> list[str]:
        """Codes of the questions and statements that start like a cut heading."""
        whole = squeezed(CUT.sub("", heading))
        start = whole.removeprefix(self.stem)
        if start != whole and len(start) < SHORTEST_BEGINNING:
            return []
        return [code for code, wording in self.squeezed.items() if wording.startswith(start)]


def _among(options: tuple[str, ...], form: str) -> str:
    return next((option for option in options if squeezed(option) == form), "")


# Words that hardly any English question does without, and that no neighbouring language has.
_ENGLISH = frozenset(
    ["the", "and", "you", "your", "what", "which", "with", "did", "how", "have", "this", "that", "were"]
)
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nothing",
        "hardly",
        "didnt",
        "dont",
        "doesnt",
        "wasnt",
        "isnt",
        "werent",
        "cannot",
        "cant",
    ]
)
_WORDY, _SEVERAL = 4, 3  # words of a question, and questions that make a language


def other_language(headings: Sequence[str]) -> bool:
    """Whether headings are questions of another language than English, told by the words they do without."""
    words = [{word for word in normalised(text).split() if word.isalpha()} for text in headings]
    worded = [each for each in words if len(each) >= _WORDY]
    if len(worded) < max(_SEVERAL, len(headings) / 2):
        return False  # names of columns and lists of options are of no language
    return 10 * sum(bool(each & _ENGLISH) for each in worded) <= len(worded)


def opposite(one: str, other: str) -> bool:
    """Whether one of two wordings has a "not" and the other has none."""
    here, there = (bool(_NEGATIONS & set(normalised(text).split())) for text in (one, other))
    return here != there


SEVERAL = 3  # missing questions from which a translation is thought of
_OPPOSITE = "it says the opposite"
MOST_COMPARED = 200  # headings compared with a missing question, to word a suggestion


@dataclass
class ColumnMap:
    """Columns and the questions they answer.

    Attributes
    ----------
    targets : column → target
    rungs : column → how its heading was matched, one of `ladder.RUNGS`
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


def map_headings(layout: Layout, ladder: Ladder, declared: SurveySettings) -> ColumnMap:
    """Match every column, one to one; what is missing or claimed twice is collected in `problems`."""
    mapping = ColumnMap()
    skipped = layout.contact() | layout.metadata()
    by_setting = {squeezed(heading): code for heading, code in declared.headings.items()}
    cut = _cut_columns(layout)
    for column, heading in enumerate(layout.headings):
        name = layout.names[column]
        code = by_setting.get(squeezed(heading)) or by_setting.get(squeezed(name))
        if code == NOT_USED:
            continue
        if code:
            head, _, part = code.partition("_")
            found: tuple[Target, str] | None = (Target(head, part), DECLARED)
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
    _declared_but_absent(layout, mapping, declared)
    _doubtful(layout, mapping, ladder)
    _one_to_one(layout, mapping, ladder)
    _complete(layout, mapping, ladder, declared)
    return mapping


def _other_beside(mapping: ColumnMap, column: int, heading: str, ladder: Ladder) -> tuple[Target, str] | None:
    """A heading that says no more than "Other" belongs to the question on its left."""
    left = mapping.targets.get(column - 1)
    if left is None or squeezed(heading) not in OTHER_WORDINGS or left.code not in ladder.questions:
        return None
    return (Target(left.code, OTHER), BESIDE) if ladder.questions[left.code].other else None


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


def _declared_but_absent(layout: Layout, mapping: ColumnMap, declared: SurveySettings) -> None:
    there = {squeezed(text) for text in (*layout.headings, *layout.names)}
    absent = [heading for heading in declared.headings if squeezed(heading) not in there]
    if absent:
        words = listed(f'"{shown(heading)}"' for heading in absent)
        message = f"The settings name headings that the export does not have: {words}."
        fix = f"Correct them under {declared.table('headings')}."
        mapping.problems.append(
            Problem("heading-declared-absent", "WARN", message, fix=fix, count=len(absent))
        )


def _doubtful(layout: Layout, mapping: ColumnMap, ladder: Ladder) -> None:
    for codes, columns in mapping.doubtful.items():
        wordings = " or ".join(f'"{ladder.wordings[code]}"' for code in codes)
        message = f"Headings were cut; each of these could be {wordings}."
        fix = "Export again with whole headings."
        where = listed(map(layout.called, columns))
        mapping.problems.append(Problem("heading-cut", "REJECT", message, where, fix=fix))


def _one_to_one(layout: Layout, mapping: ColumnMap, ladder: Ladder) -> None:
    claims: dict[Target, list[int]] = defaultdict(list)
    for column, target in mapping.targets.items():
        claims[target].append(column)
    for target in [target for target in claims if target.part not in ("", OTHER)]:
        # One question both as a whole and spread over its options is claimed twice as well.
        if Target(target.code) in claims:
            claims[Target(target.code)] += claims.pop(target)
    for target, columns in claims.items():
        if len(columns) > 1:
            wording = ladder.wordings.get(target.code, target.code)
            where = listed(map(layout.called, columns))
            message = f'{len(columns)} columns claim the same question, "{shown(wording)}".'
            fix = "Delete the columns that do not belong to this survey, or export again."
            mapping.problems.append(Problem("heading-twice", "REJECT", message, where, fix=fix))


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
    if len(missing) >= SEVERAL and other_language(spare):
        mapping.problems.append(_translated(missing, spare, message, declared))
        return
    named = spare and not any(" " in heading.strip() for heading in spare)
    if named and layout.tool.fingerprint and len(missing) >= SEVERAL:
        mapping.problems.append(_coded(missing, spare, message, declared))
        return
    if len(missing) == total:
        headings = (
            listed((f'"{shown(personal_data.name(heading), 40)}"' for heading in spare), 4) or "no wording"
        )
        message = f"This is an export of another survey, with {headings}. {message}"
    mapping.problems.append(_missing(missing, like, ladder, message, declared))


def _missing(
    missing: list[str], spare: list[str], ladder: Ladder, message: str, declared: SurveySettings
) -> Problem:
    """What to do about questions that were not found; a heading like one of them stands in the line to add."""
    found = {code: nearest(ladder.wordings[code], spare) for code in missing}
    code = next((code for code in missing if found[code]), missing[0])
    heading = personal_data.heading(found[code]) if found[code] else '"the exported heading"'
    line = declared.fix(f'{heading} = "{code}"', "headings")
    absent = declared.fix(f'absent = ["{missing[0]}"]')
    if found[code] and opposite(found[code], ladder.wordings[code]):
        answers = declared.fix(f'"{ladder.answers[0]}" = "{ladder.answers[-1]}"', "codes", code)
        fix = (
            f"If it was asked the other way round, {line}, and say what each answer to it means: {answers}, "
        )
        fix += f"and so on; if it was not asked, {absent}."
    else:
        fix = f"If a heading was reworded, {line}; if a question was not asked, {absent}."
    return Problem("question-missing", "REJECT", message, fix=fix, count=len(missing))


def _coded(missing: list[str], spare: list[str], message: str, declared: SurveySettings) -> Problem:
    """Headings without a space among them are names that a tool gives to columns, and explain nothing."""
    names = listed((f'"{shown(personal_data.name(heading), 40)}"' for heading in spare), 4)
    message = f"The headings are names of columns, not questions ({names}). {message}"
    line = declared.fix(f'{personal_data.heading(spare[0])} = "{missing[0]}"', "headings")
    fix = (
        "Export again with the questions' texts as headings, name with key = a key file (two columns: name or code, "
        f"and its wording), or {line} and so on."
    )
    return Problem("headings-without-key", "ASK", message, fix=fix, count=len(missing))


def _translated(missing: list[str], spare: list[str], message: str, declared: SurveySettings) -> Problem:
    message = (
        f"{len(spare)} columns are worded in another language, which is never matched by machine. {message}"
    )
    line = declared.fix(f'{personal_data.heading(spare[0])} = "{missing[0]}"', "headings")
    fix = f"Say which question each heading is, {line} and so on; and what its answers mean, under "
    fix += f"{declared.table('codes')}."
    return Problem("headings-in-another-language", "ASK", message, fix=fix, count=len(missing))


def _named(code: str, ladder: Ladder, spare: list[str]) -> str:
    """A missing question in a message, with the unused heading most like it."""
    like = nearest(ladder.wordings[code], spare)
    reverse = f"; {_OPPOSITE}" if like and opposite(like, ladder.wordings[code]) else ""
    hint = f' (nearest heading, not used: "{shown(like)}"{reverse})' if like else ""
    return f'{code} "{shown(ladder.wordings[code], 60)}"{hint}'
