"""Errors that a person can act on: a code and its data, put into words by ``messages``."""

from __future__ import annotations

from .findings import Code, Data, Finding, Severity


class UserError(Exception):
    """Something the person can put right; carries a finding's code and data, no prose."""

    def __init__(self, code: Code | str, **data: Data) -> None:
        self.code = Code(code)
        self.data: dict[str, Data] = dict(data)
        super().__init__(f"{self.code}: {self.data}")

    def finding(self) -> Finding:
        """The same problem as an error finding, for lists of findings."""
        return Finding(self.code, Severity.ERROR, self.data)


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
