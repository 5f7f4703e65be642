"""Where the hub cache keeps a repository's files, as huggingface_hub lays them out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ...domain.hub_reference import HubReference
from .remote_files import RemoteFile, Repository


def cache_folder() -> Path:
    """The hub cache of this environment."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def repository_folder(reference: HubReference) -> Path:
    """Where all of a repository lies."""
    return cache_folder() / _folder_name(reference)


def snapshot_folder(repository: Repository) -> Path:
    """Where the files of its commit have their names."""
    return snapshot_below(cache_folder(), repository)


def snapshot_below(cache: Path, repository: Repository) -> Path:
    """The same in another cache: the folder tells the model's name to whoever looks at the path."""
    return cache / _folder_name(repository.reference) / "snapshots" / repository.commit


def _folder_name(reference: HubReference) -> str:
    return f"models--{reference.repository.replace('/', '--')}"


def blob_of(reference: HubReference, file: RemoteFile) -> Path:
    """Where a file's bytes lie."""
    return repository_folder(reference) / "blobs" / file.etag


def part_of(blob: Path) -> Path:
    """Where the bytes lie that came before a download ended; never read by anybody else."""
    return blob.with_name(f"{blob.name}.mergedesk-part")


def missing_bytes(repository: Repository) -> int:
    """What is still to come of what a merge needs."""
    return sum(file.bytes - kept_bytes(repository, file) for file in repository.files)


def kept_bytes(repository: Repository, file: RemoteFile) -> int:
    """What lies here of a file already."""
    blob = blob_of(repository.reference, file)
    if (snapshot_folder(repository) / file.name).exists() or blob.exists():
        return file.bytes
    part = part_of(blob)
    return min(part.stat().st_size, file.bytes) if part.exists() else 0


def is_complete(repository: Repository) -> bool:
    """Whether every file has its name here."""
    return _all_exist(snapshot_folder(repository) / file.name for file in repository.files)


def _all_exist(files: Iterable[Path]) -> bool:
    return all(file.exists() for file in files)
