"""What the planned comparison cannot show, and what the page was made from."""

from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.impact.detectable_effects import Power
from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column, Piece, Sentence, SentenceLevel, Table
from ci_eval.sections.impact.estimates import all_estimates
from ci_eval.sections.impact.what_could_be_detected import detectable_or_reason


def plan_limits(evidence: ImpactEvidence) -> list[Piece]:
    """What no result of this plan will carry, before anybody knows the result."""
    uncertain = int((~evidence.exposure(evidence.plan.primary).certain).sum())
    text = (
        "Authorities took their turns by agreement, so that hosts of the first year may have been readier to change than "
        "others; the checks above can find differences that are measured, and no others. Everybody is to be a host in "
        "the end, so that the comparison ends when the last are exposed, and nothing can be said of effects that need "
        "longer than that.\n\n"
        "The years before exposure include the closure of schools. The year without a collection falls between the years "
        "compared for trends, and authorities may have recovered from the closures at paces of their own.\n\n"
        "Attainment is judged by teachers and reported by authorities. An engagement that changes how teachers judge "
        "changes the numbers, whether or not learners know more."
    )
    pieces: list[Piece] = [Sentence("limits", text, level="warning")]
    if uncertain:
        pieces.append(
            Sentence(
                "limits-dates",
                f"For {sentences.count(uncertain, 'authority', 'authorities')} the register does not settle which "
                "collection was the first exposed. They are compared with others only while it is certain that they were "
                "not exposed. Dates entered into the register would allow more comparisons.",
                {"dates_not_certain": uncertain},
            )
        )
    return pieces


def provenance(evidence: ImpactEvidence) -> list[Piece]:
    """Every input with its checksum; manifest.json beside the page holds the rest."""
    import pandas as pd

    from ci_eval import __version__

    frame = pd.DataFrame(evidence.inputs, columns=["file", "sha256"])
    text = (
        f"Made by ci_eval {__version__} from the {sentences.count(len(frame), 'file')} below. The manifest beside this "
        "page holds library versions, commit, times and the checksum of every output."
    )
    columns = (Column("file", "File"), Column("sha256", "SHA-256"))
    return [
        Sentence("provenance", text, {"inputs": len(frame)}),
        Table("inputs", "Inputs and their checksums", frame, columns),
    ]


def departures(evidence: ImpactEvidence) -> list[Piece]:
    """When the plan was frozen, what was amended since, and where the plan as it is departs from it."""
    frozen = evidence.frozen
    if frozen is None:
        return [
            Sentence(
                "departures",
                "The plan has not been frozen, so nothing here can be called planned.",
                level="warning",
            )
        ]
    text = f"The plan was frozen on {sentences.date(frozen.frozen_on)}; the SHA-256 of its text is {frozen.sha256}."
    pieces: list[Piece] = []
    if evidence.departures:
        text += (
            f" {sentences.opening(sentences.count(len(evidence.departures), 'setting'))} of this evaluation "
            f"{'departs' if len(evidence.departures) == 1 else 'depart'} from it: what follows from that was not planned "
            "and is exploratory."
        )
        pieces.append(_departures_table(evidence))
    else:
        text += " No setting of this evaluation departs from it."
    changed_inputs = frozen.changed_since(evidence.inputs)
    if changed_inputs:
        pieces.append(
            Sentence(
                "inputs-changed",
                f"Since the plan was frozen these inputs have changed or are used no more: "
                f"{sentences.listed(changed_inputs)}. A later edition of outcomes is expected; a register that was "
                "changed moves who is compared with whom.",
                {"inputs_changed": len(changed_inputs)},
                level="warning",
            )
        )
    for number, amendment in enumerate(frozen.amendments, start=1):
        changed = sentences.listed(departure.key for departure in amendment.departures) or "wording only"
        pieces.append(
            Sentence(
                f"amendment-{number}",
                f"An earlier plan, frozen on {sentences.date(amendment.frozen_on)}, was replaced on "
                f"{sentences.date(amendment.replaced_on)} because: {_closed(amendment.reason)} Changed: {changed}.",
                level="warning",
            )
        )
    level: SentenceLevel = "warning" if evidence.departures else "text"
    return [Sentence("departures", text, {"departures": len(evidence.departures)}, level=level), *pieces]


def _closed(reason: str) -> str:
    """A reason that ends as a sentence does."""
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


def _departures_table(evidence: ImpactEvidence) -> Table:
    import pandas as pd

    frame = pd.DataFrame(
        [{"key": one.key, "planned": one.planned, "now": one.now} for one in evidence.departures]
    )
    return Table(
        "departures-table",
        "Where this evaluation departs from the frozen plan",
        frame,
        (Column("key", "Setting"), Column("planned", "Planned"), Column("now", "Used here")),
    )


def evaluation_limits(evidence: ImpactEvidence) -> list[Piece]:
    """What the design cannot show, whatever the numbers."""
    primary = all_estimates(evidence)[0]
    controls = 0 if primary.result is None else primary.result.control_units
    text = (
        "Hosts were not drawn by lot. The comparison rests on authorities changing alike had there been no engagement, "
        "which the years before exposure can make doubtful but never prove. An outcome that is judged by teachers may "
        "change because it is looked at. Officers of authorities not yet hosts sit on teams, so that a comparison with "
        "them understates what spreads. Engagements differ in focus; an average over all of them says little about one. "
        f"There are {controls} authorities to compare with and one or two collections in which they are certain: small "
        "effects cannot be seen, and an estimate that passes for unusual is likely to exaggerate."
    )
    return [Sentence("limits", text, {"controls": controls}, level="warning")]


def what_would_change(evidence: ImpactEvidence) -> list[Piece]:
    """Which evidence would change the conclusion: dates, collections, effects of a size."""
    uncertain = [
        entry
        for entry in evidence.register.entries
        if entry.status != "took place" and entry.earliest <= evidence.ends
    ]
    primary = all_estimates(evidence)[0].result
    power = detectable_or_reason(evidence)
    parts = []
    if uncertain:
        parts.append(
            f"the dates of {sentences.count(len(uncertain), 'engagement')} that the register does not confirm: with them "
            "later collections become comparisons that are certain"
        )
    if primary is not None and primary.p <= 1 - evidence.plan.level:
        parts.append(
            "differences as large as this one in years before exposure, or an order of hosts that followed need"
        )
    else:
        size = "" if isinstance(power, str) else f" ({_size(power)})"
        parts.append(
            f"an interval without 0, from more collections or more authorities than are compared here{size}"
        )
    if evidence.officers is None:
        parts.append(
            "a record of which authorities sent officers to which teams, if those compared with had learnt as well"
        )
    numbers = {
        "unconfirmed": len(uncertain),
        "smallest_detectable": None if isinstance(power, str) else power.smallest,
    }
    return [
        Sentence(
            "what-would-change",
            f"What would change the conclusion: {'; '.join(parts)}.",
            numbers,
        )
    ]


def _size(power: Power) -> str:
    size, often = formats.rounded(power.smallest, 1), formats.percent(power.wanted, bands=())
    return f"an effect of {size} percentage points would be found in {often} of cases"
