"""A pickle's instructions, followed without Python's unpickler: data comes out, nothing can be run.

The instructions are those that ``torch.load(weights_only=True)`` follows, without the ones that make objects;
``pickletools`` reads their arguments. Every step is bounded: keys are texts and small numbers, since a hostile tuple
takes for ever to hash, and the memo is a dictionary, since the unpickler's own grows to whatever index a file names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pickletools import opcodes
from typing import Any, BinaryIO

MAX_INSTRUCTIONS = 8_000_000
MAX_TEXT_BYTES = 100_000_000
# About what an entry of a dictionary takes in memory.
_COPIED_BYTES = 100
_PROTOCOL = 2
_STOP = b"."
_LARGEST_KEY = 1 << 31


class BrokenPickle(ValueError):
    """Not a pickle, not whole, or larger than any model's."""


class RefusedPickle(ValueError):
    """A pickle that asks for more than data; the text names what."""


class PartsOfTensors(RefusedPickle):
    """A pickle of one process of several, which holds its own part of each tensor."""


@dataclass(slots=True)
class Inert:
    """What a pickle describes of how tensors were spread over processes: the class's name and what it was given."""

    name: str
    held: object = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a pickle's outward references stand for, all inert: named globals, calls of them, and storages."""

    named: Callable[[str, str], object]
    called: Callable[[object, tuple[Any, ...]], object]
    stored: Callable[[tuple[Any, ...]], object]


@dataclass(slots=True)
class _State:
    """What one instruction leaves to the next."""

    meaning: Meaning
    stack: list[Any] = field(default_factory=list)
    marks: list[list[Any]] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)
    spent: int = 0

    def spend(self, cost: int) -> None:
        """Keep texts and copies within what a real model needs."""
        self.spent += cost
        if self.spent > MAX_TEXT_BYTES:
            raise BrokenPickle("too large")

    def since_mark(self) -> list[Any]:
        items, self.stack = self.stack, self.marks.pop()
        return items


# What an instruction does with its argument, None where it has none.
_Step = Callable[[_State, Any], None]


def follow(source: BinaryIO, meaning: Meaning) -> Any:
    """The one object that the pickle at ``source`` stands for; ``source`` is left right behind it.

    Names of globals are read up to the end of their lines, however far that is: ``source`` keeps them within bounds.
    Raises BrokenPickle, RefusedPickle, and what a broken stream makes of them: IndexError, KeyError, TypeError,
    ValueError.
    """
    state = _State(meaning)
    for _ in range(MAX_INSTRUCTIONS):
        code = source.read(1)
        if code == _STOP:
            return state.stack.pop()
        step = _STEPS.get(code)
        if step is None:
            raise BrokenPickle("ends too soon") if not code else RefusedPickle(f"pickle instruction 0x{code.hex()}")
        argument = _ARGUMENTS[code]
        step(state, argument.reader(source) if argument else None)
    raise BrokenPickle("too large")


def _protocol(_state: _State, version: int) -> None:
    if version != _PROTOCOL:
        raise RefusedPickle(f"pickle protocol {version}")


def _global(state: _State, names: str) -> None:
    module, _, name = names.partition(" ")
    state.stack.append(state.meaning.named(module, name))


def _reduce(state: _State, _: None) -> None:
    arguments = state.stack.pop()
    if type(arguments) is not tuple:
        raise BrokenPickle("arguments")
    if arguments and type(arguments[0]) is list:
        state.spend(_COPIED_BYTES * len(arguments[0]))
    state.stack[-1] = state.meaning.called(state.stack[-1], arguments)


def _build(state: _State, _: None) -> None:
    """Attributes of a dictionary, such as a state dict's ``_metadata``, are nothing that is needed here."""
    held, target = state.stack.pop(), state.stack[-1]
    if type(target) is Inert:
        target.held = (target.held, held)
    else:
        _of_type(target, dict)


def _new(state: _State, _: None) -> None:
    held, kind = _of_type(state.stack.pop(), tuple), state.stack.pop()
    if type(kind) is not Inert:
        raise RefusedPickle("an object that is no tensor")
    state.stack.append(Inert(kind.name, held))


def _persistent(state: _State, _: None) -> None:
    state.stack.append(state.meaning.stored(_of_type(state.stack.pop(), tuple)))


def _of_type(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise BrokenPickle(kind.__name__)
    return value


def _append(state: _State, _: None) -> None:
    item = state.stack.pop()
    _of_type(state.stack[-1], list).append(item)


def _appends(state: _State, _: None) -> None:
    items = state.since_mark()
    _of_type(state.stack[-1], list).extend(items)


def _set_item(state: _State, _: None) -> None:
    value, key = state.stack.pop(), state.stack.pop()
    _of_type(state.stack[-1], dict)[plain_key(key)] = value


def _set_items(state: _State, _: None) -> None:
    items = state.since_mark()
    target = _of_type(state.stack[-1], dict)
    for key, value in zip(items[::2], items[1::2], strict=True):
        target[plain_key(key)] = value


def plain_key(key: object) -> Any:
    """The key itself where it is a text or a small number. Raises BrokenPickle."""
    if type(key) is str or (type(key) is int and abs(key) <= _LARGEST_KEY):
        return key
    raise BrokenPickle("key")


def _mark(state: _State, _: None) -> None:
    state.marks.append(state.stack)
    state.stack = []


def _tuple(state: _State, _: None) -> None:
    items = tuple(state.since_mark())
    state.stack.append(items)


def _tuple_of(count: int) -> _Step:
    def step(state: _State, _: None) -> None:
        if len(state.stack) < count:
            raise BrokenPickle("tuple")
        state.stack[-count:] = [tuple(state.stack[-count:])]

    return step


def _remember(state: _State, place: int) -> None:
    state.memo[place] = state.stack[-1]


def _recall(state: _State, place: int) -> None:
    state.stack.append(state.memo[place])


def _push(state: _State, value: object) -> None:
    state.stack.append(value)


def _push_text(state: _State, text: str) -> None:
    state.spend(len(text.encode()))  # raises ValueError for half a surrogate pair
    state.stack.append(text)


def _push_new(make: Callable[[], object]) -> _Step:
    return lambda state, _: state.stack.append(make())


_ARGUMENTS = {opcode.code.encode("latin-1"): opcode.arg for opcode in opcodes}
_STEPS: Mapping[bytes, _Step] = {
    b"\x80": _protocol,
    b"c": _global,
    b"R": _reduce,
    b"b": _build,
    b"\x81": _new,
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
    **dict.fromkeys((b"q", b"r"), _remember),
    **dict.fromkeys((b"h", b"j"), _recall),
    b"\x88": _push_new(lambda: True),
    b"\x89": _push_new(lambda: False),
    b")": _push_new(tuple),
    b"]": _push_new(list),
    b"}": _push_new(dict),
    **dict.fromkeys((b"N", b"K", b"M", b"J", b"\x8a", b"G"), _push),
    b"X": _push_text,
    b"U": lambda state, text: _push_text(state, text.encode("latin-1").decode()),
}
