"""The check before a merge: what its folders' headers tell, and whether it may start."""

from __future__ import annotations

from ..domain.requests import CheckRequest
from ..planning.preflight import Preflight, prepare


def check(request: CheckRequest) -> Preflight:
    """The preflight alone; torch stays unimported. Never raises for bad folders: trouble becomes findings."""
    return prepare(request).preflight
