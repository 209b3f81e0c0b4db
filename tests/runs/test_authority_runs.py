"""A notebook run for several keys: a folder, a lock and a state for each."""

import json

import nbformat
import pytest
from tiny_workbook import PARAMETERS

from ci_eval import cli
from ci_eval.runs.notebook_run import run
from ci_eval.runs.output_folder import Place
from ci_eval.runs.outputs import status
from ci_eval.runs.planning import plan
from ci_eval.settings.evaluation import load


@pytest.fixture
def keyed(workbook, write_notebook):
    """A tiny notebook that is run by authority."""
    file = write_notebook(["say(local_authority)"], parameters=f'{PARAMETERS}\nlocal_authority: str = "Fife"')
    notebook = nbformat.read(file, as_version=4)
    notebook.metadata["ci_eval"] = {"keyed_by": ["local_authority"], "notebook": "tiny"}
    nbformat.write(notebook, file)
    return workbook


def test_each_authority_has_a_folder_and_a_lock_of_its_own(keyed):
    places = [
        plan(load(), "2021-22", "tiny", parameters={"local_authority": name}).place
        for name in ("Fife", "Na h-Eileanan Siar")
    ]
    assert [place.destination.relative_to(keyed).as_posix() for place in places] == [
        "outputs/drafts/2021-22/tiny/fife",
        "outputs/drafts/2021-22/tiny/na-h-eileanan-siar",
    ]
    assert places[0].lock != places[1].lock
    assert places[0].failures != places[1].failures
    assert Place(keyed, "2021-22", "tiny").destination == keyed / "drafts" / "2021-22" / "tiny"


def test_the_notebooks_own_authority_names_the_folder_where_none_is_given(keyed):
    assert plan(load(), "2021-22", "tiny").place.key == "fife"


def test_outputs_of_other_authorities_have_a_state_too(keyed):
    folder = run("2021-22", "tiny", parameters={"local_authority": "Angus"}, say=lambda line: None)
    assert folder.name == "angus"
    states = {row.notebook: row.state for row in status() if row.period == "2021-22"}
    assert states == {"tiny/fife": "not made", "tiny/angus": "up to date"}
    basis = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["basis"]
    assert basis["parameters"]["local_authority"] == "Angus"


def test_a_misspelt_authority_or_focus_starts_no_run(tmp_path):
    asked = ["run", "--period=2022-23", "--notebook=what_we_know", f"--output={tmp_path}"]
    for wrong in ("--local-authority=Fief", "--focus=literacie"):
        assert cli.main([*asked, wrong]) == 3
    assert list(tmp_path.iterdir()) == []
