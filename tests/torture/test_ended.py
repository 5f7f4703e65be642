"""Killed at every call that changes a file, and at random: nothing torn, nothing lost, nothing left untold."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from rounds import Forge, Tally, moments, rounds, while_there_is_time

pytestmark = pytest.mark.slow


def judge(forge: Forge, old: dict[str, str] | None, tally: Tally, what: str, where: object) -> None:
    """After a run that was ended: what lies there, and what is told of it."""
    untold = forge.untold()
    wrong = [f"untold: {untold}"] if untold else []
    wrong += [torn] if (torn := forge.torn(old)) else []
    wrong += [f"too many leftovers: {len(forge.leftovers())}"] if len(forge.leftovers()) > 1 else []
    tally.count(what, len(wrong))
    assert not wrong, (where, wrong)


@pytest.mark.parametrize("mode", ["kill", "kill after"])
@pytest.mark.parametrize("overwrite", [False, True], ids=["fresh", "overwrite"])
def test_killed_at_every_call(overwrite: bool, mode: str, forge: Forge, tally: Tally) -> None:
    if overwrite:
        forge.put_old()
    calls = forge.calls(overwrite=overwrite)
    for at in while_there_is_time(moments(calls, rounds(1000, 5)), 0.07):
        forge.clear()
        old = forge.put_old() if overwrite else None
        done = forge.merge({"mode": mode, "at": at}, overwrite=overwrite)
        assert done["ended"] in (0, -9), done
        judge(forge, old, tally, f"kill -9 at a call, {'overwrite' if overwrite else 'fresh'}", (mode, at, calls))


@pytest.mark.parametrize("overwrite", [False, True], ids=["fresh", "overwrite"])
def test_gone_on_with_after_a_kill_at_every_call(overwrite: bool, forge: Forge, tally: Tally) -> None:
    if overwrite:
        forge.put_old()
    calls = forge.calls(overwrite=overwrite)
    for at in while_there_is_time(moments(calls, rounds(1000, 8)), 0.07):
        forge.clear()
        old = forge.put_old() if overwrite else None
        forge.merge({"mode": "kill", "at": at}, overwrite=overwrite)
        forge.torn(old)  # puts back what was set aside
        if forge.is_whole():
            continue
        done = forge.merge(overwrite=overwrite, resume=True)
        wrong = [] if done.get("report", {}).get("status") == "merged" and forge.is_whole() else [str(done)]
        wrong += [f"left: {[path.name for path in forge.place.iterdir()]}"] if forge.leftovers() else []
        tally.count("kill -9 at a call, then --resume: same bytes", len(wrong))
        assert not wrong, (at, calls, wrong)


@pytest.mark.parametrize("kind", ["fresh", "overwrite", "resume"])
def test_killed_at_random(kind: str, forge: Forge, tally: Tally) -> None:
    draw = random.Random(7)
    options: dict[str, Any] = {"overwrite": kind == "overwrite", "resume": kind == "resume"}
    began = time.monotonic()
    forge.merge()
    whole = time.monotonic() - began
    forge.clear()
    old = forge.put_old() if kind == "overwrite" else None
    for number in while_there_is_time(range(rounds(150, 5)), 0.055):
        if kind != "resume" or forge.output.exists():
            forge.clear()
            old = forge.put_old() if kind == "overwrite" else None
        seconds = draw.uniform(0, 1.1 * whole)
        forge.merge({"seconds": seconds}, **options)
        judge(forge, old, tally, f"kill -9 at random, {kind}", (number, seconds))
    if kind == "resume" and not forge.output.exists():
        assert forge.merge(**options)["report"]["status"] == "merged"
        judge(forge, old, tally, f"kill -9 at random, {kind}", "the end")
        assert forge.is_whole()
