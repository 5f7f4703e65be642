"""How long a merge will take: what it reads, works on and writes, by speeds that were measured."""

from __future__ import annotations

from dataclasses import dataclass

from ..storage.disk_speed import Speeds
from .plan import Action, Plan, bytes_of

# What merging or casting a byte costs, and what copying one does, in bytes copied in memory by one thread; measured
# with two workers, checks included, without the writing.
_WORKED, _COPIED = 2.8, 1.0
_START_SECONDS = 0.35  # headers, and the load of the reload check
# Where a host takes back what memory a guest leaves free: so much is at hand still, the rest comes at that speed.
_AT_HAND_BYTES, _FROM_HOST = 100e6, 1000e6


@dataclass(frozen=True, slots=True)
class Amounts:
    """Bytes that a merge reads of its base, and writes: ``worked`` on, or copied as they are."""

    read: int
    worked: int
    copied: int

    @property
    def written(self) -> int:
        """All of the output's tensors."""
        return self.worked + self.copied


def amounts_of(plan: Plan) -> Amounts:
    """What the plan's tensors come to."""
    worked = bytes_of(tensor for tensor in plan.tensors if tensor.action is not Action.COPY)
    return Amounts(bytes_of(tensor.base for tensor in plan.tensors), worked, plan.tensor_bytes - worked)


def expected_seconds(amounts: Amounts, speeds: Speeds) -> float:
    """The disks' work goes on beside the processor's: what takes longest is waited for."""
    computing = (_WORKED * amounts.worked + _COPIED * amounts.copied) / speeds.memory
    working = computing + _buffering(amounts.written, speeds)
    of_disks = amounts.read / speeds.read + amounts.written / speeds.disk.synced
    return _START_SECONDS + max(working, of_disks) + speeds.disk.latency


def _buffering(written: int, speeds: Speeds) -> float:
    """A trial is too short to see how slow memory comes once what is at hand is used up."""
    if not speeds.host_lends_memory or speeds.disk.buffered < _FROM_HOST:
        return written / speeds.disk.buffered
    return written / speeds.disk.buffered + max(0.0, written - _AT_HAND_BYTES) / _FROM_HOST
