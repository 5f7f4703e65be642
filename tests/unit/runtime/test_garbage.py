"""No garbage is collected while large libraries are imported, and it is as it was after that."""

from __future__ import annotations

import gc

import pytest

from mergedesk.runtime.garbage import importing_heavily, without_collecting


def test_nothing_is_collected_inside() -> None:
    assert gc.isenabled()
    with importing_heavily():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_stays_is_not_looked_at_again() -> None:
    frozen = gc.get_freeze_count()
    with importing_heavily():
        kept = [[number] for number in range(1000)]
    assert gc.get_freeze_count() - frozen >= len(kept)
    gc.unfreeze()


def test_a_failed_import_leaves_it_as_it_was() -> None:
    with pytest.raises(ModuleNotFoundError), importing_heavily():
        raise ModuleNotFoundError
    assert gc.isenabled()


def test_where_nothing_was_collected_before_nothing_is_after() -> None:
    gc.disable()
    try:
        with without_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
