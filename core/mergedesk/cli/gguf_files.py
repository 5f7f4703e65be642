"""GGUF files on the command line: what may be asked of them, and what is shown of what became of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from typer import BadParameter, Option

from ..domain.gguf_export import ExportedFile, ExportListener, GgufForm, GgufReport, GgufRequest, GgufVerdict
from ..domain.packed_export import ExportStatus
from ..domain.progress import Cancelled, CancelToken
from ..llama_cpp.types import DEFAULT, TYPES
from ..pipelines.export_gguf import export_gguf
from .interrupt import ctrl_c_cancels
from .output import ExitCode
from .rendering import print_checks, progress_bar
from .words import human_bytes, human_seconds, print_findings, say

Ended = TypeVar("Ended", GgufReport, GgufVerdict)
PromptOption = Annotated[str, Option("--prompt", help="What the models are asked.", metavar="TEXT")]
AnswerOption = Annotated[bool, Option("--answer/--no-answer", help="Compare what llama.cpp answers.")]
_CODES = {
    ExportStatus.EXPORTED: ExitCode.DONE,
    ExportStatus.REFUSED: ExitCode.REFUSED,
    ExportStatus.FAILED: ExitCode.FAILED,
    ExportStatus.CANCELLED: ExitCode.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class GgufOptions:
    """What only GGUF files have."""

    types: Annotated[
        list[str] | None,
        Option("--type", help=f"Of a GGUF file: {', '.join(TYPES)}; again for several.", metavar=DEFAULT),
    ] = None
    base: Annotated[
        Path | None, Option("--base", help="Folder of the base model, or its name on a hub.", metavar="DIR")
    ] = None
    prompt: PromptOption = ""
    answer: AnswerOption = True

    @property
    def first_given(self) -> str:
        """The first option of it that was given; empty where none was."""
        given = {"--type": self.types, "--base": self.base, "--prompt": self.prompt, "--no-answer": not self.answer}
        return next((name for name, value in given.items() if value), "")

    def request(self, folder: Path, output: Path, to: GgufForm, *, overwrite: bool) -> GgufRequest:
        """What is asked for. Raises BadParameter."""
        names = tuple(dict.fromkeys(name.upper() for name in self.types or ()))
        allowed = [name for name, kind in TYPES.items() if kind.outtype or to is GgufForm.GGUF]
        if wrong := [name for name in names if name not in allowed]:
            raise BadParameter(say("unknown_type", name=wrong[0], known=", ".join(allowed)))
        request = GgufRequest(folder, output, to, names, self.base, overwrite, self.prompt, self.answer)
        if len(names) > 1 and to is GgufForm.GGUF_LORA:
            raise BadParameter(say("one_type_for_lora"))
        if len(names) > 1 and request.is_one_file:
            raise BadParameter(say("one_type_a_file", name=output.name))
        return request


def exported(request: GgufRequest) -> GgufReport:
    """Carry it out, with a bar."""
    cancelled = GgufReport(ExportStatus.CANCELLED, request.output, request.to)
    return cancellable(lambda show, cancel: export_gguf(request, show, cancel), cancelled)


def cancellable(run: Callable[[ExportListener, CancelToken], Ended], cancelled: Ended) -> Ended:
    """What ``run`` gives, or ``cancelled`` where Ctrl+C came before that."""
    cancel = CancelToken()
    try:
        with ctrl_c_cancels(cancel), progress_bar() as show:
            return run(show, cancel)
    except Cancelled:
        return cancelled


def report_code(report: GgufReport) -> ExitCode:
    """How the shell is told of a finished export."""
    refuted = report.status is ExportStatus.FAILED and not report.is_proved
    return ExitCode.VERIFICATION_FAILED if refuted else _CODES[report.status]


def verdict_code(verdict: GgufVerdict) -> ExitCode:
    """How the shell is told of a finished proof."""
    return ExitCode.VERIFICATION_FAILED if verdict.matches is False else _CODES[verdict.status]


def print_gguf_report(report: GgufReport) -> None:
    """Each file with its proof, and both answers; refusals and failures go to stderr."""
    print_findings(report.findings, of_failure=report.status is ExportStatus.FAILED)
    for file in report.files:
        print(f"{file.name}  {human_bytes(file.bytes)}")
        print_checks(file.checks)
    _print_replies(report.prompt, report.reply, report.files)
    if report.status is ExportStatus.EXPORTED:
        print(say("gguf_exported", duration=human_seconds(report.seconds), path=str(report.output)))
    elif report.status is ExportStatus.CANCELLED:
        print(say("nothing_kept"), file=sys.stderr)
    elif report.files:
        print(say("gguf_refuted", path=str(report.output)), file=sys.stderr)


def print_gguf_verdict(verdict: GgufVerdict) -> None:
    """Whether the file is the model, and each check."""
    print_findings(verdict.findings)
    if verdict.status is ExportStatus.CANCELLED:
        print(say("cancelled"), file=sys.stderr)
    if verdict.proof is None:
        return
    print_checks(verdict.proof.checks)
    _print_replies(verdict.prompt, verdict.reply, (verdict.proof,))
    name = verdict.file.name
    print(say("gguf_match", file=name) if verdict.matches else say("gguf_mismatch", file=name))


def _print_replies(prompt: str, reply: str, files: Sequence[ExportedFile]) -> None:
    if not reply:
        return
    print(f"{say('asked')} {prompt.strip()}\n{say('model_said')} {reply.strip()}")
    for file in files:
        if file.reply:
            print(f"llama.cpp, {file.type}: {file.reply.strip()}")
