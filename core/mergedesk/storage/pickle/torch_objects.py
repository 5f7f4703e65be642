"""What a torch weights file may name, as inert stand-ins: storages, views of them, dtypes. Anything else is refused.

The names are a part of those that ``torch.load(weights_only=True)`` lets through.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...domain.dtypes import BY_STORAGE_CLASS, BY_TORCH_NAME, DTYPES, DType
from .machine import BrokenPickle, Inert, Meaning, PartsOfTensors, RefusedPickle, plain_key

_MAX = 1 << 62
_MAX_DIMENSIONS = 64


@dataclass(frozen=True, slots=True)
class Function:
    """One of the functions that may be called: ``make`` gives a stand-in for what it would give."""

    make: Callable[..., object]


@dataclass(frozen=True, slots=True)
class StorageKind:
    """A storage class; ``dtype`` is empty for untyped ones, whose elements are bytes."""

    dtype: str


@dataclass(frozen=True, slots=True)
class Storage:
    """A stretch of stored elements; ``first`` counts elements into the storage called ``key``."""

    key: str
    kind: StorageKind
    elements: int
    first: int = 0

    @property
    def width(self) -> int:
        """Bytes of one element."""
        return DTYPES[self.kind.dtype].bits // 8 if self.kind.dtype else 1


@dataclass(frozen=True, slots=True)
class View:
    """A tensor: ``offset`` and ``strides`` count elements of ``dtype`` within ``storage``."""

    storage: Storage
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass(slots=True)
class Storages:
    """Every storage that a pickle names, by key, at its full size.

    ``with_parts``: names have a sixth part, None or which part of the storage is meant, as before the zip form.
    """

    with_parts: bool
    known: dict[str, Storage] = field(default_factory=dict)

    def meaning(self) -> Meaning:
        """How to follow a pickle that names storages of this file."""
        return Meaning(_named, _called, self._stored)

    def _stored(self, identity: tuple[Any, ...]) -> Storage:
        """The storage, or the part of one, that a persistent id names."""
        if len(identity) != 5 + self.with_parts or identity[0] != "storage":
            raise RefusedPickle(identity[0][:80] if identity and type(identity[0]) is str else "an unknown object")
        kind, key, _location, elements = identity[1:5]
        if type(kind) is not StorageKind or type(key) is not str:
            raise BrokenPickle("storage")
        whole = Storage(key, kind, _count(elements))
        if self.known.setdefault(key, whole) != whole:
            raise BrokenPickle("storage")
        return _part(whole, identity[5]) if self.with_parts and identity[5] is not None else whole


def _part(whole: Storage, view: object) -> Storage:
    if type(view) is not tuple or len(view) != 3:
        raise BrokenPickle("storage")
    first, elements = _count(view[1]), _count(view[2])
    if first + elements > whole.elements:
        raise BrokenPickle("storage")
    return Storage(whole.key, whole.kind, elements, first)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MAX:
        raise BrokenPickle("count")
    return value


def _named(module: str, name: str) -> object:
    if module in ("torch", "torch.cuda") and name in BY_STORAGE_CLASS:
        return StorageKind(BY_STORAGE_CLASS[name].name)
    if module in ("torch", "torch.storage") and name == "UntypedStorage":
        return StorageKind("")
    if module == "torch" and name in BY_TORCH_NAME:
        return BY_TORCH_NAME[name]
    if module.startswith("torch.distributed."):
        return Inert(name)
    function = _FUNCTIONS.get((module, name))
    if function is None:
        raise RefusedPickle(f"{module}.{name}")
    return function


def _called(function: object, arguments: tuple[Any, ...]) -> object:
    if type(function) is not Function:
        raise RefusedPickle("a call of something that is no function")
    return function.make(*arguments)


def _ordered_dict(pairs: object = ()) -> dict[Any, Any]:
    if type(pairs) not in (list, tuple):
        raise BrokenPickle("dictionary")
    return {plain_key(key): value for key, value in pairs}  # type: ignore[attr-defined]


def _tensor(storage: object, offset: object, shape: object, strides: object, *rest: object) -> View:
    """Arguments as ``torch._utils._rebuild_tensor_v2`` takes them: then requires_grad, hooks and metadata."""
    if type(storage) is not Storage or not storage.kind.dtype or len(rest) > 3:
        raise BrokenPickle("tensor")
    return _view(storage, storage.kind.dtype, (offset, shape, strides), rest[2:])


def _typed_tensor(storage: object, offset: object, shape: object, strides: object, *rest: object) -> View:
    """The same with the dtype stated: ``_rebuild_tensor_v3``, for dtypes that have no storage class."""
    if type(storage) is not Storage or not 3 <= len(rest) <= 4 or type(rest[2]) is not DType:
        raise BrokenPickle("tensor")
    return _view(storage, rest[2].name, (offset, shape, strides), rest[3:])


def _view(storage: Storage, dtype: str, place: tuple[object, object, object], metadata: tuple[object, ...]) -> View:
    offset, shape, strides = place
    if type(shape) is not tuple or type(strides) is not tuple or not len(shape) == len(strides) <= _MAX_DIMENSIONS:
        raise BrokenPickle("tensor")
    if metadata and metadata[0]:
        raise RefusedPickle("a tensor that is conjugated or negated on the fly")
    view = View(storage, dtype, _count(offset), tuple(map(_count, shape)), tuple(map(_count, strides)))
    _count(math.prod(view.shape))
    return view


def _parameter(data: object, *_rest: object) -> View:
    if type(data) is not View:
        raise BrokenPickle("parameter")
    return data


def _size(sizes: object = ()) -> tuple[Any, ...]:
    if type(sizes) not in (list, tuple):
        raise BrokenPickle("size")
    return tuple(sizes)  # type: ignore[arg-type]


def _device(kind: object, *_index: object) -> str:
    return str(kind) if type(kind) is str else ""


def _on_its_own(*_arguments: object) -> object:
    raise RefusedPickle("a tensor of an unknown kind")


_WRAPPER = Function(_on_its_own)


def _distributed(function: object, kind: object, arguments: object, state: object, *_rest: object) -> View:
    """A DTensor, as ``_rebuild_wrapper_subclass`` makes it, where this process held all of it."""
    state = state[1] if type(state) is tuple and len(state) == 2 else state  # what lies in slots
    if function is not _WRAPPER or type(kind) is not Inert or type(state) is not dict:
        raise RefusedPickle("a tensor of an unknown kind")
    local = state.get("_local_tensor")
    if type(local) is not View or type(arguments) is not tuple or len(arguments) < 3:
        raise BrokenPickle("tensor")
    if arguments[2] != local.shape or _is_partial(state.get("_spec")):
        raise PartsOfTensors(kind.name)
    return local


def _is_partial(spec: object) -> bool:
    """Whether values are still to be added up over processes; what is described may hold itself."""
    waiting, seen = [spec], set[int]()
    while waiting:
        one: Any = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if type(one) is Inert and one.name.endswith("Partial"):
            return True
        waiting += [one.held] if type(one) is Inert else one.values() if type(one) is dict else ()
        waiting += one if type(one) in (tuple, list) else ()
    return False


_FUNCTIONS: Mapping[tuple[str, str], Function] = {
    ("collections", "OrderedDict"): Function(_ordered_dict),
    ("torch._utils", "_rebuild_tensor"): Function(_tensor),
    ("torch._utils", "_rebuild_tensor_v2"): Function(_tensor),
    ("torch._utils", "_rebuild_tensor_v3"): Function(_typed_tensor),
    ("torch._utils", "_rebuild_parameter"): Function(_parameter),
    ("torch", "Size"): Function(_size),
    ("torch", "device"): Function(_device),
    ("torch.serialization", "_get_layout"): Function(_device),
    ("torch._utils", "_rebuild_wrapper_subclass"): _WRAPPER,
    ("torch._tensor", "_rebuild_from_type_v2"): Function(_distributed),
}
