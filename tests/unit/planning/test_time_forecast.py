"""How long a merge will take: by amounts that the plan has, and speeds that were measured."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from folders import make_lora, make_model, request

from mergedesk.domain.requests import CheckRequest, Engine
from mergedesk.pipelines.check import check
from mergedesk.planning.time_forecast import Amounts, expected_seconds, forecast
from mergedesk.storage.disk_speed import Speeds, measure, read_speed

GB = 1_000_000_000
FAST = Speeds(read=100 * GB, write=100 * GB, memory=6 * GB)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    return tmp_path


def test_what_takes_longest_is_waited_for() -> None:
    amounts = Amounts(read=10 * GB, worked=6 * GB, copied=4 * GB)
    start = expected_seconds(Amounts(0, 0, 0), FAST)
    by_work = expected_seconds(amounts, FAST) - start
    assert by_work == pytest.approx((6 * 6 + 4 * 2.5) / 6)
    slow_disk = Speeds(read=100 * GB, write=GB / 2, memory=6 * GB)
    assert expected_seconds(amounts, slow_disk) - start == pytest.approx(20)
    slow_source = Speeds(read=GB / 10, write=GB / 2, memory=6 * GB)
    assert expected_seconds(amounts, slow_source) - start == pytest.approx(100)


def test_amounts_are_those_of_the_plan(home: Path) -> None:
    amounts = check(request(home / "base", home / "adapter", output=home / "out")).amounts
    assert amounts is not None
    stored = check(request(home / "base", home / "adapter", output=home / "out")).predicted_bytes
    assert amounts.written == amounts.read == stored
    assert 0 < amounts.copied < amounts.worked, "every layer's matrices are targets, embeddings and norms are not"


def test_the_trial_is_short_and_leaves_nothing(home: Path) -> None:
    before = sorted(home.rglob("*"))
    started = time.process_time()
    speeds = measure([home / "base" / "model.safetensors"], home)
    assert time.process_time() - started < 0.5
    assert sorted(home.rglob("*")) == before
    assert min(speeds.read, speeds.write, speeds.memory) > 1_000_000


def test_a_file_in_many_shards_is_read_all_over(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.bin" for number in range(96)]
    for file in files:
        file.write_bytes(bytes(4096))
    assert read_speed(files) > 0


def test_a_check_says_how_long_it_takes(home: Path) -> None:
    said = check(request(home / "base", home / "adapter", output=home / "out"))
    assert said.expected_seconds is not None
    assert 0.4 <= said.expected_seconds < 30
    assert not (home / "out").exists()


def test_nothing_is_said_where_nothing_can_be_known(home: Path, tmp_path: Path) -> None:
    wanted = request(home / "base", home / "adapter", output=home / "out")
    whole_layers = request(home / "base", home / "adapter", output=home / "out", engine=Engine.PEFT)
    without_output = CheckRequest(wanted.base, wanted.adapters)
    assert check(whole_layers).expected_seconds is None
    assert check(without_output).expected_seconds is None
    missing = tmp_path / "gone"
    assert forecast(Amounts(1, 1, 0), [missing / "model.safetensors"], missing, 0) is None


def test_one_trial_serves_a_minute(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [home / "base" / "model.safetensors"]
    first = forecast(Amounts(0, GB, 0), files, home, 7)
    monkeypatch.setattr("mergedesk.planning.time_forecast.measure", lambda *_: FAST)
    assert forecast(Amounts(0, GB, 0), files, home, 7) == first
    assert forecast(Amounts(0, GB, 0), files, home, 8) == expected_seconds(Amounts(0, GB, 0), FAST)
