"""What was done to match headings, said; and headings that look like a question and are none.

Nothing here matches a heading. It says where a match rests on more than the wording itself, and stops where
a column may hold answers that nobody would miss.
"""

import re
from collections.abc import Callable, Sequence

from ci_eval.inputs.personal_data import heading
from ci_eval.inputs.problems import Level, Problem
from ci_eval.inputs.text import listed, nearest, quoted, shown, squeezed, token
from ci_eval.programme.survey_declaration import NOT_USED, SurveySettings
from ci_eval.survey.headings import (
    BEGINNING,
    BESIDE,
    EVENED,
    GLUED,
    MOST_COMPARED,
    PIPED,
    REPAIRED,
    RUNGS,
    ColumnMap,
    Ladder,
    opposite,
)
from ci_eval.survey.layout import Layout

_LONG_FORMAT = 3  # different questions below one heading
_SAID: tuple[tuple[tuple[str, ...], str, Level, str, str], ...] = (
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
        (BESIDE,),
        "other-by-place",
        "WARN",
        'Headings say no more than "Other"; each was given to the question on its left',
        "Check that it belongs there.",
    ),
)


def notes(
    layout: Layout, mapping: ColumnMap, ladder: Ladder, declared: SurveySettings, file: str
) -> list[Problem]:
    """What the matching of headings rests on, and columns that need a decision."""
    found = []
    for rungs, check, level, message, fix in _SAID:
        places = [place for place, rung in mapping.rungs.items() if rung in rungs]
        if places:
            text = f"{message}: {listed(map(layout.called, places), 3)}."
            found.append(Problem(check, level, text, file, len(places), fix))
    return (
        found
        + _order(layout, mapping, ladder, file)
        + _negated(layout, mapping, ladder, declared)
        + _unmapped(layout, mapping, ladder, declared)
    )


def _order(layout: Layout, mapping: ColumnMap, ladder: Ladder, file: str) -> list[Problem]:
    wanted = list(ladder.statements)
    places = {target.code: place for place, target in mapping.targets.items()}
    given = sorted((code for code in wanted if code in places), key=places.__getitem__)
    moved = [
        code for code, usual in zip(given, [c for c in wanted if c in places], strict=True) if code != usual
    ]
    if not moved:
        return []
    message = f"Columns stand in another order than the questionnaire's statements, from {moved[0]} on; "
    message += "each was read by its heading."
    return [
        Problem(
            "columns-reordered", "NOTE", message, f"{file}, {layout.called(places[moved[0]])}", len(moved)
        )
    ]


def _negated(layout: Layout, mapping: ColumnMap, ladder: Ladder, declared: SurveySettings) -> list[Problem]:
    """A heading declared to be a statement, with a "not" that the statement has not: which way to count it?"""
    found = []
    for place, target in mapping.targets.items():
        code = target.code
        if mapping.rungs[place] != RUNGS[0] or code not in ladder.statements:
            continue
        if not opposite(layout.headings[place], ladder.wordings[code]):
            continue
        # Half a scale turned round would be worse than none.
        meant = set(map(token, declared.codes.get(code, {})))
        left = [answer for answer in ladder.scale if token(answer) not in meant]
        if not left:
            continue
        message = (
            f'A heading declared to be {code} says the opposite of "{shown(ladder.wordings[code], 60)}".'
        )
        reverse = declared.fix(f'{quoted(left[0])} = "…"', "codes", code)
        fix = f"Say what each answer to it means for {code}: {reverse}, and so on for {listed(map(quoted, left), 8)}."
        found.append(Problem("statement-reversed", "ASK", message, layout.called(place), fix=fix))
    return found


def _unmapped(layout: Layout, mapping: ColumnMap, ladder: Ladder, declared: SurveySettings) -> list[Problem]:
    """Columns beside a complete set of statements that look like one more of them."""
    if any(problem.stops for problem in mapping.problems):
        return []  # a missing question names what is like it
    wordings = [ladder.wordings[code] for code in ladder.statements]
    like = [
        place
        for place in mapping.unused[:MOST_COMPARED]
        if squeezed(layout.headings[place]).startswith(ladder.stem)
        or nearest(layout.headings[place], wordings)
    ]
    if not like:
        return []
    message = f"Columns look like statements that the questionnaire does not have: {listed(map(layout.called, like))}."
    line = declared.fix(f'{heading(layout.headings[like[0]])} = "{NOT_USED}"', "headings")
    fix = f"Add them to questionnaire.toml, or, to leave them aside, {line}."
    return [Problem("statement-unknown", "REJECT", message, layout.called(like[0]), len(like), fix)]


def one_row_an_answer(
    below: Sequence[Sequence[str]], layout: Layout, matches: Callable[[str], object], file: str
) -> list[Problem]:
    """A column whose cells are questions: the table has one row for each answer, or stands on its side."""
    for place in range(layout.width):
        cells = {row[place] for row in below if place < len(row) and row[place]}
        if sum(matches(text) is not None for text in cells) >= _LONG_FORMAT:
            message = f"{layout.called(place)} holds questions, so each row is one answer, not one response."
            fix = "Export again with one row for each response and one column for each question."
            where = f"{file}, {layout.called(place)}"
            return [Problem("row-per-answer", "REJECT", message[0].upper() + message[1:], where, fix=fix)]
    return []


def is_key(below: Sequence[Sequence[str]], layout: Layout) -> bool:
    """Whether the table is a key: two columns, the first with names of questions and their codes."""
    names = [row[0] for row in below if row]
    return layout.width == 2 and sum(bool(re.fullmatch(r"Q\d+\w*", name)) for name in names) > 1
