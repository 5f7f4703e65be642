"""The base, memory-mapped, with its adapter attached by PEFT; what PEFT would pass over silently is refused."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from ...checkpoints.adapter import Adapter
from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Code, UserError
from ...domain.progress import Cancelled
from ...runtime.transformers_class import find_class, quiet
from ...storage.safetensors_header import TensorRecord
from ..buildable import refuse_unbuildable
from ..repaired_adapter import loadable

_MISSING_KEYS = "Found missing adapter keys"


def attach(base: Checkpoint, adapter: Adapter, dtype: torch.dtype | str = "auto") -> Any:
    """Load the base and attach the adapter; returns the ``PeftModel``.

    With the dtype "auto" weights stay mapped in their files. An initialisation that would alter the base's weights
    is left out; ``layers`` makes up for it layer by layer. Raises UserError(custom_code_needs_streaming,
    config_unbuildable, peft_failed, keys_unmatched, out_of_memory).
    """
    model_class = find_class(base.config)
    if model_class is None:
        raise UserError(Code.CUSTOM_CODE_NEEDS_STREAMING, name=str(base.architecture))
    refuse_unbuildable(base)
    from peft import PeftConfig, PeftModel

    with peft_errors(), loadable(adapter) as folder, quiet(), warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        plain = model_class.from_pretrained(base.folder, dtype=dtype, local_files_only=True, trust_remote_code=False)
        config = PeftConfig.from_pretrained(str(folder))
        if getattr(config, "init_lora_weights", None) in ALTERS_THE_BASE:
            config.init_lora_weights = True
        # With gradients, DoRA would hold what its norms come from, a copy of every layer, until all are attached.
        with _kasa_cuts_later(), torch.no_grad():
            model = PeftModel.from_pretrained(plain.eval(), str(folder), config=config, is_trainable=False)
    refuse_missing_keys([str(remark.message) for remark in said])
    return model


@contextmanager
def _kasa_cuts_later() -> Iterator[None]:
    """Let KaSA cut its layers' weights when each is merged, not all at loading: PEFT can put it off, unasked only."""
    from peft.tuners.lora.variants import KasaLinearVariant

    cut = KasaLinearVariant._truncate_base_weight
    KasaLinearVariant._truncate_base_weight = staticmethod(
        lambda module, _: module._lora_kasa_truncation_deferred.update(module.r)
    )
    try:
        yield
    finally:
        KasaLinearVariant._truncate_base_weight = staticmethod(cut)


# Initialisations that take something out of the base's weights, by the method of PEFT's layers that does it.
ALTERS_THE_BASE: Mapping[object, str] = {"pissa": "pissa_init", "olora": "olora_init"}


@contextmanager
def peft_errors() -> Iterator[None]:
    """What PEFT or transformers raise for an adapter they cannot take, as one line."""
    try:
        yield
    except (UserError, Cancelled, MemoryError):
        raise
    except Exception as trouble:
        line = (str(trouble).strip().splitlines() or [type(trouble).__name__])[0]
        if "OutOfMemory" in type(trouble).__name__ or "can't allocate memory" in line:
            raise UserError(Code.OUT_OF_MEMORY) from trouble
        if isinstance(trouble, KeyError):
            line = f"{line} is missing."
        raise UserError(Code.PEFT_FAILED, reason=line[:300]) from trouble


def refuse_missing_keys(messages: Sequence[str]) -> None:
    """PEFT only warns of keys that an adapter lacks, and goes on with random ones. Raises UserError(keys_unmatched)."""
    for message in messages:
        if _MISSING_KEYS in message:
            names = message.partition("[")[2].partition("]")[0].replace("'", "").split(", ")
            raise UserError(Code.KEYS_UNMATCHED, count=len(names), total=len(names), names=names)


def refuse_unused(model: Any, adapter: Adapter, copies: Mapping[str, TensorRecord]) -> None:
    """PEFT passes over tensors that it has no place for; a merge without them would be silently wrong.

    Raises UserError(keys_unmatched).
    """
    from peft import get_peft_model_state_dict

    with quiet():
        used = set(get_peft_model_state_dict(model, save_embedding_layers=False))
    used |= {record.name for record in copies.values()}
    unused = sorted(set(adapter.tensors) - used)
    if unused:
        raise UserError(Code.KEYS_UNMATCHED, count=len(unused), total=len(adapter.tensors), names=unused)
