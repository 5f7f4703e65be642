"""Whether a file is still the one that was looked at before, without reading it again."""

from __future__ import annotations

import hashlib
import os
import stat
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .safetensors_header import LENGTH_BYTES, MAX_HEADER_BYTES

_DEEPEST = 4
_MOST_FILES = 20_000


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What changes when a file is written, replaced or truncated; times in nanoseconds.

    ``changed_ns`` also catches writers that put the time of writing back; ``owned`` and ``links`` tell what else moves
    it. Where there is no such time, as on Windows, it is 0.
    """

    size: int
    mtime_ns: int
    inode: int
    changed_ns: int
    owned: tuple[int, int, int]
    links: int

    def is_same(self, other: FileIdentity) -> bool:
        """Whether nobody has written to the file between these two looks.

        A number (inode) alone proves nothing: some network file systems give a file another one from time to time.
        """
        if (self.size, self.mtime_ns) != (other.size, other.mtime_ns):
            return False
        if self.changed_ns and self.changed_ns == other.changed_ns:
            return True
        moved_otherwise = not self.changed_ns or (self.owned, self.links) != (other.owned, other.links)
        return self.inode == other.inode and moved_otherwise


def identify(file: Path) -> FileIdentity:
    """The file that a path leads to now, links followed. Raises OSError."""
    return _of(file.stat())


def folder_number(folder: Path) -> tuple[int, int] | None:
    """Which folder it is, whatever its name, by its device and number; None where there is none to be looked at."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _of(found: os.stat_result) -> FileIdentity:
    changed = 0 if os.name == "nt" else found.st_ctime_ns  # Windows tells when it was made
    owned = (found.st_mode, found.st_uid, found.st_gid)
    return FileIdentity(found.st_size, found.st_mtime_ns, found.st_ino, changed, owned, found.st_nlink)


def identities_in(folders: Iterable[Path]) -> dict[Path, FileIdentity]:
    """Every file in the folders by its place (``place``), a few levels deep; what cannot be looked at is left out."""
    found: dict[Path, FileIdentity] = {}
    for folder in folders:
        for file in _files(real_path(folder), _DEEPEST):
            if len(found) >= _MOST_FILES:
                return found
            try:
                status = file.stat()
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode):
                found[file] = _of(status)
    return found


def _files(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (OSError, ValueError):
        return
    for entry in entries:
        if not _is_folder(entry):
            yield folder / entry.name
        elif depth and not entry.name.startswith(".git"):
            yield from _files(folder / entry.name, depth - 1)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def real_path(path: Path) -> Path:
    """Where a path leads in the end; itself, made absolute, where links go in a circle or no system takes the name."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return path.absolute()


def place(file: Path) -> Path:
    """A file's name in its true folder, by which ``identities_in`` lists it; a link stays the link."""
    return real_path(file.parent) / file.name


def changed_among(files: Iterable[Path], seen: Mapping[Path, FileIdentity]) -> Path | None:
    """The first of ``files`` that is not what it was when ``seen`` was made, or was not there."""
    return next((file for file in files if not _is_as_seen(file, seen.get(place(file)))), None)


def _is_as_seen(file: Path, before: FileIdentity | None) -> bool:
    try:
        return before is not None and before.is_same(identify(file))
    except OSError:
        return False


def header_digest(file: Path) -> str:
    """SHA-256 of a safetensors file's length field and header, in hex. Raises OSError."""
    with file.open("rb") as stream:
        prefix = stream.read(LENGTH_BYTES)
        length = struct.unpack("<Q", prefix)[0] if len(prefix) == LENGTH_BYTES else 0
        return hashlib.sha256(prefix + stream.read(min(length, MAX_HEADER_BYTES))).hexdigest()
