"""A pickle's instructions, followed without Python's unpickler: data comes out, nothing can be run.

The instructions are those that ``torch.load(weights_only=True)`` follows, without the ones that make objects. Every
step is bounded: keys are texts and small numbers, since a hostile tuple takes for ever to hash, and the memo is a
dictionary, since the unpickler's own grows to whatever index a file names.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

MAX_INSTRUCTIONS = 8_000_000
MAX_TEXT_BYTES = 100_000_000
_MAX_NAME_BYTES = 256
# About what an entry of a dictionary takes in memory.
_COPIED_BYTES = 100
_PROTOCOL = 2
_STOP = b"."
_LARGEST_KEY = 1 << 31


class BrokenPickle(ValueError):
    """Not a pickle, not whole, or larger than any model's."""


class RefusedPickle(ValueError):
    """A pickle that asks for more than data; the text names what."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a pickle's outward references stand for, all inert: named globals, calls of them, and storages."""

    named: Callable[[str, str], object]
    called: Callable[[object, tuple[Any, ...]], object]
    stored: Callable[[tuple[Any, ...]], object]


@dataclass(slots=True)
class _State:
    source: BinaryIO
    meaning: Meaning
    stack: list[Any] = field(default_factory=list)
    marks: list[list[Any]] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)
    spent: int = 0

    def read(self, count: int) -> bytes:
        data = self.source.read(count)
        if len(data) != count:
            raise BrokenPickle("ends too soon")
        return data

    def byte(self) -> int:
        return self.read(1)[0]

    def number(self, form: str) -> int:
        value: int = struct.unpack(form, self.read(struct.calcsize(form)))[0]
        return value

    def text(self, count: int) -> str:
        self.spend(count)
        return self.read(count).decode()

    def spend(self, cost: int) -> None:
        """Keep texts and copies within what a real model needs."""
        self.spent += cost
        if self.spent > MAX_TEXT_BYTES:
            raise BrokenPickle("too large")

    def since_mark(self) -> list[Any]:
        items, self.stack = self.stack, self.marks.pop()
        return items


def follow(source: BinaryIO, meaning: Meaning) -> Any:
    """The one object that the pickle at ``source`` stands for; ``source`` is left right behind it.

    Raises BrokenPickle, RefusedPickle, and what a broken stream makes of them: EOFError, IndexError, KeyError,
    TypeError, ValueError, struct.error.
    """
    state = _State(source, meaning)
    read = source.read
    for _ in range(MAX_INSTRUCTIONS):
        code = read(1)
        if code == _STOP:
            return state.stack.pop()
        step = _STEPS.get(code)
        if step is None:
            raise BrokenPickle("ends too soon") if not code else RefusedPickle(f"pickle instruction 0x{code.hex()}")
        step(state)
    raise BrokenPickle("too large")


def _protocol(state: _State) -> None:
    version = state.byte()
    if version != _PROTOCOL:
        raise RefusedPickle(f"pickle protocol {version}")


def _global(state: _State) -> None:
    module, name = (_line(state) for _ in range(2))
    state.stack.append(state.meaning.named(module, name))


def _line(state: _State) -> str:
    line = state.source.readline(_MAX_NAME_BYTES)
    if not line.endswith(b"\n"):
        raise BrokenPickle("name")
    return line[:-1].decode()


def _reduce(state: _State) -> None:
    arguments = state.stack.pop()
    if type(arguments) is not tuple:
        raise BrokenPickle("arguments")
    if arguments and type(arguments[0]) is list:
        state.spend(_COPIED_BYTES * len(arguments[0]))
    state.stack[-1] = state.meaning.called(state.stack[-1], arguments)


def _build(state: _State) -> None:
    """Attributes of a dictionary, such as a state dict's ``_metadata``: nothing that is needed here."""
    state.stack.pop()
    _of_type(state.stack[-1], dict)


def _persistent(state: _State) -> None:
    state.stack.append(state.meaning.stored(_of_type(state.stack.pop(), tuple)))


def _of_type(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise BrokenPickle(kind.__name__)
    return value


def _append(state: _State) -> None:
    item = state.stack.pop()
    _of_type(state.stack[-1], list).append(item)


def _appends(state: _State) -> None:
    items = state.since_mark()
    _of_type(state.stack[-1], list).extend(items)


def _set_item(state: _State) -> None:
    value, key = state.stack.pop(), state.stack.pop()
    _of_type(state.stack[-1], dict)[plain_key(key)] = value


def _set_items(state: _State) -> None:
    items = state.since_mark()
    target = _of_type(state.stack[-1], dict)
    for key, value in zip(items[::2], items[1::2], strict=True):
        target[plain_key(key)] = value


def plain_key(key: object) -> Any:
    """The key itself where it is a text or a small number. Raises BrokenPickle."""
    if type(key) is str or (type(key) is int and abs(key) <= _LARGEST_KEY):
        return key
    raise BrokenPickle("key")


def _mark(state: _State) -> None:
    state.marks.append(state.stack)
    state.stack = []


def _tuple(state: _State) -> None:
    items = tuple(state.since_mark())
    state.stack.append(items)


def _tuple_of(count: int) -> Callable[[_State], None]:
    def step(state: _State) -> None:
        if len(state.stack) < count:
            raise BrokenPickle("tuple")
        state.stack[-count:] = [tuple(state.stack[-count:])]

    return step


def _push(make: Callable[[_State], object]) -> Callable[[_State], None]:
    def step(state: _State) -> None:
        state.stack.append(make(state))

    return step


def _remember(state: _State) -> None:
    state.memo[state.byte()] = state.stack[-1]


def _remember_far(state: _State) -> None:
    state.memo[state.number("<I")] = state.stack[-1]


def _long(state: _State) -> int:
    return int.from_bytes(state.read(state.byte()), "little", signed=True)


_STEPS: Mapping[bytes, Callable[[_State], None]] = {
    b"\x80": _protocol,
    b"c": _global,
    b"R": _reduce,
    b"b": _build,
    b"Q": _persistent,
    b"a": _append,
    b"e": _appends,
    b"s": _set_item,
    b"u": _set_items,
    b"(": _mark,
    b"t": _tuple,
    b"\x85": _tuple_of(1),
    b"\x86": _tuple_of(2),
    b"\x87": _tuple_of(3),
    b"q": _remember,
    b"r": _remember_far,
    b"h": _push(lambda state: state.memo[state.byte()]),
    b"j": _push(lambda state: state.memo[state.number("<I")]),
    b"N": _push(lambda _: None),
    b"\x88": _push(lambda _: True),
    b"\x89": _push(lambda _: False),
    b")": _push(lambda _: ()),
    b"]": _push(lambda _: []),
    b"}": _push(lambda _: {}),
    b"K": _push(_State.byte),
    b"M": _push(lambda state: state.number("<H")),
    b"J": _push(lambda state: state.number("<i")),
    b"\x8a": _push(_long),
    b"G": _push(lambda state: struct.unpack(">d", state.read(8))[0]),
    b"X": _push(lambda state: state.text(state.number("<I"))),
    b"U": _push(lambda state: state.text(state.byte())),
}
