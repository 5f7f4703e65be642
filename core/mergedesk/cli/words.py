"""What the command line says, in the language of its environment."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from ..domain import messages
from ..domain.catalogue import environment_language
from ..domain.findings import Check, CheckCode, Data, Finding, Severity
from ..domain.merge_report import MergeReport
from ..domain.verdict import Verdict


def say(key: str, **data: Data) -> str:
    """The command line's own message under ``key``, its placeholders filled."""
    return messages.filled(f"cli.{key}", data, environment_language())


def peak_memory(of: MergeReport | Verdict) -> str:
    """A job's memory at its peak."""
    return messages.peak_memory(of.peak_rss_beyond_imports_bytes, of.peak_rss_bytes, environment_language())


def finding_message(finding: Finding) -> str:
    """A finding as a sentence and its hint."""
    return messages.finding_message(finding, environment_language())


def check_title(code: CheckCode) -> str:
    """What a verification check proves."""
    return messages.check_title(code, environment_language())


def check_message(check: Check) -> str:
    """What a verification check found."""
    return messages.check_message(check, environment_language())


def print_findings(findings: Iterable[Finding]) -> None:
    """A line for each; errors go to stderr."""
    for finding in findings:
        stream = sys.stderr if finding.severity is Severity.ERROR else sys.stdout
        print(f"{say(f'severity.{finding.severity}')}: {finding_message(finding)}", file=stream)
