"""Each tiny base is made once a session, every test draws the same numbers, and what was tortured ends in a table."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import pytest
from engine_fixtures import _bitsandbytes_by_its_own_reference, _quiet_loading, _seeded, base_of
from forked_calls import forked_calls

from mergedesk.runtime import bounded_call

sys.path.insert(0, str(Path(__file__).parent))
from rounds import Forge, Tally, forge_in, in_memory

__all__ = ["_bitsandbytes_by_its_own_reference", "_quiet_loading", "_seeded", "base_of"]

_TALLY = pytest.StashKey[Tally]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TALLY] = Tally()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tally = config.stash[_TALLY]
    if tally.lines:
        terminalreporter.section("torture")
        terminalreporter.write_line(tally.table)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of several tells the one that prints."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["tortured"] = session.config.stash[_TALLY].lines


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_TALLY].add(getattr(node, "workeroutput", {}).get("tortured", {}))


@pytest.fixture(scope="session")
def calls_forked() -> Iterator[Any]:
    if sys.platform != "linux":
        pytest.skip("processes are forked on Linux only")
    with forked_calls() as start:
        yield start


@pytest.fixture
def quick_calls(calls_forked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded calls that cost milliseconds."""
    monkeypatch.setattr(bounded_call, "start", calls_forked)


@pytest.fixture
def compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's own templates are compiled once for thousands of folders."""
    monkeypatch.setattr(jinja2.Environment, "compile", lru_cache(100)(jinja2.Environment.compile))
    monkeypatch.setattr(jinja2.Environment, "__hash__", lambda environment: hash(type(environment)))
    monkeypatch.setattr(jinja2.Environment, "__eq__", lambda one, other: type(one) is type(other))


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    return pytestconfig.stash[_TALLY]


@pytest.fixture(scope="session")
def shared_forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    if sys.platform != "linux" or shutil.which("gcc") is None:
        pytest.skip("calls are harmed on Linux, by a library that gcc makes")
    home = in_memory(tmp_path_factory.mktemp("forge"))
    try:
        with forge_in(home) as forge:
            yield forge
    finally:
        shutil.rmtree(home)


@pytest.fixture
def forge(shared_forge: Forge) -> Iterator[Forge]:
    yield shared_forge
    shared_forge.clear()
