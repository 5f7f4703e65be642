"""Pictures of windows as small PNG files: of the colours that are there, those that are seen most."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

_MOST = 256


def save_small(image: QImage, file: Path) -> None:
    """Write ``image`` with a table of at most 256 colours; each pixel gets the one that is nearest to its own.

    Raises:
        OSError: It cannot be written.
    """
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    colours, places, counts = np.unique(pixels[:, : plain.width()], return_inverse=True, return_counts=True)
    table, nearest = _table(colours, counts)
    codes = np.ascontiguousarray(nearest[places].reshape(plain.height(), plain.width()).astype(np.uint8))
    indexed = QImage(codes.data, plain.width(), plain.height(), plain.width(), QImage.Format.Format_Indexed8)
    indexed.setColorTable([int(colour) | 0xFF000000 for colour in table])
    file.parent.mkdir(parents=True, exist_ok=True)
    if not indexed.save(str(file), "PNG", 0):
        raise OSError(f"the picture could not be saved: {file}")


def _table(colours: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The colours that are kept, and for each of all the number of the one that takes its place."""
    if len(colours) <= _MOST:
        return colours, np.arange(len(colours))
    split = _channels(colours)
    chosen = list(np.argsort(counts)[::-1][: _MOST // 2])
    distances = ((split[:, None] - split[chosen][None]) ** 2).sum(axis=2).min(axis=1)
    while len(chosen) < _MOST:  # then whatever would be changed most, weighed by how often it is there
        worst = int(np.argmax(distances * np.sqrt(counts)))
        chosen.append(worst)
        distances = np.minimum(distances, ((split - split[worst]) ** 2).sum(axis=1))
    nearest = ((split[:, None] - split[chosen][None]) ** 2).sum(axis=2).argmin(axis=1)
    return colours[chosen], nearest


def _channels(colours: np.ndarray) -> np.ndarray:
    return np.stack([(colours >> shift) & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.int32)
