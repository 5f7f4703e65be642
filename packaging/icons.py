"""The program's icon in the sizes and containers that the platforms want, drawn from its SVG.

``python packaging/icons.py png FOLDER`` writes a hicolor tree; ``ico FILE`` and ``icns FILE`` write those containers.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

NAME = "io.github.mergedesk.MergeDesk"
SOURCE = Path(__file__).resolve().parents[1] / "assets" / "icons" / "mergedesk.svg"
HICOLOR_SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
_ICNS_TYPES = {b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}


def png(size: int) -> bytes:
    """The icon as a square PNG with ``size`` pixels on each side."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(held.data())


def write_hicolor(folder: Path) -> None:
    """Every size under ``folder``/SIZExSIZE/apps, and the SVG itself."""
    for size in HICOLOR_SIZES:
        _write(folder / f"{size}x{size}" / "apps" / f"{NAME}.png", png(size))
    _write(folder / "scalable" / "apps" / f"{NAME}.svg", SOURCE.read_bytes())


def ico() -> bytes:
    """A Windows icon file that holds PNGs."""
    pictures = [png(size) for size in _ICO_SIZES]
    offset = 6 + 16 * len(pictures)
    entries = b""
    for size, picture in zip(_ICO_SIZES, pictures, strict=True):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + b"".join(pictures)


def icns() -> bytes:
    """A macOS icon file that holds PNGs."""
    body = b""
    for kind, size in _ICNS_TYPES.items():
        picture = png(size)
        body += kind + struct.pack(">I", len(picture) + 8) + picture
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def main() -> None:
    """Write what the command line asks for."""
    kind, target = sys.argv[1], Path(sys.argv[2])
    _application = QGuiApplication(sys.argv[:1])
    if kind == "png":
        write_hicolor(target)
    else:
        _write(target, {"ico": ico, "icns": icns}[kind]())


if __name__ == "__main__":
    main()
