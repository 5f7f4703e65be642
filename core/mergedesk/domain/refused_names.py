"""Names and addresses on a hub that stand for no model there, and why."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from .findings import Code, UserError
from .hub_reference import address_of, parse_reference, path_on_hub, without_scheme

_OTHERS = {"datasets": Code.HUB_IS_DATASET, "spaces": Code.HUB_IS_SPACE}


def refused_path(path: Path) -> UserError | None:
    """The same of a path that was made of what was typed; None for all that may be one on this computer."""
    text = path.as_posix()
    return None if os.path.lexists(path) or not _is_of_a_hub(text) else refused_name(text)


def refused_name(text: str) -> UserError | None:
    """What to say of a text that shall name a model on a hub; None where it does."""
    text = text.strip()
    if parse_reference(text) is not None:
        return None
    parts = _parts(text)
    named = "/".join(parts)
    if len(parts) > 2 and (code := _OTHERS.get(parts[0])):
        return UserError(code, name="/".join(parts[1:3]))
    return UserError(Code.HUB_NAME_WRONG, name=named or text)


def _is_of_a_hub(text: str) -> bool:
    return without_scheme(text) is not None or _on_hub(text) is not None


def _parts(text: str) -> list[str]:
    on_hub = _on_hub(text)
    return on_hub if on_hub is not None else (without_scheme(text) or text).split("/")


def _on_hub(text: str) -> list[str] | None:
    address = address_of(text)
    return None if address is None else path_on_hub(urlsplit(address))
