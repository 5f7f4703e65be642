"""What a merge does only if the person allows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from mergedesk.domain.findings import Code, Finding


class Consent(StrEnum):
    """The name is that of the request's field; the value is what settings and reports have always called it."""

    DEQUANTIZE = "dequantise"
    RESIZE_VOCABULARY = "resize_vocabulary"
    FOLLOW_LINKS = "follow_links"
    FOLD_OWN = "fold_own"


# A consent shows both at the finding that asks for it and at the one that says that it was given.
_ASKED_BY: Mapping[Code, Consent] = {
    Code.QUANTIZED_BASE: Consent.DEQUANTIZE,
    Code.WILL_DEQUANTIZE: Consent.DEQUANTIZE,
    Code.VOCABULARY_MISMATCH: Consent.RESIZE_VOCABULARY,
    Code.VOCABULARY_RESIZED: Consent.RESIZE_VOCABULARY,
    Code.LINKS_LEAVE_FOLDER: Consent.FOLLOW_LINKS,
    Code.LINKS_FOLLOWED: Consent.FOLLOW_LINKS,
    Code.OWN_ADAPTER_MERGEABLE: Consent.FOLD_OWN,
    Code.OWN_ADAPTER_MERGED: Consent.FOLD_OWN,
}
_ABOUT_ADAPTERS = frozenset({Consent.RESIZE_VOCABULARY, Consent.FOLLOW_LINKS})


def consent_asked_by(finding: Finding) -> Consent | None:
    """The consent that a finding asks for or reports; None for most."""
    return _ASKED_BY.get(finding.code)


def is_about_consent(finding: Finding) -> bool:
    """Whether a finding only asks for a consent, says that one was given, or offers to do without."""
    return finding.code in _ASKED_BY or finding.code is Code.ORIGINAL_FOUND


def local_original(finding: Finding) -> Path | None:
    """The unquantised model on this computer that a finding names."""
    path = finding.data.get("original_path")
    return Path(path) if isinstance(path, str) and path else None


def without_doubles(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Leave out that an original was found where another finding offers to use it."""
    is_offered = any(local_original(finding) for finding in findings)
    return tuple(finding for finding in findings if not (is_offered and finding.code is Code.ORIGINAL_FOUND))


def still_given(given: frozenset[Consent], *, same_base: bool) -> frozenset[Consent]:
    """What remains of consents when folders change: they were given for what was shown of the earlier ones."""
    return given - _ABOUT_ADAPTERS if same_base else frozenset()
