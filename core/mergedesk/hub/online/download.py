"""A repository into the hub cache: what a merge needs of it, and nothing else."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from ...domain.findings import Code, UserError
from ...domain.hub_reference import HubReference
from ...domain.transfer import Transfer, TransferStage
from .blobs import fetch_blob
from .hub_cache import blob_of, cache_folder, kept_bytes, missing_bytes, snapshot_folder
from .remote_files import RemoteFile, Repository, look_up
from .tokens import Token

Report = Callable[[Transfer], None]
_AT_ONCE = 4
_SPARE_BYTES = 50_000_000


def download(reference: HubReference, token: Token, report: Report) -> Path:
    """The folder of the repository's commit, whole. What came of an earlier try is gone on with.

    Raises the library's errors, and UserError: hub_no_weights, hub_no_room, hub_wrong_hash.
    """
    repository = look_up(reference, token)
    _refuse_without_room(repository)
    counter = _DownloadCounter(repository, report)
    _fetch_all(repository, token, counter)
    return _laid_out(repository, token)


def _fetch_all(repository: Repository, token: Token, counter: _DownloadCounter) -> None:
    """All files, the largest first. The first failure is told at once: what still runs ends with this process."""
    pool = ThreadPoolExecutor(_AT_ONCE)
    files = sorted(repository.files, key=lambda file: -file.bytes)
    begun = [pool.submit(_fetch, repository, file, token, counter) for file in files]
    try:
        for done in as_completed(begun):
            done.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _refuse_without_room(repository: Repository) -> None:
    """Raises UserError(hub_no_room)."""
    folder = next(parent for parent in (cache_folder(), *cache_folder().parents) if parent.exists())
    needed, free = missing_bytes(repository), shutil.disk_usage(folder).free
    if needed and needed + _SPARE_BYTES > free:
        folder_text = str(cache_folder())
        raise UserError(Code.HUB_NO_ROOM, needed_bytes=needed + _SPARE_BYTES, free_bytes=free, folder=folder_text)


class _DownloadCounter:
    """Counts what is there of all files, from any thread."""

    def __init__(self, repository: Repository, report: Report) -> None:
        self._report, self._total = report, repository.bytes
        self._kept = sum(kept_bytes(repository, file) for file in repository.files)
        self._lock, self._done, self._began = threading.Lock(), 0, time.monotonic()

    def advance(self, count: int, detail: str) -> None:
        with self._lock:
            self._done += count
            done = self._done
        seconds = time.monotonic() - self._began
        kept = min(self._kept, done)
        self._report(Transfer(TransferStage.DOWNLOAD, done, self._total, seconds, detail, kept))


def _fetch(repository: Repository, file: RemoteFile, token: Token, counter: _DownloadCounter) -> None:
    """One file under its name, by the library once its bytes are there."""
    name = snapshot_folder(repository) / file.name
    if name.exists():
        counter.advance(file.bytes, file.name)
        return
    fetch_blob(repository, file, token, lambda count: counter.advance(count, file.name))
    _give_name(repository, file, token)
    if not name.is_symlink():  # where links cannot be made the library copies
        blob_of(repository.reference, file).unlink(missing_ok=True)


def _give_name(repository: Repository, file: RemoteFile, token: Token) -> None:
    from huggingface_hub import hf_hub_download

    hf_hub_download(repository.reference.repository, file.name, revision=repository.commit, token=token.value)


def _laid_out(repository: Repository, token: Token) -> Path:
    """The folder, once the library too finds all of it, and notes which commit the revision stands for."""
    from huggingface_hub import snapshot_download

    reference = repository.reference
    names = [file.name for file in repository.files]
    folder = snapshot_download(
        reference.repository, revision=reference.revision, allow_patterns=names, token=token.value
    )
    return Path(folder)
