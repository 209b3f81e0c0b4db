"""Who served on whose team, in numbers of officers by organisation: the programme as a network of authorities.

Method: docs/methods.md C6a. The table has a row an organisation and team: ``engagement`` by its name in the register,
``organisation`` and ``officers``. It holds numbers of officers of public bodies, never names of persons: every further
column is refused, and so is every cell that is no authority, no organisation of the codebook or no number.
"""

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval.inputs.fact_tables import Row, read_rows
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.inputs.text import normalised
from ci_eval.programme.codebook import codes_of, load_codebook
from ci_eval.programme.councils import Councils, normalise
from ci_eval.programme.register import Register

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("engagement", "organisation", "officers")
HOST, AUTHORITY, BODY = "host", "other authority", "other body"
SERVED = (
    "engagement", "host", "period", "organisation", "kind", "officers", "collaborative", "host_collaboratives",
    "crosses", "returned", "hosted", "possible",
)  # fmt: skip
MOST = 999  # officers of one organisation on one team; a larger number is a slip
NO_NAMES = "The table holds numbers of officers, never names of persons"


def load_teams(file: Path, register: Register, folder: Path | str | None = None) -> "pd.DataFrame":
    """The table of teams, one row an organisation and team: engagement, gss_code, organisation, officers.

    Examples
    --------
    >>> from ci_eval.inputs.fact_tables import programme_folder
    >>> from ci_eval.programme.register import load_register
    >>> teams = load_teams(programme_folder().parent / "example" / "teams_invented.csv", load_register())
    >>> teams.columns.tolist()
    ['engagement', 'gss_code', 'organisation', 'officers']

    `folder` is the programme's, for its codebook. gss_code is "" for a body that is no authority, organisation the
    name for display, officers a whole number; what is not listed is not known.

    Raises
    ------
    InputError
        With every engagement that is not in the register, every organisation that is not known, every number that is
        none and every organisation that stands twice. No message repeats a cell, which may hold a name.
    """
    import pandas as pd

    organisations = codes_of(load_codebook(folder), "organisation")
    bodies = {
        normalised(text): str(row["name"])
        for row in organisations.to_dict("records")
        if normalise(row["name"]) not in register.councils.refusals
        for text in (row["name"], *row["variants"])
    }
    engagements = {entry.engagement for entry in register.entries}
    rows: dict[tuple[str, str], tuple[str, int]] = {}
    problems: list[Problem] = []
    for row in read_rows(file, COLUMNS, filled=COLUMNS):
        code, name = _organisation(row, register.councils, bodies, problems)
        if row["engagement"] not in engagements:
            near = get_close_matches(row["engagement"], engagements, n=1)
            fix = f"Write {near[0]}." if near else "Use the register's own name of the engagement."
            problems.append(
                _problem(row, "engagement", "engagement-unknown", "It is not in the register.", fix)
            )
        number = row["officers"]
        if not (number.isascii() and number.isdigit() and int(number[:9]) <= MOST):
            message = f"This is not a whole number from 0 to {MOST}. {NO_NAMES}."
            problems.append(
                _problem(row, "officers", "officers", message, "Write how many officers, not who.")
            )
        elif (row["engagement"], name) in rows:
            fix = "Add the two rows up."
            message = "The organisation stands twice for this engagement."
            problems.append(_problem(row, "organisation", "row-twice", message, fix))
        else:
            rows[row["engagement"], name] = (code, int(number))
    if problems:
        raise InputError(f"CANNOT USE {file.name}: nothing was loaded", problems)
    data = [(engagement, code, name, number) for (engagement, name), (code, number) in rows.items()]
    return pd.DataFrame(data, columns=["engagement", "gss_code", "organisation", "officers"])


def _organisation(
    row: Row, councils: Councils, bodies: Mapping[str, str], problems: list[Problem]
) -> tuple[str, str]:
    """GSS code and name of the row's organisation; a code of "" is a body that is no authority."""
    written = row["organisation"]
    code = councils.look_up(written)
    if isinstance(code, str):
        return code, councils.short_name(code)
    if code.check != "ambiguous-council" and normalised(written) in bodies:
        return "", bodies[normalised(written)]
    message = f"This is neither an authority nor an organisation of codebook.csv. {NO_NAMES}."
    if code.check == "ambiguous-council":
        message = "This may mean several authorities."
    problems.append(_problem(row, "organisation", "organisation-unknown", message, code.fix))
    return "", f"row {row.number}"


def _problem(row: Row, column: str, check: str, message: str, fix: str) -> Problem:
    return Problem(check, "REJECT", message, f'{row.file}, row {row.number}, column "{column}"', fix=fix)


def officers_sent(teams: "pd.DataFrame", register: Register) -> "pd.DataFrame":
    """Officers that authorities sent to teams of others: gss_code, engagement, officers; the links of spillover."""
    own = _own(teams, register)
    sent = teams[(teams["gss_code"] != "") & ~own & (teams["officers"] > 0)]
    return sent[["gss_code", "engagement", "officers"]].reset_index(drop=True)


def served(teams: "pd.DataFrame", register: Register, periods: Mapping[str, date]) -> "pd.DataFrame":
    """The teams of engagements that had taken place by the last day of the last period, with what is known of them.

    Parameters
    ----------
    teams : as `load_teams` gives them
    periods : name and last day of each review period, in order of time

    Returns
    -------
    One row an organisation that served on a team: engagement, host (names), period (the first by whose end it had taken
    place), organisation, kind (`HOST`, `AUTHORITY`, `BODY`), officers, collaborative, host_collaboratives (a tuple),
    crosses (True where another authority and every host are of different collaboratives), returned (did an officer of a
    host serve on a team of theirs: yes or no; "" where they hosted no recorded team), hosted (had they been a host: yes,
    no, cannot be known), possible (authorities that host none of it). In attrs: engagements that took place, recorded
    (teams of them), unconfirmed (teams of those that may have), authorities and periods.
    """
    import pandas as pd

    ends = list(periods.values())
    begun = {one.engagement: one.begun_by(ends[-1]) for one in register.entries}
    took_place = {one.engagement: one for one in register.entries if begun[one.engagement] == "yes"}
    own = _own(teams, register)
    by_code = register.councils.by_code
    known = teams.assign(own=own)[teams["engagement"].isin(list(took_place)) & (teams["officers"] > 0)]
    sent = known[(known["gss_code"] != "") & ~known["own"]]
    pairs = {(code, host) for code, name in zip(sent["gss_code"], sent["engagement"], strict=True)
             for host in took_place[name].hosts}  # fmt: skip
    recorded = list(dict.fromkeys(known["engagement"]))
    hosts = {host for name in recorded for host in took_place[name].hosts}
    rows = []
    for row in known.to_dict("records"):
        entry, code = took_place[row["engagement"]], row["gss_code"]
        kind = HOST if row["own"] else AUTHORITY if code else BODY
        theirs = by_code[code].regional_improvement_collaborative if code else ""
        regions = tuple(dict.fromkeys(by_code[one].regional_improvement_collaborative for one in entry.hosts))
        back = any((host, code) in pairs for host in entry.hosts)
        rows.append(
            {
                "engagement": entry.engagement,
                "host": register.names(entry),
                "period": next(name for name, end in periods.items() if entry.begun_by(end) == "yes"),
                "organisation": row["organisation"],
                "kind": kind,
                "officers": row["officers"],
                "collaborative": theirs,
                "host_collaboratives": regions,
                "crosses": kind == AUTHORITY and theirs not in regions,
                "returned": ("yes" if back else "no") if kind == AUTHORITY and code in hosts else "",
                "hosted": register.hosted_by(code, ends[-1]) if code else "",
                "possible": len(by_code) - len(entry.hosts),
            }
        )
    frame = pd.DataFrame(rows, columns=list(SERVED))
    frame.attrs = {
        "engagements": len(took_place),
        "recorded": len(recorded),
        "unconfirmed": sum(begun[name] == "cannot be known" for name in set(teams["engagement"])),
        "authorities": len(by_code),
        "periods": list(periods),
    }
    return frame


def growth(teams: "pd.DataFrame") -> "pd.DataFrame":
    """The network at the end of each period, of what `served` gives; a row a period, cumulative.

    Columns: period; teams (recorded); authorities (that had served on another's); officers (they sent); links (an
    authority on a team); possible (of each team with every authority that is no host of it); share (0 to 1, NaN without
    teams); crossing (links between collaboratives).
    """
    import pandas as pd

    rows = []
    for place, name in enumerate(teams.attrs["periods"], start=1):
        until = teams[teams["period"].isin(teams.attrs["periods"][:place])]
        sent = until[until["kind"] == AUTHORITY]
        possible = int(until.drop_duplicates("engagement")["possible"].sum())
        rows.append(
            {
                "period": name,
                "teams": until["engagement"].nunique(),
                "authorities": sent["organisation"].nunique(),
                "officers": int(sent["officers"].sum()),
                "links": len(sent),
                "possible": possible,
                "share": len(sent) / possible if possible else float("nan"),
                "crossing": int(sent["crosses"].sum()),
            }
        )
    return pd.DataFrame(rows)


def _own(teams: "pd.DataFrame", register: Register) -> "pd.Series[bool]":
    """Which rows are officers of a host on its own team."""
    import pandas as pd

    hosts = {entry.engagement: entry.hosts for entry in register.entries}
    own = [code in hosts[name] for code, name in zip(teams["gss_code"], teams["engagement"], strict=True)]
    return pd.Series(own, index=teams.index, dtype=bool)
