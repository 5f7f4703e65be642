"""Whether a file is a whole GGUF file of a model, before another program is given it."""

from __future__ import annotations

from pathlib import Path

from ..domain.findings import Code, UserError
from .gguf_header import GgufHeader, read_gguf_header
from .gguf_sizes import missing_bytes

_MAGIC = b"GGUF"
_KIND = "general.type"
_ADAPTER = "adapter"


def whole_model_gguf(file: Path) -> GgufHeader:
    """The header of a model's file of which nothing is missing.

    Raises:
        UserError: ``gguf_missing``, ``not_a_gguf``, ``gguf_broken``, ``gguf_cut_short``, ``gguf_is_adapter`` or
            ``read_failed``.
    """
    if not file.is_file():
        raise UserError(Code.GGUF_MISSING, path=str(file))
    if not begins_as_gguf(file):
        raise UserError(Code.NOT_A_GGUF, path=str(file))
    header = read_gguf_header(file)
    if missing := missing_bytes(header):
        raise UserError(Code.GGUF_CUT_SHORT, file=file.name, missing_bytes=missing)
    if is_adapter(header):
        raise UserError(Code.GGUF_IS_ADAPTER, file=file.name)
    if not header.tensors:
        raise UserError(Code.GGUF_EMPTY, file=file.name)
    return header


def begins_as_gguf(file: Path) -> bool:
    """Whether the first bytes say that it is one; false as well where it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def is_adapter(header: GgufHeader) -> bool:
    """Whether the file is a GGUF LoRA, which does nothing without its base model."""
    return header.values.get(_KIND) == _ADAPTER
