"""What the documents, the workflows and the hooks tell people and machines to run is there, and is the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
WORKFLOWS = sorted((ROOT / ".github").rglob("*.yml"))
TOLD = [
    *("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "packaging/README.md", "pyproject.toml", "Makefile"),
    *(".ci/run", ".devcontainer/prepare.sh", ".pre-commit-config.yaml", ".github/PULL_REQUEST_TEMPLATE.md"),
    *(str(file.relative_to(ROOT)) for file in WORKFLOWS),
]
# A command ends where its quote, its line or its sentence ends, or where variables begin.
COMMAND = re.compile(
    r"\bmake((?: +-s)?(?: +[a-z][a-z-]*)+)(?=[`)\"'|;&]| *$| [A-Z]+=| #| && | [|][|] |\.$)", re.MULTILINE
)


def text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def named(file: str) -> Iterator[str]:
    """The targets that a file tells to make."""
    told = text(file)
    if file.endswith(".md"):
        told = "\n".join(part for code in re.findall(r"```\n(.*?)```|`(make [^`]*)`", told, re.DOTALL) for part in code)
    for command in COMMAND.findall(told):
        yield from (word for word in command.split() if word != "-s")


def words_after(start: str) -> list[str]:
    """What a line of the Makefile holds that begins so, and the lines that continue it."""
    (value,) = re.findall(rf"^{re.escape(start)} ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    return str(value).replace("\\\n", " ").split()


def recipe(target: str) -> str:
    (lines,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    return str(lines)


def parsed(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", TOLD)
def test_every_target_that_is_named_is_there(file: str) -> None:
    assert set(named(file)) <= TARGETS


def test_the_targets_are_found_where_they_are_named() -> None:
    """Or the test above would find nothing wrong for want of looking."""
    assert {"demo", "test"} <= set(named("README.md"))
    assert {"setup", "test", "test-fast", "lint", "hooks", "package"} <= set(named("CONTRIBUTING.md"))
    assert {"setup", "lint", "test", "bundle", "installers", "test-installers"} <= set(named(".ci/run"))


def test_no_target_is_taken_for_a_file() -> None:
    assert set(words_after(".PHONY:")) == TARGETS


def test_ci_runs_the_readme_s_own_test_command() -> None:
    (command,) = [block for block in re.findall(r"```\n(make .+)\n```", text("README.md")) if "demo" not in block]
    assert re.search(rf"^ +part test {command}$", text(".ci/run"), re.MULTILINE)


def test_the_parts_of_the_tests_are_the_whole() -> None:
    assert sorted([*words_after("CORE_TESTS :="), "tests/gui"]) == sorted(
        PROJECT["tool"]["pytest"]["ini_options"]["testpaths"]
    )
    assert "tests/gui" in recipe("test-gui")


def test_the_workflow_runs_every_part() -> None:
    matrix = parsed(ROOT / ".github/workflows/ci.yml")["jobs"]["part"]["strategy"]["matrix"]["include"]
    assert {part["target"] for part in matrix} == {"lint", "test-core", "test-gui", "test-package"}
    assert {name for part in matrix for name in part["libraries"].split()} <= TARGETS


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_the_files_that_a_workflow_names_are_there(file: Path) -> None:
    names = set(re.findall(r"\b(?:packaging|tests|core|gui|\.github)/[\w./-]*\w", file.read_text(encoding="utf-8")))
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_hooks_check_what_lint_checks() -> None:
    (local,) = parsed(ROOT / ".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"
    entries = [hook["entry"] for hook in local["hooks"]]
    in_lint = re.findall(r"@\$\((?:PY\) -m |BIN\)/)(ruff \w+|mypy|lint-imports)", recipe("lint"))
    assert len(in_lint) == len(entries) == 4
    assert [tool for tool in in_lint if not any(tool in entry for entry in entries)] == []
    assert {entry.split()[0] for entry in entries} <= {".venv/bin/python", ".venv/bin/lint-imports"}


def test_every_library_is_pinned() -> None:
    lines = [line for line in text("packaging/constraints.txt").splitlines() if line and not line.startswith("#")]
    pinned = {canonicalize_name(line.partition("==")[0]): line.partition("==")[2] for line in lines}
    extras = PROJECT["project"]["optional-dependencies"].values()
    asked = [*PROJECT["project"]["dependencies"], *(line for extra in extras for line in extra)]
    for requirement in map(Requirement, [*asked, *PROJECT["build-system"]["requires"]]):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement


@pytest.mark.parametrize("name", ["bug", "wrong-merge", "idea"])
def test_an_issue_form_asks_each_thing_once(name: str) -> None:
    form = parsed(ROOT / f".github/ISSUE_TEMPLATE/{name}.yml")
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert {"name", "description", "title", "labels", "body"} <= set(form)
    assert len({part["id"] for part in asked}) == len(asked)
    assert any(part.get("validations", {}).get("required") for part in asked)
