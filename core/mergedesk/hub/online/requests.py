"""Requests for the bytes of files, some or all of them, by huggingface_hub's own session and headers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .remote_files import Repository
from .tokens import Token

_PARTIAL = 206


@contextmanager
def opened(repository: Repository, name: str, token: Token, begin: int = 0, end: int | None = None) -> Iterator[Any]:
    """A response whose body is the file from ``begin`` on, to before ``end``. Raises the library's errors.

    A server that pays no heed to ranges gives all of it: ``starts_at`` tells.
    """
    from huggingface_hub import constants, hf_hub_url
    from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

    url = hf_hub_url(repository.reference.repository, name, revision=repository.commit)
    headers = {**build_hf_headers(token=token.value), "Accept-Encoding": "identity"}
    if begin or end is not None:
        headers["Range"] = f"bytes={begin}-{'' if end is None else end - 1}"
    timeout = constants.HF_HUB_DOWNLOAD_TIMEOUT
    with get_session().stream("GET", url, headers=headers, timeout=timeout, follow_redirects=True) as response:
        hf_raise_for_status(response)
        yield response


def starts_at(response: Any, begin: int) -> int:
    """The place in the file that the response's first byte has."""
    return begin if response.status_code == _PARTIAL else 0


def read_range(repository: Repository, name: str, token: Token, begin: int, end: int) -> bytes:
    """Bytes ``begin`` to before ``end`` of a file, fewer where it ends earlier. Raises the library's errors."""
    content = bytearray()
    with opened(repository, name, token, begin, end) as response:
        wanted = end - starts_at(response, begin)
        for piece in response.iter_bytes():
            content += piece
            if len(content) >= wanted:
                break
        return bytes(content[begin - starts_at(response, begin) : wanted])
