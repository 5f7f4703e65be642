"""What the page “Use it” asks for: a look at the folder, a Modelfile."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from mergedesk.deployment.create_in_ollama import OllamaModel, OllamaRequest
from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.gguf_export import GgufReport, GgufRequest
from mergedesk.support.failures import Failure, failure_of

from ..jobs.engine_api import EngineApi, UsageAnswer
from ..jobs.queued_signal import ask_in_thread
from ..jobs.task_runner import TaskRunner
from ..state.result_context import ResultContext
from ..text.messages import failure_text, finding_message
from ..widgets import dialogs
from .deploy_page import DeployPage
from .free_name import free_name
from .gguf_box import GgufBox
from .ollama_box import OllamaBox
from .packing_controller import PackingController


class DeployController(QObject):
    """Does over a window what the page's buttons ask for. Folders are read and written off the GUI thread."""

    queued = Signal(object)
    """A request for later: a ``GgufRequest`` or an ``ExportRequest``."""

    def __init__(self, window: QWidget, backend: EngineApi) -> None:
        super().__init__(window)
        self._window, self._backend, self.page = window, backend, DeployPage()
        self._context: ResultContext | None = None
        self._folder: Path | None = None
        self._answer: UsageAnswer | None = None
        self.page.look_asked.connect(self.look)
        self.page.modelfile_asked.connect(self.write_modelfile)
        self.runner = TaskRunner("ollama", self)
        self.runner.started.connect(self.page.ollama.begin)
        self.runner.published.connect(self.page.ollama.add)
        self.runner.ended.connect(self._on_ollama_ended)
        self.page.ollama.create_asked.connect(self.create_in_ollama)
        self.page.ollama.stop_asked.connect(self.runner.stop)

        self.exporter = TaskRunner("gguf", self, keep=1)
        self.exporter.started.connect(self.page.gguf.begin)
        self.exporter.published.connect(self.page.gguf.show_progress)
        self.exporter.ended.connect(self._on_gguf_ended)
        self.page.gguf.make_asked.connect(self.make_gguf)
        self.page.gguf.stop_asked.connect(self.exporter.stop)
        self.page.gguf.queue_asked.connect(self._put_off)
        self.packing = PackingController(window, self.page.packed, self.page.place, backend)
        self.packing.queued.connect(self.queued)
        self.packing.setParent(self)  # both end together

    @property
    def running(self) -> bool:
        """Whether something is being made of the folder."""
        return any(runner.running for runner in (self.runner, self.exporter, self.packing.runner))

    def show_context(self, context: ResultContext | None) -> None:
        """Turn to another merge, or to none."""
        self._context = context
        self._folder = context.merged if context else None
        self._answer = None
        if not self.runner.running:
            self.page.ollama.forget()
        if not self.exporter.running:
            self.page.gguf.forget()
        self.packing.turn_to(self._folder)
        self.page.place.turn_to(self._folder)
        verdict = context.verdict if context else None
        refuted = verdict is not None and verdict.matches is False
        self.page.expect(self._folder, adapter=self._adapter, refuted=refuted)

    def look(self) -> None:
        """Look at the folder, or at the adapter."""
        context, adapter = self._context, self._adapter
        if context is None:
            return
        look = partial(self._backend.usage, context.merged)
        if self.page.shows_adapter and adapter is not None:
            look = partial(self._backend.unmerged_usage, adapter, context.base)
        ask_in_thread(look, self._show, name="usage")

    @property
    def _adapter(self) -> Path | None:
        """The only adapter of what is shown; None where there are several."""
        adapters = self._context.adapters if self._context else ()
        return adapters[0].folder if len(adapters) == 1 else None

    def write_modelfile(self) -> None:
        """Write the Modelfile, unless there is one; then ask first."""
        self._write(replace=False)

    def create_in_ollama(self) -> None:
        """Have Ollama create the model of the folder that is shown."""
        folder = self._folder
        if folder is not None and not self.runner.running:
            self.runner.start(partial(self._backend.create_in_ollama, OllamaRequest(folder)))

    def make_gguf(self) -> None:
        """Have GGUF files made of the folder that is shown, in a folder beside it."""
        folder, types = self._folder, self.page.gguf.types
        if folder is not None and types and not self.exporter.running:
            request = GgufRequest(folder, free_name(folder, "GGUF", self.page.place.place), types=types)
            self.exporter.start(partial(self._backend.export_gguf, request))

    def _put_off(self) -> None:
        folder, types = self._folder, self.page.gguf.types
        if folder is not None and types:
            self.queued.emit(GgufRequest(folder, free_name(folder, "GGUF", self.page.place.place), types=types))

    def _on_gguf_ended(self, outcome: object) -> None:
        if isinstance(outcome, GgufReport):
            self.page.gguf.show_report(outcome)
        else:
            _show_no_result(self.page.gguf, outcome)

    def _on_ollama_ended(self, outcome: object) -> None:
        if isinstance(outcome, OllamaModel):
            self.page.ollama.show_made(outcome)
        else:
            _show_no_result(self.page.ollama, outcome)

    def _show(self, answer: object) -> None:
        if self._folder is None:
            return
        if isinstance(answer, UsageAnswer):
            folder = self._adapter if self.page.shows_adapter else self._folder
            if folder is None or answer.usage.folder != folder.absolute():
                return  # of another merge than the one by now
            self._answer = None if answer.unmerged else answer
            self.page.show_answer(answer)
            self.packing.foretell()
        elif isinstance(answer, Exception):
            self.page.show_failure(finding_message(failure_of(answer).finding).whole)

    def _write(self, *, replace: bool) -> None:
        folder, answer = self._folder, self._answer
        if folder is None or answer is None or answer.modelfile is None:
            return
        write = partial(self._backend.write_modelfile, folder, answer.modelfile.text, replace)
        ask_in_thread(write, self._on_written, name="Modelfile")

    def _on_written(self, result: object) -> None:
        if isinstance(result, Path):
            self.page.notice.say(self.tr("Written: {path}").format(path=result))
        elif isinstance(result, UserError) and result.code is Code.FILE_EXISTS:
            self._ask_to_replace(str(result.data["file"]))
        elif isinstance(result, Exception):
            dialogs.show_failure(self._window, failure_text(failure_of(result)))

    def _ask_to_replace(self, file: str) -> QMessageBox:
        words = (
            self.tr("There is a Modelfile already"),
            self.tr("Replace the Modelfile that is there?"),
            self.tr("Replace it"),
            self.tr("Keep it"),
        )
        return dialogs.ask(self._window, words, file, partial(self._write, replace=True))


def _show_no_result(box: GgufBox | OllamaBox, outcome: object) -> None:
    """What was asked for failed, or somebody stopped it."""
    if isinstance(outcome, Failure):
        box.show_failure(finding_message(outcome.finding).whole)
    else:
        box.show_stopped()
