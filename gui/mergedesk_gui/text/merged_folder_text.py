"""One line on the folder that is to be verified, and what stands in the way of that."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.folder_info import FolderKind

from ..state.folder_roles import FolderRole
from ..state.inspection import Inspection
from ..theme.tone import Tone
from .folder_text import describe_base
from .lines import Description

translate = QCoreApplication.translate


def describe_merged(inspection: Inspection) -> Description | None:
    """What the folder is; None while none is chosen."""
    merged = inspection.merged
    if merged is None:
        return None
    trouble = merged_trouble(inspection)
    if trouble:
        return Description(trouble, "", Tone.ERROR)
    if merged.kind is FolderKind.ADAPTER:
        details = translate(
            "DescribeMerged",
            "Save the model that merge_and_unload() returns: saved from a PeftModel, only the adapter is written.",
        )
        return Description(translate("DescribeMerged", "Only an adapter, not a merged model"), details, Tone.WARNING)
    return describe_base(merged)


def merged_trouble(inspection: Inspection) -> str:
    """Why there is nothing to verify; empty if there is."""
    if inspection.merged is not None and inspection.merged.kind in (FolderKind.TRAINING_RUN, FolderKind.GGUF):
        return translate(
            "DescribeMerged", "This folder holds no merged model. Choose the one with its config.json and weights."
        )
    return {
        FolderRole.BASE: translate(
            "DescribeMerged", "This is the base itself. Choose the folder that the merged model was saved in."
        ),
        FolderRole.ADAPTER: translate(
            "DescribeMerged", "This is the adapter itself. Choose the folder that the merged model was saved in."
        ),
    }.get(inspection.merged_is_also or FolderRole.MERGED, "")
