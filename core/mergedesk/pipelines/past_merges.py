"""What earlier merges on this computer tell of the next one's time: a small file in the user's folder for state.

It has speeds and ratios, and no names. It is a help only: trouble with it stops nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..runtime.state_file import read_state, write_state
from ..storage.disk_speed import Speeds

_FILE, _MOST_BYTES = "past-merges.json", 1 << 16


@dataclass(frozen=True, slots=True)
class Trialled:
    """Speeds that a check measured, when (seconds since 1970), and the number of the device that it wrote to."""

    speeds: Speeds
    moment: float
    device: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """What a merge of so many bytes took ÷ what speeds alone foretold; what it took, in seconds, on which device.

    0 seconds where that was not noted.
    """

    ratio: float
    written: int
    seconds: float = 0.0
    device: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How the last merges of a kind went, the newest last.

    ``after``: seconds that came after the stage that writes ÷ seconds of that stage.
    """

    ratios: tuple[Ratio, ...] = ()
    after: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PastMerges:
    """The last measurement, and the pace of each kind of merge."""

    measured: Trialled | None = None
    paces: Mapping[str, Pace] = field(default_factory=dict)

    def pace(self, kind: str) -> Pace:
        """Of one kind; empty where there was none."""
        return self.paces.get(kind, Pace())


def past_merges() -> PastMerges:
    """What is known; empty where nothing is, or nothing that can be read."""
    return read_state(_FILE, PastMerges, _MOST_BYTES) or PastMerges()


def keep(past: PastMerges) -> None:
    """Write it whole, or not at all."""
    write_state(_FILE, past)
