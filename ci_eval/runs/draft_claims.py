"""What ``ci-eval claims`` does: hold each word for a proportion and each number of a draft against a run's results.

A quantity is checked only where it is clear which statement it speaks of: by its code, or by more of its words than of
any other's. Whatever is not clear has no check; a draft is contradicted only by a number or word of the results.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from ci_eval import programme
from ci_eval.agreement import Band
from ci_eval.inputs.problems import refuse
from ci_eval.inputs.prose import paragraphs
from ci_eval.inputs.text import normalised, one_line
from ci_eval.report import documents, formats, sentences
from ci_eval.runs.command_line import DEFAULT_NOTEBOOK
from ci_eval.runs.draft_quantities import Quantity, quantities, sentences_of
from ci_eval.runs.draft_results import UNSURE, Known, Shares, known_of, statement_of, words_of
from ci_eval.runs.output_folder import Place
from ci_eval.settings.evaluation import Period, Settings, load

Result = Literal["contradicted", "no check", "supported"]
ORDER: tuple[Result, ...] = ("contradicted", "no check", "supported")
LONGEST = 200  # characters of a sentence in the list
_EARLIER = re.compile(
    r"\b(?:a year (?:earlier|ago|before)|previous(?:ly)?|(?:the )?(?:year|period|survey) before|last (?:year|time|period)|"
    r"earlier (?:survey|period)|it was|had been)\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"\b((?:19|20)\d\d)\s?[-–/]\s?(\d{2})\b")
_NEGATIVE = re.compile(
    r"\b(?:disagree\w*|not|n[o’']t|didn.t|don.t|neither|unsure|unclear|unhappy|dissatisfied|nor)\b",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"\b(?:interval|confidence|margin)\b", re.IGNORECASE)
_OVER_HALF = re.compile(r"more\s+than\s+(?:a\s+)?half|over\s+half|just\s+over\s+half", re.IGNORECASE)
_OTHER_SHARES = {
    "comments": re.compile(r"\b(?:comment(?:s|ed|ing)?|suggest(?:ed|ions?|ing)?|remark\w*)\b", re.IGNORECASE),
    "early or late answers": re.compile(r"\b(?:early|late)\b", re.IGNORECASE),
    "weighted shares": re.compile(r"\bweight(?:s|ed|ing)?\b", re.IGNORECASE),
    "those who strongly agree": re.compile(r"(?<!\bor )\bstrongly\b", re.IGNORECASE),
}
_CONDITION = re.compile(r"\b(?:if|where|when|whether|unless)\s*$", re.IGNORECASE)
_CONTRAST = re.compile(r";|,?\s*\b(?:but|while|whereas|although|though)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[;,.)]")


@dataclass(frozen=True)
class Checked:
    """A quantity of the draft: where it stands, what it speaks of, and what the results say."""

    paragraph: int
    sentence: str
    quantity: str
    about: str
    result: Result
    message: str


def check_draft(draft: str, period: str = "", settings: str = "", outputs: str = "") -> list[Checked]:
    """Every quantity of a draft with its result, in the order of the draft.

    Raises
    ------
    InputError
        If the draft or the settings cannot be used, or there are no results of the period's interim evaluation.
    """
    texts, known = paragraphs(draft), load(settings or None)
    chosen = known.period(period or known.periods[-1].name)
    folder = Path(outputs).resolve() if outputs else known.outputs
    results = _results(
        Place(folder, chosen.name, DEFAULT_NOTEBOOK).destination / documents.RESULTS, chosen.name
    )
    return check_texts(texts, results, known, chosen)


def check_texts(
    texts: Sequence[str], results: Mapping[str, Any], known: Settings, chosen: Period
) -> list[Checked]:
    """The same of paragraphs, against the pieces of a run's results."""
    asked = programme.load_questionnaire(known.programme, chosen.questionnaire)
    before = known.previous(chosen)
    bands = tuple(Band(*entry) for entry in programme.load_bands(known.programme))
    held = known_of(results, asked, chosen.name, before.name if before else "", bands)
    return list(_checked(texts, held))


def _results(file: Path, period: str) -> Mapping[str, Any]:
    """The pieces of the results by their key."""
    fix = f"make them first: ci-eval run --period {period}"
    try:
        return json.loads(file.read_text(encoding="utf-8"))["pieces"]  # type: ignore[no-any-return]
    except FileNotFoundError:
        message = f"There are no results of the interim evaluation of {period}."
    except (OSError, ValueError, KeyError):
        message = f"The results of the interim evaluation of {period} cannot be read."
    refuse("CANNOT CHECK THE DRAFT", "results-missing", message, where=str(file), fix=fix)


def _checked(texts: Sequence[str], known: Known) -> Iterator[Checked]:
    words = [band.word for band in known.bands]
    for number, text in enumerate(texts, start=1):
        for sentence in sentences_of(text):
            found = quantities(sentence, words)
            for place, one in enumerate(found):
                about, result, message = _of_one(sentence, found, place, known)
                yield Checked(number, sentence, one.text, about, result, message)


def _of_one(sentence: str, all_of: Sequence[Quantity], place: int, known: Known) -> tuple[str, Result, str]:
    """What one quantity speaks of, its result and what the results say."""
    one = all_of[place]
    before, after = _around(all_of, place)
    around = f" {normalised(f'{before} {after}')} "
    of_group = [group for group in known.groups if f" {group} " in around or f" {group}s " in around]
    others = [kind for kind, form in _OTHER_SHARES.items() if form.search(sentence)]
    if of_group or others or _CONDITION.search(one.before):
        kind = "a group" if of_group else others[0] if others else "a condition"
        return "", "no check", f"It speaks of {kind}; only shares of all respondents are checked."
    bracketed = one.before.rstrip().casefold().endswith(("(", "[", " by", " among")) or (
        place > 0 and not _closed(all_of, place)
    )
    code, why = _meant(before, after, sentence, known, bracketed)
    period = _period(one, all_of, place, sentence, known)
    if period not in (known.period, known.previous):
        return "", "no check", f"It speaks of {period}, which these results do not hold."
    if not code:
        return _of_numbers(one, sentence, before + " " + after, known, why)
    side = known.now if period == known.period else known.before
    shares = side.get(code, Shares())
    about = known.names[code] + ("" if period == known.period else f", {period}")
    if shares.share != shares.share:
        return about, "no check", f"The results hold no share of this for {period}."
    result, what = _compared(one, code, shares, before, after, known)
    return about, result, what


def _closed(all_of: Sequence[Quantity], place: int) -> bool:
    """Whether every bracket that opens before a quantity is closed before it."""
    before = "".join(one.before for one in all_of[: place + 1])
    return before.count("(") <= before.count(")")


def _around(all_of: Sequence[Quantity], place: int) -> tuple[str, str]:
    """The words before and after a quantity, past others that nothing but a bracket or a few words keep apart."""
    first, last = place, place
    while first > 0 and len(words_of(all_of[first].before)) == 0:
        first -= 1
    while last + 1 < len(all_of) and len(words_of(all_of[last].after)) == 0:
        last += 1
    return _CONTRAST.split(all_of[first].before)[-1], _CONTRAST.split(all_of[last].after)[0]


def _meant(before: str, after: str, sentence: str, known: Known, bracketed: bool) -> tuple[str, str]:
    """The code of the statement that is meant, or "" and why that is not clear.

    What follows a word or number counts before what precedes it; of one in brackets, what precedes them.
    """
    for text in (before, after) if bracketed else (after, before):
        code, why = statement_of(text, sentence, known)
        if code or why:
            return code, why
    return statement_of(f"{before} {after}", sentence, known)


def _period(one: Quantity, all_of: Sequence[Quantity], place: int, sentence: str, known: Known) -> str:
    """The period a quantity speaks of: one named beside it, the one before where words say so, else the run's own."""
    nearby = f"{one.before.rpartition(';')[2]} {_CLAUSE.split(one.after)[0]}"
    named = [f"{first}-{last}" for first, last in _PERIOD.findall(nearby)]
    if len(named) == 1:
        return named[0]
    if place and not _closed(all_of, place):  # in brackets with the one before
        return _period(all_of[place - 1], all_of, place - 1, sentence, known)
    follows = any(
        other.kind == one.kind and other.before.rstrip().endswith("to") for other in all_of[place + 1 :]
    )
    if known.previous and (_EARLIER.search(nearby) or (one.before.rstrip().endswith("from") and follows)):
        return known.previous
    return known.period


def _compared(
    one: Quantity, code: str, shares: Shares, before: str, after: str, known: Known
) -> tuple[Result, str]:
    """One quantity held against the shares of its statement."""
    says = (
        f"The results say {sentences.share_of(int(shares.agreeing), int(shares.answered), bands=known.bands)}"
    )
    says += f": {shares.word}." if shares.word else "."
    around = f"{before} {after}"
    if code != UNSURE and _NEGATIVE.search(around):
        return "no check", f"It speaks of those who did not agree. {says}"
    if one.kind == "off scale":
        if _OVER_HALF.fullmatch(one.text):
            return _result(shares.share > 0.5), says
        return "no check", f"“{one.text}” is no word of the scale. {says}"
    if one.kind == "word":
        return _result(one.word == shares.word) if shares.word else "no check", says
    if one.kind == "points":
        difference = known.difference.get(code, math.nan)
        if difference != difference:
            return "no check", "The results hold no change of this."
        text = f"The results say a change of {formats.points(difference)} points."
        if _INTERVAL.search(around) and not _rounds(abs(100 * difference), one):
            return "no check", text
        return _result(_rounds(abs(100 * difference), one)), text
    if one.kind == "pair":
        return _result(one.values == (shares.agreeing, shares.answered)), says
    if one.kind == "count":
        return _result(True) if one.values[0] in (shares.agreeing, shares.answered) else "no check", says
    if _INTERVAL.search(around) and not _rounds(100 * shares.share, one):
        ends = any(_rounds(100 * end, one) for end in (shares.low, shares.high) if end == end)
        return "supported" if ends else "no check", says
    written = formats.percent(shares.share, bands=known.bands).removesuffix("%")
    same = _rounds(100 * shares.share, one) or one.text.rstrip("% ").startswith(written)
    return _result(same), says


def _result(holds: object) -> Result:
    return "supported" if holds else "contradicted"


def _rounds(value: float, one: Quantity) -> bool:
    """Whether a number, rounded as the draft writes it, is that of the draft."""
    return bool(abs(value - one.values[0]) <= 0.5 * 10.0**-one.decimals + 1e-9)


# Numbers that name themselves: the piece of the results and its number, for the words around them.
_RATE = re.compile(r"\bresponse rate\b", re.IGNORECASE)
_ANSWERED = re.compile(r"\b(?:answered|responded|returned|replied|response)", re.IGNORECASE)
_HOSTED = re.compile(r"\bhosted\b|\b(?:been|were) (?:a )?hosts?\b", re.IGNORECASE)


def _of_numbers(one: Quantity, sentence: str, around: str, known: Known, why: str) -> tuple[str, Result, str]:
    """A quantity that speaks of no statement: the response, or the authorities that have hosted; else no check."""
    sure, hosts = known.numbers.get("main-sure", {}), known.numbers.get("coverage", {})
    responses, asked = sure.get("responses"), sure.get("asked")
    if one.kind == "percent" and asked and responses and _RATE.search(sentence):
        share = f"{sentences.share_of(int(responses), int(asked), bands=known.bands)}"
        return "response rate", _result(_rounds(100 * responses / asked, one)), f"The results say {share}."
    pairs = (
        ("people who answered", (responses, asked), _ANSWERED),
        ("authorities that had hosted", (hosts.get("hosted"), hosts.get("authorities")), _HOSTED),
    )
    for about, values, form in pairs:
        if None in values or not form.search(sentence):
            continue
        says = f"The results say {int(values[0] or 0)} of {int(values[1] or 0)}."
        if one.kind == "pair" and one.values[1] == values[1]:
            return about, _result(one.values == values), says
        if one.kind == "count" and one.values[0] == values[0]:
            return about, "supported", says
    off = f"“{one.text}” is no word of the scale." if one.kind == "off scale" else ""
    return "", "no check", off or why or "It is not clear what of the results it speaks of."


def listing(rows: Sequence[Checked]) -> str:
    """The quantities as a table, the contradicted first, each with its sentence under it; their number last."""
    lines: list[str] = []
    width = max((len(one_line(row.quantity, 30)) for row in rows), default=0)
    for result in ORDER:
        for row in (row for row in rows if row.result == result):
            about = f"{one_line(row.about)}. " if row.about else ""
            head = (
                f"{result.upper():<12}  paragraph {row.paragraph:>3}  {one_line(row.quantity, 30):<{width}}"
            )
            head += f"  {about}{row.message}"
            lines += [head, f"{'':<12}  {one_line(row.sentence, LONGEST)}"]
    counts = ", ".join(f"{sum(row.result == result for row in rows)} {result}" for result in ORDER)
    return "\n".join(
        [*lines, f"{sentences.opening(sentences.count(len(rows), 'quantity', 'quantities'))}: {counts}."]
    )


def as_json(rows: Sequence[Checked]) -> str:
    """The quantities as a list of objects, for another program."""
    return json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False)
