"""What a check says of a merge's time, and what earlier merges teach it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from folders import make_lora, make_model, request

from mergedesk.domain.requests import CheckRequest, Engine
from mergedesk.pipelines import forecast as module
from mergedesk.pipelines.check import check
from mergedesk.pipelines.forecast import Kind, alike_in_size, corrected, disk_trial, foretold, nearest
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.past_merges import Pace, PastMerges, Ratio, keep, past_merges
from mergedesk.planning.preflight import Preflight

GB = 1_000_000_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    return tmp_path


def checked(home: Path, **wishes: object) -> Preflight:
    return check(request(home / "base", home / "adapter", output=home / "out", **wishes))


def state_file() -> Path:
    from mergedesk.output.staging_register import register_folder

    return register_folder().parent / "past-merges.json"


def test_a_check_says_how_long_it_takes(home: Path) -> None:
    said = checked(home)
    assert said.expected_seconds is not None
    assert 0.2 <= said.expected_seconds < 30
    assert said.expected_between is None, "nothing is known yet of how far off that may be"
    assert not (home / "out").exists()


def test_nothing_is_said_where_nothing_can_be_known(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = request(home / "base", home / "adapter", output=home / "out")
    assert checked(home, engine=Engine.PEFT).expected_seconds is None
    assert check(CheckRequest(wanted.base, wanted.adapters)).expected_seconds is None
    monkeypatch.setattr("mergedesk.storage.disk_speed.DiskTrial.speed", lambda _self: None)
    assert checked(home).expected_seconds is None


def test_one_trial_serves_a_minute(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.time, "monotonic", lambda: 7 * 60.0)
    first = disk_trial(home / "out")
    assert disk_trial(home / "other") is first
    monkeypatch.setattr(module.time, "monotonic", lambda: 8 * 60.0)
    assert disk_trial(home / "out") is not first


def test_a_merge_teaches_what_its_check_foretold_badly(home: Path) -> None:
    first = checked(home)
    assert first.expected_seconds is not None
    report = merge(request(home / "base", home / "adapter", output=home / "out"))
    pace = past_merges().pace(Kind.STREAMED)
    assert len(pace.ratios) == len(pace.after) == 1
    assert pace.ratios[0].ratio == pytest.approx(report.seconds / first.expected_seconds, rel=0.2)
    assert pace.ratios[0].written == first.predicted_bytes


def test_a_merge_without_a_check_teaches_no_ratio(home: Path) -> None:
    merge(request(home / "base", home / "adapter", output=home / "out"))
    assert past_merges().pace(Kind.STREAMED).ratios == ()


def test_a_measurement_of_long_ago_or_of_another_disk_teaches_nothing(home: Path) -> None:
    for change in ({"moment": 0.0}, {"device": -1}):
        checked(home)
        past = past_merges()
        assert past.measured is not None
        keep(replace(past, measured=replace(past.measured, **change)))
        merge(request(home / "base", home / "adapter", output=home / "out", overwrite=True))
    assert past_merges().pace(Kind.STREAMED).ratios == ()


def test_what_was_learnt_is_in_the_next_forecast(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "expected_seconds", lambda *_: 10.0)
    assert checked(home).expected_seconds == 10
    learnt = (Ratio(1.8, GB), Ratio(2.0, GB), Ratio(9.0, GB))
    keep(replace(past_merges(), paces={Kind.STREAMED.value: Pace(learnt)}))
    said = checked(home)
    assert said.expected_seconds == 20
    assert said.expected_between == (18, 90)
    keep(replace(past_merges(), paces={Kind.PEFT.value: Pace(learnt)}))
    assert checked(home).expected_seconds == 10, "another kind of merge has a pace of its own"
    assert checked(home, engine=Engine.PEFT).expected_seconds == 20


def test_a_single_merge_of_another_size_has_half_a_say() -> None:
    small = [Ratio(3.0, GB)]
    assert median(nearest(small, 50 * GB)) == 2.0
    assert nearest(small, 50 * GB, Kind.PEFT) == [3.0]
    assert nearest([], 50 * GB) == [1.0]


def test_what_is_alike_in_size() -> None:
    past = [Ratio(1.0, GB), Ratio(2.0, 50 * GB), Ratio(3.0, 50 * GB)]
    assert [one.ratio for one in alike_in_size(past, 40 * GB)] == [3.0, 2.0], "the newest first"
    assert alike_in_size(past, 20 * GB) == []


def test_a_trial_that_swings_more_than_merges_is_not_followed() -> None:
    steady = [Ratio(10 / trialled, GB, 10.0, 7) for trialled in (2.0, 30.0, 5.0)]
    assert foretold(40.0, steady, GB, 7) == [10.0, 10.0, 10.0]
    assert foretold(40.0, steady, 2 * GB, 7) == [20.0, 20.0, 20.0]
    assert foretold(40.0, steady, GB, 8) == pytest.approx([200.0, 40 / 3, 80.0]), "another disk"


def test_a_trial_that_tells_of_a_busy_disk_is_followed() -> None:
    told = [Ratio(2.0, GB, seconds, 7) for seconds in (10.0, 40.0, 12.0)]
    assert foretold(30.0, told, GB, 7) == [60.0, 60.0, 60.0]


def test_while_merges_are_few_both_count() -> None:
    assert foretold(5.0, [Ratio(2.0, GB, 40.0, 7)], GB, 7) == [20.0]
    assert foretold(5.0, [Ratio(2.0, GB)], GB, 7) == [10.0], "what an earlier version noted"


def test_outliers_are_left_out_of_the_range() -> None:
    said = corrected([1, 9, 10, 12, 200])
    assert (said.seconds, said.between) == (10, (9, 12))
    assert corrected([1, 3]).between is None


def test_merges_of_a_like_size_tell_more() -> None:
    small, large = [Ratio(1.0, GB)] * 7, [Ratio(2.0, 100 * GB)] * 7
    assert set(nearest([*small, *large], 2 * GB)) == {1.0}
    assert set(nearest([*small, *large], 60 * GB)) == {2.0}
    assert nearest([Ratio(1.0, GB)] * 8 + [Ratio(3.0, GB)], GB)[0] == 3.0, "the newest first"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"paces": 3}', '{"measured": {"moment": "x"}}'])
def test_a_spoilt_file_counts_as_none(content: str) -> None:
    state_file().parent.mkdir(parents=True, exist_ok=True)
    state_file().write_text(content, encoding="ascii")
    assert past_merges() == PastMerges()


def test_no_names_are_kept(home: Path) -> None:
    checked(home)
    merge(request(home / "base", home / "adapter", output=home / "out"))
    text = state_file().read_text(encoding="ascii")
    assert json.loads(text)["paces"]
    assert home.name not in text
    assert "base" not in text
