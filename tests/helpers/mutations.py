"""What a stranger's files may hold: valid JSON documents changed in a few places, and their bytes changed in others.

Hypothesis draws the seeds of batches, and each batch draws its inputs by itself: thousands a second instead of
hundreds. ``MERGEDESK_MUTATIONS`` says how many inputs all tests of them together draw; ``MERGEDESK_TORTURE=full`` draws
200,000.
"""

from __future__ import annotations

import json
import math
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

import psutil
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

T = TypeVar("T")
FULL, CUT = 222_000, 2_000
ALL = int(os.environ.get("MERGEDESK_MUTATIONS") or (FULL if os.environ.get("MERGEDESK_TORTURE") == "full" else CUT))
MOST_SECONDS, MOST_BYTES = 10.0, 1_000_000_000
SEEDS = ("fixed", "fresh")
_BATCH = 20

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


@dataclass(frozen=True)
class Kind:
    """What is drawn, as the table calls it: its share of all, the seconds that one may take, and those of a seed."""

    name: str
    share: float
    most_seconds: float = MOST_SECONDS
    all_seconds: float = 40


def draw_many(kind: Kind, seed: str, make: Callable[[Random], T], judge: Callable[[T], None], tally: Any) -> None:
    """Inputs made from the seed that never changes or from a fresh one, each judged, and within its limits."""
    count = max(1, round(ALL * kind.share / len(SEEDS)))
    size, end = min(_BATCH, count), time.monotonic() + kind.all_seconds

    @settings(
        max_examples=-(-count // size),
        derandomize=seed == "fixed",
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, (1 << 64) - 1))
    def run(batch: int) -> None:
        chance = Random(batch)
        for _ in range(size):
            if time.monotonic() > end:
                return
            _one(kind, make(chance), judge, tally)

    run()


def _one(kind: Kind, made: T, judge: Callable[[T], None], tally: Any) -> None:
    process = psutil.Process()
    before, started = process.memory_info().rss, time.monotonic()
    try:
        judge(made)
        seconds, grown = time.monotonic() - started, process.memory_info().rss - before
        assert seconds < kind.most_seconds, seconds
        assert grown < MOST_BYTES, grown
    except BaseException as trouble:
        trouble.add_note(f"{kind.name}: {made!r}"[:4000])
        tally.count(kind.name, 1, time.monotonic() - started)
        raise
    tally.count(kind.name, 0, seconds)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, from the top down."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from _places(child, (*path, key))


def _changed(value: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """A copy in which ``change(container, key)`` was done at the place."""
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1:
        change(copy, path[0])
    else:
        copy[path[0]] = _changed(copy[path[0]], path[1:], change)
    return copy


def document(chance: Random, valid: Any) -> Any:
    """``valid`` with one to four places put otherwise: another value, gone, another name, or something more."""
    made = valid
    for _ in range(chance.randint(1, 4)):
        places = [path for path in _places(made) if path]
        if not places:
            return made
        value, kind = chance.choice(ODD), chance.randint(0, 5)

        def change(container: Any, key: Any, value: Any = value, kind: int = kind) -> None:
            if kind == 0:
                del container[key]
            elif kind == 1 and isinstance(container, dict):
                container[value if isinstance(value, str) else "extra"] = container.pop(key)
            elif kind == 2 and isinstance(container, dict):
                container[value if isinstance(value, str) else "extra"] = value
            elif kind == 3 and isinstance(container[key], (int, float)) and not isinstance(container[key], bool):
                container[key] = container[key] * 2 + 1
            else:
                container[key] = value

        made = _changed(made, chance.choice(places), change)
    return made


def content(chance: Random, valid: Any) -> bytes:
    """The bytes of such a document, now and then no longer those of JSON."""
    text = json.dumps(document(chance, valid))
    if chance.randint(0, 3):
        return text.encode()
    made = chance.choice([text, json.dumps(valid)]).encode()
    for _ in range(chance.randint(1, 3)):
        starts = [match.end() for match in re.finditer(rb"[{,\[]", made)]  # where a field or an item may stand
        place = chance.choice([chance.randint(0, max(0, len(made) - 1)), chance.choice(starts or [0])])
        piece = chance.choice((*PIECES, chance.randbytes(chance.randint(0, 3))))
        made = made[:place] + piece + made[place + chance.choice((0, 0, 1, 2, 3)) :]
    return chance.choice(WRAPPINGS) % made


PIECES = (
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"-", b"-0", b"0", b"1e999", b"NaN", b"null", b"true", b"\\u0000",
    b"\\ud800", b"\\ud83d\\ude00", b"\xff", b"\0", b"\n", b" ", b"\xef\xbb\xbf", b'"a":1,', b'"dtype":"F32",',
    b'"shape":[1],', b"[" * 130, b"9" * 320, b"9" * 5000, b"1.0", b"//", b"'",
)  # fmt: skip
WRAPPINGS = (b"%s", b"%s", b"%s", b" %s", b"%s ", b"\xef\xbb\xbf%s", b"%s\0", b"[%s]", b"%s%%", b"\n%s\n")
