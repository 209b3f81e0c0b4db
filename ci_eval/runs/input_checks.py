"""Every input checked without running anything: settings, the programme's facts, surveys, outcomes and plan.

Rows are (check, result, message, source), as `checking.Row` takes them.

Checks are rows of one shape in a fixed order, so their results add up. A stage whose input cannot be read is
one FAIL for each cause, and the stages after it go on as far as they do not need it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from ci_eval import programme
from ci_eval.evidence.council_facts import read_covariates, read_officers
from ci_eval.evidence.impact_evidence import read_file
from ci_eval.impact.plan import departures
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.report import sentences
from ci_eval.runs.folders import plain
from ci_eval.runs.plan_commands import usable_plan
from ci_eval.settings.evaluation import Impact, OutcomesFile, Period, Settings, load, too_few_asked
from ci_eval.settings.plan_file import COMMAND, read_frozen

if TYPE_CHECKING:
    from ci_eval.survey import Responses


Result = Literal["PASS", "WARN", "FAIL"]
Found = tuple[str, Result, str, str]
Loaded = TypeVar("Loaded")

_IMPACT_RESULTS: dict[str, Result] = {"NOTE": "PASS", "WARN": "WARN", "ASK": "FAIL", "REJECT": "FAIL"}


def impact(settings: Settings, declared: Impact) -> Iterator[Found]:
    """Every row of the impact's inputs."""
    rows: list[Found] = []
    register = _impact_stage([], "programme", lambda: programme.load_register(settings.programme))
    if register is None:
        yield "impact", "FAIL", "Not looked at: the register cannot be read.", ""
        return
    councils = register.councils
    for file in declared.outcomes:
        rows.extend(_outcomes(file, councils))
    unread = any(result == "FAIL" for _, result, _, _ in rows)
    yield from rows
    if unread:
        yield "plan", "FAIL", "Not looked at: an outcomes file cannot be read.", declared.plan.name
    else:
        yield from _plan(settings, declared.plan)
    facts: list[tuple[str, Path | None, Callable[[Path], object]]] = [
        ("officers", declared.officers, lambda file: read_officers(file, register)),
        ("covariates", declared.covariates, lambda file: read_covariates(file, councils)),
    ]
    for name, given, reader in facts:
        if given is not None:
            yield from _fact(name, given, reader)


def _outcomes(file: OutcomesFile, councils: programme.Councils) -> Iterator[Found]:
    rows: list[Found] = []
    name = f"outcomes {file.name}"
    read = _impact_stage(rows, name, lambda: read_file(file, councils))
    if read is not None:
        record = read.record
        lacking = sum(record.missing.values())
        message = (
            f"{record.rows_in:,} {record.counted}, {record.used:,} used, {lacking:,} of them without a number; "
            f"{len(read.measures):,} measures; {record.description}."
        )
        rows.append((name, "PASS", message, file.file.name))
        rows.extend(_impact_row(name, note) for note in record.notes)
    yield from rows


def _plan(settings: Settings, file: Path) -> Iterator[Found]:
    rows: list[Found] = []
    plan = _impact_stage(rows, "plan", lambda: usable_plan(settings))
    if plan is not None:
        rows.append(
            ("plan", "PASS", "Every setting is there, and the planned effect can be estimated.", file.name)
        )
        before = len(rows)
        frozen = _impact_stage(rows, "plan", lambda: read_frozen(file))
        if frozen is not None:
            changed = [one.key for one in departures(frozen.plan, plan.plan)]
            message = f"Frozen on {frozen.frozen_on}"
            message += (
                f"; since then changed: {', '.join(changed)}." if changed else ", and not departed from."
            )
            rows.append(("plan: frozen", "WARN" if changed else "PASS", message, file.name))
        elif len(rows) == before:
            fix = f"{COMMAND}, with --settings where they are your own."
            message = f"Not frozen: outcomes of exposed years stay closed.\nFix: {fix}"
            rows.append(("plan: frozen", "WARN", message, file.name))
    yield from rows


def _fact(name: str, file: Path, reader: Callable[[Path], object]) -> Iterator[Found]:
    rows: list[Found] = []
    if _impact_stage(rows, name, lambda: reader(file)) is not None:
        rows.append((name, "PASS", "Can be read.", file.name))
    yield from rows


def _impact_stage(rows: list[Found], name: str, loader: Callable[[], Loaded]) -> Loaded | None:
    try:
        return loader()
    except InputError as error:
        rows.extend(_impact_row(name, problem) for problem in error.problems)
        return None


def _impact_row(name: str, problem: Problem) -> Found:
    fix = f"\nFix: {problem.fix}" if problem.fix else ""
    return (
        f"{name}: {problem.check}",
        _IMPACT_RESULTS[problem.level],
        f"{problem.message}{fix}",
        problem.where,
    )


_WIDTH = 4  # of PASS, WARN and FAIL
_RESULTS: dict[str, Result] = {"NOTE": "PASS", "WARN": "WARN", "ASK": "FAIL", "REJECT": "FAIL"}


@dataclass(frozen=True)
class Row:
    """One check: its name, its result, what was found, and where."""

    check: str
    result: Result
    message: str
    source: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def check(settings: str = "") -> list[Row]:
    """All checks of all inputs that the settings file declares; "" takes the workbook's own settings."""
    rows: list[Row] = []
    known = _stage(rows, "settings", lambda: load(settings))
    if known is None:
        return rows
    names = ", ".join(period.name for period in known.periods)
    declared = sentences.opening(sentences.count(len(known.periods), "review period"))
    rows.append(Row("settings", "PASS", f"{declared}: {names}.", known.file.name))
    questionnaire = _programme(rows, known)
    for period in known.periods:
        rows.extend(_survey(period, questionnaire, known.programme))
    if known.impact is not None:
        rows.extend(Row(*found) for found in impact(known, known.impact))
    return rows


def failed(rows: Iterable[Row]) -> bool:
    """Whether any check failed."""
    return any(row.result == "FAIL" for row in rows)


def listing(rows: list[Row]) -> str:
    """The rows as text: result, check, message and source, then the totals."""
    width = max(len(row.check) for row in rows)
    lines = []
    for row in rows:
        first, *rest = plain(row.message).splitlines() or [""]
        source = f"  [{row.source}]" if row.source else ""
        lines.append(f"{row.result:<{_WIDTH}}  {row.check:<{width}}  {first}{source}")
        lines.extend(" " * (_WIDTH + width + 4) + line for line in rest)
    counts = {result: sum(row.result == result for row in rows) for result in ("PASS", "WARN", "FAIL")}
    lines.append(", ".join(f"{number} {result}" for result, number in counts.items()))
    return "\n".join(lines)


def _stage(rows: list[Row], name: str, loader: Callable[[], Loaded]) -> Loaded | None:
    """What the loader gives; where it refuses its input, its problems become rows instead."""
    try:
        return loader()
    except InputError as error:
        rows.extend(_row(name, problem) for problem in error.problems)
        return None


def _row(name: str, problem: Problem) -> Row:
    fix = f"\nFix: {problem.fix}" if problem.fix else ""
    return Row(f"{name}: {problem.check}", _RESULTS[problem.level], f"{problem.message}{fix}", problem.where)


def _programme(rows: list[Row], settings: Settings) -> programme.Questionnaire | None:
    folder = settings.programme
    councils = _stage(rows, "programme", lambda: programme.load_councils(folder))
    register = (
        _stage(rows, "programme", lambda: programme.load_register(folder, councils)) if councils else None
    )
    questionnaire = _stage(rows, "programme", lambda: programme.load_questionnaire(folder))
    bands = _stage(rows, "programme", lambda: programme.load_bands(folder))
    claims = _stage(rows, "programme", lambda: programme.load_claims(folder))
    _stage(rows, "programme", lambda: programme.load_themes(folder))
    _stage(rows, "programme", lambda: programme.load_comment_themes(folder))
    _stage(rows, "programme", lambda: programme.load_recommendations(folder))
    _stage(rows, "programme", lambda: programme.load_strategic_questions(folder))
    if not failed(rows):
        rows.append(Row("programme", "PASS", "Every file of facts can be read.", folder.name))
    if register and questionnaire and claims is not None:
        for found in programme.check(register, questionnaire, claims, bands=bands):
            rows.append(Row(f"programme: {found.check}", found.result, found.message, found.source))
    return questionnaire


def _survey(period: Period, questionnaire: programme.Questionnaire | None, folder: Path) -> Iterator[Row]:
    name = f"survey {period.name}"
    if period.survey_file is None:
        yield Row(name, "WARN", "No survey is declared; the report will say what is missing.")
        return
    if questionnaire is None:
        yield Row(name, "FAIL", "Not looked at: the questionnaire cannot be read.", period.survey_file.name)
        return
    from ci_eval.survey import load as load_survey

    rows: list[Row] = []
    file, declared = period.survey_file, period.survey
    responses = _stage(rows, name, lambda: load_survey(file, questionnaire, declared=declared))
    if responses is not None:
        record = responses.record
        left = "".join(f", {number:,} left out ({reason})" for reason, number in record.left_out.items())
        message = f"{record.rows_in:,} rows, {record.used:,} responses{left}; {record.description}."
        rows.append(Row(name, "PASS", message, file.name))
        rows.extend(_row(name, problem) for problem in record.notes)
        rows.extend(_asked(name, period, record.used))
        rows.extend(_asked_by(name, period, questionnaire))
        rows.extend(_comments(period, responses, folder))
    yield from rows


def _comments(period: Period, responses: "Responses", folder: Path) -> list[Row]:
    """The coding of the comments and the quotations from them, where the period declares them."""
    from ci_eval.survey import load_codes, load_quotations

    rows: list[Row] = []
    name, codes, quotations = f"comments {period.name}", period.comment_codes, period.quotations
    # A codebook that cannot be read has been told of among the programme's files.
    codebook = _stage([], name, lambda: programme.load_comment_themes(folder)) if codes else None
    if codes and codebook is None:
        rows.append(Row(name, "FAIL", "Not looked at: comment_themes.csv cannot be read.", codes.name))
    elif codes and codebook is not None:
        coding = _stage(rows, name, lambda: load_codes(codes, responses, codebook))
        if coding is not None:
            counts = coding.status.value_counts()
            told = ", ".join(f"{number:,} {status}" for status, number in counts.items())
            undecided = not coding.cells("not agreed", "not coded").empty
            message = f"{len(coding.status):,} comments by {len(coding.coders):,} coders: {told}."
            rows.append(Row(name, "WARN" if undecided else "PASS", message, codes.name))
    if quotations:
        read = _stage(rows, f"quotations {period.name}", lambda: load_quotations(quotations, responses))
        if read is not None:
            message = f"{len(read.shown):,} may be shown, {len(read.refused):,} may not."
            rows.append(Row(f"quotations {period.name}", "PASS", message, quotations.name))
    return rows


def _asked(name: str, period: Period, used: int) -> Iterator[Row]:
    if period.asked is None:
        message = "The number of people asked is not declared; intervals take the population as unknown."
        yield Row(f"{name}: asked", "WARN", f"{message}\nFix: add asked = … to the period.")
    elif used > period.asked:
        problem = too_few_asked(period.name, used, period.asked)
        yield Row(f"{name}: asked", "FAIL", f"{problem.message}\nFix: {problem.fix}")
    else:
        yield Row(f"{name}: asked", "PASS", f"{used:,} of {period.asked:,} people asked responded.")


def _asked_by(name: str, period: Period, questionnaire: programme.Questionnaire) -> Iterator[Row]:
    """A misspelt organisation would stand apart from the people who answered for it, and nothing be weighted."""
    options = questionnaire.question("organisation").options
    unknown = [repr(given) for given in period.asked_by_organisation if given not in options]
    if unknown:
        message = f"asked_by_organisation names {', '.join(unknown)}, which the questionnaire does not offer as an answer."
        fix = f"Fix: write the answer as it stands in questionnaire.toml: {', '.join(map(repr, options))}."
        yield Row(f"{name}: asked-by-organisation", "WARN", f"{message}\n{fix}")
