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

from ..domain.errors import UserError
from ..domain.findings import Code
from ..storage.positional_io import write_trouble


@dataclass(frozen=True, slots=True)
class Staging:
    """``folder`` is a hidden sibling of ``output``, to be filled, checked and published."""

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
    made = _missing_parents(output)
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


def _missing_parents(output: Path) -> list[Path]:
    return [parent for parent in output.parents if not parent.exists()]


def _prefix(output: Path) -> str:
    return f".{output.name}.mergedesk-{platform.node() or 'here'}-"


def _remove_abandoned(output: Path) -> None:
    """Clear what a killed process on this machine left for the same output; an old folder only once there is a new."""
    left = re.compile(re.escape(_prefix(output)) + r"(\d+)-[0-9a-f]{6}(?P<old>-old)?")
    for sibling in output.parent.iterdir():
        match = left.fullmatch(sibling.name)
        if match and not psutil.pid_exists(int(match[1])) and (output.exists() or not match["old"]):
            shutil.rmtree(sibling, ignore_errors=True)


def _to_disk(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
