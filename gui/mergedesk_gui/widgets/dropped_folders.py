"""What a person drops on the window, as folders."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def folders_in(dropped: QMimeData) -> tuple[Path, ...]:
    """The local folders among what was dropped. A file stands for the folder it is in."""
    paths = [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
    # Only names are looked at: asking a slow network drive here would hold up the drag.
    folders = [path.parent if _names_a_file(path) else path for path in paths]
    return tuple(dict.fromkeys(folders))


def _names_a_file(path: Path) -> bool:
    return path.suffix in {".safetensors", ".json", ".bin", ".gguf", ".pt", ".pth", ".model", ".txt", ".md"}
