"""How often a stage tells how far it is: as often as somebody can follow, and always when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field

from mergedesk.domain.progress import Progress, Stage, StageCounter


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Heard:
    """What a stage told."""

    readings: list[Progress] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        self.readings.append(progress)

    @property
    def done(self) -> list[int]:
        return [reading.done_bytes for reading in self.readings]


def test_what_is_done_at_once_is_told_once_and_at_the_end() -> None:
    heard, clock = Heard(), Clock()
    counter = StageCounter(heard, Stage.MERGE, 1000, clock)
    for number in range(1000):
        counter.advance(1, str(number))
    assert heard.done == [1, 1000]
    assert heard.readings[-1].detail == "999"


def test_what_takes_its_time_is_told_each_time() -> None:
    heard, clock = Heard(), Clock()
    counter = StageCounter(heard, Stage.MERGE, 100, clock)
    for _ in range(4):
        clock.now += 0.1
        counter.advance(10, "weight")
    assert heard.done == [10, 20, 30, 40]
    assert [round(reading.seconds, 3) for reading in heard.readings] == [0.1, 0.2, 0.3, 0.4]


def test_bytes_that_were_not_told_of_are_in_the_next_reading() -> None:
    heard, clock = Heard(), Clock()
    counter = StageCounter(heard, Stage.MERGE, 100, clock)
    counter.advance(10, "weight")
    counter.advance(10, "weight")
    clock.now += 0.1
    counter.advance(10, "weight")
    assert heard.done == [10, 30]
