"""Who served on whose team (docs/methods.md C6a): by hand on a table small enough to count."""

from datetime import date

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import load_register, load_teams, network, officers_sent, served

PERIODS = {"2021-22": date(2022, 6, 30), "2022-23": date(2023, 6, 30)}
# Fife and South Ayrshire served on each other's team; Fife and Inverclyde are hosts, Moray and Angus are not.
TEAMS = """engagement,organisation,officers
fife,Fife Council,4
fife,South Ayrshire,2
fife,Angus,1
fife,education scotland,5
south-ayrshire,Fife,1
south-ayrshire,East Ayrshire,3
inverclyde,Fife,0
western-isles-orkney-shetland,Orkney,2
western-isles-orkney-shetland,Moray,1
scottish-borders,Fife,1
highland,Moray,1
"""


@pytest.fixture(scope="module")
def register():
    return load_register()


def read(tmp_path, register, text=TEAMS):
    file = tmp_path / "teams.csv"
    file.write_text(text, encoding="utf-8")
    return load_teams(file, register)


def test_links_are_authorities_on_teams_of_others_that_took_place(register, tmp_path):
    frame = served(read(tmp_path, register), register, PERIODS)
    links = frame[frame["kind"] == network.AUTHORITY].set_index(["organisation", "engagement"])
    assert sorted(links.index) == [
        ("Angus", "fife"), ("East Ayrshire", "south-ayrshire"), ("Fife", "scottish-borders"), ("Fife", "south-ayrshire"),
        ("Moray", "western-isles-orkney-shetland"), ("South Ayrshire", "fife"),
    ]  # fmt: skip
    assert links["crosses"].to_dict() == {
        ("Angus", "fife"): True, ("East Ayrshire", "south-ayrshire"): False, ("Fife", "scottish-borders"): False,
        ("Fife", "south-ayrshire"): True, ("Moray", "western-isles-orkney-shetland"): False,
        ("South Ayrshire", "fife"): True,
    }  # fmt: skip
    assert links["returned"].value_counts().to_dict() == {"": 3, "yes": 2, "no": 1}
    assert links.loc[("Fife", "scottish-borders"), "returned"] == "no"
    assert set(frame.loc[frame["kind"] == network.HOST, "organisation"]) == {"Fife", "Orkney Islands"}
    # highland is not known to have taken place; a team of nobody is no team
    assert (frame.attrs["engagements"], frame.attrs["recorded"], frame.attrs["unconfirmed"]) == (10, 4, 1)


def test_growth_counts_what_each_period_knew(register, tmp_path):
    frame = served(read(tmp_path, register), register, PERIODS)
    first, second = network.growth(frame).to_dict("records")
    # possible: 31 + 31 for one host each, 29 for the three islands; then 31 more
    assert (first["teams"], first["authorities"], first["links"], first["possible"]) == (3, 5, 5, 91)
    assert (second["teams"], second["authorities"], second["links"], second["possible"]) == (4, 5, 6, 122)
    assert second["share"] == pytest.approx(6 / 122)
    assert (first["officers"], second["officers"], second["crossing"]) == (8, 9, 3)
    only = served(read(tmp_path, register), register, {"2021-22": PERIODS["2021-22"]})
    assert network.growth(only).to_dict("records") == [first]
    assert only.attrs["unconfirmed"] == 0  # what lies ahead is not unconfirmed


def test_spillover_takes_officers_of_others_and_no_host_of_its_own_team(register, tmp_path):
    sent = officers_sent(read(tmp_path, register), register)
    assert sent[sent["engagement"] == "fife"]["officers"].tolist() == [2, 1]
    assert sent["gss_code"].tolist().count("S12000023") == 0
    assert "highland" in set(sent["engagement"])  # when a link counts follows from the exposure of the host


@pytest.mark.parametrize(
    ("row", "column", "check"),
    [
        ("nowhere,Angus,1", "engagement", "engagement-unknown"),
        ("fife,Morag MacInvented,1", "organisation", "organisation-unknown"),
        ("fife,Lanarkshire,1", "organisation", "organisation-unknown"),
        ("fife,Local authority,1", "organisation", "organisation-unknown"),
        ("fife,Council,1", "organisation", "organisation-unknown"),
        ("fife,Angus,Morag MacInvented; Calum Invented", "officers", "officers"),
        ("fife,Angus,-1", "officers", "officers"),
        ("fife,Angus,1.5", "officers", "officers"),
        ("fife,Angus,1000", "officers", "officers"),
        ("fife,Angus,1\nfife,Angus Council,2", "organisation", "row-twice"),
    ],
)
def test_what_cannot_be_placed_is_refused_and_never_repeated(register, tmp_path, row, column, check):
    with pytest.raises(InputError) as error:
        read(tmp_path, register, f"engagement,organisation,officers\n{row}\n")
    (problem,) = error.value.problems
    assert problem.check == check
    assert f'column "{column}"' in problem.where
    assert "Morag" not in str(error.value)


@pytest.mark.parametrize("column", ["name", "Officer", "officer names", "e-mail", "role"])
def test_a_column_that_may_name_persons_is_refused(register, tmp_path, column):
    with pytest.raises(InputError, match="is not known") as error:
        read(
            tmp_path, register, f"engagement,organisation,officers,{column}\nfife,Angus,1,Morag MacInvented\n"
        )
    assert "Morag" not in str(error.value)


def test_a_misspelt_organisation_is_told_its_nearest(register, tmp_path):
    with pytest.raises(InputError, match="Aberdeenshire"):
        read(tmp_path, register, "engagement,organisation,officers\nfife,Aberdeenshir,1\n")
