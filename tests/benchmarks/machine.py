"""What the numbers depend on besides the code: processor, memory, disk, system and versions."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

_PACKAGES = ("torch", "transformers", "peft", "safetensors", "PySide6-Essentials")
_CPU, _BLOCK = Path("/proc/cpuinfo"), Path("/sys/dev/block")


@dataclass(frozen=True)
class Machine:
    """``memory`` is in bytes; ``disk`` is what the models lie on, ``load`` how many processes ran at the start."""

    cores: int
    processor: str
    memory: int
    disk: str
    system: str
    load: float
    versions: Mapping[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        """The machine, for below a table."""
        memory = f"{self.memory / 1e9:.0f} GB of memory"
        return f"{self.cores} cores ({self.processor}), {memory}, {self.disk}, {self.system}"

    def versions_sentence(self) -> str:
        """The libraries, for below a table."""
        named = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return f"{named}; load {self.load} at the start"

    def as_json(self) -> dict[str, Any]:
        """Everything, for a file."""
        return {**self.__dict__, "versions": dict(self.versions)}


def this_machine(folder: Path) -> Machine:
    """The machine this runs on, with the disk that ``folder`` lies on."""
    versions = {"Python": platform.python_version()} | {name: metadata.version(name) for name in _PACKAGES}
    return Machine(
        cores=os.cpu_count() or 1,
        processor=_processor(),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        disk=_disk(folder),
        system=f"{platform.system()} {platform.release()}",
        load=round(os.getloadavg()[0], 2),
        versions=versions,
    )


def _processor() -> str:
    for line in _CPU.read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _disk(folder: Path) -> str:
    """File system and kind of the disk; a disk of a virtual machine does not say what it really is."""
    device = folder.stat().st_dev
    mounts = [part for part in psutil.disk_partitions(all=True) if _holds(Path(part.mountpoint), device)]
    file_system = mounts[0].fstype if mounts else "unknown file system"
    return f"{file_system} on {_kind(device)}"


def _holds(mount: Path, device: int) -> bool:
    try:
        return mount.stat().st_dev == device
    except OSError:
        return False


def _kind(device: int) -> str:
    node = (_BLOCK / f"{os.major(device)}:{os.minor(device)}").resolve()
    node = node if (node / "queue").exists() else node.parent
    if node.name.startswith("vd"):
        return "a virtual disk"
    try:
        spins = (node / "queue" / "rotational").read_text(encoding="ascii").strip() == "1"
    except OSError:
        return "no disk of its own"
    return "a hard disk" if spins else "an SSD"
