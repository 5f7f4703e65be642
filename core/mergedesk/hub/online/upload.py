"""A folder or a file to a hub: into a repository that is made if need be, compared by its hashes afterwards."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from typing import Any

from ...domain.findings import Code, UserError
from ...domain.hub_reference import shown_endpoint
from ...domain.transfer import Transfer, TransferStage
from ..questions import OutgoingFile, Pushed, PushRequest
from .tokens import Token

Report = Callable[[Transfer], None]
_PIECE_BYTES = 1 << 20


def push(request: PushRequest, token: Token, report: Report) -> Pushed:
    """Upload, commit once, and compare. What a hub has already is not sent again, so a try that broke off goes on.

    Raises the library's errors, and UserError: hub_no_token, hub_repository_public, hub_upload_differs.
    """
    from huggingface_hub import HfApi

    if not token.is_given:
        raise UserError(Code.HUB_NO_TOKEN, name=request.repository)
    api = HfApi(token=token.value)
    private = _ready_repository(api, request)
    counter = _UploadCounter(request.files, report)
    with ExitStack() as opened:
        sources = [opened.enter_context(CountedFile(file)) for file in request.files]
        pairs = zip(request.files, sources, strict=True)
        additions = [_sent(api, request, file, source, counter) for file, source in pairs]
        commit = api.create_commit(request.repository, additions, commit_message=request.message)
    _refuse_differences(api, request, str(commit.oid), counter.digests)
    address = f"{shown_endpoint()}/{request.repository}"
    total = sum(file.bytes for file in request.files)
    return Pushed(address, str(commit.oid), len(request.files), total, counter.sent, private)


def _ready_repository(api: Any, request: PushRequest) -> bool:
    """Make the repository, or look whether one that is there shows its files to nobody else; whether it is private.

    Raises UserError(hub_repository_public) where files that were to be private would be public.
    """
    from huggingface_hub.errors import RepositoryNotFoundError

    private = None
    with suppress(RepositoryNotFoundError):
        private = bool(api.model_info(request.repository).private)
    if private is None:
        api.create_repo(request.repository, private=request.private)
        return request.private
    if request.private and not private:
        raise UserError(Code.HUB_REPOSITORY_PUBLIC, name=request.repository)
    return private


class _UploadCounter:
    """Counts what was hashed and what was sent; ``digests`` of each file: SHA-256, and git's SHA-1."""

    def __init__(self, files: Iterable[OutgoingFile], report: Report) -> None:
        self._total = sum(file.bytes for file in files)
        self._report, self._began = report, time.monotonic()
        self._before = self.sent = 0
        self.digests: dict[str, tuple[str, str]] = {}

    def reading(self, stage: TransferStage, done: int, detail: str) -> None:
        seconds = time.monotonic() - self._began
        kept = max(0, self._before - self.sent)
        self._report(Transfer(stage, self._before + done, self._total, seconds, detail, kept))

    def finish(self, file: OutgoingFile, sent: int) -> None:
        self._before += file.bytes
        self.sent += sent
        self.reading(TransferStage.UPLOAD, 0, file.name)


class CountedFile(io.BufferedReader):
    """A file that tells how far into it was read, to whoever listens just then."""

    def __init__(self, file: OutgoingFile) -> None:
        super().__init__(io.FileIO(file.source), _PIECE_BYTES)
        self.furthest = 0
        self.told: Callable[[int], None] = _unheard

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, and tell."""
        piece = super().read(size)
        self.furthest = max(self.furthest, self.tell())
        self.told(self.furthest)
        return piece


def _unheard(_furthest: int) -> None:
    """Where nobody listens."""


def _sent(api: Any, request: PushRequest, file: OutgoingFile, source: CountedFile, counter: _UploadCounter) -> Any:
    """The addition of a file whose bytes, if they are not to be part of the commit itself, are on the hub now."""
    from huggingface_hub import CommitOperationAdd

    source.told = lambda done: counter.reading(TransferStage.HASH, done, file.name)
    counter.digests[file.name] = _digests(source, file.bytes)
    source.told = _unheard  # the library hashes it once more
    addition = CommitOperationAdd(file.name, source)
    source.furthest, source.told = 0, lambda done: counter.reading(TransferStage.UPLOAD, done, file.name)
    api.preupload_lfs_files(request.repository, [addition], free_memory=False)
    source.told = _unheard
    counter.finish(file, source.furthest)
    return addition


def _digests(source: CountedFile, size: int) -> tuple[str, str]:
    """Both of the whole file, which is at its beginning again then."""
    whole, of_git = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    while piece := source.read(_PIECE_BYTES):
        whole.update(piece)
        of_git.update(piece)
    source.seek(0)
    return whole.hexdigest(), of_git.hexdigest()


def _refuse_differences(api: Any, request: PushRequest, commit: str, own: Mapping[str, tuple[str, str]]) -> None:
    """Raises UserError(hub_upload_differs)."""
    listed = api.get_paths_info(request.repository, list(own), revision=commit)
    theirs = {entry.path: entry.lfs.sha256 if entry.lfs else entry.blob_id for entry in listed}
    wrong = [name for name, digests in own.items() if theirs.get(name) not in digests]
    if wrong:
        raise UserError(Code.HUB_UPLOAD_DIFFERS, name=request.repository, files=wrong, count=len(wrong))
