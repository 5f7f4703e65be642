"""Workers of the program, and torch's own threads against them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

import torch

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def one_thread_per_worker() -> Iterator[None]:
    """While workers are the parallelism, torch's own threads would only fight them."""
    with torch_threads(1):
        yield


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """So many threads of torch's own for what is called here meanwhile."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def in_threads(workers: int, name: str, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """What ``work`` gives for each item, in their order; see ``each_in_threads``."""
    results: dict[int, R] = {}

    def keep(numbered: tuple[int, T]) -> None:
        results[numbered[0]] = work(numbered[1])

    each_in_threads(workers, name, keep, enumerate(items))
    return [results[number] for number in sorted(results)]


def each_in_threads(workers: int, name: str, work: Callable[[T], object], items: Iterable[T]) -> None:
    """Do ``work`` with each item, started in their order; torch itself uses one thread meanwhile.

    Workers take an item when they have done the one before, so that no more items are made than are worked on. After
    the first failure nothing more is started; then it is raised.
    """
    left, failures, lock = iter(items), list[BaseException](), threading.Lock()

    def take() -> Iterator[T]:
        while not failures:
            with lock:
                try:
                    item = next(left)
                except StopIteration:
                    return
            yield item

    def run() -> None:
        try:
            for item in take():
                work(item)
        except BaseException as trouble:
            failures.append(trouble)

    with one_thread_per_worker(), ThreadPoolExecutor(workers, thread_name_prefix=f"mergedesk-{name}") as pool:
        wait([pool.submit(run) for _ in range(workers)])
    if failures:
        raise failures[0]
