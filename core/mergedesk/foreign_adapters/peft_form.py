"""The adapter that PEFT would have saved, of low-rank pairs by module and full copies by parameter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import structs

from ..checkpoints.adapter import Adapter
from ..checkpoints.adapter_keys import PEFT_PREFIX
from ..checkpoints.shared_storage import INPUT_EMBEDDINGS, module_leaf
from ..domain.findings import Code, UserError
from ..storage.safetensors_header import TensorRecord

# What PEFT takes for "no layer": only full copies are brought.
_NO_LAYER = "dummy-target-modules"


@dataclass(frozen=True, slots=True)
class Pair:
    """What is trained for one module. ``a`` is (r, inputs), ``b`` (outputs, r), ``magnitude`` one number an output."""

    a: TensorRecord
    b: TensorRecord
    magnitude: TensorRecord | None = None

    @property
    def rank(self) -> int:
        """The rank as stored."""
        return self.a.shape[0]


@dataclass(frozen=True, slots=True)
class ForeignContents:
    """What a tool trained, by the names that transformers gives. ``alpha``: PEFT's alpha for a rank."""

    pairs: Mapping[str, Pair]
    alpha: Callable[[int], float]
    copies: Mapping[str, TensorRecord] = field(default_factory=dict)
    base: str | None = None


def as_peft(origin: str, folder: Path, file: Path, contents: ForeignContents) -> Adapter:
    """An adapter in PEFT's form. Raises UserError(foreign_tensors_odd) where factors are no matrices that fit."""
    require_pairs(origin, contents.pairs)
    tensors = {record.name: record for record in _named(contents)}
    return Adapter(folder, _config(contents), tensors, file, repaired=True, origin=origin)


def require_pairs(origin: str, pairs: Mapping[str, Pair]) -> None:
    """Raise UserError(foreign_tensors_odd) unless every pair is two floating matrices of one rank."""
    odd = [module for module, pair in pairs.items() if not _is_pair(pair)]
    if odd:
        raise odd_tensors(origin, odd)


def odd_tensors(origin: str, names: list[str]) -> UserError:
    """That a tool is not known to write such tensors."""
    return UserError(Code.FOREIGN_TENSORS_ODD, tool=origin, names=sorted(names), count=len(names))


def _is_pair(pair: Pair) -> bool:
    matrices = len(pair.a.shape) == len(pair.b.shape) == 2 and pair.a.is_floating and pair.b.is_floating
    return matrices and pair.a.shape[0] == pair.b.shape[1] and pair.rank > 0


def is_embedding(module: str) -> bool:
    """Whether PEFT keeps the module's factors as an embedding's."""
    return module_leaf(f"{module}.weight") in INPUT_EMBEDDINGS


def _named(contents: ForeignContents) -> Iterator[TensorRecord]:
    for module, pair in contents.pairs.items():
        a, b = ("lora_embedding_A", "lora_embedding_B") if is_embedding(module) else ("lora_A.weight", "lora_B.weight")
        yield structs.replace(pair.a, name=f"{PEFT_PREFIX}{module}.{a}")
        yield structs.replace(pair.b, name=f"{PEFT_PREFIX}{module}.{b}")
        if pair.magnitude is not None:
            yield structs.replace(pair.magnitude, name=f"{PEFT_PREFIX}{module}.lora_magnitude_vector")
    for name, record in contents.copies.items():
        yield structs.replace(record, name=PEFT_PREFIX + name)


def _config(contents: ForeignContents) -> dict[str, Any]:
    ranks = {module: pair.rank for module, pair in contents.pairs.items()}
    rank = Counter(ranks.values()).most_common(1)[0][0] if ranks else 1
    others = {re.escape(module): own for module, own in ranks.items() if own != rank}
    alphas = {module: _plain(contents.alpha(own)) for module, own in others.items()}
    alpha = _plain(contents.alpha(rank))
    saved = sorted({name.rpartition(".")[0] for name in contents.copies})
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": contents.base,
        "r": rank,
        "lora_alpha": alpha,
        "target_modules": sorted(ranks) or _NO_LAYER,
        "modules_to_save": saved or None,
        "rank_pattern": others,
        "alpha_pattern": {module: own for module, own in alphas.items() if own != alpha},
        "use_dora": any(pair.magnitude is not None for pair in contents.pairs.values()),
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
    }


def _plain(alpha: float) -> float:
    """A whole number as one."""
    return int(alpha) if float(alpha).is_integer() else alpha
