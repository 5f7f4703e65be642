"""Tokens: one that was typed in, one that the system's keyring keeps for this program, or that of ``hf auth login``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_state_path

from ...domain.findings import Code, UserError
from ...domain.hub_reference import shown_endpoint

_SERVICE = "MergeDesk"
_NOTE = "hub-tokens"


@dataclass(frozen=True, slots=True)
class Token:
    """What is sent along: ``value`` as the library takes it, True for its own token where there is one, else None."""

    value: str | None = field(repr=False)

    @property
    def is_given(self) -> bool:
        """Whether there is one at all, of whatever origin."""
        from huggingface_hub import get_token

        return bool(self.value or get_token())


def token_for(typed: str | None) -> Token:
    """The token for the hub of this environment. A keyring is only asked where this program put something into it."""
    return Token(typed or (_kept() if shown_endpoint() in _noted() else None))


def keep(token: str) -> bool:
    """Let the system's keyring keep a token for this hub. Raises UserError(hub_no_keyring)."""
    with _keyring_needed():
        import keyring

        keyring.set_password(_SERVICE, shown_endpoint(), token)
    _note({*_noted(), shown_endpoint()})
    return True


def forget() -> bool:
    """Take the token of this hub out of the keyring. Raises UserError(hub_no_keyring)."""
    if shown_endpoint() not in _noted():
        return False
    with _keyring_needed():
        import keyring
        from keyring.errors import PasswordDeleteError

        with suppress(PasswordDeleteError):
            keyring.delete_password(_SERVICE, shown_endpoint())
    _note(_noted() - {shown_endpoint()})
    return True


def _kept() -> str | None:
    with _keyring_needed():
        import keyring

        return keyring.get_password(_SERVICE, shown_endpoint())


@contextmanager
def _keyring_needed() -> Iterator[None]:
    """Raises UserError(hub_no_keyring) where there is none, or it stays locked."""
    try:
        yield
    except Exception as trouble:  # backends let through whatever the system's own service raises
        raise UserError(Code.HUB_NO_KEYRING, reason=type(trouble).__name__) from None


def _note_file() -> Path:
    return user_state_path("mergedesk", appauthor=False) / _NOTE


def _noted() -> set[str]:
    """Addresses of the hubs that a token was kept for; never a token."""
    with suppress(OSError):
        return set(_note_file().read_text("utf-8").split())
    return set()


def _note(hubs: set[str]) -> None:
    with suppress(OSError):
        _note_file().parent.mkdir(parents=True, exist_ok=True)
        _note_file().write_text("\n".join(sorted(hubs)), "utf-8")
