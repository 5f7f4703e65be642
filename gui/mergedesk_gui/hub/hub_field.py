"""From a name in a field to a folder in it: looks at what the name stands for, and downloads it when that is asked."""

from __future__ import annotations

from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from mergedesk.domain.findings import Code
from mergedesk.domain.folder_info import FolderInfo
from mergedesk.domain.hub_reference import HubReference, folder_or_name, parse_reference, reference_of
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.transfer import Transfer
from mergedesk.hub.questions import Access, HubModel
from mergedesk.support.failures import Failure

from ..jobs.engine_api import EngineApi
from ..jobs.task_runner import Publish, TaskRunner
from ..text.hub_text import describe_hub_model, rooms_sentence, transfer_sentence
from ..text.messages import finding_message
from ..widgets.folder_field import FolderField
from .hub_bar import HubBar
from .token_dialog import Tokens

if TYPE_CHECKING:
    from mergedesk.planning.preflight import Preflight

WAIT_MS = 400
"""After the last letter: a hub is not asked for half a name."""
_WANTS_TOKEN = frozenset({Code.HUB_GATED, Code.HUB_NOT_FOUND, Code.HUB_TOKEN_WRONG})


class _Doing(Enum):
    NOTHING = auto()
    LOOKING = auto()
    DOWNLOADING = auto()


class HubField(QObject):
    """One field's; its bar is made when the first name is typed."""

    token_asked = Signal()

    def __init__(self, field: FolderField, backend: EngineApi, tokens: Tokens) -> None:
        super().__init__(field)
        self._field, self._backend, self._tokens = field, backend, tokens
        self.bar: HubBar | None = None
        self._reference: HubReference | None = None
        self._model: HubModel | None = None
        self._doing = _Doing.NOTHING
        self._pieces: Preflight | None = None
        self._may_be_unkept = False
        self.runner = TaskRunner("hub", self, keep=1)
        self.runner.published.connect(self._on_reading)
        self.runner.ended.connect(self._on_end)
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self.look)
        field.edit.textChanged.connect(self._on_text)
        field.keeps_changed.connect(self._offer_pieces)
        self._on_text()

    def stop(self) -> None:
        """End what runs; what came of a download is kept."""
        self._wait.stop()
        self.runner.stop()

    def look(self) -> None:
        """Ask what the name stands for, once what runs has ended."""
        if self._reference is None:
            return
        self._model = None
        if self.runner.running:
            self.runner.stop()
            return
        self._doing = _Doing.LOOKING
        self._made_bar().show_looking(self.tr("Looking at {name} on the hub…").format(name=self._reference.text))
        typed = self._field.edit.text().strip()
        self.runner.start(partial(_look, self._backend, self._reference, typed, self._tokens.typed))

    def download(self) -> None:
        """Bring it, or what is missing of it."""
        if self._reference is not None and not self.runner.running:
            self._doing = _Doing.DOWNLOADING
            self._made_bar().show_progress(self.tr("Getting ready…"), None)
            self.runner.start(partial(_download, self._backend, self._reference, self._tokens.typed))

    def let_come_in_pieces(self, allowed: bool) -> None:
        """Whether what is named here may be merged without being kept."""
        self._may_be_unkept = allowed
        self._offer_pieces()

    def show_preflight(self, preflight: Preflight | None) -> None:
        """What is known of a merge of what is named here, by its headers."""
        self._pieces = preflight
        self._offer_pieces()

    def _offer_pieces(self) -> None:
        """The choice, where there is something to download that may be merged otherwise."""
        if self.bar is None or not isinstance(self._model, HubModel) or self._doing is not _Doing.NOTHING:
            return
        offers = self._may_be_unkept and self._model.access is not Access.CLOSED
        room = rooms_sentence(self._model, self._pieces) if offers else None
        self.bar.offer_pieces(room, keeps=self._field.keeps)

    def _on_text(self) -> None:
        reference = parse_reference(self._field.edit.text())
        if reference == self._reference:
            return
        self._reference, self._model, self._pieces = reference, None, None
        self.stop()
        if self.bar is not None:
            self.bar.hide()
        if reference is not None:
            self._wait.start()

    def _on_reading(self, readings: tuple[object, ...]) -> None:
        reading = readings[-1]
        if isinstance(reading, Transfer) and self._doing is _Doing.DOWNLOADING and not self.runner.stopping:
            self._made_bar().show_progress(transfer_sentence(reading), reading.fraction)

    def _on_end(self, outcome: object) -> None:
        done, self._doing = self._doing, _Doing.NOTHING
        if isinstance(outcome, _Answer) and outcome.reference == self._reference:
            self._take(outcome.given)
        elif isinstance(outcome, Failure):
            self._show_failure(outcome)
        elif self._reference is not None:
            self._after_cancel(done)

    def _after_cancel(self, done: _Doing) -> None:
        """A download that was cancelled is offered again; a search that was cancelled for another name goes on."""
        if isinstance(self._model, HubModel) or done is _Doing.DOWNLOADING:
            self.look()
        elif self.bar is not None and not self._wait.isActive():
            self.bar.hide()

    def _take(self, given: object) -> None:
        if isinstance(given, HubModel) and given.folder is None:
            self._model = given
            closed = given.access is Access.CLOSED
            goes_on = 0 < given.missing_bytes < given.info.bytes
            self._made_bar().show_model(describe_hub_model(given), closed=closed, goes_on=goes_on)
            self._offer_pieces()
            return
        folder = given.folder if isinstance(given, HubModel) else given
        folder = folder.path if isinstance(folder, FolderInfo) else folder
        if isinstance(folder, Path):
            self._field.set_folder(folder)
        else:
            self._made_bar().hide()

    def _show_failure(self, failure: Failure) -> None:
        wants_token = failure.finding.code in _WANTS_TOKEN
        self._made_bar().show_problem(finding_message(failure.finding).whole, wants_token=wants_token)

    def _made_bar(self) -> HubBar:
        if self.bar is None:
            self.bar = HubBar()
            self._field.body.addWidget(self.bar)
            self.bar.download_asked.connect(self.download)
            self.bar.cancel_asked.connect(self.stop)
            self.bar.again_asked.connect(self.look)
            self.bar.token_asked.connect(self.token_asked)
            self.bar.keeps_chosen.connect(self._field.set_keeps)
        return self.bar


class _Answer:
    """What came of a name: by then the field may hold another."""

    def __init__(self, reference: HubReference, given: object) -> None:
        self.reference, self.given = reference, given


def _look(
    backend: EngineApi,
    reference: HubReference,
    typed: str,
    token: str | None,
    _publish: Publish,
    cancel: CancelToken,
) -> object:
    if reference_of(folder_or_name(typed)) is None:  # it is on this computer, which only this thread may ask
        return _Answer(reference, None)
    return _Answer(reference, backend.describe_on_hub(reference, cancel, token))


def _download(
    backend: EngineApi, reference: HubReference, token: str | None, publish: Publish, cancel: CancelToken
) -> object:
    return _Answer(reference, backend.download(reference, cancel, publish, token))
