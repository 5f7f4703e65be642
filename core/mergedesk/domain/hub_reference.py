"""Names of models on a hub, as people write and paste them, told apart from paths on this computer."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

PUBLIC_HUB = "https://huggingface.co"
_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?"
_NAME = re.compile(rf"({_PART}/{_PART})(?:@([\w./-]+))?", re.ASCII)
_SCHEME = re.compile(r"hf:/{1,2}(?:models/(?=[^/]+/[^/]))?")
_ADDRESS = re.compile(r"(https?):/{1,2}(?=[^/])", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_REQUEST = re.compile(r"refs/(?:pr|convert)/[^/]+")
# What stands first in addresses of a hub that are no models.
_NO_OWNERS = frozenset({"datasets", "spaces", "models", "docs", "blog", "papers", "collections", "settings", "api"})
_PAGES = ("tree", "blob", "resolve", "commits", "commit", "discussions")


@dataclass(frozen=True, slots=True)
class HubReference:
    """A repository, ``owner/name``, at a branch, tag or commit; None stands for its main branch."""

    repository: str
    revision: str | None = None

    @property
    def text(self) -> str:
        """As people write it: ``owner/name`` or ``owner/name@revision``."""
        return f"{self.repository}@{self.revision}" if self.revision else self.repository

    @property
    def path(self) -> Path:
        """How it stands where a folder is expected, until it is one; ``reference_of`` reads it."""
        return Path(f"hf://{self.text}")


def endpoint() -> str:
    """The hub's address by ``HF_ENDPOINT``, without a slash at its end."""
    return (os.environ.get("HF_ENDPOINT") or PUBLIC_HUB).rstrip("/")


def shown_endpoint() -> str:
    """The hub's address as it may be shown and noted down: without the name and password that may stand in it."""
    return without_password(endpoint())


def host() -> str:
    """The hub's host by ``HF_ENDPOINT``, as sentences name it; all of an address that has none."""
    return urlsplit(shown_endpoint()).netloc or shown_endpoint()


def endpoint_is_address() -> bool:
    """Whether ``HF_ENDPOINT`` is one that can be asked at all."""
    try:
        parts = urlsplit(endpoint())
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def without_password(address: str) -> str:
    """An address without what stands before its host; of one that is written wrong rather more goes than need be."""
    scheme = _ANY_SCHEME.match(address)
    return f"{scheme[0] if scheme else ''}{address.rpartition('@')[2]}" if "@" in address else address


def parse_reference(text: str) -> HubReference | None:
    """The model that ``owner/name``, ``hf://owner/name@revision`` or its page's address names; None for all else."""
    text = text.strip()
    if (named := without_scheme(text)) is not None:
        return _named(named)
    if address := address_of(text):
        return _of_address(urlsplit(address))
    return _named(text)


def without_scheme(text: str) -> str | None:
    """What follows ``hf://``; None where that does not stand first."""
    scheme = _SCHEME.match(text)
    return text[scheme.end() :] if scheme else None


def address_of(text: str) -> str | None:
    """The web address that a text is, also after it was a path; None where it is none."""
    if _ADDRESS.match(text):
        return _ADDRESS.sub(r"\1://", text)
    return f"https://{text}" if text.partition("/")[0] in _HOSTS else None


def folder_or_name(text: str) -> Path:
    """The path of what was typed where a folder is asked for: what is on this computer always wins over a name."""
    reference = None if os.path.lexists(text) or _is_below_a_folder(text) else parse_reference(text)
    return reference.path if reference else Path(text)


def path_of(text: str) -> Path:
    """The same without asking the disk: only what can be nothing but a name becomes one."""
    is_plain = _SCHEME.match(text) or _ADDRESS.match(text) or text.partition("/")[0] in _HOSTS
    reference = parse_reference(text) if is_plain else None
    return reference.path if reference else Path(text)


def reference_of(path: Path) -> HubReference | None:
    """The reference that ``folder_or_name`` made this path of; None for a path on this computer."""
    text = path.as_posix()
    return parse_reference(text) if _SCHEME.match(text) and not os.path.lexists(path) else None


def as_typed(path: Path) -> str:
    """A path as people type it: a ``HubReference.path`` with both of its slashes."""
    scheme = _SCHEME.match(path.as_posix())
    return f"hf://{path.as_posix()[scheme.end() :]}" if scheme else str(path)


def _is_below_a_folder(text: str) -> bool:
    """Whether it is the path of something missing in a folder that is there."""
    owner = text.partition("/")[0]
    return not _SCHEME.match(text) and bool(owner) and os.path.isdir(owner)  # noqa: PTH112 (a Path raises for some)


def _named(text: str) -> HubReference | None:
    match = _NAME.fullmatch(text.removesuffix("/"))
    if not match or ".." in text or "--" in match[1] or match[1].partition("/")[0] in _NO_OWNERS:
        return None
    return HubReference(match[1], match[2])


def _of_address(address: SplitResult) -> HubReference | None:
    parts = path_on_hub(address)
    if parts is None or len(parts) < 2:
        return None
    reference = _named("/".join(parts[:2]))
    rest = parts[2:]
    if reference is None or not rest:
        return reference
    if rest[0] not in _PAGES:
        return None
    if rest[0] == "discussions" or len(rest) == 1:
        return reference
    revision = unquote("/".join(rest[1:]))
    request = _REQUEST.match(revision)
    return _named(f"{reference.repository}@{request[0] if request else revision.partition('/')[0]}")


def path_on_hub(address: SplitResult) -> list[str] | None:
    """The parts of an address's path, if it is one of a hub."""
    mirror = urlsplit(shown_endpoint())
    parts = [part for part in address.path.split("/") if part]
    named = without_password(address.netloc).lower()
    if named in _HOSTS:
        return parts
    before = [part for part in mirror.path.split("/") if part]
    if named != mirror.netloc.lower() or parts[: len(before)] != before:
        return None
    return parts[len(before) :]
