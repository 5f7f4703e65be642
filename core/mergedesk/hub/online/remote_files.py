"""A repository as its hub lists it: its commit, its files with sizes and hashes, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...domain.findings import Code, UserError
from ...domain.hub_reference import HubReference
from ..wanted_files import holds_weights, wanted_files
from .tokens import Token

_GIT, _SHA256 = 40, 64


@dataclass(frozen=True)
class RemoteFile:
    """One file. ``etag`` is its SHA-256 where the hub keeps it apart from git, else git's SHA-1 of it."""

    name: str
    bytes: int
    etag: str


@dataclass(frozen=True)
class Repository:
    """A repository at one commit. ``files`` are those that a merge needs."""

    reference: HubReference
    commit: str
    files: Sequence[RemoteFile]
    facts: Mapping[str, Any]

    @cached_property
    def bytes(self) -> int:
        """Size of all that a merge needs."""
        return sum(file.bytes for file in self.files)

    def file(self, name: str) -> RemoteFile | None:
        """The file of that name, if it is needed."""
        return next((file for file in self.files if file.name == name), None)


def look_up(reference: HubReference, token: Token) -> Repository:
    """What the hub says of a repository, in one request. Raises the library's errors, and UserError(hub_no_weights)."""
    from huggingface_hub import HfApi

    api = HfApi(token=token.value)
    model = api.model_info(reference.repository, revision=reference.revision, files_metadata=True)
    listed = {sibling.rfilename: sibling for sibling in model.siblings or ()}
    names = wanted_files(listed)
    if not holds_weights(names):
        raise UserError(Code.HUB_NO_WEIGHTS, name=reference.text)
    files = [_remote_file(listed[name]) for name in names]
    facts = {"licence": _licence(model), "gated": bool(model.gated), "private": bool(model.private)}
    return Repository(reference, str(model.sha), files, facts)


def _remote_file(sibling: Any) -> RemoteFile:
    """Raises UserError(hub_failed) where the hub leaves out what its files are told by."""
    etag = sibling.lfs.sha256 if sibling.lfs else sibling.blob_id
    if sibling.size is None or not etag or len(etag) not in (_GIT, _SHA256):
        raise UserError(Code.HUB_FAILED, reason=sibling.rfilename)
    return RemoteFile(sibling.rfilename, sibling.size, etag)


def _licence(model: Any) -> str | None:
    stated = getattr(model.card_data, "license", None)
    if isinstance(stated, str):
        return stated
    return next((tag.partition(":")[2] for tag in model.tags or () if tag.startswith("license:")), None)
