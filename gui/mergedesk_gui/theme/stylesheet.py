"""The style sheet, ``window.qss``, in a scheme's colours. Distances are multiples of 8 pixels, 4 inside controls."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from string import Template

from .assets import icon_file
from .colours import LIGHT, Colours

UNIT = 8
_TEMPLATE = Path(__file__).with_name("window.qss")


def stylesheet(colours: Colours) -> str:
    """The style sheet for one scheme."""
    # The file names a picture's own colour: a style sheet cannot tint one.
    scheme = "light" if colours is LIGHT else "dark"
    return Template(_TEMPLATE.read_text("utf-8")).substitute(
        asdict(colours),
        chevron=icon_file(f"chevron-{scheme}").as_posix(),
        chevron_up=icon_file(f"chevron-up-{scheme}").as_posix(),
        tick=icon_file(f"tick-{scheme}").as_posix(),
    )
