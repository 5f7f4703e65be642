"""Small files that are read whole, and the JSON in them: refused by kind, size or depth before they cost anything."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from ..domain.findings import Code, UserError

MAX_DEPTH = 127  # as safetensors and tokenizers have it
_HALF_OF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


def read_bounded(file: Path, most: int) -> bytes:
    """All of a file that has no reason to be larger than ``most`` bytes. Raises UserError like ``opened_bounded``."""
    with opened_bounded(file, most) as stream:
        return stream.read(most)


@contextmanager
def opened_bounded(file: Path, most: int) -> Iterator[BinaryIO]:
    """Such a file, to be read in parts.

    Raises UserError: folder_unreadable, not_a_plain_file for pipes and devices, file_absurdly_big.
    """
    try:
        state = file.stat()
        if not stat.S_ISREG(state.st_mode):
            raise UserError(Code.NOT_A_PLAIN_FILE, file=file.name)
        if state.st_size > most:
            raise UserError(Code.FILE_ABSURDLY_BIG, file=file.name, limit_bytes=most)
        with file.open("rb") as stream:
            yield stream
    except OSError as trouble:
        raise UserError(Code.FOLDER_UNREADABLE, file=file.name, reason=trouble.strerror or "") from trouble


def read_bounded_json(file: Path, most: int) -> Any:
    """What a JSON file of at most ``most`` bytes holds. Raises UserError as above, json_broken or json_too_deep."""
    content = read_bounded(file, most)
    try:
        return parse_json(content.decode("utf-8-sig"))
    except RecursionError as trouble:
        raise UserError(Code.JSON_TOO_DEEP, file=file.name, limit=MAX_DEPTH) from trouble
    except ValueError as trouble:
        raise UserError(Code.JSON_BROKEN, file=file.name) from trouble


def parse_json(text: str, **hooks: Any) -> Any:
    """JSON of bounded depth, whose strings are all Unicode; ``hooks`` are those of ``json.loads``.

    Raises:
        RecursionError: where it is deeper than anything that is meant.
        ValueError: where it is no JSON, or half of a surrogate pair stands alone, which no file can be written with.
    """
    content = json.loads(text, **hooks)
    level: Iterable[Any] = [content]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inner(outer) if isinstance(inner, (dict, list))]
        if not level:
            break
    else:
        raise RecursionError("deeper than any config")
    if _HALF_OF_A_PAIR.search(text):
        json.dumps(content, ensure_ascii=False).encode()
    return content


def _inner(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
