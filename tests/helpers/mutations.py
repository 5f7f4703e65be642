"""What a stranger's files may hold: valid JSON documents changed in a few places, and their bytes changed in others.

``MERGEDESK_MUTATIONS`` says how many inputs all tests of them together draw; ``MERGEDESK_TORTURE=full`` draws many.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

FULL, CUT = 8_000, 600
ALL = int(os.environ.get("MERGEDESK_MUTATIONS") or (FULL if os.environ.get("MERGEDESK_TORTURE") == "full" else CUT))
MOST_SECONDS, MOST_BYTES = 10.0, 1_000_000_000
SEEDS = ("fixed", "fresh")

_nested: Any = []
for _ in range(60):
    _nested = [_nested]
_NUMBERS = (
    -1, 0, 1, 2, 3, 7, 8, 64, 10_000, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**400, 0.5, -0.0,
    1e308, math.inf, -math.inf, math.nan,
)  # fmt: skip
_TEXTS = (
    "", " ", "x" * 10_000, "(", "[", "\\", "{}", "%s", "..", "a/../../b", "/etc/passwd", "/dev/zero", "C:\\x", "\0",
    "\n", "http://127.0.0.1/x", "\ud800", "ü", "auto", "bfloat16", "float16", "float8_e4m3fn", "F32", "BF16", "F4",
    "U8", "LORA", "DORA", "ADALORA", "gptq", "llama", "LlamaForCausalLM", "object", "__class__", "all", "lora_only",
)  # fmt: skip
_HOLDERS = ([], {}, [None], [[]], [0], [1, 2], ["a"], [{}], {"": 0}, {"a": []}, {"0": "0"}, _nested)
ODD: tuple[Any, ...] = (None, True, False, *_NUMBERS, *_TEXTS, *_HOLDERS)
odd = st.sampled_from(ODD)


def drawn(share: float, seed: str) -> Callable[[Any], Any]:
    """Hypothesis for this share of all inputs, from the seed that never changes or from a fresh one."""
    return settings(
        max_examples=max(1, round(ALL * share / len(SEEDS))),
        derandomize=seed == "fixed",
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, from the top down."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from _places(child, (*path, key))


def _changed(value: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None], key: Any = None) -> Any:
    """A copy in which ``change(container, key)`` was done at the place."""
    if not path:
        return value
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1:
        change(copy, path[0])
    else:
        copy[path[0]] = _changed(copy[path[0]], path[1:], change)
    return copy


@st.composite
def documents(draw: st.DrawFn, valid: Any) -> Any:
    """``valid`` with one to four places put otherwise: another value, gone, another name, or something more."""
    made = valid
    for _ in range(draw(st.integers(1, 4))):
        places = [path for path in _places(made) if path]
        if not places:
            return made
        path, value, how = draw(st.sampled_from(places)), draw(odd), draw(st.integers(0, 5))

        def change(container: Any, key: Any, value: Any = value, how: int = how) -> None:
            if how == 0:
                del container[key]
            elif how == 1 and isinstance(container, dict):
                container[value if isinstance(value, str) else "extra"] = container.pop(key)
            elif how == 2 and isinstance(container, dict):
                container[value if isinstance(value, str) else "extra"] = value
            elif how == 3 and isinstance(container[key], (int, float)) and not isinstance(container[key], bool):
                container[key] = container[key] * 2 + 1
            else:
                container[key] = value

        made = _changed(made, path, change)
    return made


@st.composite
def files(draw: st.DrawFn, valid: Any) -> bytes:
    """The bytes of such a document, now and then no longer those of JSON."""
    text = json.dumps(draw(documents(valid)))
    if draw(st.integers(0, 3)):
        return text.encode()
    content = draw(st.sampled_from([text, json.dumps(valid)])).encode()
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, max(0, len(content) - 1)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=3))
        content = content[:place] + piece + content[place + draw(st.integers(0, 3)) :]
    return draw(st.sampled_from(WRAPPINGS)) % content


PIECES = (
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"-", b"-0", b"0", b"1e999", b"NaN", b"null", b"true", b"\\u0000",
    b"\\ud800", b"\\ud83d\\ude00", b"\xff", b"\0", b"\n", b" ", b"\xef\xbb\xbf", b'"a":1,', b'"dtype":"F32",',
    b'"shape":[1],', b"[" * 130, b"9" * 320, b"9" * 5000, b"1.0", b"//", b"'",
)  # fmt: skip
WRAPPINGS = (b"%s", b"%s", b"%s", b" %s", b"%s ", b"\xef\xbb\xbf%s", b"%s\0", b"[%s]", b"%s%%", b"\n%s\n")


@contextmanager
def within_limits() -> Iterator[None]:
    """One input: it fails the test if it takes more than ten seconds, or a gigabyte more than there was before."""
    process = psutil.Process()
    before, started = process.memory_info().rss, time.monotonic()
    yield
    assert time.monotonic() - started < MOST_SECONDS
    assert process.memory_info().rss - before < MOST_BYTES
