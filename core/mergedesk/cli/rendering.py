"""What the command line shows: one progress bar on stderr, results in plain lines or as JSON on stdout."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from ..domain.findings import Check, CheckCode, CheckStatus, Data
from ..domain.folder_info import FolderInfo
from ..domain.json_objects import json_object
from ..domain.merge_report import MergeReport, MergeStatus, combination_json
from ..domain.messages import check_reason, engine_reason, environment_language
from ..domain.precision_advice import advice_json, advice_text
from ..domain.units import is_wide
from ..domain.verdict import Verdict, VerifyStatus
from ..hub.questions import HubModel
from ..planning.preflight import Preflight
from .words import (
    check_message,
    check_title,
    finding_message,
    human_bytes,
    human_parameters,
    human_seconds,
    peak_memory,
    print_findings,
    say,
)

if TYPE_CHECKING:
    from rich.progress import TaskID

_COMMIT_DIGITS = 12
_MARKS = {CheckStatus.PASS: "ok", CheckStatus.WARN: "WARN", CheckStatus.FAIL: "FAIL", CheckStatus.SKIPPED: "--"}


class Reading(Protocol):
    """How far something is, as the bar shows it: of a merge, a download or an upload."""

    @property
    def stage(self) -> str:
        """What is done, a word of the catalogues."""

    @property
    def done_bytes(self) -> int:
        """What is done of ``total_bytes``."""

    @property
    def total_bytes(self) -> int:
        """0 where nothing is counted."""

    @property
    def left(self) -> float | None:
        """Seconds; None while that is not known."""


def unshown(_reading: Reading) -> None:
    """Where there is no terminal to show it on."""


@contextmanager
def progress_bar() -> Iterator[Callable[[Reading], None]]:
    """What takes readings, from any thread, for a bar on stderr; nothing at all is shown where that is no terminal."""
    if not sys.stderr.isatty():
        yield unshown
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    name, lock = TextColumn("{task.description:<10}"), threading.Lock()
    columns = (name, BarColumn(24), DownloadColumn(), TransferSpeedColumn(), TextColumn("{task.fields[left]}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(progress: Reading) -> None:
            stage = progress.stage
            with lock:
                if stage not in tasks:
                    for earlier in tasks.values():
                        bar.update(earlier, left="")
                    tasks[stage] = bar.add_task(say(f"stage.{stage}"), total=progress.total_bytes or None, left="")
                bar.update(tasks[stage], completed=progress.done_bytes, left=_left(progress))

        yield show


def _left(progress: Reading) -> str:
    return say("left", duration=human_seconds(progress.left)) if progress.left else ""


def print_recognition(folder_info: FolderInfo, beside: Mapping[str, str | None] = MappingProxyType({})) -> None:
    """What a folder is, a line for each fact, after the facts that are known ``beside``."""
    facts = {
        **beside,
        "kind": say(f"kind.{folder_info.kind}"),
        "class": folder_info.class_name,
        "model_type": folder_info.model_type,
        "parameters": human_parameters(folder_info.parameters) if folder_info.parameters else None,
        "precision": folder_info.dtype,
        "size": human_bytes(folder_info.bytes) if folder_info.bytes else None,
        "weight_files": folder_info.shards or None,
        "quantization": folder_info.quantization,
        "method": folder_info.peft_type,
        "rank": folder_info.r,
        "alpha": folder_info.lora_alpha,
        "targets": ", ".join(folder_info.target_modules) or None,
        "trained_on": folder_info.base_model_name_or_path,
    }
    named = [(say(f"fact.{key}"), value) for key, value in facts.items()]
    named += [(say("fact.holds"), path.name) for path in folder_info.checkpoint_folders]
    width = max(len(name) for name, _ in named) + 2
    for name, value in named:
        if value is not None:
            print(f"{name + ':':<{width}}{value}")
    print_findings(folder_info.findings)


def print_preflight(preflight: Preflight) -> None:
    """Findings, then what the merge would do."""
    print_findings(preflight.findings)
    if preflight.refused:
        return
    print(say("modules_matched", matched=str(preflight.modules.matched), targeted=str(preflight.modules.targeted)))
    if preflight.engine and preflight.predicted_bytes is not None:
        print(say("ready", engine=preflight.engine.value, predicted_bytes=preflight.predicted_bytes))
    if preflight.advice is not None and (advice := advice_text(preflight.advice, environment_language())):
        print(advice)
    if preflight.expected_seconds is not None:
        print(_duration(preflight.expected_seconds, preflight.expected_between))


def _duration(seconds: float, between: tuple[float, float] | None) -> str:
    """A range where earlier merges were too far apart for a single number."""
    if between is None or not is_wide(between):
        return say("expected", duration=human_seconds(seconds))
    return say("expected_between", least=human_seconds(between[0]), most=human_seconds(between[1]))


def print_report(report: MergeReport) -> None:
    """The verification report; refusals and failures go to stderr."""
    good = report.status is MergeStatus.MERGED
    print_findings(report.findings, of_failure=report.status is MergeStatus.FAILED)
    print_checks(report.checks)
    if not good:
        return
    for file in report.files:
        print(f"      {file.name:<44}{human_bytes(file.bytes):>12}")
    print(f"      {say('total'):<44}{human_bytes(report.total_bytes):>12}")
    if (classes := _classes(report)) is not None:
        print(classes)
    print(say("adapters", adapters=_adapters(report)))
    if report.rounding.draws:
        print(say("rounded", seed=str(report.rounding.seed)))
    print(say("engine", engine=report.engine, reason=engine_reason(report.engine_reason, environment_language())))
    print(say("merged", duration=human_seconds(report.seconds), peak=peak_memory(report)))
    print(f"{report.output}")


def _classes(report: MergeReport) -> str | None:
    """What the class was and is; where the result was not loaded, why."""
    if report.merged_class is not None:
        return f"{report.adapter_class} → {report.merged_class}"
    loads = next((check for check in report.checks if check.code is CheckCode.LOADS_AS_PLAIN_MODEL), None)
    if loads is None:
        return None
    return say("not_loaded", reason=check_reason(loads, environment_language()))


def print_checks(checks: Sequence[Check]) -> None:
    """One line each; what was found starts at the same place in all of them."""
    width = max((len(check_title(check.code)) for check in checks), default=0) + 2
    for check in checks:
        print(f"{_MARKS[check.status]:>4}  {check_title(check.code) + ':':<{width}}{check_message(check)}")


def print_verdict(verdict: Verdict) -> None:
    """Whether it is the merge, why, and each check; refusals and failures go to stderr."""
    print_findings(verdict.findings)
    if verdict.status is VerifyStatus.CANCELLED:
        print(say("cancelled"), file=sys.stderr)
    if verdict.reason is None:
        return
    print_checks(verdict.checks)
    print(f"{say('match' if verdict.matches else 'mismatch')}: {finding_message(verdict.reason)}")
    if not verdict.checks:  # the kind of folder was enough, and no tensor was looked at
        return
    key = "compared_samples" if verdict.quick else "compared_rows"
    print(say(key, duration=human_seconds(verdict.seconds), peak=peak_memory(verdict)))


def _adapters(report: MergeReport) -> str:
    """Every adapter with its weight, and how several were combined."""
    listed = ", ".join(f"{adapter.weight:g} × {adapter.name}" for adapter in report.adapters)
    if len(report.adapters) < 2:
        return listed
    stated = {name: value for name, value in combination_json(report.combination).items() if value is not None}
    return (
        f"{listed} ({', '.join([str(stated.pop('method')), *(f'{name} {value}' for name, value in stated.items())])})"
    )


def recognition_json(recognition: FolderInfo) -> dict[str, Data]:
    """What ``inspect --json`` prints."""
    return json_object(
        recognition,
        *("path", "kind", "class", "model_type", "parameters", "dtype", "bytes", "shards", "quantization", "peft_type"),
        *("r", "lora_alpha", "target_modules", "base_model_name_or_path", "checkpoint_folders", "findings"),
        **{"class": recognition.class_name},
    )


def hub_facts(model: HubModel) -> dict[str, str | None]:
    """What there is to say of a repository beside what it holds."""
    return {
        "repository": model.reference.text,
        "commit": model.commit[:_COMMIT_DIGITS],
        "access": say(f"access.{model.access}"),
        "licence": model.licence,
        "download": human_bytes(model.missing_bytes) if model.missing_bytes else None,
        "here": str(model.folder) if model.folder else None,
    }


def hub_json(model: HubModel) -> dict[str, Data]:
    """What ``inspect --json`` prints of a repository beside what it holds."""
    return json_object(
        model,
        *("path", "commit", "licence", "gated", "private", "accessible", "missing_bytes", "folder"),
        path=model.reference.text,
    )


def preflight_json(preflight: Preflight) -> dict[str, Data]:
    """What ``check --json`` prints."""
    return json_object(
        preflight,
        *("refused", "base", "adapters", "engine", "engine_reason", "modules", "predicted_bytes", "free_bytes"),
        *("expected_seconds", "expected_between", "precision_advice", "findings"),
        base=recognition_json(preflight.base),
        adapters=[recognition_json(adapter) for adapter in preflight.adapters],
        engine_reason=engine_reason(preflight.engine_reason) or None,
        precision_advice=advice_json(preflight.advice) if preflight.advice else None,
        expected_seconds=None if preflight.expected_seconds is None else round(preflight.expected_seconds, 1),
        expected_between=preflight.expected_between and [round(end, 1) for end in preflight.expected_between],
    )
