"""Weight files that are given their size first and filled in any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..planning.layout import Layout, OutputShard
from ..storage.descriptors import DescriptorPool
from ..storage.positional_io import PositionalFile, open_positional, write_trouble


@contextmanager
def create_shards(folder: Path, layout: Layout, again: bool = False) -> Iterator[Mapping[str, PositionalFile]]:
    """Create every weight file of ``layout`` in ``folder`` with its header in place; yields them by name.

    ``again``: they may be there, of this layout, and what they hold stays. Raises UserError(disk_full or write_failed).
    """
    files: dict[str, PositionalFile] = {}
    pool = DescriptorPool()
    try:
        for shard in layout.shards:
            make_parents(folder, shard.name)
            files[shard.name] = open_positional(folder / shard.name, writable=True, again=again, pool=pool)
            files[shard.name].resize(shard.nbytes)
            files[shard.name].write_from(memoryview(shard.prefix), 0)
        yield files
    finally:
        close_all(files.values())


def make_parents(folder: Path, name: str) -> None:
    """Make what the file ``name`` needs in ``folder``, which itself is never made: it may have been moved away.

    Raises UserError(write_failed).
    """
    for parent in reversed(Path(name).parents[:-1]):
        try:
            (folder / parent).mkdir(exist_ok=True)
        except OSError as trouble:
            raise write_trouble(folder / parent, trouble) from trouble


def close_all(files: Iterable[PositionalFile]) -> None:
    """Close every file, and only then raise what the first of them told. Raises UserError(write_failed)."""
    with ExitStack() as stack:
        for file in files:
            stack.callback(file.close)


def are_there(folder: Path, layout: Layout) -> bool:
    """Whether every weight file is there with its header and its size."""
    return all(_is_there(folder / shard.name, shard) for shard in layout.shards)


def _is_there(file: Path, shard: OutputShard) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(len(shard.prefix)) == shard.prefix and file.stat().st_size == shard.nbytes
    except OSError:
        return False


def remove_others(folder: Path, layout: Layout) -> None:
    """Remove all that is no weight file of ``layout``: the rest is written anew. Raises UserError(write_failed)."""
    kept = {folder / shard.name for shard in layout.shards}
    kept |= {parent for file in kept for parent in file.parents}
    try:
        for entry in sorted(folder.rglob("*"), reverse=True):
            if entry not in kept:
                entry.rmdir() if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    except OSError as trouble:
        raise write_trouble(folder, trouble) from trouble
