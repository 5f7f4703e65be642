"""The signals by which a person or the system ends a program, and which it can answer by tidying up."""

from __future__ import annotations

import signal


def ending_signals() -> list[signal.Signals]:
    """What ends a process and can be answered; a closed terminal is nothing to a program that was told so (nohup)."""
    known = [number for number in signal.Signals if number.name in ("SIGINT", "SIGTERM", "SIGHUP")]
    return [one for one in known if one.name != "SIGHUP" or signal.getsignal(one) is not signal.SIG_IGN]
