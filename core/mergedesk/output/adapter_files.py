"""An adapter written as PEFT saves one: its config, and its tensors in one safetensors file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..checkpoints.files import ADAPTER_CONFIG, ADAPTER_WEIGHTS
from ..storage.positional_io import open_positional, opened
from ..storage.safetensors_header import header_prefix


def write_adapter(adapter: Adapter, folder: Path, check: Callable[[], None] = lambda: None) -> None:
    """The adapter's config and tensors, under their names here, in PEFT's files; one tensor at a time is held.

    ``check`` is called before each tensor, and may raise. Raises UserError as ``positional_io`` does.
    """
    (folder / ADAPTER_CONFIG).write_text(json.dumps(dict(adapter.config), indent=2), encoding="utf-8")
    _write_tensors(adapter, folder / ADAPTER_WEIGHTS, check)


def _write_tensors(adapter: Adapter, file: Path, check: Callable[[], None]) -> None:
    """The same bytes under the adapter's names, in one safetensors file."""
    tensors = adapter.tensors.values()
    entries = ((record.name, record.dtype, record.shape, record.nbytes) for record in tensors)
    prefix = header_prefix(entries, {"format": "pt"})
    target = open_positional(file, writable=True)
    try:
        target.resize(len(prefix) + sum(record.nbytes for record in tensors))
        target.write_from(memoryview(prefix), 0)
        offset = len(prefix)
        for record in tensors:
            check()
            with opened(record.file) as source:
                target.copy_from(source, record.offset, offset, record.nbytes)
            offset += record.nbytes
    finally:
        target.close()
