"""What is being evaluated, and what was asked: the programme's own facts, for a reader who meets it here."""

import pandas as pd

from ci_eval.evidence import Evidence
from ci_eval.report import sentences
from ci_eval.report.markup import ITEM
from ci_eval.report.pieces import Sentence


def words(background: pd.DataFrame) -> list[Sentence]:
    """What it is, what it aims at and by what way; of `Evidence.background`."""
    if background.empty:
        return []
    text = "\n\n".join(f"{row['title']}. {row['text']}" for row in background.to_dict("records"))
    return [Sentence("background", text, source=background.attrs["source"])]


def hosts_listed(hosts: pd.DataFrame) -> Sentence | None:
    """The authorities that had been a host, by the dates of their engagements; None where there is none."""
    rows = hosts[hosts["hosted"] == "yes"].sort_values(["earliest", "latest", "council"], kind="stable")
    if rows.empty:
        return None
    text = f"Authorities that had been a host by {sentences.date(hosts.attrs['ends'])}:\n\n"
    dated = rows.groupby("when", sort=False)["council"]
    text += "\n".join(f"{ITEM}{when}: {sentences.listed(names)}" for when, names in dated)
    return Sentence("appendix-hosts", text, {"hosts": len(rows)})


def questions_listed(questions: pd.DataFrame) -> Sentence:
    """The questions asked, with the answers offered; of `Evidence.asked_questions`."""
    lines = [
        f"{row['number']} {row['question']}" + (f" ({row['answers']})" if row["answers"] else "")
        for row in questions.to_dict("records")
    ]
    return Sentence(
        "appendix-questions",
        "The questions of the survey:\n\n" + "\n".join(f"{ITEM}{line}" for line in lines),
        {"questions": len(lines)},
        source=questions.attrs["source"],
    )


def further_evaluation(evidence: Evidence) -> list[Sentence]:
    """What this report cannot say, and where the effect on outcomes is evaluated."""
    text = (
        "A survey of those who took part says what they think of the programme. Whether outcomes for learners changed needs "
        "another evaluation, which compares authorities over years."
    )
    if evidence.texts.impact:
        text += f" A report of its own holds it: “{evidence.texts.impact}”."
    return [Sentence("further-evaluation", text)]
