"""A model on a hub as a folder of its small files and of the headers of its weights."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePath

from ...checkpoints.files import SAFETENSORS
from ...domain.findings import Code, UserError
from ...storage.holes import allow_holes
from ...storage.safetensors_header import Header, with_length
from ..questions import FileRequest, Outline, OutlineRequest
from .blobs import fetch_file
from .headers import read_headers
from .hub_cache import is_complete, snapshot_below, snapshot_folder
from .remote_files import RemoteFile, Repository, look_up
from .tokens import Token

_PICKLED = (".bin", ".pt", ".pth")
_AT_ONCE = 4


def outline(request: OutlineRequest, token: Token) -> Outline:
    """The outline, or the model itself where it is here. Raises the library's errors, and UserError."""
    repository = look_up(request.reference, token)
    if is_complete(repository):
        return Outline(snapshot_folder(repository))
    if any(file.name.endswith(_PICKLED) for file in repository.files):
        return Outline(None)
    weights = [file for file in repository.files if file.name.endswith(SAFETENSORS)]
    folder = snapshot_below(request.target, repository)
    _fetch_small(repository, [file for file in repository.files if file not in weights], folder, token)
    for file, header in zip(weights, read_headers(repository, weights, token), strict=True):
        write_hollow(_place(folder, file), header)
    return Outline(folder, sum(file.bytes for file in weights))


def fetch(request: FileRequest, token: Token) -> Path:
    """One file of the model, its hash compared. Raises the library's errors, and UserError: hub_wrong_hash."""
    repository = look_up(request.reference, token)
    file = repository.file(request.name)
    if file is None:
        raise UserError(Code.HUB_FAILED, reason=request.name)
    fetch_file(repository, file, request.target, token, lambda _: None)
    return request.target


def _fetch_small(repository: Repository, files: Iterable[RemoteFile], folder: Path, token: Token) -> None:
    def fetch(file: RemoteFile) -> None:
        fetch_file(repository, file, _place(folder, file), token, lambda _: None)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(fetch, files):
            pass


def write_hollow(file: Path, header: Header) -> None:
    """A file of weights that has its size and its header, and takes no more room than that."""
    with file.open("wb") as stream:
        allow_holes(stream.fileno())
        stream.write(with_length(header.raw))
        stream.flush()
        os.truncate(stream.fileno(), header.file_bytes)


def _place(folder: Path, file: RemoteFile) -> Path:
    """Where it goes; raises UserError(hub_failed) for a name that would lead elsewhere."""
    if file.name != PurePath(file.name).as_posix() or ".." in file.name or PurePath(file.name).is_absolute():
        raise UserError(Code.HUB_FAILED, reason=file.name)
    place = folder / file.name
    place.parent.mkdir(parents=True, exist_ok=True)
    return place
