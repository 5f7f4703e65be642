"""What a merge does only if the person allows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from mergedesk.domain.findings import Code, Finding


class Consent(StrEnum):
    """The name is that of the request's field; the value is what settings and reports have always called it."""

    DEQUANTIZE = "dequantise"
    KEEP_QUANTIZATION = "keep_quantization"
    ACCEPT_LOSS = "accept_loss"
    RESIZE_VOCABULARY = "resize_vocabulary"
    FOLLOW_LINKS = "follow_links"
    FOLD_OWN = "fold_own"


# A consent shows both at the finding that asks for it and at the one that says that it was given.
_EITHER = (Consent.DEQUANTIZE, Consent.KEEP_QUANTIZATION)
_ASKED_BY: Mapping[Code, tuple[Consent, ...]] = {
    Code.QUANTIZED_BASE: _EITHER,
    Code.WILL_DEQUANTIZE: _EITHER,
    Code.PACKED_AGAIN: (Consent.KEEP_QUANTIZATION, Consent.ACCEPT_LOSS),
    Code.PACKING_NOT_KEPT: _EITHER,
    Code.KEEPING_NEEDS_STREAMING: _EITHER,
    Code.VOCABULARY_MISMATCH: (Consent.RESIZE_VOCABULARY,),
    Code.VOCABULARY_RESIZED: (Consent.RESIZE_VOCABULARY,),
    Code.LINKS_LEAVE_FOLDER: (Consent.FOLLOW_LINKS,),
    Code.LINKS_FOLLOWED: (Consent.FOLLOW_LINKS,),
    Code.OWN_ADAPTER_MERGEABLE: (Consent.FOLD_OWN,),
    Code.OWN_ADAPTER_MERGED: (Consent.FOLD_OWN,),
}
_ABOUT_ADAPTERS = frozenset({Consent.RESIZE_VOCABULARY, Consent.FOLLOW_LINKS, Consent.ACCEPT_LOSS})


def consents_asked_by(finding: Finding) -> tuple[Consent, ...]:
    """The consents that a finding asks for or reports; most do so for none."""
    return _ASKED_BY.get(finding.code, ())


def changed(given: frozenset[Consent], consent: Consent, *, is_given: bool) -> frozenset[Consent]:
    """The same with one given or taken back. A base is turned into plain weights or stays packed, never both."""
    if not is_given:
        return given - {consent}
    return (given.difference(_EITHER) if consent in _EITHER else given) | {consent}


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
