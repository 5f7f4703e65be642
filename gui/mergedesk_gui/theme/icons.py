"""Icons drawn in one colour, taken from the scheme in use, and where they and the translations are.

Beside the package when installed, at the top of a checkout otherwise.
"""

from __future__ import annotations

from functools import cache
from math import ceil
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

_APP_SIZES = (16, 24, 32, 48, 64, 128, 256)


@cache
def assets_folder() -> Path:
    """The folder that holds ``icons`` and ``translations``."""
    here = Path(__file__).resolve().parents[1]
    installed = here / "assets"
    return installed if installed.is_dir() else here.parents[1] / "assets"


def icon_file(name: str) -> Path:
    """The SVG file of an icon, named without its ending."""
    return assets_folder() / "icons" / f"{name}.svg"


def translations_folder() -> Path:
    """The folder with the compiled translations."""
    return assets_folder() / "translations"


def icon(name: str, colour: str, disabled: str, size: int = 16) -> QIcon:
    """An icon in ``colour``, sharp on the finest of the screens."""
    made = QIcon()
    for scale in sorted({1, ceil(_finest())}):
        made.addPixmap(pixmap(name, colour, size * scale), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, disabled, size * scale), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, colour: str, pixels: int) -> QPixmap:
    """One drawing of an icon, ``pixels`` wide and high."""
    key = f"mergedesk/{name}/{colour}/{pixels}"
    drawn = QPixmap()
    if not QPixmapCache.find(key, drawn):
        drawn = _rendered(_source(icon_file(name)).replace("currentColor", colour), pixels)
        QPixmapCache.insert(key, drawn)
    return drawn


def application_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    made = QIcon()
    source = _source(icon_file("mergedesk"))
    for size in _APP_SIZES:
        made.addPixmap(_rendered(source, size))
    return made


def _finest() -> float:
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


@cache
def _source(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _rendered(svg: str, pixels: int) -> QPixmap:
    drawn = QPixmap(pixels, pixels)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return drawn
