"""The last inputs as they are kept: one text that the codec makes of the form, and what of it makes no sense."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from .form import MOST_SEED, MOST_STRENGTH, Form, shard_bytes

FORM_KEY = "choices/form"
CUT_OFF_KEY = "choices/cut_off"
_MOST_LETTERS = 4096


def form_text(form: Form) -> str:
    """A form without what holds for one merge only: the output, now a model, and what was allowed."""
    from mergedesk.runtime import codec

    kept = replace(form, output=None, overwrite=False, consents=frozenset())
    return codec.to_text(kept, whole_paths=True)


def cut_off_text(form: Form) -> str:
    """The form of a merge that runs, with the output it writes; what was allowed is asked for again."""
    from mergedesk.runtime import codec

    return codec.to_text(replace(form, overwrite=False, consents=frozenset()), whole_paths=True)


def form_of_text(text: str) -> Form:
    """What ``form_text`` or ``cut_off_text`` wrote; fields that make no sense have their usual values."""
    from mergedesk.runtime import codec

    try:
        plain = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return Form()
    fields = plain.items() if isinstance(plain, dict) else ()
    return codec.from_plain({name: value for name, value in fields if makes_sense({name: value})}, Form)


def makes_sense(plain: dict[str, Any]) -> bool:
    """Whether plain data is that of a form, and one that the window itself could have kept."""
    from mergedesk.runtime import codec

    try:
        return is_sensible(codec.from_plain(plain, Form))
    except ValueError:
        return False


def is_sensible(form: Form) -> bool:
    """Whether folders are whole and numbers within their limits."""
    folders = (form.base, form.merged, form.output, *(adapter.folder for adapter in form.adapters))
    return (
        all(folder is None or is_absolute(folder) for folder in folders)
        and all(-MOST_STRENGTH <= adapter.weight <= MOST_STRENGTH for adapter in form.adapters)
        and 0 < form.combination.density <= 1
        and 0 <= form.combination.seed <= MOST_SEED
        and 0 <= form.rounding.seed <= MOST_SEED
        and (not form.shard_size or shard_bytes(form.shard_size) is not None)
    )


def is_absolute(folder: Path | str) -> bool:
    """Whether a folder means the same wherever the program is started from, on the system that wrote it down."""
    text = str(folder)
    is_rooted = PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()
    return is_rooted and len(text) <= _MOST_LETTERS and "\0" not in text
