"""Every headline sentence, recomputed from the raw answers along another road: direction, word, number, statements named.

The road is `raw_answers`: rows, fractions and sums over everything the others could say. The surveys are of many kinds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from statistics import mean

import pytest
from interim_pieces import Piece, pieces_of
from raw_answers import (
    CODES,
    ORGANISATIONS,
    SCALE,
    Period,
    drawn,
    evidence_of,
    holm,
    posterior,
    superiority,
    sure,
    without,
    word,
    word_differs,
)
from scipy import stats

from ci_eval.evidence import Evidence
from ci_eval.report import Sentence

BEFORE, NOW = "2021-22", "2022-23"
GOOD, MIXED, BAD = (0.97, 0.99, 0.95), (0.99, 0.9, 0.8, 0.6, 0.3, 0.1), (0.1, 0.05, 0.2)
EDGES = (0.5, 0.75, 0.9, 0.15)
SECTIONS = (
    "main_points", "who_answered", "what_they_said", "do_groups_differ", "what_changed", "was_a_report_published",
    "what_was_the_focus",
)  # fmt: skip
PERCENT = r"(?:over |under )?[\d.]+%"

KINDS: dict[str, tuple[Period | None, Period]] = {
    "good": (Period(BEFORE, drawn(120, GOOD, 1), 150), Period(NOW, drawn(110, GOOD, 2), 150)),
    "mixed": (Period(BEFORE, drawn(120, MIXED, 3), 150), Period(NOW, drawn(110, MIXED[::-1], 4), 150)),
    "bad": (Period(BEFORE, drawn(120, BAD, 5), 150), Period(NOW, drawn(110, BAD, 6), 150)),
    "falling": (Period(BEFORE, drawn(120, GOOD, 7), 150), Period(NOW, drawn(110, (0.3, 0.97, 0.6), 8), 150)),
    "rising": (Period(BEFORE, drawn(120, (0.3, 0.95, 0.6), 9), 150), Period(NOW, drawn(110, GOOD, 10), 150)),
    "all unsure": (Period(BEFORE, drawn(60, EDGES, 11), 400), Period(NOW, drawn(60, EDGES, 12), 400)),
    "tiny": (None, Period(NOW, drawn(6, GOOD, 13), 30)),
    "everybody": (None, Period(NOW, drawn(40, (1.0, 0.0, 0.6), 14), 40)),
    "one organisation": (
        Period(BEFORE, drawn(60, GOOD, 15, ORGANISATIONS[:1]), 80),
        Period(NOW, drawn(60, GOOD, 16, ORGANISATIONS[:1]), 80),
    ),
    "not asked": (
        Period(BEFORE, without(drawn(120, GOOD, 17), "s07"), 150, ("s07",)),
        Period(NOW, without(drawn(110, GOOD, 18), "s04"), 150, ("s04",)),
    ),
    "nobody": (
        Period(BEFORE, drawn(120, GOOD, 19), 150),
        Period(NOW, without(drawn(110, GOOD, 20), *CODES, "published"), 150),
    ),
}


@dataclass(frozen=True)
class Case:
    """A pair of surveys, and what the report says of them."""

    before: Period | None
    now: Period
    texts: dict[str, str]
    statement: dict[str, str]
    reported: dict[str, str]
    titles: dict[str, str]

    @cached_property
    def answered(self) -> dict[str, tuple[int, int]]:
        return {code: self.now.people(code) for code in CODES if self.now.people(code)[1]}

    @cached_property
    def both(self) -> dict[str, tuple[int, int, int, int]]:
        """Agreeing and answering before and now, of the statements of both periods."""
        if self.before is None:
            return {}
        return {
            code: (*self.before.people(code), *now)
            for code, now in self.answered.items()
            if self.before.people(code)[1]
        }

    @cached_property
    def moves(self) -> dict[str, float]:
        """Chance of more agreement, of the statements with evidence of change by scipy's test and Holm's method."""
        pairs = {code: (self.before.given(code), self.now.given(code)) for code in self.both}
        places = {code: [[SCALE.index(one) for one in side] for side in pair] for code, pair in pairs.items()}
        adjusted = holm({code: float(stats.brunnermunzel(*sides).pvalue) for code, sides in places.items()})
        return {code: superiority(*pairs[code]) for code, p in adjusted.items() if p < 0.05}


@pytest.fixture(scope="module")
def case_of(second: Evidence) -> Callable[[str], Case]:
    made: dict[str, Case] = {}

    def case(kind: str) -> Case:
        if kind not in made:
            before, now = KINDS[kind]
            pieces = pieces_of(evidence_of(second, before, now), *SECTIONS)
            texts = {key: piece.text for key, piece in pieces.items() if isinstance(piece, Sentence)}
            titles = {key: _title(piece) for key, piece in pieces.items() if not isinstance(piece, Sentence)}
            asked = second.questionnaire.statements
            made[kind] = Case(
                before,
                now,
                texts,
                {one.code: one.text for one in asked},
                {one.code: one.reported for one in asked},
                titles,
            )
        return made[kind]

    return case


def _title(piece: Piece) -> str:
    return str(getattr(piece, "title", ""))


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest, case_of: Callable[[str], Case]) -> Case:
    return case_of(request.param)


def is_share(said: str, share: Fraction | float) -> bool:
    """Whether a percentage is that share, rounded as it is written."""
    number = said.rstrip("%").removeprefix("over ").removeprefix("under ")
    if said.startswith("over "):
        return float(number) / 100 < share < 1
    if said.startswith("under "):
        return 0 < share < float(number) / 100
    places = len(number.partition(".")[2])
    return abs(float(number) - 100 * float(share)) <= 0.5 * 10**-places + 1e-9


def number(text: str) -> int:
    return 0 if text.lower() in ("none", "no") else int(text)


def heading(case: Case, code: str) -> str:
    """How the message of a statement has to open."""
    agree, answered = case.answered[code]
    if agree in (0, answered):
        who = "who were asked" if answered == case.now.asked else "who answered"
        return f"{'All' if agree else 'None'} {who} agreed"
    if not sure(agree, answered, case.now.asked):
        return "Of those who answered, so many agreed"
    name = word(agree, answered)
    name = {"majority": "the majority of", "less than half": "less than half of"}.get(name, name)
    return f"{name[0].upper()}{name[1:]} respondents agreed"


def test_each_statement_stands_under_its_word_with_its_share(case: Case) -> None:
    messages = [text for key, text in case.texts.items() if key.startswith("message-")]
    for code in case.answered:
        (message,) = [text for text in messages if case.reported[code] + " (" in text]
        assert message.startswith(heading(case, code) + " or strongly agreed that"), code
        inside = message.partition(case.reported[code] + " (")[2].partition(")")[0].split(", ")
        assert is_share(inside[-1], Fraction(*case.answered[code])), code
        if message.startswith("Of those"):
            assert inside[0] == "{} of {}".format(*case.answered[code])
    named = sum(text.count(f"{one} (") for text in messages for one in case.reported.values())
    assert named == len(case.answered)


def test_a_statement_without_a_share_is_named_with_the_reason(case: Case) -> None:
    lacking = [code for code in CODES if code not in case.answered]
    text = case.texts.get("statements-without-an-answer", "")
    assert bool(text) == bool(lacking)
    for code in lacking if len(lacking) < len(CODES) else ():
        assert f"“{case.statement[code]}”" in text
    assert ("Not asked in 2022-23" in text) == bool(case.now.not_asked)
    assert ("Nobody, or fewer" in text) == any(code not in case.now.not_asked for code in lacking)


def test_so_many_words_are_sure_and_stand_and_fall(case: Case) -> None:
    text = case.texts.get("words-not-sure", "")
    assert bool(text) == bool(case.answered)
    if not text:
        return
    assert "If the others asked are like those who answered" in text
    asked, people = case.now.asked, case.answered.values()
    safe, of = re.search(r", (\w+) of (\d+) words (?:is|are) at least 80% sure", text).groups()
    assert number(safe) == sum(sure(*one, asked) for one in people)
    assert int(of) == len(case.answered)

    def words_of(m: int, n: int) -> list[tuple[int, str]]:
        return [(more, word(m + more, asked)) for more in range(asked - n + 1)]

    stand = sum(len({name for _, name in words_of(m, n)}) == 1 for m, n in people)
    order = ("none", "few", "less than half", "majority", "most", "almost all", "all")
    fall = 0
    for m, n in people:
        lower = [more for more, name in words_of(m, n) if order.index(name) < order.index(word(m, n))]
        # of the others, the most with whom the word is lower agree at most ten points less
        fall += bool(lower) and Fraction(m, n) - Fraction(max(lower), asked - n) <= Fraction(1, 10)
    if stand == len(case.answered):
        assert f"All {stand} words stand whatever the others would say" in text
    else:
        said = re.search(
            r"(\w+) of the \d+ words stands? whatever .*; if they agreed 10 points less, (\w+) would fall",
            text,
        )
        assert [number(one) for one in said.groups()] == [stand, fall]


def test_how_strongly_is_said_only_where_every_word_is_of_the_highest(case: Case) -> None:
    high = bool(case.answered) and all(word(*one) in ("almost all", "all") for one in case.answered.values())
    text = case.texts.get("agreed-strongly", "")
    assert bool(text) == high
    if high:
        given = {code: case.now.given(code) for code in case.answered}
        shares = {code: Fraction(one.count(SCALE[0]), len(one)) for code, one in given.items()}
        said = re.search(rf"answer of ({PERCENT}) on “(.*?)” and of ({PERCENT}) on “(.*?)”", text).groups()
        by_text = {case.statement[code]: share for code, share in shares.items()}
        assert is_share(said[0], min(shares.values()))
        assert is_share(said[2], max(shares.values()))
        assert (by_text[said[1]], by_text[said[3]]) == (min(shares.values()), max(shares.values()))


def test_who_gave_no_answer_is_counted(case: Case) -> None:
    text, total = case.texts.get("no-answer", ""), len(case.now.rows)
    if case.answered:
        missing = {code: total - people for code, (_, people) in case.answered.items()}
        if max(missing.values()):
            said = re.search(rf"average ({PERCENT}) of (\d+) .* were (\d+), on “(.*?)”", text).groups()
            assert is_share(said[0], mean(missing.values()) / total)
            assert [int(said[1]), int(said[2])] == [total, max(missing.values())]
            assert {case.statement[code]: one for code, one in missing.items()}[said[3]] == max(
                missing.values()
            )


def test_changes_go_the_way_and_are_as_many_as_the_answers_say(case: Case) -> None:
    text = case.texts.get("change", "")
    if not case.both:
        assert "evidence that answers moved" not in text
        return
    said = re.search(r"moved on (\w+) of (\d+) statements", text).groups()
    assert [number(one) for one in said] == [len(case.moves), len(case.both)]
    towards = sum(chance > 0.5 for chance in case.moves.values())
    if case.moves:
        directions = re.search(r"towards agreement on (\w+) and away from it on (\w+)\.", text).groups()
        assert [number(one) for one in directions] == [towards, len(case.moves) - towards]
    size, first, a, b, then, c, d, name = re.search(
        rf"largest difference is ([+−]?\d+) points? \(.*?\), from ({PERCENT}) \((\d+) of (\d+)\) to ({PERCENT}) "
        r"\((\d+) of (\d+)\): “(.*?)”",
        text,
    ).groups()
    (code,) = [code for code in CODES if case.statement[code] == name]
    assert (int(a), int(b), int(c), int(d)) == case.both[code]
    apart = {one: Fraction(n[2], n[3]) - Fraction(n[0], n[1]) for one, n in case.both.items()}
    assert abs(apart[code]) == max(map(abs, apart.values()))
    assert abs(int(size.replace("−", "-")) - 100 * apart[code]) <= Fraction(1, 2)
    assert is_share(first, Fraction(int(a), int(b)))
    assert is_share(then, Fraction(int(c), int(d)))
    quiet = len(case.both) - len(case.moves)
    start = case.texts["change-no-evidence"]
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    in_words = names[quiet] if quiet < len(names) else str(quiet)
    assert start.startswith(f"On {in_words} statement" if quiet else "There is evidence of change on every")


def test_the_title_of_the_changes_says_their_direction(case: Case) -> None:
    title = case.titles.get("change-by-statement")
    if not case.both:
        return
    less, more = (sum((chance > 0.5) == way for chance in case.moves.values()) for way in (False, True))
    if not case.moves:
        assert title == "No statement has evidence of change since 2021-22"
    else:
        assert re.search(rf"\bless agreement with {less} ", title, re.IGNORECASE) or not less
        assert re.search(rf"\bmore (?:agreement )?with {more} ", title, re.IGNORECASE) or not more
        assert ("less" in title.lower(), "more" in title.lower()) == (bool(less), bool(more))


def test_words_that_differ_are_counted_and_only_probable_ones_are_likely(case: Case) -> None:
    if not case.both:
        return
    text, asked = case.texts["change-words"], (case.before.asked, case.now.asked)
    pairs = [((a, b, asked[0]), (c, d, asked[1])) for a, b, c, d in case.both.values()]
    differ = [pair for pair in pairs if word(*pair[0][:2]) != word(*pair[1][:2])]
    same = [pair for pair in pairs if pair not in differ]
    assert f"The word differs for {len(differ) or 'none'} of {len(pairs)} statements" in text
    likely = sum(word_differs(*pair) >= 0.8 for pair in differ)
    assert (f"For {likely} of these the probability" in text) == bool(differ)
    doubtful = sum(word_differs(*pair) > 0.5 for pair in same)
    assert ("the word is the same and yet" in text) == bool(doubtful)


def test_what_is_not_compared_is_named_with_its_period(case: Case) -> None:
    text = case.texts.get("change-not-compared", "")
    if case.before:
        lacking = [code for code in CODES if code not in case.both]
        assert bool(text) == bool(lacking)
        for code in lacking:
            said = text.partition(f"“{case.statement[code]}”: ")[2].partition(";")[0]
            for period in (case.before, case.now):
                why = "not asked" if code in period.not_asked else "too few answered"
                assert (f"{why} in {period.name}" in said) == (not period.people(code)[1])


def test_responses_and_their_rate_are_those_of_the_rows(case: Case) -> None:
    rows, asked = len(case.now.rows), case.now.asked
    said = re.match(
        rf"(\d+) of the (\d+) people asked answered, a response rate of ({PERCENT})", case.texts["received"]
    )
    assert [int(said[1]), int(said[2])] == [rows, asked]
    assert is_share(said[3], Fraction(rows, asked))


def test_the_groups_furthest_apart_are_those_of_the_answers(case: Case) -> None:
    text = case.texts["groups-organisation"]
    sizes = [sum(row["organisation"] == one for row in case.now.rows) for one in ORGANISATIONS]
    if min(sizes) < 20 or not case.answered:
        assert "furthest apart" not in text or min(sizes) >= 5
        return
    each = {
        code: [case.now.people(code, organisation=one) for one in ORGANISATIONS] for code in case.answered
    }
    apart = {
        code: abs(round(Fraction(*one), 2) - round(Fraction(*other), 2))
        for code, (one, other) in each.items()
    }
    said = re.search(
        rf"furthest apart on “(.*?)”: (.*?) ({PERCENT}) \((\d+) of (\d+)\), (.*?) ({PERCENT}) \((\d+) of (\d+)\)",
        text,
    ).groups()
    (code,) = [code for code in CODES if case.statement[code] == said[0]]
    assert abs(apart[code] - max(apart.values())) <= Fraction(1, 100)
    for name, percent, agree, people in (said[1:5], said[5:9]):
        assert (int(agree), int(people)) == case.now.people(code, organisation=name)
        assert is_share(percent, Fraction(int(agree), int(people)))
    assert Fraction(int(said[3]), int(said[4])) >= Fraction(int(said[7]), int(said[8]))


def test_a_named_difference_of_groups_has_the_chance_of_its_pairs(case: Case) -> None:
    text = case.texts.get("groups-organisation-tests", "")
    for name, statement, chance in re.findall(
        r"([\w ]+) on “(.*?)” \(chance of more agreement ([\d.]+),", text
    ):
        (code,) = [code for code in CODES if case.statement[code] == statement]
        own = next(one for one in ORGANISATIONS if name.endswith(one))
        other = next(one for one in ORGANISATIONS if one != own)
        pairs = (case.now.given(code, organisation=one) for one in (other, own))
        assert abs(superiority(*pairs) - float(chance)) <= 0.005 + 1e-9


def test_what_is_believed_of_reports_is_the_commonest_answer(case: Case) -> None:
    given = [row["published"] for row in case.now.rows if row["published"]]
    text = case.texts.get("report-published", "")
    assert bool(text) == (len(given) >= 5)
    if text:
        did = {"were unsure": "Unsure", "said that the host wrote": "Yes", "said that the host did not": "No"}
        (answer,) = [answer for words, answer in did.items() if words in text]
        count = given.count(answer)
        assert count == max(given.count(one) for one in did.values())
        assert f"{count} of {len(given)}" in text
        assert is_share(re.search(PERCENT, text)[0], Fraction(count, len(given)))
        names = {"majority": "The majority of respondents", "less than half": "Less than half of respondents"}
        usual = word(count, len(given))
        bare = text.startswith(names.get(usual, f"{usual[0].upper()}{usual[1:]} respondents"))
        assert bare == (count < len(given) and sure(count, len(given), case.now.asked))


def test_the_focus_was_appropriate_to_as_many_as_say_so(case: Case) -> None:
    text = case.texts["focus-rooted"]
    assert ("What comes nearest" in text) == ("s01" in case.answered)
    if "s01" in case.answered:
        assert "({} of {})".format(*case.answered["s01"]) in text


def test_main_points_state_shares_and_directions_of_the_statements_they_name(case: Case) -> None:
    """Wherever a main point gives people, they are those of a statement it names; what fell fell, what rose rose."""
    for key, text in case.texts.items():
        if not key.startswith("main-") or key in (
            "main-published",
            "main-responses",
            "main-hosts",
            "main-sure",
        ):
            continue
        for line in re.split(r"\n+", text):
            named = [code for code in CODES if case.statement[code] in line or case.reported[code] in line]
            counts = {case.answered[code] for code in named if code in case.answered}
            counts |= {case.both[code][:2] for code in named if code in case.both}
            for agree, people in re.findall(r"\((\d+) of (\d+)\)", line):
                assert (int(agree), int(people)) in counts, line
            for way in re.findall(r"a (rise|fall) of", line):
                (code,) = [code for code in named if code in case.both]
                a, b, c, d = case.both[code]
                assert (Fraction(c, d) > Fraction(a, b)) == (way == "rise"), line
                assert code in case.moves, line
            if len(named) == 1 and "now " in line and "points" in line and named[0] in case.both:
                a, b, c, d = case.both[named[0]]
                sign = re.search(r"([+−])\d+ points?", line)
                assert sign is None or (sign[1] == "+") == (Fraction(c, d) > Fraction(a, b))


def test_the_other_road_is_right_by_hand() -> None:
    assert [word(n, 100) for n in (0, 15, 16, 49, 50, 74, 75, 90, 91, 100)] == [
        "none", "few", "less than half", "less than half", "majority", "majority", "most", "most", "almost all", "all",
    ]  # fmt: skip
    assert round(posterior(46, 50, 60)["almost all"], 2) == 0.78
    assert superiority(["Agree", "Disagree"], ["Agree", "Agree"]) == 0.75
    assert holm({"a": 0.01, "b": 0.04, "c": 0.02}) == {"a": 0.03, "c": 0.04, "b": 0.04}
