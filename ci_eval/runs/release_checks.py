"""What must hold before a draft is released, each check a row: what was asked, PASS, WARN or FAIL, why, and its rule.

Rules: docs/release.md. Nothing a check says quotes a respondent or gives a small group's number.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from lxml import html

from ci_eval.agreement.published_values import self_check
from ci_eval.evidence import open_interim
from ci_eval.inputs.text import one_line
from ci_eval.programme.consistency import Finding, Result
from ci_eval.report import sentences
from ci_eval.report.documents import PAGES, WORD
from ci_eval.report.small_groups import nameable
from ci_eval.runs import disclosure_attack, manifest
from ci_eval.runs.draft_claims import check_texts
from ci_eval.runs.planning import Plan
from ci_eval.settings.assurance_file import read_assurance
from ci_eval.settings.plan_file import read_frozen

if sys.platform != "win32":
    import pwd

RULES = "docs/release.md"
INTERIM, IMPACT = "interim_evaluation", "impact_evaluation"
LONGEST_ALT = 200  # characters


@dataclass(frozen=True)
class Draft:
    """A draft that is to be released, its documents as they would be released, and who vouches for it.

    Attributes
    ----------
    planned : settings, period, notebook and folders
    results, made : its results.json and its manifest
    documents : folder of the documents made for release
    earlier, before : results.json of each earlier release of this period and of the one before, by its name
    checked_by : the two people who checked it
    own_pieces_checked : whether they vouch for what the analyst made herself
    """

    planned: Plan
    results: Mapping[str, Any]
    made: Mapping[str, Any]
    documents: Path
    earlier: Mapping[str, Mapping[str, Any]]
    before: Mapping[str, Mapping[str, Any]]
    checked_by: tuple[str, ...]
    own_pieces_checked: bool = False


def run_checks(draft: Draft) -> list[Finding]:
    """Every check of a draft, in the order of docs/release.md."""
    return [
        Finding(name, *check(draft), f"{RULES}#{name.replace(' ', '-')}") for name, check in CHECKS.items()
    ]


def listing(checks: Sequence[Finding]) -> str:
    """The checks as text, a line each."""
    wide = max(len(one.check) for one in checks)
    return "\n".join(
        f"{one.result}  {one.check:<{wide}}  {one.message}"
        + ("" if one.result == "PASS" else f" ({one.source})")
        for one in checks
    )


Outcome = tuple[Result, str]


def _failing(faults: Sequence[str], passed: str, fix: str) -> Outcome:
    if not faults:
        return "PASS", passed
    more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
    return "FAIL", f"{sentences.listed(faults[:3])}{more}. Fix: {fix}"


def _two_people(draft: Draft) -> Outcome:
    names = {one_line(name).casefold() for name in draft.checked_by if name.strip()}
    if len(names) < 2:
        return "FAIL", "Two different people check a release. Fix: name both with --checked-by."
    ran = {
        name.casefold()
        for name in (*_names_of(draft.made.get("ran_by", "")), draft.planned.settings.author)
        if name
    }
    if names & ran:
        one = next(name for name in map(one_line, draft.checked_by) if name.casefold() in ran)
        return "FAIL", f"{one} ran the draft or is its author. Fix: let somebody else check it."
    return "PASS", f"Checked by {sentences.listed(draft.checked_by)}; neither ran it."


def _names_of(account: str) -> tuple[str, ...]:
    """An account's name, and its owner's where the machine knows it."""
    if sys.platform == "win32":
        return (account,)
    try:
        return account, pwd.getpwnam(account).pw_gecos.partition(",")[0]
    except KeyError:
        return (account,)


def _whole(draft: Draft) -> Outcome:
    folder = draft.planned.place.destination
    faults = [problem.message.removesuffix(".") for problem in manifest.verify(folder)]
    return _failing(faults, "Every file of the draft is as its run wrote it.", "run it again.")


def _up_to_date(draft: Draft) -> Outcome:
    changed = draft.planned.basis().changed(draft.made["basis"])
    if changed:
        why = f"Changed since the draft was made: {', '.join(changed)}."
        return "FAIL", f"{why} Fix: run it again and check that."
    if draft.made["git"].get("uncommitted_changes"):
        return "WARN", "The workbook held changes that were not committed when the draft was made."
    return "PASS", "Settings, inputs and workbook are those of the draft."


def _real_data(draft: Draft) -> Outcome:
    if draft.results["invented"] or draft.planned.settings.rehearsal:
        return "FAIL", "Its data are invented. Fix: release reports of real data only."
    return "PASS", "None of its data are declared as invented."


def _disclosure(draft: Draft) -> Outcome:
    nobody: Outcome = ("PASS", "It rests on no answers of people.")
    if draft.planned.kind != INTERIM:
        return nobody
    evidence, _ = open_interim(draft.planned.period.name, str(draft.planned.settings.file))
    if evidence.survey.responses is None:
        return nobody
    # an own copy may leave the number of respondents out; who knows it from elsewhere is the attacker
    known = {"received": {"numbers": {"responses": evidence.survey.received}}}
    released = disclosure_attack.of_results({"pieces": known | draft.results["pieces"]})
    recovered = list(disclosure_attack.recovered(released, evidence, evidence.smallest_group))
    if recovered:
        number = sentences.count(len(recovered), "number")
        why = f"From what it shows follow {number} of groups that are too small."
        return "FAIL", f"{why} Fix: report it as a fault."
    return "PASS", "From what it shows no number of a group that is too small follows."


def _differencing(draft: Draft) -> Outcome:
    smallest = draft.planned.settings.smallest_group
    pairs = [(name, _sizes(results), _sizes(draft.results)) for name, results in draft.earlier.items()]
    compared = _compared(draft.results)
    for name, results in draft.before.items():
        then = _sizes(results)
        pairs.append((name, {key: then[key] for key in compared if key in then}, compared))
    faults = [
        f"{what} differs from {name} by fewer than {smallest}, or is put together otherwise"
        for name, then, now in pairs
        for what in _close(then, now, smallest)
    ]
    passed = "Beside earlier releases it shows nothing of the few who make the difference."
    return _failing(faults, passed, "leave the few out, or release with the next period.")


def _sizes(results: Mapping[str, Any]) -> dict[tuple[str, ...], float]:
    """How many people stand behind everything that is shown, by grouping, statement and group."""
    if "received" not in results["pieces"]:
        return {}
    released = disclosure_attack.of_results(results)
    sizes: dict[tuple[str, ...], float] = {("all respondents",): released.received}
    sizes |= {("answers to", statement): answered for statement, (answered, _) in released.totals.items()}
    sizes |= {(by, label): number for by, label, number in released.people}
    return sizes | {(one.grouping, one.label, one.statement): one.answered for one in released.cells}


def _compared(results: Mapping[str, Any]) -> dict[tuple[str, ...], float]:
    """How many answered in the period before, as the comparison with it says."""
    rows = results["pieces"].get("change-table", {"rows": []})["rows"]
    return {("answers to", row["statement"]): row["answered_first"] for row in rows if row["answered_first"]}


def _close(
    before: Mapping[tuple[str, ...], float], now: Mapping[tuple[str, ...], float], smallest: int
) -> Iterator[str]:
    """What two releases show of nearly the same people."""
    if not before or not now:
        return
    for key in {**before, **now}:
        apart = abs(before[key] - now[key]) if key in before and key in now else None
        if (apart is None and len(key) == 2 and key[0] != "answers to") or (apart and apart < smallest):
            yield " ".join(key)


def _unanimous(draft: Draft) -> Outcome:
    rows = draft.results["pieces"].get("groups-chart", {}).get("rows", [])
    cells = sum(not nameable(row["answered"], row["agreeing"]) for row in rows)
    if cells:
        many = sentences.count(cells, "cell")
        return (
            "WARN",
            f"{many} of small groups of which all or none agreed; the work list of ci-eval check names them.",
        )
    return "PASS", "No small group is shown of which all or none agreed."


def _own_pieces(draft: Draft) -> Outcome:
    own = [key for key, piece in draft.results["pieces"].items() if "own" in piece]
    many = sentences.opening(sentences.count(len(own), "piece"))
    if own and not draft.own_pieces_checked:
        return (
            "FAIL",
            f"{many} of the analyst’s own. Fix: look at each, and vouch for them with --own-pieces-checked.",
        )
    if own:
        return "WARN", f"{many} of the analyst’s own, for which the two checkers vouch."
    return "PASS", "Every piece is the workbook’s."


def _notebook(draft: Draft) -> Outcome:
    if changed := draft.results["made_by"]["difference"]:
        return "WARN", f"Made by the analyst’s own copy of the notebook: {changed}."
    return "PASS", "Made by the notebook as it is shipped."


def _claims(draft: Draft) -> Outcome:
    planned = draft.planned
    nothing: Outcome = ("PASS", "It holds no text of the evaluator’s own.")
    if planned.kind != INTERIM:
        return nothing
    own = open_interim(planned.period.name, str(planned.settings.file))[0].texts.evaluator
    if own is None:
        return nothing
    judged = [one.text for one in own.judgements.values() if one is not None]
    texts = [own.verdict, *judged, *(f"{one.ask} {one.evidence}" for one in own.decisions)]
    rows = check_texts(texts, draft.results["pieces"], planned.settings, planned.period)
    contradicted = [f"“{row.quantity}”: {row.message}" for row in rows if row.result == "contradicted"]
    if contradicted:
        return _failing(contradicted, "", "mend the text, or what it rests on.")
    if unchecked := [f"“{row.quantity}”" for row in rows if row.result == "no check"]:
        return "WARN", f"Nothing checks these of the evaluator’s own text: {sentences.listed(unchecked)}."
    return "PASS", "Every number and word of the evaluator’s own text is that of the results."


def _plan(draft: Draft) -> Outcome:
    impact = draft.planned.settings.impact
    if draft.planned.kind != IMPACT or impact is None:
        return "PASS", "It estimates no effect."
    frozen = read_frozen(impact.plan)
    if frozen is None:
        return "FAIL", "The plan is not frozen. Fix: ci-eval plan freeze, then run it again."
    return "PASS", f"The plan was frozen on {frozen.frozen_on}."


def _statistics(draft: Draft) -> Outcome:
    result = self_check()
    return ("PASS" if result.passed else "FAIL"), result.line


def _contact(draft: Draft) -> Outcome:
    lacking = [name for name in ("author", "contact", "licence") if not getattr(draft.planned.settings, name)]
    return _failing(
        [f"{name} is not declared" for name in lacking],
        "Author, contact and licence are declared.",
        "add it under [report] in the settings.",
    )


def _assurance(draft: Draft) -> Outcome:
    settings, period = draft.planned.settings, draft.planned.period
    declared = settings.impact if draft.planned.kind == IMPACT else period
    if declared is None or declared.assurance is None:
        return "WARN", "Nothing is written on who answers for it, its quality and its assumptions."
    roles = read_assurance(declared.assurance).roles
    return "PASS", f"{roles.assurer} assured it, {roles.approver} approved it; both stand in the annex."


def _accessible(draft: Draft) -> Outcome:
    faults = [fault for name in PAGES.values() for fault in page_faults(draft.documents / name)]
    faults += [fault for name in WORD.values() for fault in word_faults(draft.documents / name)]
    return _failing(
        faults,
        "Language, title, headings, alternative texts and header cells are there.",
        "report it as a fault.",
    )


def page_faults(page: Path) -> Iterator[str]:
    """What of a page a screen reader would miss: language, title, order of headings, names of pictures, header cells."""
    root = html.fromstring(page.read_bytes())
    if not root.get("lang"):
        yield f"{page.name} names no language"
    if not (root.findtext(".//title") or "").strip():
        yield f"{page.name} has no title"
    levels = [int(one.tag[1]) for one in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"{page.name} has not one heading of the first level at its head"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield f"{page.name} leaves out a level of headings"
    for picture in root.iter("img", "svg"):
        alt = picture.get("alt") or picture.get("aria-label") or _named(picture, root)
        if picture.get("aria-hidden") != "true" and not 0 < len(alt) <= LONGEST_ALT:
            yield f"a picture of {page.name} has no alternative text of at most {LONGEST_ALT} characters"
    for table in root.iter("table"):
        if any(not cell.get("scope") for cell in table.iter("th")):
            yield f"a table of {page.name} has a header cell without a scope"
    ids = [one.get("id") for one in root.xpath("//*[@id]")]
    if len(ids) != len(set(ids)):
        yield f"{page.name} uses an id twice"


def _named(picture: Any, root: Any) -> str:
    """The text that an SVG element names as its label."""
    texts = [root.get_element_by_id(name, None) for name in (picture.get("aria-labelledby") or "").split()]
    return " ".join(one.text_content().strip() for one in texts if one is not None)


def word_faults(file: Path) -> Iterator[str]:
    """What of a Word file a screen reader would miss: language, title, alternative texts, header rows."""
    document = Document(str(file))
    for name in ("language", "title"):
        if not getattr(document.core_properties, name):
            yield f"{file.name} names no {name}"
    for picture in document.element.body.iter(qn("wp:docPr")):
        if not 0 < len(picture.get("descr") or "") <= LONGEST_ALT:
            yield f"a picture of {file.name} has no alternative text of at most {LONGEST_ALT} characters"
    for table in document.tables:
        if table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            yield f"a table of {file.name} has no header row"


def _links(draft: Draft) -> Outcome:
    faults = [fault for name in PAGES.values() for fault in broken_links(draft.documents / name)]
    return _failing(
        faults, "Every link within and between the documents leads somewhere.", "report it as a fault."
    )


def broken_links(page: Path) -> Iterator[str]:
    """The links of a page that lead to no place in it and to no file beside it."""
    root = html.fromstring(page.read_bytes())
    for link in root.xpath("//a/@href"):
        file, _, anchor = link.partition("#")
        if ":" in file:
            continue  # a page elsewhere, or an address to write to
        target = page.parent / file if file else page
        if not target.is_file():
            yield f"{page.name} leads to {file}, which is not there"
        elif anchor and not html.fromstring(target.read_bytes()).xpath("//*[@id=$name]", name=anchor):
            yield f"{page.name} leads to #{anchor}, which is not there"


CHECKS: dict[str, Callable[[Draft], Outcome]] = {
    "two people": _two_people,
    "whole": _whole,
    "up to date": _up_to_date,
    "real data": _real_data,
    "disclosure": _disclosure,
    "differencing": _differencing,
    "all or none": _unanimous,
    "own pieces": _own_pieces,
    "notebook": _notebook,
    "claims": _claims,
    "plan": _plan,
    "statistics": _statistics,
    "contact": _contact,
    "assurance": _assurance,
    "accessibility": _accessible,
    "links": _links,
}
