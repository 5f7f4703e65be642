"""“Create in Ollama”: the button, what Ollama says while it works, and how the model is run afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from mergedesk.deployment.create_in_ollama import OllamaModel

from ..theme.stylesheet import UNIT
from ..theme.typography import set_monospace
from ..widgets.code_block import CodeBlock
from ..widgets.icons import IconButton
from ..widgets.labels import Text, set_tone
from ..widgets.layouts import column, refill, row

_MOST_LINES = 500
_LINES_SHOWN = 6


class OllamaBox(QWidget):
    """Asks for the work and shows it; the work itself is another's."""

    create_asked = Signal()
    stop_asked = Signal()
    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        what = self.tr("Runs “ollama create” with the Modelfile shown below. Nothing is changed in the merged folder.")
        self._create = IconButton(self.tr("Create in Ollama"), "output", clicked=self.create_asked, tooltip=what)
        self._create.setObjectName("createInOllamaButton")
        self._stop = IconButton(self.tr("Stop"), "stop", clicked=self.stop_asked)
        self._stop.setObjectName("stopOllamaButton")
        self._state = Text("", tone="quiet")
        self._log = QPlainTextEdit(readOnly=True, tabChangesFocus=True, maximumBlockCount=_MOST_LINES)
        self._log.setObjectName("ollamaOutput")
        self._log.setAccessibleName(self.tr("What Ollama says"))
        set_monospace(self._log)
        self._log.setFixedHeight(_LINES_SHOWN * self._log.fontMetrics().lineSpacing() + 2 * UNIT)
        self._result = column(spacing=UNIT)
        self.setLayout(column(row(self._create, self._stop, None), self._state, self._log, self._result))
        self.forget()

    def forget(self) -> None:
        """Another folder is meant: what was said of the one before no longer holds."""
        refill(self._result)
        self._show(running=False)
        self._log.hide()
        self._state.hide()

    def begin(self) -> None:
        """Ollama is at work."""
        refill(self._result)
        self._log.clear()
        self._log.show()
        self._tell(self.tr("Ollama is at work…"), "quiet")
        self._show(running=True)

    def add(self, lines: Sequence[str]) -> None:
        """More of what it says."""
        for line in lines:
            self._log.appendPlainText(line)

    def show_made(self, made: OllamaModel) -> None:
        """It is there, and is run so."""
        self._tell(self.tr("“{name}” is in Ollama.").format(name=made.name), "ok")
        block = CodeBlock(self.tr("Run it"), made.run, "copyOllamaRunButton")
        block.copied.connect(self.copied)
        refill(self._result, [block])
        self._show(running=False)

    def show_failure(self, sentence: str) -> None:
        """It did not come to be, and why."""
        self._tell(sentence, "error")
        self._show(running=False)

    def show_stopped(self) -> None:
        """Somebody stopped it."""
        self._tell(self.tr("Stopped. Nothing new is in Ollama."), "quiet")
        self._show(running=False)

    def _tell(self, sentence: str, tone: str) -> None:
        self._state.setText(sentence)
        set_tone(self._state, tone)
        self._state.show()

    def _show(self, *, running: bool) -> None:
        self._create.setEnabled(not running)
        self._stop.setVisible(running)
