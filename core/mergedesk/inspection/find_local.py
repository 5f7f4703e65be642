"""Where the base model that an adapter names, or a quantised model's original, may lie on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PureWindowsPath

from platformdirs import user_cache_path

from ..domain.folder_info import FolderInfo, FolderKind
from .cache_folders import hub_cache, modelscope_folders
from .inspect_folder import inspect_folder, main_revision

_USABLE = (FolderKind.MODEL, FolderKind.QUANTIZED_MODEL)


def find_base(adapter: FolderInfo, near: Sequence[Path] = ()) -> Path | None:
    """The first folder that holds the model ``base_model_name_or_path`` names; None where there is none.

    Looks at the path itself, beside the adapter, in ``near``, and in the caches of the hubs and the demo.
    """
    name = adapter.base_model_name_or_path
    beside = (adapter.path.parent, adapter.path.parent.parent)
    return find_folder(name, (*beside, *near), lambda folder_info: folder_info.kind in _USABLE) if name else None


def find_folder(name: str, near: Sequence[Path], usable: Callable[[FolderInfo], bool]) -> Path | None:
    """The first folder by that name which is ``usable``: a path, in ``near``, in a hub's or the demo's cache."""
    return next((candidate for candidate in _candidates(name, near) if usable(inspect_folder(candidate))), None)


def _candidates(name: str, near: Sequence[Path]) -> Iterator[Path]:
    if Path(name).is_absolute():
        yield Path(name)
    last = PureWindowsPath(name).name
    for parent in near:
        yield parent / name
        yield parent / last
    yield from hub_snapshots(name)
    yield from modelscope_folders(name)
    yield user_cache_path("mergedesk") / "demo" / last


def hub_snapshots(name: str) -> Iterator[Path]:
    """Snapshots of a hub repository in the local Hugging Face cache, the ``main`` revision first."""
    if name.count("/") != 1 or ".." in name:
        return
    repository = hub_cache() / f"models--{name.replace('/', '--')}"
    if main := main_revision(repository):
        yield repository / "snapshots" / main
    with suppress(OSError, ValueError):
        yield from sorted((repository / "snapshots").iterdir())
