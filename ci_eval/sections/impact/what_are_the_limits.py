"""What are the limits? What the comparison cannot show, what would change the answer, and what was read."""

import numpy as np
import pandas as pd

from ci_eval import __version__
from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column, Sentence, Table


def of_the_plan(authorities: pd.DataFrame) -> list[Sentence]:
    """What no result of the plan will carry, before anybody knows the result; of `ImpactEvidence.authorities`."""
    uncertain = int((authorities["certain"] != "yes").sum())
    text = (
        "Unless the order of hosts was drawn by lot, the first may have been readier to change than others. The checks "
        "above can find differences that are measured, and no others. The comparison ends when the last authorities are "
        "exposed: nothing can be said of effects that need longer than that.\n\n"
        "Schools were closed for months of 2020 and 2021. Where the years compared reach across that time, authorities "
        "may have recovered at paces of their own.\n\n"
        "Where an outcome is judged by teachers, an engagement that changes how they judge changes the numbers, whether "
        "or not learners know more."
    )
    said = [Sentence("limits", text, level="warning")]
    if uncertain:
        text = (
            f"For {sentences.count(uncertain, 'authority', 'authorities')} the register does not settle which collection "
            "was the first exposed. They are compared with others only while it is certain that they were not exposed. "
            "With their dates known, more could be compared."
        )
        said.append(Sentence("limits-dates", text, {"dates_not_certain": uncertain}))
    return said


def of_the_evaluation(estimate: pd.DataFrame) -> Sentence:
    """What the design cannot show, whatever the numbers; of `ImpactEvidence.estimate`."""
    controls = 0 if estimate.empty else int(estimate["controls"].iloc[0])
    text = (
        "Unless hosts were drawn by lot, the comparison rests on authorities changing alike had there been no engagement. "
        "The years before exposure can make that doubtful but never prove it. An outcome that is judged by teachers may "
        "change because it is looked at. Where officers of authorities not yet hosts sat on teams, what they carried home "
        "enters the comparison, and nobody knows its sign. An average over engagements says little about one. "
        f"The estimate compares with {sentences.count(controls, 'authority', 'authorities')}. The fewer there are, the "
        "larger an effect has to be to be seen, and the more an estimate that passes for unusual is likely to exaggerate."
    )
    return Sentence("limits", text, {"controls": controls}, level="warning")


def of_the_engagements(engagements: pd.DataFrame) -> list[Sentence]:
    """How much is known of the engagements compared; of `ImpactEvidence.engagements`."""
    if engagements.empty:
        return []
    known = {
        name: int((engagements[name] != "").sum())
        for name in ("focus", "measure", "days", "fidelity", "cost")
    }
    of = {name: number or "none" for name, number in known.items()}
    fits = f", and fits an outcome here for {of['measure']}" if known["focus"] else ""
    text = (
        f"Of the {sentences.count(len(engagements), 'engagement')} compared, the area of focus is known for {of['focus']}"
        f"{fits}. How long they took is known for {of['days']}, whether they went as intended for {of['fidelity']}, and "
        f"what they cost for {of['cost']}."
    )
    return [Sentence("engagements-known", text, known)]


def of_the_publisher(records: pd.DataFrame) -> list[Sentence]:
    """What the publisher of each file says of comparing authorities and years; of `ImpactEvidence.load_record`."""
    return [
        Sentence(
            f"publisher-{number}",
            f"The publisher of {row['file']} says: “{row['warnings']}”",
            source=row["file"],
            level="warning",
        )
        for number, row in enumerate(records.to_dict("records"), start=1)
        if row["warnings"]
    ]


def what_would_change(estimate: pd.DataFrame) -> Sentence:
    """Which evidence would change the conclusion: dates, collections, effects of a size."""
    about, power = estimate.attrs, estimate.attrs["power"]
    p = np.nan if estimate.empty else float(estimate["p"].iloc[0])
    parts = []
    bounds = about["dates"]["bounds"]
    if bounds is not None and bounds[0] <= 0 <= bounds[1]:
        parts.append(
            "the days of the engagements of those called exposed, where the register knows them roughly"
        )
    if about["unconfirmed"]:
        parts.append(
            f"the dates of {sentences.count(about['unconfirmed'], 'engagement')} that the register does not confirm: with "
            "them later collections become comparisons that are certain"
        )
    if p <= 1 - about["level"]:
        parts.append(
            "differences as large as this one in years before exposure, or an order of hosts that followed need"
        )
    else:
        size = ""
        if power:
            effect, often = formats.rounded(power["smallest"], 1), formats.percent(power["wanted"], bands=())
            size = f" (an effect of {effect} percentage points would be found in {often} of cases)"
        parts.append(
            f"an interval without 0, from more collections or more authorities than are compared here{size}"
        )
    if not about["officers"]:
        parts.append(
            "a record of which authorities sent officers to which teams, if those compared with had learnt as well"
        )
    numbers = {"unconfirmed": about["unconfirmed"], "smallest_detectable": power.get("smallest")}
    return Sentence("what-would-change", f"What would change the conclusion: {'; '.join(parts)}.", numbers)


def inputs(provenance: pd.DataFrame) -> list[Sentence | Table]:
    """Every input with its checksum; manifest.json beside the page holds the rest; of `ImpactEvidence.provenance`."""
    text = (
        f"Made by ci_eval {__version__} from the {sentences.count(len(provenance), 'file')} below. The manifest beside this "
        "page holds library versions, commit, times and the checksum of every output."
    )
    columns = (Column("file", "File"), Column("sha256", "SHA-256"))
    return [
        Sentence("provenance", text, {"inputs": len(provenance)}),
        Table("inputs", "Inputs and their checksums", provenance, columns),
    ]
