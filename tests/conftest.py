"""How the tests run side by side; what each kind of test needs is in its own folder's conftest."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator

import pytest
from taking_turns import arrange, turn, wants_to_be_alone, worker_count


def pytest_configure(config: pytest.Config) -> None:
    """State of this run's own: what earlier runs left on this computer is told in no test, nor this one's later on."""
    state = tempfile.TemporaryDirectory(prefix="mergedesk-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(state.cleanup)
    os.environ["XDG_STATE_HOME"] = state.name


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
