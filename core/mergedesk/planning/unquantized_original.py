"""A quantised base: refused, or dequantised where the person wants it; and the 16-bit original, if it is at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, info, warning
from ..domain.folder_info import FolderInfo, FolderKind
from ..domain.requests import CheckRequest
from ..inspection.find_local import find_folder
from ..inspection.inspect_folder import FolderContents, original_names
from ..quantization.detect import original_name
from .in_place import kept_in_place
from .kept_packing import kept_in_format

_QUANTIZED = (Code.QUANTIZED_BASE, Code.QUANTIZED_UNMERGEABLE)
_NOT_KEPT = (Code.KEEPING_NEEDS_STREAMING, Code.PACKING_NOT_KEPT)


def is_refused_as_quantized(base: FolderInfo) -> bool:
    """Whether its names and shapes are those of packed parts, not of modules."""
    return any(finding.code in (*_QUANTIZED, *_NOT_KEPT) for finding in base.findings)


def settle_quantization(
    base: FolderContents, adapters: Sequence[FolderContents], request: CheckRequest
) -> FolderContents:
    """A quantised base with what is to be said of it; with consent, as the 16-bit weights it stands for.

    Where only plain tensors of it are changed, it stays as it is stored. Elsewhere the data of what is said carries
    ``original_path``, None where the original is not on this computer.
    """
    refusal = next((finding for finding in base.folder_info.findings if finding.code in _QUANTIZED), None)
    if refusal is None or base.checkpoint is None:
        return base
    dequantizes = request.dequantize and base.dequantized is not None and not request.keep_quantization
    if not dequantizes and (kept := kept_in_place(base, adapters, request)) is not None:
        return _in_place(base, kept, refusal)
    if request.keep_quantization and (found := kept_in_format(base, adapters, request)) is not None:
        return _in_format(base, found, refusal)
    original = _find_original(base.checkpoint, adapters)
    data = {**refusal.data, "original_path": str(original) if original else None}
    said = [replace(refusal, data=data)]
    if dequantizes:
        said = [warning(Code.WILL_DEQUANTIZE, **data)]
        base = replace(base, checkpoint=base.dequantized)
    if original:
        said.append(info(Code.ORIGINAL_FOUND, path=str(original)))
    return _saying(base, refusal, said)


def _in_place(base: FolderContents, kept: Checkpoint, refusal: Finding) -> FolderContents:
    said = info(Code.PACKED_KEPT, method=refusal.data["method"], count=len(kept.kept_packed))
    return _saying(replace(base, checkpoint=kept, dequantized=None), refusal, [said])


def _in_format(base: FolderContents, found: Checkpoint | Finding, refusal: Finding) -> FolderContents:
    if isinstance(found, Finding):
        return _saying(base, refusal, [found])
    said = info(Code.PACKED_AGAIN, method=refusal.data["method"])
    return _saying(replace(base, checkpoint=found, dequantized=None), refusal, [said])


def _saying(base: FolderContents, refusal: Finding, said: Sequence[Finding]) -> FolderContents:
    exchanged = [finding for old in base.folder_info.findings for finding in (said if old is refusal else [old])]
    return replace(base, folder_info=replace(base.folder_info, findings=tuple(exchanged)))


def _find_original(base: Checkpoint, adapters: Sequence[FolderContents]) -> Path | None:
    """The 16-bit original in the Hugging Face cache or beside the base, by the names that it may have."""
    recorded = (folder.adapter.base_model_name_or_path for folder in adapters if folder.adapter)
    names = [*original_names(base), *(original_name(name) or name for name in recorded if name)]
    near = (base.folder.parent, base.folder.parent.parent)

    def is_original(candidate: FolderInfo) -> bool:
        return candidate.kind is FolderKind.MODEL and candidate.class_name == base.architecture

    return next((path for name in names if (path := find_folder(name, near, is_original))), None)
