"""The engine's codes as sentences in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mergedesk.domain import messages as core
from mergedesk.domain.findings import Check, CheckStatus, Code, Finding, Severity
from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.messages import Message
from mergedesk.domain.progress import Stage
from mergedesk.domain.verdict import Verdict

from ..jobs.failures import Failure
from ..state.form import shard_bytes
from .lines import FailureText

translate = QCoreApplication.translate


def window_language() -> str:
    """The language of the texts that are installed, as the engine's catalogues name it."""
    return translate("Language", "en")


def finding_message(finding: Finding) -> Message:
    """A finding in words."""
    return core.finding_text(finding, window_language())


def peak_memory(of: MergeReport | Verdict) -> str:
    """A job's memory at its peak."""
    return core.peak_memory(of.peak_rss_beyond_imports_bytes, of.peak_rss_bytes, window_language())


def failure_text(failure: Failure) -> FailureText:
    """A failure in words, with its traceback."""
    kept = finding_message(failure.kept).whole if failure.kept else ""
    return FailureText(finding_message(failure.finding), failure.details, kept)


def check_title(check: Check) -> str:
    """What a verification check proves."""
    return core.check_title(check.code, window_language())


def check_message(check: Check) -> str:
    """What a verification check found."""
    return core.check_message(check, window_language())


def engine_reason(code: Code | None) -> str:
    """Why an engine was taken; empty where nothing is known of it."""
    return core.engine_reason(code, window_language())


def shard_size_trouble(typed: str) -> str:
    """Why what was typed as the maximum file size is no size; empty if it is one, or nothing."""
    if not typed.strip() or shard_bytes(typed):
        return ""
    text = translate("Messages", "“{typed}” is not a size; write it like 5GB, 500MB or 2GiB.")
    return text.format(typed=typed.strip())


def severity_name(severity: Severity) -> str:
    """A severity as a word."""
    return {
        Severity.INFO: translate("Messages", "Note"),
        Severity.WARNING: translate("Messages", "Warning"),
        Severity.ERROR: translate("Messages", "Problem"),
    }[severity]


def status_name(status: CheckStatus) -> str:
    """A check's outcome as a word."""
    return {
        CheckStatus.PASS: translate("Messages", "Passed"),
        CheckStatus.WARN: translate("Messages", "Remark"),
        CheckStatus.FAIL: translate("Messages", "Failed"),
        CheckStatus.SKIPPED: translate("Messages", "Skipped"),
    }[status]


def outcome_name(outcome: str) -> str:
    """What became of a targeted tensor, in a few words."""
    return core.outcome_name(outcome, window_language())


def stage_name(stage: Stage) -> str:
    """A stage's short name."""
    return {
        Stage.PREFLIGHT: translate("Messages", "Check"),
        Stage.PLAN: translate("Messages", "Plan"),
        Stage.MERGE: translate("Messages", "Merge"),
        Stage.VERIFY: translate("Messages", "Verify"),
        Stage.PUBLISH: translate("Messages", "Publish"),
    }[stage]


def stage_sentence(stage: Stage) -> str:
    """What happens in a stage."""
    return {
        Stage.PREFLIGHT: translate("Messages", "Checking the folders"),
        Stage.PLAN: translate("Messages", "Planning every tensor"),
        Stage.MERGE: translate("Messages", "Merging the weights"),
        Stage.VERIFY: translate("Messages", "Verifying the result"),
        Stage.PUBLISH: translate("Messages", "Publishing the folder"),
    }[stage]
