"""What the shell is told."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    VERIFICATION_FAILED = 4
    CANCELLED = 130
