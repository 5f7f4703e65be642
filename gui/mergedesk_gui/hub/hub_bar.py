"""What stands under a field that names a model on a hub: what it is, and the way to have it here."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton

from ..text.lines import Description
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.labels import Text, selectable, set_tone
from ..widgets.layouts import column, row
from ..widgets.naming import announce, named
from ..widgets.word_button import WordBox, WordButton
from ..widgets.wrapping import WrapRow

FULL = 1000


class HubBar(QFrame):
    """Shows one thing at a time: a search, a model, a download, or what went wrong."""

    download_asked = Signal()
    cancel_asked = Signal()
    again_asked = Signal()
    token_asked = Signal()
    keeps_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "offer")
        self._title = selectable(Text("", TextRole.STRONG))
        self._said = selectable(Text("", TextRole.SMALL, "quiet"))
        self.bar = named(QProgressBar(textVisible=False), "downloadBar", self.tr("Download"))
        self.bar.setRange(0, FULL)
        self.download = self._button("downloadButton", self.download_asked)
        self.again = self._button("lookAgainButton", self.again_asked)
        self.token = self._button("tokenButton", self.token_asked)
        self.cancel = self._button("cancelDownloadButton", self.cancel_asked)
        whole = self.tr("Do not keep the base on this computer")
        self.unkept = named(WordBox(self.tr("Do not &keep the base")), "unkeptBaseBox", whole)
        self.unkept.setToolTip(whole)
        self.unkept.toggled.connect(lambda unkept: self.keeps_chosen.emit(not unkept))
        self.rooms = Text("", TextRole.SMALL, "quiet")
        self.again.setText(self.tr("Try again"))
        self.token.setText(self.tr("Enter a token…"))
        self.cancel.setText(self.tr("Cancel"))
        buttons = row(WrapRow(self.download, self.again, self.token, self.cancel))
        words = column(self._title, self._said, spacing=2)
        self.setLayout(column(words, self.bar, self.unkept, self.rooms, buttons, spacing=UNIT // 2, margin=UNIT))
        self.hide()

    @property
    def said(self) -> str:
        """All that it says."""
        return f"{self._title.plain}\n{self._said.plain}".strip()

    def show_looking(self, sentence: str) -> None:
        """A hub is asked what it is."""
        self._show("", sentence, "quiet", self.cancel)

    def show_model(self, model: Description, *, closed: bool, goes_on: bool) -> None:
        """What it is. ``closed``: not to be had with this token; ``goes_on``: part of it is here."""
        self.download.setText(self.tr("Go on with the download") if goes_on else self.tr("Download"))
        self._show(model.title, model.details, "quiet", *([self.token] if closed else [self.download]))

    def offer_pieces(self, room: str | None, *, keeps: bool) -> None:
        """The choice beside the download, and what room either takes; None takes it away."""
        self.unkept.setVisible(room is not None)
        self.rooms.show_or_hide(room or "")
        with QSignalBlocker(self.unkept):
            self.unkept.setChecked(not keeps)
        if room is not None:
            self.download.setVisible(keeps)

    def show_progress(self, sentence: str, fraction: float | None) -> None:
        """How far the download is."""
        self._show(self._title.plain, sentence, "quiet", self.cancel)
        self.bar.setVisible(True)
        self.bar.setRange(0, 0 if fraction is None else FULL)
        self.bar.setValue(round(FULL * (fraction or 0)))

    def show_problem(self, sentence: str, *, wants_token: bool) -> None:
        """What went wrong, and the way out."""
        self._show("", sentence, "error", self.again, *([self.token] if wants_token else []))
        announce(self, sentence)

    def _show(self, title: str, sentence: str, tone: str, *buttons: QPushButton) -> None:
        self._title.show_or_hide(title)
        set_tone(self._said, tone)
        self._said.show_or_hide(sentence)
        for hidden in (self.bar, self.unkept, self.rooms):
            hidden.hide()
        for button in (self.download, self.again, self.token, self.cancel):
            button.setVisible(button in buttons)
        self.show()

    def _button(self, name: str, sent: SignalInstance) -> QPushButton:
        button = named(WordButton(), name)
        button.clicked.connect(sent)
        return button
