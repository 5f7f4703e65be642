"""How long a merge will take: by amounts that the plan has, and speeds that were measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from folders import make_lora, make_model, request

from mergedesk.pipelines.check import check
from mergedesk.planning.time_forecast import Amounts, expected_seconds
from mergedesk.storage.disk_speed import DiskSpeed, Speeds

GB = 1_000_000_000
DISK = DiskSpeed(buffered=100 * GB, synced=100 * GB, latency=0)
FAST = Speeds(read=1000 * GB, memory=6 * GB, disk=DISK)
TEN = Amounts(read=10 * GB, worked=6 * GB, copied=4 * GB)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    return tmp_path


def seconds(amounts: Amounts, speeds: Speeds) -> float:
    """Without what every merge takes to start."""
    return expected_seconds(amounts, speeds) - expected_seconds(Amounts(0, 0, 0), speeds)


def test_work_goes_by_the_speed_of_memory() -> None:
    by_work = seconds(TEN, FAST)
    assert by_work == pytest.approx((6 * 2.8 + 4 * 1.0) / 6 + 10 / 100)
    assert seconds(TEN, replace(FAST, memory=3 * GB)) == pytest.approx(2 * by_work - 10 / 100)


def test_a_slow_disk_is_waited_for_in_place_of_the_work_and_not_beside_it() -> None:
    slow = replace(FAST, disk=replace(DISK, synced=GB / 2))
    assert seconds(TEN, slow) == pytest.approx(20, rel=0.01)
    assert seconds(TEN, replace(slow, memory=5 * GB)) == pytest.approx(20, rel=0.01)


def test_a_base_that_is_read_from_a_disk_takes_its_time() -> None:
    assert seconds(TEN, replace(FAST, read=GB / 10)) == pytest.approx(100, rel=0.01)


def test_latency_is_waited_for_once() -> None:
    late = replace(FAST, disk=replace(DISK, latency=0.7))
    assert expected_seconds(TEN, late) - expected_seconds(TEN, FAST) == pytest.approx(0.7)


def test_memory_that_a_host_lends_makes_long_merges_longer() -> None:
    lent = replace(FAST, host_lends_memory=True)
    little, much = Amounts(0, 100_000_000, 0), Amounts(0, 2 * GB, 0)
    assert seconds(little, lent) == seconds(little, FAST)
    assert seconds(much, lent) > seconds(much, FAST) + 1.5
    seen = replace(FAST, disk=replace(DISK, buffered=GB / 2))
    assert seconds(much, replace(seen, host_lends_memory=True)) == seconds(much, seen), "the trial saw it"


def test_amounts_are_those_of_the_plan(home: Path) -> None:
    amounts = check(request(home / "base", home / "adapter", output=home / "out")).amounts
    assert amounts is not None
    stored = check(request(home / "base", home / "adapter", output=home / "out")).predicted_bytes
    assert amounts.written == amounts.read == stored
    assert 0 < amounts.copied < amounts.worked, "every layer's matrices are targets, embeddings and norms are not"
