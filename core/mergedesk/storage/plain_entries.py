"""A safetensors header in the one form that its writers use, read a few times faster than JSON is.

Whatever else a header may be as JSON, good or bad, is none of this module's: then nothing comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from operator import sub
from typing import Any, NamedTuple

from ..domain.dtypes import DTYPES

_SIZE = r"(?:0|[1-9][0-9]{0,17})"
_ENTRY = re.compile(
    rf',"([^"\\\x00-\x1f]+)":\{{"dtype":"([A-Z0-9_]+)","shape":\[((?:{_SIZE}(?:,{_SIZE})*)?)\],'
    rf'"data_offsets":\[({_SIZE}),({_SIZE})\]\}}'
)
_METADATA = re.compile(r'\{"__metadata__":(\{(?:"(?:[^"\\\x00-\x1f]|\\.)*":"(?:[^"\\\x00-\x1f]|\\.)*",?)*\})')
_MOST_BITS = (1 << 64) - 1
_BATCH = 4096  # entries at once, so that little memory is taken beside what stays
_START, _END, _GROUPS = re.Match[str].start, re.Match[str].end, re.Match[str].groups


class PlainEntries(NamedTuple):
    """Every tensor of a header, a column for each thing that is said of them; places count from the header's end."""

    names: list[str]
    dtypes: list[str]
    shapes: list[tuple[int, ...]]
    begins: list[int]
    nbytes: list[int]


def read_plain(raw: bytes) -> tuple[str, PlainEntries] | None:
    """The metadata as JSON, and every tensor; None for a header of another form, or with anything amiss."""
    try:
        text = raw.decode("utf-8")
        metadata = _METADATA.match(text)
        entries = _entries(text[metadata.end() :] if metadata else "," + text[1:])
    except ValueError:
        return None
    known = set(entries.names)
    if not text.startswith("{") or len(known) < len(entries.names) or "__metadata__" in known:
        return None
    return metadata[1] if metadata else "null", entries


def _entries(body: str) -> PlainEntries:
    """Raises ValueError."""
    entries, end = PlainEntries([], [], [], [], []), 0
    matches = _ENTRY.finditer(body)
    while batch := list(islice(matches, _BATCH)):
        ends = list(map(_END, batch))
        if list(map(_START, batch)) != [end, *ends[:-1]]:
            raise ValueError("something stands between two entries")
        end = ends[-1]
        columns: Iterable[tuple[list[Any], list[Any]]] = zip(entries, _columns(batch), strict=True)
        for column, more in columns:
            column.extend(more)
    if body[end:].rstrip(" ") != "}":
        raise ValueError(body[end : end + 1])
    return entries


def _columns(batch: Sequence[re.Match[str]]) -> PlainEntries:
    """Raises ValueError. What is done for each entry is done by functions in C."""
    names, dtypes, shapes, begins, ends = zip(*map(_GROUPS, batch), strict=True)
    known_dtypes, known_shapes, nbytes = map(list, zip(*map(_kind, dtypes, shapes), strict=True))
    places = list(map(int, begins))
    if list(map(sub, map(int, ends), places)) != nbytes:
        raise ValueError("a tensor takes other bytes than its shape says")
    return PlainEntries(list(names), known_dtypes, known_shapes, places, nbytes)


@lru_cache(maxsize=4096)  # a model of 200,000 tensors has a dozen
def _kind(dtype: str, shape_text: str) -> tuple[str, tuple[int, ...], int]:
    """The dtype as it is known here, the shape, and the bytes of such a tensor. Raises ValueError."""
    known: Mapping[str, str] = {name: name for name in DTYPES}
    if dtype not in known:
        raise ValueError(dtype)
    shape = tuple(map(int, shape_text.split(","))) if shape_text else ()
    bits = DTYPES[dtype].bits
    for size in shape:
        bits *= size
        if bits > _MOST_BITS:  # at any step, as safetensors have it
            raise ValueError(shape_text)
    if bits % 8:
        raise ValueError(shape_text)
    return known[dtype], shape, bits // 8
