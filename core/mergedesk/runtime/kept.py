"""The last few results of something that takes long, for all threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Held = TypeVar("Held")
# Workers take chunks in order, so that no more tensors than this are in work at a time, or nearly so.
_KEPT = 2


@dataclass(slots=True)
class Kept(Generic[Key, Held]):
    """The last results that were asked for, by key. Whoever asks first makes one, the others wait."""

    held: OrderedDict[Key, Future[Held]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Key, make: Callable[[], Held], most: int = _KEPT) -> Held:
        """The result for ``key``, from ``make`` unless it is among the last ``most``; raises what ``make`` raises."""
        with self.lock:
            is_new = key not in self.held
            future = self.held.setdefault(key, Future())
            self.held.move_to_end(key)
            while len(self.held) > most:
                self.held.popitem(last=False)
        if is_new:
            try:
                future.set_result(make())
            except BaseException as trouble:
                future.set_exception(trouble)
        return future.result()
