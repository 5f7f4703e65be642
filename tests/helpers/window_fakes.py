"""Stand-ins for the engine: folders are named after what they are, and nothing is read from disk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import Formatter
from typing import Any

from trial_fakes import FakeModels

from mergedesk.domain.findings import Check, CheckCode, CheckStatus, Code, Data, Finding, Severity, SkipReason
from mergedesk.domain.folder_info import FolderInfo, FolderKind
from mergedesk.domain.job_list import JobList, JobState, QueuedJob, after_crash
from mergedesk.domain.library import Library, LibraryPlaces
from mergedesk.domain.merge_report import (
    AdapterIdentity,
    MergeReport,
    MergeStatus,
    ModuleCounts,
    OutputFile,
    TensorCounts,
)
from mergedesk.domain.messages import template
from mergedesk.domain.progress import CancelToken, Progress, Report, Stage
from mergedesk.domain.requests import Engine, MergeRequest, VerifyRequest
from mergedesk.domain.verdict import ModuleVerdict, Verdict, VerifyStatus
from mergedesk.pipelines.queue.perform import JobEnd, perform
from mergedesk.planning.preflight import Preflight
from mergedesk.planning.provenance import Provenance
from mergedesk_gui.jobs.engine_api import EngineApi, engine
from mergedesk_gui.jobs.kept_merges import kept, kept_job
from mergedesk_gui.main_window import MainWindow

# ``open_window(**arguments)``, the fixture; arguments are those of ``build_window``.
OpenWindow = Callable[..., MainWindow]
GB = 10**9
MODULES = ModuleCounts(targeted=210, matched=210)


def a_model(path: Path, **changes: object) -> FolderInfo:
    """A full model in ``path``."""
    model = FolderInfo(
        path=path,
        kind=FolderKind.MODEL,
        class_name="LlamaForCausalLM",
        model_type="llama",
        parameters=1_235_814_400,
        dtype="bfloat16",
        bytes=2_471_645_608,
        shards=2,
    )
    return replace(model, **changes)  # type: ignore[arg-type]


def an_adapter(path: Path, **changes: object) -> FolderInfo:
    """A LoRA adapter in ``path``."""
    adapter = FolderInfo(
        path=path,
        kind=FolderKind.ADAPTER,
        dtype="float32",
        bytes=9_789_440,
        peft_type="LORA",
        r=16,
        lora_alpha=32.0,
        target_modules=("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
        module_count=210,
        base_model_name_or_path="meta-llama/Llama-3.2-1B-Instruct",
    )
    return replace(adapter, **changes)  # type: ignore[arg-type]


def inspect_folder(folder: Path) -> FolderInfo:
    """Recognise a folder by its name."""
    name = folder.name.lower()
    if "missing" in name:
        return FolderInfo(folder, FolderKind.MISSING, findings=(_about(folder, Code.FOLDER_MISSING),))
    if "run" in name:
        steps = tuple(folder / f"checkpoint-{step}-adapter" for step in (500, 1000, 1500))
        return FolderInfo(folder, FolderKind.TRAINING_RUN, checkpoint_folders=steps)
    if "adapter" in name or "lora" in name:
        return an_adapter(folder)
    if "junk" in name:
        return FolderInfo(folder, FolderKind.UNKNOWN, findings=(_about(folder, Code.FOLDER_UNKNOWN),))
    return a_model(folder)


def _about(folder: Path, code: Code) -> Finding:
    return Finding(code, Severity.ERROR, {"path": str(folder)}, about=str(folder))


def findings_for(request: MergeRequest) -> tuple[Finding, ...]:
    """What is wrong with a request, going by the folders' kinds and the output's name."""
    base, adapter = inspect_folder(request.base), inspect_folder(request.adapters[0].folder)
    found: list[Finding] = [*base.findings, *adapter.findings]
    if base.kind is FolderKind.ADAPTER and adapter.kind is FolderKind.MODEL:
        found.append(Finding(Code.SWAPPED, Severity.ERROR, _paths(request)))
    elif adapter.kind is not FolderKind.ADAPTER:
        found.append(Finding(Code.ADAPTER_NOT_AN_ADAPTER, Severity.ERROR, _paths(request)))
    if "4bit" in base.path.name:
        found += _quantized(request)
    if "more-words" in adapter.path.name:
        rows = {"base_rows": 32000, "adapter_rows": 32002, "tokenizer_length": 32002, "names": ["embed_tokens"]}
        severity = Severity.INFO if request.resize_vocabulary else Severity.ERROR
        code = Code.VOCABULARY_RESIZED if request.resize_vocabulary else Code.VOCABULARY_MISMATCH
        found.append(Finding(code, severity, rows))
    if request.output and "full" in request.output.name:
        data = {"path": str(request.output)}
        found.append(
            Finding(Code.OUTPUT_WILL_BE_REPLACED, Severity.WARNING, data)
            if request.overwrite
            else Finding(Code.OUTPUT_NOT_EMPTY, Severity.ERROR, data)
        )
    return tuple(found)


ORIGINAL = Path("/models/Llama-3.2-1B-Instruct")


def _quantized(request: MergeRequest) -> Iterator[Finding]:
    """A base in few bits; only the one that is called cached has its original on this computer."""
    path = str(ORIGINAL) if "cached" in request.base.name else None
    data = {"method": "bitsandbytes 4-bit", "original": ORIGINAL.name, "original_path": path}
    if request.dequantize:
        yield Finding(Code.WILL_DEQUANTIZE, Severity.WARNING, data)
    else:
        yield Finding(Code.QUANTIZED_BASE, Severity.ERROR, data)
    if path:
        yield Finding(Code.ORIGINAL_FOUND, Severity.INFO, {"path": path})


def _paths(request: MergeRequest) -> dict[str, str]:
    return {"base": str(request.base), "adapter": str(request.adapters[0].folder), "path": str(request.base)}


def check(request: MergeRequest) -> Preflight:
    """A preflight that knows all numbers."""
    return Preflight(
        base=inspect_folder(request.base),
        adapters=tuple(inspect_folder(adapter.folder) for adapter in request.adapters),
        findings=findings_for(request),
        engine=Engine.STREAMING,
        modules=MODULES,
        base_bytes=2_471_645_608,
        predicted_bytes=2_471_645_608,
        free_bytes=53 * GB,
    )


def data_for(*templates: str) -> dict[str, Data]:
    """Data that fills every placeholder of ``templates``."""
    parsed = (part for template in templates for part in Formatter().parse(template))
    names = {name for _text, name, _spec, _conversion in parsed if name}
    return {name: _likely_value(name) for name in sorted(names)}


def _likely_value(name: str) -> Data:
    if name.endswith("bytes"):
        return 2_471_645_608
    if name.endswith("shape"):
        return (4096, 11008)
    if name in {"count", "total", "rows", "length"} or name.endswith(("_rows", "_length")):
        return 210
    return f"<{name}>"


def a_finding(code: Code, severity: Severity) -> Finding:
    """A finding with data for its sentence."""
    return Finding(code, severity, data_for(*(template(f"finding.{code}.{part}") for part in ("sentence", "hint"))))


def a_check(code: CheckCode, status: CheckStatus = CheckStatus.PASS) -> Check:
    """A check with data for its sentence."""
    if status is CheckStatus.SKIPPED:
        return Check(code, status, {"reason": SkipReason.ONE_FILE})
    return Check(code, status, data_for(*(template(f"check.{code}.{part}") for part in ("passed", "failed"))))


def all_checks(failing: CheckCode | None = None) -> tuple[Check, ...]:
    """Every check there is; ``failing`` fails."""
    return tuple(a_check(code, CheckStatus.FAIL if code is failing else CheckStatus.PASS) for code in CheckCode)


FILES = (
    OutputFile("config.json", 877),
    OutputFile("generation_config.json", 189),
    OutputFile("mergedesk-report.json", 9_412),
    OutputFile("model-00001-of-00002.safetensors", 1_983_441_112),
    OutputFile("model-00002-of-00002.safetensors", 488_204_496),
    OutputFile("model.safetensors.index.json", 12_288),
    OutputFile("special_tokens_map.json", 296),
    OutputFile("tokenizer.json", 9_085_657),
    OutputFile("tokenizer_config.json", 54_528),
)


def a_report(request: MergeRequest, **changes: object) -> MergeReport:
    """The report of a merge that went well."""
    report = MergeReport(
        status=MergeStatus.MERGED,
        output=request.output,
        engine="streaming",
        precision="auto",
        adapter_class="PeftModelForCausalLM",
        merged_class="LlamaForCausalLM",
        files=FILES,
        tensors=TensorCounts(total=311, merged=210, copied=101),
        modules=MODULES,
        checks=all_checks(),
        base_name="Llama-3.2-1B-Instruct",
        adapters=tuple(AdapterIdentity(one.folder.name, "0" * 64, one.weight, "LORA") for one in request.adapters),
        seconds=2.94,
        peak_rss_bytes=389_000_000,
        peak_rss_beyond_imports_bytes=52_000_000,
    )
    return replace(report, **changes)  # type: ignore[arg-type]


def a_match(request: VerifyRequest, **changes: object) -> Verdict:
    """A check that found a right merge."""
    modules = tuple(ModuleVerdict(f"model.layers.{n}.q_proj.weight", "right", 1.0, 0.03, 1.0, 0.2) for n in range(210))
    verdict = Verdict(
        VerifyStatus.PROVED,
        request.merged,
        Finding(Code.MERGE_PROVED, Severity.INFO, {"count": 272, "targeted": 210}),
        (
            Check(CheckCode.KEYS_AS_PLANNED, CheckStatus.PASS, {"count": 272, "total": 272, "names": []}),
            a_check(CheckCode.TARGETED_AS_EXPECTED),
        ),
        modules,
        quick=request.quick,
        seconds=1.25,
        peak_rss_bytes=389_000_000,
        peak_rss_beyond_imports_bytes=52_000_000,
    )
    return replace(verdict, **changes)  # type: ignore[arg-type]


@dataclass
class FakeEngine:
    """A merge under the test's control: it reports, waits until told to go on, and ends as told."""

    outcome: Callable[[MergeRequest], MergeReport] = a_report
    readings: tuple[Progress, ...] = (Progress(Stage.MERGE, GB, 2 * GB, 1.5, "model.layers.7.mlp.up_proj"),)
    hold: bool = False
    base_found: Path | None = None
    models: FakeModels = field(default_factory=FakeModels)
    origins: Provenance | None = None
    requests: list[MergeRequest] = field(default_factory=list)
    found: Callable[[VerifyRequest], Verdict] = a_match
    proofs: list[VerifyRequest] = field(default_factory=list)
    warmed_up: int = 0
    queue_left: JobList = field(default_factory=JobList)
    queues: list[JobList] = field(default_factory=list)
    library: Library = field(default_factory=Library)
    places_kept: list[LibraryPlaces] = field(default_factory=list)

    def merge(self, request: MergeRequest, report: Report, cancel: CancelToken) -> MergeReport:
        """Report, wait if told to, and end."""
        self.requests.append(request)
        for reading in self.readings:
            report(reading)
        while self.hold:
            cancel.check()
            time.sleep(0.002)
        cancel.check()
        return self.outcome(request)

    def verify(self, request: VerifyRequest, report: Report, cancel: CancelToken) -> Verdict:
        """Report, wait if told to, and end."""
        self.proofs.append(request)
        report(Progress(Stage.VERIFY, GB, 2 * GB, 1.5, "model.layers.7.mlp.up_proj"))
        while self.hold:
            cancel.check()
            time.sleep(0.002)
        cancel.check()
        return self.found(request)

    def perform(self, job: QueuedJob, publish: Any, cancel: CancelToken) -> tuple[JobEnd, Path | None]:
        """Carry out a job of the queue with this engine's own merges and proofs."""

        def do(kind: Any, asked: Any, *rest: Any) -> Any:
            return self.merge(asked.request, *rest) if kind.name == "merge" else self.verify(asked, *rest)

        end = perform(job.task, do, publish, cancel)
        return end, None if end.state is JobState.CANCELLED else job.subject.with_suffix(".json")

    def look_through(self, _places: LibraryPlaces, report: Any, cancel: CancelToken) -> Library:
        """What the test put there, as it comes and in the end."""
        report(self.library.entries[:1])
        while self.hold:
            cancel.check()
            time.sleep(0.002)
        return self.library

    def warm_up(self) -> None:
        """Count the calls."""
        self.warmed_up += 1

    def find_base(self, adapter: FolderInfo) -> Path | None:
        """The base the test put there."""
        return self.base_found

    def backend(self, **changes: object) -> EngineApi:
        """This engine as the window sees it."""
        backend = replace(
            self.models.within(engine()),
            inspect_folder=inspect_folder,
            find_base=self.find_base,
            hub_base=lambda _adapter: None,
            check=check,
            ask_libraries=lambda _request, _cancel: (),
            check_on_hub=lambda _request, _cancel: None,
            advise=lambda _request, _cancel: None,
            merge=kept(self.merge),
            warm_up=self.warm_up,
            verify=self.verify,
            open_queue=lambda: after_crash(self.queue_left),
            save_queue=self.queues.append,
            look_through=self.look_through,
            keep_places=self.places_kept.append,
            perform=kept_job(self.perform),
            find_origins=lambda _merged, _known: self.origins,
            peft_script=lambda request: f"# merges {request.adapters[0].folder} into {request.base}\n",
        )
        return replace(backend, **changes)  # type: ignore[arg-type]
