"""Links that lead out of a folder: by them a stranger's folder has a program read what is not its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ..storage.file_identity import real_path


def links_out_of(folder: Path, used: Iterable[Path] = ()) -> list[str]:
    """The names of links that end outside ``folder``, in it or in a folder of it; ``used`` may lie deeper.

    A snapshot of the Hugging Face cache is links to the ``blobs`` of its own repository, which count as inside.
    """
    root = real_path(folder)
    inside = (root, root.parent.parent / "blobs") if root.parent.name == "snapshots" else (root,)
    links = {link for link in (*_links(folder), *used) if not _lies_in(real_path(link), inside)}
    return sorted(link.relative_to(folder).as_posix() for link in links)


def _links(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        for entry in folder.iterdir():
            if entry.is_symlink():
                yield entry
            elif entry.is_dir() and not entry.name.startswith("."):
                with suppress(OSError):
                    yield from (inner for inner in entry.iterdir() if inner.is_symlink())


def _lies_in(file: Path, folders: Iterable[Path]) -> bool:
    return any(file.is_relative_to(folder) for folder in folders)
