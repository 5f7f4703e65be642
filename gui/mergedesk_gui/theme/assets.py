"""Where icons and translations are: beside the package when installed, at the top of a checkout otherwise."""

from __future__ import annotations

from functools import cache
from pathlib import Path


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
