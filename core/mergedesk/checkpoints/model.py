"""A base model's checkpoint: its config and every stored tensor, from headers alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..findings import Code
from .files import CONFIG, WEIGHTS, WEIGHTS_INDEX, inside, read_json
from .packed import StoredTensor
from .safetensors_header import Header, TensorRecord, read_header


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model folder. ``headers`` are its shards in file order; ``index`` is the raw index, None if single.

    ``tensors`` are as stored, or with packed weights as what they stand for (``unpacking.unpacked``).
    """

    folder: Path
    config: Mapping[str, Any]
    headers: tuple[Header, ...]
    tensors: Mapping[str, StoredTensor]
    index: Mapping[str, Any] | None

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


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read config, index and all shard headers of a safetensors model.

    Raises UserError where a file is missing, broken, truncated or named outside the folder.
    """
    config = read_json(folder / CONFIG) if (folder / CONFIG).is_file() else None
    if config is None:
        raise UserError(Code.CONFIG_MISSING, folder=str(folder))
    index = _read_index(folder)
    names = _shard_names(index) if index else [WEIGHTS]
    files = [inside(folder, name) for name in names]
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        raise UserError(Code.SHARDS_MISSING if index else Code.WEIGHTS_MISSING, files=missing, count=len(missing))
    headers = tuple(read_header(file) for file in files)
    tensors = {name: record for header in headers for name, record in header.tensors.items()}
    _refuse_if_indexed_tensors_absent(index, tensors)
    return Checkpoint(folder, config, headers, tensors, index)


def _read_index(folder: Path) -> dict[str, Any] | None:
    """The shard index; None where one whole file stands, which transformers reads first."""
    if (folder / WEIGHTS).is_file() or not (folder / WEIGHTS_INDEX).is_file():
        return None
    index = read_json(folder / WEIGHTS_INDEX)
    weight_map = index.get("weight_map")
    whole = isinstance(weight_map, dict) and all(isinstance(name, str) for name in weight_map.values())
    if not weight_map or not whole:
        raise UserError(Code.JSON_BROKEN, file=WEIGHTS_INDEX)
    return index


def _shard_names(index: Mapping[str, Any]) -> list[str]:
    return sorted(set(index["weight_map"].values()))


def _refuse_if_indexed_tensors_absent(index: Mapping[str, Any] | None, tensors: Mapping[str, TensorRecord]) -> None:
    absent = sorted(set(index["weight_map"]) - set(tensors)) if index else []
    if absent:
        raise UserError(Code.TENSORS_MISSING, names=absent, count=len(absent))
