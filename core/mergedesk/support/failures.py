"""What went wrong unexpectedly, as a sentence for the person and details for whoever helps them."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass

from ..domain.errors import UserError, is_out_of_memory, said_by
from ..domain.findings import Code, Finding, Severity
from .logs import LOGGER

logger = logging.getLogger(LOGGER)


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
    return Failure(_finding(error), "".join(traceback.format_exception(error)))


def _finding(error: BaseException) -> Finding:
    if isinstance(error, UserError):
        return error.finding()
    if is_out_of_memory(error):
        return Finding(Code.OUT_OF_MEMORY, Severity.ERROR, {})
    return Finding(Code.INTERNAL, Severity.ERROR, {"reason": said_by(error)})
