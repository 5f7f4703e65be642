"""Folders as people have them, made by hand and small: models, adapters, and both gone wrong.

The models are true Llama models, so that transformers and PEFT load them; no model class is needed to make them.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from mergedesk.domain.findings import Check, CheckStatus, Code, Finding, Severity
from mergedesk.domain.messages import finding_text
from mergedesk.domain.requests import AdapterChoice, CheckRequest, MergeRequest

VOCABULARY = 99
HIDDEN = 32
INNER = 48
LAYERS = 2
ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
MLP = ("gate_proj", "up_proj", "down_proj")
LLAMA: Mapping[str, Any] = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": HIDDEN,
    "intermediate_size": INNER,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "max_position_embeddings": 64,
    "vocab_size": VOCABULARY,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "rms_norm_eps": 1e-06,
    "tie_word_embeddings": False,
    "dtype": "bfloat16",
}
Tensors = dict[str, torch.Tensor]


def write_json(file: Path, content: object) -> Path:
    """A JSON file, its folder made if need be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def read_json(file: Path) -> dict[str, Any]:
    """A JSON object."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def write_tensors(file: Path, tensors: Mapping[str, torch.Tensor], said: Mapping[str, str] | None = None) -> Path:
    """A safetensors file as transformers writes it; ``said`` is what its header says beside."""
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(dict(tensors), file, {"format": "pt", **(said or {})})
    return file


def llama_tensors(seed: int = 0, dtype: torch.dtype = torch.bfloat16, layers: int = LAYERS) -> Tensors:
    """Random weights of a Llama of the sizes above."""
    make = torch.Generator().manual_seed(seed)

    def weight(*shape: int) -> torch.Tensor:
        return (torch.randn(shape, generator=make) * 0.08).to(dtype)

    def norm() -> torch.Tensor:
        return (1 + torch.randn(HIDDEN, generator=make) * 0.1).to(dtype)

    tensors = {"model.embed_tokens.weight": weight(VOCABULARY, HIDDEN), "lm_head.weight": weight(VOCABULARY, HIDDEN)}
    for layer in range(layers):
        prefix = f"model.layers.{layer}"
        tensors |= {f"{prefix}.self_attn.{name}.weight": weight(HIDDEN, HIDDEN) for name in ATTENTION}
        tensors |= {f"{prefix}.mlp.{name}.weight": weight(INNER, HIDDEN) for name in MLP[:2]}
        tensors[f"{prefix}.mlp.down_proj.weight"] = weight(HIDDEN, INNER)
        tensors |= {f"{prefix}.{name}.weight": norm() for name in ("input_layernorm", "post_attention_layernorm")}
    return {**tensors, "model.norm.weight": norm()}


def four_bit_tensors(name: str, shape: tuple[int, ...], block: int = 64) -> Tensors:
    """A weight as bitsandbytes stores it in four bits, all its codes zero."""
    elements = math.prod(shape)
    state = {"quant_type": "nf4", "blocksize": block, "dtype": "bfloat16", "shape": shape}
    return {
        name: torch.zeros(elements // 2, 1, dtype=torch.uint8),
        f"{name}.absmax": torch.ones(-(-elements // block)),
        f"{name}.quant_map": torch.linspace(-1, 1, 16),
        f"{name}.quant_state.bitsandbytes__nf4": torch.tensor(list(json.dumps(state).encode()), dtype=torch.uint8),
    }


def make_model(folder: Path, tensors: Mapping[str, torch.Tensor] | None = None, **config: Any) -> Path:
    """A Llama in one file. A config field given as None is left out."""
    write_tensors(folder / "model.safetensors", llama_tensors() if tensors is None else tensors)
    write_json(
        folder / "config.json", {name: value for name, value in {**LLAMA, **config}.items() if value is not None}
    )
    return folder


def make_sharded_model(folder: Path, shards: int = 2, **config: Any) -> Path:
    """The same in several files with an index."""
    make_model(folder, **config)
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    names = sorted(tensors)
    weight_map: dict[str, str] = {}
    for number in range(shards):
        file = f"model-{number + 1:05d}-of-{shards:05d}.safetensors"
        part = {name: tensors[name] for name in names[number::shards]}
        write_tensors(folder / file, part)
        weight_map |= dict.fromkeys(part, file)
    total = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    write_json(folder / "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": weight_map})
    return folder


def linear_modules(targets: Sequence[str] = ATTENTION + MLP, layers: int = LAYERS) -> list[str]:
    """Full names of the modules that end in one of ``targets``."""
    parts = {**dict.fromkeys(ATTENTION, "self_attn"), **dict.fromkeys(MLP, "mlp")}
    return [f"model.layers.{layer}.{parts[name]}.{name}" for layer in range(layers) for name in targets]


def lora_tensors(modules: Sequence[str] | None = None, rank: int = 4, seed: int = 1, size: float = 0.1) -> Tensors:
    """Random low-rank pairs, as PEFT names them."""
    make = torch.Generator().manual_seed(seed)
    tensors: Tensors = {}
    for module in modules if modules is not None else linear_modules():
        leaf = module.rpartition(".")[2]
        inputs = INNER if leaf == "down_proj" else HIDDEN
        outputs = VOCABULARY if leaf == "lm_head" else INNER if leaf in MLP[:2] else HIDDEN
        name = f"base_model.model.{module}"
        tensors[f"{name}.lora_A.weight"] = torch.randn(rank, inputs, generator=make) * size
        tensors[f"{name}.lora_B.weight"] = torch.randn(outputs, rank, generator=make) * size
    return tensors


def lora_config(**changes: Any) -> dict[str, Any]:
    """adapter_config.json of a plain LoRA on all linear layers. A field given as None is left out."""
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": "base",
        "r": 4,
        "lora_alpha": 8,
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": [*ATTENTION, *MLP],
        "inference_mode": True,
    }
    return {name: value for name, value in {**config, **changes}.items() if value is not None}


def make_lora(folder: Path, tensors: Mapping[str, torch.Tensor] | None = None, **config: Any) -> Path:
    """An adapter folder."""
    write_tensors(folder / "adapter_model.safetensors", lora_tensors() if tensors is None else tensors)
    write_json(folder / "adapter_config.json", lora_config(**config))
    return folder


def make_tokenizer(folder: Path, length: int = VOCABULARY, **config: Any) -> Path:
    """A word-level tokenizer that makes ``length`` ids; ``config`` goes into tokenizer_config.json."""
    vocabulary = {"<unk>": 0, "<s>": 1, "</s>": 2, **{f"w{number}": number for number in range(3, length)}}
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    write_json(
        folder / "tokenizer.json",
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [{"id": 2, "content": "</s>", **special}],
            "normalizer": None,
            "pre_tokenizer": {"type": "Whitespace"},
            "post_processor": None,
            "decoder": None,
            "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"},
        },
    )
    stated = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
    }
    write_json(folder / "tokenizer_config.json", {**stated, **config})
    return folder


def request(base: Path, adapter: Path, output: Path | None = None, **options: Any) -> Any:
    """A request for one adapter at its own strength: of a merge, or of a check where there is no output."""
    chosen = (AdapterChoice(adapter),)
    return MergeRequest(base, chosen, output, **options) if output else CheckRequest(base, chosen, **options)


def header_bytes(header: Mapping[str, Any] | bytes) -> bytes:
    """A safetensors prefix: length and header."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw


def sparse_safetensors(
    file: Path, shapes: Mapping[str, tuple[int, ...]], dtype: str = "BF16", width: int = 2, trained: bool = False
) -> Path:
    """A weight file of the right size that takes no disk: header written, data a hole.

    ``trained``: the first and the last value of each tensor are set, so that it does not look untouched.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    begin = 0
    for name, shape in shapes.items():
        end = begin + width * int(torch.Size(shape).numel())
        entries[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}
        begin = end
    prefix = header_bytes(entries)
    with file.open("wb") as stream:
        stream.write(prefix)
        stream.truncate(len(prefix) + begin)
        ends = [offset for entry in [*entries.values()][1:] for offset in entry["data_offsets"]] if trained else []
        for place, offset in enumerate(ends):
            stream.seek(len(prefix) + offset - (width if place % 2 else 0))
            stream.write(b"\x01" * width)
    return file


def contents(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` with its digest, to see that nothing changed."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def everything(folder: Path) -> set[str]:
    """Every name below ``folder``, hidden ones and folders too."""
    return {entry.relative_to(folder).as_posix() for entry in folder.rglob("*")}


def the(findings: Sequence[Finding], code: Code) -> Finding:
    """The one finding with ``code``; fails saying what was found instead."""
    hits = [finding for finding in findings if finding.code is code]
    assert len(hits) == 1, f"{code} in {[finding.code.value for finding in findings]}"
    return hits[0]


def codes(findings: Sequence[Finding]) -> set[Code]:
    """Which findings there are."""
    return {finding.code for finding in findings}


def assert_says(finding: Finding, severity: Severity, *parts: str) -> None:
    """The finding's sentence is whole, names ``parts`` and, for an error, shows a way out."""
    assert finding.severity is severity
    words = finding_text(finding)
    message = words.whole
    assert re.search(r"\{\w*\}", message) is None, "a placeholder that nothing filled"
    assert "None" not in message
    for part in parts:
        assert part in message, message
    assert words.sentence.strip()
    if severity is not Severity.INFO:
        assert words.hint.strip(), f"{finding.code} has no hint"


def failed(checks: Sequence[Check]) -> set[str]:
    """Codes of the checks that failed."""
    return {check.code.value for check in checks if check.status is CheckStatus.FAIL}
