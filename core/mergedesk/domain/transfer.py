"""What shall be uploaded, and how far a download or an upload is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class TransferStage(StrEnum):
    """What is done with the bytes that are counted."""

    DOWNLOAD = "download"
    HASH = "hash"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """Which folder or GGUF file goes into which repository, ``owner/name``; one that is made is ``private`` or not."""

    model: Path
    repository: str
    private: bool = True


@dataclass(frozen=True, slots=True)
class Transfer:
    """One reading. ``kept_bytes`` of ``done_bytes`` were there when it began, ``seconds`` ago."""

    stage: TransferStage
    done_bytes: int = 0
    total_bytes: int = 0
    seconds: float = 0.0
    detail: str = ""
    kept_bytes: int = 0

    @property
    def bytes_per_second(self) -> float | None:
        """Mean speed of what really moved; None before there is anything to measure."""
        moved = self.done_bytes - self.kept_bytes
        return moved / self.seconds if moved > 0 and self.seconds > 0 else None

    @property
    def left(self) -> float | None:
        """Seconds until the end at that speed; None while that is unknown."""
        speed = self.bytes_per_second
        return (self.total_bytes - self.done_bytes) / speed if speed and self.total_bytes else None

    @property
    def fraction(self) -> float | None:
        """Share that is done, 0 to 1; None where nothing can be counted."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else None


TransferReport = Callable[[Transfer], None]
