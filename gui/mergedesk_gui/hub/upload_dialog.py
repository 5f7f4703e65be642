"""A merged folder to a hub: what goes, the card as it would be shown, and how far it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QProgressBar, QWidget

from mergedesk.domain.findings import Code
from mergedesk.domain.hub_reference import parse_reference
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.transfer import Transfer, UploadRequest
from mergedesk.hub.outgoing import Outgoing
from mergedesk.hub.questions import Pushed, PushRequest
from mergedesk.support.failures import Failure

from ..jobs.engine_api import EngineApi
from ..jobs.task_runner import Publish, TaskRunner
from ..text.hub_text import describe_outgoing, describe_pushed, transfer_sentence
from ..text.messages import finding_message
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, grown
from ..widgets.labels import Text, selectable, set_tone
from ..widgets.layouts import column, labelled
from ..widgets.naming import announce, named
from ..widgets.opening import show_page
from ..widgets.page_dialog import PageDialog, resize_within_screen
from ..widgets.word_button import WordBox, WordButton
from ..widgets.wrapping import WrapRow
from .hub_bar import FULL
from .token_dialog import Tokens

_WIDTH, _HEIGHT = 640, 660
_LEAST_CARD = 120
_WANTS_TOKEN = frozenset({Code.HUB_NO_TOKEN, Code.HUB_TOKEN_WRONG, Code.HUB_REFUSED})


class UploadDialog(PageDialog):
    """Nothing goes before its button is pressed. Closing it ends an upload; what went is not sent again."""

    chapter = "hub"

    queued = Signal(object)
    """An ``UploadRequest`` for later."""

    def __init__(self, parent: QWidget, backend: EngineApi, tokens: Tokens, model: Path) -> None:
        super().__init__(parent, self.tr("Upload to the hub"))
        self._backend, self._tokens, self._model = backend, tokens, model
        self._scratch = TemporaryDirectory(prefix="mergedesk-push-", ignore_cleanup_errors=True)
        self.going: Outgoing | None = None
        self.runner = TaskRunner("upload", self, keep=1)
        self._make_controls()
        self.runner.published.connect(self._on_reading)
        self.runner.ended.connect(self._on_end)
        self.finished.connect(self._tidy)
        self._lay_out()
        self._allow()
        self._say(self.tr("Looking at what goes…"))
        self.runner.start(partial(_prepare, backend, model, Path(self._scratch.name)))

    @property
    def said(self) -> str:
        """What it says of the upload."""
        return self._said.plain

    def reject(self) -> None:
        """Close; what runs is stopped first."""
        self._closing = True
        if self.runner.running:
            self.runner.stop()
        else:
            super().reject()

    def upload(self) -> None:
        """Send it."""
        reference = parse_reference(self.repository.text())
        if self.going is None or reference is None or self.runner.running:
            return
        request = PushRequest(reference.repository, self.going.files, not self.public.isChecked())
        self._say(self.tr("Getting ready…"))
        self.runner.start(partial(_upload, self._backend, request, self._tokens.typed))
        self._allow()

    def _put_off(self) -> None:
        reference = parse_reference(self.repository.text())
        if reference is not None:
            self.queued.emit(UploadRequest(self._model, reference.repository, not self.public.isChecked()))
            self.reject()

    def _make_controls(self) -> None:
        self._closing = False
        self.repository = named(QLineEdit(), "repositoryEdit")
        self.repository.setPlaceholderText(self.tr("owner/name"))
        self.repository.textChanged.connect(self._allow)
        self.public = named(WordBox(self.tr("&Everybody may see it")), "publicBox")
        self.plan = selectable(Text("", tone="quiet"))
        self.card = named(QPlainTextEdit(readOnly=True), "cardView", self.tr("The card"))
        self.card.setMinimumHeight(_LEAST_CARD)
        self.card.setTabChangesFocus(True)
        self._said = selectable(Text("", tone="quiet"))
        self.bar = named(QProgressBar(textVisible=False), "uploadBar", self.tr("Upload"))
        self.bar.hide()
        self.start = named(WordButton(self.tr("&Upload")), "uploadButton")
        self.start.clicked.connect(self.upload)
        self.later = named(WordButton(self.tr("Add to &queue")), "queueUploadButton")
        self.later.clicked.connect(self._put_off)
        self.token = named(WordButton(self.tr("Enter a token…")), "uploadTokenButton")
        self.token.clicked.connect(self._tokens.ask)
        self.token.hide()
        self.show_page = named(WordButton(self.tr("Show its page")), "showPageButton")
        self.show_page.hide()

    def _lay_out(self) -> None:
        card = labelled(self.tr("Its &card, README.md"), self.card)
        self.fill_above(
            WrapRow(self.start, self.later, self.token, self.show_page, self.close_box),
            Text(self.tr("Upload to the hub"), TextRole.DISPLAY),
            labelled(self.tr("&Repository"), self.repository, self.public),
            self.plan,
            card,
            column(self._said, self.bar, spacing=UNIT // 2),
            grows=3,
        )
        resize_within_screen(self, grown(_WIDTH), grown(_HEIGHT))
        self.repository.setFocus()

    def _allow(self) -> None:
        running = self.runner.running
        named_right = parse_reference(self.repository.text()) is not None
        self.later.setEnabled(named_right and not running)
        self.start.setEnabled(self.going is not None and named_right and not running)
        for control in (self.repository, self.public):
            control.setEnabled(not running)

    def _on_reading(self, readings: tuple[object, ...]) -> None:
        reading = readings[-1]
        if isinstance(reading, Transfer):
            self._say(transfer_sentence(reading))
            self.bar.setRange(0, FULL)
            self.bar.setValue(round(FULL * (reading.fraction or 0)))
            self.bar.show()

    def _on_end(self, outcome: object) -> None:
        self.bar.hide()
        if self._closing:
            super().reject()
            return
        if isinstance(outcome, Outgoing):
            self._show_going(outcome)
        elif isinstance(outcome, Pushed):
            self._show_pushed(outcome)
        elif isinstance(outcome, Failure):
            self._say(finding_message(outcome.finding).whole, "error")
            self.token.setVisible(outcome.finding.code in _WANTS_TOKEN)
        self._allow()

    def _show_going(self, going: Outgoing) -> None:
        self.going = going
        said = [describe_outgoing(going), *(finding_message(finding).whole for finding in going.findings)]
        self.plan.setText("\n".join(said))
        self.card.setPlainText(going.card)
        self._say("")

    def _show_pushed(self, pushed: Pushed) -> None:
        self._say(describe_pushed(pushed), "success")
        self.token.hide()
        self.show_page.show()
        self.show_page.clicked.connect(partial(show_page, self, pushed.address))

    def _say(self, sentence: str, tone: str = "quiet") -> None:
        set_tone(self._said, tone)
        self._said.show_or_hide(sentence)
        if tone != "quiet":
            announce(self, sentence)

    def _tidy(self) -> None:
        self._scratch.cleanup()


def _prepare(backend: EngineApi, model: Path, scratch: Path, _publish: Publish, _cancel: CancelToken) -> object:
    return backend.prepare_upload(model, scratch)


def _upload(
    backend: EngineApi, request: PushRequest, token: str | None, publish: Publish, cancel: CancelToken
) -> object:
    return backend.upload(request, cancel, publish, token)
