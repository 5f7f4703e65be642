"""Whether an adapter can become a GGUF LoRA beside a base: what llama.cpp has a place for, and whether the two fit."""

from __future__ import annotations

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, any_error, error
from ..foreign_adapters.registry import settled
from ..methods.lora.one_alpha import with_one_alpha
from .adapter_repair import repair
from .checks.base_adapter_match import base_findings
from .checks.fit import Fit
from .checks.shape_checks import key_findings, shape_findings
from .resolved_adapter import map_adapter

_PLAIN_LORA = "LORA"
# Set off from plain LoRA, each by its key in the adapter's config; llama.cpp has no place for them.
_BEYOND_LORA = {
    "use_dora": "DoRA",
    "modules_to_save": "modules_to_save",
    "trainable_token_indices": "trainable_token_indices",
    "target_parameters": "target_parameters",
    "lora_bias": "lora_bias",
}
# Where they ask for more than one alpha.
_ALPHAS = ("use_rslora", "alpha_pattern", "rank_pattern")
_BIAS = ".bias"


def lora_findings(adapter: Adapter) -> list[Finding]:
    """What keeps an adapter from being a GGUF LoRA at all."""
    if method := beyond_plain_lora(adapter):
        return [error(Code.GGUF_METHOD_UNKNOWN, method=method)]
    biases = sorted(name for name in adapter.tensors if name.endswith(_BIAS))
    return [error(Code.GGUF_BIAS_IN_LORA, names=biases)] if biases else []


def beyond_plain_lora(adapter: Adapter) -> str:
    """What a GGUF LoRA cannot say of an adapter, by its method or its config's keys; empty where it says all."""
    kind = str(adapter.config.get("peft_type") or "")
    if kind != _PLAIN_LORA:
        return kind
    beyond = [name for key, name in _BEYOND_LORA.items() if adapter.config.get(key)]
    if not beyond and with_one_alpha(adapter) is None:
        beyond = [key for key in _ALPHAS if adapter.config.get(key)] or ["lora_alpha"]
    return ", ".join(beyond)


def fit_findings(adapter: Adapter, base: Checkpoint) -> list[Finding]:
    """Whether every module is in the base and has its shape, as before a merge.

    Raises:
        UserError: as ``map_adapter`` does.
    """
    native, _ = settled(adapter, base)
    mapped = map_adapter(base, repair(native, base)[0], 1.0)
    fit = Fit(base, mapped)
    of_names = [*base_findings(base, adapter), *key_findings(fit)]
    return of_names if any_error(of_names) else [*of_names, *shape_findings(fit)]
