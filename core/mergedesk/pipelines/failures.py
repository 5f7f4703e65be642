"""What stops a job, as a finding: whatever it is, a person gets a sentence and not a traceback."""

from __future__ import annotations

import logging

from ..domain.errors import UserError, is_out_of_memory, said_by
from ..domain.findings import Code, Finding, error

logger = logging.getLogger("mergedesk")


def as_finding(trouble: Exception, job: str, code: Code = Code.INTERNAL) -> Finding:
    """``trouble`` in a form that has a sentence; what no one foresaw gets ``code`` and goes into the log."""
    if isinstance(trouble, UserError):
        return trouble.finding()
    logger.exception("The %s stopped unexpectedly.", job)
    if is_out_of_memory(trouble):
        return error(Code.OUT_OF_MEMORY)
    return error(code, reason=said_by(trouble)[:300])
