"""How long a merge still takes: readings of made-up jobs, by a clock that stands still between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from folders import make_lora, make_model, request

from mergedesk.domain.progress import Progress, Stage
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.time_left import Prospects, TimeLeft

MB = 1_000_000


def told(readings: Sequence[tuple[float, Progress]], prospects: Prospects) -> list[float | None]:
    """What is left after each reading, which comes at its moment."""
    now, left = 0.0, list[float | None]()
    heard = TimeLeft(prospects, lambda: now).hearing(lambda progress: left.append(progress.job_seconds_left))
    for now, progress in readings:  # noqa: B007 (the clock looks at it)
        heard(progress)
    return left


def writing(speeds: Sequence[int], total: int) -> list[tuple[float, Progress]]:
    """A reading a second, each after one of ``speeds``, in megabytes a second."""
    done, readings = 0, list[tuple[float, Progress]]()
    for second, speed in enumerate(speeds, 1):
        done += speed * MB
        readings.append((float(second), Progress(Stage.MERGE, done, total * MB, float(second))))
    return readings


def test_nothing_is_told_before_anything_is_measured() -> None:
    readings = [(0.0, Progress(Stage.PREFLIGHT)), (0.1, Progress(Stage.PLAN)), (0.2, Progress(Stage.MERGE, 0, 5))]
    assert told(readings, Prospects()) == [None, None, None]


def test_later_stages_count_from_the_first_reading_on() -> None:
    left = told(writing([100] * 10, 1000), Prospects(after=0.5))
    assert left == pytest.approx([15 - second for second in range(1, 11)])


def test_a_disk_that_takes_its_time_is_waited_for_at_the_end() -> None:
    readings = writing([100] * 10, 1000)
    readings += [(11.0, Progress(Stage.VERIFY, 0, 1000 * MB)), (12.0, Progress(Stage.PUBLISH))]
    left = told([*readings, (35.0, Progress(Stage.PUBLISH))], Prospects(after=0.1, synced=25.0 * MB))
    assert left == pytest.approx([*(40 - second for second in range(1, 13)), 5])


def test_what_takes_longer_than_was_foreseen_puts_the_end_off() -> None:
    readings = writing([100] * 10, 1000)
    readings += [(10.0 + n, Progress(Stage.VERIFY, n * 10 * MB, 1000 * MB, float(n))) for n in range(1, 20)]
    left = told(readings, Prospects(after=0.1))
    assert left[-1] is not None
    assert left[-1] == pytest.approx(81, rel=0.1)


def test_a_speed_that_changes_is_followed_without_a_leap() -> None:
    left = told(writing([200] * 5 + [20] * 60, 2200), Prospects(after=0.0))
    numbers = [one for one in left if one is not None]
    assert len(numbers) == len(left)
    leaps = [after - before for before, after in pairwise(numbers)]
    assert max(leaps) < 25, "it was ten seconds, and is fifty"
    assert numbers[16] == pytest.approx(48, rel=0.2)
    assert numbers[30] == pytest.approx(34, rel=0.1)


def test_it_never_falls_below_nothing() -> None:
    readings = [*writing([100] * 10, 1000), (99.0, Progress(Stage.PUBLISH))]
    assert told(readings, Prospects())[-1] == 0


def test_a_merge_tells_it_to_the_end(tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    heard = list[Progress]()
    merge(request(tmp_path / "base", tmp_path / "adapter", output=tmp_path / "out"), heard.append)
    known = [progress for progress in heard if progress.job_seconds_left is not None]
    assert known or max(progress.seconds for progress in heard) < 0.1
    assert all(progress.job_seconds_left is None for progress in heard if progress.stage is Stage.PLAN)
