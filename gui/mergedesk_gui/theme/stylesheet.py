"""The style sheet, ``window.qss``, in a scheme's colours, and how windows come to wear it.

Distances are multiples of 8 pixels, 4 inside controls.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from string import Template

from PySide6.QtWidgets import QApplication, QWidget

from .colours import Colours, colours_of
from .icons import icon_file
from .typography import around_line, grown

UNIT = 8
# Pictures inside controls, which grow with the type beside them.
_GROWING = {
    "box": 16,
    "focused_box": 14,
    "arrow": 12,
    "small_arrow": 10,
    "arrow_room": 24,
    "small_arrow_room": 20,
    "tool": 18,
}
# Controls of one line, which keep the same distance around it.
_AROUND_LINE = {"control": 30, "main_control": 38, "tool_height": 28}
_TEMPLATE = Path(__file__).with_name("window.qss")


def stylesheet(colours: Colours) -> str:
    """The style sheet for one scheme."""
    # The file names a picture's own colour: a style sheet cannot tint one.
    scheme = "dark" if colours.is_dark else "light"
    return Template(_TEMPLATE.read_text("utf-8")).substitute(
        asdict(colours),
        **{name: f"{grown(pixels)}px" for name, pixels in _GROWING.items()},
        **{name: f"{around_line(pixels)}px" for name, pixels in _AROUND_LINE.items()},
        chevron=icon_file(f"chevron-{scheme}").as_posix(),
        chevron_up=icon_file(f"chevron-up-{scheme}").as_posix(),
        tick=icon_file(f"tick-{scheme}").as_posix(),
    )


def apply_theme(window: QWidget) -> None:
    """Give a finished window, and all that is in it, the style sheet for the application's palette.

    Not the application: Qt would work through the sheet again each time a part is put into another, and the
    window would take twice as long to appear.
    """
    sheet = stylesheet(colours_of(QApplication.palette()))
    if sheet != window.styleSheet():
        window.setStyleSheet(sheet)
