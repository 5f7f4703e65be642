"""What went wrong unexpectedly, as the engine describes it."""

from mergedesk.support.failures import Failed, Failure, failure_of

__all__ = ["Failed", "Failure", "failure_of"]
