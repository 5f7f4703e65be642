"""A base model's checkpoint: its config and every tensor, stored as it is or packed, from headers alone."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from ..domain.dtypes import FLOATING
from ..domain.findings import Code, UserError
from ..storage.pickle.weights import Pickled, common_prefix, read_pickled
from ..storage.safetensors_header import Header, TensorRecord, read_header, stored_bytes
from .files import (
    CONFIG,
    PICKLED_INDEX,
    PICKLED_WEIGHTS,
    SAFETENSORS,
    WEIGHTS,
    WEIGHTS_INDEX,
    inside,
    read_json,
)
from .folded import Folding, folding
from .shared_storage import without_tied
from .weight_index import WEIGHT_MAP, PlacedNames, WeightIndex, map_of, read_index

Setting = int | float | str
_FEW = 20_000  # tensors, whose records take no memory to speak of


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


def records_of(tensor: StoredTensor) -> tuple[TensorRecord, ...]:
    """What is stored of it."""
    return tuple(tensor.parts.values()) if isinstance(tensor, PackedTensor) else (tensor,)


def files_of(tensor: StoredTensor) -> frozenset[Path]:
    """All files that hold any of it."""
    return frozenset(record.file for record in records_of(tensor))


@dataclass(frozen=True, slots=True, eq=False)
class AllBut(Collection[str]):
    """All of ``names`` but the few ``others`` among them: of a wide model a set of nearly all takes megabytes."""

    names: Collection[str]
    others: frozenset[str]

    def __contains__(self, name: object) -> bool:
        """Whether it is one of the names and none of the others."""
        return name not in self.others and name in self.names

    def __iter__(self) -> Iterator[str]:
        """Every such name, in their order."""
        return (name for name in self.names if name not in self.others)

    def __len__(self) -> int:
        """Number of such names."""
        return len(self.names) - len(self.others)


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
    kept_packed: Collection[str] = frozenset()
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


def read_checkpoint(folder: Path, *, folds: bool = False) -> Checkpoint:
    """Read config, index and where every tensor lies: safetensors first, then pickled weights, as transformers does.

    ``folds``: of safetensors no records are held; they are made again when they are asked for (``folded``).

    Raises UserError where a file is missing, broken, truncated or named outside the folder.
    """
    if not (folder / CONFIG).is_file():
        raise UserError(Code.CONFIG_MISSING, folder=str(folder))
    config = read_json(folder / CONFIG)
    index_name = _index_name(folder)
    index = read_index(folder / index_name) if index_name else None
    fold = folding() if folds else None
    weights = _read_shards(folder, index, fold)
    unwrapped = list(dict.fromkeys(part for shard in weights for part in shard.unwrapped))
    headers = tuple(shard.header for shard in weights)
    tensors = _tensors_of(headers, fold)
    told = _whole_index(index, headers, tensors) if index else None
    if not headers[0].packed:
        # A trainer's wrapper put it before every name.
        prefix = common_prefix([name for header in headers for name in header.tensors])
        headers = without_tied([_without_prefix(header, prefix) for header in headers], config)
        unwrapped += [prefix] if prefix else []
        tensors = _tensors_of(headers)
    mappable = all(shard.mappable for shard in weights)
    return Checkpoint(folder, config, headers, tensors, told, tuple(unwrapped), mappable)


def folded(checkpoint: Checkpoint) -> Checkpoint:
    """The same, of which no records are held where it has very many and all are seen as they are stored."""
    if len(checkpoint.tensors) <= _FEW or checkpoint.stored or not _as_in_headers(checkpoint):
        return checkpoint
    fold = folding()
    headers = tuple(map(fold.fold, checkpoint.headers))
    tensors = fold.tensors
    if tensors is None:
        return checkpoint
    kept, index = checkpoint.kept_packed, checkpoint.index
    if isinstance(kept, AllBut):
        kept = replace(kept, names=tensors)
    if index and isinstance(names := index[WEIGHT_MAP], PlacedNames):
        index = {**index, WEIGHT_MAP: PlacedNames(dict(zip(names.headers, headers, strict=True)))}
    return replace(checkpoint, headers=headers, tensors=tensors, kept_packed=kept, index=index)


def _as_in_headers(checkpoint: Checkpoint) -> bool:
    tensors = checkpoint.tensors
    if len(tensors) != sum(len(header.tensors) for header in checkpoint.headers):
        return False
    return all(
        header.packed and all(tensors.get(name) is record for name, record in header.tensors.items())
        for header in checkpoint.headers
    )


def _read_shards(folder: Path, index: WeightIndex | None, fold: Folding | None) -> list[Pickled]:
    files = [inside(folder, name) for name in _shard_names(folder, index)]
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        raise UserError(Code.SHARDS_MISSING if index else Code.WEIGHTS_MISSING, files=missing, count=len(missing))
    return [_read_shard(file, fold) for file in files]


def _read_shard(file: Path, fold: Folding | None) -> Pickled:
    if file.suffix != SAFETENSORS:
        return read_pickled(file)
    header = read_header(file)
    return Pickled(fold.fold(header) if fold else header)


def _tensors_of(headers: Sequence[Header], fold: Folding | None = None) -> Mapping[str, TensorRecord]:
    if fold and len(fold.headers) == len(headers) and (folded := fold.tensors) is not None:
        return folded
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


def _shard_names(folder: Path, index: WeightIndex | None) -> list[str]:
    if index:
        return sorted(index.files)
    pickled = (folder / PICKLED_WEIGHTS).is_file() and not (folder / WEIGHTS).is_file()
    return [PICKLED_WEIGHTS if pickled else WEIGHTS]


def _whole_index(
    index: WeightIndex, headers: Sequence[Header], tensors: Mapping[str, TensorRecord]
) -> Mapping[str, Any]:
    """All that an index says. Raises UserError(tensors_missing) where it names what no file has."""
    weight_map = map_of(index, sorted(index.files), headers)
    if not isinstance(weight_map, PlacedNames) and (absent := sorted(set(weight_map) - set(tensors))):
        raise UserError(Code.TENSORS_MISSING, names=absent, count=len(absent))
    return {**index.rest, WEIGHT_MAP: weight_map}


def _without_prefix(header: Header, prefix: str) -> Header:
    plain = {name.removeprefix(prefix): record for name, record in header.tensors.items()}
    return replace(header, tensors={name: structs.replace(record, name=name) for name, record in plain.items()})
