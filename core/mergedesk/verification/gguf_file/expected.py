"""What a GGUF file's tensors must hold, by the folder's tensors and llama.cpp's published layout of each architecture.

Names are those of the official ``gguf``; what is done to values is undone here by rules of this program's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ...checkpoints.adapter import Adapter
from ...checkpoints.checkpoint import Checkpoint
from ...storage.gguf_header import GgufHeader
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from .rope import rope_tensors
from .stored_rows import Values, read_elements

# Queries and keys lie in Meta's order of rotated pairs.
_PERMUTED = frozenset({"llama", "smollm3", "granite", "granitemoe", "minicpm", "deci"})
# Their norms multiply by one more than what is stored.
_ONE_ADDED = frozenset({"gemma", "gemma2", "gemma3"})
# Their layout is llama.cpp's plain one: every tensor as it is, experts in one stack.
_PLAIN = frozenset({
    "qwen2", "qwen2moe", "qwen3", "qwen3moe", "phi3", "gpt-oss", "olmo2", "olmoe", "cohere2", "glm4", "exaone4",
    "starcoder2", "ernie4_5", "seed_oss", "arcee", "internlm2", "hunyuan-dense", "lfm2", "mistral3",
})  # fmt: skip
KNOWN = _PERMUTED | _ONE_ADDED | _PLAIN
_EXPERT = re.compile(r"\.experts\.(\d+)\.")
_TEXT_ONLY = re.compile(
    r"(^|\.)(vision_\w+|visual|audio_\w+|multi_modal_projector|embed_vision|embed_audio|vision|connector)(\.|$)"
)
_NEVER_STORED = re.compile(r"(rotary_emb\.inv_freq|attention\.(masked_)?bias|embed_positions)$")
_FACTOR = re.compile(r"base_model\.model\.(.+)\.lora_([AB])(?:\.default)?\.weight")
_EMBEDDINGS = "token_embd.weight"
_SUFFIXES = (".weight", ".bias")
Rows = Callable[[int, int], Values]


@dataclass(frozen=True, slots=True)
class Expected:
    """``rows(first, end)``: rows of the tensor seen as a matrix whose width is its last dimension, in float32.

    ``sources``: the folder's tensors that it is made from; none where it follows from the config alone, and so may be
    rounded in another order.
    """

    shape: tuple[int, ...]
    rows: Rows
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """Every tensor that the file must hold, and the folder's that have no place in it though they should."""

    tensors: Mapping[str, Expected]
    unplaced: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class _Placing:
    """A folder's tensors on their way to names of GGUF."""

    files: OpenFiles
    architecture: str
    config: Mapping[str, Any]
    name_of: Callable[[str], str | None]
    placed: dict[str, Expected] = field(default_factory=dict)
    experts: dict[str, dict[int, TensorRecord]] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def expectation_of(
    checkpoint: Checkpoint, config: Mapping[str, Any], header: GgufHeader, files: OpenFiles
) -> Expectation | None:
    """``config``: the text model's own. None where ``gguf`` knows no such architecture."""
    name_of = _namer(header.architecture, int(config.get("num_hidden_layers") or 0))
    if name_of is None:
        return None
    placing = _Placing(files, header.architecture, config, name_of)
    for name, record in checkpoint.tensors.items():
        if isinstance(record, TensorRecord):
            _place(placing, name, record)
    _stack(placing)
    _leave_out_head(placing, header)
    placing.placed |= {
        name: _of_numbers(numbers) for name, numbers in rope_tensors(header.architecture, config).items()
    }
    return Expectation(placing.placed, tuple(placing.unplaced), tuple(placing.left_out))


def adapter_expectation(
    adapter: Adapter, config: Mapping[str, Any], header: GgufHeader, files: OpenFiles
) -> Expectation | None:
    """The same of a LoRA: both factors of each module, the second in the order of the weight's own rows."""
    name_of = _namer(header.architecture, int(config.get("num_hidden_layers") or 0))
    if name_of is None:
        return None
    placing = _Placing(files, header.architecture, config, name_of)
    for name, record in adapter.tensors.items():
        factor = _FACTOR.fullmatch(name)
        target = name_of(f"{factor[1]}.weight".replace("language_model.", "")) if factor else None
        if factor is None or target is None:
            placing.unplaced.append(name)
        elif factor[2] == "A":
            placing.placed[f"{target}.lora_a"] = Expected(record.shape, _rows_of(files, record), (name,))
        else:
            placing.placed[f"{target}.lora_b"] = _as_stored(placing, f"{factor[1]}.weight", record)
    return Expectation(placing.placed, tuple(placing.unplaced))


def _namer(architecture: str, layers: int) -> Callable[[str], str | None] | None:
    import gguf

    known = {name: number for number, name in gguf.MODEL_ARCH_NAMES.items()}
    if architecture not in known:
        return None
    names = gguf.get_tensor_name_map(known[architecture], layers)
    return lambda name: names.get_name(name, try_suffixes=_SUFFIXES)


def _place(placing: _Placing, name: str, record: TensorRecord) -> None:
    if _TEXT_ONLY.search(name) or _NEVER_STORED.search(name):
        placing.left_out.append(name)
        return
    plain = name.replace("language_model.", "")
    if _place_interleaved(placing, plain, record):
        return
    if (expert := _EXPERT.search(plain)) is not None:
        placing.experts.setdefault(plain.replace(expert[0], ".experts."), {})[int(expert[1])] = record
        return
    plain += ".weight" if plain.endswith("sinks") else ""
    if (target := placing.name_of(plain)) is None:
        placing.unplaced.append(name)
    else:
        placing.placed[target] = _as_stored(placing, plain, record)


def _as_stored(placing: _Placing, name: str, record: TensorRecord) -> Expected:
    rows = _rows_of(placing.files, record)
    if placing.architecture in _PERMUTED and (heads := _rotated_heads(name, placing.config)):
        order = _rotation(record.shape[0], heads)
        rows = partial(_permuted if len(record.shape) > 1 else _permuted_bias, rows, order)
    elif placing.architecture in _ONE_ADDED and name.endswith("norm.weight"):
        rows = partial(_plus_one, rows)
    return Expected(record.shape, rows, (record.name,))


def _rows_of(files: OpenFiles, record: TensorRecord) -> Rows:
    width = record.shape[-1] if record.shape else 1
    return lambda begin, end: read_elements(files, record, begin * width, end * width).reshape(-1, width)


def _plus_one(rows: Rows, begin: int, end: int) -> Values:
    return rows(begin, end) + np.float32(1)


def _rotated_heads(name: str, config: Mapping[str, Any]) -> int:
    """How many heads a tensor's rows are of, for queries and keys; 0 for all others."""
    heads = int(config.get("num_attention_heads") or 0)
    if re.search(r"q_proj\.(weight|bias)$", name):
        return heads
    return int(config.get("num_key_value_heads") or heads) if re.search(r"k_proj\.(weight|bias)$", name) else 0


def _rotation(rows: int, heads: int) -> npt.NDArray[np.int64]:
    """The folder's row for each of the file's: first halves and second halves of a head alternate there."""
    if rows % (2 * heads):
        return np.arange(rows)
    return np.arange(rows).reshape(heads, 2, rows // heads // 2).swapaxes(1, 2).reshape(-1)


def _permuted(rows: Rows, order: npt.NDArray[np.int64], begin: int, end: int) -> Values:
    wanted = order[begin:end]
    first = int(wanted.min())
    return rows(first, int(wanted.max()) + 1)[wanted - first]


def _permuted_bias(rows: Rows, order: npt.NDArray[np.int64], begin: int, end: int) -> Values:
    return rows(begin, end)[:, order]


def _stack(placing: _Placing) -> None:
    """Experts, stored one by one, are one tensor each of their kind."""
    for name, records in placing.experts.items():
        target = placing.name_of(name)
        together = [records[number] for number in sorted(records)]
        shapes = {record.shape for record in together}
        if target is None or sorted(records) != list(range(len(records))) or len(shapes) != 1:
            placing.unplaced += [record.name for record in together]
        else:
            sources = tuple(record.name for record in together)
            placing.placed[target] = Expected(
                (len(together), *shapes.pop()), partial(_of_stack, placing.files, together), sources
            )


def _of_stack(files: OpenFiles, records: Sequence[TensorRecord], begin: int, end: int) -> Values:
    rows, width = records[0].elements // records[0].shape[-1], records[0].shape[-1]
    parts = []
    for number in range(begin // rows, -(-end // rows)):
        first, last = max(begin - number * rows, 0), min(end - number * rows, rows)
        parts.append(read_elements(files, records[number], first * width, last * width))
    return np.concatenate(parts).reshape(-1, width)


def _place_interleaved(placing: _Placing, name: str, record: TensorRecord) -> bool:
    """Experts that the folder has as one: gpt-oss's, turned over and alternating; others, one half after the other."""
    match = re.search(r"(.*\.experts)\.(gate_up_proj|down_proj)(_bias)?$", name)
    if match is None:
        return False
    is_turned = placing.architecture == "gpt-oss"
    for role, pick in _PICKS[match[2], is_turned].items():
        target = placing.name_of(f"{match[1]}.{role}.{'bias' if match[3] else 'weight'}")
        if target is None:
            placing.unplaced.append(record.name)
            return True
        placing.placed[target] = _picked(placing.files, record, pick, turned=is_turned and not match[3])
    return True


@dataclass(frozen=True, slots=True)
class _Pick:
    """Every ``step``-th row of an expert, from ``first`` on; of a step of 0 the half numbered ``first``."""

    first: int = 0
    step: int = 1

    def of(self, rows: int) -> slice:
        half = rows // 2
        return slice(self.first, None, self.step) if self.step else slice(self.first * half, (self.first + 1) * half)


_PICKS: dict[tuple[str, bool], dict[str, _Pick]] = {
    ("down_proj", True): {"down_proj": _Pick()},
    ("down_proj", False): {"down_proj": _Pick()},
    ("gate_up_proj", True): {"gate_proj": _Pick(0, 2), "up_proj": _Pick(1, 2)},
    ("gate_up_proj", False): {"gate_proj": _Pick(0, 0), "up_proj": _Pick(1, 0)},
}


def _picked(files: OpenFiles, record: TensorRecord, pick: _Pick, *, turned: bool) -> Expected:
    experts, *inner = record.shape
    seen = (inner[-1], inner[0]) if turned else tuple(inner)
    count = len(range(*pick.of(seen[0]).indices(seen[0])))
    if len(seen) == 1:  # biases: a row for each expert
        every = _rows_of(files, record)
        return Expected((experts, count), lambda begin, end: every(begin, end)[:, pick.of(seen[0])], (record.name,))

    def rows(begin: int, end: int) -> Values:
        parts = []
        for number in range(begin // count, -(-end // count)):
            size = inner[0] * inner[1]
            expert = read_elements(files, record, number * size, (number + 1) * size).reshape(inner)
            chosen = (expert.T if turned else expert)[pick.of(seen[0])]
            parts.append(chosen[max(begin - number * count, 0) : end - number * count])
        return np.concatenate(parts)

    return Expected((experts, count, seen[1]), rows, (record.name,))


def _leave_out_head(placing: _Placing, header: GgufHeader) -> None:
    """A head that is tied to the embeddings may be stored by the folder all the same, and need not be in the file."""
    if placing.config.get("tie_word_embeddings") and "output.weight" not in header.tensors:
        head = placing.placed.pop("output.weight", None)
        placing.left_out += head.sources if head else ()
    if "output.weight" in header.tensors and "output.weight" not in placing.placed and _EMBEDDINGS in placing.placed:
        placing.placed["output.weight"] = placing.placed[_EMBEDDINGS]


def _of_numbers(numbers: Iterable[float]) -> Expected:
    row = np.asarray(list(numbers), np.float32).reshape(1, -1)
    return Expected((row.shape[1],), lambda begin, end: row[begin:end])
