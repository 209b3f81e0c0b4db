"""One set of packages, however installed: pyproject.toml, constraints.txt and environment.yml agree."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

GROUPS = ("run time", "cluster", "docs", "lab", "pupils", "spss", "test")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    with (root / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]


@pytest.fixture(scope="module")
def constraints(root: Path) -> list[Requirement]:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


@pytest.fixture(scope="module")
def pins(constraints: list[Requirement]) -> dict[str, str]:
    """Exact version by package, of the lines that hold on this interpreter and platform."""
    here = [pin for pin in constraints if pin.marker is None or pin.marker.evaluate()]
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in here}


@pytest.fixture(scope="module")
def environment(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))


def declared(project: dict[str, Any], group: str) -> list[Requirement]:
    lines = project["dependencies"] if group == "run time" else project["optional-dependencies"][group]
    return [Requirement(line) for line in lines]


def test_every_group_of_dependencies_is_known_here(project: dict[str, Any]) -> None:
    assert {"run time", *project["optional-dependencies"]} == set(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_every_dependency_is_pinned_to_a_version_it_allows(
    project: dict[str, Any], pins: dict[str, str], group: str
) -> None:
    requirements = declared(project, group)
    assert requirements
    unpinned = [r.name for r in requirements if canonicalize_name(r.name) not in pins]
    assert unpinned == [], "run `make constraints`"
    refused = [str(r) for r in requirements if not r.specifier.contains(pins[canonicalize_name(r.name)])]
    assert refused == [], "run `make constraints`"


def test_every_dependency_has_its_reason_written_down(root: Path, project: dict[str, Any]) -> None:
    page = (root / "docs" / "decisions" / "0003-dependencies.md").read_text(encoding="utf-8")
    first_cells = re.findall(r"^\| ([\w, .-]+?) \|", page, re.MULTILINE)
    explained = {canonicalize_name(name) for cell in first_cells for name in cell.split(", ")}
    names = {canonicalize_name(r.name) for group in GROUPS for r in declared(project, group)}
    assert names - explained == set()


def test_every_constraint_is_one_exact_version_and_holds_no_address(
    root: Path, constraints: list[Requirement]
) -> None:
    assert all(re.fullmatch(r"==[0-9A-Za-z.+!]+", str(pin.specifier)) for pin in constraints)
    text = (root / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--" not in text
    assert " @ " not in text
    lines = [(canonicalize_name(pin.name), str(pin.marker)) for pin in constraints]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("group", ["run", "test", "lab", "docs"])
def test_what_make_installs_has_checksums_and_the_same_versions(
    root: Path, project: dict[str, Any], constraints: list[Requirement], group: str
) -> None:
    text = (root / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    asked, *hashes = zip(
        *(entry.split("--hash=")[:2] for entry in text.replace("\\\n", "").splitlines()), strict=True
    )
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", first) for first in hashes[0])
    listed = {str(Requirement(line)) for line in asked}
    pinned = {(pin.name, str(pin.specifier)) for pin in constraints}
    assert {(one.name, str(one.specifier)) for one in map(Requirement, listed)} <= pinned
    wanted = declared(project, "run time") + (declared(project, group) if group != "run" else [])
    names = {canonicalize_name(Requirement(line).name) for line in listed}
    assert {canonicalize_name(one.name) for one in wanted} | {"setuptools"} <= names


def test_what_is_installed_is_what_is_pinned(pins: dict[str, str]) -> None:
    installed = {canonicalize_name(d.name): d.version for d in metadata.distributions()}
    different = {
        name: (installed[name], pin) for name, pin in pins.items() if installed.get(name, pin) != pin
    }
    assert different == {}, "installed and pinned versions differ: remove .venv and run make again"


def test_conda_asks_for_the_python_that_the_package_asks_for(
    project: dict[str, Any], environment: dict[str, Any]
) -> None:
    python = [line for line in environment["dependencies"] if str(line).startswith("python")]
    assert [SpecifierSet(str(line).removeprefix("python")) for line in python] == [
        SpecifierSet(project["requires-python"])
    ]


def test_conda_installs_the_project_with_every_extra_under_the_constraints(
    root: Path, project: dict[str, Any], environment: dict[str, Any]
) -> None:
    conda = [line for line in environment["dependencies"] if isinstance(line, str)]
    (pip,) = (line["pip"] for line in environment["dependencies"] if isinstance(line, dict))
    assert {re.split(r"[<>=]", line)[0] for line in conda} == {
        "python",
        "pip",
    }  # no second place for versions
    constraint, editable = (line.split(maxsplit=1) for line in pip)
    assert constraint == ["--constraint", "constraints.txt"]
    assert (root / constraint[1]).is_file()
    assert editable[0] == "--editable"
    extras = re.fullmatch(r"\.\[(.+)\]", editable[1])
    assert extras
    assert set(extras[1].split(",")) == set(project["optional-dependencies"])
    assert environment["name"] == project["name"]
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def reachable(requirements: list[Requirement]) -> set[str]:
    """The packages that these bring in, and theirs, as installed here."""
    found: set[str] = set()
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += [Requirement(line) for line in metadata.requires(name) or ()]
    return found


def imported(folder: Path) -> set[str]:
    """Top-level modules that the Python files below a folder import, wherever in the file."""
    modules: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), filename=str(file))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    return modules


@pytest.mark.parametrize("folder", ["ci_eval", "data/example"])
def test_nothing_is_imported_that_only_the_test_packages_bring(
    root: Path, project: dict[str, Any], folder: str
) -> None:
    groups = ("run time", "cluster", "pupils", "spss")
    available = reachable([requirement for group in groups for requirement in declared(project, group)])
    providers = metadata.packages_distributions()
    own = {"ci_eval", *(file.stem for file in (root / folder).glob("*.py"))}
    # what only JupyterLab brings is imported where it is, and done without where it is not
    lab = {requirement.name for requirement in declared(project, "lab")}
    modules = imported(root / folder) - set(sys.stdlib_module_names) - own - lab
    missing = {
        module
        for module in modules
        if not available & {canonicalize_name(name) for name in providers.get(module, [])}
    }
    assert missing == set()


# What pre-commit does with a hook that fails by the names of files, from git's own place for hooks.
HOOK = """#!{python}
import re, subprocess, sys, yaml
staged = subprocess.check_output(["git", "diff", "--cached", "--name-only"], text=True).splitlines()
hooks = yaml.safe_load(open(".pre-commit-config.yaml"))["repos"][0]["hooks"]
failing = [hook for hook in hooks if hook["language"] == "fail"]
sys.exit("\\n".join(one["entry"] for one in failing if any(re.search(one["files"], name) for name in staged)) or None)
"""


@pytest.mark.parametrize(
    "path", ["data/private/survey.xlsx", "outputs/drafts/results.json", "work/mine.ipynb"]
)
def test_a_commit_of_private_data_is_refused_although_it_is_forced(
    root: Path, tmp_path: Path, path: str
) -> None:
    def git(*words: str) -> subprocess.CompletedProcess[str]:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        return subprocess.run(
            ["git", *who, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    git("init", "--quiet")
    for name in (".gitignore", ".pre-commit-config.yaml"):
        shutil.copyfile(root / name, tmp_path / name)
    hook = tmp_path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK.format(python=sys.executable), encoding="utf-8")
    hook.chmod(0o700)
    for file in (path, f"tests/{path}"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("an answer", encoding="utf-8")

    assert git("add", path).returncode != 0, "git ignores it"
    git("add", "--force", path)
    refused = git("commit", "-m", "private")
    assert refused.returncode != 0
    assert "must not be committed" in refused.stderr
    assert git("rev-parse", "HEAD").returncode != 0, "nothing was committed"

    git("rm", "--cached", path)
    git("add", "--force", f"tests/{path}")
    assert git("commit", "-m", "ordinary").returncode == 0
    assert git("ls-files").stdout.split() == [f"tests/{path}"]
