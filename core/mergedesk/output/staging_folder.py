"""The hidden folder beside an output in which it is made: its files, and what they tell of the run that made it.

The name is short, whatever the output is called. Inside: ``model``, the folder to be published; ``about.json``, whose
it is; ``lock``, which a living run holds; the ``journal`` of what is on the disk; while an output is replaced
``publishing.json``, and ``old`` where the system cannot exchange two folders.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..checkpoints.files import REPORT

_NAME = re.compile(r"\.mergedesk-[0-9a-f]{8}")
_BASE_NAME = re.compile(r"\..+-base")
HOLDS = {"holds": "base"}
"""What the note in a folder says that holds pieces of a base, and no output."""
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class StagingFolder:
    """``path`` need not exist."""

    path: Path

    @property
    def is_there(self) -> bool:
        """Whether it is, as far as the disk tells."""
        return is_folder(self.path)

    @property
    def model(self) -> Path:
        """What will be published."""
        return self.path / "model"

    @property
    def old(self) -> Path:
        """The folder that was under the output's name, while it is out of the way."""
        return self.path / "old"

    @property
    def about(self) -> Path:
        """Whose it is."""
        return self.path / "about.json"

    @property
    def journal(self) -> Path:
        """Which parts of the model are on the disk."""
        return self.path / "journal"

    @property
    def publishing(self) -> Path:
        """Which result was about to take the place of another."""
        return self.path / "publishing.json"

    @property
    def output(self) -> Path | None:
        """Where the model is to go; None where that was not written down before the run ended."""
        name = read_small(self.about).get("output")
        return self.path.with_name(name) if isinstance(name, str) and name and Path(name).name == name else None

    @property
    def made_parents(self) -> int:
        """How many of the folders above it were made for it."""
        count = read_small(self.about).get("parents")
        return count if isinstance(count, int) else 0

    @property
    def process(self) -> int | None:
        """The number of the process that made it, by which its parent knows it; whether it lives, the lock says."""
        number = read_small(self.about).get("process")
        return number if isinstance(number, int) else None

    @property
    def is_published(self) -> bool:
        """Whether the output already is what was made here, so that what is left here is what it replaced."""
        stated, output = read_small(self.publishing).get("report"), self.output
        return bool(stated) and output is not None and stated == report_digest(output)


def is_folder(path: Path) -> bool:
    """Whether a folder is there. Never raises, as pathlib does on a disk that broke off."""
    return os.path.isdir(path)  # noqa: PTH112


def new_staging_folder(output: Path) -> StagingFolder:
    """One for ``output``, under a name that is not in use."""
    return StagingFolder(output.with_name(f".mergedesk-{secrets.token_hex(4)}"))


def is_staging_folder(path: Path) -> bool:
    """Whether a path is named as they are, or as the place of a base's pieces is."""
    return bool(_NAME.fullmatch(path.name) or _BASE_NAME.fullmatch(path.name))


def staging_folders_in(folder: Path) -> Iterator[StagingFolder]:
    """All that lie in ``folder``, in use or not; none where that cannot be looked into."""
    return _named(folder, _NAME)


def base_place_of(output: Path) -> StagingFolder:
    """Where pieces of a base lie while ``output`` is made of them."""
    return StagingFolder(output.with_name(f".{output.name}-base"))


def is_base_place(path: Path) -> bool:
    """Whether a folder is one of these."""
    return bool(_BASE_NAME.fullmatch(path.name)) and HOLDS.items() <= read_small(StagingFolder(path).about).items()


def base_places_in(folder: Path) -> Iterator[StagingFolder]:
    """All of these in ``folder``, in use or not."""
    return (home for home in _named(folder, _BASE_NAME) if is_base_place(home.path))


def _named(folder: Path, pattern: re.Pattern[str]) -> Iterator[StagingFolder]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if pattern.fullmatch(entry.name) and entry.is_dir())
    except (OSError, ValueError):
        return
    yield from (StagingFolder(folder / name) for name in names)


def report_digest(folder: Path) -> str | None:
    """SHA-256 of the report in a merged folder, which no other merge has; None where there is none."""
    try:
        return hashlib.sha256((folder / REPORT).read_bytes()).hexdigest()
    except OSError:
        return None


def read_small(file: Path) -> dict[str, Any]:
    """A small JSON object; empty where it is missing or torn."""
    try:
        with file.open(encoding="utf-8") as stream:
            content = json.loads(stream.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def write_small(file: Path, content: Mapping[str, Any]) -> None:
    """Write a small JSON object. Raises OSError."""
    file.write_text(json.dumps(content) + "\n", encoding="utf-8")
