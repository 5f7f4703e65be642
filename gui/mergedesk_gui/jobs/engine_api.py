"""The engine as the window calls it, in one place, so that tests can put others in its parts' place.

Each part is imported at its first call, so that the window can appear before. What needs torch runs in a process of
its own: this one never imports it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .hub_checks import HubChecks, HubToken
from .kept_merges import kept, kept_job
from .library_answers import LibraryAnswers
from .precision_answers import PrecisionAnswers

if TYPE_CHECKING:
    from mergedesk.demo.base_model import DemoParts
    from mergedesk.deployment.create_in_ollama import OllamaModel, OllamaRequest
    from mergedesk.deployment.modelfile import Modelfile
    from mergedesk.deployment.usage import Usage
    from mergedesk.domain.findings import Finding
    from mergedesk.domain.folder_info import FolderInfo
    from mergedesk.domain.gguf_export import ExportListener, GgufReport, GgufRequest
    from mergedesk.domain.hub_reference import HubReference
    from mergedesk.domain.job_list import JobList, QueuedJob, Task
    from mergedesk.domain.library import Library, LibraryEntry, LibraryPlaces
    from mergedesk.domain.merge_record import MergeRecord, Whereabouts
    from mergedesk.domain.merge_report import MergeReport
    from mergedesk.domain.packed_export import ExportRequest, PackedExport, PackedForecast
    from mergedesk.domain.precision_advice import PrecisionAdvice
    from mergedesk.domain.progress import CancelToken, Report
    from mergedesk.domain.requests import CheckRequest, MergeRequest, VerifyRequest
    from mergedesk.domain.transfer import TransferReport
    from mergedesk.domain.verdict import Verdict
    from mergedesk.hub.outgoing import Outgoing
    from mergedesk.hub.questions import HubModel, Pushed, PushRequest
    from mergedesk.inference.logits_comparison import LogitsComparison
    from mergedesk.inference.trial import Forecast, OnPiece, Speed, Trial, TrialReport, TrialRequest
    from mergedesk.pipelines.queue.perform import JobEnd
    from mergedesk.pipelines.queue.stored import QueueStore
    from mergedesk.pipelines.worker.pool import Workers
    from mergedesk.planning.preflight import Preflight
    from mergedesk.planning.provenance import Provenance


@dataclass(frozen=True, slots=True)
class UsageAnswer:
    """How a folder is used elsewhere, and its Modelfile; None where it is not a model.

    ``has_ollama``: whether Ollama is on this computer.
    """

    usage: Usage
    modelfile: Modelfile | None
    has_ollama: bool = False
    unmerged: bool = False
    """Whether this is of an adapter that stays beside its base."""


def _lazy(place: str) -> Any:
    """The function at ``module:name``, imported at its first call."""
    module, name = place.split(":")

    def call(*given: Any) -> Any:
        return getattr(import_module(module), name)(*given)

    return call


def _usage(folder: Path) -> UsageAnswer:
    from mergedesk.deployment.installed_tools import find_ollama
    from mergedesk.deployment.modelfile import modelfile_of
    from mergedesk.deployment.usage import usage_of

    return UsageAnswer(usage_of(folder), modelfile_of(folder), find_ollama() is not None)


def _unmerged_usage(adapter: Path, base: Path) -> UsageAnswer:
    from mergedesk.deployment.unmerged import unmerged_usage_of

    return UsageAnswer(unmerged_usage_of(adapter, base), None, unmerged=True)


def _write_modelfile(folder: Path, text: str, replace: bool) -> Path:
    from mergedesk.deployment.modelfile import MODELFILE
    from mergedesk.domain.findings import Code, UserError
    from mergedesk.output.companions import write_text

    target = folder / MODELFILE
    if target.exists() and not replace:
        raise UserError(Code.FILE_EXISTS, file=str(target))
    write_text(target, text)
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineApi:
    """Everything the window asks of the engine. All but ``close`` is called off the GUI thread.

    ``make_demo`` tells what it does. ``write_modelfile`` raises UserError (file_exists, disk_full or write_failed), as
    does ``remove_leftover`` (leftover_not_removed, staging_in_use or write_failed).
    ``open_queue`` raises UserError(queue_newer); ``perform`` gives how a job ended and the file with its report.
    ``close`` ends, when the window does, what runs in other processes.
    """

    inspect_folder: Callable[[Path], FolderInfo]
    find_base: Callable[[FolderInfo], Path | None]
    find_origins: Callable[[Path, Sequence[Path]], Provenance | None]
    check: Callable[[CheckRequest], Preflight]
    ask_libraries: Callable[[CheckRequest, CancelToken], Sequence[Finding]]
    advise: Callable[[CheckRequest, CancelToken], PrecisionAdvice | None]
    peft_script: Callable[[MergeRequest], str]
    forecast: Callable[[TrialRequest], Forecast]
    usage: Callable[[Path], UsageAnswer]
    unmerged_usage: Callable[[Path, Path], UsageAnswer]
    write_modelfile: Callable[[Path, str, bool], Path]
    create_in_ollama: Callable[[OllamaRequest, Callable[[str], None], CancelToken], OllamaModel]
    remove_leftover: Callable[[Path], None]
    find_demo: Callable[[], DemoParts]
    demo_output: Callable[[], Path]
    merge: Callable[[MergeRequest, Report, CancelToken], MergeReport]
    verify: Callable[[VerifyRequest, Report, CancelToken], Verdict]
    try_it: Callable[[TrialRequest, OnPiece, TrialReport, CancelToken], Trial]
    try_strength: Callable[[TrialRequest, OnPiece, TrialReport, CancelToken], Trial]
    why_one_strength: Callable[[TrialRequest], Finding | None]
    compare_logits: Callable[[TrialRequest, Sequence[str], TrialReport, CancelToken], LogitsComparison]
    measure_speed: Callable[[TrialRequest, TrialReport, CancelToken], Speed]
    devices: Callable[[], Sequence[tuple[str, str]]]
    export_gguf: Callable[[GgufRequest, ExportListener, CancelToken], GgufReport]
    export_packed: Callable[[ExportRequest, Report, CancelToken], PackedExport]
    foretell_packed: Callable[[Path, Path], PackedForecast]
    make_demo: Callable[[Callable[[str], None], CancelToken], Path]
    hub_base: Callable[[FolderInfo], HubReference | None]
    describe_on_hub: Callable[[HubReference, CancelToken, str | None], HubModel | FolderInfo]
    download: Callable[[HubReference, CancelToken, TransferReport, str | None], Path]
    prepare_upload: Callable[[Path, Path], Outgoing]
    upload: Callable[[PushRequest, CancelToken, TransferReport, str | None], Pushed]
    keep_token: Callable[[str], bool]
    use_token: Callable[[str], None]
    check_on_hub: Callable[[CheckRequest, CancelToken], Preflight | None]
    open_queue: Callable[[], JobList]
    save_queue: Callable[[JobList], None]
    perform: Callable[[QueuedJob, Callable[[object], None], CancelToken], tuple[JobEnd, Path | None]]
    past_merges: Callable[[Mapping[str, MergeRecord], int], Mapping[str, MergeRecord]]
    whereabouts: Callable[[Mapping[str, MergeRecord]], Mapping[str, Whereabouts]]
    history_folder: Callable[[], Path]
    keep_past_merge: Callable[[MergeRecord], bool]
    forget_past_merges: Callable[[Sequence[str]], None]
    keep_history: Callable[[bool], None]
    read_batch: Callable[[Path], tuple[Task, ...]]
    write_batch: Callable[[Sequence[Task], Path], None]
    look_through: Callable[[LibraryPlaces, Callable[[tuple[LibraryEntry, ...]], None], CancelToken], Library]
    keep_places: Callable[[LibraryPlaces], None]
    warm_up: Callable[[], None]
    close: Callable[[], None]


def engine(make_workers: Callable[[], Workers] | None = None) -> EngineApi:
    """The real engine. Its heavy parts share one set of processes, which starts with the first of them."""
    workers = _LazyWorkers(make_workers or _lazy("mergedesk.pipelines.worker.pool:Workers"))
    ask = partial(_ask, workers)
    store, token = _LazyStore(), HubToken()
    ask_libraries = LibraryAnswers(partial(_ask_libraries, ask))
    on_hub = HubChecks(token, ask_libraries)
    return EngineApi(
        inspect_folder=_lazy("mergedesk.inspection.inspect_folder:inspect_folder"),
        find_base=_lazy("mergedesk.inspection.find_local:find_base"),
        find_origins=_lazy("mergedesk.planning.provenance:find_origins"),
        check=_lazy("mergedesk.pipelines.check:check"),
        ask_libraries=ask_libraries,
        advise=PrecisionAnswers(),
        peft_script=_lazy("mergedesk.reports.equivalent_code:peft_script"),
        forecast=_lazy("mergedesk.pipelines.trial:forecast"),
        usage=_usage,
        unmerged_usage=_unmerged_usage,
        write_modelfile=_write_modelfile,
        create_in_ollama=_lazy("mergedesk.deployment.create_in_ollama:create_in_ollama"),
        remove_leftover=_lazy("mergedesk.output.leftovers:remove_at"),
        find_demo=_lazy("mergedesk.demo.base_model:find_demo_parts"),
        demo_output=_lazy("mergedesk.demo.base_model:demo_output_folder"),
        merge=kept(partial(_merge, ask, token)),
        verify=partial(ask, "verify"),
        try_it=partial(_try_it, partial(ask, "try_it")),
        try_strength=partial(_try_it, partial(ask, "try_strength")),
        why_one_strength=_lazy("mergedesk.pipelines.trial:why_one_strength"),
        compare_logits=partial(_compare_logits, ask),
        measure_speed=partial(ask, "measure_speed"),
        devices=partial(ask, "devices", None, _pass_over, None),
        export_gguf=partial(ask, "export_gguf"),
        export_packed=partial(ask, "export_packed"),
        foretell_packed=_lazy("mergedesk.pipelines.packed_forecast:foretell_packed"),
        make_demo=partial(_make_demo, ask),
        hub_base=_lazy("mergedesk.hub.bases:missing_base"),
        describe_on_hub=_lazy("mergedesk.hub.bring:described"),
        download=_lazy("mergedesk.hub.bring:bring"),
        prepare_upload=_lazy("mergedesk.hub.outgoing:outgoing"),
        upload=_upload,
        keep_token=_keep_token,
        use_token=token.use,
        check_on_hub=on_hub,
        open_queue=lambda: store().open(),
        save_queue=lambda jobs: store().save(jobs),
        perform=kept_job(partial(_perform, workers, store, token)),
        past_merges=_lazy("mergedesk.pipelines.history.store:records"),
        whereabouts=_lazy("mergedesk.pipelines.history.whereabouts:whereabouts"),
        history_folder=_lazy("mergedesk.pipelines.history.store:history_folder"),
        keep_past_merge=_lazy("mergedesk.pipelines.history.store:keep"),
        forget_past_merges=_lazy("mergedesk.pipelines.history.store:forget"),
        keep_history=_lazy("mergedesk.pipelines.history.store:keep_from_now_on"),
        read_batch=_lazy("mergedesk.pipelines.queue.batch_file:read_batch"),
        write_batch=_lazy("mergedesk.pipelines.queue.batch_file:write_batch"),
        look_through=_lazy("mergedesk.pipelines.library:library"),
        keep_places=_lazy("mergedesk.inspection.library_places:keep_places"),
        warm_up=lambda: workers().warm_up(),
        close=partial(_close, workers, store, on_hub),
    )


def _upload(request: PushRequest, cancel: CancelToken, report: TransferReport, token: str | None) -> Pushed:
    from mergedesk.hub.ask import ask
    from mergedesk.hub.questions import PUSH

    return ask(PUSH, request, cancel, report, token)


def _keep_token(token: str) -> bool:
    from mergedesk.domain.progress import CancelToken
    from mergedesk.hub.ask import ask
    from mergedesk.hub.questions import KEEP_TOKEN

    return ask(KEEP_TOKEN, token, CancelToken())


class _LazyWorkers:
    """Makes the set of processes when it is first needed: what that imports, a window can appear without."""

    def __init__(self, make: Callable[[], Workers]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._made: list[Workers] = []

    def __call__(self) -> Workers:
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]

    def close(self) -> None:
        with self._lock:
            for workers in self._made:
                workers.close()


class _LazyStore:
    """Makes what keeps the list of jobs when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: list[QueueStore] = []

    def __call__(self) -> QueueStore:
        from mergedesk.pipelines.queue.stored import QueueStore

        with self._lock:
            if not self._made:
                self._made.append(QueueStore())
            return self._made[0]

    def close(self) -> None:
        with self._lock:
            for store in self._made:
                store.close()


def _close(workers: _LazyWorkers, store: _LazyStore, on_hub: HubChecks) -> None:
    workers.close()

    def let_go() -> None:  # of what lies on disks, which may be busy
        store.close()
        on_hub.close()

    threading.Thread(target=let_go, name="queue").start()


def _merge(
    ask: Callable[..., Any], token: HubToken, request: MergeRequest, publish: Report, cancel: CancelToken
) -> MergeReport:
    from mergedesk.pipelines.hub_merge import hub_merge

    report: MergeReport = ask("merge", hub_merge(request, token.value), publish, cancel)
    return report


def _perform(
    workers: _LazyWorkers,
    store: _LazyStore,
    token: HubToken,
    job: QueuedJob,
    publish: Callable[[object], None],
    cancel: CancelToken,
) -> tuple[JobEnd, Path | None]:
    from mergedesk.pipelines.queue.perform import perform

    end = perform(job.task, lambda *asked: workers().run(*asked), publish, cancel, token.value)
    return end, store().keep_report(job, end.report)


def _pass_over(_piece: object) -> None:
    """For jobs that publish nothing of interest."""


def _ask(
    workers: _LazyWorkers, job: str, question: object, publish: Callable[[Any], None], cancel: CancelToken | None
) -> Any:
    from mergedesk.domain.progress import CancelToken
    from mergedesk.pipelines.worker.jobs import JOBS

    return workers().run(JOBS[job], question, publish, cancel or CancelToken())


def _ask_libraries(ask: Callable[..., Any], request: CheckRequest, cancel: CancelToken) -> Sequence[Finding]:
    answer: Sequence[Finding] = ask("ask_libraries", request, _pass_over, cancel)
    return answer


def _try_it(
    ask: Callable[..., Any], request: TrialRequest, on_piece: OnPiece, report: TrialReport, cancel: CancelToken
) -> Any:
    from mergedesk.inference.trial import Piece

    def publish(said: Any) -> None:
        on_piece(said) if isinstance(said, Piece) else report(said)

    return ask(request, publish, cancel)


def _compare_logits(
    ask: Callable[..., Any], request: TrialRequest, prompts: Sequence[str], report: TrialReport, cancel: CancelToken
) -> Any:
    from mergedesk.pipelines.worker.jobs import LogitsQuestion

    return ask("compare_logits", LogitsQuestion(request, tuple(prompts)), report, cancel)


def _make_demo(ask: Callable[..., Any], say: Callable[[str], None], cancel: CancelToken) -> Path:
    from mergedesk.demo.base_model import demo_base_folder, is_made

    target = demo_base_folder()
    return target if is_made(target) else ask("make_demo_base", target, say, cancel)
