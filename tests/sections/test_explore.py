"""Exploring: people chosen by hand are counted as the report counts all, exactly, and nothing of it is recorded."""

from types import ModuleType, SimpleNamespace

import pytest
import traitlets

from ci_eval.agreement import interval
from ci_eval.evidence import Evidence, open_explore
from ci_eval.inputs.problems import InputError
from ci_eval.report import Book
from ci_eval.report.book import UNATTENDED
from ci_eval.sections.explore import filter_panel, filters
from ci_eval.sections.interim import what_they_said


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return open_explore("2022-23")[0]


def test_everybody_chosen_has_the_shares_of_the_report(evidence: Evidence) -> None:
    everybody, report = evidence.statements_of(evidence.responses), evidence.statements()
    for column in ("agreeing", "answered", "share", "word", "consensus"):
        assert everybody[column].tolist() == report[column].tolist(), column


def test_people_chosen_are_counted_from_their_rows(evidence: Evidence) -> None:
    rows = evidence.responses[evidence.responses["mode"] == "Online"]
    row = evidence.statements_of(rows).loc["s04"]
    agree = rows["s04"].isin(evidence.questionnaire.agree).sum()
    answered = rows["s04"].isin(evidence.questionnaire.scale).sum()
    assert (row["agreeing"], row["answered"]) == (agree, answered)
    # how many people of this kind were asked is not known: the interval is Wilson's
    assert (row["low"], row["high"]) == pytest.approx(interval(int(agree), int(answered)))


def test_what_is_chosen_is_exact(evidence: Evidence) -> None:
    assert evidence.statements_of(evidence.responses).exact is True
    assert evidence.statements().exact is False


def test_rows_of_another_frame_are_refused(evidence: Evidence) -> None:
    rows = evidence.responses.set_index(evidence.responses.index + 10_000)
    with pytest.raises(ValueError, match="are not rows of"):
        evidence.statements_of(rows)


def test_a_chart_of_people_chosen_is_not_recorded(evidence: Evidence, tmp_path) -> None:
    book = Book("Explored", period="2022-23", folder=tmp_path / "out")
    with pytest.raises(InputError, match="This frame is exact"):
        book.show(what_they_said.chart(evidence.statements_of(evidence.responses)))


def test_where_nobody_sits_a_line_says_how_to_get_the_filters(evidence: Evidence, monkeypatch) -> None:
    monkeypatch.setenv(UNATTENDED, "1")
    assert filters(evidence) == filter_panel.NOT_ATTENDED


class Widget(traitlets.HasTraits):
    """What the panel needs of a widget of ipywidgets."""

    value = traitlets.Any()

    def __init__(self, *children, options=None, **_) -> None:
        pairs = options.items() if isinstance(options, dict) else options or []
        self.options = list(pairs)
        super().__init__(value=self.options[0][1] if self.options else "")
        self.children = children[0] if children else ()


@pytest.fixture
def panel(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> filter_panel.FilterPanel:
    module = ModuleType("ipywidgets")
    vars(module).update(vars(SimpleNamespace(Dropdown=Widget, HTML=Widget, VBox=Widget)))
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", module)
    return filter_panel.FilterPanel(evidence)


def test_the_panel_shows_the_people_chosen(panel: filter_panel.FilterPanel, evidence: Evidence) -> None:
    assert f"{len(evidence.responses)} of 118 respondents" in panel.page.value
    panel.choices["mode"].value = "Online"
    online = int((evidence.responses["mode"] == "Online").sum())
    assert f"{online} of 118 respondents" in panel.page.value
    assert "Exact, for the team" in panel.page.value
    assert 'alt="Stacked bars' in panel.page.value


def test_a_choice_of_nobody_shows_no_chart(panel: filter_panel.FilterPanel) -> None:
    panel.choices["organisation"].value = "no such organisation"
    assert "0 of 118 respondents" in panel.page.value
    assert "<img" not in panel.page.value


def test_the_order_is_that_of_the_report(panel: filter_panel.FilterPanel) -> None:
    before = panel.page.value
    panel.order.value = "share"
    assert panel.page.value != before
