"""LoRAs that llama.cpp's ``convert_lora_to_gguf.py`` made: named for what they are, never read.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..domain.findings import Code, UserError
from .origin import Origin, Source

_MAGIC = b"GGUF"
_STRING = 8
_LOOK_AT = 1 << 16
_TYPE, _ADAPTER = b"general.type", b"adapter"
_ENTRY = _TYPE + struct.pack("<IQ", _STRING, len(_ADAPTER)) + _ADAPTER


def _find(source: Source) -> Path | None:
    files = [source.folder / name for name in sorted(source.names) if name.endswith(".gguf") and source.has(name)]
    return next((file for file in files if _is_adapter(file)), None)


def _is_adapter(file: Path) -> bool:
    with suppress(OSError), file.open("rb") as stream:
        begin = stream.read(_LOOK_AT)
        return begin.startswith(_MAGIC) and _ENTRY in begin
    return False


def _read(_source: Source, file: Path) -> Adapter:
    raise UserError(Code.GGUF_LORA, file=file.name)


ORIGIN = Origin("GGUF LoRA", find=_find, read=_read)
