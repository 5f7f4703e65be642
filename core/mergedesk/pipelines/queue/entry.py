"""One job of a batch file, not yet looked at: its keys, and the paths in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...domain.findings import Code, UserError
from ...domain.hub_reference import path_of, reference_of

_MOST_OF_A_VALUE = 60
AS_THEY_ARE = (
    "precision", "engine", "overwrite", "dequantize", "keep_quantization", "accept_loss", "resize_vocabulary",
    "follow_links", "fold_own", "own_alpha", "resume", "keep_base",
)  # fmt: skip
"""Fields of a merge that are called in a file what they are called in the request."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The keys of one job; paths in it start at ``home``, the file's folder. ``number`` counts entries from 1."""

    number: int
    content: Mapping[str, Any]
    home: Path

    def __contains__(self, key: str) -> bool:
        return self.content.get(key) is not None

    def needed(self, key: str) -> Any:
        """Raises UserError(batch_key_missing)."""
        if key not in self:
            raise UserError(Code.BATCH_KEY_MISSING, number=self.number, key=key)
        return self.content[key]

    def given(self, key: str, otherwise: Any = None) -> Any:
        """What stands there, if anything does."""
        return self.content[key] if key in self else otherwise

    def wrong(self, key: str, value: object = None) -> UserError:
        """What is told of a value that cannot be."""
        shown = str(self.content.get(key) if value is None else value)[:_MOST_OF_A_VALUE]
        return UserError(Code.BATCH_VALUE_WRONG, number=self.number, key=key, value=shown)

    def each(self, key: str) -> list[Any]:
        """What stands there, as a list of at least one. Raises UserError."""
        value = self.needed(key)
        listed = value if isinstance(value, list) else [value]
        if not listed:
            raise self.wrong(key)
        return listed

    def path(self, key: str, value: object) -> Path:
        """A path on this computer. Raises UserError(batch_value_wrong)."""
        if not isinstance(value, str) or not value or "\0" in value:
            raise self.wrong(key, value)
        return self.home / Path(value).expanduser()

    def folder(self, key: str, value: object) -> Path:
        """A path, or a name on a hub as ``hf://owner/name`` or an address: a bare one may be what an earlier job makes.

        Raises UserError(batch_value_wrong).
        """
        path = self.path(key, value)
        named = path_of(str(value))
        return named if reference_of(named) else path
