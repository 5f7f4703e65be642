"""What lies around weights that are right and makes them another model: config.json, and files of the adapter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Check, CheckCode, CheckStatus, Code, Finding, check_of, error
from ...quantization.detect import find_quantization, stated_quantization
from ...quantization.packing_format import quantization_config
from ...runtime.transformers_class import quiet

# Fields that change what a model computes from the same weights; all else may differ between two that compute alike.
_COMPUTES = re.compile(
    r"^(model_type|hidden_act|hidden_activation|activation_function|.*_eps|.*_epsilon|num_(attention|key_value)_heads"
    r"|n_head|head_dim|rope_.*|partial_rotary_factor|rotary_pct|rotary_dim|sliding_window|layer_types|num_experts_per_tok"
    r"|num_experts_per_token|norm_topk_prob|routed_scaling_factor|.*_multiplier|.*_softcapping|query_pre_attn_scalar"
    r"|scale_attn_weights|scale_attn_by_inverse_layer_idx|logit_scale|logits_scaling|no_rope_layers)$"
)
_ABSENT = "—"
_MAX_TEXT = 60


def config_checks(base: Checkpoint, merged: Checkpoint, left: Sequence[str], packs: bool = False) -> Iterator[Check]:
    """Checks on the rest of the folder. ``left``: the adapter's files that lie in it; ``packs``: it may be packed."""
    yield check_of(CheckCode.NO_ADAPTER_FILES, not left, names=list(left))
    computes = differing_fields(base, merged)
    if base.stays_packed:
        computes = [*(computes or ()), *_packed_otherwise(base, merged)]
    elif not packs:
        packed = quantization_left(merged)
        yield check_of(CheckCode.NO_QUANTIZATION_LEFT, not packed, method=packed)
    if computes is not None:
        yield check_of(CheckCode.CONFIG_AS_BASE, not computes, names=computes)


def _packed_otherwise(base: Checkpoint, merged: Checkpoint) -> list[str]:
    """What packed weights stand for is in the config; they are not the base's where it says something else."""
    stated, expected = quantization_config(merged.config), quantization_config(base.config)
    return [] if stated == expected else [f"quantization_config: {_short(stated)} ({_short(expected)})"]


def quantization_left(merged: Checkpoint) -> str:
    """How a model is still quantised, by its tensors or by its config alone; empty where it is not."""
    left = find_quantization(merged.config, merged.tensors) or stated_quantization(merged.config)
    return left.label if left else ""


def refuted_by(checks: Sequence[Check]) -> Finding | None:
    """Why a folder of right weights is not the merge all the same."""
    failed = {check.code: check.data for check in checks if check.status is CheckStatus.FAIL}
    if (files := failed.get(CheckCode.NO_ADAPTER_FILES)) is not None:
        return error(Code.MERGE_KEEPS_ADAPTER_FILES, names=files["names"])
    if (packed := failed.get(CheckCode.NO_QUANTIZATION_LEFT)) is not None:
        return error(Code.MERGE_STATED_PACKED, method=packed["method"])
    if (fields := failed.get(CheckCode.CONFIG_AS_BASE)) is not None:
        return error(Code.MERGE_COMPUTES_OTHERWISE, names=fields["names"])
    return None


def differing_fields(base: Checkpoint, merged: Checkpoint) -> list[str] | None:
    """``field: merged's value (base's value)``, once both configs are in the class's own terms; None if it has none."""
    own, expected = _fields(merged), _fields(base)
    if own is None or expected is None:
        return None
    if own.get("model_type") != expected.get("model_type"):
        own, expected = ({"model_type": side.get("model_type")} for side in (own, expected))
    sides = {name: (own.get(name), expected.get(name)) for name in sorted(own.keys() | expected.keys())}
    # A head's size that is left open is worked out from the others.
    left_open = {name for name, both in sides.items() if name.endswith("head_dim") and None in both}
    differing = [name for name, (ours, theirs) in sides.items() if ours != theirs and name not in left_open]
    return [f"{name}: {_short(own.get(name, _ABSENT))} ({_short(expected.get(name, _ABSENT))})" for name in differing]


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…"


def _fields(model: Checkpoint) -> dict[str, Any] | None:
    """The fields that matter, by dotted name, as the class fills them in; None for a class that only a folder has."""
    from transformers import AutoConfig

    try:
        with quiet():
            config = AutoConfig.from_pretrained(model.folder, local_files_only=True, trust_remote_code=False)
            return dict(_leaves("", config.to_dict(), False))
    except Exception:  # whatever a config is made of: then nothing can be said of it
        return None


def _leaves(prefix: str, fields: Mapping[str, Any], wanted: bool) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        matters = wanted or _COMPUTES.match(str(name)) is not None
        if isinstance(value, Mapping):
            yield from _leaves(f"{prefix}{name}.", value, matters)
        elif matters:
            yield f"{prefix}{name}", value
