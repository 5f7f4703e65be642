"""One line on the folder that is to be verified, and what stands in the way of that."""

from __future__ import annotations

from mergedesk.domain.folder_info import FolderKind

from ..state.inspection import Inspection
from ..theme.tone import Tone
from .folder_text import describe_base
from .lines import Description
from .messages import say


def describe_merged(inspection: Inspection) -> Description | None:
    """What the folder is; None while none is chosen."""
    merged = inspection.merged
    if merged is None:
        return None
    trouble = merged_trouble(inspection)
    if trouble:
        return Description(trouble, "", Tone.ERROR)
    if merged.kind is FolderKind.ADAPTER:
        return Description(say("merged.only_adapter"), say("merged.save_the_model"), Tone.WARNING)
    return describe_base(merged)


def merged_trouble(inspection: Inspection) -> str:
    """Why there is nothing to verify; empty if there is."""
    if inspection.merged is not None and inspection.merged.kind in (FolderKind.TRAINING_RUN, FolderKind.GGUF):
        return say("merged.holds_none")
    return say(f"merged.is_{inspection.merged_is_also}") if inspection.merged_is_also else ""
