"""Workers that take one thing after the other."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator

import pytest

from mergedesk.runtime.threads import each_in_threads, in_threads


class Item:
    """Something that can be seen to be gone."""


def test_results_come_in_the_order_of_the_items() -> None:
    assert in_threads(3, "test", lambda number: number * number, range(100)) == [
        number * number for number in range(100)
    ]


def test_no_more_items_are_made_than_are_worked_on() -> None:
    made, most = list[weakref.ref[Item]](), 0

    def items() -> Iterator[Item]:
        nonlocal most
        for _ in range(1000):
            item = Item()
            made.append(weakref.ref(item))
            most = max(most, sum(one() is not None for one in made[-20:]))
            yield item
            del item

    each_in_threads(2, "test", lambda _item: None, items())
    assert len(made) == 1000
    assert most <= 6, "each worker holds the one that it works on, and the one before at most"


def test_after_a_failure_nothing_more_is_started() -> None:
    started, lock = list[int](), threading.Lock()

    def work(number: int) -> None:
        with lock:
            started.append(number)
        if number == 5:
            raise ValueError("the fifth")

    with pytest.raises(ValueError, match="the fifth"):
        each_in_threads(2, "test", work, range(10_000))
    assert len(started) < 10_000


def test_a_failure_in_making_items_is_raised() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError("no second")

    with pytest.raises(LookupError, match="no second"):
        in_threads(2, "test", lambda number: number, items())
