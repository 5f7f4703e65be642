"""Fresh processes to measure in, and the state of disk and cache they start from."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

HERE = Path(__file__).parent
_READ_BYTES = 8 << 20


class Failed(Exception):
    """A measured process did not do its work; the message is what it wrote."""


def run_script(
    name: str, *arguments: str | Path, settings: Path | None = None, python: Path | str = sys.executable
) -> Mapping[str, Any]:
    """Run one of the scripts beside this file; what it printed last is its result."""
    output = run([str(python), str(HERE / name), *map(str, arguments)], settings)
    result: Mapping[str, Any] = json.loads(output.splitlines()[-1])
    return result


def run(command: Sequence[str], settings: Path | None = None) -> str:
    """Run a command to its end and return what it printed. ``settings``: in place of a person's own, and of history."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HF_HUB_OFFLINE": "1"}
    if settings is not None:
        environment["XDG_CONFIG_HOME"] = environment["XDG_STATE_HOME"] = str(settings)
    done = subprocess.run(
        command, check=False, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise Failed(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def seconds_of(command: Sequence[str], settings: Path | None = None) -> float:
    """How long a whole command takes, from its start to its end."""
    started = time.perf_counter()
    run(command, settings)
    return time.perf_counter() - started


def settle(*inputs: Path) -> None:
    """Empty the disk's buffers and bring the inputs into the page cache."""
    os.sync()
    for folder in inputs:
        _read_whole(folder)


@contextmanager
def settled(folder: Path, *inputs: Path) -> Iterator[Path]:
    """Start with clean disk buffers and with the inputs in the page cache. Gives the path of an output that does not
    exist yet, below ``folder``; what is written there is removed afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="out-", dir=folder) as scratch:
        settle(*inputs)
        yield Path(scratch) / "output"


def _read_whole(folder: Path) -> None:
    for file in folder.iterdir():
        with file.open("rb", buffering=0) as source:
            while source.read(_READ_BYTES):
                pass


def file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of weights."""
    digests = {}
    for file in folder.glob("*.safetensors"):
        with file.open("rb") as source:
            digests[file.name] = hashlib.file_digest(source, "sha256").hexdigest()
    return digests


def tensor_digests(folder: Path) -> dict[str, str]:
    """Type, shape and SHA-256 of each tensor, in whichever file it lies."""
    digests = {}
    for file in folder.glob("*.safetensors"):
        with file.open("rb") as source:
            length = int.from_bytes(source.read(8), "little")
            header = json.loads(source.read(length))
            header.pop("__metadata__", None)
            for name, entry in header.items():
                begin, end = entry["data_offsets"]
                source.seek(8 + length + begin)
                digests[name] = f"{entry['dtype']} {entry['shape']} {_digest(source, end - begin)}"
    return digests


def _digest(source: BinaryIO, nbytes: int) -> str:
    digest = hashlib.sha256()
    while nbytes:
        block = source.read(min(nbytes, _READ_BYTES))
        if not block:
            raise Failed(f"{source.name} ends too early")
        digest.update(block)
        nbytes -= len(block)
    return digest.hexdigest()
