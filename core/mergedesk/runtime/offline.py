"""Nothing in this process, nor in any that it starts, asks a hub by itself; what a person said of that stays known."""

from __future__ import annotations

import os

_OFFLINE = "HF_HUB_OFFLINE"
_BY_ITSELF = "MERGEDESK_STAYS_OFFLINE"


def stay_offline() -> None:
    """Every input is a folder on this machine: libraries look for nothing else."""
    if _OFFLINE not in os.environ:
        os.environ.update({_OFFLINE: "1", _BY_ITSELF: "1"})


def environment_of_person() -> dict[str, str]:
    """The environment as it was before that."""
    added = (_OFFLINE, _BY_ITSELF) if os.environ.get(_BY_ITSELF) else ()
    return {name: value for name, value in os.environ.items() if name not in added}
