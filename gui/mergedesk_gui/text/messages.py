"""The engine's codes as sentences in the person's language.

The engine keeps one English template for each code; the same templates are translated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from mergedesk.domain import messages as wording
from mergedesk.domain.findings import Check, CheckStatus, Code, Data, Finding, Severity
from mergedesk.domain.progress import Stage

from ..state.form import shard_bytes

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Message:
    """What is so, and what to do about it (empty where nothing needs doing)."""

    sentence: str
    way_out: str = ""

    @property
    def whole(self) -> str:
        """Both parts as one line."""
        return f"{self.sentence} {self.way_out}".strip()


def finding_message(finding: Finding) -> Message:
    """A finding in words."""
    template = wording.FINDINGS[finding.code]
    return Message(_filled(template.sentence, finding.data), _filled(template.way_out, finding.data))


def check_title(check: Check) -> str:
    """What a verification check proves."""
    return _filled(wording.CHECKS[check.code].title, check.data)


def check_message(check: Check) -> str:
    """What a verification check found."""
    template = wording.CHECKS[check.code]
    if check.status is CheckStatus.SKIPPED:
        reason = wording.SKIP_REASONS[wording.skip_reason(check)]
        return f"{translate('wording', wording.SKIPPED)} {translate('wording', reason)}"
    return _filled(template.passed if check.status is CheckStatus.PASS else template.failed, check.data)


def engine_reason(code: Code | None) -> str:
    """Why an engine was taken; empty where nothing is known of it."""
    return translate("wording", wording.ENGINE_REASONS[code]) if code else ""


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


def story_name(story: str) -> str:
    """What became of a targeted tensor, in a few words; the code itself where a newer engine tells another story."""
    return translate("wording", wording.STORIES.get(story, story))


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


def _filled(template: str, data: Mapping[str, Data]) -> str:
    if not template:
        return ""
    known = {key: translate("wording", wording.NONE_KNOWN) if value is None else value for key, value in data.items()}
    return wording.fill(translate("wording", template), known)
