"""Letters of labels that keys reach: marked by ``&`` in the text, in Chinese in brackets behind it."""

from __future__ import annotations

import re

_IN_BRACKETS = re.compile(r"\s*\(&\w\)")


def without_mnemonic(text: str) -> str:
    """The words alone, for whoever hears them or reads them in a tooltip."""
    return _IN_BRACKETS.sub("", text).replace("&", "")
