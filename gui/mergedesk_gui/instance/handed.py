"""What a start was given to open, as data, and as the message in which a later start hands it over."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from mergedesk.domain.requests import AdapterChoice

from ..state.form import Form
from ..state.mode import Mode
from ..state.stored_form import is_absolute, is_sensible

MOST_BYTES = 1 << 16
_MOST_PATHS = 64
_MOST_LETTERS = 512
_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


@dataclass(frozen=True, slots=True)
class Handed:
    """``paths`` are folders, and files of jobs, to be put where they belong; the others say themselves where that is.

    ``token``: the desktop's leave to come to the front.
    """

    base: Path | None = None
    adapters: tuple[AdapterChoice, ...] = ()
    output: Path | None = None
    merged: Path | None = None
    paths: tuple[Path, ...] = ()
    token: str = ""

    @property
    def form(self) -> Form:
        """The form that is asked for by name."""
        mode = Mode.VERIFY if self.merged else Mode.MERGE
        return Form(self.base, self.adapters, self.output, mode=mode, merged=self.merged)


def message_of(handed: Handed) -> bytes:
    """The message, its paths from the root on: the other program may have been started elsewhere."""
    from mergedesk.runtime import codec

    token = next((value for name in _TOKENS if (value := os.environ.get(name))), "")
    return codec.to_text(replace(handed, token=token), whole_paths=True).encode("ascii")


def handed_of(message: bytes) -> Handed | None:
    """What a message brings; None for one that makes no sense."""
    from mergedesk.runtime import codec

    try:
        handed = codec.from_text(message, Handed)
    except (ValueError, RecursionError):
        return None
    folders = (*handed.paths, *(path for path in (handed.output,) if path is not None))
    is_sound = len(handed.paths) <= _MOST_PATHS and len(handed.token) <= _MOST_LETTERS and "\0" not in handed.token
    return handed if is_sound and is_sensible(handed.form) and all(map(is_absolute, folders)) else None
