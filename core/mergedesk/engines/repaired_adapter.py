"""A copy for PEFT to load of an adapter whose tensors lie elsewhere, or under other names, than PEFT looks for them.

The person's folder stays as it is.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..checkpoints.files import ADAPTER_CONFIG, ADAPTER_WEIGHTS
from ..storage.positional_io import open_positional, opened
from ..storage.safetensors_header import header_prefix


@contextmanager
def loadable(adapter: Adapter) -> Iterator[Path]:
    """The folder that PEFT is to load: the adapter's own, or a copy for as long as the context lasts.

    Raises UserError as ``positional_io`` does.
    """
    if not adapter.repaired and not adapter.unwrapped:
        yield adapter.folder
        return
    with tempfile.TemporaryDirectory(prefix="mergedesk-adapter-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / ADAPTER_CONFIG).write_text(json.dumps(dict(adapter.config)), encoding="utf-8")
        _write_tensors(adapter, folder / ADAPTER_WEIGHTS)
        yield folder


def _write_tensors(adapter: Adapter, file: Path) -> None:
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
            with opened(record.file) as source:
                target.copy_from(source, record.offset, offset, record.nbytes)
            offset += record.nbytes
    finally:
        target.close()
