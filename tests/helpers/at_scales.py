"""Pages and dialogs at every scale of the screen: a process for each factor, which Qt takes once, when it starts.

Run with factors as arguments, it prints a line for everything that is cut, and one for each factor that it looked at.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from any_size import SMALLEST, settled
from PySide6.QtCore import QLocale, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from window_fakes import FakeEngine
from window_helpers import fill_in, merge_button

from mergedesk_gui import renewal
from mergedesk_gui.app import build_window, prepare_application
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.preferences import Preferences
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.widgets import dialogs

LOOKED_AT = (("de", 9), ("zh_CN", 24))
_FRAME = 32, 64


def at(factor: str, folder: Path) -> Iterator[str]:
    """What is cut on a screen of that scale, which has room for the smallest window and its frame."""
    os.environ["QT_SCALE_FACTOR"] = factor
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={_screen(float(factor), folder)}"
    application = QApplication([])
    prepare_application(application, QLocale(QLocale.Language.English))
    engine = FakeEngine()
    window = build_window(backend=engine.backend(), settings=Settings.in_file(folder / "settings.ini"))
    window.show()
    fill_in(window)
    _wait(lambda: merge_button(window).isEnabled())
    merge_button(window).click()
    _wait(lambda: window.merging.report is not None)
    window.queue.hold()
    window.queue.add([replace(engine.requests[0], output=Path("/models/later"))])
    for language, points in LOOKED_AT:
        renewal.take(window, Preferences(language=language, points=points))
        yield from (f"{factor}, {language}, {points} pt, {one}" for one in _cut_at_sizes(window))
    yield f"looked at {window.devicePixelRatio():g}"


def _cut_at_sizes(window: MainWindow) -> Iterator[str]:
    for width in (SMALLEST[0], 1120):
        window.resize(width, SMALLEST[1])
        for page in (Page.PREFLIGHT, Page.RESULT, Page.QUEUE):
            window.results.show_page(page)
            yield from (f"{width}, {page.name}: {one}" for one in settled(window))
    for open_dialog in (window.show_preferences, window.hub.tokens.ask, partial(dialogs.ask_to_cancel, window, bool)):
        dialog = open_dialog()
        yield from (f"{dialog.windowTitle()}: {one}" for one in (*settled(dialog), *_too_large(dialog)))
        dialog.close()


def _too_large(dialog: QDialog) -> Iterator[str]:
    if dialog.size() != dialog.size().boundedTo(QSize(*SMALLEST)):
        yield f"{dialog.width()}×{dialog.height()} is more than the screen"


def _screen(factor: float, folder: Path) -> Path:
    width, height = (round((least + frame) * factor) for least, frame in zip(SMALLEST, _FRAME, strict=True))
    screen = {"name": "one", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96}
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [{**screen, "dpr": 1}]}))
    return file


def _wait(is_so: Callable[[], object]) -> None:
    for _ in range(500):
        if is_so():
            return
        QTest.qWait(10)
    raise AssertionError("it never came")


def main(factors: list[str]) -> None:
    """Look at each of them, one after the other, all imports made once."""
    for factor in factors:
        child = os.fork()
        if not child:
            with tempfile.TemporaryDirectory() as folder:
                for line in at(factor, Path(folder)):
                    print(line, flush=True)
            os._exit(0)  # without an end of Qt: nothing is asked of that here
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
