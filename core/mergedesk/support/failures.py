"""What went wrong unexpectedly, as a sentence for the person and details for whoever helps them."""

from __future__ import annotations

import logging
import os
import traceback
from dataclasses import dataclass

from ..domain.findings import Code, Finding, Severity, UserError
from .logs import LOGGER

logger = logging.getLogger(LOGGER)
_MOST_OF_A_REASON = 300


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: ``finding`` is put into words by ``messages``; ``details`` is the full traceback.

    ``kept`` says what there is of the result, where that is in question.
    """

    finding: Finding
    details: str
    kept: Finding | None = None

    @property
    def may_merge_again(self) -> bool:
        """Whether the same merge may well succeed: its process ended, and there is no result yet."""
        return self.kept is not None and self.kept.code is not Code.WORKER_LEFT_RESULT


class Failed(UserError):
    """A failure that was described already, as by another process."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.finding.code, **failure.finding.data)
        self.failure = failure


def failure_of(error: BaseException) -> Failure:
    """Describe any exception, the ones that are not ``Exception`` included; what nobody foresaw goes into the log."""
    if isinstance(error, Failed):
        return error.failure
    if not isinstance(error, UserError):
        logger.error("Something nobody foresaw.", exc_info=error)
    return Failure(finding_of(error), "".join(traceback.format_exception(error)))


def finding_of(error: BaseException, code: Code = Code.INTERNAL) -> Finding:
    """Any exception as a finding; what no one foresaw gets ``code``."""
    if isinstance(error, UserError):
        return error.finding()
    if isinstance(error, OSError) and error.filename:  # a folder that went, a drive that was unplugged
        name = os.path.basename(os.fsdecode(error.filename))  # noqa: PTH119 (of a path as the system gave it)
        return Finding(Code.READ_FAILED, Severity.ERROR, {"file": name, "reason": error.strerror or str(error)})
    if is_out_of_memory(error):
        return Finding(Code.OUT_OF_MEMORY, Severity.ERROR)
    return Finding(code, Severity.ERROR, {"reason": said_by(error)[:_MOST_OF_A_REASON]})


def logged(trouble: Exception, job: str, code: Code = Code.INTERNAL) -> Finding:
    """What stopped a ``job``, as a finding; what no one foresaw goes into the log."""
    if not isinstance(trouble, UserError):
        logger.exception("The %s stopped unexpectedly.", job)
    return finding_of(trouble, code)


def said_by(error: BaseException) -> str:
    """What an error says, in one line: its kind, and the first line of its message if it can tell one."""
    kind, line = type(error).__name__, _message(error).partition("\n")[0]
    return f"{kind}: {line}" if line else kind


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out. torch is not imported for it, so its own errors are known by name and words."""
    is_named = isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__
    return is_named or "can't allocate memory" in _message(error)


def _message(error: BaseException) -> str:
    try:
        return str(error).strip()
    except Exception:  # a library's own kind of error may fail at telling
        return ""
