"""What was judged of every chunk of a merge: of the hundred thousands that wide models copy, a few words each."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

import torch

from ..compare.statistics import TensorStatistics
from .chunk_proof import ChunkProof

_NOTHING = TensorStatistics()


class _AllButSums(NamedTuple):
    """All of a proof without samples but its sums themselves."""

    begin: int
    end: int
    step: int
    right: bool
    sums: int


@dataclass(slots=True)
class _PlainProofs:
    """Proofs without samples: a number for each one's name and kind, and where its sums begin."""

    names: array[int] = field(default_factory=lambda: array("q"))
    kinds: array[int] = field(default_factory=lambda: array("I"))
    starts: array[int] = field(default_factory=lambda: array("Q"))
    sums: array[int] = field(default_factory=lambda: array("Q"))
    known: dict[_AllButSums, int] = field(default_factory=dict)

    def add(self, name: str, kind: _AllButSums, sums: array[int]) -> None:
        self.names.append(hash(name))
        self.kinds.append(self.known.setdefault(kind, len(self.known)))
        self.starts.append(len(self.sums))
        self.sums.extend(sums)


@dataclass(slots=True)
class KeptProofs:
    """What was judged of each tensor, by its name. Proofs may be added from any thread.

    Names of what was copied are told apart by the 64 bits of their hash. Of two names that share one, the same bytes
    would have been judged twice, which proves neither.
    """

    sampled: dict[str, list[ChunkProof]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    _plain: _PlainProofs = field(default_factory=_PlainProofs)
    _sorted: tuple[array[int], array[int], tuple[_AllButSums, ...]] | None = None

    def __len__(self) -> int:
        """Number of chunks that were judged."""
        return len(self._plain.names) + sum(map(len, self.sampled.values()))

    def add(self, name: str, proof: ChunkProof) -> None:
        """One more chunk of a tensor."""
        with self.lock:
            self._sorted = None
            if proof.changed or proof.statistics != _NOTHING:
                self.sampled.setdefault(name, []).append(proof)
            else:
                kind = _AllButSums(proof.begin, proof.end, proof.step, proof.right, len(proof.sums))
                self._plain.add(name, kind, proof.sums)

    def of(self, name: str) -> tuple[ChunkProof, ...]:
        """All proofs of a tensor; none of one that nobody judged."""
        return (*self.sampled.get(name, ()), *self._plain_of(name))

    def _plain_of(self, name: str) -> Iterator[ChunkProof]:
        plain, (names, order, kinds) = self._plain, self._in_order()
        own = hash(name)
        for place in order[bisect_left(names, own) : bisect_right(names, own)]:
            kind, start = kinds[plain.kinds[place]], plain.starts[place]
            sums = plain.sums[start : start + kind.sums]
            yield ChunkProof(kind.begin, kind.end, kind.step, sums, kind.right, False, _NOTHING)

    def _in_order(self) -> tuple[array[int], array[int], tuple[_AllButSums, ...]]:
        """Names sorted, where each stood, and all kinds by their numbers."""
        with self.lock:
            if self._sorted is None:
                names, order = array("q"), array("q")
                if self._plain.names:
                    pair = torch.sort(torch.frombuffer(self._plain.names, dtype=torch.int64), stable=True)
                    for column, values in zip((names, order), pair, strict=True):
                        column.frombytes(values.numpy().tobytes())
                self._sorted = names, order, tuple(self._plain.known)
            return self._sorted
