"""What the person has chosen so far, as data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl

from mergedesk.request import AdapterChoice, Engine, MergeRequest, Precision


@dataclass(frozen=True, slots=True)
class Choices:
    """The inputs as they stand; ``output`` is None while the person leaves it to the proposal."""

    base: Path | None = None
    adapters: tuple[AdapterChoice, ...] = ()
    output: Path | None = None
    precision: Precision = Precision.AUTO
    engine: Engine = Engine.AUTO
    overwrite: bool = False

    @property
    def has_inputs(self) -> bool:
        """Whether both a base and an adapter are chosen."""
        return self.base is not None and bool(self.adapters)

    def request(self, output: Path | None) -> MergeRequest:
        """The merge these choices ask for, into ``output``.

        Raises:
            ValueError: if no base is chosen.
        """
        if self.base is None:
            raise ValueError("a merge needs a base")
        return MergeRequest(
            base=self.base,
            adapters=self.adapters,
            output=output,
            precision=self.precision,
            engine=self.engine,
            overwrite=self.overwrite,
        )


def folder_from_text(text: str) -> Path | None:
    """The folder a person means by what they typed or pasted; None for nothing.

    Quotes (Windows copies paths with them), ``file://`` addresses and ``~`` are understood.
    """
    text = text.strip().strip('"').strip()
    if text.startswith("file://"):
        text = QUrl(text).toLocalFile()
    if not text:
        return None
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:  # no such user: then the name really starts with a tilde
        return path


def proposed_output(base: Path, adapter: Path) -> Path:
    """A free folder next to the adapter, named after both inputs. Looks at the disk."""
    name = f"{base.name}-{_meaningful_name(adapter)}-merged"
    folder = adapter.parent / name
    number = 2
    while _is_taken(folder):
        folder = adapter.parent / f"{name}-{number}"
        number += 1
    return folder


def _meaningful_name(adapter: Path) -> str:
    # A checkpoint's own name says nothing without the run it belongs to.
    is_step = adapter.name.startswith("checkpoint-")
    return f"{adapter.parent.name}-{adapter.name}" if is_step and adapter.parent.name else adapter.name


def _is_taken(folder: Path) -> bool:
    try:
        return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError:
        return False
