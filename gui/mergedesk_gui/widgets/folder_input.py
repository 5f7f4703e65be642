"""What a person drops, types or pastes, as folders."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl


def folders_in(dropped: QMimeData) -> tuple[Path, ...]:
    """The local folders among what was dropped. A file stands for the folder it is in."""
    paths = [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
    # Only names are looked at: asking a slow network drive here would hold up the drag.
    folders = [path.parent if _names_a_file(path) else path for path in paths]
    return tuple(dict.fromkeys(folders))


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


def _names_a_file(path: Path) -> bool:
    return path.suffix in {".safetensors", ".json", ".bin", ".gguf", ".pt", ".pth", ".model", ".txt", ".md"}
