"""An error at every call that changes a file, once and for good: nothing torn, and every sentence true."""

from __future__ import annotations

import errno

import pytest
from rounds import Forge, Tally, moments, rounds, while_there_is_time

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize("mode", ["once", "sticky"])
@pytest.mark.parametrize("overwrite", [False, True], ids=["fresh", "overwrite"])
def test_error_at_every_call(overwrite: bool, mode: str, number: int, forge: Forge, tally: Tally) -> None:
    if overwrite:
        forge.put_old()
    calls = forge.calls(overwrite=overwrite)
    for at in while_there_is_time(moments(calls, rounds(1000, 4)), 0.045):
        forge.clear()
        old = forge.put_old() if overwrite else None
        done = forge.merge({"mode": mode, "at": at, "error": number}, overwrite=overwrite)
        assert done["ended"] == 0, (at, done)
        wrong = [said] if (said := forge.false_sentence(done, old)) else []
        wrong += [f"untold: {forge.untold()}"] if forge.untold() else []
        wrong += [torn] if (torn := forge.torn(old)) else []
        tally.count(f"error at a call, {mode}", len(wrong))
        assert not wrong, (at, calls, wrong)


def test_half_of_what_was_asked_for(forge: Forge, tally: Tally) -> None:
    calls = forge.calls()
    for at in while_there_is_time(moments(calls, rounds(1000, 4)), 0.045):
        forge.clear()
        done = forge.merge({"mode": "short", "at": at})
        whole = done["report"]["status"] == "merged" and forge.is_whole()
        tally.count("short write", not whole)
        assert whole, (at, calls, done)
