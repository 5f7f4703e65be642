"""Tiny random models, adapters and both ways to merge them, for comparing MergeDesk with PEFT's own script."""

from __future__ import annotations

import copy
import hashlib
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import safe_open
from safetensors.torch import load_file
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    BertConfig,
    GemmaConfig,
    GPT2Config,
    LlamaConfig,
    MistralConfig,
    MixtralConfig,
    Phi3Config,
    PreTrainedConfig,
    PreTrainedModel,
    Qwen2Config,
    SqueezeBertConfig,
    T5Config,
)

from mergedesk.checkpoints.adapter import read_adapter
from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import SUM, Combination, Precision
from mergedesk.engines import streaming
from mergedesk.output.companions import ConfigChanges, write_config
from mergedesk.output.shards import create_shards
from mergedesk.planning.engine_choice import why_not_streaming
from mergedesk.planning.layout import Layout, index_text, make_layout
from mergedesk.planning.plan import Plan, make_plan
from mergedesk.planning.resolved_adapter import map_adapter

# ``base_of(kind, dtype="float32", **config)``, the fixture.
MakeBase = Callable[..., Path]
WEIGHTS = "model.safetensors"
DTYPES: Mapping[str, torch.dtype] = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
    "float64": torch.float64,
}
_SMALL = {"vocab_size": 131, "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 2}
_HEADS = {"num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 64}
_TOKENS = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
_LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


@dataclass(frozen=True)
class Kind:
    """One architecture: its config, the class that loads it, and what an adapter usually targets."""

    config: PreTrainedConfig
    targets: Sequence[str]
    loader: Any = AutoModelForCausalLM
    task: str = "CAUSAL_LM"
    adapter: Mapping[str, Any] = field(default_factory=dict)


KINDS: Mapping[str, Kind] = {
    "llama": Kind(LlamaConfig(**_SMALL, **_HEADS, **_TOKENS, tie_word_embeddings=False), _LINEAR),
    "qwen2": Kind(Qwen2Config(**_SMALL, **_HEADS, **_TOKENS, tie_word_embeddings=True), _LINEAR),
    "mistral": Kind(MistralConfig(**_SMALL, **_HEADS, **_TOKENS, tie_word_embeddings=False), _LINEAR),
    "gemma": Kind(
        GemmaConfig(
            vocab_size=137, hidden_size=39, intermediate_size=77, num_hidden_layers=2, num_attention_heads=3,
            num_key_value_heads=1, head_dim=14, max_position_embeddings=64, **_TOKENS,
        ),
        _LINEAR,
    ),
    "phi3": Kind(
        Phi3Config(**_SMALL, **_HEADS, **_TOKENS, tie_word_embeddings=False),
        ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"],
    ),
    "gpt2": Kind(
        GPT2Config(
            vocab_size=131, n_positions=64, n_embd=48, n_layer=2, n_head=4, bos_token_id=1, eos_token_id=2
        ),
        ["c_attn", "c_proj", "c_fc"],
        adapter={"fan_in_fan_out": True},
    ),
    "t5": Kind(
        T5Config(
            vocab_size=131, d_model=48, d_kv=12, d_ff=80, num_layers=2, num_heads=4, decoder_start_token_id=0
        ),
        ["q", "k", "v", "o", "wi", "wo"],
        AutoModelForSeq2SeqLM,
        "SEQ_2_SEQ_LM",
    ),
    "mixtral": Kind(
        MixtralConfig(**_SMALL, **_HEADS, **_TOKENS, num_local_experts=4, tie_word_embeddings=False), _LINEAR[:4]
    ),
    "bert": Kind(
        BertConfig(**_SMALL, num_attention_heads=4, max_position_embeddings=64, num_labels=3),
        ["query", "key", "value", "dense"],
        AutoModelForSequenceClassification,
        "SEQ_CLS",
    ),
    "squeezebert": Kind(
        SqueezeBertConfig(
            **_SMALL, embedding_size=_SMALL["hidden_size"], num_attention_heads=4, max_position_embeddings=64,
            num_labels=3, q_groups=1, k_groups=1, v_groups=1, intermediate_groups=1, output_groups=1,
        ),
        ["query", "key", "value", "conv1d"],
        AutoModelForSequenceClassification,
        "SEQ_CLS",
    ),
}  # fmt: skip
_ARCHITECTURES = {
    "llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM", "mistral": "MistralForCausalLM",
    "gemma": "GemmaForCausalLM", "phi3": "Phi3ForCausalLM", "gpt2": "GPT2LMHeadModel",
    "mixtral": "MixtralForCausalLM", "t5": "T5ForConditionalGeneration", "bert": "BertForSequenceClassification",
    "squeezebert": "SqueezeBertForSequenceClassification",
}  # fmt: skip


@contextmanager
def third_party_noise_off() -> Iterator[None]:
    """Silence, by name, what PEFT and transformers say about cases that a test makes on purpose."""
    with warnings.catch_warnings():
        for message in _NOISE:
            warnings.filterwarnings("ignore", message=message)
        yield


_NOISE = (
    r"Failed to load the CUDA extension",
    r"Setting boft_n_butterfly_factor to 1",
    r"Sparse invariant checks are implicitly disabled",
    r"Unsupported layer type '<class 'torch.nn.modules.normalization.LayerNorm'>'",
    r"Found missing adapter keys while loading the checkpoint: .*lm_head.lora_A",
    r"You have requested `ensure_weight_tying`, but no tied modules are added",
    r"Adapter 'default': \d+ LoRA tensor\(s\) have invalid shape: .*\.bias:",
    r"fan_in_fan_out is set to (True|False) but the target module is",
    r"`is_gradient_checkpointing` is deprecated",
    r"Setting `save_embedding_layers` to `True`",
    r".*Model with `tie_word_embeddings=True` and the",
    r".*Model has `tie_word_embeddings=True` and a tied layer",
    r"Input and output embeddings are no longer tied after merging",
    r"The following (rank|alpha)_pattern keys did not match any targeted module and were ignored",
    r"Detected that the base layer has no bias term",
    r"`lora_bias=True` was passed but the targeted layer",
    r"aLoRA is currently only supported for CAUSAL_LM task",
    r".*Careful, disabling adapter layers with bias configured",
)


def make_base(
    kind: str, folder: Path, dtype: str = "float32", seed: int = 0, max_shard_size: str = "5GB", **changes: Any
) -> Path:
    """Save a random model of that architecture; ``changes`` go into its config."""
    torch.manual_seed(seed)
    config = type(KINDS[kind].config)(**{**KINDS[kind].config.to_dict(), **changes})
    with third_party_noise_off():
        model = KINDS[kind].loader.from_config(config, dtype=torch.float32)
        _randomise(model)
        model.to(DTYPES[dtype])
        for name, parameter in model.named_parameters():
            if any(re.search(pattern, name) for pattern in keep_float32(kind, dtype)):
                parameter.data = parameter.data.float()
        model.save_pretrained(folder, max_shard_size=max_shard_size)
    return folder


def keep_float32(kind: str, dtype: str) -> Sequence[str]:
    """The class's patterns of tensors that stay float32 when it is loaded in ``dtype``."""
    cls = getattr(transformers, _ARCHITECTURES[kind])
    always = list(cls._keep_in_fp32_modules_strict or [])
    return {"float16": [*always, *(cls._keep_in_fp32_modules or [])], "bfloat16": always}.get(dtype, [])


def _randomise(model: PreTrainedModel) -> None:
    """Norms and biases too: a model fresh from its config has them all alike, so that mix-ups would not show."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.1)
            elif "norm" not in name:
                parameter.copy_(torch.randn_like(parameter) * 0.08)


def load(kind: str, folder: Path, dtype: str = "float32") -> PreTrainedModel:
    """The model as a plain script loads it."""
    model: PreTrainedModel = KINDS[kind].loader.from_pretrained(folder, dtype=DTYPES.get(dtype, dtype))
    return model.eval()


def make_adapter(kind: str, base: Path, folder: Path, seed: int = 1, dtype: str | None = None, **options: Any) -> Path:
    """Train nothing, randomise everything trainable, save as PEFT saves; ``options`` go into LoraConfig."""
    torch.manual_seed(seed)
    defaults = {"r": 4, "lora_alpha": 6, "target_modules": KINDS[kind].targets, **KINDS[kind].adapter}
    config = LoraConfig(task_type=KINDS[kind].task, **copy.deepcopy({**defaults, **options}))
    with third_party_noise_off():
        model = get_peft_model(load(kind, base), config)
        randomise_trainable(model)
        if dtype:
            model.to(DTYPES[dtype])
        model.create_or_update_model_card = lambda _: None  # the slowest part of saving
        model.save_pretrained(folder)
    return folder


def randomise_trainable(model: torch.nn.Module) -> None:
    """Give every trained parameter a value of its own, so that none is zero."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.1)


def peft_model(kind: str, base: Path, adapter: Path, dtype: str = "float32") -> PeftModel:
    """Base and adapter, unmerged."""
    with third_party_noise_off():
        return PeftModel.from_pretrained(load(kind, base, dtype), adapter).eval()


def merge_with_peft(kind: str, base: Path, adapter: Path, folder: Path, dtype: str = "auto") -> Path:
    """PEFT's own script: the oracle."""
    with third_party_noise_off():
        peft_model(kind, base, adapter, dtype).merge_and_unload().save_pretrained(folder)
    return folder


def merge_with_mergedesk(
    base: Path,
    adapters: Path | Sequence[tuple[Path, float]],
    folder: Path,
    precision: str = "auto",
    max_shard_size: int | None = None,
    keep_float32: Sequence[str] = (),
    combination: Combination = SUM,
) -> tuple[Plan, Layout]:
    """Plan, lay out and stream; the config is copied and, where a tie comes apart, told so."""
    checkpoint = read_checkpoint(base)
    choices = [(adapters, 1.0)] if isinstance(adapters, Path) else adapters
    mapped = [map_adapter(checkpoint, read_adapter(adapter), weight) for adapter, weight in choices]
    assert why_not_streaming(mapped) == ()
    assert [one.unmatched_modules for one in mapped] == [set()] * len(mapped)
    plan = make_plan(checkpoint, mapped, Precision(precision), keep_float32, combination)
    layout = make_layout(plan, checkpoint, max_shard_size)
    folder.mkdir(parents=True)
    counted: list[int] = []
    with create_shards(folder, layout) as outputs:
        streaming.stream(layout, outputs, lambda count, _: counted.append(count), CancelToken())
    assert sum(counted) == plan.tensor_bytes
    if layout.index is not None:
        (folder / f"{WEIGHTS}.index.json").write_text(index_text(layout), encoding="utf-8")
    write_config(base, folder, ConfigChanges(untie=plan.splits_tie))
    return plan, layout


def tensors(folder: Path) -> dict[str, torch.Tensor]:
    """Every stored tensor of all weight files."""
    return {name: tensor for file in sorted(folder.glob("*.safetensors")) for name, tensor in load_file(file).items()}


def stored_dtypes(folder: Path) -> dict[str, str]:
    """Each tensor's stored dtype, by safetensors' own reader."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.safetensors")):
        with safe_open(file, "pt") as reader:
            names: list[str] = reader.keys()
            found |= {name: reader.get_slice(name).get_dtype() for name in names}
    return found


def sha256(file: Path) -> str:
    """The file's digest."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def same_bits(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Equal in dtype, shape and every bit: the sign of zero counts."""
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    return torch.equal(one.contiguous().view(-1).view(torch.uint8), other.contiguous().view(-1).view(torch.uint8))


def assert_same_tensors(ours: Path, theirs: Path) -> None:
    """Fail with the names of tensors that differ in dtype, shape or any bit."""
    one, other = tensors(ours), tensors(theirs)
    assert one.keys() == other.keys()
    assert [name for name in one if not same_bits(one[name], other[name])] == []


def logits(model: torch.nn.Module, kind: str = "llama") -> torch.Tensor:
    """Outputs for fixed tokens."""
    tokens = torch.tensor([[3, 17, 42, 5, 99, 8], [7, 6, 5, 4, 3, 120]])
    extra = {"decoder_input_ids": tokens.flip(1)} if KINDS[kind].task == "SEQ_2_SEQ_LM" else {}
    with torch.no_grad():
        result: torch.Tensor = model(input_ids=tokens, **extra).logits
    return result
