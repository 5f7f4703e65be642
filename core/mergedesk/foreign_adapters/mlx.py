"""mlx-lm: ``adapters.safetensors`` with factors the other way round, or with whole weights.

``lora_a`` is (inputs, r), ``lora_b`` (r, outputs), stacked ones (experts, r, inputs) and (experts, outputs, r); the
delta is ``scale`` · A·B, whatever the rank. DoRA keeps its magnitude as ``m``. Source: ``mlx_lm.tuner``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from msgspec import structs

from ..checkpoints.adapter import Adapter
from ..checkpoints.adapter_keys import PEFT_PREFIX
from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import ADAPTER_CONFIG, read_or_empty
from ..domain.findings import Code, UserError
from ..storage.safetensors_header import TensorRecord, read_header
from .named_pairs import stated_number
from .origin import Origin, Source
from .peft_form import ForeignContents, Pair, as_peft, is_embedding, odd_tensors
from .views import matrix_of, transposed

_NAME = "MLX"
_WEIGHTS = "adapters.safetensors"
_STEP = re.compile(r"\d+_adapters\.safetensors$")
_HEAD = "lm_head.weight"
_PART = re.compile(r"^(?P<module>.+)\.(?P<part>lora_a|lora_b|m)$")
_STACKED = re.compile(r"^(?P<parent>.+)\.switch_mlp\.(?P<leaf>gate_proj|up_proj|down_proj)$")
_MIXTRAL = {"gate_proj": "w1", "up_proj": "w3", "down_proj": "w2"}
Parts = dict[str, dict[str, TensorRecord]]


def _find(source: Source) -> Path | None:
    if source.file is not None and _STEP.search(source.file.name):
        return source.file if _is_mlx(source.folder) else None
    return source.folder / _WEIGHTS if source.has(_WEIGHTS) and _is_mlx(source.folder) else None


def _is_mlx(folder: Path) -> bool:
    """Whether the config is its own, or none is there."""
    return "peft_type" not in read_or_empty(folder / ADAPTER_CONFIG)


def _read(source: Source, file: Path) -> Adapter:
    config, tensors = read_or_empty(source.folder / ADAPTER_CONFIG), read_header(file).tensors
    model = config.get("model")
    base = model if isinstance(model, str) else None
    if config.get("fine_tune_type") == "full":
        return as_peft(_NAME, source.folder, file, ForeignContents({}, lambda rank: rank, dict(tensors), base))
    parts = _parts(tensors)
    scale = _scale(config)
    pairs = dict(_pairs(parts))
    if unlike := [module for module, pair in pairs.items() if pair.magnitude is not None and is_embedding(module)]:
        raise odd_tensors(_NAME, [f"{module}.m" for module in unlike])  # PEFT measures embeddings along the other side
    contents = ForeignContents(pairs, lambda rank: scale * rank, base=base)
    return as_peft(_NAME, source.folder, file, contents)


def _scale(config: Mapping[str, Any]) -> float:
    """What the delta is multiplied by. Raises UserError(foreign_scaling_unknown)."""
    stated = config.get("lora_parameters")
    scale = stated_number(stated.get("scale")) if isinstance(stated, dict) else None
    if scale is None:
        raise UserError(Code.FOREIGN_SCALING_UNKNOWN, tool=_NAME, file=ADAPTER_CONFIG, name="lora_parameters.scale")
    return float(scale)


def _parts(tensors: Mapping[str, TensorRecord]) -> Parts:
    parts: Parts = {}
    odd = []
    for name, record in tensors.items():
        if match := _PART.match(name):
            parts.setdefault(match["module"], {})[match["part"]] = record
        else:
            odd.append(name)
    if odd or not parts:
        raise odd_tensors(_NAME, odd)
    return parts


def _pairs(parts: Parts) -> Iterator[tuple[str, Pair]]:
    for module, own in parts.items():
        a, b = own.get("lora_a"), own.get("lora_b")
        if a is None or b is None:
            raise odd_tensors(_NAME, [f"{module}.{part}" for part in own])
        if len(a.shape) == len(b.shape) == 3 and a.shape[0] == b.shape[0]:
            yield from _experts(module, a, b)
        elif len(a.shape) == len(b.shape) == 2:
            yield module, Pair(transposed(a), transposed(b), own.get("m"))
        else:
            raise odd_tensors(_NAME, [a.name, b.name])


def _experts(module: str, a: TensorRecord, b: TensorRecord) -> Iterator[tuple[str, Pair]]:
    """One pair an expert, under the names that checkpoints have for experts of their own."""
    match = _STACKED.match(module)
    if match is None:
        raise odd_tensors(_NAME, [a.name, b.name])
    parent, leaf = match["parent"], match["leaf"]
    leaf = _MIXTRAL[leaf] if parent.endswith("block_sparse_moe") else leaf
    for expert in range(a.shape[0]):
        yield f"{parent}.experts.{expert}.{leaf}", Pair(matrix_of(a, expert), matrix_of(b, expert))


def _settle(adapter: Adapter, base: Checkpoint) -> Adapter:
    """Where the head is the embeddings, MLX trained them as both."""
    tied = base.config.get("tie_word_embeddings")
    if tied is False or (tied is None and _HEAD in base.tensors):
        return adapter
    added = {record.name: record for old in adapter.tensors.values() for record in _of_head(old)}
    if not added or f"{PEFT_PREFIX}{_HEAD.removesuffix('weight')}lora_A.weight" in adapter.tensors:
        return adapter
    targets = [*adapter.config["target_modules"], _HEAD.removesuffix(".weight")]
    config = {**adapter.config, "target_modules": sorted(targets)}
    return replace(adapter, config=config, tensors={**adapter.tensors, **added})


def _of_head(record: TensorRecord) -> Iterator[TensorRecord]:
    """The embeddings' factor as the head's other one."""
    for factor, other in (("lora_embedding_A", "lora_B.weight"), ("lora_embedding_B", "lora_A.weight")):
        if record.name.endswith(f".{factor}"):
            yield structs.replace(transposed(record), name=f"{PEFT_PREFIX}{_HEAD.removesuffix('weight')}{other}")


ORIGIN = Origin(_NAME, Code.FOREIGN_READ_MLX, find=_find, read=_read, settle=_settle)
