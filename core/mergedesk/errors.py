"""Errors that a person can act on: a code and its data, put into words by ``wording``."""

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
