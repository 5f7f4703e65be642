"""Each tiny base is made once a session, every test draws the same numbers, and what was tortured ends in a table."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_fixtures import _bitsandbytes_by_its_own_reference, _quiet_loading, _seeded, base_of
from own_state import _own_state

sys.path.insert(0, str(Path(__file__).parent))
from rounds import Forge, Tally, forge_in, in_memory

__all__ = ["_bitsandbytes_by_its_own_reference", "_own_state", "_quiet_loading", "_seeded", "base_of"]

_TALLY = pytest.StashKey[Tally]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TALLY] = Tally()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tally = config.stash[_TALLY]
    if tally.lines:
        terminalreporter.section("torture")
        terminalreporter.write_line(tally.table)


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
