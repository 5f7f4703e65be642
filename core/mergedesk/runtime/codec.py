"""Dataclasses as JSON and back: one codec for what is sent to another process and what is kept on the disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def to_plain(value: object, *, whole_paths: bool = False) -> Any:
    """``value`` as dicts, lists, strings and numbers. Dataclasses, enums, tuples, mappings and paths may be in it.

    ``whole_paths``: from the root on, for where the current folder is another.
    """
    return msgspec.to_builtins(value, enc_hook=_encode_whole if whole_paths else _encode, str_keys=True)


def from_plain(plain: object, kind: type[T]) -> T:
    """A ``kind`` from what ``to_plain`` gave; what is missing takes its default, what is unknown is passed over.

    Raises:
        ValueError: where a value is missing or not of its type; the message says which.
    """
    try:
        return msgspec.convert(plain, kind, dec_hook=_decode, str_keys=True)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error


def to_text(value: object, *, whole_paths: bool = False) -> str:
    """``value`` as one line of JSON in ASCII; ``whole_paths`` as in ``to_plain``.

    Python's own JSON and not the library's: that one has no word for what is not finite, and refuses file names that
    are no Unicode.
    """
    return json.dumps(to_plain(value, whole_paths=whole_paths), separators=(",", ":"))


def from_text(text: str | bytes, kind: type[T]) -> T:
    """A ``kind`` from what ``to_text`` gave.

    Raises:
        ValueError: where the text is no JSON, or not that of a ``kind``.
    """
    return from_plain(json.loads(text), kind)


def _encode(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(f"no JSON for {type(value).__name__}")


def _encode_whole(value: object) -> object:
    return _encode(value.absolute() if isinstance(value, Path) else value)


def _decode(kind: type, plain: object) -> object:
    if not issubclass(kind, Path):
        raise NotImplementedError(f"no {kind.__name__} from JSON")
    if not isinstance(plain, str):
        raise ValueError("expected the path of a file or folder")
    return Path(plain)
