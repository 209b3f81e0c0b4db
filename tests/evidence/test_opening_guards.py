"""What a notebook was given is checked before anything is read."""

import pytest

from ci_eval.evidence import open_interim, opening
from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.inputs.problems import InputError

DECLARED = 'period: str = "2021-22"\nsettings: str = ""\noutput: str = ""\nlevel: float = 0.95'


@pytest.mark.parametrize("period", [2022 - 23, 2022.5, None])
def test_a_period_that_is_no_text_is_refused_with_what_came(period) -> None:
    with pytest.raises(InputError, match=rf"period (came as the number|is) {period}") as error:
        open_interim(period)
    assert 'quotation marks: "2022-23"' in str(error.value)


def run_cells(monkeypatch: pytest.MonkeyPatch, *sources: str) -> None:
    monkeypatch.setattr(opening, "cells_run", lambda: list(sources))


def test_an_injected_name_that_nobody_declares_is_refused_with_the_nearest(monkeypatch) -> None:
    run_cells(monkeypatch, DECLARED, "# Parameters\nperid = '2022-23'", "open_interim(period)")
    with pytest.raises(InputError, match=r"does not declare: perid\.[\s\S]*Did you mean period\?"):
        opening.checked_settings("2021-22")


def test_names_of_the_parameters_cell_may_be_injected(monkeypatch) -> None:
    run_cells(monkeypatch, DECLARED, "# Parameters\nperiod = '2022-23'\nlevel = 0.9", "later = 1")
    assert opening.checked_settings("2022-23").period("2022-23").name == "2022-23"


def test_a_notebook_in_git_is_not_opened_in_lab_over_real_data(monkeypatch, tmp_path, root) -> None:
    settings = tmp_path / "evaluation.toml"
    text = '[periods."2021-22"]\nstarts = 2021-06-01\nends = 2022-06-30\n'
    settings.write_text(f"programme = {str(root / 'data' / 'programme')!r}\n{text}", encoding="utf-8")
    tracked = root / "notebooks" / "interim_evaluation.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(tracked))
    with pytest.raises(InputError, match=r"Open its copy, work/interim_evaluation\.ipynb"):
        opening.checked_settings("2021-22", str(settings))
    monkeypatch.setenv("JPY_SESSION_NAME", str(root / "work" / "interim_evaluation.ipynb"))
    assert opening.checked_settings("2021-22", str(settings)).periods[0].name == "2021-22"
    monkeypatch.setenv("JPY_SESSION_NAME", str(tracked))
    assert opening.checked_settings("2021-22").periods  # the example's data are invented


def test_settings_are_named_from_the_folder_of_the_notebook_or_else_of_the_workbook(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ours = opening.checked_settings("2022-23", "data/evaluation.toml")
    assert ours.file == workbook_root() / "data" / "evaluation.toml"
    own = tmp_path / "data" / "evaluation.toml"
    own.parent.mkdir()
    own.write_text(
        '[periods."2030-31"]\nstarts = 2030-07-01\nends = 2031-06-30\ninvented = true\n', encoding="utf-8"
    )
    assert opening.checked_settings("2030-31", "data/evaluation.toml").file == own
    with pytest.raises(InputError, match=r"There is no file data/nowhere\.toml"):
        opening.checked_settings("2022-23", "data/nowhere.toml")
