"""A folder that appears under its name whole, or not at all."""

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from ..domain.findings import Code, UserError
from ..storage.positional_io import write_trouble


@dataclass(frozen=True, slots=True)
class Staging:
    """``folder`` is a hidden sibling of ``output``, to be filled, verified and published."""

    folder: Path
    output: Path

    def publish(self, overwrite: bool) -> None:
        """Give the folder its name. A folder that is replaced stays until the new one is in place.

        Raises UserError(output_not_empty or write_failed); then the old folder is where it was.
        """
        try:
            if self.output.is_dir() and any(self.output.iterdir()):
                if not overwrite:
                    raise UserError(Code.OUTPUT_NOT_EMPTY, path=str(self.output))
                self._replace()
            elif self.output.is_dir():
                self._take_the_place()
            else:
                self.folder.rename(self.output)
        except OSError as trouble:
            raise write_trouble(self.output, trouble) from trouble

    def _take_the_place(self) -> None:
        self.output.rmdir()
        try:
            self.folder.rename(self.output)
        except OSError:
            self.output.mkdir()
            raise

    def _replace(self) -> None:
        for file in self.folder.rglob("*"):
            if file.is_file():
                _to_disk(file)
        old = self.folder.with_name(f"{self.folder.name}-old")
        self.output.rename(old)
        try:
            self.folder.rename(self.output)
        except OSError:
            old.rename(self.output)
            raise
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def staged(output: Path) -> Iterator[Staging]:
    """A staging folder beside ``output``; gone afterwards unless published, with any parents made for it.

    A link is followed, so that the folder it leads to is made or replaced and the link stays.
    Raises UserError(disk_full or write_failed) where it cannot be made.
    """
    output = Path(os.path.realpath(output))
    made = missing_parents(output)
    folder = output.with_name(f"{_prefix(output)}{os.getpid()}-{secrets.token_hex(3)}")
    try:
        _make(folder, output)
        _remove_abandoned(output)
        yield Staging(folder, output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for parent in made:
            with suppress(OSError):
                parent.rmdir()


def _make(folder: Path, output: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as trouble:
        raise write_trouble(output, trouble) from trouble


def missing_parents(output: Path) -> list[Path]:
    """The folders that would have to be made for ``output``, the innermost first."""
    return [parent for parent in output.parents if not parent.exists()]


def _prefix(output: Path) -> str:
    return f".{output.name}.mergedesk-{platform.node() or 'here'}-"


def remove_left_by(output: Path, process: int) -> None:
    """Remove what ``process`` has staged for ``output`` and will not publish any more.

    If it ended between taking the old folder's name away and giving it to the new one, the old one has it again.
    """
    output = Path(os.path.realpath(output))
    for folder, owner, is_old in _staged_for(output):
        if owner != process:
            continue
        if is_old and not output.exists():
            with suppress(OSError):
                folder.rename(output)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(output: Path) -> None:
    """Clear what a killed process on this machine left for the same output; an old folder only once there is a new."""
    for folder, owner, is_old in _staged_for(output):
        if not psutil.pid_exists(owner) and (output.exists() or not is_old):
            shutil.rmtree(folder, ignore_errors=True)


def _staged_for(output: Path) -> Iterator[tuple[Path, int, bool]]:
    """Each hidden folder beside ``output``, with its process's number and whether it is what was replaced."""
    left = re.compile(re.escape(_prefix(output)) + r"(\d+)-[0-9a-f]{6}(?P<old>-old)?")
    siblings = list(output.parent.iterdir()) if output.parent.is_dir() else []
    for sibling in siblings:
        if match := left.fullmatch(sibling.name):
            yield sibling, int(match[1]), bool(match["old"])


def _to_disk(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
