"""Each tiny base is made once a session, every test draws the same numbers, and the command line speaks English."""

import pytest
from engine_fixtures import _bitsandbytes_by_its_own_reference, _quiet_loading, _seeded, base_of

__all__ = ["_bitsandbytes_by_its_own_reference", "_quiet_loading", "_seeded", "base_of"]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
