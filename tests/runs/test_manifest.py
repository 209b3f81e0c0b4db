"""The manifest tells an output from a folder, and a whole output from a damaged one."""

import hashlib
import importlib.metadata
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from ci_eval.runs import manifest, provenance
from ci_eval.runs.provenance import Basis, basis_of, source_sha256
from ci_eval.settings.declared_files import deciding_inputs, impact_inputs, sha256
from ci_eval.settings.evaluation import load

EMPTY = Basis("tiny", "0" * 64, {"period": "2021-22"}, {}, {"survey.csv": "1"}, {}, {"pandas": "3.0"}, {})


@pytest.fixture
def output(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "report.html").write_text("a page", encoding="utf-8")
    (tmp_path / "figures" / "a.svg").write_text("a figure", encoding="utf-8")
    manifest.write(tmp_path, EMPTY, file="", period="2021-22", git={}, times={})
    return tmp_path


def checks(folder):
    return [(problem.check, problem.stops) for problem in manifest.verify(folder)]


def test_an_output_as_its_run_wrote_it_has_no_problem(output):
    assert manifest.verify(output) == ()
    listed = json.loads((output / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert listed == {name: sha256(output / name) for name in ("figures/a.svg", "report.html")}


def test_a_changed_file_and_a_missing_file_stop(output):
    (output / "report.html").write_text("a pagE", encoding="utf-8")
    (output / "figures" / "a.svg").unlink()
    assert checks(output) == [("output-changed", True), ("output-changed", True)]
    said = {problem.message for problem in manifest.verify(output)}
    assert said == {"report.html has changed since the run.", "figures/a.svg is missing."}


def test_an_added_file_is_noted(output):
    (output / ".~lock.tables.xlsx#").write_text("somebody is reading", encoding="utf-8")
    assert checks(output) == [("output-added", False)]


@pytest.mark.parametrize("content", [None, "{", "[]", '{"format": 0}', "\ud800"])
def test_a_folder_without_a_manifest_that_can_be_read_is_no_output(output, content):
    file = output / "manifest.json"
    file.unlink()
    if content is not None:
        file.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert manifest.read(output) is None
    assert checks(output) == [("manifest-missing", True)]


def test_what_has_changed_is_named(tmp_path):
    other = Basis("tiny", "1" * 64, {"period": "2021-22"}, {}, {"survey.csv": "2", "b.csv": "3"}, {}, {}, {})
    assert other.changed(EMPTY.as_dict()) == ["the notebook", "b.csv", "survey.csv", "library versions"]
    assert EMPTY.changed(EMPTY.as_dict()) == []
    assert EMPTY.fingerprint == Basis(**EMPTY.as_dict()).fingerprint
    assert EMPTY.fingerprint != other.fingerprint


def test_the_basis_is_the_same_wherever_the_workbook_stands(workbook):
    def here(folder):
        settings = load(folder / "data" / "evaluation.toml")
        return basis_of(settings, "2021-22", "tiny", b"{}", {})

    before = here(workbook)
    moved = workbook.rename(workbook.with_name("elsewhere"))
    assert here(moved) == before
    assert str(workbook.parent) not in json.dumps(before.as_dict())


def test_a_file_outside_the_settings_folder_is_named_without_the_folders_above(workbook, tmp_path):
    own = tmp_path / "own"
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "survey.csv").write_text(folder, encoding="utf-8")
    own.mkdir()
    (own / "evaluation.toml").write_text(
        f"programme = '{workbook / 'data' / 'programme'}'\n"
        + "".join(
            f"[periods.{name}]\nstarts = {year}-01-01\nends = {year}-12-31\nsurvey.file = '../{folder}/survey.csv'\n"
            for name, year, folder in (("a", 2021, "one"), ("b", 2022, "two"))
        ),
        encoding="utf-8",
    )
    found = basis_of(load(own / "evaluation.toml"), "b", "tiny", b"{}", {})
    assert list(found.inputs) == ["programme/facts.csv", "survey.csv", "survey.csv (2)"]
    assert found.inputs["survey.csv"] == hashlib.sha256(b"one").hexdigest()
    assert found.inputs["survey.csv (2)"] == hashlib.sha256(b"two").hexdigest()
    assert not any(name in json.dumps(found.as_dict()) for name in (tmp_path.name, workbook.name, ".."))


def test_outcomes_files_of_one_name_all_decide(workbook, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    tables = ""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "levels.csv").write_text(folder, encoding="utf-8")
        tables += f"[impact.outcomes.{folder}]\nfile = '../{folder}/levels.csv'\nkind = 'plain'\n"
    (own / "plan.toml").write_text("", encoding="utf-8")
    (own / "evaluation.toml").write_text(
        f"programme = '{workbook / 'data' / 'programme'}'\n[periods.a]\nstarts = 2021-01-01\nends = 2021-12-31\n"
        f"[impact]\nplan = 'plan.toml'\n{tables}",
        encoding="utf-8",
    )
    settings = load(own / "evaluation.toml")
    found = deciding_inputs(settings)
    assert list(found) == ["levels.csv", "levels.csv (2)"]
    assert found.items() <= impact_inputs(settings).items()


def test_files_left_behind_by_a_spreadsheet_program_are_no_inputs(workbook):
    (workbook / "data" / "programme" / "~$facts.csv").write_text("x", encoding="utf-8")
    (workbook / "data" / "programme" / ".DS_Store").write_text("x", encoding="utf-8")
    settings = load(workbook / "data" / "evaluation.toml")
    assert basis_of(settings, "2021-22", "tiny", b"{}", {}).inputs.keys() == {"programme/facts.csv"}


def test_the_source_checksum_covers_every_file_of_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr("ci_eval.runs.provenance._PACKAGE", tmp_path)
    seen = {source_sha256()}
    for change in ("module.py", "template/report.html.j2", "style.css"):
        (tmp_path / change).parent.mkdir(exist_ok=True)
        (tmp_path / change).write_text("text", encoding="utf-8")
        seen.add(source_sha256())
    (tmp_path / "style.css").rename(tmp_path / "other.css")
    seen.add(source_sha256())
    assert len(seen) == 5
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "module.pyc").write_text("text", encoding="utf-8")
    assert source_sha256() in seen


def test_versions_are_those_installed_and_a_missing_library_is_no_error(workbook, monkeypatch):
    settings = load(workbook / "data" / "evaluation.toml")

    asked = (
        "packaging>=24",
        "nowhere-to-be-found>=1",
        'pytest>=9; extra == "test"',
        'old; python_version < "3"',
        "six (>=1.5) ; extra == 'a' or python_version > \"3\"",
    )
    own = "\n".join(["Version: 9", *(f"Requires-Dist: {line}" for line in asked), "", "Requires-Dist: prose"])
    installed = importlib.metadata.Distribution.from_name

    def described(name):
        return SimpleNamespace(read_text=lambda file: own) if name == "ci-eval" else installed(name)

    monkeypatch.setattr("importlib.metadata.distribution", described)
    found = basis_of(settings, "2021-22", "tiny", b"{}", {}).versions
    assert found.keys() == {"python", "packaging", "nowhere-to-be-found", "six"}
    assert found["packaging"] == importlib.metadata.version("packaging")
    assert found["nowhere-to-be-found"] == "not installed"


def test_a_change_of_any_library_below_makes_an_output_out_of_date(workbook, monkeypatch):
    settings = load(workbook / "data" / "evaluation.toml")
    basis = basis_of(settings, "2021-22", "tiny", b"{}", {})
    assert {"jinja2", "nbclient", "pillow", "ipykernel", "numpy"} <= basis.versions.keys()
    for name in basis.versions:
        others = {library: version for library, version in basis.versions.items() if library != name}
        assert replace(basis, versions=others).fingerprint != basis.fingerprint
        assert replace(basis, versions=others).changed(basis.as_dict()) == ["library versions"]


def test_what_pip_left_in_a_checkout_names_its_libraries_too(tmp_path, monkeypatch):
    """Else an output made there would not know what it depends on."""
    left = tmp_path / "left.egg-info"
    left.mkdir()
    (left / "PKG-INFO").write_text("Name: left\nVersion: 3\nRequires-Dist: numpy>=2\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert provenance._described("left") == ("3", ["numpy"])


def test_a_change_of_the_smallest_group_makes_an_output_out_of_date(workbook):
    settings = load(workbook / "data" / "evaluation.toml")
    before = basis_of(settings, "2021-22", "tiny", b"{}", {})
    after = basis_of(replace(settings, smallest_group=9), "2021-22", "tiny", b"{}", {})
    assert after.changed(before.as_dict()) == ["settings"]


def test_without_git_the_commit_is_not_known(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert manifest.commit(tmp_path) == {"commit": None, "uncommitted_changes": None}
