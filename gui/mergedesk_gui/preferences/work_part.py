"""How much of the computer a merge takes, how its end is told, and whether it is kept in a list."""

from __future__ import annotations

import os
from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QWidget

from ..state.preferences import MOST_THREADS, Preferences
from ..theme.typography import TextRole
from ..widgets.labels import Text
from ..widgets.layouts import labelled
from ..widgets.naming import named
from ..widgets.word_button import WordBox
from .parts import Change, choice, headed


class WorkPart(QWidget):
    """Three check boxes and a list."""

    def __init__(self, preferences: Preferences, change: Change) -> None:
        super().__init__()
        self._change = change
        self.notifies = named(WordBox(self.tr("N&otify me when a job ends")), "notifyCheck")
        self.notifies.setToolTip(self.tr("Where this window is not in front"))
        self.notifies.setChecked(preferences.notifies)
        self.notifies.toggled.connect(self._on_notifies)
        self.sounds = named(WordBox(self.tr("&Play a sound when a job ends")), "soundCheck")
        self.sounds.setChecked(preferences.sounds)
        self.sounds.toggled.connect(self._on_sounds)
        self.history = named(WordBox(self.tr("&Keep a list of past merges")), "historyCheck")
        self.history.setToolTip(self.tr("Also of merges of the command line. What is in the list stays."))
        self.history.setChecked(preferences.history)
        self.history.toggled.connect(self._on_history)
        name = self.tr("&Threads of a merge")
        meaning = self.tr(
            "Also for merges of the queue that begin from now on. The result is the same with any number."
        )
        threads = labelled(name, self._threads(name, preferences), Text(meaning, TextRole.SMALL, "quiet"))
        self.setLayout(headed(self.tr("Jobs"), self.notifies, self.sounds, self.history, threads))

    def _threads(self, name: str, preferences: Preferences) -> QComboBox:
        most = min(MOST_THREADS, max(os.cpu_count() or 1, preferences.threads))
        choices = [
            (0, self.tr("As many as suit this computer")),
            *((count, str(count)) for count in range(1, most + 1)),
        ]
        return choice(name, "threadsCombo", choices, preferences.threads, self._on_threads)

    def _on_notifies(self, wanted: bool) -> None:
        self._change(lambda before: replace(before, notifies=wanted))

    def _on_sounds(self, wanted: bool) -> None:
        self._change(lambda before: replace(before, sounds=wanted))

    def _on_history(self, wanted: bool) -> None:
        self._change(lambda before: replace(before, history=wanted))

    def _on_threads(self, threads: object) -> None:
        if isinstance(threads, int):
            self._change(lambda before: replace(before, threads=threads))
