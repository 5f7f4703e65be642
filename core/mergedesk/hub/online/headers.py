"""The headers of a repository's weight files, by range requests: nothing else of these files is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ...domain.findings import Code, UserError
from ...storage.safetensors_header import LENGTH_BYTES, MAX_HEADER_BYTES, Header, parse_header
from .remote_files import RemoteFile, Repository
from .requests import read_range
from .tokens import Token

_USUAL_HEADER_BYTES = 200_000
_AT_ONCE = 8


def read_headers(repository: Repository, files: Iterable[RemoteFile], token: Token) -> list[Header]:
    """The header of each file. Raises the library's errors, UserError(header_broken)."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda file: _header(repository, file, token), files))


def _header(repository: Repository, file: RemoteFile, token: Token) -> Header:
    """One file's header, mostly by one request."""
    begin = read_range(repository, file.name, token, 0, min(file.bytes, _USUAL_HEADER_BYTES))
    length = int.from_bytes(begin[:LENGTH_BYTES], "little")
    end = LENGTH_BYTES + length
    if len(begin) < LENGTH_BYTES or length > MAX_HEADER_BYTES or end > file.bytes:
        raise UserError(Code.HEADER_BROKEN, file=file.name)
    if len(begin) < end:
        begin += read_range(repository, file.name, token, len(begin), end)
    return parse_header(Path(file.name), begin[LENGTH_BYTES:end], file.bytes)
