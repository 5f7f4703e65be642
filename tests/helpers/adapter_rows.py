"""Several adapters, put into the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from window_helpers import BASE, find, wait_inspected

from mergedesk.domain.requests import AdapterChoice
from mergedesk_gui.inputs.adapter_row import AdapterRow
from mergedesk_gui.main_window import MainWindow

PIRATE, POET, SAILOR = Path("/models/pirate-lora"), Path("/适配器/诗人-lora"), Path("/models/sailor-lora")
THREE = (AdapterChoice(PIRATE), AdapterChoice(POET, 0.5), AdapterChoice(SAILOR, -0.3))


def rows(window: MainWindow) -> list[AdapterRow]:
    return window.inputs.adapters.rows


def get_three(qtbot: QtBot, window: MainWindow, adapters: Sequence[AdapterChoice] = THREE) -> None:
    find(window, QLineEdit, "basePathEdit").setText(str(BASE))
    window.inputs.adapters.set_choices(adapters)
    wait_inspected(qtbot, window)
