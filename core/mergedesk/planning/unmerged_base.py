"""A base that was saved with its adapter still apart: the weights that one was trained on, and the adapter itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from ..checkpoints.adapter import Adapter, read_usable_config
from ..checkpoints.adapter_keys import PEFT_PREFIX
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, UserError, error, warning
from ..domain.folder_info import FolderKind
from ..domain.requests import CheckRequest, CombinationMethod
from ..inspection.inspect_folder import TUNED_NAME, FolderContents
from ..storage.safetensors_header import TensorRecord

_BASE_INSIDE = re.compile(r"\.(base_layer|original_module)\.")
_SAVED_COPY = ".modules_to_save."
_PARALLEL = "module."
_LORA = re.compile(r"^(?P<module>.+)\.lora_(?P<part>A|B|embedding_[AB]|magnitude_vector)(?:\.(?P<name>[^.]+))?(?:\.|$)")
_LEAVES = ("weight", "bias")
# A model's own code that wraps its layers anew as long as its config says so.
_WRAPS_ITSELF = re.compile(r"^use_\w*lora$")


@dataclass(slots=True)
class _Parts:
    base: dict[str, TensorRecord] = field(default_factory=dict)
    adapter: dict[str, TensorRecord] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    ranks: dict[str, int] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)


def settle_unmerged(base: FolderContents, request: CheckRequest) -> tuple[FolderContents, Adapter | None]:
    """A base that holds an adapter, with what is to be said of it; with consent taken apart into both.

    The scaling is in no tensor: it is told by the ``adapter_config.json`` in the folder, or by the person.
    """
    refusal = next((one for one in base.folder_info.findings if one.code is Code.BASE_HOLDS_ADAPTER), None)
    apart = _take_apart(base.checkpoint, request.own_alpha) if refusal and _may_be_apart(base, request) else None
    if refusal is None or apart is None:
        return base, None
    plain, adapter = apart
    data = {**refusal.data, "alpha": float(adapter.config["lora_alpha"])}
    allowed = request.fold_own or request.own_alpha is not None
    said = warning(Code.OWN_ADAPTER_MERGED, **data) if allowed else error(Code.OWN_ADAPTER_MERGEABLE, **data)
    findings = tuple(_exchanged(base.folder_info.findings, said))
    base = replace(base, folder_info=replace(base.folder_info, findings=findings))
    return (replace(base, checkpoint=plain), adapter) if allowed else (base, None)


def _exchanged(findings: tuple[Finding, ...], said: Finding) -> Iterator[Finding]:
    """The config beside it is none that was left over."""
    for finding in findings:
        if finding.code is not Code.LEFTOVER_ADAPTER_CONFIG:
            yield said if finding.code is Code.BASE_HOLDS_ADAPTER else finding


def _may_be_apart(base: FolderContents, request: CheckRequest) -> bool:
    """Other ways of combining would mix it with the adapters that are given."""
    wraps = any(_WRAPS_ITSELF.match(name) and value for name, value in _config(base).items())
    is_sum = request.combination.method is CombinationMethod.CAT
    return is_sum and not wraps and base.folder_info.kind is FolderKind.MODEL


def _config(base: FolderContents) -> Mapping[str, Any]:
    return base.checkpoint.config if base.checkpoint else {}


def _take_apart(stored: Checkpoint | None, alpha: float | None) -> tuple[Checkpoint, Adapter] | None:
    """None where it is not one whole LoRA adapter, or nothing tells its scaling."""
    parts = _parts(stored) if stored else None
    if stored is None or parts is None:
        return None
    config = _made_config(parts, alpha) if alpha is not None else _stored_config(stored)
    if config is None:
        return None
    tensors = {PEFT_PREFIX + name: replace(record, name=PEFT_PREFIX + name) for name, record in parts.adapter.items()}
    plain = {name: replace(record, name=name) for name, record in parts.base.items()}
    adapter = Adapter(stored.folder, config, tensors, stored.headers[0].file, repaired=True, inner=True)
    return replace(stored, tensors=plain), adapter


def _parts(stored: Checkpoint) -> _Parts | None:
    parts = _Parts()
    prefix = _PARALLEL if all(name.startswith(_PARALLEL) for name in stored.tensors) else ""
    for name, record in stored.tensors.items():
        plain = name.removeprefix(prefix).replace(PEFT_PREFIX, "")
        if not isinstance(record, TensorRecord) or not _sort(parts, plain, record):
            return None
    whole = len(parts.base) + len(parts.adapter) == len(stored.tensors) and parts.ranks
    return parts if whole and len(parts.names) <= 1 else None


def _sort(parts: _Parts, name: str, record: TensorRecord) -> bool:
    """Whether the tensor is the base's or its LoRA's, where it is put then."""
    if match := _LORA.match(name):
        parts.adapter[name] = record
        parts.kinds.add(match["part"])
        parts.names |= {match["name"]} - {None, *_LEAVES}
        if match["part"].endswith("A") and record.shape:
            parts.ranks[match["module"]] = record.shape[0]
    elif _SAVED_COPY in name and ".original_module." not in name:
        parts.adapter[name] = record
    elif not TUNED_NAME.search(plain := _BASE_INSIDE.sub(".", name)):
        parts.base[plain] = record
    else:
        return False
    return True


def _stored_config(stored: Checkpoint) -> dict[str, Any] | None:
    with suppress(UserError):
        config = read_usable_config(stored.folder)
        if config["peft_type"].upper() == "LORA" and "lora_alpha" in config:
            return {**config, "base_model_name_or_path": None}
    return None


def _made_config(parts: _Parts, alpha: float) -> dict[str, Any]:
    """What PEFT would have saved, of what the tensors and the person tell."""
    [(rank, _)] = Counter(parts.ranks.values()).most_common(1)
    saved = {name.partition(_SAVED_COPY)[0] for name in parts.adapter if _SAVED_COPY in name}
    return {
        "peft_type": "LORA",
        "r": rank,
        "lora_alpha": alpha,
        "target_modules": sorted(parts.ranks),
        "rank_pattern": {re.escape(name): own for name, own in parts.ranks.items() if own != rank},
        "modules_to_save": sorted(saved) or None,
        "use_dora": "magnitude_vector" in parts.kinds,
        "lora_bias": any(name.endswith(".bias") and ".lora_B." in name for name in parts.adapter),
    }
