"""The names of tensors in a PEFT adapter, taken apart: which module, which part of the adapter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from msgspec import Struct

from ..storage.safetensors_header import TensorRecord

PEFT_PREFIX = "base_model.model."


class Role(StrEnum):
    """What a stored adapter tensor is to its module."""

    LORA_A = "lora_A"
    LORA_B = "lora_B"
    EMBEDDING_A = "lora_embedding_A"
    EMBEDDING_B = "lora_embedding_B"
    LORA_BIAS = "lora_bias"
    MAGNITUDE = "lora_magnitude_vector"
    TUNED = "tuned"
    BASE_PARAMETER = "base_parameter"
    OTHER = "other"


class AdapterKey(Struct, frozen=True, gc=False):
    """One tensor name: ``module`` as PEFT names it without its wrapper prefix.

    ``parameter`` is what a full copy is a copy of; for TUNED, the part's own name, e.g. ``hada_w1_a``.
    """

    module: str
    role: Role
    parameter: str = ""


class LoraModule(Struct, frozen=True, gc=False):
    """The low-rank pair of one module. ``embedding`` tells ``lora_embedding_A/B`` from ``lora_A/B``.

    ``magnitude`` is what DoRA trains besides: one number for each output.
    ``experts`` is 0 for a layer; for a parameter that PEFT wrapped (``target_parameters``) the number of matrices that
    are stacked in it.
    """

    module: str
    a: TensorRecord
    b: TensorRecord
    embedding: bool
    bias: TensorRecord | None = None
    magnitude: TensorRecord | None = None
    parameter: str = "weight"
    experts: int = 0

    @property
    def name(self) -> str:
        """The parameter that it changes."""
        return f"{self.module}.{self.parameter}"

    @property
    def configured_as(self) -> str:
        """What the config's patterns are matched with: the module, or the parameter that was targeted itself."""
        return self.name if self.experts else self.module

    @property
    def rank(self) -> int:
        """The rank as stored: A's first dimension, shared by all experts."""
        return self.a.shape[0] // max(1, self.experts) if self.a.shape else 0


@dataclass(frozen=True, slots=True)
class TunedModule:
    """What is trained for one module besides low-rank pairs, by part, such as ``ia3_l``."""

    module: str
    parts: Mapping[str, TensorRecord]


@dataclass(frozen=True, slots=True)
class AdapterContents:
    """Everything an adapter stores: low-rank pairs, full copies by parameter name, and what is neither."""

    lora: tuple[LoraModule, ...] = ()
    copies: Mapping[str, TensorRecord] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    unpaired: tuple[str, ...] = ()
    tuned: tuple[TunedModule, ...] = ()


_LOW_RANK = re.compile(r"^(?P<module>.+)\.(?P<part>lora_A|lora_B)(?:\.(?!weight$|bias$)[^.]+)?\.(?P<leaf>weight|bias)$")
# What nearly all names end in after ``.lora_``; the pattern above says the same of them.
_PLAIN_ENDS = {"A.weight": Role.LORA_A, "B.weight": Role.LORA_B}
_EMBEDDING = re.compile(r"^(?P<module>.+)\.(?P<part>lora_embedding_[AB])(?:\.[^.]+)?$")
_MAGNITUDE = re.compile(r"^(?P<module>.+)\.lora_magnitude_vector(?:\.[^.]+)*$")
_TUNER_PART = re.compile(r"(^|\.)(lora_|trainable_tokens|token_adapter|modules_to_save\.[^.]+\.original)")
# PEFT leaves the adapter's name out for the biases that bias="all" saves along.
_SAVED_COPY = re.compile(r"\.modules_to_save\.(?:[^.]+\.)?")


def parse_adapter_key(name: str, parts: tuple[str, ...] = ()) -> AdapterKey:
    """Take one tensor name apart. Names that PEFT's LoRA never writes get the role OTHER.

    ``parts``: what other methods call a module's own tensors.
    """
    plain = name.removeprefix(PEFT_PREFIX)
    module, _, end = plain.rpartition(".lora_")
    if module and end in _PLAIN_ENDS and "\n" not in module:
        return AdapterKey(module, _PLAIN_ENDS[end])
    if match := _LOW_RANK.match(plain):
        if match["leaf"] == "bias":
            role = Role.LORA_BIAS if match["part"] == "lora_B" else Role.OTHER
        else:
            role = Role(match["part"])
        return AdapterKey(match["module"], role)
    if match := _EMBEDDING.match(plain):
        return AdapterKey(match["module"], Role(match["part"]))
    if match := _MAGNITUDE.match(plain):
        return AdapterKey(match["module"], Role.MAGNITUDE)
    if match := _tuned(parts).match(plain):
        return AdapterKey(match["module"], Role.TUNED, match["part"])
    if _TUNER_PART.search(plain):
        return AdapterKey(plain, Role.OTHER)
    module, _, parameter = _SAVED_COPY.sub(".", plain).replace(".base_layer.", ".").rpartition(".")
    return AdapterKey(module, Role.BASE_PARAMETER, parameter)


@cache
def _tuned(parts: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, parts)) or "(?!)"
    return re.compile(rf"^(?P<module>.+?)(?:\.token_adapter)?\.(?P<part>{names})(?:\.[^.]+)?$")


def sort_contents(tensors: Mapping[str, TensorRecord], parts: tuple[str, ...]) -> AdapterContents:
    """Pair up an adapter's tensors by module; ``parts`` as for ``parse_adapter_key``."""
    roles: dict[str, dict[Role, TensorRecord]] = {}
    copies: dict[str, TensorRecord] = {}
    tuned: dict[str, dict[str, TensorRecord]] = {}
    others: list[str] = []
    for name, record in tensors.items():
        module, _, end = name.rpartition(".lora_")
        if end in _PLAIN_ENDS and module and "\n" not in module:
            roles.setdefault(module.removeprefix(PEFT_PREFIX), {})[_PLAIN_ENDS[end]] = record
            continue
        key = parse_adapter_key(name, parts)
        if key.role is Role.OTHER:
            others.append(name)
        elif key.role is Role.TUNED:
            tuned.setdefault(key.module, {})[key.parameter] = record
        elif key.role is Role.BASE_PARAMETER:
            copies[f"{key.module}.{key.parameter}" if key.module else key.parameter] = record
        else:
            roles.setdefault(key.module, {})[key.role] = record
    pairs = {module: _pair(module, parts) for module, parts in roles.items()}
    return AdapterContents(
        tuple(pair for pair in pairs.values() if pair),
        copies,
        tuple(others),
        tuple(module for module, pair in pairs.items() if pair is None),
        tuple(TunedModule(module, parts) for module, parts in tuned.items()),
    )


def _pair(module: str, parts: Mapping[Role, TensorRecord]) -> LoraModule | None:
    if len(parts) == len(_PLAIN_ENDS) and Role.LORA_A in parts and Role.LORA_B in parts:
        return LoraModule(module, parts[Role.LORA_A], parts[Role.LORA_B], embedding=False)
    extras = parts.get(Role.LORA_BIAS), parts.get(Role.MAGNITUDE)
    for a, b in ((Role.LORA_A, Role.LORA_B), (Role.EMBEDDING_A, Role.EMBEDDING_B)):
        if a in parts and b in parts:
            return LoraModule(module, parts[a], parts[b], a is Role.EMBEDDING_A, *extras)
    return None
