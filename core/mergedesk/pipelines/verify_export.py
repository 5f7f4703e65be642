"""The proof of a GGUF file, whatever made it: what it holds against the folder's weights, then what it answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, UserError, error
from ..domain.gguf_export import (
    ExportedFile,
    ExportListener,
    ExportProgress,
    ExportStage,
    GgufVerdict,
    VerifyGgufRequest,
)
from ..domain.packed_export import ExportStatus
from ..domain.progress import Cancelled, CancelToken
from ..inference.gguf_answer import (
    AskedQuestion,
    OwnAnswer,
    answer_checks,
    answer_of_gguf,
    not_asked,
    own_answer,
    question_of,
    waiting_to_answer,
)
from ..inference.own_greedy import tokens_asked
from ..inspection.inspect_folder import FolderContents, read_folder
from ..llama_cpp.sources import has_quantizer
from ..output.staging import staged
from ..planning.checks.output_folder import free_bytes, space_findings
from ..planning.export_checks import refused_model, says_packed
from ..planning.plan import bytes_of
from ..storage.gguf_header import read_gguf_header
from ..storage.whole_gguf import is_adapter
from ..support.failures import logged
from ..verification.gguf_file.words import words_of

if TYPE_CHECKING:  # it needs numpy, which a command that only prints its help has no use for
    from ..verification.gguf_file.prove import Advance, GgufProof


def verify_export(
    request: VerifyGgufRequest, report: ExportListener = lambda _: None, cancel: CancelToken | None = None
) -> GgufVerdict:
    """Prove or refute a GGUF file. Bad input and failures come back with that status; raises ``Cancelled``."""
    began, cancel = time.monotonic(), cancel or CancelToken()
    report(ExportProgress(ExportStage.CHECK))
    try:
        verdict = _verify(request, report, cancel)
    except Cancelled:
        raise
    except UserError as trouble:
        verdict = GgufVerdict(ExportStatus.FAILED, request.file, findings=(trouble.finding(),))
    except Exception as trouble:
        verdict = GgufVerdict(ExportStatus.FAILED, request.file, findings=(logged(trouble, "proof"),))
    return replace(verdict, seconds=time.monotonic() - began)


def _verify(request: VerifyGgufRequest, report: ExportListener, cancel: CancelToken) -> GgufVerdict:
    contents = read_folder(request.folder, follow_links=True)
    checkpoint = contents.dequantized or contents.checkpoint
    findings = _refused(request, contents)
    if findings or checkpoint is None:
        return GgufVerdict(ExportStatus.REFUSED, request.file, findings=findings)
    if not says_packed(contents):
        return _held_against(request, checkpoint, report, cancel)
    from .plain_folder import plain_folder_of

    place = request.file.resolve().with_name(f"{request.file.stem}-plain")
    if full := tuple(space_findings(place, bytes_of(checkpoint.tensors.values()), free_bytes(place))):
        return GgufVerdict(ExportStatus.REFUSED, request.file, findings=full)
    with staged(place) as staging:  # beside the file, where there was room for one; it is never published
        plain = plain_folder_of(checkpoint, staging.home.path / "plain", report, cancel)
        return _held_against(request, plain, report, cancel)


def _held_against(
    request: VerifyGgufRequest, checkpoint: Checkpoint, report: ExportListener, cancel: CancelToken
) -> GgufVerdict:
    from ..verification.not_finite import names_not_finite

    if broken := names_not_finite(checkpoint.tensors.values(), cancel.check):
        return GgufVerdict(ExportStatus.REFUSED, request.file, findings=(error(Code.GGUF_NOT_FINITE, names=broken),))
    proved = prove_file(request.file, checkpoint, "", report, cancel)
    said = ("", "")
    if request.answer and proved.is_proved:
        report(ExportProgress(ExportStage.ANSWER, detail=proved.type))
        with waiting_to_answer() as process:
            asked = Asked(checkpoint, question_for(checkpoint, request.prompt, cancel), process, cancel)
            proved, own = with_answer(proved, request.file.resolve(), asked, None)
        said = (asked.question.prompt, own.reply) if own and own.tokens and asked.question else said
    return GgufVerdict(ExportStatus.EXPORTED, request.file, proved, (), *said)


def _refused(request: VerifyGgufRequest, contents: FolderContents) -> tuple[Finding, ...]:
    if not request.file.is_file():
        return (error(Code.GGUF_MISSING, path=str(request.file)),)
    if _is_adapter(request.file):
        return (error(Code.GGUF_IS_ADAPTER, file=request.file.name),)
    return tuple(refused_model(contents))


def _is_adapter(file: Path) -> bool:
    try:
        return is_adapter(read_gguf_header(file))
    except UserError:  # the proof says what is wrong with it
        return False


def prove_file(
    file: Path, checkpoint: Checkpoint, kind: str, report: ExportListener, cancel: CancelToken
) -> ExportedFile:
    """What is in a file, against the folder. Raises UserError, Cancelled."""
    from ..verification.gguf_file.prove import prove

    counter = _counter(report, kind)
    return _described(file, prove(file, checkpoint, counter, cancel.check), kind)


def prove_adapter_file(
    file: Path, adapter: Adapter, base: Checkpoint, report: ExportListener, cancel: CancelToken
) -> ExportedFile:
    """What is in a GGUF LoRA, against the adapter."""
    from ..verification.gguf_file.prove import prove_adapter

    return _described(file, prove_adapter(file, adapter, base, _counter(report, ""), cancel.check), "")


def _described(file: Path, proof: GgufProof, kind: str) -> ExportedFile:
    return ExportedFile(file.name, kind or proof.type, file.stat().st_size, proof.checks, proof.loss)


def _counter(report: ExportListener, kind: str) -> Callable[[int], Advance]:
    def of(total: int) -> Advance:
        began, done = time.monotonic(), [0]

        def advance(nbytes: int, _name: str) -> None:
            done[0] += nbytes
            report(ExportProgress(ExportStage.PROVE, done[0], total, time.monotonic() - began, kind))

        return advance

    return of


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model and files of it are asked, and the process that answers for the model; None where none waits."""

    checkpoint: Checkpoint
    question: AskedQuestion | None
    process: Popen[bytes] | None
    cancel: CancelToken


def question_for(checkpoint: Checkpoint, prompt: str, cancel: CancelToken) -> AskedQuestion | None:
    """The question through the model's own template. Raises Cancelled."""
    words = words_of(checkpoint.folder)
    return question_of(checkpoint, words.template if words else None, prompt, cancel.check)


def with_answer(
    proved: ExportedFile, file: Path, asked: Asked, own: OwnAnswer | None
) -> tuple[ExportedFile, OwnAnswer | None]:
    """The same, with what llama.cpp answers from it; of a file that loses nothing that must be the model's answer.

    ``own``: the model's, where it has been asked already; it is given back. Raises Cancelled.
    """
    if not has_quantizer():
        return replace(proved, checks=(*proved.checks, *not_asked())), own
    said = answer_of_gguf(file, asked.question, tokens_asked(asked.checkpoint), asked.cancel.check)
    if own is None and said is not None and asked.question is not None:
        own = own_answer(asked.checkpoint, asked.question, said.tokens, asked.cancel.check, asked.process)
    checks = answer_checks(said, asked.question, own, exact=proved.loss == 0.0)
    return replace(
        proved, checks=(*proved.checks, *checks), reply=said.reply if said and own and own.tokens else ""
    ), own
