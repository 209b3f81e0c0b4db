"""Texts that are no answer, by cause: codes without a key, marks of no declared meaning, unknown words.

However many cells show a cause it is one message, with its column, the count and the setting that answers it.
Nothing of somebody's own words appears in these messages.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ci_eval.inputs.personal_data import value
from ci_eval.inputs.problems import Findings, Level
from ci_eval.inputs.text import listed, normalised, quoted, repaired
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.answers import AnswerTable, Column, Unknown

CROWD = (
    20  # rows that hold a text, from which it is nobody's own words; more where the smallest group is larger
)
_SHORT_CODE = re.compile(r"-?\d{1,2}", re.ASCII)


def several(text: str, options: tuple[str, ...]) -> list[str]:
    """The options a text is made of, if it is made of two or more and nothing else; the longest are found first."""
    rest, given = f" {normalised(text)} ", []
    for option in sorted(options, key=len, reverse=True):
        form = f" {normalised(option)} "
        if form in rest:
            rest = rest.replace(form, " ", 1)
            given.append(option)
    return given if len(given) > 1 and not rest.strip() else []


def note_unknown(
    unknown: Iterable[Unknown],
    tables: Mapping[str, AnswerTable],
    declared: SurveySettings,
    findings: Findings,
) -> None:
    """One problem a cause: codes without a key, marks of no declared meaning, unknown words."""
    by_group: dict[str, list[Unknown]] = {}
    for item in unknown:
        by_group.setdefault(tables[item.column.code].group, []).append(item)
    for group, items in by_group.items():
        table = tables[items[0].column.code]
        worded = {item.column.code for item in items if _has_words(item.column, table)}
        by_cause: dict[Callable[..., None], list[Unknown]] = {cause: [] for cause in _CAUSES}
        for item in items:
            by_cause[_cause(item, table, worded, group in declared.codes)].append(item)
        for note, those in by_cause.items():
            if those:
                note(_Group(those, group, table, declared, findings))


def _has_words(column: Column, table: AnswerTable) -> bool:
    return any(normalised(text) in map(normalised, table.options) for text in column.cells.distinct)


@dataclass
class _Group:
    """Unknown texts of one cause in the columns that take the same answers."""

    items: list[Unknown]
    group: str
    table: AnswerTable
    declared: SurveySettings
    findings: Findings

    @property
    def columns(self) -> str:
        called = list(dict.fromkeys(item.column.called for item in self.items))
        return f"C{called[0][1:]}" if len(called) == 1 else f"{len(called)} columns"

    @property
    def texts(self) -> list[str]:
        """The texts that may stand in a message: codes, marks, and what a crowd gave. Others may be anybody's words."""
        totals: Counter[str] = Counter()
        for item in self.items:
            totals[item.text] += item.count
        crowd = max(CROWD, self.declared.smallest_group)
        return [
            value(text, 40)
            for text, count in totals.items()
            if count >= crowd or _SHORT_CODE.fullmatch(text.strip()) or self.table.gives_none(text)
        ]

    @property
    def listed(self) -> str:
        """What may be listed of the texts, and how many more there are."""
        texts, every = self.texts, len({item.text for item in self.items})
        rest = f"{every - len(texts):,} in the work list"
        return listed([*texts, rest] if every > len(texts) else texts, 20)

    def line(self, text: str = "", meaning: str = "…") -> str:
        """The words that say which line to add for a text; the first that may be shown where none is given."""
        text = text or next(iter(self.texts), "the text")
        return self.declared.fix(f'{quoted(text)} = "{meaning}"', "codes", self.group)

    def add(self, check: str, level: Level, message: str, fix: str) -> None:
        first = self.items[0].column.called
        cells = "; ".join(
            f"{item.column.rows_with([item.number])}: {value(item.text)}" for item in self.items
        )
        self.findings.add(check, level, message, first, fix, sum(item.count for item in self.items), cells)


def _outside_key(of: _Group) -> None:
    message = f"{of.columns}: the key does not explain {of.listed}."
    first = next(iter(of.texts), "the text")
    missing = of.declared.fix(f'{quoted(first)} = "not answered"', "missing")
    fix = f"Use the key of this export; or {of.line()}, with the answer it stands for; "
    of.add("code-outside-key", "REJECT", message, f"{fix}or, if it means no answer, {missing}.")


def _label_unknown(of: _Group) -> None:
    """The labels are the form's words, and nobody's own."""
    codes = sorted({item.text.strip() for item in of.items})
    labels = {code: item.column.labels[code] for item in of.items if (code := item.text.strip())}
    wordings = listed((f'{code} is "{value(labels[code], 40)}"' for code in codes), 8)
    message = (
        f"{of.columns}: codes are explained by wordings that the questionnaire does not have: {wordings}."
    )
    answers = listed((f'"{option}"' for option in of.table.options), 8)
    missing = of.declared.fix(f'{quoted(codes[0])} = "not answered"', "missing")
    line = of.line(codes[0])
    fix = f"Say which of {answers} each code stands for: {line}; if it means no answer, {missing}."
    of.add("label-unknown", "ASK", message, fix)


def _coded(of: _Group) -> None:
    codes = sorted(of.texts, key=lambda text: (len(text), text)) or ["the lowest code"]
    verb = "holds" if len({item.column.code for item in of.items}) == 1 else "hold"
    first, last = of.table.options[0], of.table.last
    message = (
        f"{of.columns} {verb} the codes {listed(codes, 8)}, not words. "
        f'We cannot tell whether {codes[0]} is "{first}" or "{last}".'
    )
    # A line that could be copied as it is would be copied, and turn a scale round.
    line = of.declared.fix(f'{quoted(codes[0])} = "…" and so on for each code', "codes", of.group)
    fix = f"Export again with answer texts, name the key file with key =, or {line}, with the answer it stands for."
    of.add("codes-without-key", "ASK", message, fix)


def _mixed(of: _Group) -> None:
    message = f"{of.columns}: numbers ({of.listed}) stand among words."
    missing = of.declared.fix(f'{quoted(next(iter(of.texts), "the text"))} = "not answered"', "missing")
    fix = f"Export again with answer texts, or {of.line()}; if it means no answer, {missing}."
    of.add("numbers-among-words", "REJECT", message, fix)


def _several(of: _Group) -> None:
    given = (" + ".join(several(text, of.table.options)) for text in {item.text: 0 for item in of.items})
    message = f"{of.columns}: more than one answer in a cell, where one is possible: {listed(given, 3)}."
    fix = "Export again; a cell with two answers to one question cannot be counted."
    of.add("two-answers", "REJECT", message, fix)


def _encoded_twice(of: _Group) -> None:
    message = (
        f"{of.columns}: answers were encoded twice, and are no answers of the questionnaire when that is "
        f"undone: {of.listed}."
    )
    fix = "Export again, and do not open the file in a spreadsheet in between."
    of.add("double-encoded", "REJECT", message, fix)


def _marks(of: _Group) -> None:
    message = f"{of.columns}: {of.listed} can mean not answered, not shown or not applicable."
    line = of.declared.fix(f'{quoted(of.texts[0])} = "not answered"', "missing")
    of.add("mark-unknown", "ASK", message, f"Say which, for each of them: {line}.")


def _misspelt(of: _Group) -> None:
    """Words a letter or two from an answer are taken for misspellings."""
    for item in of.items:
        like = of.table.suggestion(item.text)
        message = f'{of.columns}: an answer is none of this question. Did you mean "{like}"?'
        fix = f"If so, {of.line('the text', like)}; nothing is corrected by itself."
        replace(of, items=[item]).add("answer-misspelt", "REJECT", message, fix)


def _other_scale(of: _Group) -> None:
    message = f"{of.columns}: answers that the questionnaire does not have: {of.listed}."
    answers = listed((f'"{option}"' for option in of.table.options), 8)
    line = of.line()
    fix = f"Say which of {answers} each stands for: {line}; or change the options in questionnaire.toml."
    of.add("answer-unknown", "ASK", message, fix)


_CAUSES = (
    _label_unknown,
    _outside_key,
    _coded,
    _mixed,
    _several,
    _encoded_twice,
    _marks,
    _misspelt,
    _other_scale,
)


def _cause(item: Unknown, table: AnswerTable, worded: set[str], explained: bool) -> Callable[[_Group], None]:
    """What makes a text no answer."""
    if item.text.strip() in item.column.labels:
        return _label_unknown
    if table.is_code(item.text):
        if item.column.code in worded:
            return _mixed
        return _outside_key if explained or item.column.labels else _coded
    if table.is_mark(item.text):
        return _marks
    if several(item.text, table.options):
        return _several
    if repaired(item.text) != item.text:
        return _encoded_twice
    return _misspelt if table.suggestion(item.text) else _other_scale
