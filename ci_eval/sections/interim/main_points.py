"""Main points: what a reader with one minute takes away; every number is repeated with what it rests on below.

What changed most comes first, then what respondents think, then who they are and which authorities have taken part.
"""

from ci_eval import agreement
from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.report import sentences
from ci_eval.report.markup import ITEM
from ci_eval.report.pieces import Sentence
from ci_eval.sections.interim.was_a_report_published import commonest_answer
from ci_eval.sections.interim.what_changed import difference_of, numbers_of
from ci_eval.sections.interim.who_took_part import UNKNOWN, YES
from ci_eval.sections.wording import EVIDENCE, missing

MOST = 3  # changes named


def words(evidence: Evidence) -> list[Sentence]:
    """The largest changes, agreement, publication, responses and hosts, one sentence each."""
    if not evidence.reports_survey:
        return [*missing(evidence.statements(), "main-survey"), hosts(evidence)]
    publication = evidence.publication()
    reports = [] if publication.empty else [commonest_answer(publication)]
    published = [Sentence("main-published", one.text, one.numbers, level="key") for one in reports]
    return [*largest_changes(evidence), agreed(evidence), *published, responses(evidence), hosts(evidence)]


def largest_changes(evidence: Evidence) -> list[Sentence]:
    """The largest changes with evidence, each with where the statement is now; nothing without an earlier period."""
    change = evidence.change()
    both = change if change.empty else change.dropna(subset=["difference"])
    if both.empty:
        return []
    since = change.attrs["previous"]
    certain = both[both["p_holm"] < EVIDENCE]
    rows = (certain if len(certain) else both).sort_values(
        "difference", key=abs, ascending=False, kind="stable"
    )
    named = rows.head(MOST if len(certain) else 1).to_dict("records")
    parts = [
        f"“{row['statement']}” {difference_of(change, row)}, now {_the(row['word_second'])}" for row in named
    ]
    text = f"Since {since} the largest changes with evidence are:\n\n" + "\n".join(
        f"{ITEM}{one}" for one in parts
    )
    if len(named) == 1:
        text = f"Since {since} the largest change with evidence is {parts[0]}."
    if certain.empty:
        text = f"Since {since} there is no evidence of change on any statement; the largest difference is {parts[0]}."
    numbers: dict[str, float] = {"with_evidence": len(certain), "statements": len(both)}
    for place, row in enumerate(named, start=1):
        numbers |= {f"{place}_{name}": value for name, value in numbers_of(row).items()}
    return [Sentence("main-change", text, numbers, source=change.attrs["source"], level="key")]


def agreed(evidence: Evidence) -> Sentence:
    """How many statements reach each word; all of them in one sentence where they reach the two highest."""
    statements = evidence.statements()
    answered = statements[statements["answered"] > 0]
    vocabulary = agreement.words(bands=evidence.bands)
    counted = {word: int((answered["word"] == word).sum()) for word in reversed(vocabulary)}
    present = [word for word, n in counted.items() if n]
    if not present:
        text = "Nobody, or too few people to show, gave an answer on the scale to any statement."
        return Sentence("main-agreement", text, level="warning")
    each = f"agreed or strongly agreed with each of the {len(answered)} statements."
    first, *rest = present
    if not rest:
        text = f"{sentences.opening(sentences.people(first))} {each}"
    elif set(present) == set(vocabulary[-2:]):
        text = f"{sentences.opening(sentences.people(vocabulary[-2]))}, or {vocabulary[-1]}, {each}"
    else:
        parts = [f"{sentences.people(first)} agreed or strongly agreed with {_number(counted[first])}"]
        parts += [f"{_the(word)} with {_number(counted[word])}" for word in rest]
        text = f"Of the {len(answered)} statements, {sentences.listed(parts)}."
    numbers = {word.replace(" ", "_"): n for word, n in counted.items() if n} | {"statements": len(answered)}
    return Sentence("main-agreement", text, numbers, level="key")


def responses(evidence: Evidence) -> Sentence:
    """How many people answered, and of how many asked."""
    received, asked = evidence.survey.received, evidence.survey.asked
    numbers: dict[str, object] = {"responses": received, "asked": asked}
    text = f"{received:,} people answered the survey"
    if asked is not None:
        text += f", {sentences.percent(received, asked, bands=evidence.bands)} of the {asked:,} asked"
        numbers["response_rate"] = received / asked
    return Sentence("main-responses", f"{text}.", numbers, level="key")


def hosts(evidence: Evidence) -> Sentence:
    """How many authorities have been a host; at least so many where the register cannot say."""
    answers = evidence.hosts()["hosted"]
    hosted, unknown = int((answers == YES).sum()), int((answers == UNKNOWN).sum())
    text = f"{hosted} of {len(answers)} authorities had been a host by {sentences.date(evidence.ends)}"
    if unknown:
        text = f"At least {text}; for {sentences.count(unknown, 'other', 'others')} the register cannot say"
    numbers = {"hosted": hosted, "authorities": len(answers), "cannot_be_known": unknown}
    return Sentence("main-hosts", f"{text}.", numbers, level="key")


def _the(word: str) -> str:
    return f"the {word}" if word == "majority" else word


def _number(statements: int) -> str:
    return sentences.count(statements, "statement").split()[0]
