"""At a glance: what a reader with one minute takes away, every number repeated from the sections below."""

from ci_eval.agreement import share, words
from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.report import sentences
from ci_eval.report.pieces import Piece, Sentence
from ci_eval.sections.interim.nothing_to_show import lower_limit, survey_missing
from ci_eval.sections.interim.what_they_said import results
from ci_eval.sections.interim.who_took_part import UNKNOWN, YES, hosts_as_at


def at_a_glance(evidence: Evidence) -> list[Piece]:
    """Hosts, responses, agreement and publication, one sentence each."""
    pieces: list[Piece] = [_hosts(evidence)]
    if evidence.reports_survey:
        pieces += [_responses(evidence), _agreement(evidence), *_published(evidence)]
    else:
        pieces.append(
            survey_missing(evidence, "glance-survey", "nothing is said here of what respondents think")
        )
    return pieces


def _hosts(evidence: Evidence) -> Sentence:
    hosts = hosts_as_at(evidence)
    hosted, unknown = (int((hosts["hosted"] == answer).sum()) for answer in (YES, UNKNOWN))
    text = f"{hosted} of {len(hosts)} authorities had been a host by {sentences.date(evidence.ends)}"
    if unknown:
        text = f"At least {text}; for {sentences.count(unknown, 'other', 'others')} the register cannot say"
    numbers = {"hosted": hosted, "authorities": len(hosts), "cannot_be_known": unknown}
    return Sentence("glance-hosts", f"{text}.", numbers, level="key")


def _responses(evidence: Evidence) -> Sentence:
    survey = evidence.survey
    text = f"{survey.received:,} people answered the survey"
    if survey.asked is not None:
        text += f", {sentences.percent(survey.received, survey.asked, bands=evidence.bands)} of the {survey.asked:,} asked"
    numbers = {"responses": survey.received, "asked": survey.asked}
    if survey.asked is not None:
        numbers |= {"response_rate": share(survey.received, survey.asked)}
    return Sentence("glance-responses", f"{text}.", numbers, level="key")


def _agreement(evidence: Evidence) -> Sentence:
    """How many statements reach each word; the published finding was one word for all of them."""
    frame = results(evidence.survey)
    answered = frame[frame["answered"] > 0]
    counted = {said: int((answered["word"] == said).sum()) for said in reversed(words(bands=evidence.bands))}
    numbers = {said.replace(" ", "_"): n for said, n in counted.items() if n}
    present = [said for said, n in counted.items() if n]
    if not present:
        return Sentence.missing(
            "glance-agreement",
            "Nobody, or too few people to show, gave an answer on the scale to any statement.",
            lower_limit(),
        )
    if set(present) <= {"all", "almost all"}:
        text = (
            f"Almost all respondents, or all, agreed or strongly agreed with each of the {len(answered)} statements."
            if len(present) > 1
            else f"{sentences.opening(sentences.people(present[0]))} agreed or strongly agreed with each of the "
            f"{len(answered)} statements."
        )
    else:
        first, *rest = present
        told = [f"{sentences.people(first)} agreed or strongly agreed with {_number(counted[first])}"]
        told += [
            f"{'the majority' if said == 'majority' else said} with {_number(counted[said])}" for said in rest
        ]
        text = f"Of the {len(answered)} statements, {sentences.listed(told)}."
    numbers |= {"statements": len(answered)}
    return Sentence("glance-agreement", text, numbers, level="key")


def _number(statements: int) -> str:
    return sentences.count(statements, "statement").split()[0]


def _published(evidence: Evidence) -> list[Piece]:
    from ci_eval.sections.interim.was_a_report_published import finding

    found = finding(evidence)
    return [] if found is None else [Sentence("glance-published", found.text, found.numbers, level="key")]
