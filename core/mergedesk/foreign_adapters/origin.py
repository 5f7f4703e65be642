"""What is known of a tool that writes adapters in a form of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code


@dataclass(frozen=True, slots=True)
class Source:
    """A folder and the names of the files in it. ``file`` is the one that was chosen in the folder's place."""

    folder: Path
    names: frozenset[str]
    file: Path | None = None

    def has(self, name: str) -> bool:
        """Whether there is a file of that name; where one file was chosen, whether it is that."""
        return name in self.names and self.file in (None, self.folder / name)


def nothing(_source: Source) -> Path | None:
    """No file."""
    return None


def not_adopted(_adapter: Adapter) -> Adapter | None:
    """Not this tool's."""
    return None


def as_it_is(adapter: Adapter, _base: Checkpoint) -> Adapter:
    """The adapter, which needs nothing of the base."""
    return adapter


def unreadable(_source: Source, _file: Path) -> Adapter:
    """For tools that keep PEFT's files."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Origin:
    """A tool by its ``name``.

    ``find`` gives the file that it wrote its weights to, None where the folder is not its; ``read`` turns that into an
    adapter of PEFT's form, and raises UserError where it cannot. ``adopt`` does so for a tool that keeps PEFT's files
    but not PEFT's names. ``settle`` puts right what only the base's config tells, without which the adapter of a tool
    that ``needs_base`` is not in PEFT's form. ``said``: the finding that tells how it was read.
    """

    name: str
    said: Code | None = None
    find: Callable[[Source], Path | None] = nothing
    read: Callable[[Source, Path], Adapter] = unreadable
    adopt: Callable[[Adapter], Adapter | None] = not_adopted
    settle: Callable[[Adapter, Checkpoint], Adapter] = as_it_is
    needs_base: bool = False
