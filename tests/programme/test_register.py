"""The register: its facts, and what can be known of a host on a day."""

import re
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import Register, load_register

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"
HEADINGS = (FACTS / "register.csv").read_text(encoding="utf-8").split("\n", 1)[0]
DAY = timedelta(days=1)

# Interim report (Education Scotland and ADES, January 2023), appendix and text.
BY_JUNE_2022 = {
    "South Ayrshire", "Fife", "Perth and Kinross", "Inverclyde", "Clackmannanshire", "Aberdeenshire",
    "East Renfrewshire", "Glasgow City", "Na h-Eileanan Siar", "Orkney Islands", "Shetland Islands",
}  # fmt: skip


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(FACTS)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "programme"))


def written(facts: Path, *rows: str) -> Register:
    (facts / "register.csv").write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    return load_register(facts)


def answers(register: Register, name: str, *days: date) -> list[str]:
    code = register.councils.find(name)
    return [register.hosted_by(code, day) for day in days]


def test_by_june_2022_eleven_were_hosts_and_all_others_were_not(register: Register) -> None:
    hosted = register.as_at(date(2022, 6, 30))
    yes = {register.councils.short_name(str(code)) for code in hosted.index[hosted == "yes"]}
    assert yes == BY_JUNE_2022
    assert (hosted == "no").sum() == 21


def test_before_the_end_of_the_period_no_host_of_it_can_be_told(register: Register) -> None:
    assert set(register.as_at(date(2022, 6, 29))) == {"no", "cannot be known"}
    assert set(register.as_at(date(2021, 5, 31))) == {"no"}


def test_the_other_sixteen_become_unknown_on_1_august_2022(register: Register) -> None:
    unknown = register.hosts.query("precision == 'plan'")
    assert len(unknown) == 16
    for name in unknown["council"]:
        days = (date(2022, 7, 31), date(2022, 8, 1), date(2024, 12, 31), date(2030, 1, 1))
        assert answers(register, name, *days) == ["no", *["cannot be known"] * 3]


@pytest.mark.parametrize(
    ("name", "first", "last", "when"),
    [
        ("South Lanarkshire", date(2022, 9, 1), date(2022, 10, 31), "September or October 2022"),
        ("Highland", date(2022, 10, 1), date(2022, 10, 31), "October 2022"),
        ("Midlothian", date(2022, 11, 1), date(2022, 11, 30), "November 2022"),
        ("Dundee", date(2023, 1, 1), date(2023, 1, 31), "January 2023"),
    ],
)
def test_a_planned_host_is_never_certain_until_somebody_confirms_it(
    register: Register, name: str, first: date, last: date, when: str
) -> None:
    days = (first - DAY, first, first + 14 * DAY, last, last + DAY, date(2030, 1, 1))
    assert answers(register, name, *days) == ["no", *["cannot be known"] * 5]
    (entry,) = register.of(register.councils.find(name))
    assert (entry.when, entry.status) == (when, "planned")


def test_a_month_is_certain_on_its_last_day(register: Register) -> None:
    days = (date(2022, 7, 31), date(2022, 8, 1), date(2022, 8, 30), date(2022, 8, 31))
    assert answers(register, "Scottish Borders", *days) == ["no", "cannot be known", "cannot be known", "yes"]


@pytest.mark.parametrize(
    ("earliest", "latest", "precision"),
    [
        ("2022-05-03", "2022-05-03", "day"),
        ("2022-05-01", "2022-05-31", "month"),
        ("2022-05-01", "2022-06-30", "months"),
        ("2022-05-15", "2022-06-15", "period"),
        ("2022-05-01", "2024-12-31", "plan"),
    ],
)
@pytest.mark.parametrize("status", ["took place", "planned", "not known"])
def test_answers_change_on_the_bounds_and_not_a_day_beside(
    facts: Path, earliest: str, latest: str, precision: str, status: str
) -> None:
    register = written(facts, f"e,Fife,{earliest},{latest},{precision},{status},,no,,,,invented,")
    first, last = date.fromisoformat(earliest), date.fromisoformat(latest)
    certain = "yes" if status == "took place" else "cannot be known"
    assert answers(register, "Fife", first - DAY, last, last + DAY) == ["no", certain, certain]
    if first < last:
        assert answers(register, "Fife", first, last - DAY) == ["cannot be known", "cannot be known"]


def test_one_engagement_of_several_makes_a_council_a_host(facts: Path) -> None:
    register = written(
        facts,
        "later,Fife,2023-01-01,2023-12-31,period,planned,,no,,,,invented,",
        "sooner,Fife;Moray,2022-05-03,2022-05-03,day,took place,Online,no,,,,invented,",
    )
    assert answers(register, "Fife", date(2022, 5, 2), date(2022, 5, 3)) == ["no", "yes"]
    assert answers(register, "Moray", date(2022, 5, 3)) == ["yes"]
    hosts = register.hosts.set_index("council")
    assert hosts.loc["Fife", "engagement"] == hosts.loc["Moray", "engagement"] == "sooner"


def test_one_engagement_that_may_have_begun_is_enough_for_doubt(facts: Path) -> None:
    register = written(
        facts,
        "later,Fife,2023-01-01,2023-12-31,period,planned,,no,,,,invented,",
        "sooner,Fife,2022-05-03,2022-05-03,day,planned,,no,,,,invented,",
    )
    assert answers(register, "Fife", date(2022, 5, 2), date(2022, 5, 3)) == ["no", "cannot be known"]


def test_a_council_the_register_does_not_mention_cannot_be_known(facts: Path) -> None:
    register = written(facts, "e,Fife,2022-05-03,2022-05-03,day,took place,,no,,,,invented,")
    assert answers(register, "Moray", date(2020, 1, 1)) == ["cannot be known"]
    row = register.hosts.set_index("council").loc["Moray"]
    assert (row["engagement"], row["earliest"], row["status"], row["pilot"]) == ("", None, "", False)


def test_a_code_that_is_no_current_one_is_refused(register: Register) -> None:
    with pytest.raises(InputError, match="S12000015"):  # Fife until 2018
        register.hosted_by("S12000015", date(2022, 6, 30))


def test_a_timestamp_is_as_good_as_a_day(register: Register) -> None:
    assert answers(register, "Fife", datetime(2022, 6, 30, 12)) == ["yes"]


def test_three_islands_share_one_online_engagement_known_by_the_period_only(register: Register) -> None:
    joint = [entry for entry in register.entries if len(entry.hosts) > 1]
    assert [register.names(entry) for entry in joint] == [
        "Na h-Eileanan Siar, Orkney Islands, Shetland Islands"
    ]
    assert (joint[0].mode, joint[0].precision) == ("Online", "period")
    assert "about May 2022" in joint[0].note


def test_the_register_claims_nothing_that_is_not_published(register: Register) -> None:
    engagements, hosts = register.engagements, register.hosts
    assert len(engagements) == 30
    assert len(hosts) == 32
    assert set(hosts.loc[hosts["pilot"], "council"]) == {"South Ayrshire", "Fife"}
    assert (hosts["mode"] == "Online").sum() == 3
    assert set(engagements["mode"]) == {"", "Online"}
    assert set(engagements["report_written"]) | set(engagements["report_published"]) == {""}
    assert set(engagements["focus"]) == {""}
    assert (engagements["source"] != "").all()
    assert dict(engagements["status"].value_counts()) == {"not known": 16, "took place": 10, "planned": 4}


def test_next_hosts_come_in_the_order_of_what_is_certain(register: Register) -> None:
    following = register.next_hosts(date(2022, 6, 30))
    assert list(following["councils"][:5]) == [
        "Scottish Borders", "South Lanarkshire", "Highland", "Midlothian", "Dundee City",
    ]  # fmt: skip
    assert len(following) == 21
    assert set(following["precision"][5:]) == {"plan"}


def test_the_years_of_the_plan_wait_for_nothing_once_the_host_has_a_date(facts: Path) -> None:
    plan = "falkirk,Falkirk,2022-08-01,2024-12-31,plan,not known,,no,,,,s,"
    own = "visit,Falkirk,2024-02-05,2024-02-05,day,took place,,no,,,,s,"
    for rows, number in (((plan,), 1), ((plan, own), 0)):
        register = written(facts, *rows)
        assert len(register.next_hosts(date(2024, 6, 30))) == number
        assert len(register.unconfirmed(date(2025, 1, 1))) == number


def test_an_engagement_is_next_until_its_latest_day_and_then_unconfirmed(register: Register) -> None:
    def listed(day: date) -> tuple[bool, bool]:
        return tuple(
            "highland" in set(f["engagement"]) for f in (register.next_hosts(day), register.unconfirmed(day))
        )

    assert listed(date(2022, 10, 30)) == (True, False)
    assert listed(date(2022, 10, 31)) == (False, True)
    assert "scottish-borders" not in set(register.unconfirmed(date(2023, 6, 30))["engagement"])
    assert register.unconfirmed(date(2022, 6, 30)).empty


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ("e,Ayrshire,2022-05-03,2022-05-03,day,planned,,no,,,,s,", "hosts", "Three councils share this name"),
        ("e,Fyfe,2022-05-03,2022-05-03,day,planned,,no,,,,s,", "hosts", "not the name of a council"),
        ("e,Fife;fife council,2022-05-03,2022-05-03,day,planned,,no,,,,s,", "hosts", "named twice"),
        ("e,;,2022-05-03,2022-05-03,day,planned,,no,,,,s,", "hosts", "No host"),
        ("e,Fife,03/05/2022,2022-05-03,day,planned,,no,,,,s,", "earliest", "not a day"),
        ("e,Fife,2022-02-01,2022-02-30,period,planned,,no,,,,s,", "latest", "not a day"),
        ("e,Fife,2022-05-03,2022-05-04,day,planned,,no,,,,s,", "precision", "same earliest and latest"),
        ("e,Fife,2022-05-03,2022-05-03,about,planned,,no,,,,s,", "precision", "closed list"),
        ("e,Fife,2022-05-03,2022-05-03,day,done,,no,,,,s,", "status", "closed list"),
        ("e,Fife,2022-05-03,2022-05-03,day,planned,online,no,,,,s,", "mode", "closed list"),
        ("e,Fife,2022-05-03,2022-05-03,day,planned,,TRUE,,,,s,", "pilot", "closed list"),
        ("e,Fife,2022-05-03,2022-05-03,day,planned,,no,,maybe,,s,", "report_written", "closed list"),
        ("e,Fife,2022-05-03,2022-05-03,day,planned,,no,,,,,", "source", "may not be blank"),
    ],
)
def test_a_row_in_doubt_is_refused_by_file_row_and_column(
    facts: Path, cells: str, column: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        written(facts, "sound,Moray,2022-05-03,2022-05-03,day,planned,,no,,,,s,", cells)
    assert message in str(caught.value)
    assert f'register.csv, row 3, column "{column}"' in str(caught.value)


def test_every_row_in_doubt_is_told_at_once(facts: Path) -> None:
    text = (facts / "register.csv").read_text(encoding="utf-8")
    (facts / "register.csv").write_text(re.sub("2022-10-31", "31/10/2022", text), encoding="utf-8")
    with pytest.raises(InputError, match="1 of 2"):
        load_register(facts)


def test_frames_are_the_callers_own(register: Register) -> None:
    hosts = register.hosts
    hosts["council"] = "changed"
    assert "changed" not in set(register.hosts["council"])
