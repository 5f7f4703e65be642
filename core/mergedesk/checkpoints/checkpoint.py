"""A base model's checkpoint: its config and every tensor, stored as it is or packed, from headers alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from ..domain.dtypes import FLOATING
from ..domain.findings import Code, UserError
from ..storage.bounded_json import parse_json, read_bounded
from ..storage.pickle.weights import Pickled, common_prefix, read_pickled
from ..storage.safetensors_header import Header, TensorRecord, read_header, stored_bytes
from .files import (
    CONFIG,
    MAX_JSON_BYTES,
    PICKLED_INDEX,
    PICKLED_WEIGHTS,
    SAFETENSORS,
    WEIGHTS,
    WEIGHTS_INDEX,
    inside,
    read_json,
)
from .shared_storage import without_tied

Setting = int | float | str


class PackedTensor(Struct, frozen=True, gc=False):
    """A quantised weight as the one tensor it stands for; ``dtype`` and ``shape`` are what it is once dequantised.

    ``packing`` names its format. ``parts`` are the stored tensors by role, ``codes`` the packed values among them;
    ``settings`` what else its format needs to know.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    packing: str
    parts: Mapping[str, TensorRecord]
    settings: Mapping[str, Setting] = {}

    @property
    def file(self) -> Path:
        """The file that holds its packed values."""
        return self.parts["codes"].file

    @property
    def elements(self) -> int:
        """Number of elements once dequantised."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes once dequantised."""
        return stored_bytes(self.dtype, self.shape)

    @property
    def width(self) -> int:
        """Elements of one row."""
        return self.shape[-1]

    @property
    def rows(self) -> int:
        """Number of rows, all leading dimensions together."""
        return self.elements // self.width if self.width else 0

    @property
    def is_floating(self) -> bool:
        """Whether precision conversion touches it."""
        return self.dtype in FLOATING

    def whole(self, name: str) -> int:
        """A setting that is a whole number."""
        return int(self.settings[name])


StoredTensor = TensorRecord | PackedTensor


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model folder. ``headers`` are its shards in file order; ``index`` is the raw index, None if single.

    ``tensors`` are as stored, or with packed weights as what they stand for (``unpacking.unpacked``).
    ``unwrapped`` names what stood around a pickled state dict, which only this program takes off;
    ``mappable``: torch can leave the tensors in their files. ``kept_packed``: stored tensors that are packed weights or
    belong to them, and that a merge copies as they are. ``stored``: all tensors as they are stored, where what a merge
    changes is packed again; empty elsewhere.
    """

    folder: Path
    config: Mapping[str, Any]
    headers: tuple[Header, ...]
    tensors: Mapping[str, StoredTensor]
    index: Mapping[str, Any] | None
    unwrapped: tuple[str, ...] = ()
    mappable: bool = True
    kept_packed: frozenset[str] = frozenset()
    stored: Mapping[str, TensorRecord] = field(default_factory=dict)

    @property
    def stays_packed(self) -> bool:
        """Whether what a merge makes of it is packed as it is, so that its config stays as well."""
        return bool(self.kept_packed or self.stored)

    @property
    def loads_mapped(self) -> bool:
        """Whether transformers finds the weights and leaves them in their files until they are used."""
        return self.mappable and not self.unwrapped

    @property
    def is_pickled(self) -> bool:
        """Whether its weights are ``.bin`` files."""
        return any(not header.packed for header in self.headers)

    @property
    def weight_bytes(self) -> int:
        """Size of all shards, headers included."""
        return sum(header.file_bytes for header in self.headers)

    @property
    def parameters(self) -> int:
        """Number of stored elements."""
        return sum(record.elements for record in self.tensors.values())

    @property
    def model_type(self) -> str:
        """The config's ``model_type``, empty if absent."""
        return str(self.config.get("model_type") or "")

    @property
    def stated_dtype(self) -> str | None:
        """The dtype that the config states, e.g. ``bfloat16``; loaders may follow it whatever is stored."""
        stated = self.config.get("dtype") or self.config.get("torch_dtype")
        return stated if isinstance(stated, str) else None

    @property
    def architecture(self) -> str | None:
        """The class that the config names first."""
        names = self.config.get("architectures") or [None]
        return names[0] if isinstance(names, list) and isinstance(names[0], str) else None


def read_checkpoint(folder: Path, known: Mapping[str, str] | None = None) -> Checkpoint:
    """Read config, index and where every tensor lies: safetensors first, then pickled weights, as transformers does.

    ``known`` as for ``read_header``.

    Raises UserError where a file is missing, broken, truncated or named outside the folder.
    """
    if not (folder / CONFIG).is_file():
        raise UserError(Code.CONFIG_MISSING, folder=str(folder))
    config = read_json(folder / CONFIG)
    index_name = _index_name(folder)
    index = _read_index(folder / index_name, known) if index_name else None
    weights = _read_shards(folder, index, known)
    unwrapped = list(dict.fromkeys(part for shard in weights for part in shard.unwrapped))
    headers = tuple(shard.header for shard in weights)
    tensors = _tensors_of(headers)
    if index:
        _refuse_if_indexed_tensors_absent(index, tensors)
    if not headers[0].packed:
        # A trainer's wrapper put it before every name.
        prefix = common_prefix([name for header in headers for name in header.tensors])
        headers = without_tied([_without_prefix(header, prefix) for header in headers], config)
        unwrapped += [prefix] if prefix else []
        tensors = _tensors_of(headers)
    mappable = all(shard.mappable for shard in weights)
    return Checkpoint(folder, config, headers, tensors, index, tuple(unwrapped), mappable)


def _read_shards(folder: Path, index: Mapping[str, Any] | None, known: Mapping[str, str] | None) -> list[Pickled]:
    if index and not known:
        known = dict(zip(index["weight_map"], index["weight_map"], strict=True))
    files = [inside(folder, name) for name in _shard_names(folder, index)]
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        raise UserError(Code.SHARDS_MISSING if index else Code.WEIGHTS_MISSING, files=missing, count=len(missing))
    return [Pickled(read_header(file, known)) if file.suffix == SAFETENSORS else read_pickled(file) for file in files]


def _tensors_of(headers: Iterable[Header]) -> dict[str, TensorRecord]:
    tensors = dict[str, TensorRecord]()
    for header in headers:
        tensors.update(header.tensors)
    return tensors


def _index_name(folder: Path) -> str | None:
    """The index that counts; None where one whole file stands, which transformers reads before any index."""
    for whole, index in ((WEIGHTS, WEIGHTS_INDEX), (PICKLED_WEIGHTS, PICKLED_INDEX)):
        if (folder / whole).is_file():
            return None
        if (folder / index).is_file():
            return index
    return None


def _read_index(file: Path, known: Mapping[str, str] | None) -> dict[str, Any]:
    """The index, of the strings that ``known`` has, and each file's name but once."""
    index = _quick_index(file) or read_json(file)
    weight_map = index.get("weight_map")
    whole = isinstance(weight_map, dict) and all(isinstance(name, str) for name in weight_map.values())
    if not weight_map or not whole:
        raise UserError(Code.JSON_BROKEN, file=file.name)
    files, names = dict[str, str](), map((known or {}).get, weight_map, weight_map)
    placed = {name: files.setdefault(inner, inner) for name, inner in zip(names, weight_map.values(), strict=True)}
    return {**index, "weight_map": placed}


def _quick_index(file: Path) -> dict[str, Any] | None:
    """The same as ``read_json`` in a third of its time; None where anything is out of the ordinary."""
    content = read_bounded(file, MAX_JSON_BYTES)
    try:
        parts = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        weight_map = msgspec.json.decode(parts.pop("weight_map"), type=dict[str, str])
        return {**{name: parse_json(bytes(part).decode()) for name, part in parts.items()}, "weight_map": weight_map}
    except (ValueError, KeyError, RecursionError):
        return None


def _shard_names(folder: Path, index: Mapping[str, Any] | None) -> list[str]:
    if index:
        return sorted(set(index["weight_map"].values()))
    pickled = (folder / PICKLED_WEIGHTS).is_file() and not (folder / WEIGHTS).is_file()
    return [PICKLED_WEIGHTS if pickled else WEIGHTS]


def _without_prefix(header: Header, prefix: str) -> Header:
    plain = {name.removeprefix(prefix): record for name, record in header.tensors.items()}
    return replace(header, tensors={name: structs.replace(record, name=name) for name, record in plain.items()})


def _refuse_if_indexed_tensors_absent(index: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
    if not all(map(stored.__contains__, index["weight_map"])):
        absent = sorted(index["weight_map"].keys() - stored.keys())
        raise UserError(Code.TENSORS_MISSING, names=absent, count=len(absent))
