"""Folders of very wide models whose headers are real and whose weights are holes: hundreds of gigabytes that take none.

``python hollow.py kimi FOLDER`` makes the base ``FOLDER/base`` and adapters beside it: a trillion parameters in 96
shards, 61 layers of 384 experts, these packed as INT4. ``python hollow.py moe FOLDER``: 18,432 experts' matrices.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mergedesk.storage.safetensors_header import header_prefix, stored_bytes

_NOISE = b"\x12\x3c\x81\xbb\x05\x3c\x33\x3b"  # four small numbers in bfloat16
_HOLE = b""


@dataclass(frozen=True)
class HollowTensor:
    """One tensor. ``data`` is what its bytes begin with; the rest is a hole."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes = _HOLE

    @property
    def nbytes(self) -> int:
        """Bytes of it in a file."""
        return stored_bytes(self.dtype, self.shape)


@dataclass(frozen=True)
class WideModel:
    """The measures of a model of many experts. ``dense`` layers come first; ``packed``: experts are INT4."""

    config: Mapping[str, Any]
    attention: Mapping[str, tuple[int, int]]
    norms: Mapping[str, int]
    experts_at: str
    dense: int = 0
    shards: int = 1
    packed: bool = False
    shared: bool = False

    def expert_shapes(self) -> dict[str, tuple[int, int]]:
        """The matrices of one expert, by name."""
        hidden, inner = self.config["hidden_size"], self.config["moe_intermediate_size"]
        return {"gate_proj": (inner, hidden), "up_proj": (inner, hidden), "down_proj": (hidden, inner)}

    @property
    def experts(self) -> int:
        """Experts of a layer."""
        return int(self.config.get("n_routed_experts") or self.config["num_experts"])


def kimi(layers: int = 61, experts: int = 384, shards: int = 96) -> WideModel:
    """A trillion parameters, shaped like Kimi K2 Thinking."""
    weights = {"num_bits": 4, "type": "int", "symmetric": True, "strategy": "group", "group_size": 32}
    config = {
        "architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3", "dtype": "bfloat16",
        "hidden_size": 7168, "intermediate_size": 18432, "moe_intermediate_size": 2048, "vocab_size": 163840,
        "num_hidden_layers": layers, "first_k_dense_replace": 1, "n_routed_experts": experts, "n_shared_experts": 1,
        "num_experts_per_tok": min(8, experts), "n_group": 1, "topk_group": 1, "num_attention_heads": 64,
        "num_key_value_heads": 64, "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128,
        "qk_rope_head_dim": 64, "v_head_dim": 128, "tie_word_embeddings": False,
        "quantization_config": {
            "quant_method": "compressed-tensors", "format": "pack-quantized", "quantization_status": "compressed",
            "config_groups": {"group_0": {"targets": ["Linear"], "weights": weights}},
            "ignore": ["lm_head", r"re:.*self_attn.*", r"re:.*shared_experts.*", r"re:.*mlp\.(gate|up|down)_proj.*"],
        },
    }  # fmt: skip
    attention = {
        "q_a_proj": (1536, 7168), "q_b_proj": (64 * 192, 1536), "kv_a_proj_with_mqa": (576, 7168),
        "kv_b_proj": (64 * 256, 512), "o_proj": (7168, 64 * 128),
    }  # fmt: skip
    norms = {"self_attn.q_a_layernorm": 1536, "self_attn.kv_a_layernorm": 512}
    return WideModel(config, attention, norms, "mlp.experts", dense=1, shards=shards, packed=True, shared=True)


def moe(layers: int = 48, experts: int = 128, shards: int = 16) -> WideModel:
    """30 billion parameters, shaped like Qwen3 30B A3B: 18,432 experts' matrices."""
    config = {
        "architectures": ["Qwen3MoeForCausalLM"], "model_type": "qwen3_moe", "dtype": "bfloat16",
        "hidden_size": 2048, "intermediate_size": 6144, "moe_intermediate_size": 768, "vocab_size": 151936,
        "num_hidden_layers": layers, "num_experts": experts, "num_experts_per_tok": min(8, experts), "head_dim": 128,
        "num_attention_heads": 32, "num_key_value_heads": 4, "tie_word_embeddings": False, "decoder_sparse_step": 1,
        "mlp_only_layers": [],
    }  # fmt: skip
    attention = {"q_proj": (4096, 2048), "k_proj": (512, 2048), "v_proj": (512, 2048), "o_proj": (2048, 4096)}
    norms = {"self_attn.q_norm": 128, "self_attn.k_norm": 128}
    return WideModel(config, attention, norms, "mlp.experts", shards=shards)


def base_tensors(model: WideModel) -> Iterator[HollowTensor]:
    """Every tensor of the base, in the order of the layers."""
    config = model.config
    hidden, vocabulary = config["hidden_size"], config["vocab_size"]
    yield HollowTensor("model.embed_tokens.weight", "BF16", (vocabulary, hidden))
    for layer in range(config["num_hidden_layers"]):
        for tensor in _layer(model, layer):
            yield HollowTensor(f"model.layers.{layer}.{tensor.name}", tensor.dtype, tensor.shape, tensor.data)
    yield HollowTensor("model.norm.weight", "BF16", (hidden,))
    yield HollowTensor("lm_head.weight", "BF16", (vocabulary, hidden))


def _layer(model: WideModel, layer: int) -> Iterator[HollowTensor]:
    hidden = model.config["hidden_size"]
    norms = {"input_layernorm": hidden, "post_attention_layernorm": hidden, **model.norms}
    yield from (HollowTensor(f"{name}.weight", "BF16", (size,)) for name, size in norms.items())
    yield from (HollowTensor(f"self_attn.{name}.weight", "BF16", shape) for name, shape in model.attention.items())
    if layer < model.dense:
        yield from _plain("mlp", hidden, model.config["intermediate_size"])
        return
    yield HollowTensor("mlp.gate.weight", "BF16", (model.experts, hidden))
    if model.shared:
        yield HollowTensor("mlp.gate.e_score_correction_bias", "F32", (model.experts,))
        yield from _plain("mlp.shared_experts", hidden, model.config["moe_intermediate_size"])
    for number in range(model.experts):
        for name, shape in model.expert_shapes().items():
            yield from _expert(f"{model.experts_at}.{number}.{name}", shape, packed=model.packed)


def _plain(module: str, hidden: int, inner: int) -> Iterator[HollowTensor]:
    for name, shape in {"gate_proj": (inner, hidden), "up_proj": (inner, hidden), "down_proj": (hidden, inner)}.items():
        yield HollowTensor(f"{module}.{name}.weight", "BF16", shape)


def _expert(module: str, shape: tuple[int, int], *, packed: bool) -> Iterator[HollowTensor]:
    if not packed:
        yield HollowTensor(f"{module}.weight", "BF16", shape)
        return
    rows, width = shape
    yield HollowTensor(f"{module}.weight_packed", "I32", (rows, width // 8))
    yield HollowTensor(f"{module}.weight_scale", "BF16", (rows, width // 32))
    yield HollowTensor(f"{module}.weight_shape", "I32", (2,), struct.pack("<2i", rows, width))


def write_base(model: WideModel, folder: Path) -> None:
    """The base's folder: config, index and shards."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(model.config, indent=2), encoding="utf-8")
    tensors = list(base_tensors(model))
    size = -(-len(tensors) // model.shards)
    groups = [tensors[begin : begin + size] for begin in range(0, len(tensors), size)]
    placed: dict[str, str] = {}
    for number, group in enumerate(groups, 1):
        name = f"model-{number:05d}-of-{len(groups):06d}.safetensors"
        write_hollow(folder / name, group)
        placed.update(dict.fromkeys((tensor.name for tensor in group), name))
    index = {"metadata": {"total_size": sum(tensor.nbytes for tensor in tensors)}, "weight_map": placed}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2), encoding="utf-8")


def write_hollow(file: Path, tensors: Iterable[HollowTensor]) -> None:
    """A safetensors file with a real header; of its data only what tensors begin with."""
    ordered = sorted(tensors, key=lambda tensor: (tensor.dtype != "F32", tensor.dtype != "I32", tensor.name))
    prefix = header_prefix(((one.name, one.dtype, one.shape, one.nbytes) for one in ordered), {"format": "pt"})
    with file.open("wb") as stream:
        stream.write(prefix)
        end = len(prefix)
        for tensor in ordered:
            if tensor.data:
                stream.seek(end)
                stream.write(tensor.data)
            end += tensor.nbytes
        stream.truncate(end)


def attention_modules(model: WideModel, names: Sequence[str] = ()) -> Iterator[tuple[str, tuple[int, int]]]:
    """The attention's matrices of every layer, all or those named."""
    for layer in range(model.config["num_hidden_layers"]):
        for name, shape in model.attention.items():
            if not names or name in names:
                yield f"model.layers.{layer}.self_attn.{name}", shape


def expert_modules(model: WideModel) -> Iterator[tuple[str, tuple[int, int]]]:
    """The experts' matrices of every layer."""
    for layer in range(model.dense, model.config["num_hidden_layers"]):
        for number in range(model.experts):
            for name, shape in model.expert_shapes().items():
                yield f"model.layers.{layer}.{model.experts_at}.{number}.{name}", shape


def write_adapter(folder: Path, modules: Iterable[tuple[str, tuple[int, int]]], rank: int = 1) -> None:
    """A LoRA adapter without a zero in B; A's beginning alone is not."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors, targets = list[HollowTensor](), set[str]()
    for module, (rows, width) in modules:
        targets.add(module.rpartition(".")[2])
        for part, shape, numbers in (("lora_A", (rank, width), 4), ("lora_B", (rows, rank), rows * rank)):
            data = _NOISE * (numbers // 4)
            tensors.append(HollowTensor(f"base_model.model.{module}.{part}.weight", "BF16", shape, data))
    write_hollow(folder / "adapter_model.safetensors", tensors)
    config = {"peft_type": "LORA", "r": rank, "lora_alpha": rank, "target_modules": sorted(targets), "bias": "none"}
    config |= {"task_type": "CAUSAL_LM", "base_model_name_or_path": None}
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")


def make_kimi(folder: Path) -> None:
    """A trillion parameters; adapters on two of attention's matrices, and on every expert."""
    write_base(kimi(), folder / "base")
    write_adapter(folder / "attention", attention_modules(kimi(), ("q_a_proj", "kv_a_proj_with_mqa")), rank=8)
    write_adapter(folder / "experts", expert_modules(kimi()))


def make_moe(folder: Path) -> None:
    """18,432 experts' matrices, and an adapter on each."""
    write_base(moe(), folder / "base")
    write_adapter(folder / "experts", expert_modules(moe()))


MAKERS: Mapping[str, Callable[[Path], None]] = {"kimi": make_kimi, "moe": make_moe}

if __name__ == "__main__":
    MAKERS[sys.argv[1]](Path(sys.argv[2]))
