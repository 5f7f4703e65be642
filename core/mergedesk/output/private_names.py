"""Paths of someone's own computer that libraries write into the files beside weights: what is shared keeps the name."""

from __future__ import annotations

import re

_FIELD = re.compile(rb'("(?:_|tokenizer_|base_model_)?(?:name_or_path|tokenizer_file)"\s*:\s*")((?:[^"\\]|\\.)*)(?=")')
_ABSOLUTE = re.compile(rb"(?:/|~|\\\\|[A-Za-z]:(?:/|\\\\))")
_STEP = re.compile(rb"/|\\\\")


def names_only(content: bytes) -> bytes:
    """The bytes of a JSON file, in which absolute paths in fields for a model's name are their last part."""
    return _FIELD.sub(lambda match: match[1] + _name(match[2]), content)


def _name(stated: bytes) -> bytes:
    return next(filter(None, reversed(_STEP.split(stated))), b"") if _ABSOLUTE.match(stated) else stated
