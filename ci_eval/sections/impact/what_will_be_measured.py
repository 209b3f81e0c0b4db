"""What is the question, and how might the programme change outcomes?"""

from typing import TYPE_CHECKING

from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.outcomes.outcome_cells import NOT_COLLECTED, SUPPRESSED
from ci_eval.report import figures, sentences
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table
from ci_eval.sections.impact.estimates import planned

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.programme import Programme


SPILLOVER = (
    "Officers of authorities that have not been hosts sit on the teams of others and may take home what they saw. "
    "The comparison then shows less than the effect, because those compared with have changed as well."
)


def theory(evidence: ImpactEvidence) -> list[Piece]:
    """The question, the chain of steps, and what could carry the effect to those compared with."""
    return [
        Sentence("question", evidence.plan.question, source=evidence.plan_file, level="key"),
        chain(evidence.programme),
        Sentence("spillover", SPILLOVER, level="warning"),
    ]


def chain(programme: "Programme") -> Figure:
    """The theory of change as boxes, beside each what would show it."""
    happens, signs = [step.happens for step in programme.steps], [step.shown_by for step in programme.steps]
    in_words = " Then: ".join(
        f"{step.happens} What would show it: {step.shown_by}" for step in programme.steps
    )
    return Figure(
        "theory-of-change",
        f"How {programme.name} might change outcomes, step by step",
        lambda ax: figures.steps(ax, happens, signs, ("What would have to happen", "What would show it")),
        alt=f"{len(happens)} boxes from top to bottom, an arrow from each to the next. First: {in_words}",
        frame=_frame(happens, signs),
        size=figures.steps_size(happens, signs),
        note=(
            "An outcome can change only through every step before it. Where no effect is found, the steps say where to "
            "look; where one is found, they say what should be seen as well."
        ),
        source=f"Aims of the programme as published: {programme.source}. The steps between are ours.",
        invented=False,
    )


def _frame(happens: list[str], signs: list[str]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame({"step": happens, "shown_by": signs})


ALL = "all authorities"


def outcomes(evidence: ImpactEvidence) -> list[Piece]:
    """The estimand, the outcomes with how complete they are, what is missing, and how each file was read."""
    return [
        Sentence("estimand", f"What is to be estimated: {evidence.plan.estimand}", source=evidence.plan_file),
        _closed(evidence),
        outcomes_table(evidence),
        *missing(evidence),
        *(_read(number, evidence) for number in range(len(evidence.outcomes))),
    ]


def _closed(evidence: ImpactEvidence) -> Sentence:
    calendar = evidence.calendar(evidence.plan.primary)
    last = evidence.last_pre_exposure
    later = [label for label in calendar.labels if label > last]
    text = f"Only outcomes up to {last} are opened on this page, the last school year before anybody was exposed."
    if later:
        text += f" For {sentences.listed(later)} it is known that numbers exist, and none has been looked at."
    return Sentence("closed-years", text, {"closed_years": len(later)}, level="key")


def outcomes_table(evidence: ImpactEvidence) -> Table:
    """One row an outcome: role, unit, years, authorities complete, level and spread before exposure."""
    import pandas as pd

    rows = []
    for outcome in planned(evidence):
        panel = evidence.before(outcome.measure, outcome.gap)
        series = evidence.series(outcome.measure, outcome.gap)
        rows.append(
            {
                "outcome": outcome.name,
                "role": outcome.role,
                "unit": str(series["unit"].iloc[0]),
                "years": sentences.listed(panel.years.labels),
                "complete": len(panel.units),
                "mean": float(panel.outcomes[:, -1].mean()),
                "sd": float(panel.outcomes[:, -1].std(ddof=1)),
            }
        )
    last = evidence.last_pre_exposure
    return Table(
        "outcomes",
        "The outcomes of the plan in the years before exposure",
        pd.DataFrame(rows),
        (
            Column("outcome", "Outcome"),
            Column("role", "Role in the plan"),
            Column("unit", "Unit"),
            Column("years", "Years collected before exposure"),
            Column("complete", "Authorities with a number in all of them", "count"),
            Column("mean", f"Mean of authorities in {last}", "number", decimals=1),
            Column("sd", "Standard deviation between authorities", "number", decimals=1),
        ),
        note=(
            "The primary outcome is that of authorities with a number in every year. Another outcome loses only those "
            "without one in a year that its estimate uses. What is missing is counted below."
        ),
        source=sentences.listed(outcome.record.file for outcome in evidence.outcomes),
    )


def missing(evidence: ImpactEvidence) -> list[Piece]:
    """Numbers that are missing in the years that are open, by outcome, year and reason."""
    import pandas as pd

    lacking = [
        _lacking(evidence, outcome.name, outcome.measure, outcome.gap) for outcome in planned(evidence)
    ]
    frame = pd.concat(lacking, ignore_index=True)
    last = evidence.compared(evidence.plan.primary).labels[-1]
    when = f"up to {last}" if evidence.exposed else "before exposure"
    if frame.empty:
        return [Sentence("missing", f"No number of these outcomes is missing in the years {when}.")]
    nowhere = frame["councils"] == len(evidence.councils.by_code)
    years = sorted(set(frame.loc[nowhere, "school_year"]))
    lost = frame[~nowhere]
    hidden = int(lost.loc[lost["missing"].str.contains(SUPPRESSED), "councils"].sum())
    single = int(lost["councils"].sum())
    text = f"{sentences.opening(sentences.count(single, 'number'))} of single authorities "
    text += f"{'is' if single == 1 else 'are'} missing in the years {when}, {sentences.count(hidden, 'of them', 'of them')} "
    text += "because a cell is suppressed."
    if years:
        text += (
            f" In {sentences.listed(years)} nothing was collected for any authority, so that a step across it is a "
            "step over more than one year."
        )
    numbers = {"missing": single, "suppressed": hidden, "years_without_collection": len(years)}
    return [
        Sentence("missing", text, numbers),
        Table(
            "missing-table",
            f"Numbers missing {when}, by year and reason",
            frame,
            (
                Column("outcome", "Outcome"),
                Column("school_year", "School year"),
                Column("missing", "Why"),
                Column("councils", "Authorities", "count"),
                Column("names", "Which"),
            ),
            note="Nothing is filled in. A suppressed or banded number is no number, and its authority is not guessed at.",
        ),
    ]


def _lacking(evidence: ImpactEvidence, name: str, measure: str, gap: bool) -> "pd.DataFrame":
    frame = evidence.series(measure, gap)
    last = evidence.compared(measure).labels[-1] if evidence.exposed else evidence.last_pre_exposure
    frame = frame[frame["school_year"] <= last]
    lacking = frame[frame["missing"] != ""]
    # Where nothing was collected at all, which quintile would have had pupils is of no interest.
    years = {year for year, rows in frame.groupby("school_year") if _uncollected(rows)}
    reason = lacking["missing"].mask(lacking["school_year"].isin(years), NOT_COLLECTED)
    counted = (
        lacking.assign(missing=reason)
        .groupby(["school_year", "missing"], sort=True)["council"]
        .agg(councils="size", names=lambda councils: _named(sorted(councils), evidence))
        .reset_index()
    )
    everybody = counted["school_year"].isin(years)
    return counted.assign(
        outcome=name,
        councils=counted["councils"].mask(everybody, len(evidence.councils.by_code)),
        names=counted["names"].mask(everybody, ALL),
    )


def _uncollected(rows: "pd.DataFrame") -> bool:
    return bool(rows["value"].isna().all() and rows["missing"].str.contains(NOT_COLLECTED).all())


def _named(councils: list[str], evidence: ImpactEvidence) -> str:
    everybody = len(councils) == len(evidence.councils.by_code)
    return ALL if everybody else sentences.listed(councils)


def _read(number: int, evidence: ImpactEvidence) -> Sentence:
    record = evidence.outcomes[number].record
    left = sum(record.left_out.values())
    reasons = sentences.listed(f"{reason} {count:,}" for reason, count in record.left_out.items())
    text = (
        f"{record.file}, {record.description}: {record.rows_in:,} {record.counted} = {record.used:,} of authorities + "
        f"{left:,} left out{f' ({reasons})' if left else ''}."
    )
    numbers = {"cells_in": record.rows_in, "used": record.used, "left_out": left}
    return Sentence(f"read-{number + 1}", text, numbers, source=record.file)
