"""GGUF files that are made, and that were, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from mergedesk.domain.findings import CheckStatus
from mergedesk.domain.gguf_export import ExportedFile, ExportProgress, GgufReport
from mergedesk.domain.messages import Message

from .lines import FindingRow, joined
from .messages import check_message, check_title, say
from .numbers import human_bytes, human_seconds, written


def progress_line(progress: ExportProgress) -> str:
    """What is done now, how much of it, and how long it will take."""
    done, total = human_bytes(progress.done_bytes), progress.total_bytes
    counted = f"{done} / {human_bytes(total)}" if total else ""
    left = say("gguf.left", duration=human_seconds(progress.left)) if progress.left else ""
    return joined(say(f"gguf.stage.{progress.stage}", type=progress.detail), counted, left)


def file_rows(report: GgufReport) -> tuple[FindingRow, ...]:
    """A row for each file with its size and its proof, then whatever was remarked of it."""
    return tuple(row for file in report.files for row in _rows(file, report))


def _rows(file: ExportedFile, report: GgufReport) -> Iterator[FindingRow]:
    passed = sum(check.status is CheckStatus.PASS for check in file.checks)
    loss = written(f"{100 * (file.loss or 0):.3g} %")
    sentence = f"{file.name}, {human_bytes(file.bytes)}"
    proof = say("gguf.proved" if file.is_proved else "gguf.refuted", passed=passed, loss=loss)
    said = say("gguf.reply", reply=file.reply.strip()) if file.reply and report.reply else ""
    severity = "success" if file.is_proved else "error"
    yield FindingRow(severity, Message(sentence, f"{proof} {said}".strip()), f"{sentence} {proof} {said}".strip())
    for check in file.checks:
        if check.status in (CheckStatus.FAIL, CheckStatus.WARN):
            text = f"{check_title(check)}: {check_message(check)}"
            yield FindingRow("error" if check.status is CheckStatus.FAIL else "warning", Message(text), text)
