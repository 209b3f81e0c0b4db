"""What the matching of headings rests on, what is missing or claimed twice, and what to do about it.

Nothing here matches a heading. Likeness, languages and "not" only help to word a message; the load stops where a
column may hold answers that nobody would miss.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ci_eval.inputs.problems import Findings, Level
from ci_eval.inputs.text import letter, listed, nearest, normalised, one_line, quoted, squeezed, token
from ci_eval.programme.survey_declaration import NOT_USED, SurveySettings
from ci_eval.survey.headings import (
    BEGINNING,
    BESIDE,
    EVENED,
    GLUED,
    GROUPED,
    OTHER,
    PIPED,
    REPAIRED,
    RUNGS,
    ColumnMap,
    Ladder,
    Target,
)
from ci_eval.survey.layout import Layout

SEVERAL = 3  # missing questions from which a translation, or a missing key, is thought of
MOST_COMPARED = 200  # headings compared with a missing question, to word a suggestion
_LONG_FORMAT = 3  # different questions below one heading
_WORDY, _FEWEST = 4, 3  # words of a question, and questions that make a language
# Words that hardly any English question does without, and that no neighbouring language has.
_ENGLISH = frozenset(
    ["the", "and", "you", "your", "what", "which", "with", "did", "how", "have", "this", "that", "were"]
)
_WHOLE_WORDS = ("not", "no", "never", "none", "nothing", "hardly", "cannot", "cant")
# Without apostrophes, as `normalised` leaves them.
_NEGATIONS = frozenset((*_WHOLE_WORDS, "didnt", "dont", "doesnt", "wasnt", "isnt", "werent"))
_BY_RUNG: tuple[tuple[tuple[str, ...], str, Level, str, str], ...] = (
    (
        (EVENED, GLUED),
        "headings-evened-out",
        "NOTE",
        "Headings were matched after evening out capitals, spaces, marks and HTML",
        "",
    ),
    (
        (BEGINNING,),
        "headings-cut",
        "WARN",
        "Headings are cut; each was matched by its beginning, which fits one question only",
        "Export again with whole headings.",
    ),
    (
        (REPAIRED,),
        "double-encoded",
        "WARN",
        "Headings were encoded twice (â€™ for ’); undone, they are wordings of the questionnaire",
        "Export again, and do not open the file in between.",
    ),
    (
        (PIPED,),
        "headings-piped",
        "WARN",
        "Headings hold a placeholder the tool did not fill in; the words around it were matched",
        "Check that these columns ask the question.",
    ),
    (
        (GROUPED,),
        "headings-grouped",
        "WARN",
        "Headings begin with words that are not the questionnaire’s, as the name of a group; what follows was matched",
        "Check that these words do not change what is asked.",
    ),
    (
        (BESIDE,),
        "other-by-place",
        "WARN",
        'Headings say no more than "Other"; each was given to the question on its left',
        "Check that it belongs there.",
    ),
)


def note_rows(layout: Layout, findings: Findings) -> None:
    """Note what the rows of the heading are, rows above it, and contact columns."""
    findings.extend((layout.problem, layout.note))
    if layout.above:
        message = f"Rows above the heading in row {layout.top + 1} were passed over."
        findings.add("rows-above-heading", "NOTE", message, count=layout.above)
    contact = sorted(layout.contact())
    if contact:
        message = f"Contact columns were dropped while reading: {listed(map(layout.called, contact), 8)}."
        findings.add("contact-columns", "WARN", message, count=len(contact))


def note_mapping(
    below: Sequence[Sequence[str]],
    layout: Layout,
    mapping: ColumnMap,
    ladder: Ladder,
    declared: SurveySettings,
    findings: Findings,
) -> None:
    """Note what is wrong with the columns and what their matching rests on; `below` are the first rows of cells."""
    if not _one_row_an_answer(below, layout, ladder.match, findings):
        _HeadingNotes(layout, mapping, ladder, declared, findings).note()


def note_texts_twice(layout: Layout, mapping: ColumnMap, ladder: Ladder, findings: Findings) -> None:
    """Note texts of one "Other" in two columns, once the ticks among them are known."""
    for code in ladder.questions:
        if len(columns := mapping.columns(code, OTHER)) > 1:
            _note_twice(Target(code, OTHER), columns, layout, ladder, findings)


def _note_twice(
    target: Target, columns: list[int], layout: Layout, ladder: Ladder, findings: Findings
) -> None:
    wording = ladder.wordings.get(target.code, target.code)
    message = f'{len(columns)} columns claim the same question, "{one_line(wording)}".'
    fix = "Delete the columns that do not belong to this survey, or export again."
    findings.add("heading-twice", "REJECT", message, listed(map(layout.called, columns)), fix)


def _one_row_an_answer(
    below: Sequence[Sequence[str]], layout: Layout, matches: Callable[[str], object], findings: Findings
) -> bool:
    """Whether cells of a column are questions: the table has one row for each answer, or lies on its side."""
    for place in range(layout.width):
        cells = {row[place] for row in below if place < len(row) and row[place]}
        if sum(matches(text) is not None for text in cells) >= _LONG_FORMAT:
            called = layout.called(place)
            message = f"C{called[1:]} holds questions, so each row is one answer, not one response."
            fix = "Export again with one row for each response and one column for each question."
            findings.add("row-per-answer", "REJECT", message, called, fix)
            return True
    return False


def is_key(below: Sequence[Sequence[str]], layout: Layout) -> bool:
    """Whether the table is a key: two columns, the first with names of questions and their codes."""
    names = [row[0] for row in below if row]
    return layout.width == 2 and sum(bool(re.fullmatch(r"Q\d+\w*", name)) for name in names) > 1


def _other_language(headings: Sequence[str]) -> bool:
    """Whether headings are questions of another language than English, by the words they do without."""
    words = [{word for word in normalised(text).split() if word.isalpha()} for text in headings]
    worded = [each for each in words if len(each) >= _WORDY]
    if len(worded) < max(_FEWEST, len(headings) / 2):
        return False  # names of columns and lists of options are of no language
    return 10 * sum(bool(each & _ENGLISH) for each in worded) <= len(worded)


def _opposite(one: str, other: str) -> bool:
    """Whether one of two wordings has a "not" and the other has none."""
    return _NEGATIONS.isdisjoint(normalised(one).split()) != _NEGATIONS.isdisjoint(normalised(other).split())


@dataclass
class _HeadingNotes:
    """Everything there is to note of one export's headings."""

    layout: Layout
    mapping: ColumnMap
    ladder: Ladder
    declared: SurveySettings
    findings: Findings

    def note(self) -> None:
        self._declared_but_absent()
        self._cut()
        unclear = self._claimed_twice(), self._missing()
        called = self.layout.called
        for rungs, check, level, message, fix in _BY_RUNG:
            places = [place for place, rung in self.mapping.rungs.items() if rung in rungs]
            if places:
                text = f"{message}: {listed(map(called, places), 3)}."
                self.findings.add(check, level, text, "", fix, len(places))
        self._order()
        self._negated()
        if not any(unclear):  # a missing question names the column that is like it
            self._like_statements()

    def _declared_but_absent(self) -> None:
        there = {squeezed(text) for text in (*self.layout.headings, *self.layout.names)}
        absent = [heading for heading in self.declared.headings if squeezed(heading) not in there]
        if absent:
            words = listed(f'"{one_line(heading)}"' for heading in absent)
            message = f"The settings name headings that the export does not have: {words}."
            fix = f"Correct them under {self.declared.table('headings')}."
            self.findings.add("heading-declared-absent", "WARN", message, "", fix, len(absent))

    def _cut(self) -> None:
        for codes, columns in self.mapping.doubtful.items():
            wordings = " or ".join(f'"{self.ladder.wordings[code]}"' for code in codes)
            message = f"Headings were cut; each of these could be {wordings}."
            where = listed(map(self.layout.called, columns))
            self.findings.add("heading-cut", "REJECT", message, where, "Export again with whole headings.")

    def _claimed_twice(self) -> bool:
        claims: dict[Target, list[int]] = defaultdict(list)
        for column, target in self.mapping.targets.items():
            claims[target].append(column)
        for target in [target for target in claims if target.part not in ("", OTHER)]:
            # One question both as a whole and spread over its options is claimed twice as well.
            if Target(target.code) in claims:
                claims[Target(target.code)] += claims.pop(target)
        twice = {target: columns for target, columns in claims.items() if len(columns) > 1}
        for target, columns in twice.items():
            # The tick and the text of "Other" may be headed alike; their cells tell them apart (`note_texts_twice`).
            if target.part != OTHER:
                _note_twice(target, columns, self.layout, self.ladder, self.findings)
        return bool(twice)

    def _missing(self) -> bool:
        """Note questions that no column answers, by the likeliest cause; whether there are any, or cut ones."""
        wordings, layout = self.ladder.wordings, self.layout
        answered = {target.code for target in self.mapping.targets.values() if target.part != OTHER}
        answered.update(code for codes in self.mapping.doubtful for code in codes)
        missing = [code for code in wordings if code not in answered and code not in self.declared.absent]
        if not missing:
            return bool(self.mapping.doubtful)
        places = [column for column in self.mapping.unused if layout.headings[column]]
        spare = [layout.headings[column] for column in places]
        cells = listed((f"{letter(place)} {one_line(layout.headings[place])}" for place in places), 50)
        # Where nothing fits, likeness tells nothing, and takes seconds for an export of hundreds of columns.
        like = spare[:MOST_COMPARED] if len(missing) < len(wordings) else []
        message = f"{len(missing)} of {len(wordings)} questions and statements were not found: "
        message += listed((self._called(code, like) for code in missing), len(wordings)) + "."
        several, known = (
            len(missing) >= SEVERAL,
            len(missing) < len(wordings) or bool(layout.tool.fingerprint or layout.metadata()),
        )
        names = spare and not any(" " in heading.strip() for heading in spare)
        if several and _other_language(spare):
            message = f"{len(spare)} columns are worded in another language, which is never matched by machine. {message}"
            fix = (
                f"Say which question each heading is, {self._heading_line(missing[0])} "
                f"and so on; and what its answers mean, under {self.declared.table('codes')}."
            )
            self.findings.add("headings-in-another-language", "ASK", message, "", fix, len(missing), cells)
        elif several and names and layout.tool.fingerprint:
            # Headings without a space among them are names that a tool gives to columns, and explain nothing.
            message = f"The headings are names of columns, not questions. {message}"
            fix = (
                "Export again with the questions' texts as headings, name with key = a key file (two columns: name or "
                f"code, and its wording), or {self._heading_line(missing[0])} and so on."
            )
            self.findings.add("headings-without-key", "ASK", message, "", fix, len(missing), cells)
        else:
            if len(missing) == len(wordings):
                other = "" if known else ", or its heading is missing"
                message = f"This is an export of another survey{other}. {message}"
            fix = self._missing_fix(missing, like)
            self.findings.add("question-missing", "REJECT", message, "", fix, len(missing), cells)
        return True

    def _called(self, code: str, spare: list[str]) -> str:
        """A missing question in a message, with the unused heading most like it."""
        wording = self.ladder.wordings[code]
        like = nearest(wording, spare)
        reverse = "; it says the opposite" if like and _opposite(like, wording) else ""
        place = f"column {letter(self.layout.headings.index(like))}" if like else ""
        hint = f" (nearest heading, not used: {place}{reverse})" if like else ""
        return f'{code} "{one_line(wording, 60)}"{hint}'

    def _heading_line(self, code: str) -> str:
        return self.declared.fix(f'"the exported heading" = "{code}"', "headings")

    def _missing_fix(self, missing: list[str], spare: list[str]) -> str:
        """What to do about questions that were not found; a heading like one of them stands in the line to add."""
        wordings = self.ladder.wordings
        code = next((code for code in missing if nearest(wordings[code], spare)), missing[0])
        like = nearest(wordings[code], spare)
        absent = self.declared.fix(f'absent = ["{missing[0]}"]')
        line = self._heading_line(code)
        if like and _opposite(like, wordings[code]):
            scale = self.ladder.scales.get(code)
            answers = (
                scale.answers
                if scale
                else self.ladder.questions[code].options or ("the answer", "its meaning")
            )
            meanings = self.declared.fix(f'"{answers[0]}" = "{answers[-1]}"', "codes", code)
            return (
                f"If it was asked the other way round, {line}, and say what each answer to it means: {meanings}, "
                f"and so on; if it was not asked, {absent}."
            )
        return f"If a heading was reworded, {line}; if a question was not asked, {absent}."

    def _order(self) -> None:
        targets = self.mapping.targets.items()
        places = {target.code: place for place, target in targets if target.part != OTHER}
        moved: list[str] = []
        for codes in (self.ladder.statements, self.ladder.questions):
            usual = [code for code in codes if code in places]
            given = sorted(usual, key=places.__getitem__)
            moved += [code for code, expected in zip(given, usual, strict=True) if code != expected]
        if moved:
            message = (
                f"Columns stand in another order than the questionnaire's wordings, from {moved[0]} on; "
                "each was read by its heading."
            )
            where = self.layout.called(places[moved[0]])
            self.findings.add("columns-reordered", "NOTE", message, where, count=len(moved))

    def _negated(self) -> None:
        """A heading declared to be a statement, with a "not" that the statement has not: which way to count it?"""
        for place, target in self.mapping.targets.items():
            code = target.code
            if self.mapping.rungs[place] != RUNGS[0] or code not in self.ladder.statements:
                continue
            wording = self.ladder.wordings[code]
            if not _opposite(self.layout.headings[place], wording):
                continue
            # Half a scale turned round would be worse than none.
            meant = set(map(token, self.declared.codes.get(code, {})))
            left = [answer for answer in self.ladder.scales[code].answers if token(answer) not in meant]
            if left:
                message = f'A heading declared to be {code} says the opposite of "{one_line(wording, 60)}".'
                line = self.declared.fix(f'{quoted(left[0])} = "…"', "codes", code)
                answers = listed(map(quoted, left), 8)
                fix = f"Say what each answer to it means for {code}: {line}, and so on for {answers}."
                self.findings.add("statement-reversed", "ASK", message, self.layout.called(place), fix)

    def _like_statements(self) -> None:
        """Columns beside a complete set of statements that look like one more of them."""
        headings, called = self.layout.headings, self.layout.called
        wordings = [self.ladder.wordings[code] for code in self.ladder.statements]
        like = [
            place
            for place in self.mapping.unused[:MOST_COMPARED]
            if squeezed(headings[place]).startswith(self.ladder.stems) or nearest(headings[place], wordings)
        ]
        if like:
            message = f"Columns look like statements that the questionnaire does not have: {listed(map(called, like))}."
            line = self._heading_line(NOT_USED)
            fix = f"Add them to questionnaire.toml, or, to leave them aside, {line}."
            self.findings.add("statement-unknown", "REJECT", message, called(like[0]), fix, len(like))
