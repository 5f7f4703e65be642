"""What the command line shows: one progress bar on stderr, results in plain lines on stdout."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from ..domain.findings import Check, CheckStatus, Finding, Severity
from ..domain.merge_report import MergeReport, MergeStatus, combination_json
from ..domain.messages import check_message, check_title, engine_reason, finding_message
from ..domain.progress import Progress, Stage
from ..domain.units import human_bytes, human_parameters, human_seconds
from ..domain.verdict import Verdict, VerifyStatus
from ..inspection.inspect_folder import FolderInfo
from ..planning.preflight import Preflight

_STAGES = {
    Stage.PREFLIGHT: "Checking",
    Stage.PLAN: "Planning",
    Stage.MERGE: "Merging",
    Stage.VERIFY: "Verifying",
    Stage.PUBLISH: "Publishing",
}
_SEVERITIES = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Note"}
_MARKS = {CheckStatus.PASS: "ok", CheckStatus.WARN: "WARN", CheckStatus.FAIL: "FAIL", CheckStatus.SKIPPED: "--"}


class Console:
    """A progress bar while the job runs; nothing at all where stderr is no terminal."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stage: Stage | None = None
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Console:
        if sys.stderr.isatty():
            self._bar = _make_bar()
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Take one reading; called from the job's threads."""
        if self._bar is None:
            return
        with self._lock:
            if progress.stage is not self._stage:
                self._stage = progress.stage
                self._task = self._bar.add_task(_STAGES[progress.stage], total=progress.total_bytes or None)
            self._bar.update(self._task, completed=progress.done_bytes)


def _make_bar() -> Any:
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    return RichProgress(*columns, console=RichConsole(stderr=True), transient=True)


def print_recognition(found: FolderInfo) -> None:
    """What a folder is, a line for each fact."""
    facts = [
        ("kind", found.kind.value.replace("_", " ")),
        ("class", found.class_name),
        ("model type", found.model_type),
        ("parameters", human_parameters(found.parameters) if found.parameters else None),
        ("precision", found.dtype),
        ("size", human_bytes(found.bytes) if found.bytes else None),
        ("weight files", found.shards or None),
        ("quantisation", found.quantization),
        ("method", found.peft_type),
        ("rank", found.r),
        ("alpha", found.lora_alpha),
        ("targets", ", ".join(found.target_modules) or None),
        ("trained on", found.base_model_name_or_path),
    ]
    for name, value in facts:
        if value is not None:
            print(f"{name + ':':<14}{value}")
    for path in found.checkpoint_folders:
        print(f"{'holds:':<14}{path.name}")
    _print_findings(found.findings)


def print_preflight(preflight: Preflight) -> None:
    """Findings, then what the merge would do."""
    _print_findings(preflight.findings)
    if preflight.refused:
        return
    print(f"Modules: {preflight.modules.matched} of {preflight.modules.targeted} matched.")
    if preflight.engine and preflight.predicted_bytes is not None:
        size = human_bytes(preflight.predicted_bytes)
        print(f"Ready to merge with the {preflight.engine.value} engine; the result takes {size}.")


def print_report(report: MergeReport) -> None:
    """The verification report; refusals and failures go to stderr."""
    good = report.status is MergeStatus.MERGED
    _print_findings(report.findings)
    _print_checks(report.checks)
    if not good:
        return
    for file in report.files:
        print(f"      {file.name:<44}{human_bytes(file.bytes):>12}")
    print(f"      {'total':<44}{human_bytes(report.total_bytes):>12}")
    print(f"{report.adapter_class} → {report.merged_class or 'not loaded'}")
    print(f"Adapters: {_adapters(report)}.")
    print(f"Engine: {report.engine}. {engine_reason(report.engine_reason)}")
    print(f"Merged and verified in {human_seconds(report.seconds)}, peak memory {human_bytes(report.peak_rss_bytes)}.")
    print(f"{report.output}")


def _print_checks(checks: Sequence[Check]) -> None:
    """One line each; what was found starts at the same place in all of them."""
    width = max((len(check_title(check.code)) for check in checks), default=0) + 2
    for check in checks:
        print(f"{_MARKS[check.status]:>4}  {check_title(check.code) + ':':<{width}}{check_message(check)}")


def print_verdict(verdict: Verdict) -> None:
    """Whether it is the merge, why, and each check; refusals and failures go to stderr."""
    _print_findings(verdict.findings)
    if verdict.status is VerifyStatus.CANCELLED:
        print("Cancelled.", file=sys.stderr)
    if verdict.reason is None:
        return
    _print_checks(verdict.checks)
    print(f"{'Match' if verdict.matches else 'Mismatch'}: {finding_message(verdict.reason)}")
    if not verdict.checks:  # the kind of folder was enough, and no tensor was looked at
        return
    how = "Samples of every tensor" if verdict.quick else "All rows of every tensor"
    seconds, peak = human_seconds(verdict.seconds), human_bytes(verdict.peak_rss_bytes)
    print(f"{how} compared in {seconds}, peak memory {peak}.")


def _adapters(report: MergeReport) -> str:
    """Every adapter with its weight, and how several were combined."""
    listed = ", ".join(f"{one.weight:g} × {one.name}" for one in report.adapters)
    if len(report.adapters) < 2:
        return listed
    method, *settings = [
        (name, value) for name, value in combination_json(report.combination).items() if value is not None
    ]
    return f"{listed} ({', '.join([str(method[1]), *(f'{name} {value}' for name, value in settings)])})"


def _print_findings(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        stream = sys.stderr if finding.severity is Severity.ERROR else sys.stdout
        print(f"{_SEVERITIES[finding.severity]}: {finding_message(finding)}", file=stream)
