"""Every method of PEFT's registry, and LoRA with each of its options, on each architecture: how the adapter is made,
and what comes out where MergeDesk and PEFT merge it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from folders import request
from peft import LoraConfig, PeftConfig, PeftType, get_peft_model
from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING
from peft.tuners.lora.config import BdLoraConfig, KasaConfig, MontecloraConfig, VeloraConfig
from safetensors.torch import save_file
from tiny_models import (
    KINDS,
    load,
    logits,
    make_base,
    merge_with_peft,
    peft_model,
    same_bits,
    tensors,
    third_party_noise_off,
)

from mergedesk.domain.findings import CheckStatus, Code, Finding, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.messages import finding_message
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine
from mergedesk.methods.peft_methods import cannot_merge
from mergedesk.pipelines.merge import merge

PRECISIONS = ("float32", "bfloat16", "float16")
ARCHITECTURES: Mapping[str, str] = {
    "llama": "Llama", "gpt2": "GPT-2", "bert": "BERT classifier", "t5": "T5", "mixtral": "Mixtral (experts)",
}  # fmt: skip
_TOKENS = (3, 7)
_LINEAR: Mapping[str, Sequence[str]] = {
    "llama": ["q_proj", "v_proj", "down_proj"], "gpt2": ["c_attn", "c_proj"],
    "bert": ["query", "value", "output.dense"], "t5": ["q", "v", "wo"], "mixtral": ["q_proj", "v_proj"],
    "squeezebert": ["query", "value", "conv1d"],
}  # fmt: skip
_NORMS: Mapping[str, Sequence[str]] = {
    "llama": ["input_layernorm", "norm"], "gpt2": ["ln_1", "ln_f"], "bert": ["LayerNorm"], "t5": ["layer_norm"],
    "mixtral": ["input_layernorm", "norm"],
}  # fmt: skip
_EMBEDDINGS = {
    "llama": "embed_tokens",
    "gpt2": "wte",
    "bert": "word_embeddings",
    "t5": "shared",
    "mixtral": "embed_tokens",
}
_HEADS = {"llama": "lm_head", "gpt2": "lm_head", "bert": "classifier", "t5": "lm_head", "mixtral": "lm_head"}
_PARAMETERS: Mapping[str, Sequence[str]] = {
    "llama": ["q_proj.weight"], "gpt2": ["c_fc.weight"], "bert": ["query.weight"], "t5": ["wi.weight"],
    "mixtral": ["experts.gate_up_proj", "experts.down_proj"],
}  # fmt: skip
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "ADALORA": {"total_step": 10},
    "BOFT": {"boft_block_size": 4},
    "C3A": {"block_size": 4},
    "FOURIERFT": {"n_frequency": 10},
    "IA3": {"feedforward_modules": []},
    "MISS": {"r": 4},
    "OFT": {"oft_block_size": 4, "r": 0},
    "OSF": {"effective_rank": 4},
    "PSOFT": {"r": 4},
    "ROAD": {"group_size": 4},
    "SHIRA": {"r": 2},
    "TRAINABLE_TOKENS": {"token_indices": [*_TOKENS]},
    "VBLORA": {"vector_length": 8, "num_vectors": 8, "topk": 2},
    "WAVEFT": {"n_frequency": 20},
}
_TARGETS = {"LN_TUNING": _NORMS, "TRAINABLE_TOKENS": {kind: [name] for kind, name in _EMBEDDINGS.items()}}
# One layer makes the matrix affordable.
_ONE_LAYER: Mapping[str, Mapping[str, int]] = {
    "llama": {"num_hidden_layers": 1}, "gpt2": {"n_layer": 1}, "bert": {"num_hidden_layers": 1},
    "t5": {"num_layers": 1, "num_decoder_layers": 1}, "mixtral": {"num_hidden_layers": 1},
    "squeezebert": {"num_hidden_layers": 1},
}  # fmt: skip
_HALVES = BdLoraConfig(target_modules_bd_a=["none"], target_modules_bd_b=["q_proj", "query", "q", "c_attn"], nblocks=2)


def _lora(**options: Any) -> Callable[[str], PeftConfig]:
    """LoRA with options; a callable among them is asked for each architecture's own value."""

    def make(kind: str) -> PeftConfig:
        own = {name: value(kind) if callable(value) else value for name, value in options.items()}
        defaults = {"r": 4, "lora_alpha": 6, "target_modules": list(_LINEAR[kind])}
        return LoraConfig(**{**defaults, **own})

    return make


VARIANTS: Mapping[str, Callable[[str], PeftConfig]] = {
    "rsLoRA": _lora(use_rslora=True),
    "DoRA": _lora(use_dora=True),
    "rank and alpha patterns": _lora(
        rank_pattern=lambda kind: {_LINEAR[kind][0]: 2}, alpha_pattern=lambda kind: {_LINEAR[kind][1]: 3}
    ),
    "lora_bias": _lora(lora_bias=True),
    "bias=all": _lora(bias="all"),
    "layers_to_transform": _lora(layers_to_transform=[0]),
    "embeddings": _lora(target_modules=lambda kind: [_LINEAR[kind][0], _EMBEDDINGS[kind]]),
    "modules_to_save": _lora(modules_to_save=lambda kind: [_HEADS[kind]]),
    "trainable_token_indices": _lora(trainable_token_indices=[*_TOKENS]),
    "target_parameters": _lora(target_modules=[], target_parameters=lambda kind: list(_PARAMETERS[kind])),
    "PiSSA": _lora(init_lora_weights="pissa"),
    "PiSSA (fast SVD)": _lora(init_lora_weights="pissa_niter_4"),
    "OLoRA": _lora(init_lora_weights="olora"),
    "MiCA": _lora(init_lora_weights="mica"),
    "orthogonal": _lora(init_lora_weights="orthogonal"),
    "gaussian": _lora(init_lora_weights="gaussian"),
    "KaSA": _lora(kasa_config=KasaConfig()),
    "VeLoRA": _lora(velora_config=VeloraConfig()),
    "MonteCLoRA": _lora(monteclora_config=MontecloraConfig()),
    "QALoRA": _lora(use_qalora=True, qalora_group_size=8),
    "BD-LoRA": _lora(use_bdlora=_HALVES, target_modules=lambda kind: list(_LINEAR[kind])[:1]),
    "aLoRA": _lora(alora_invocation_tokens=[*_TOKENS]),
    "layer_replication": _lora(layer_replication=[[0, 1], [0, 1]]),
}

# For each folder of ``mergedesk.methods`` that streams: an architecture, and the cases that are merged on it at once.
STREAMED: Mapping[str, tuple[str, Sequence[str]]] = {
    "lora": ("llama", ["LORA"]),
    "convolution": ("squeezebert", ["rsLoRA"]),
    "adalora": ("gpt2", ["ADALORA"]),
    "lora_bias": ("gpt2", ["lora_bias"]),
    "dora": ("gpt2", ["DoRA"]),
    "combined": ("llama", ["LORA", "rsLoRA"]),
    "ia3": ("llama", ["IA3"]),
    "loha": ("llama", ["LOHA"]),
    "lokr": ("llama", ["LOKR"]),
    "miss": ("llama", ["MISS"]),
    "tokens": ("llama", ["TRAINABLE_TOKENS"]),
}


def config_for(method: str, kind: str) -> PeftConfig:
    """The config of one case; ``method`` is a name of PEFT's registry or of a variant of LoRA."""
    if method in VARIANTS:
        config = VARIANTS[method](kind)
    else:
        targets = _TARGETS.get(method, _LINEAR)[kind]
        options = {"target_modules": list(targets), **_OPTIONS.get(method, {})}
        config = PEFT_TYPE_TO_CONFIG_MAPPING[PeftType[method]](**options)
    config.task_type = KINDS[kind].task
    return config


def train(method: str, kind: str, base: Path, folder: Path) -> Path:
    """Attach the adapter, take one real step on random tokens, and save it as PEFT does. Raises what PEFT raises."""
    torch.manual_seed(3)
    with third_party_noise_off():
        model = get_peft_model(load(kind, base), config_for(method, kind))
        model.train()
        tokens = torch.randint(3, 130, (2, 10))
        tokens[0, 1], tokens[1, 2] = _TOKENS
        labels = torch.tensor([0, 2]) if KINDS[kind].task == "SEQ_CLS" else tokens
        trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        if not trained:
            raise ValueError("PEFT attaches nothing to the layers asked for")
        optimiser = torch.optim.Adam(trained, lr=0.05)
        model(input_ids=tokens, labels=labels).loss.backward()
        optimiser.step()
        model.create_or_update_model_card = lambda _: None  # the slowest part of saving
        model.save_pretrained(folder)
    return folder


@dataclass(frozen=True)
class Outcome:
    """What came of one case: a few words, and the reason where something or someone refused."""

    words: str
    reason: str = ""


SAME, NEAR, UNTIED = "same bytes", "≤ 1 ulp", "as unmerged"
PEFT_REFUSES, REFUSED, NOT_MERGEABLE = "PEFT refuses", "refused", "not mergeable"
_PATHS = {Code.WHOLE_MODEL: "whole model"}


@dataclass
class Workshop:
    """Bases and adapters of one architecture, each made once, in ``home``."""

    kind: str
    home: Path
    adapters: dict[str, Path | Outcome] = field(default_factory=dict)

    def base(self, dtype: str) -> Path:
        folder = self.home / dtype
        return folder if folder.exists() else make_base(self.kind, folder, dtype, **_ONE_LAYER[self.kind])

    def adapter(self, method: str) -> Path | Outcome:
        """The trained adapter, or what PEFT said instead."""
        if cannot_merge(method):
            return self._named_only(method)
        if method not in self.adapters:
            try:
                self.adapters[method] = train(method, self.kind, self.base("float32"), self.home / f"adapter {method}")
            except Exception as trouble:  # whatever PEFT raises is the outcome
                self.adapters[method] = Outcome(PEFT_REFUSES, first_line(trouble))
        return self.adapters[method]

    def _named_only(self, method: str) -> Path:
        """For methods that are refused by name, whatever their adapters hold."""
        folder = self.home / f"adapter {method}"
        if not folder.exists():
            folder.mkdir(parents=True)
            save_file({"prompt_embeddings": torch.zeros(4, 8)}, folder / "adapter_model.safetensors")
            config = {"peft_type": method, "task_type": KINDS[self.kind].task}
            (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
        return folder

    def judge(self, method: str, dtype: str, engine: Engine = Engine.AUTO) -> Outcome:
        """Merge with PEFT and with MergeDesk, and compare. Raises AssertionError where they ought to agree."""
        adapter = self.adapter(method)
        if isinstance(adapter, Outcome):
            return adapter
        base, ours, theirs = self.base(dtype), self.home / "ours", self.home / "theirs"
        for folder in (ours, theirs):
            shutil.rmtree(folder, ignore_errors=True)
        with third_party_noise_off():
            report = merge(request(base, adapter, ours, engine=engine), lambda _: None, CancelToken())
        if report.status is MergeStatus.REFUSED and errors(report)[0].code is not Code.PEFT_FAILED:
            [refusal, *_] = errors(report)
            by_method = refusal.code is Code.METHOD_NOT_MERGEABLE
            return Outcome(NOT_MERGEABLE if by_method else REFUSED, finding_message(refusal))
        try:
            merge_with_peft(self.kind, base, adapter, theirs)
        except Exception as trouble:
            return _agreed_refusal(report, first_line(trouble))
        assert report.status is MergeStatus.MERGED, [finding_message(one) for one in errors(report)]
        assert [one for one in report.checks if one.status is CheckStatus.FAIL] == []
        words = self._compare(tensors(ours), unwrapped(tensors(theirs)), (base, adapter))
        path = _PATHS.get(report.engine_reason, "streamed" if report.engine == "streaming" else "by layer")  # type: ignore[arg-type]
        return Outcome(f"{words}, {path}")

    def _compare(
        self, ours: Mapping[str, torch.Tensor], theirs: Mapping[str, torch.Tensor], case: tuple[Path, Path]
    ) -> str:
        if ours.keys() - theirs.keys():
            return self._compare_split(ours, theirs, case)
        assert ours.keys() == theirs.keys()
        differ = [name for name in ours if not same_bits(ours[name], theirs[name])]
        if not differ:
            return SAME
        with third_party_noise_off():
            exact = peft_model(self.kind, *case, "float64").merge_and_unload().state_dict()
        for name in differ:
            assert ulps(ours[name], theirs[name]) <= 1, name
            our_error, their_error = ((one[name].double() - exact[name]).abs().sum() for one in (ours, theirs))
            assert our_error <= their_error * (1 + 1e-6), name
        return NEAR

    def _compare_split(
        self, ours: Mapping[str, torch.Tensor], theirs: Mapping[str, torch.Tensor], case: tuple[Path, Path]
    ) -> str:
        """PEFT merged into a tensor that two sides share; here each side is what it was while unmerged."""
        head = ours.keys() - theirs.keys()
        assert head == {"lm_head.weight"}
        embeddings = next(name for name in theirs if name.split(".")[-2] == _EMBEDDINGS[self.kind])
        assert all(same_bits(ours[name], theirs[name]) for name in theirs if name != embeddings)
        one, other = load(self.kind, self.home / "ours"), peft_model(self.kind, *case)
        torch.testing.assert_close(logits(one, self.kind), logits(other, self.kind), atol=2e-2, rtol=2e-2)
        return UNTIED


def _agreed_refusal(report: MergeReport, reason: str) -> Outcome:
    """PEFT refused to merge: then MergeDesk must have refused too, and in PEFT's own words."""
    assert report.status is MergeStatus.REFUSED
    assert [one.code for one in errors(report)] == [Code.PEFT_FAILED]
    assert errors(report)[0].data["reason"] == reason[:300]
    return Outcome(PEFT_REFUSES, reason)


def errors(report: MergeReport) -> list[Finding]:
    """What stopped a job."""
    return [one for one in report.findings if one.severity is Severity.ERROR]


def first_line(trouble: Exception) -> str:
    """The first line of what was raised, the paths of this machine left out."""
    return (str(trouble).strip().splitlines() or [type(trouble).__name__])[0]


def unwrapped(saved: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """LN tuning leaves PEFT's wrapper around modules_to_save in what it saves; the copy in it is the module."""
    return {
        name.replace(".modules_to_save.default.", "."): tensor
        for name, tensor in saved.items()
        if ".original_module." not in name
    }


def ulps(one: torch.Tensor, other: torch.Tensor) -> int:
    """The largest distance of two tensors in units in the last place."""
    integers = {2: torch.int16, 4: torch.int32}[one.dtype.itemsize]

    def ordered(values: torch.Tensor) -> torch.Tensor:
        bits = values.contiguous().view(integers).long()
        return torch.where(bits < 0, -(bits & (2 ** (8 * one.dtype.itemsize - 1) - 1)), bits)

    return int((ordered(one) - ordered(other)).abs().max())


def registry() -> list[str]:
    """Every method that this PEFT has."""
    return sorted(member.value for member in PeftType)
