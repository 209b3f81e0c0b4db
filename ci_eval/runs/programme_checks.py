"""The programme's own files checked: can they be read, do they agree, and what do they leave blank?"""

from pathlib import Path
from typing import Any

from ci_eval import programme
from ci_eval.programme.claims import CONTRADICTED, OF_SURVEY, UNKNOWN, check_record, misfits
from ci_eval.programme.consistency import Result
from ci_eval.report import sentences
from ci_eval.runs.check_rows import Checks, failed
from ci_eval.settings.evaluation import Settings


def check_programme(checks: Checks, settings: Settings) -> programme.Questionnaire | None:
    """Check every file of facts; gives the questionnaire, None where it cannot be read."""
    name, folder = "programme", settings.programme
    councils = checks.attempt(name, lambda: programme.load_councils(folder))
    register = (
        checks.attempt(name, lambda: programme.load_register(folder, councils, settings.engagements))
        if councils
        else None
    )
    questionnaire = checks.attempt(name, lambda: programme.load_questionnaire(folder))
    bands = checks.attempt(name, lambda: programme.load_bands(folder))
    claims = checks.attempt(name, lambda: programme.load_claims(folder))
    checks.attempt(name, lambda: programme.load_codebook(folder))
    checks.attempt(name, lambda: programme.load_recommendations(folder))
    checks.attempt(name, lambda: programme.load_strategic_questions(folder))
    checks.attempt(name, lambda: programme.load_progress(folder))
    if settings.teams is not None and register is not None:
        _teams(checks, settings.teams, register, folder)
    if not failed(checks.rows):
        checks.add(name, "PASS", "Every file of facts can be read.", folder.name)
        if register is not None:
            _records(checks, register, folder)
    if register is not None:
        for one in programme.check(register):
            checks.add(f"{name}: {one.check}", one.result, one.message, one.source)
    if register and questionnaire and bands and claims is not None:
        _claims(checks, settings, claims.to_dict("records"), register, questionnaire, bands)
    return questionnaire


def _teams(checks: Checks, file: Path, register: programme.Register, folder: Path) -> None:
    """Can the table of teams be read, and does any team hold more officers than its recorded size?"""
    read = checks.attempt("teams", lambda: programme.load_teams(file, register, folder))
    if read is None:
        return
    officers = read.groupby("engagement")["officers"].sum()
    of = sentences.count(len(officers), "engagement")
    checks.add("teams", "PASS", f"Officers on the teams of {of}, by organisation.", file.name)
    for name, number in officers.items():
        size = register.facts.get(str(name), {}).get("team_size", "")
        if size and number > int(size):
            message = f"{name}: {number} officers on a team of {size}."
            checks.add("teams: size", "WARN", message, file.name, "correct the officers, or team_size.")


def _claims(
    checks: Checks,
    settings: Settings,
    claims: list[dict[Any, Any]],
    register: programme.Register,
    questionnaire: programme.Questionnaire,
    bands: tuple[programme.ProportionWord, ...],
) -> None:
    """Where the records contradict what was published, or two claims do not fit: a person has to reconcile them.

    A claim is said of the declared period in which its day falls; of an older or a later one, nobody asks here.
    """
    values = {one["key"]: one["value"] for one in claims}
    names = {
        one["key"]: f"claim {one['key']}, {period.name}"
        for one in claims
        for period in settings.periods
        if period.starts <= one["as_at_day"] <= period.ends
    }
    for claim in claims:
        if claim["check"] in OF_SURVEY or claim["key"] not in names:
            continue
        checked = check_record(claim, register, questionnaire, bands, values)
        if checked.result == UNKNOWN:
            continue
        result: Result = "WARN" if checked.result == CONTRADICTED else "PASS"
        message = f"{claim['claim']}: {claim['value']}. {checked.evidence}"
        checks.add(names[claim["key"]], result, message, "claims.csv")
    for key, other in misfits(claims, register, bands).items():
        if key in names:
            checks.add(names[key], "WARN", f"It does not fit another claim. {other}", "claims.csv")


def _records(checks: Checks, register: programme.Register, folder: Path) -> None:
    """What the programme's records leave blank that the report would say."""
    took_place = register.engagements[register.engagements["status"] == "took place"]
    for column in ("focus", "report_written", "report_published"):
        blank = int((took_place[column] == "").sum())
        if blank:
            message = f"{column} is blank for {blank} of {len(took_place)} engagements that took place."
            checks.add("programme: blanks", "WARN", message, "register.csv", f"fill the column {column}.")
    followed = programme.load_recommendations(folder)
    entered = set(programme.load_progress(folder)["key"])
    without = [
        row["key"] for row in followed.to_dict("records") if not row["criteria"] and row["key"] not in entered
    ]
    if without:
        message = f"No status is entered for {sentences.listed(without)}."
        fix = "add a row with its day to progress.csv."
        checks.add("programme: blanks", "WARN", message, "progress.csv", fix)
    if (followed["owner"] == "").any():
        message = f"owner is blank for {(followed['owner'] == '').sum()} of {len(followed)} recommendations."
        checks.add("programme: blanks", "WARN", message, "recommendations.csv", "fill the column owner.")
