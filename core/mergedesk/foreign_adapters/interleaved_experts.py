"""Experts' pairs as PEFT has them for gpt-oss: on whole parameters, gate and up in turn in one of them.

``gate_up_proj`` is (experts, inputs, 2 · outputs), its columns gate, up, gate, up …; ``down_proj`` (experts, inputs,
outputs). A has a block of rows for each expert, B the experts' columns in turn (``peft.tuners.lora.ParamWrapper``).
Gate and up are one pair of twice the rank: each has rows of A of its own, and B is zero where the other's outputs lie.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..checkpoints.adapter_keys import PEFT_PREFIX
from ..storage.factor_view import Steps
from ..storage.safetensors_header import TensorRecord
from ..storage.strided_path import true_file
from .named_pairs import stated_number
from .peft_form import Pair, odd_tensors
from .views import pieced

ONE_EXPERT = re.compile(r"^(?P<experts>.+\.experts)\.(?P<number>\d+)\.(?P<leaf>\w+_proj)\.lora_(?P<part>[AB])\.weight$")
# Parameters in the order that PEFT wraps a module's in, and what lies in each in turn.
_PARAMETERS = {"gate_up_proj": ("gate_proj", "up_proj"), "down_proj": ("down_proj",)}
# Pairs of one module by leaf, one an expert.
Experts = Mapping[str, Sequence[Pair]]


@dataclass(frozen=True, slots=True)
class WholePair:
    """Both factors of a ``parameter``, all experts' together; ``rank`` is that of one expert."""

    parameter: str
    rank: int
    a: TensorRecord
    b: TensorRecord

    @property
    def experts(self) -> int:
        """How many there are."""
        return self.a.shape[0] // self.rank


def whole_pairs(tool: str, tensors: Mapping[str, TensorRecord]) -> list[WholePair]:
    """Pairs of single experts, by PEFT's names, as those of whole parameters.

    Raises UserError(foreign_tensors_odd) where experts lack a factor, or differ in shape.
    """
    modules = dict.fromkeys(match["experts"] for match in map(ONE_EXPERT.match, tensors) if match)
    return [pair for module in modules for pair in _of_module(tool, module, tensors)]


def _of_module(tool: str, module: str, tensors: Mapping[str, TensorRecord]) -> Iterator[WholePair]:
    """PEFT nests a wrapper for each parameter, the last of them outermost."""
    experts = {leaf: _pairs(tool, module, leaf, tensors) for leaves in _PARAMETERS.values() for leaf in leaves}
    wrapped = [name for name, leaves in _PARAMETERS.items() if any(experts[leaf] for leaf in leaves)]
    for depth, parameter in enumerate(reversed(wrapped)):
        leaves = _PARAMETERS[parameter]
        trained = {leaf: experts[leaf] for leaf in leaves if experts[leaf]}
        if not _go_together([pair for pairs in trained.values() for pair in pairs], {*map(len, trained.values())}):
            raise odd_tensors(tool, [f"{module}.{parameter}"])
        yield _joined(
            f"{module.removeprefix(PEFT_PREFIX)}.{parameter}", module + ".base_layer" * depth, leaves, trained
        )


def _pairs(tool: str, module: str, leaf: str, tensors: Mapping[str, TensorRecord]) -> list[Pair]:
    """The pairs of all experts, from the first on; none where the leaf was not trained."""
    numbers = {int(match["number"]) for match in map(ONE_EXPERT.match, tensors) if match and _is(match, module, leaf)}
    pairs = []
    for number in range(len(numbers)):
        a, b = (tensors.get(f"{module}.{number}.{leaf}.lora_{part}.weight") for part in "AB")
        if a is None or b is None:
            raise odd_tensors(tool, [f"{module}.{number}.{leaf}"])
        pairs.append(Pair(a, b))
    return pairs


def _is(match: re.Match[str], module: str, leaf: str) -> bool:
    return match["experts"] == module and match["leaf"] == leaf


def _go_together(pairs: Sequence[Pair], counts: set[int]) -> bool:
    """Whether there are as many of each, of the same inputs and outputs, in one file and one dtype."""
    sizes = {(pair.a.shape[1:], pair.b.shape[:-1]) for pair in pairs}
    kinds = {(side.dtype, true_file(side.file)) for pair in pairs for side in (pair.a, pair.b)}
    fit = all(len(pair.a.shape) == len(pair.b.shape) == 2 and pair.a.shape[0] == pair.b.shape[1] for pair in pairs)
    return fit and len(sizes) == len(kinds) == len(counts) == 1


def _joined(parameter: str, stem: str, leaves: Sequence[str], trained: Experts) -> WholePair:
    first, *_ = next(iter(trained.values()))
    count, inputs, outputs = len(next(iter(trained.values()))), first.a.shape[1], first.b.shape[0]
    rank, begin = sum(pairs[0].rank for pairs in trained.values()), 0
    rows, columns = [], []
    for leaf, pairs in trained.items():
        mine = Steps(leaves.index(leaf), outputs, len(leaves))
        for number, pair in enumerate(pairs):
            rows.append((pair.a, Steps(number * rank + begin, pair.rank), Steps(0, inputs)))
            columns.append((pair.b, mine, Steps(begin * count + number, pair.rank, count)))
        begin += pairs[0].rank
    a = pieced(f"{stem}.lora_A.weight", (count * rank, inputs), rows)
    b = pieced(f"{stem}.lora_B.weight", (len(leaves) * outputs, rank * count), columns)
    return WholePair(parameter, rank, a, b)


def config_of(pairs: Sequence[WholePair], config: Mapping[str, Any]) -> dict[str, Any]:
    """What an adapter's config says of them: each with the rank that its pair has, and as strong as it was."""
    rank, alpha = stated_number(config.get("r")), stated_number(config.get("lora_alpha"))
    others = {re.escape(pair.parameter): pair.rank for pair in pairs if pair.rank != rank}
    root = 0.5 if config.get("use_rslora") else 1.0
    alphas = {name: alpha * (own / rank) ** root for name, own in others.items()} if rank and alpha is not None else {}
    return {
        "target_parameters": sorted(pair.parameter for pair in pairs),
        "rank_pattern": others,
        "alpha_pattern": alphas,
    }
