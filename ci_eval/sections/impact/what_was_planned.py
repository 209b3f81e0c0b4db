"""What was planned, and what departs from it? Every setting, whether it is frozen, and what was changed since."""

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table


def words(plan: pd.DataFrame) -> list[Sentence]:
    """Frozen when and with which hash, and whether the file has been changed since; of `ImpactEvidence.plan`."""
    about = plan.attrs
    if about["frozen_on"] is None:
        text = (
            f"The plan is not frozen (SHA-256 of {about['plan_file']} as it is: {about['plan_sha256']}). Outcomes of "
            "exposed years stay closed."
        )
        return [Sentence("frozen", text, level="missing")]
    text = f"{_frozen(plan)} Outcomes of exposed years may be opened on its terms."
    if about["changed"]:
        text += (
            f" Since then the plan file was changed in {sentences.count(about['changed'], 'setting')}; what was frozen "
            "holds, and the table shows both."
        )
    frozen = Sentence(
        "frozen",
        text,
        {"departures": about["changed"], "amendments": about["amended"]},
        source=about["plan_file"],
        level="warning" if about["changed"] else "key",
    )
    return [frozen, *what_freezing_proves(plan)]


def _frozen(frame: pd.DataFrame) -> str:
    about = frame.attrs
    return (
        f"The plan was frozen on {sentences.date(about['frozen_on'])}; the SHA-256 of its text is "
        f"{about['frozen_sha256']}."
    )


def what_freezing_proves(frame: pd.DataFrame) -> list[Sentence]:
    """That this workbook opened nothing before, and no more; outcomes published earlier, evaluations made earlier.

    Of `ImpactEvidence.plan` or `departures`; nothing where the plan is not frozen.
    """
    about = frame.attrs
    if about["frozen_on"] is None:
        return []
    day = sentences.date(about["frozen_on"])
    proof = (
        "Freezing proves that the notebooks of this workbook opened no outcome of an exposed year on this plan before "
        f"{day}. It proves nothing more: people may have seen outcomes elsewhere."
    )
    parts = [] if about["evaluated"] else [proof]
    for file, published in about["published"]:
        if published is None:
            parts.append(f"On which day {file} was published is not recorded.")
        elif published < about["frozen_on"]:
            parts.append(f"{file} was published on {sentences.date(published)}, before the plan was frozen.")
        else:
            parts.append(
                f"{file} was published on {sentences.date(published)}, not before the plan was frozen; earlier editions "
                "may have held some of its years."
            )
    early = any(
        published is not None and published < about["frozen_on"] for _, published in about["published"]
    )
    said = [Sentence("freezing", " ".join(parts), level="warning" if early else "text")]
    if about["evaluated"]:
        text = (
            f"When the plan was frozen, an evaluation of {sentences.listed(about['evaluated'])} had been made already: what "
            "it found may have shaped this plan, and the results below are exploratory."
        )
        said.append(Sentence("evaluated-before", text, level="warning"))
    if about["example"]:
        text = (
            "Every setting of this plan is that of the example that comes with the workbook. Whether they fit this "
            "evaluation was not decided for it."
        )
        said.append(Sentence("example-plan", text, level="warning"))
    return said


def table(plan: pd.DataFrame) -> Table | None:
    """Every setting of the plan as frozen, and as it is now where the two differ."""
    if plan.empty:
        return None
    columns = [Column("setting", "Setting"), Column("planned", "As planned")]
    if plan.attrs["changed"]:
        columns.append(Column("now", "As the file is now", blank="as planned"))
    source = plan.attrs["plan_file"]
    return Table("plan-settings", "Every setting of the plan", plan, tuple(columns), source=source)


def analyses(frame: pd.DataFrame) -> Sentence | Table:
    """The analyses that show how much the answer hangs on a choice; of `ImpactEvidence.analyses`."""
    if frame.empty:
        return Sentence("sensitivity", "The plan names no sensitivity analysis.", level="warning")
    return Table(
        "plan-sensitivity",
        "Sensitivity analyses that will be reported, whatever they show",
        frame,
        (Column("name", "Analysis"), Column("meaning", "What is done")),
    )


def amendments(frame: pd.DataFrame) -> Table | None:
    """Plans that were frozen before this one, and why they were replaced; of `ImpactEvidence.amendments`."""
    if frame.empty:
        return None
    return Table(
        "plan-amendments",
        "Plans frozen before this one",
        frame,
        (
            Column("frozen_on", "Frozen on", "date"),
            Column("replaced_on", "Replaced on", "date"),
            Column("reason", "Why"),
            Column("changed", "What was changed", blank="words around the settings only"),
            Column("sha256", "SHA-256"),
        ),
    )


def departures_words(departures: pd.DataFrame, amended: pd.DataFrame) -> list[Sentence]:
    """When the plan was frozen, what departs from it, inputs changed, and why earlier plans were replaced.

    Of `ImpactEvidence.departures` and `amendments`.
    """
    about, changed = departures.attrs, len(departures)
    if about["frozen_on"] is None:
        text = "The plan has not been frozen, so nothing here can be called planned."
        return [Sentence("departures", text, level="warning")]
    text = f"{_frozen(departures)} No setting of this evaluation departs from it."
    if changed:
        text = (
            f"{_frozen(departures)} {sentences.opening(sentences.count(changed, 'setting'))} of this evaluation "
            f"{'departs' if changed == 1 else 'depart'} from it: what follows from that was not planned and is exploratory."
        )
    said = [Sentence("departures", text, {"departures": changed}, level="warning" if changed else "text")]
    said += what_freezing_proves(departures)
    inputs = about["inputs_changed"]
    if inputs:
        text = (
            f"Since the plan was frozen these inputs have changed or are used no more: {sentences.listed(inputs)}. A later "
            "edition of outcomes is expected; a register that was changed moves who is compared with whom."
        )
        said.append(Sentence("inputs-changed", text, {"inputs_changed": len(inputs)}, level="warning"))
    return said + [
        Sentence(
            f"amendment-{number}",
            f"An earlier plan, frozen on {sentences.date(row['frozen_on'])}, was replaced on "
            f"{sentences.date(row['replaced_on'])} because: {_closed(row['reason'])} "
            f"Changed: {row['keys'] or 'wording only'}."
            + (f" An evaluation of {row['evaluated']} had been made by then." if row["evaluated"] else ""),
            level="warning",
        )
        for number, row in enumerate(amended.to_dict("records"), start=1)
    ]


def _closed(reason: str) -> str:
    """A reason that ends as a sentence does."""
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


def departures_table(departures: pd.DataFrame) -> Table | None:
    """The settings in which this evaluation departs from the frozen plan; None where there are none."""
    if departures.empty:
        return None
    return Table(
        "departures-table",
        "Where this evaluation departs from the frozen plan",
        departures,
        (Column("key", "Setting"), Column("planned", "Planned"), Column("now", "Used here")),
    )
