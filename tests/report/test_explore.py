"""Exploring: n falls, small groups are masked, the order follows the choice, and the panel redraws."""

import sys
from dataclasses import replace
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import traitlets

from ci_eval.agreement import interval
from ci_eval.evidence.choices import open_explore
from ci_eval.evidence.group_frames import shares_by
from ci_eval.evidence.statement_frames import agreement_by_statement
from ci_eval.report import Book, Figure, Sentence, Table, book
from ci_eval.report.book import UNATTENDED, attended
from ci_eval.sections import explore
from ci_eval.sections.explore import Choice, Exploration, view
from ci_eval.sections.explore.filters import Panel, html


@pytest.fixture(scope="module")
def exploration() -> Exploration:
    return open_explore("2022-23")[0]


def keyed(pieces: list) -> dict[str, Sentence | Table | Figure]:
    return {piece.key: piece for piece in pieces}


def test_everybody_is_what_the_report_says(exploration: Exploration) -> None:
    pieces = keyed(explore.everybody(exploration))
    table, report = pieces["explore-table"].frame, agreement_by_statement(exploration.evidence.survey)
    for column in ("answered", "share", "low", "high", "hedged_word", "sureness", "consensus"):
        assert table[column].tolist() == report[column].tolist(), column
    assert pieces["explore-people"].text == "All 118 respondents of 2022-23."
    assert "does not record which engagement" in pieces["explore-engagement"].text


@pytest.mark.parametrize("column", ["organisation", "role", "mode"])
def test_a_group_chosen_by_itself_is_that_of_the_report(exploration: Exploration, column: str) -> None:
    shown, _ = shares_by(exploration.evidence.survey, column, 5)
    assert set(exploration.groups("2022-23", column)) <= set(shown["group"])
    for group in exploration.groups("2022-23", column):
        found = exploration.results(Choice("2022-23", **{column: group})).set_index("statement")
        own = shown[shown["group"] == group].set_index("statement").reindex(found.index)
        assert found["answered"].tolist() == pytest.approx(own["answered"].tolist(), nan_ok=True)
        assert found["share"].tolist() == pytest.approx(own["share"].tolist(), nan_ok=True)


def test_who_typed_not_stated_is_no_group_and_moves_no_other(exploration: Exploration) -> None:
    survey = exploration.evidence.survey
    # sorted, it would stand between the roles
    renamed = {"Headteacher": "not stated", "Data officer": "volunteer"}
    frame = survey.frame.assign(role=survey.frame["role"].astype(object).replace(renamed))
    typed = replace(survey, responses=replace(survey.responses, frame=frame))
    other = Exploration(replace(exploration.evidence, survey=typed))
    expected = {renamed.get(role, role) for role in exploration.groups("2022-23", "role")} - {"not stated"}
    assert set(other.groups("2022-23", "role")) == expected
    for role in expected:
        assert other.respondents(Choice("2022-23", role=role)) == (frame["role"] == role).sum(), role


def test_the_more_is_chosen_the_fewer_are_left(exploration: Exploration) -> None:
    choices = [
        Choice("2022-23"),
        Choice("2022-23", organisation="Local authority"),
        Choice("2022-23", organisation="Local authority", mode="In person"),
    ]
    people = [exploration.respondents(choice) for choice in choices]
    assert people == [118, 75, 25]
    frame = exploration.evidence.survey.frame
    both = (frame["organisation"] == "Local authority") & (frame["mode"] == "In person")
    assert people[2] == both.sum()
    answered = exploration.results(choices[2])["answered"]
    scale = exploration.evidence.questionnaire.scale
    assert answered["s02"] == frame.loc[both, "s02"].isin(scale).sum()


def test_names_of_small_groups_are_not_offered(exploration: Exploration) -> None:
    assert exploration.groups("2022-23", "organisation") == ["Education Scotland", "Local authority"]
    assert "Lecturer" not in exploration.groups("2022-23", "role")


def test_a_choice_of_few_is_not_shown_and_tells_no_number(exploration: Exploration) -> None:
    frame = exploration.evidence.survey.frame
    few = Choice("2022-23", organisation="Local authority", role="Headteacher", mode="Online")
    chosen = (
        (frame["organisation"] == few.organisation)
        & (frame["role"] == few.role)
        & (frame["mode"] == few.mode)
    )
    assert 0 < chosen.sum() < 5
    (said,) = view(exploration, few)
    assert said.level == "warning"
    assert said.numbers["people"] is None
    assert "fewer than 5 people" in said.text


def test_a_choice_hidden_is_hidden_in_its_results_too(exploration: Exploration) -> None:
    few = Choice("2022-23", organisation="ADES")
    assert exploration.respondents(few) is None
    found = exploration.results(few)
    assert found["masked"].all()
    assert (
        found[["answered", "agreeing", "share", "low", "high", "sureness", "consensus"]].isna().all(axis=None)
    )


def test_a_statement_few_answered_is_masked_within_a_choice_that_is_shown(exploration: Exploration) -> None:
    evidence = exploration.evidence
    responses = evidence.survey.responses
    person = responses.frame["mode"] == "In person"
    keep = ~person | (person.cumsum() <= 4)
    frame = responses.frame.assign(s01=responses.frame["s01"].where(keep))
    survey = replace(evidence.survey, responses=replace(responses, frame=frame))
    altered = Exploration(replace(evidence, survey=survey))
    found = altered.results(Choice("2022-23", mode="In person"))
    assert found.loc["s01", "masked"]
    assert not found.loc["s02", "masked"]
    said = keyed(view(altered, Choice("2022-23", mode="In person")))
    assert "One statement is not shown" in said["explore-people"].text
    assert "The area of focus" not in said["explore-statements"].alt
    assert "One statement not shown." in said["explore-statements"].alt


@pytest.mark.parametrize("sort", ["share", "sureness", "consensus"])
def test_the_order_follows_what_is_asked_for(exploration: Exploration, sort: str) -> None:
    pieces = keyed(view(exploration, Choice("2022-23"), sort))
    assert pieces["explore-table"].frame[sort].is_monotonic_decreasing
    assert list(pieces["explore-statements"].frame["statement"]) == list(
        pieces["explore-table"].frame["statement"]
    )
    assert "the most first" in pieces["explore-statements"].alt


def test_an_earlier_period_has_its_own_groups(exploration: Exploration) -> None:
    assert list(exploration.surveys) == ["2022-23", "2021-22"]
    assert "ADES" in exploration.groups("2021-22", "organisation")
    assert exploration.respondents(Choice("2021-22", organisation="ADES")) == 11


def test_the_interval_is_exact_where_the_number_asked_is_known(exploration: Exploration) -> None:
    for choice, asked in (
        (Choice("2022-23", organisation="Education Scotland"), 41),
        (Choice("2022-23", organisation="Local authority", mode="In person"), None),
    ):
        found = exploration.results(choice)
        low, high = interval(found["agreeing"], found["answered"], asked)
        assert found["low"].tolist() == low.tolist()
        assert found["high"].tolist() == high.tolist()


@pytest.mark.parametrize(
    ("choice", "sort"),
    [(Choice("1999-00"), ""), (Choice("2022-23", mode="By post"), ""), (Choice("2022-23"), "colour")],
)
def test_what_does_not_exist_is_refused(exploration: Exploration, choice: Choice, sort: str) -> None:
    with pytest.raises(LookupError, match="there is no"):
        view(exploration, choice, sort)


def test_without_a_survey_the_way_to_supply_one_is_said(exploration: Exploration) -> None:
    evidence = exploration.evidence
    bare = Exploration(replace(evidence, survey=replace(evidence.survey, responses=None)))
    (said,) = explore.everybody(bare)
    assert said.level == "missing"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list:
    found: list = []
    monkeypatch.setenv("JPY_SESSION_NAME", "/somewhere/explore_survey.ipynb")
    monkeypatch.setattr(book, "_display", lambda bundle, metadata: found.append(bundle))
    return found


def test_nobody_at_the_notebook_and_no_widgets_are_told_the_same(
    exploration: Exploration, shown: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)  # as if it were not installed
    explore.panel(Book("t"), exploration)
    monkeypatch.setitem(sys.modules, "ipywidgets", ModuleType("ipywidgets"))
    monkeypatch.setenv(UNATTENDED, "1")
    explore.panel(Book("t"), exploration)
    assert len(shown) == 2
    assert "make lab" in shown[0]["text/plain"]
    assert shown[0] == shown[1]


def test_a_run_says_that_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(UNATTENDED, raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert not attended()
    monkeypatch.setenv("JPY_SESSION_NAME", "/somewhere/explore_survey.ipynb")
    assert attended()
    monkeypatch.setenv(UNATTENDED, "1")
    assert not attended()


class Widget(traitlets.HasTraits):
    """Stands in for a widget: its value can be observed, and the rest is kept as given."""

    value = traitlets.Any("")

    def __init__(self, **given: object) -> None:
        options = given.pop("options", [])
        super().__init__()
        self.options, self.given, self.layout = options, given, SimpleNamespace(display="")
        self.value = options[0] if options else ""
        if isinstance(self.value, tuple):
            self.value = self.value[1]


@pytest.fixture
def panel(exploration: Exploration, monkeypatch: pytest.MonkeyPatch) -> Panel:
    module = ModuleType("ipywidgets")
    for name in ("Dropdown", "HTML", "Textarea"):
        setattr(module, name, Widget)
    module.VBox = lambda children: SimpleNamespace(children=children)
    monkeypatch.setitem(sys.modules, "ipywidgets", module)
    return Panel(exploration, invented=True)


def test_the_panel_begins_with_everybody_of_the_latest_period(panel: Panel) -> None:
    assert panel.choice == Choice("2022-23")
    assert "All 118 respondents of 2022-23." in panel.page.value
    assert panel.alt.value.startswith("A dot with its 95% interval")


def test_a_change_redraws_number_picture_table_and_text(panel: Panel) -> None:
    before = panel.page.value, panel.alt.value
    panel.filters["mode"].value = "In person"
    assert "47 of 118 respondents of 2022-23, In person." in panel.page.value
    assert panel.page.value != before[0]
    assert panel.alt.value != before[1]
    panel.sort.value = "share"
    assert "sorted by share" in panel.alt.value


def test_another_period_offers_its_groups_and_keeps_a_choice_it_has(panel: Panel) -> None:
    panel.filters["mode"].value = "Online"
    panel.period.value = "2021-22"
    assert ("ADES", "ADES") in panel.filters["organisation"].options
    assert panel.choice == Choice("2021-22", mode="Online")
    panel.filters["organisation"].value = "ADES"
    panel.period.value = "2022-23"
    assert panel.choice == Choice("2022-23", mode="Online")
    assert "of 118 respondents" in panel.page.value


def test_a_masked_choice_leaves_neither_picture_nor_text(panel: Panel) -> None:
    panel.filters["organisation"].value = "Local authority"
    panel.filters["role"].value = "Headteacher"
    panel.filters["mode"].value = "In person"
    assert "This choice is not shown" in panel.page.value
    assert "<img" not in panel.page.value
    assert panel.alt.value == ""
    assert panel.alt.layout.display == "none"
    panel.filters["role"].value = ""
    assert "<img" in panel.page.value
    assert panel.alt.layout.display == "flex"


def test_the_picture_carries_its_text_and_what_people_typed_is_text(exploration: Exploration) -> None:
    pieces = keyed(view(exploration, Choice("2022-23")))
    chart = replace(pieces["explore-statements"], alt='x" onerror="alert(1)', note="<script>")
    written = html(chart)
    assert 'alt="x&quot; onerror=&quot;alert(1)"' in written
    assert "<script>" not in written
    assert 'download="explore-statements.png"' in written


def test_places_of_a_cube_add_up(exploration: Exploration) -> None:
    cube = exploration.cube("2022-23")
    assert cube.respondents[0, 0, 0] == 118 == cube.respondents[1:, 1:, 1:].sum()
    assert np.array_equal(cube.on_scale[:, 0, 0, 0], exploration.evidence.survey.counts.on_scale[:, 0])
