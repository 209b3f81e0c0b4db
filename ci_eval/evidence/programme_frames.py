"""What the programme's own records say, and what respondents say beside them: hosts, reports, areas of focus.

A host is counted only where the register is certain; what cannot be known from its dates is an answer of its own, never
shared out between yes and no.
"""

import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement import interval, response_rate, share, sureness, word
from ci_eval.evidence.group_frames import ORGANISATION, Groups, asked_of, groups_of
from ci_eval.evidence.period_survey import Survey
from ci_eval.programme import Question, Register, codes_of
from ci_eval.programme.questionnaire import ReportQuestion
from ci_eval.report import sentences
from ci_eval.survey import matches
from ci_eval.survey.wording_matches import PEOPLE, UNMATCHED, WORDING

YES, NO, UNKNOWN = "yes", "no", "cannot be known"
NOT_RECORDED = "not recorded"
SELF_EVALUATION = re.compile(r"\bself.?evaluat", re.IGNORECASE)


def hosts_on(register: Register, day: date) -> pd.DataFrame:
    """A row an authority; the columns are those of `Evidence.hosts`. What lies ahead of `day` is in attrs."""
    names = ["focus", "report_written", "report_published"]
    facts = register.engagements.set_index("engagement")[names]
    frame = register.hosts.set_index("gss_code")
    frame.insert(0, "hosted", register.as_at(day))
    frame = frame.join(facts, on="engagement")
    frame[names] = frame[names].fillna("")
    tiles = register.councils.table["tile"].reindex(frame.index)
    frame["tile_row"], frame["tile_column"] = tiles.str[0], tiles.str[1]
    following, late = register.next_hosts(day), register.unconfirmed(day)
    planned = following["precision"] == "plan"
    # One that may have begun already is not the next.
    dated = following[~planned & (following["earliest"] > day)]
    frame.attrs = {
        "next": [(row["councils"], row["when"]) for row in dated.to_dict("records")],
        "undated": int(following.loc[planned, "hosts"].map(len).sum()),
        "unconfirmed": [(row["councils"], row["when"]) for row in late.to_dict("records")],
    }
    return frame


def engagements_of(hosts: pd.DataFrame) -> pd.DataFrame:
    """A row an engagement of which an authority had been a host."""
    return hosts[hosts["hosted"] == YES].drop_duplicates("engagement")


def who_answered(survey: Survey, smallest: int) -> pd.DataFrame:
    """A row a question and answer; the columns are those of `Evidence.respondents`."""
    asked = survey.questionnaire
    groupings = {name: groups_of(survey, name, smallest) for name in asked.groupings}
    blocks = [block for groups in groupings.values() if not (block := _respondents(survey, groups)).empty]
    frame = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()
    record = survey.record
    frame.attrs = {
        "received": survey.received,
        "not_asked": survey.not_asked,
        "rows_in": record.rows_in,
        "left_out": {str(reason): int(rows) for reason, rows in record.left_out.items()},
        "named": {name: len(groups.stated) - groups.unsaid for name, groups in groupings.items()},
        "questions": {name: asked.question(name).text for name in groupings},
        "titles": {name: _title(asked.question(name)) for name in groupings},
        "groupings": dict(asked.groupings),
        "notes": {name: groups.note() for name, groups in groupings.items()},
    }
    return frame


def _respondents(survey: Survey, groups: Groups) -> pd.DataFrame:
    """A row a group as it may be shown, the union of smaller ones last, and a row an organisation of nobody."""
    frame = pd.DataFrame(
        {
            "question": groups.question.code,
            "answer": [groups.label(part) for part in groups.parts],
            "responses": [groups.people(part) for part in groups.parts],
        }
    )
    if frame.empty:
        return frame
    if groups.question.code == ORGANISATION:
        nobody = [name for name in _offered(survey) if name not in groups.names]
        rows = pd.DataFrame({"question": groups.question.code, "answer": nobody, "responses": 0})
        frame = pd.concat([frame, rows], ignore_index=True)
        frame["asked"] = [asked_of(survey, part) for part in [*groups.parts, *((name,) for name in nobody)]]
        # more answers than people asked: somebody named another organisation than the sender knows: no rate
        known = frame["asked"].where(frame["asked"] >= frame["responses"])
        frame["rate"] = response_rate(frame["responses"], known)
    else:
        together = np.array([len(part) > 1 for part in groups.parts])
        frame = frame.iloc[np.lexsort((-frame["responses"], together))]
    return frame.assign(share=frame["responses"] / (len(groups.stated) - groups.unsaid))


def _title(question: Question) -> str:
    """The title of a table of who answered."""
    return (
        question.title
        if question.title != question.text
        else f"{sentences.opening(question.groups)} of those who answered"
    )


def _offered(survey: Survey) -> list[str]:
    """The organisations that the question offers; none where it is asked in words."""
    return list(survey.questionnaire.question(ORGANISATION).options)


def report_published(survey: Survey, report: ReportQuestion, level: float = 0.95) -> pd.DataFrame:
    """A row an answer to the question on a report; the columns are those of `Evidence.publication`."""
    question = survey.questionnaire.question(report.question)
    given = survey.frame[report.question].value_counts().reindex(question.options, fill_value=0).to_numpy()
    people = int(given.sum())
    low, high = interval(given, people, survey.asked, level)
    frame = pd.DataFrame(
        {
            "answer": list(question.options),
            "responses": given,
            "share": share(given, people),
            "low": low,
            "high": high,
            "word": word(given, people, bands=survey.bands),
            "sureness": sureness(given, people, survey.asked, bands=survey.bands),
        }
    )
    frame.attrs = {
        "question": question.text,
        "did": {answer: report.did(answer) for answer in question.options},
    }
    return frame


def reports_recorded(hosts: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Of the engagements of hosts, how many have each answer on the register's two columns of reports."""
    rows = engagements_of(hosts)
    return {
        column: {
            str(answer): int(n) for answer, n in rows[column].replace("", NOT_RECORDED).value_counts().items()
        }
        for column in ("report_written", "report_published")
    }


def focus_named(survey: Survey, smallest: int) -> pd.DataFrame:
    """A row an area of focus of the codebook that somebody named; the columns are those of `Evidence.focus`.

    Answers are matched by `survey.matches`. There is no row where fewer people named a focus than may be shown.
    """
    if survey.responses is None or survey.codebook is None:
        raise LookupError(f"there is no survey or no codebook for {survey.period}")
    rows = matches(survey.responses, survey.coding, survey.codebook, "focus")
    names = codes_of(survey.codebook, "focus").set_index("key")["name"]
    frame = (
        rows["codes"].explode().map(names).value_counts().rename_axis("theme").reset_index(name="respondents")
    )
    order = {name: place for place, name in enumerate(names)}
    place = frame["theme"].map(order)
    frame = frame.iloc[np.lexsort((place, -frame["respondents"]))].reset_index(drop=True)
    how = rows["how"].value_counts()
    about: dict[str, Any] = {
        "answered": len(rows),
        "unanswered": len(survey.frame) - len(rows),
        "unmatched": int(how.get(UNMATCHED, 0)),
        "by_wording": int(how.get(WORDING, 0)),
        "by_people": int(how.get(PEOPLE, 0)),
        "themes": len(frame),
    }
    if about["answered"] < smallest:
        frame = frame.head(0)
    frame = frame.assign(share=frame["respondents"] / max(about["answered"], 1))
    frame.attrs.update(about)
    return frame


def rooted_in_self_evaluation(survey: Survey, smallest: int) -> dict[str, Any]:
    """What the survey asks that bears on whether the focus came from self-evaluation.

    question: the statement or question that names self-evaluation, else ""; nearest: the statement that calls the focus
    appropriate, else "". agreeing and answered are of the first that is a statement; None where too few gave an answer;
    said is what those agreeing did.
    """
    asked = survey.questionnaire
    texts = {one.code: one.text for one in asked.statements} | {one.code: one.text for one in asked.questions}
    named = [
        code for code, text in texts.items() if SELF_EVALUATION.search(text) and code not in survey.not_asked
    ]
    close = [
        code
        for code in survey.counts.statements
        if {"focus", "appropriate"} <= set(texts[code].casefold().split())
    ]
    about: dict[str, Any] = {
        "question": texts[named[0]] if named else "",
        "nearest": texts[close[0]] if close and not named else "",
        "agreeing": None,
        "answered": None,
    }
    codes = [code for code in (named or close)[:1] if code in survey.counts.statements]
    if codes and survey.received >= smallest:
        row = survey.counts.statements.index(codes[0])
        agree, people = int(survey.counts.agreeing[row, 0]), int(survey.counts.answered[row, 0])
        if people >= smallest:
            about |= {"agreeing": agree, "answered": people, "said": asked.scale_of(codes[0]).said}
    return about
