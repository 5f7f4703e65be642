"""A copy for PEFT to load of an adapter whose tensors lie elsewhere, or under other names, than PEFT looks for them.

The person's folder stays as it is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..output.adapter_files import write_adapter


@contextmanager
def loadable(adapter: Adapter) -> Iterator[Path]:
    """The folder that PEFT is to load: the adapter's own, or a copy for as long as the context lasts.

    Raises UserError as ``positional_io`` does.
    """
    if not adapter.repaired and not adapter.unwrapped:
        yield adapter.folder
        return
    with tempfile.TemporaryDirectory(prefix="mergedesk-adapter-", ignore_cleanup_errors=True) as name:
        write_adapter(adapter, Path(name))
        yield Path(name)
