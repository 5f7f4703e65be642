"""Workers of the program, and torch's own threads against them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
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
    """What ``work`` gives for each item, in their order; torch itself uses one thread meanwhile.

    At the first failure what has not started is called off; then it is raised.
    """
    with one_thread_per_worker(), ThreadPoolExecutor(workers, thread_name_prefix=f"mergedesk-{name}") as pool:
        futures = [pool.submit(work, item) for item in items]
        wait(futures, return_when=FIRST_EXCEPTION)
        pool.shutdown(cancel_futures=True)
        return [future.result() for future in futures if not future.cancelled()]
