"""The engine's codes as sentences in the window's language."""

from __future__ import annotations

from mergedesk.domain import messages as core
from mergedesk.domain.findings import Check, Code, Data, Finding
from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.messages import Message
from mergedesk.domain.precision_advice import PrecisionAdvice
from mergedesk.domain.precision_advice import advice_text as sampled
from mergedesk.domain.verdict import Verdict
from mergedesk.support.failures import Failure

from ..state.form import shard_bytes
from .language import window_language
from .lines import FailureText


def say(key: str, **data: Data) -> str:
    """The window's own message under ``key``, its placeholders filled; ``count`` decides its form."""
    return core.filled(f"window.{key}", data, window_language())


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


def advice_text(advice: PrecisionAdvice) -> str:
    """What precisions keep of an adapter, by a sample."""
    return sampled(advice, window_language())


def shard_size_trouble(typed: str) -> str:
    """Why what was typed as the maximum file size is no size; empty if it is one, or nothing."""
    return "" if not typed.strip() or shard_bytes(typed) else say("shard_size_wrong", typed=typed.strip())


def outcome_name(outcome: str) -> str:
    """What became of a targeted tensor, in a few words."""
    return core.outcome_name(outcome, window_language())
