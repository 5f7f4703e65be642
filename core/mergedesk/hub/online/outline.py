"""A model on a hub as a folder of its small files and of the headers of its weights."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any

from ...checkpoints.files import CONFIG, SAFETENSORS, read_json
from ...domain.findings import Code, UserError
from ...quantization.detect import find_quantization
from ...storage.holes import allow_holes
from ...storage.safetensors_header import Header, read_header, with_length
from ..questions import FilePieces, Outline, OutlineRequest, PieceTarget
from .blobs import fetch_file
from .headers import read_headers
from .hub_cache import is_complete, snapshot_below, snapshot_folder
from .pieces import bring_ranges
from .remote_files import RemoteFile, Repository, look_up
from .tokens import Token

_PICKLED = (".bin", ".pt", ".pth")
_AT_ONCE = 4
# What says how weights are packed is seldom larger; scales and norms of larger models are.
_STATE_BYTES = 4096
_GAP_BYTES = 64 << 10
_MOST_RANGES = 4000


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
    bring_ranges(repository, _states(folder, weights), token)
    return Outline(folder, sum(file.bytes for file in weights))


def _states(folder: Path, weights: Sequence[RemoteFile]) -> list[FilePieces]:
    """Where packed weights have small tensors, which say how they are packed; nothing where there are too many."""
    headers = [read_header(_place(folder, file)) for file in weights]
    tensors = {name: record for header in headers for name, record in header.tensors.items()}
    if find_quantization(_config(folder), tensors) is None:
        return []
    files = [FilePieces(file.name, tuple(_small(header))) for file, header in zip(weights, headers, strict=True)]
    return files if sum(len(file.pieces) for file in files) <= _MOST_RANGES else []


def _config(folder: Path) -> Mapping[str, Any]:
    with suppress(UserError):
        return read_json(folder / CONFIG)
    return {}


def _small(header: Header) -> Iterator[PieceTarget]:
    """Each small tensor, those that lie near one another together."""
    begin = end = 0
    for record in sorted(header.tensors.values(), key=lambda record: record.offset):
        if not 0 < record.nbytes <= _STATE_BYTES:
            continue
        if end and record.offset - end > _GAP_BYTES:
            yield PieceTarget(begin, end, header.file, begin)
            end = 0
        begin = begin if end else record.offset
        end = record.offset + record.nbytes
    if end:
        yield PieceTarget(begin, end, header.file, begin)


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
