"""A window at each size of type in each language, and what of it is cut once the layout has had its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from layout_check import what_is_cut
from pseudo_locale import Pseudo, PseudoCatalogue
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from mergedesk_gui import renewal
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.preferences import Preferences

LANGUAGES = ("en", "de", "zh_CN", "pseudo")
POINTS = (8, 13, 18, 24)
SMALLEST = (820, 520)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, dressed: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One of the languages, spoken; the pseudo-language lies over English."""
    name = request.param
    translator = Pseudo(longer=True)
    if name == "pseudo":
        monkeypatch.setattr("mergedesk.domain.messages.catalogue", lambda _language: PseudoCatalogue(longer=True))
        dressed.installTranslator(translator)
    yield "en" if name == "pseudo" else name
    dressed.removeTranslator(translator)
    renewal.wear(replace(Preferences(), language="en"))
    dressed.setProperty("mergedesk-language", "")


def settled(root: QWidget) -> list[str]:
    """What is still cut once the layout has had its time."""
    wrong: list[str] = []
    for _ in range(6):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if not (wrong := what_is_cut(root)):
            break
    return wrong


def at_every_size(window: MainWindow, language: str) -> Iterator[int]:
    for points in POINTS:
        renewal.take(window, Preferences(language=language, points=points))
        window.resize(*SMALLEST)
        assert (window.width(), window.height()) == SMALLEST
        yield points
