"""The models the benchmark runs on: made on the spot, kept in the work folder, used again when they are there."""

from __future__ import annotations

import json
import math
import os
import random
import shutil
import struct
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from transformers import LlamaConfig, MixtralConfig

_SEED = 0
_BLOCK_BYTES = 32 << 20
_BF16_BYTES = 2


@dataclass(frozen=True)
class Shape:
    """The measures of a Llama-shaped model, and of the folder it lies in."""

    name: str
    label: str
    vocabulary: int
    hidden: int
    intermediate: int
    layers: int
    heads: int
    key_value_heads: int
    tied: bool
    shards: int = 1

    def config(self) -> LlamaConfig:
        """The same as transformers' config."""
        from transformers import LlamaConfig

        return LlamaConfig(
            vocab_size=self.vocabulary,
            hidden_size=self.hidden,
            intermediate_size=self.intermediate,
            num_hidden_layers=self.layers,
            num_attention_heads=self.heads,
            num_key_value_heads=self.key_value_heads,
            head_dim=self.hidden // self.heads,
            tie_word_embeddings=self.tied,
            max_position_embeddings=2048,
        )

    def tensors(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Every tensor of the checkpoint: name and shape, in the order of the layers."""
        yield "model.embed_tokens.weight", (self.vocabulary, self.hidden)
        for layer in range(self.layers):
            for name, shape in self._layer().items():
                yield f"model.layers.{layer}.{name}.weight", shape
        yield "model.norm.weight", (self.hidden,)
        if not self.tied:
            yield "lm_head.weight", (self.vocabulary, self.hidden)

    def _layer(self) -> dict[str, tuple[int, ...]]:
        narrow = self.hidden // self.heads * self.key_value_heads
        return {
            "input_layernorm": (self.hidden,),
            "self_attn.q_proj": (self.hidden, self.hidden),
            "self_attn.k_proj": (narrow, self.hidden),
            "self_attn.v_proj": (narrow, self.hidden),
            "self_attn.o_proj": (self.hidden, self.hidden),
            "post_attention_layernorm": (self.hidden,),
            "mlp.gate_proj": (self.intermediate, self.hidden),
            "mlp.up_proj": (self.intermediate, self.hidden),
            "mlp.down_proj": (self.hidden, self.intermediate),
        }

    @property
    def nbytes(self) -> int:
        """Size of all weights at bfloat16."""
        return sum(_nbytes(shape) for _, shape in self.tensors())


LLAMA_1B = Shape("llama-1.2b", "1.2 B", 128256, 2048, 8192, 16, 32, 8, tied=True)
LLAMA_8B = Shape("llama-8b", "8 B", 128256, 4096, 14336, 32, 32, 8, tied=False, shards=4)
TINY = Shape("llama-tiny", "tiny", 512, 64, 128, 2, 4, 2, tied=True)
TINY_SHARDED = Shape("llama-tiny-sharded", "tiny, 4 files", 512, 64, 128, 2, 4, 2, tied=False, shards=4)


def saved_base(workdir: Path, shape: Shape) -> Path:
    """A random bfloat16 base as ``save_pretrained`` writes it."""

    def make(folder: Path) -> None:
        from transformers import LlamaForCausalLM

        _save_random(LlamaForCausalLM, shape.config(), folder)

    return made_once(workdir / shape.name, make)


def _save_random(model_class: Any, config: Any, folder: Path) -> None:
    import torch

    torch.manual_seed(_SEED)
    with torch.device("meta"):
        model = model_class(config).to(torch.bfloat16)
    model.to_empty(device="cpu")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.02) if parameter.dim() > 1 else parameter.fill_(1)
    model.tie_weights()
    model.save_pretrained(folder)


def written_base(workdir: Path, shape: Shape) -> Path:
    """A base of pseudo-random weights, written straight to disk: quick, and no larger in memory than one block."""
    return made_once(workdir / shape.name, lambda folder: _write_checkpoint(folder, shape, _random_filler()))


def sparse_base(workdir: Path, shape: Shape, tokens: int) -> Path:
    """A base whose headers and tokenizer are true and whose weights are holes: enough for the preflight."""

    def make(folder: Path) -> None:
        _write_checkpoint(folder, shape, _leave_hole)
        _write_tokenizer(folder, tokens)

    return made_once(workdir / f"{shape.name}-sparse", make)


def with_tokenizer(base: Path, tokens: int) -> Path:
    """The same base with a tokenizer beside the weights, which are hard links."""

    def make(folder: Path) -> None:
        for file in base.iterdir():
            os.link(file, folder / file.name)
        _write_tokenizer(folder, tokens)

    return made_once(base.with_name(f"{base.name}-with-tokenizer"), make)


def lora_adapter(workdir: Path, shape: Shape, seed: int = 0) -> Path:
    """A PEFT LoRA of rank 16 on all linear layers, with a ``lora_B`` that does something."""

    def make(folder: Path) -> None:
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import LlamaForCausalLM

        torch.manual_seed(_SEED + 1 + seed)
        with torch.device("meta"):
            model = LlamaForCausalLM(shape.config())
        lora = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
        wrapped = get_peft_model(model, lora)
        fill_factors(wrapped)
        wrapped.save_pretrained(folder)

    return made_once(workdir / (f"lora-of-{shape.name}" + (f"-{seed}" if seed else "")), make)


def dora_adapter(workdir: Path, shape: Shape, base: Path) -> Path:
    """The same with DoRA; its magnitudes are the base's own."""

    def make(folder: Path) -> None:
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import LlamaForCausalLM

        torch.manual_seed(_SEED + 1)
        model = LlamaForCausalLM.from_pretrained(base, dtype="auto")
        dora = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM", use_dora=True)
        wrapped = get_peft_model(model, dora)
        fill_factors(wrapped)
        wrapped.save_pretrained(folder)

    return made_once(workdir / f"dora-of-{shape.name}", make)


def fill_factors(wrapped: Any) -> None:
    """Give every LoRA factor numbers, so that the adapter does something."""
    import torch

    for name, module in wrapped.named_modules():
        if name.endswith((".lora_A.default", ".lora_B.default")):
            module.to_empty(device="cpu")
            torch.nn.init.normal_(module.weight, 0, 0.01)


def nf4_base(base: Path) -> Path:
    """The base as bitsandbytes stores it in 4 bits (NF4, double quantisation)."""

    def make(folder: Path) -> None:
        import torch
        from transformers import BitsAndBytesConfig, LlamaForCausalLM

        packed = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
        LlamaForCausalLM.from_pretrained(base, dtype=torch.bfloat16, quantization_config=packed).save_pretrained(folder)

    return made_once(base.with_name(f"{base.name}-nf4"), make)


@dataclass(frozen=True)
class ExpertShape:
    """The measures of a Mixtral-shaped model."""

    name: str
    label: str
    vocabulary: int
    hidden: int
    intermediate: int
    layers: int
    experts: int

    def config(self) -> MixtralConfig:
        """The same as transformers' config."""
        from transformers import MixtralConfig

        return MixtralConfig(
            vocab_size=self.vocabulary,
            hidden_size=self.hidden,
            intermediate_size=self.intermediate,
            num_hidden_layers=self.layers,
            num_attention_heads=8,
            num_key_value_heads=2,
            num_local_experts=self.experts,
            max_position_embeddings=2048,
        )


MIXTRAL_1B = ExpertShape("mixtral-1.2b", "1.2 B, 8 experts", 32000, 1024, 3584, 12, 8)
TINY_EXPERTS = ExpertShape("mixtral-tiny", "tiny experts", 512, 64, 96, 2, 4)


def expert_base(workdir: Path, shape: ExpertShape) -> Path:
    """A random bfloat16 mixture of experts as ``save_pretrained`` writes it."""

    def make(folder: Path) -> None:
        from transformers import MixtralForCausalLM

        _save_random(MixtralForCausalLM, shape.config(), folder)

    return made_once(workdir / shape.name, make)


def expert_adapter(workdir: Path, shape: ExpertShape) -> Path:
    """A LoRA of rank 8 on every expert and on the attention."""

    def make(folder: Path) -> None:
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import MixtralForCausalLM

        torch.manual_seed(_SEED + 1)
        with torch.device("meta"):
            model = MixtralForCausalLM(shape.config())
        lora = LoraConfig(
            r=8,
            lora_alpha=16,
            target_modules=["q_proj", "k_proj", "v_proj", "o_proj"],
            target_parameters=["experts.gate_up_proj", "experts.down_proj"],
            task_type="CAUSAL_LM",
        )
        wrapped = get_peft_model(model, lora)
        fill_factors(wrapped)
        wrapped.save_pretrained(folder)

    return made_once(workdir / f"lora-of-{shape.name}", make)


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """A folder that is there is finished, since it only takes its name when it is."""
    if not folder.exists():
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _quieten_libraries()
        make(part)
        part.rename(folder)
    return folder.resolve()


def _quieten_libraries() -> None:
    """Nobody can act on their progress bars and notices of deprecation here."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")


Tensors = list[tuple[str, tuple[int, ...]]]
Filler = Callable[[BinaryIO, int], None]


def _write_checkpoint(folder: Path, shape: Shape, fill: Filler) -> None:
    config = shape.config()
    config.architectures = ["LlamaForCausalLM"]
    config.dtype = "bfloat16"
    config.save_pretrained(folder)
    shards = _split(list(shape.tensors()), shape.shards)
    index: dict[str, str] = {}
    for number, tensors in enumerate(shards, start=1):
        name = f"model-{number:05}-of-{len(shards):05}.safetensors"
        _write_shard(folder / name, tensors, fill)
        index |= dict.fromkeys((tensor for tensor, _ in tensors), name)
    content = {"metadata": {"total_size": shape.nbytes}, "weight_map": index}
    (folder / "model.safetensors.index.json").write_text(json.dumps(content, indent=2), encoding="utf-8")


def _split(tensors: Tensors, count: int) -> list[Tensors]:
    """Consecutive groups of about the same size."""
    total, done = sum(_nbytes(shape) for _, shape in tensors), 0
    shards: list[Tensors] = [[] for _ in range(count)]
    for tensor in tensors:
        shards[min(count - 1, done * count // total)].append(tensor)
        done += _nbytes(tensor[1])
    return shards


def _write_shard(file: Path, tensors: Tensors, fill: Filler) -> None:
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, shape in tensors:
        end = offset + _nbytes(shape)
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with file.open("wb") as target:
        target.write(struct.pack("<Q", len(text)) + text)
        for _, shape in tensors:
            fill(target, _nbytes(shape))
        target.truncate(8 + len(text) + offset)


def _random_filler() -> Filler:
    """Writes from one random block, from another place in it each time."""
    import torch

    values = torch.empty(_BLOCK_BYTES // _BF16_BYTES).normal_(0, 0.02, generator=torch.Generator().manual_seed(_SEED))
    block = memoryview(values.to(torch.bfloat16).view(torch.uint8).numpy().tobytes())
    places = random.Random(_SEED)

    def fill(target: BinaryIO, nbytes: int) -> None:
        while nbytes:
            start = places.randrange(_BLOCK_BYTES // 2) & ~1
            nbytes -= target.write(block[start : start + nbytes])

    return fill


def _leave_hole(target: BinaryIO, nbytes: int) -> None:
    target.seek(nbytes, 1)


def _write_tokenizer(folder: Path, tokens: int) -> None:
    """A byte-level BPE tokenizer with that many tokens, as large on disk as a real one."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary, merges = _invented_words(alphabet, tokens)
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(f"<|reserved_{number}|>") for number in range(8)])
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|reserved_0|>", "model_max_length": 8192}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")


def _invented_words(alphabet: list[str], count: int) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Words put together from two known ones each: the vocabulary, and the merges that make it."""
    choice = random.Random(_SEED)
    words, known = list(alphabet), set(alphabet)
    merges: list[tuple[str, str]] = []
    while len(words) < count:
        left, right = choice.choice(words), choice.choice(words)
        if len(left) + len(right) <= 12 and left + right not in known:
            words.append(left + right)
            known.add(left + right)
            merges.append((left, right))
    return {word: number for number, word in enumerate(words)}, merges


def _nbytes(shape: tuple[int, ...]) -> int:
    return math.prod(shape) * _BF16_BYTES
