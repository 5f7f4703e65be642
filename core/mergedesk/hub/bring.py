"""A model on a hub, described or brought here; from this computer where nothing may be asked, or nobody answers."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ..domain.findings import Code, UserError
from ..domain.folder_info import FolderInfo, FolderKind
from ..domain.hub_reference import HubReference
from ..domain.progress import CancelToken
from ..domain.transfer import TransferReport
from ..inspection.find_local import hub_snapshots
from ..inspection.inspect_folder import inspect_folder
from ..runtime.offline import environment_of_person
from .ask import ask, unreported
from .questions import DESCRIBE, DOWNLOAD, OUTLINE, HubModel, Outline, OutlineRequest

_YES = frozenset({"1", "ON", "YES", "TRUE"})
_UNANSWERED = (
    Code.HUB_NO_NETWORK, Code.HUB_SLOW, Code.HUB_TOO_MANY, Code.HUB_TROUBLE, Code.HUB_ENDPOINT_WRONG, Code.HUB_NO_HUB
)  # fmt: skip
_WHOLE = (FolderKind.MODEL, FolderKind.QUANTIZED_MODEL, FolderKind.ADAPTER)


def must_stay_offline() -> bool:
    """Whether the person said that no hub is to be asked, by ``HF_HUB_OFFLINE`` or transformers' own word for it."""
    environment = environment_of_person()
    return any((environment.get(name) or "").upper() in _YES for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))


def described(reference: HubReference, cancel: CancelToken, token: str | None = None) -> HubModel | FolderInfo:
    """What it is; as the folder that lies here, where no hub is asked. Raises UserError and Cancelled."""
    if not must_stay_offline():
        try:
            return ask(DESCRIBE, reference, cancel, token=token)
        except UserError as trouble:
            if trouble.code not in _UNANSWERED or on_this_computer(reference) is None:
                raise
    return inspect_folder(_kept(reference))


def bring(
    reference: HubReference, cancel: CancelToken, report: TransferReport = unreported, token: str | None = None
) -> Path:
    """The folder that holds it, downloaded as far as need be. Raises UserError and Cancelled."""
    if not must_stay_offline():
        try:
            return ask(DOWNLOAD, reference, cancel, report, token)
        except UserError as trouble:
            if trouble.code not in _UNANSWERED or on_this_computer(reference) is None:
                raise
    return _kept(reference)


def outlined(reference: HubReference, target: Path, cancel: CancelToken, token: str | None = None) -> Outline:
    """What it is without its values, made in ``target``; the folder itself where it lies here, or nobody answers.

    Raises UserError and Cancelled.
    """
    if not must_stay_offline():
        try:
            return ask(OUTLINE, OutlineRequest(reference, target), cancel, token=token)
        except UserError as trouble:
            if trouble.code not in _UNANSWERED or on_this_computer(reference) is None:
                raise
    return Outline(_kept(reference))


def on_this_computer(reference: HubReference) -> Path | None:
    """The folder in the hub cache that holds all of it at its revision; None where there is none."""
    return next((folder for folder in _snapshots(reference) if inspect_folder(folder).kind in _WHOLE), None)


def _kept(reference: HubReference) -> Path:
    """Raises UserError(hub_offline)."""
    folder = on_this_computer(reference)
    if folder is None:
        raise UserError(Code.HUB_OFFLINE, name=reference.text)
    return folder


def _snapshots(reference: HubReference) -> list[Path]:
    every = list(hub_snapshots(reference.repository))
    if reference.revision is None or not every:
        return every
    commit = reference.revision
    with suppress(OSError, ValueError):
        commit = (every[0].parents[1] / "refs" / reference.revision).read_text("utf-8").strip()
    return [folder for folder in every if folder.name == commit]
