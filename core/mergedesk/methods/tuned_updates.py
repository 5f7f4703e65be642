"""What IA3, LoHa, LoKr and trained token rows do to a module's weight, from the parts that PEFT stores.

Sources: Liu et al. 2022 (IA3), Hyeon-Woo et al. 2022 (LoHa), Yeh et al. 2024 (LoKr); names and scaling as in
``peft.tuners.ia3``, ``peft.tuners.loha`` and ``peft.tuners.lokr``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..checkpoints.adapter_keys import TunedModule
from ..storage.factor_view import whole
from ..storage.safetensors_header import TensorRecord
from .lora.config import configured_rank, pattern_value
from .updates import HadamardUpdate, KroneckerUpdate, Product, RowsUpdate, ScaleUpdate

STREAMED_METHODS = frozenset({"IA3", "LOHA", "LOKR", "TRAINABLE_TOKENS"})
TunedUpdate = ScaleUpdate | HadamardUpdate | KroneckerUpdate | RowsUpdate

TOKENS = "trainable_tokens_delta"
_PEFT_DEFAULT = 8
_HADAMARD = frozenset({"hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"})


def is_streamable(peft_type: str, tuned: TunedModule) -> bool:
    """Whether the parts are all there, are this method's, and need no arithmetic but that of tiles.

    Convolutions that take their kernel apart as well (``hada_t1``, ``lokr_t2``) need more, and so does IA3 on them.
    """
    parts = tuned.parts
    if peft_type in ("LORA", "TRAINABLE_TOKENS"):
        return set(parts) == {TOKENS}
    if peft_type == "IA3":
        return set(parts) == {"ia3_l"} and len(parts["ia3_l"].shape) == 2
    if peft_type == "LOHA":
        return set(parts) == _HADAMARD and all(len(part.shape) == 2 for part in parts.values())
    return len(parts) == sum(len(_stored(parts, f"lokr_w{side}")) for side in (1, 2)) and _both(parts)


def _both(parts: Mapping[str, TensorRecord]) -> bool:
    return all(_stored(parts, f"lokr_w{side}") for side in (1, 2))


def _stored(parts: Mapping[str, TensorRecord], name: str) -> tuple[TensorRecord, ...]:
    """The matrix itself, or the two that make it; nothing where neither is whole."""
    if name in parts:
        return (parts[name],)
    pair = f"{name}_a", f"{name}_b"
    return tuple(parts[side] for side in pair) if all(side in parts for side in pair) else ()


def tuned_update(
    config: Mapping[str, Any], tuned: TunedModule, weight: float, target: tuple[int, ...], conv1d: bool
) -> TunedUpdate:
    """The update of a streamable module to a weight of shape ``target``; shapes are not judged here.

    ``conv1d``: weights are stored (inputs, outputs).
    """
    parts = tuned.parts
    if "ia3_l" in parts:
        return ScaleUpdate(parts["ia3_l"], (target[0], math.prod(target[1:])), scales_outputs(tuned) != conv1d)
    if TOKENS in parts:
        return RowsUpdate(parts[TOKENS], _token_indices(config, tuned.module), (target[0], math.prod(target[1:])))
    factor = _scaling(config, tuned) * weight
    if "hada_w1_a" in parts:
        return HadamardUpdate(_product(parts, "hada_w1"), _product(parts, "hada_w2"), factor)
    return KroneckerUpdate(_product(parts, "lokr_w1"), _product(parts, "lokr_w2"), factor)


def _token_indices(config: Mapping[str, Any], module: str) -> tuple[int, ...]:
    """The rows that are trained: one list, or one for each module by the end of its name."""
    stated = config.get("trainable_token_indices") or config.get("token_indices")
    if isinstance(stated, Mapping):
        names = [name for name in stated if module == name or module.endswith(f".{name}")]
        stated = stated[names[0]] if len(names) == 1 else None
    whole_numbers = isinstance(stated, list) and all(type(index) is int for index in stated)
    return tuple(stated) if stated and whole_numbers else ()


def scales_outputs(tuned: TunedModule) -> bool:
    """Whether IA3 scales what the module gives, its bias too, and not what it takes (a feed-forward module)."""
    return "ia3_l" in tuned.parts and tuned.parts["ia3_l"].shape[-1] == 1


def bias_scale(tuned: TunedModule) -> ScaleUpdate:
    """What IA3 does to the bias of a module whose outputs it scales."""
    return ScaleUpdate(tuned.parts["ia3_l"], (tuned.parts["ia3_l"].elements, 1), by_rows=True)


def _product(parts: Mapping[str, TensorRecord], name: str) -> Product:
    return tuple(whole(record) for record in _stored(parts, name))


def _scaling(config: Mapping[str, Any], tuned: TunedModule) -> float:
    alpha = pattern_value(config.get("alpha_pattern"), tuned.module, config.get("alpha", _PEFT_DEFAULT))
    return float(alpha) / configured_rank(config, tuned.module, _PEFT_DEFAULT)


def stored_rank(update: TunedUpdate) -> int | None:
    """The rank that the factors have; None where whole matrices are stored."""
    if isinstance(update, (ScaleUpdate, RowsUpdate)):
        return None
    return next((side[0].shape[1] for side in (update.first, update.second) if len(side) == 2), None)


def tuned_fits(update: TunedUpdate, target: tuple[int, ...]) -> bool:
    """Whether the update is of the weight's shape, and its own parts of each other's."""
    rows, width = target[0], math.prod(target[1:])
    if isinstance(update, ScaleUpdate):
        return update.factors.elements == (rows if update.by_rows else width)
    if isinstance(update, RowsUpdate):
        within = all(0 <= index < rows for index in update.indices)
        return within and update.values.shape == (len(update.indices), width)
    inner = all(side[0].shape[1] == side[-1].shape[0] for side in (update.first, update.second) if len(side) == 2)
    return inner and update.shape == (rows, width)
