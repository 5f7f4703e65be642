"""A base that was saved with its adapter still apart: the weights that one was trained on, and the adapter itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec import structs

from ..checkpoints.adapter import Adapter, read_usable_config
from ..checkpoints.adapter_keys import PEFT_PREFIX
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, UserError, error, warning
from ..domain.folder_info import FolderInfo, FolderKind
from ..domain.requests import CheckRequest, CombinationMethod
from ..inspection.inspect_folder import TUNED_NAME, FolderContents
from ..storage.safetensors_header import TensorRecord

_BASE_INSIDE = re.compile(r"\.(base_layer|original_module)\.")
_SAVED_COPY = ".modules_to_save."
_COMPILED = re.compile(r"(^|(?<=\.))_orig_mod\.")
_PARALLEL = "module."
_LORA = re.compile(r"^(?P<module>.+)\.lora_(?P<part>A|B|embedding_[AB]|magnitude_vector)(?:\.(?P<name>[^.]+))?(?:\.|$)")
_LEAVES = ("weight", "bias")
# A model's own code that wraps its layers anew as long as its config says so.
_WRAPS_ITSELF = re.compile(r"^use_\w*lora$")
_REFUSALS = frozenset({Code.BASE_HOLDS_ADAPTER, Code.OWN_ADAPTER_NEEDS_ALPHA, Code.OWN_ADAPTER_MERGEABLE})

# The least that tells an adapter's scaling.
_EXAMPLE = '{"peft_type": "LORA", "lora_alpha": 16}'


@dataclass(slots=True)
class _Parts:
    base: dict[str, TensorRecord] = field(default_factory=dict)
    adapter: dict[str, TensorRecord] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    ranks: dict[str, int] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    seconds: set[str] = field(default_factory=set)
    wrapped: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Whether it is one adapter, of pairs that each have their weight, and no other method's."""
        has_pairs = bool(self.ranks) and self.ranks.keys() == self.seconds
        has_weights = all(f"{module}.weight" in self.base for module in self.ranks)
        foreign = any(above in self.wrapped for name in self.loose for above in _above(name))
        return has_pairs and has_weights and len(self.names) <= 1 and not foreign


def _above(name: str) -> Iterator[str]:
    """The modules that a tensor lies in, the innermost first."""
    while name := name.rpartition(".")[0]:
        yield name


def settle_unmerged(base: FolderContents, request: CheckRequest) -> tuple[FolderContents, Adapter | None]:
    """A base that holds an adapter, with what is to be said of it; with consent taken apart into both.

    The scaling is in no tensor: it is told by the ``adapter_config.json`` in the folder, or by the person.
    """
    refusal = next((one for one in base.folder_info.findings if one.code is Code.BASE_HOLDS_ADAPTER), None)
    stored = base.checkpoint
    parts = _parts(stored) if refusal and stored and _may_be_apart(base, request) else None
    if refusal is None or stored is None or parts is None:
        return base, None
    config = _config_of(parts, stored, request.own_alpha)
    if config is None:
        return _saying(base, error(Code.OWN_ADAPTER_NEEDS_ALPHA, **refusal.data, example=_EXAMPLE)), None
    data = {**refusal.data, "alpha": float(config["lora_alpha"])}
    if not request.fold_own and request.own_alpha is None:
        return _saying(base, error(Code.OWN_ADAPTER_MERGEABLE, **data)), None
    plain, adapter = _take_apart(stored, parts, config)
    return replace(_saying(base, warning(Code.OWN_ADAPTER_MERGED, **data)), checkpoint=plain), adapter


def is_held_apart(base: FolderInfo) -> bool:
    """Whether the base holds an adapter that stays in it: no adapter has its place in such a one."""
    return any(finding.code in _REFUSALS for finding in base.findings)


def _saying(base: FolderContents, said: Finding) -> FolderContents:
    findings = tuple(_exchanged(base.folder_info.findings, said))
    return replace(base, folder_info=replace(base.folder_info, findings=findings))


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


def _take_apart(stored: Checkpoint, parts: _Parts, config: dict[str, Any]) -> tuple[Checkpoint, Adapter]:
    wrapped = ((PEFT_PREFIX + name, record) for name, record in parts.adapter.items())
    tensors = {name: structs.replace(record, name=name) for name, record in wrapped}
    plain = {name: structs.replace(record, name=name) for name, record in parts.base.items()}
    adapter = Adapter(stored.folder, config, tensors, stored.headers[0].file, repaired=True, inner=True)
    return replace(stored, tensors=plain), adapter


def _parts(stored: Checkpoint) -> _Parts | None:
    """None where it is not one whole LoRA adapter."""
    parts = _Parts()
    named = {name: _COMPILED.sub("", name) for name in stored.tensors}
    prefix = _PARALLEL if all(name.startswith(_PARALLEL) for name in named.values()) else ""
    for name, record in stored.tensors.items():
        plain = named[name].removeprefix(prefix).replace(PEFT_PREFIX, "")
        if not isinstance(record, TensorRecord) or not _sort(parts, plain, record):
            return None
    return parts if parts.is_whole and len(parts.base) + len(parts.adapter) == len(stored.tensors) else None


def _sort(parts: _Parts, name: str, record: TensorRecord) -> bool:
    """Whether the tensor is the base's or its LoRA's, where it is put then."""
    if match := _LORA.match(name):
        parts.adapter[name] = record
        parts.kinds.add(match["part"])
        parts.names |= {match["name"]} - {None, *_LEAVES}
        _count_factor(parts, match, record)
    elif _SAVED_COPY in name and ".original_module." not in name:
        parts.adapter[name] = record
    elif not TUNED_NAME.search(plain := _BASE_INSIDE.sub(".", name)):
        parts.base[plain] = record
        inside = _BASE_INSIDE.search(name)
        parts.wrapped |= {name[: inside.start()]} if inside else set()
        parts.loose |= set() if inside else {name}
    else:
        return False
    return True


def _count_factor(parts: _Parts, match: re.Match[str], record: TensorRecord) -> None:
    if match["part"].endswith("A") and record.shape:
        parts.ranks[match["module"]] = record.shape[0]
    elif match["part"].endswith("B"):
        parts.seconds.add(match["module"])


def _config_of(parts: _Parts, stored: Checkpoint, alpha: float | None) -> dict[str, Any] | None:
    """What the folder states, with the scaling that the person tells; None where neither tells one."""
    config = _stored_config(stored)
    if config is None or alpha is None:
        return config if alpha is None else _made_config(parts, alpha)
    return {**config, "lora_alpha": alpha}


def _stored_config(stored: Checkpoint) -> dict[str, Any] | None:
    with suppress(UserError):
        config = read_usable_config(stored.folder)
        if config["peft_type"].upper() == "LORA" and "lora_alpha" in config:
            # What an initialisation took out of the weights is out of them in this folder.
            return {**config, "base_model_name_or_path": None, "init_lora_weights": True}
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
