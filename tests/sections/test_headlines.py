"""Every headline sentence, recomputed from the raw answers along another road: direction, word, number, statements named.

The road is `raw_answers`: rows, fractions and sums over everything the others could say. The surveys are of many kinds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from statistics import mean, median

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
    naming,
    newcombe,
    p_values,
    posterior,
    superiority,
    sure,
    without,
    word,
    word_differs,
)

from ci_eval.evidence import Evidence
from ci_eval.report import Sentence

BEFORE, NOW = "2021-22", "2022-23"
GOOD, MIXED, BAD = (0.97, 0.99, 0.95), (0.99, 0.9, 0.8, 0.6, 0.3, 0.1), (0.1, 0.05, 0.2)
EDGES = (0.5, 0.75, 0.9, 0.15)
FOCUS = ("Additional support needs", "Inclusion")  # in the order of the codebook
NAMES = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
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
    # people of two minds, and changes and differences of which many are evidence only where Holm's method is left out
    "borderline": (
        Period(BEFORE, drawn(120, (0.92, 0.85, 0.85, 0.97, 0.75), 47), 150),
        Period(
            NOW,
            drawn(60, (0.9, 0.75, 0.8, 0.97, 0.7), 45, ORGANISATIONS[:1])
            + drawn(60, (0.7, 0.75, 0.62, 0.9, 0.2), 46, ORGANISATIONS[1:]),
            150,
        ),
    ),
    "one focus": (None, Period(NOW, naming(drawn(60, MIXED, 21), {FOCUS[0]: 25, FOCUS[1]: 9, "Rye": 3}), 90)),
    "equal focus": (
        None,
        Period(NOW, naming(drawn(60, MIXED, 22), {FOCUS[0]: 12, FOCUS[1]: 12, "Rye": 4}), 90),
    ),
    "focus not matched": (
        None,
        Period(NOW, naming(drawn(60, GOOD, 23), {FOCUS[0]: 8, FOCUS[1]: 5, "Rye": 30}), 90),
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
    topic: dict[str, str]

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
    def adjusted(self) -> dict[str, float]:
        """The p of each statement of both periods by scipy's test and Holm's method."""
        return p_values({code: (self.before.given(code), self.now.given(code)) for code in self.both})

    @cached_property
    def moves(self) -> dict[str, float]:
        """Chance of more agreement, of the statements with evidence of change."""
        moved = [code for code, p in self.adjusted.items() if p < 0.05]
        return {code: superiority(self.before.given(code), self.now.given(code)) for code in moved}

    @cached_property
    def differences(self) -> dict[str, Fraction]:
        """How far the share moved, of the statements whose answers and share moved the same way for certain."""
        apart = {}
        for code, chance in self.moves.items():
            a, b, c, d = self.both[code]
            low, high = newcombe(a, b, c, d)
            if (low > 0 and chance > 0.5) or (high < 0 and chance < 0.5):
                apart[code] = Fraction(c, d) - Fraction(a, b)
        return apart

    @cached_property
    def ends(self) -> dict[str, list[str]]:
        """The statements with the lowest and with the highest share; none where all are equal."""
        shares = {code: Fraction(*one) for code, one in self.answered.items()}
        if len(set(shares.values())) < 2:
            return {}
        edges = {"lowest": min(shares.values()), "highest": max(shares.values())}
        return {name: [code for code in shares if shares[code] == edge] for name, edge in edges.items()}

    @cached_property
    def ranked(self) -> list[tuple[str, str]]:
        """Changes, lowest and highest by their size times how sure that is: kind and first statement."""
        scores = {
            ("change", code): abs(float(size)) * (1 - self.adjusted[code])
            for code, size in self.differences.items()
        }
        shares = [float(Fraction(*one)) for one in self.answered.values()]
        for name, codes in self.ends.items():
            agree, people = self.answered[codes[0]]
            sureness = posterior(agree, people, self.now.asked).get(word(agree, people), 0.0)
            scores[name, codes[0]] = abs(agree / people - median(shares)) * sureness
        return sorted(scores, key=lambda point: -scores[point])

    def who(self, code: str) -> str:
        """Who agreed, as a main point says it."""
        agree, people = self.answered[code]
        if agree in (0, people):
            number = f"{people} {'asked' if people == self.now.asked else 'who answered'}"
            return f"all {number}" if agree else f"none of the {number}"
        if not sure(agree, people, self.now.asked):
            return f"{agree} of {people} respondents"
        name = word(agree, people)
        name = {"majority": "the majority of", "less than half": "less than half of"}.get(name, name)
        return f"{name} respondents"

    @property
    def findings(self) -> list[str]:
        """The text of main-findings, finding by finding."""
        return re.findall(r"^\d\. (.*)$", self.texts["main-findings"], re.MULTILINE)


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
                {one.code: one.topic for one in asked},
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
        return "No word is sure enough for how many agreed"
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
    assert "if the others asked are like those who answered" in text
    asked, people = case.now.asked, case.answered.values()
    safe, of = re.search(r"at least 80%\. That holds for (\w+) of (\d+) words", text).groups()
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
            r"(\w+) of the \d+ words stands? whatever .*; if the share of the others were 10 points lower, (\w+) would ",
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
        words = "|".join(sorted({word(*one) for one in case.answered.values()}))
        assert words in ("all", "almost all", "all|almost all")
        either = re.search(r"The word for every statement is (.+?);", text)
        if either:
            assert "|".join(sorted(either[1].split(" or "))) == words
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
            said = re.search(rf"average ({PERCENT}) of (\d+) .* the most, (\d+), on “(.*?)”", text).groups()
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
    in_words = NAMES[quiet] if quiet < len(NAMES) else str(quiet)
    assert start.startswith(f"On {in_words} statement" if quiet else "There is evidence of change on every")


def test_the_title_of_the_changes_says_their_direction(case: Case) -> None:
    title = case.titles.get("change-by-statement")
    if not case.both:
        return
    less, more = (sum((chance > 0.5) == way for chance in case.moves.values()) for way in (False, True))
    if not case.moves:
        assert title == "No statement has evidence of change in agreement since 2021-22"
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
    assert (f"For {likely or 'none'} of these it is at least 80% probable" in text) == bool(differ)
    doubtful = sum(word_differs(*pair) > 0.5 for pair in same)
    assert ("the word is the same and yet" in text) == bool(doubtful)


def test_what_is_not_compared_is_named_with_its_period(case: Case) -> None:
    text = case.texts.get("change-not-compared", "")
    if case.before:
        lacking = [code for code in CODES if code not in case.both]
        assert bool(text) == bool(lacking)
        for code in lacking:
            statement = f"“{case.statement[code]}”"
            said = text.partition(f"{statement}: ")[2].partition(";")[0]
            if "\n" in text:  # more than three are listed by reason
                said = " ".join(line.partition(":")[0] for line in text.splitlines() if statement in line)
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
        count = max(given.count(one) for one in did.values())
        often = [answer for answer in did.values() if given.count(answer) == count]
        assert {answer for words, answer in did.items() if words in text} == set(often)
        assert text.count("and as many") == len(often) - 1
        assert f"{count} of {len(given)}" in text
        assert is_share(re.search(PERCENT, text)[0], Fraction(count, len(given)))
        names = {"majority": "The majority of respondents", "less than half": "Less than half of respondents"}
        usual = word(count, len(given))
        bare = text.startswith(names.get(usual, f"{usual[0].upper()}{usual[1:]} respondents"))
        assert bare == (len(often) == 1 and count < len(given) and sure(count, len(given), case.now.asked))


def test_the_focus_was_appropriate_to_as_many_as_say_so(case: Case) -> None:
    text = case.texts["focus-rooted"]
    assert ("What comes nearest" in text) == ("s01" in case.answered)
    if "s01" in case.answered:
        assert "({} of {})".format(*case.answered["s01"]) in text


def test_evidence_between_groups_is_that_of_the_answers(case: Case) -> None:
    """Of two groups of more than 50 answers each: scipy's test, Holm's method; the three surest are named."""
    given = {
        code: tuple(case.now.given(code, organisation=one) for one in ORGANISATIONS[::-1])
        for code in case.answered
    }
    if not given or min(len(side) for pair in given.values() for side in pair) <= 50:
        return
    held = {code: p for code, p in p_values(given).items() if p < 0.05}
    text = case.texts["groups-organisation-tests"]
    assert f"by organisation on {len(held) or 'none'} of {len(given)} statements" in text
    named = re.findall(rf"{ORGANISATIONS[0]} on “(.*?)” \(chance", text)
    assert named == [case.statement[code] for code in sorted(sorted(held), key=lambda one: held[one])[:3]]


def test_some_surveys_would_have_more_evidence_without_holms_method(case_of: Callable[[str], Case]) -> None:
    case = case_of("borderline")
    pairs = {code: (case.before.given(code), case.now.given(code)) for code in case.both}
    assert 0 < len(case.moves) < sum(p < 0.05 for p in p_values(pairs, adjust=False).values())


def test_main_findings_are_the_ranked_points_of_the_answers(case: Case) -> None:
    """Which statements are named, in which order: the two first changes, the others as one, the lowest, the highest."""
    changes = [code for kind, code in case.ranked if kind == "change"]
    doubtful = set(case.moves) - set(case.differences)
    assert all(abs(newcombe(*case.both[code])[0]) > 0.005 for code in doubtful), (
        "no survey here is on the edge"
    )
    expected = ["There is no evidence of change since"] if case.both and not case.moves else []
    for kind, code in case.ranked:
        if kind != "change" and (len(case.ends[kind]) > 1 or code not in changes[:2]):
            codes = case.ends[kind]
            many = len(codes) > 1
            topics = (
                f"{len(codes)} statements" if len(codes) > 9
                else f"{NAMES[len(codes)]} statements" if len(codes) > 3
                else ", ".join(case.topic[one] for one in codes[:-2])
                + ", " * (len(codes) > 2)
                + " and ".join(case.topic[one] for one in codes[-2:])
            )  # fmt: skip
            after = "" if many else f"{case.who(code)}"
            expected.append(f"Agreement is {kind} on {topics}: {after}")
        elif kind == "change" and code in changes[:2]:
            expected.append("{} of {}) agreed that {}. In".format(*case.answered[code], case.reported[code]))
        elif kind == "change" and code == changes[2]:
            expected.append(" too: ")
    given = [row["published"] for row in case.now.rows if row["published"]]
    if len(given) >= 5:
        most = max(given.count(one) for one in set(given))
        who = "respondents" if len(given) == len(case.now.rows) else "who answered the question"
        expected.append(f"All {most} who" if most == len(given) else f"{most} of {len(given)} {who} (")
    expected.append(" of 32 authorities had been a host by ")
    if len(expected) > 6:
        expected = [part for part in expected if not part.startswith("Agreement is highest")]
    assert len(case.findings) == len(expected) <= 6
    for text, part in zip(case.findings, expected, strict=True):
        assert part in text


def test_a_change_among_the_findings_has_its_numbers_and_its_way(case: Case) -> None:
    for code in [code for kind, code in case.ranked if kind == "change"][:2]:
        (text,) = [text for text in case.findings if f" agreed that {case.reported[code]}. In " in text]
        a, b, c, d = case.both[code]
        now, before, way, size, end = re.fullmatch(
            rf"({PERCENT}) \({c} of {d}\) agreed that .*\. In {BEFORE} it was ({PERCENT}): a (rise|fall) of (\d+) "
            rf"points? \(95% interval .*?\)\.(?: That is the (lowest|highest) of the {len(case.answered)} statements\.)?",
            text,
        ).groups()
        assert is_share(now, Fraction(c, d))
        assert is_share(before, Fraction(a, b))
        assert (way == "rise") == (case.differences[code] > 0)
        assert abs(int(size) - 100 * abs(case.differences[code])) <= Fraction(1, 2)
        assert ([end] if end else []) == [name for name, codes in case.ends.items() if codes == [code]]


def test_the_other_changes_are_counted_and_the_largest_is_named(case: Case) -> None:
    rest = [code for kind, code in case.ranked if kind == "change"][2:]
    text = "".join(one for one in case.findings if " too: " in one)
    for verb, sign in (("fell", -1), ("rose", 1)):
        side = {code: abs(case.differences[code]) for code in rest if sign * case.differences[code] > 0}
        said = re.search(
            rf"(\w+) other statements? {verb} too: .*? on ([^,]*), from ({PERCENT}) to ({PERCENT})\.", text
        )
        assert bool(said) == bool(side)
        if said:
            count, topic, before, now = said.groups()
            assert count == (NAMES[len(side)].capitalize() if len(side) < len(NAMES) else str(len(side)))
            (code,) = [code for code in side if case.topic[code] == topic]
            assert side[code] == max(side.values())
            a, b, c, d = case.both[code]
            assert is_share(before, Fraction(a, b))
            assert is_share(now, Fraction(c, d))


def test_the_verdict_joins_the_whole_with_the_largest_changes_or_the_lowest_share(case: Case) -> None:
    text = case.texts.get("main-verdict", "")
    assert bool(text) == bool(case.answered)
    if not text:
        return
    whole = CODES[-1] if CODES[-1] in case.answered else None
    if whole:
        who = case.who(whole)
        assert text.startswith(f"{who[0].upper()}{who[1:]} find the process worth developing further")
    changes = [code for kind, code in case.ranked if kind == "change"][:2]
    top = [code for code in changes if case.differences[code] * case.differences[changes[0]] > 0]
    said = re.search(r", (and|but) agreement on (.*?) (rose|fell) by ([\d and]+?) points?( each)?\.", text)
    assert bool(said) == bool(top)
    if said:
        joined, topics, verb, sizes, each = said.groups()
        assert topics == " and on ".join(case.topic[code] for code in top)
        rose = case.differences[top[0]] > 0
        assert (verb == "rose") == rose
        good = not whole or 2 * case.answered[whole][0] >= case.answered[whole][1]
        assert (joined == "and") == (good == rose)
        stated = [int(one) for one in sizes.split(" and ")] * (2 if each else 1)
        for size, code in zip(stated, top, strict=True):
            assert abs(size - 100 * abs(case.differences[code])) <= Fraction(1, 2)
    quiet = bool(case.both) and not case.moves
    assert (f"there is no evidence of change since {BEFORE}" in text) == quiet
    assert ("agreement is lowest on" in text) == bool(whole and not top and not quiet and case.ends)
    if "agreement is lowest on" in text:
        share = Fraction(*case.answered[case.ends["lowest"][0]])
        assert is_share(re.search(rf"\(({PERCENT})\)\.$", text)[1], share)


def test_a_change_stands_where_the_others_could_not_turn_it(case: Case) -> None:
    text = case.texts.get("main-sure", "")
    if not text or not case.before:
        return
    firm = []
    for code in [code for kind, code in case.ranked if kind == "change"][:2]:
        ends = []
        for period, (agree, people) in ((case.before, case.both[code][:2]), (case.now, case.both[code][2:])):
            ends.append(
                (Fraction(agree, period.asked), Fraction(agree + period.asked - people, period.asked))
            )
        if ends[0][1] < ends[1][0] or ends[1][1] < ends[0][0]:
            (place,) = [
                n for n, one in enumerate(case.findings, 1) if f"agreed that {case.reported[code]}. In" in one
            ]
            firm.append(place)
    said = re.search(r"The changes? in findings? ([\d and]+) would stand", text)
    assert [int(one) for one in said[1].split(" and ")] == sorted(firm) if said else not firm


def test_the_focus_named_most_often_is_that_of_the_answers(case: Case) -> None:
    named = [row["focus"] for row in case.now.rows if row["focus"]]
    text = case.texts["focus-named"]
    if not named:
        assert text == "No respondent named an area of focus."
        return
    counts = {one: named.count(one) for one in FOCUS}
    most, other = max(counts.values()), len(named) - sum(counts.values())
    said = re.search(
        rf"named most often (?:was|were) (.*?), (?:each )?by ({PERCENT}) \((\d+) of (\d+)\) of those", text
    )
    assert bool(said) == (other <= most)
    if said:
        assert said[1] == " and ".join(one.lower() for one in FOCUS if counts[one] == most)
        assert (int(said[3]), int(said[4])) == (most, len(named))
        assert is_share(said[2], Fraction(most, len(named)))
        second = max([one for one in counts.values() if one < most], default=0)
        assert ("could change which comes first" in text) == bool(other and second + other >= most)
    else:
        assert f"({other} of {len(named)})" in text


def test_the_other_road_is_right_by_hand() -> None:
    assert [word(n, 100) for n in (0, 15, 16, 49, 50, 74, 75, 90, 91, 100)] == [
        "none", "few", "less than half", "less than half", "majority", "majority", "most", "most", "almost all", "all",
    ]  # fmt: skip
    assert round(posterior(46, 50, 60)["almost all"], 2) == 0.78
    assert superiority(["Agree", "Disagree"], ["Agree", "Agree"]) == 0.75
    low, high = newcombe(56, 70, 48, 80)  # Newcombe 1998, method 10: 0.0524 to 0.3339, here now less before
    assert (round(low, 4), round(high, 4)) == (-0.3339, -0.0524)
    assert holm({"a": 0.01, "b": 0.04, "c": 0.02}) == {"a": 0.03, "c": 0.04, "b": 0.04}
