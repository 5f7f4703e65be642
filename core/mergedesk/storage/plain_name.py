"""Folders whose names are no Unicode, as POSIX allows, for libraries that take only such."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def plain_name(folder: Path) -> Iterator[Path]:
    """The folder itself, or a link to it, which is there as long as the block lasts. Raises OSError."""
    try:
        str(folder.absolute()).encode()
    except UnicodeEncodeError:
        with TemporaryDirectory(prefix="mergedesk-") as place:
            link = Path(place) / "folder"
            link.symlink_to(folder.absolute(), target_is_directory=True)
            yield link
    else:
        yield folder
