"""The power goes after the sentence: the disk's image is copied, its journal replayed, and the result is there whole.

A loop device stands for the disk: what is not synced is in memory only, and not in the image.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from rounds import FULL, Forge, Tally, in_memory

pytestmark = pytest.mark.slow

AFTER = (0, 0.1, 0.2, 0.4, 0.7, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12) if FULL else (0, 0.3, 1)
WHILE = 15 if FULL else 2
SIZES = {"ext4": 128, "btrfs": 256, "xfs": 384}


@dataclass(frozen=True)
class Disk:
    """A file system in a file."""

    image: Path

    def copied(self, number: int) -> Path:
        """The image as it is now: what a disk holds whose power goes."""
        copy = self.image.with_name(f"{self.image.name}-{number}")
        with self.image.open("rb") as source, copy.open("wb") as target:
            for begin, end in _stretches(source.fileno()):
                os.pwrite(target.fileno(), os.pread(source.fileno(), end - begin, begin), begin)
            target.truncate(os.fstat(source.fileno()).st_size)
        return copy


def _stretches(file: int) -> Iterator[tuple[int, int]]:
    """Where a file has data: copying only that takes milliseconds."""
    end = 0
    while True:
        try:
            begin = os.lseek(file, end, os.SEEK_DATA)
        except OSError:  # only a hole is left
            return
        end = os.lseek(file, begin, os.SEEK_HOLE)
        yield begin, end


@pytest.fixture(params=list(SIZES))
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    make = shutil.which(f"mkfs.{request.param}")
    if make is None:
        pytest.skip(f"mkfs.{request.param} is not here")
    home = in_memory(tmp_path)
    try:
        image = home / "image"
        with image.open("wb") as file:
            file.truncate(SIZES[request.param] << 20)
        subprocess.run([make, "-q", str(image)], check=True, capture_output=True)
        yield Disk(image)
    finally:
        shutil.rmtree(home)


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    folder.mkdir()
    if subprocess.run(["mount", "-o", "loop", str(image), str(folder)], check=False, capture_output=True).returncode:
        pytest.skip("loop devices are not to be had here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def working_in(forge: Forge, folder: Path) -> Iterator[None]:
    before = forge.place
    forge.place = folder / "results"
    forge.place.mkdir(exist_ok=True)
    try:
        yield
    finally:
        forge.place = before


@pytest.mark.parametrize("overwrite", [False, True], ids=["fresh", "overwrite"])
def test_power_loss(overwrite: bool, disk: Disk, forge: Forge, tally: Tally, tmp_path: Path) -> None:
    images: list[tuple[str, Path]] = []
    with mounted(disk.image, tmp_path / "disk") as folder, working_in(forge, folder):
        old = forge.put_old() if overwrite else None
        subprocess.run(["sync", "-f", str(folder)], check=True)
        taking = threading.Thread(target=lambda: images.extend(copies_meanwhile(disk)))
        taking.start()
        done = forge.merge(overwrite=overwrite)
        told = time.monotonic()
        first = disk.copied(0)
        taking.join()
        assert done["report"]["status"] == "merged", done
        images.append(("after", first))
        for number, moment in enumerate(AFTER[1:], 1):
            time.sleep(max(0.0, told + moment - time.monotonic()))
            images.append(("after", disk.copied(number)))
    for number, (when, image) in enumerate(images):
        with mounted(image, tmp_path / f"replayed-{number}") as folder, working_in(forge, folder):
            wrong = None if when == "after" and forge.is_whole() else forge.torn(old)
            wrong = wrong or (None if when != "after" or forge.is_whole() else "not the new one after the sentence")
        image.unlink()
        tally.count(f"power loss {when} the sentence", wrong is not None)
        assert wrong is None, (number, when, wrong)


def copies_meanwhile(disk: Disk) -> Iterator[tuple[str, Path]]:
    for number in range(WHILE):
        yield "before", disk.copied(1000 + number)
        time.sleep(0.05)
