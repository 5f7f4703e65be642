"""A token for a hub: typed in once, and kept by the system's keyring if that is wanted."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QWidget

from mergedesk.support.failures import Failure, failure_of

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import ask_in_thread
from ..text.messages import finding_message
from ..theme.typography import TextRole
from ..widgets import dialogs
from ..widgets.labels import Text
from ..widgets.layouts import labelled
from ..widgets.naming import named
from ..widgets.page_dialog import PageDialog
from ..widgets.word_button import WordBox

_WIDTH = 460


class Tokens(QObject):
    """The token that was typed in, for as long as the window is open; nothing of it is written here."""

    changed = Signal()

    def __init__(self, window: QWidget, backend: EngineApi) -> None:
        super().__init__(window)
        self._window, self._backend = window, backend
        self.typed: str | None = None

    def ask(self) -> TokenDialog:
        """Let the person type one in."""
        dialog = TokenDialog(dialogs.topmost(self._window))
        dialog.accepted.connect(lambda: self.take(dialog.token.text().strip(), keeps=dialog.keep.isChecked()))
        dialog.open()
        return dialog

    def take(self, token: str, *, keeps: bool) -> None:
        """Use a token from now on, and have the keyring keep it."""
        if not token:
            return
        self.typed = token
        self._backend.use_token(token)
        if keeps:
            ask_in_thread(lambda: _kept(self._backend, token), self._say_if_not_kept, name="keyring")
        self.changed.emit()

    def _say_if_not_kept(self, answer: object) -> None:
        if isinstance(answer, Failure):
            said = finding_message(answer.finding)
            rest = self.tr("It serves until the window is closed.")
            dialogs.tell(dialogs.topmost(self._window), said.sentence, f"{rest} {said.hint}")


def _kept(backend: EngineApi, token: str) -> object:
    try:
        return backend.keep_token(token)
    except Exception as error:
        return failure_of(error)


class TokenDialog(PageDialog):
    """One line that does not show what is typed."""

    chapter = "hub"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self.tr("Token for the hub"))
        self.token = named(QLineEdit(), "tokenEdit")
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = named(WordBox(self.tr("Let the system's keyring &keep it")), "keepTokenBox")
        self.keep.setChecked(True)
        text = self.tr(
            "For gated and private models, and for uploads. Make one on the hub's page of settings. MergeDesk writes "
            "it into no file, report or log; that of “hf auth login” serves without this."
        )
        kinds = QDialogButtonBox.StandardButton
        self.close_box.setStandardButtons(kinds.Ok | kinds.Cancel)
        self.close_box.accepted.connect(self.accept)
        heading = Text(self.tr("Token for the hub"), TextRole.HEADING)
        field = labelled(self.tr("&Token"), self.token)
        self.fill_scrolled(_WIDTH, heading, Text(text), field, self.keep, None, self.close_box)
        self.token.setFocus()
