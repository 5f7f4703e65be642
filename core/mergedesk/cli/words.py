"""What the command line says, in the language of its environment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

from ..domain import messages, units
from ..domain.findings import Data, Finding, Severity
from ..domain.merge_report import MergeReport
from ..domain.messages import environment_language
from ..domain.verdict import Verdict

T = TypeVar("T")


def say(key: str, **data: Data) -> str:
    """The command line's own message under ``key``, its placeholders filled."""
    return messages.filled(f"cli.{key}", data, environment_language())


def peak_memory(of: MergeReport | Verdict) -> str:
    """A job's memory at its peak."""
    return messages.peak_memory(of.peak_rss_beyond_imports_bytes, of.peak_rss_bytes, environment_language())


def _spoken(tell: Callable[[T, str], str]) -> Callable[[T], str]:
    """``tell`` in the environment's language, which is looked up each time."""
    return lambda of: tell(of, environment_language())


finding_message = _spoken(messages.finding_message)
check_title = _spoken(messages.check_title)
check_message = _spoken(messages.check_message)


def tell(finding: Finding) -> None:
    """A finding on stderr."""
    print(finding_message(finding), file=sys.stderr)


def print_findings(findings: Iterable[Finding], of_failure: bool = False) -> None:
    """A line for each; errors go to stderr, and so does all that is said ``of_failure``."""
    for finding in findings:
        stream = sys.stderr if of_failure or finding.severity is Severity.ERROR else sys.stdout
        print(f"{say(f'severity.{finding.severity}')}: {finding_message(finding)}", file=stream)


def written(number: str) -> str:
    """A number with the decimal mark of the environment's language."""
    return messages.as_written(number, environment_language())


def human_bytes(count: int) -> str:
    """A byte count: ``2.47 GB``."""
    return written(units.human_bytes(count))


def human_parameters(count: int) -> str:
    """A parameter count: ``1.24 B``."""
    return written(units.human_parameters(count))


def human_seconds(seconds: float) -> str:
    """A duration: ``0.8 s``, ``3 min 05 s``."""
    return written(units.human_seconds(seconds))
