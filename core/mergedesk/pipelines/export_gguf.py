"""A model as GGUF files, an adapter as a GGUF LoRA: converted, quantised, proved, and only then given their names."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import EXPORT_REPORT
from ..domain.findings import Code, Finding, UserError, error
from ..domain.folder_names import short_name
from ..domain.gguf_export import (
    ExportedFile,
    ExportListener,
    ExportProgress,
    ExportStage,
    GgufForm,
    GgufReport,
    GgufRequest,
    gguf_json,
)
from ..domain.json_objects import json_text
from ..domain.packed_export import ExportStatus
from ..domain.progress import Cancelled, CancelToken
from ..inference.gguf_answer import OwnAnswer, waiting_to_answer
from ..llama_cpp.running import Written, convert, quantize
from ..llama_cpp.sources import ADAPTERS, MODELS
from ..llama_cpp.types import GgufType
from ..output.adapter_files import write_adapter
from ..output.companions import write_text
from ..output.staging import Staging, bring_to_disk, staged
from ..planning.export_checks import ExportPlan, PreparedExport, file_bytes, prepare_export
from ..runtime.versions import package_versions
from ..storage.file_identity import changed_among, identities_in
from ..support.failures import logged
from ..verification.gguf_file.words import words_of
from .verify_export import Asked, prove_adapter_file, prove_file, question_for, with_answer

_NOT_IN_NAMES = re.compile(r"[{}%\\/:*?\"<>|\x00-\x1f]")


def unheard(_progress: ExportProgress) -> None:
    """Where nobody wants to know how far an export is."""


def export_gguf(
    request: GgufRequest, report: ExportListener = unheard, cancel: CancelToken | None = None
) -> GgufReport:
    """Write the files that were asked for. Bad input and failures come back as a report; raises ``Cancelled``."""
    began, cancel = time.monotonic(), cancel or CancelToken()
    report(ExportProgress(ExportStage.CHECK))
    try:
        made = _export(request, report, cancel)
    except Cancelled:
        raise
    except UserError as trouble:
        made = _ended(request, ExportStatus.FAILED, trouble.finding())
    except Exception as trouble:
        made = _ended(request, ExportStatus.FAILED, logged(trouble, "export"))
    return replace(made, seconds=time.monotonic() - began)


def _ended(request: GgufRequest, status: ExportStatus, *findings: Finding) -> GgufReport:
    return GgufReport(status, request.output, request.to, findings=findings)


@dataclass(frozen=True, slots=True)
class _ExportRun:
    """An export that goes on. ``model`` is the folder that is converted: ``checkpoint`` is what lies there."""

    request: GgufRequest
    prepared: PreparedExport
    plan: ExportPlan
    checkpoint: Checkpoint
    model: Path
    report: ExportListener
    cancel: CancelToken

    def written(self, stage: ExportStage, kind: GgufType) -> Written:
        """What is told of a file that grows."""
        began, total = time.monotonic(), self.size_of(kind)

        def tell(nbytes: int) -> None:
            self.cancel.check()
            done = min(nbytes, total)
            self.report(ExportProgress(stage, done, total, time.monotonic() - began, kind.name))

        return tell

    def size_of(self, kind: GgufType) -> int:
        return file_bytes(self.checkpoint.parameters, 0, kind)

    def file_name(self, kind: GgufType) -> str:
        if self.request.is_one_file:
            return _NOT_IN_NAMES.sub("_", self.request.output.name)
        return f"{_NOT_IN_NAMES.sub('_', short_name(self.request.source.resolve()))}-{kind.name}.gguf"


def _export(request: GgufRequest, report: ExportListener, cancel: CancelToken) -> GgufReport:
    before = identities_in([request.source, *([request.base] if request.base else [])])
    prepared = prepare_export(request)
    if prepared.plan is None or prepared.checkpoint is None:
        return _ended(request, ExportStatus.REFUSED, *prepared.findings)
    run = _ExportRun(request, prepared, prepared.plan, prepared.checkpoint, request.source.resolve(), report, cancel)
    if request.is_one_file and len(prepared.plan.wanted) > 1:
        raise UserError(Code.OUTPUT_NOT_WRITABLE, path=str(request.output))
    with staged(request.output) as staging:
        plain = _plain(run, staging)
        if broken := _not_finite(plain):
            return _ended(request, ExportStatus.REFUSED, *prepared.findings, error(Code.GGUF_NOT_FINITE, names=broken))
        made = _made(plain, staging)
        if (changed := changed_among(before, before)) is not None:
            raise UserError(Code.INPUT_CHANGED, file=changed.name)
        if not made.is_proved:
            return replace(made, status=ExportStatus.FAILED)
        cancel.check()
        report(ExportProgress(ExportStage.PUBLISH))
        said = _published(run, staging, made)
    return replace(made, findings=(*made.findings, *said))


def _plain(run: _ExportRun, staging: Staging) -> _ExportRun:
    """The same of a plain copy in the staging folder, where the weights are packed. It goes with that folder."""
    if not run.prepared.dequantizes:
        return run
    from .plain_folder import plain_folder_of

    plain = plain_folder_of(run.checkpoint, staging.home.path / "plain", run.report, run.cancel)
    return replace(run, checkpoint=plain, model=plain.folder)


def _not_finite(run: _ExportRun) -> tuple[str, ...]:
    """Weights that are no numbers, found before anything is made of them; of an adapter, its own."""
    from ..verification.not_finite import names_not_finite

    adapter = run.prepared.adapter if run.request.to is GgufForm.GGUF_LORA else None
    return names_not_finite((adapter or run.checkpoint).tensors.values(), run.cancel.check)


def _published(run: _ExportRun, staging: Staging, made: GgufReport) -> list[Finding]:
    bring_to_disk(staging.folder, run.cancel.check)
    if run.request.is_one_file:
        return staging.publish_file(made.files[0].name, run.request.overwrite)
    write_text(staging.folder / EXPORT_REPORT, json_text(gguf_json(made), indent=2) + "\n")
    return staging.publish(run.request.overwrite)


def _made(run: _ExportRun, staging: Staging) -> GgufReport:
    """Every file, in the staging folder, with its proof."""
    if run.request.to is GgufForm.GGUF_LORA:
        return _report(run, (_adapter_file(run, staging),))
    if not run.request.answer:
        files = _written(run, staging)
        return _report(run, tuple(_proved(run, staging.folder / name, kind) for kind, name in files.items()))
    with waiting_to_answer() as process, ThreadPoolExecutor(1, thread_name_prefix="mergedesk-question") as beside:
        # What the answers take is made ready while llama.cpp converts.
        question = beside.submit(question_for, run.checkpoint, run.request.prompt, run.cancel)
        files = _written(run, staging)
        return _answered(run, staging, files, Asked(run.checkpoint, question.result(), process, run.cancel))


def _answered(run: _ExportRun, staging: Staging, files: Mapping[GgufType, str], asked: Asked) -> GgufReport:
    """Each file's proof, with what it answers; nothing is asked of one that is refuted already."""
    own: OwnAnswer | None = None
    proved = []
    for kind, name in files.items():
        file = staging.folder / name
        proof = _proved(run, file, kind)
        if proof.is_proved:
            run.report(ExportProgress(ExportStage.ANSWER, detail=kind.name))
            proof, own = with_answer(proof, file, asked, own)
        proved.append(proof)
    said = (asked.question.prompt, own.reply) if own and own.tokens and asked.question else ("", "")
    return _report(run, tuple(proved), *said)


def _report(run: _ExportRun, files: tuple[ExportedFile, ...], prompt: str = "", reply: str = "") -> GgufReport:
    return GgufReport(
        ExportStatus.EXPORTED,
        run.request.output,
        run.request.to,
        files,
        run.prepared.findings,
        run.plan.forecast,
        prompt,
        reply,
        package_versions(),
    )


def _written(run: _ExportRun, staging: Staging) -> dict[GgufType, str]:
    """The names of all files that were asked for; what is only between is removed."""
    plan = run.plan
    names = {kind: run.file_name(kind) for kind in plan.wanted}
    first = staging.folder / names[plan.first] if plan.keeps else staging.home.path / "whole.gguf"
    source = run.model
    arguments = [str(source), "--outtype", plan.first.outtype, "--outfile", str(first)]
    words = words_of(source)
    stated = words.put_around if words else {}
    convert(MODELS, source, arguments, first, run.written(ExportStage.CONVERT, plan.first), stated)
    for kind in plan.then:
        quantize(first, staging.folder / names[kind], kind, run.written(ExportStage.QUANTIZE, kind))
    if not plan.keeps:
        first.unlink()
    return names


def _proved(run: _ExportRun, file: Path, kind: GgufType) -> ExportedFile:
    return prove_file(file, run.checkpoint, kind.name, run.report, run.cancel)


def _adapter_file(run: _ExportRun, staging: Staging) -> ExportedFile:
    """By way of PEFT's own form, in which the adapter is written first: whatever tool wrote it."""
    adapter, kind = run.prepared.adapter, run.plan.first
    assert adapter is not None
    assert run.request.base is not None
    base, plain = run.request.base.resolve(), staging.home.path / "adapter"
    plain.mkdir()
    write_adapter(adapter, plain, run.cancel.check)
    target = staging.folder / run.file_name(kind)
    arguments = [str(plain), "--base", str(base), "--outtype", kind.outtype or "f16", "--outfile", str(target)]
    convert(ADAPTERS, base, arguments, target, run.written(ExportStage.CONVERT, kind))
    return prove_adapter_file(target, adapter, run.checkpoint, run.report, run.cancel)
