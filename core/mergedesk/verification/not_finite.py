"""Stored weights that are no numbers, found by their bits before anything is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..domain.dtypes import DTYPES
from ..storage.open_files import OpenFiles, open_files
from ..storage.safetensors_header import TensorRecord

_CHUNK_BYTES = 1 << 22
# Of each type the bits of the exponent; where all of them are set, the value is infinite or NaN.
_EXPONENTS: dict[str, tuple[str, int]] = {
    "BF16": ("<u2", 0x7F80),
    "F16": ("<u2", 0x7C00),
    "F32": ("<u4", 0x7F800000),
    "F64": ("<u8", 0x7FF0000000000000),
}


def names_not_finite(records: Iterable[Any], check: Callable[[], None]) -> tuple[str, ...]:
    """The tensors that hold a NaN or an infinity. ``check`` is called between pieces, and may raise.

    Raises:
        UserError: ``read_failed``.
    """
    with open_files() as files:
        return tuple(_found(files, records, check))


def _found(files: OpenFiles, records: Iterable[Any], check: Callable[[], None]) -> Iterator[str]:
    plain = [one for one in records if isinstance(one, TensorRecord) and one.dtype in _EXPONENTS]
    for record in sorted(plain, key=_place):
        if _holds_one(files, record, check):
            yield record.name


def _place(record: TensorRecord) -> tuple[Path, str]:
    return record.file, record.name


def _holds_one(files: OpenFiles, record: TensorRecord, check: Callable[[], None]) -> bool:
    form, exponent = _EXPONENTS[record.dtype]
    mask = np.dtype(form).type(exponent)
    total = record.elements * DTYPES[record.dtype].bits // 8
    for begin in range(0, total, _CHUNK_BYTES):
        check()
        bits = np.frombuffer(files.read(record, begin, min(begin + _CHUNK_BYTES, total)), form)
        if bool(((bits & mask) == mask).any()):
            return True
    return False
