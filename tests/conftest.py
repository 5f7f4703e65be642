"""How the tests run side by side; what each kind of test needs is in its own folder's conftest."""

from __future__ import annotations

import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from taking_turns import arrange, turn, wants_to_be_alone, worker_count


def pytest_configure(config: pytest.Config) -> None:
    """State of this run's own: what earlier runs left on this computer is told in no test, nor this one's later on."""
    state = tempfile.TemporaryDirectory(prefix="mergedesk-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(state.cleanup)
    os.environ["XDG_STATE_HOME"] = state.name


@pytest.fixture(autouse=True, scope="module")
def _state_of_this_file() -> Iterator[None]:
    """What one file's fixtures leave unfinished is found by no other file's merges."""
    yield from _own_state()


@pytest.fixture(autouse=True)
def _state_of_this_test() -> Iterator[None]:
    """What a test leaves unfinished is found by no fixture that is made after it."""
    yield from _own_state()


def _own_state() -> Iterator[None]:
    outer = os.environ["XDG_STATE_HOME"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(Path(outer, uuid.uuid4().hex)))
        yield


def pytest_xdist_auto_num_workers() -> int:
    return worker_count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    arrange(items)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if "PYTEST_XDIST_WORKER" not in os.environ or sys.platform == "win32":
        return (yield)
    with turn(wants_to_be_alone(item)):
        return (yield)
