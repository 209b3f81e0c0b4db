"""What will be measured? The outcomes of the plan before exposure, what is missing of them, and how files were read."""

import pandas as pd

from ci_eval.impact.detectable_effects import WANTED
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table


def words(measured: pd.DataFrame) -> list[Sentence]:
    """The outcomes by their role, what is to be estimated, and which years stay closed; of `ImpactEvidence.measured`."""
    about = measured.attrs
    last, closed = about["last_pre_exposure"], about["closed"]
    text = f"All outcomes published by then are opened on this page: by the register nobody was exposed up to {last}."
    if closed:
        text = f"Only outcomes up to {last} are opened on this page, the last school year before anybody was exposed."
        text += (
            f" For {sentences.listed(closed)} it is known that numbers exist; this page opens none of them."
        )
    roles: dict[str, list[str]] = {}
    for outcome, role in [] if measured.empty else zip(measured["outcome"], measured["role"], strict=True):
        roles.setdefault(str(role), []).append(str(outcome))
    named = [f"{role.capitalize()}: {'; '.join(names)}." for role, names in roles.items()]
    return [
        *([Sentence("outcomes-named", " ".join(named))] if named else []),
        Sentence("estimand", f"What is to be estimated: {about['estimand']}", source=about["plan_file"]),
        Sentence("closed-years", text, {"closed_years": len(closed)}, level="key"),
    ]


def table(measured: pd.DataFrame) -> Table | None:
    """A row an outcome: role, unit, years, authorities complete, level and spread before exposure."""
    if measured.empty:
        return None
    return Table(
        "outcomes",
        "The outcomes of the plan in the years before exposure",
        measured,
        (
            Column("outcome", "Outcome"),
            Column("role", "Role in the plan"),
            Column("unit", "Unit"),
            Column("years", "Years collected before exposure"),
            Column("complete", "Authorities with a number in all of them", "count"),
            Column("mean", f"Mean of authorities in {measured.attrs['last_known']}", "number", decimals=1),
            Column("sd", "Standard deviation between authorities", "number", decimals=1),
            Column(
                "smallest",
                f"Smallest effect found in {WANTED:.0%} of cases, by forecast",
                "number",
                blank="the years before are too few to say",
                decimals=1,
            ),
        ),
        note=(
            "An outcome loses only authorities without a number in a year that its estimate uses. What is missing is "
            "counted below."
        ),
        source="; ".join(measured.attrs["publications"]),
    )


def missing_words(missing: pd.DataFrame) -> Sentence:
    """How many numbers are missing in the years that are open, and why; of `ImpactEvidence.missing`."""
    when = missing.attrs["when"]
    if missing.empty:
        return Sentence("missing", f"No number of these outcomes is missing in the years {when}.")
    lost = missing[missing["collected"]]
    years = sorted(set(missing.loc[~missing["collected"], "school_year"]))
    hidden = int(lost.loc[lost["missing"].str.contains(missing.attrs["suppressed"]), "councils"].sum())
    single = int(lost["councils"].sum())
    text = (
        f"{sentences.opening(sentences.count(single, 'number'))} of single authorities "
        f"{'is' if single == 1 else 'are'} missing in the years {when}, "
        f"{sentences.count(hidden, 'of them', 'of them') if hidden else 'none of them'} because a cell is suppressed."
    )
    if years:
        text += (
            f" In {sentences.listed(years)} nothing was collected for any authority, so that a step across it is a "
            "step over more than one year."
        )
    numbers = {"missing": single, "suppressed": hidden, "years_without_collection": len(years)}
    return Sentence("missing", text, numbers)


def missing_table(missing: pd.DataFrame) -> Table | None:
    """Numbers that are missing, by outcome, year and reason; None where none is."""
    if missing.empty:
        return None
    return Table(
        "missing-table",
        f"Numbers missing {missing.attrs['when']}, by year and reason",
        missing,
        (
            Column("outcome", "Outcome"),
            Column("school_year", "School year"),
            Column("missing", "Why"),
            Column("councils", "Authorities", "count"),
            Column("names", "Which"),
        ),
        note="Nothing is filled in. A suppressed or banded number is no number, and its authority is not guessed at.",
    )


def files_read(records: pd.DataFrame) -> list[Sentence]:
    """What became of every cell of each file; of `ImpactEvidence.load_record`."""
    return [
        Sentence(
            f"read-{number}",
            f"{row['file']}, {row['description']}: {row['cells_in']:,} {row['counted']} = {row['used']:,} of authorities + "
            f"{row['left_out']:,} left out{_why(row['reasons'])}.",
            {name: row[name] for name in ("cells_in", "used", "left_out")},
            source=row["file"],
        )
        for number, row in enumerate(records.to_dict("records"), start=1)
    ]


def _why(reasons: str) -> str:
    return f" ({reasons})" if reasons else ""
