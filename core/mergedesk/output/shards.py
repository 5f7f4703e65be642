"""Weight files that are given their size first and filled in any order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..planning.layout import Layout
from ..storage.positional_io import PositionalFile, open_positional


@contextmanager
def create_shards(folder: Path, layout: Layout) -> Iterator[Mapping[str, PositionalFile]]:
    """Create every weight file of ``layout`` in ``folder`` with its header in place; yields them by name.

    Raises UserError(disk_full or write_failed).
    """
    files: dict[str, PositionalFile] = {}
    try:
        for shard in layout.shards:
            path = folder / shard.name
            path.parent.mkdir(parents=True, exist_ok=True)
            files[shard.name] = open_positional(path, writable=True)
            files[shard.name].resize(shard.nbytes)
            files[shard.name].write_from(memoryview(shard.prefix), 0)
        yield files
    finally:
        for file in files.values():
            file.close()
