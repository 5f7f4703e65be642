"""What the weights of any class of transformers are called, with shapes in terms of its config: found by trying sizes.

A class is built and saved with two sets of sizes, no two of them equal; a dimension is the first expression that is
right in both. What cannot be expressed is left out, and with it the class.
"""

from __future__ import annotations

import json
import re
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoConfig

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.planning.shaped_classes import COUNTED, evaluate, known_sizes, weights

_VALUES: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("hidden_size", "n_embd", "d_model", "dim"), (48, 84)),
    **dict.fromkeys(("intermediate_size", "d_ff", "hidden_dim", "encoder_ffn_dim", "ffn_dim"), (112, 36)),
    "decoder_ffn_dim": (116, 44),
    "vocab_size": (200, 501),
    **dict.fromkeys(("num_attention_heads", "n_head", "num_heads", "n_heads", "encoder_attention_heads"), (6, 3)),
    "decoder_attention_heads": (6, 3),
    "num_key_value_heads": (2, 3),
    **dict.fromkeys(("d_kv", "head_dim"), (10, 22)),
    **dict.fromkeys(("max_position_embeddings", "n_positions", "max_source_positions"), (70, 94)),
    "max_target_positions": (74, 98),
    "type_vocab_size": (5, 7),
    "relative_attention_num_buckets": (34, 38),
    **dict.fromkeys(("num_hidden_layers", "n_layer", "num_layers", "n_layers", "encoder_layers"), (2, 4)),
    **dict.fromkeys(("num_decoder_layers", "decoder_layers"), (3, 5)),
    **dict.fromkeys(("num_experts", "num_local_experts"), (8, 9)),
    "moe_intermediate_size": (52, 68),
    "shared_expert_intermediate_size": (56, 76),
    "image_size": (40, 72),
    "patch_size": (8, 12),
    "num_mel_bins": (18, 26),
    "num_labels": (13, 17),
}
_ALWAYS = {"pad_token_id": 0}
# Fields of no number and no truth value that no weight depends on.
_FREE = re.compile(
    r"architectures|.*dtype|transformers_version|.*_act|.*activation\w*|_name_or_path|problem_type|id2label|label2id"
    r"|.*_token_id|.*_tokens|begin_.*|task_specific_params|rope_\w+|.*_implementation|layer_types|model_type"
    r"|chunk_size_\w+|output_\w+|return_dict|initializer\w*|summary_\w+|sliding_window|max_window_layers|median_\w+"
    r"|\w*dropout\w*|\w*_?pdrop|\w*_eps\w*|\w*epsilon|drop_path_rate"
)
_CLASSES: Mapping[str, Sequence[str]] = {
    "llama": ("LlamaForSequenceClassification", "LlamaForTokenClassification"),
    "mistral": ("MistralForSequenceClassification",),
    "qwen2": ("Qwen2ForSequenceClassification", "Qwen2ForTokenClassification", "Qwen2Model"),
    "qwen3": ("Qwen3ForSequenceClassification", "Qwen3Model"),
    "gemma": ("GemmaForSequenceClassification",),
    "gemma2": ("Gemma2ForSequenceClassification",),
    "gpt2": ("GPT2LMHeadModel", "GPT2ForSequenceClassification", "GPT2Model"),
    "gpt_neox": ("GPTNeoXForCausalLM",),
    "gptj": ("GPTJForCausalLM",),
    "codegen": ("CodeGenForCausalLM",),
    "gpt_bigcode": ("GPTBigCodeForCausalLM",),
    "bloom": ("BloomForCausalLM",),
    "opt": ("OPTForCausalLM",),
    "phi": ("PhiForCausalLM",),
    "falcon": ("FalconForCausalLM",),
    "gpt_oss": ("GptOssForCausalLM",),
    "mixtral": ("MixtralForCausalLM",),
    "qwen2_moe": ("Qwen2MoeForCausalLM",),
    "qwen3_moe": ("Qwen3MoeForCausalLM",),
    "olmoe": ("OlmoeForCausalLM",),
    "granitemoe": ("GraniteMoeForCausalLM",),
    "phimoe": ("PhimoeForCausalLM",),
    "bert": (
        "BertModel", "BertForMaskedLM", "BertForSequenceClassification", "BertForTokenClassification",
        "BertForQuestionAnswering", "BertForMultipleChoice",
    ),
    "roberta": (
        "RobertaModel", "RobertaForMaskedLM", "RobertaForSequenceClassification", "RobertaForTokenClassification",
        "RobertaForQuestionAnswering",
    ),
    "xlm-roberta": (
        "XLMRobertaModel", "XLMRobertaForMaskedLM", "XLMRobertaForSequenceClassification",
        "XLMRobertaForTokenClassification",
    ),
    "distilbert": (
        "DistilBertModel", "DistilBertForMaskedLM", "DistilBertForSequenceClassification",
        "DistilBertForTokenClassification",
    ),
    "electra": ("ElectraForSequenceClassification",),
    "deberta-v2": ("DebertaV2ForSequenceClassification", "DebertaV2ForTokenClassification"),
    "modernbert": ("ModernBertForMaskedLM", "ModernBertForSequenceClassification"),
    "mpnet": ("MPNetModel",),
    "vit": ("ViTModel", "ViTForImageClassification"),
    "deit": ("DeiTForImageClassification",),
    "clip_vision_model": ("CLIPVisionModel",),
    "t5": ("T5ForConditionalGeneration", "T5EncoderModel"),
    "mt5": ("MT5ForConditionalGeneration",),
    "umt5": ("UMT5ForConditionalGeneration",),
    "bart": ("BartForConditionalGeneration", "BartForSequenceClassification"),
    "mbart": ("MBartForConditionalGeneration",),
    "pegasus": ("PegasusForConditionalGeneration",),
    "m2m_100": ("M2M100ForConditionalGeneration",),
    "marian": ("MarianMTModel",),
    "whisper": ("WhisperForConditionalGeneration", "WhisperForAudioClassification"),
}  # fmt: skip
# Settings other than the usual that many models have.
_ALSO: Mapping[str, Mapping[str, Any]] = {
    "T5ForConditionalGeneration": {
        "feed_forward_proj": "gated-gelu", "dense_act_fn": "gelu_new", "tie_word_embeddings": False,
    },
}  # fmt: skip
Shapes = Mapping[str, tuple[int, ...]]


def shaped_table() -> dict[str, list[dict[str, Any]]]:
    """All that can be told, by the name of the class."""
    named = [(name, model_type) for model_type, names in _CLASSES.items() for name in names]
    told = {name: [describe(name, model_type)] for name, model_type in named}
    for name, fixed in _ALSO.items():
        told[name].append(describe(name, told[name][0]["model_type"], **fixed))
    return {name: kept for name, records in sorted(told.items()) if (kept := [one for one in records if one])}


def shaped_text() -> str:
    """The table's text, a line for each class."""
    table = json.loads(json.dumps(shaped_table()))
    lines = (f"{json.dumps(name)}: {json.dumps(records, sort_keys=True)}" for name, records in table.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def describe(class_name: str, model_type: str, **fixed: Any) -> dict[str, Any] | None:
    """The class's weights if ``fixed`` fields are as given, or None where its config does not tell them."""
    plain = AutoConfig.for_model(model_type, **fixed)
    drawn = [{name: _VALUES[name][number] for name in _fields(plain)} for number in (0, 1)]
    saved = [_saved(class_name, model_type, {**fixed, **sizes}) for sizes in drawn]
    sizes = [known_sizes({"head_dim": _head_dim(one), **one}, plain.num_labels) for one in drawn]
    outer, stacks = _stacked(saved, sizes)
    described = {
        "model_type": model_type,
        "prefix": getattr(transformers, class_name).base_model_prefix,
        "shares_heads": _shares_heads(model_type),
        "sizes": _used(outer, stacks),
        "outer": outer,
        "stacks": stacks,
    }
    if outer is None or any(
        dict(weights(described, one)) != dict(all_) for one, all_ in zip(sizes, saved, strict=True)
    ):
        return None
    if not stacks:
        return None
    return {**described, "same": _same(class_name, model_type, {**fixed, **drawn[0]}, plain.to_dict(), fixed)}


def _fields(plain: Any) -> list[str]:
    said = plain.to_dict()
    return [
        name
        for name in _VALUES
        if isinstance(said.get(name), int) or name == "num_labels" or name == "head_dim" in said
    ]


def _head_dim(sizes: Mapping[str, int]) -> int | None:
    """What the heads share out, where the config has no such field."""
    heads = sizes.get("num_attention_heads")
    return sizes["hidden_size"] // heads if heads and "hidden_size" in sizes else None


def _shares_heads(model_type: str) -> bool:
    config = AutoConfig.for_model(model_type, hidden_size=96, num_attention_heads=4)
    return getattr(config, "head_dim", None) in (None, 24)


def _used(outer: Mapping[str, Any] | None, stacks: Sequence[Mapping[str, Any]]) -> list[str]:
    """The fields that expressions and counts are made of."""
    shapes = list(_all_shapes(outer or {}, stacks))
    used = {word for shape in shapes for text in shape for word in re.findall(r"[a-z_]\w*", text)}
    used |= {stack[key] for stack in stacks for key in ("count", "within") if stack[key]}
    used |= {"image_size", "patch_size"} if "patches" in used else set()
    return sorted(used - {"patches", "num_labels"})


def _all_shapes(outer: Mapping[str, Any], stacks: Iterable[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    yield from outer.values()
    for stack in stacks:
        yield from stack["inner"].values()


def _build(class_name: str, model_type: str, changes: Mapping[str, Any], device: str) -> Any:
    with warnings.catch_warnings(), torch.device(device):
        warnings.simplefilter("ignore")
        return getattr(transformers, class_name)(AutoConfig.for_model(model_type, **{**_ALWAYS, **changes}))


def _built(class_name: str, model_type: str, changes: Mapping[str, Any]) -> Shapes:
    model = _build(class_name, model_type, changes, "meta")
    return {name: tuple(weight.shape) for name, weight in model.named_parameters()}


def _saved(class_name: str, model_type: str, changes: Mapping[str, Any]) -> Shapes:
    """As they are stored, which differs where a class puts weights together."""
    with tempfile.TemporaryDirectory() as folder:
        _build(class_name, model_type, changes, "cpu").save_pretrained(folder)
        stored = read_checkpoint(Path(folder)).tensors
    return {name: tensor.shape for name, tensor in stored.items()}


def _stacked(
    saved: Sequence[Shapes], sizes: Sequence[Mapping[str, int]]
) -> tuple[dict[str, list[str]] | None, list[dict[str, Any]]]:
    """What lies outside of layers, and each stack of layers; experts within one are numbered as well."""
    outer: dict[str, list[str]] = {}
    stacks: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    counts = [_counts(shapes) for shapes in saved]
    for name in saved[0]:
        before, after = _split(name)
        count = _field([number.get(before, 0) for number in counts], sizes)
        place, inner = (
            (before, after) if count and all(_in_each(before, after, shapes) for shapes in saved) else ("", name)
        )
        head, _, tail = inner.partition(".experts.")
        expert = re.sub(r"^\d+", "#", tail)
        within = _field([_experts(shapes, name.partition(".experts.")[0]) for shapes in saved], sizes) if tail else ""
        inner = f"{head}.experts.{expert}" if within else inner
        said = [shapes.get(name) for shapes in saved]
        told = _told([one for one in said if one is not None], sizes) if None not in said else None
        if told is None:
            return None, []
        if place:
            stacks.setdefault((place, count, within), {})[inner] = told
        else:
            outer[name] = told
    made = [{"before": key[0], "count": key[1], "within": key[2], "inner": inner} for key, inner in stacks.items()]
    return outer, made


def _split(name: str) -> tuple[str, str]:
    match = COUNTED.match(name)
    return (match["before"], match["after"]) if match else ("", name)


def _counts(shapes: Shapes) -> dict[str, int]:
    numbers: dict[str, set[int]] = {}
    for name in shapes:
        if match := COUNTED.match(name):
            numbers.setdefault(match["before"], set()).add(int(match["number"]))
    return {before: len(found) for before, found in numbers.items()}


def _in_each(before: str, after: str, shapes: Shapes) -> bool:
    return all(f"{before}{number}{after}" in shapes for number in range(_counts(shapes).get(before, 0)))


def _experts(shapes: Shapes, before: str) -> int:
    return len({name[len(before) :].split(".")[2] for name in shapes if name.startswith(f"{before}.experts.")})


def _field(values: Sequence[int], sizes: Sequence[Mapping[str, int]]) -> str:
    return next((name for name in sizes[0] if [one[name] for one in sizes] == list(values)), "")


def _told(shapes: Sequence[tuple[int, ...]], sizes: Sequence[Mapping[str, int]]) -> list[str] | None:
    texts = [_expression(values, sizes) for values in zip(*shapes, strict=True)]
    return None if None in texts else [text for text in texts if text]


def _expression(values: Sequence[int], sizes: Sequence[Mapping[str, int]]) -> str | None:
    right = (text for text in _candidates(list(sizes[0])) if [evaluate(text, one) for one in sizes] == list(values))
    constant = str(values[0]) if values[0] == values[1] else None
    return next(right, constant)


def _candidates(names: Sequence[str]) -> Iterator[str]:
    yield from names
    yield from (f"{count} * {name}" for name in names for count in (2, 3, 4))
    yield from (f"{one} * {other}" for one, other in combinations_with_replacement(names, 2))
    yield from (f"{name} + {count}" for name in names for count in (1, 2))
    yield from (f"2 * {one} * {other}" for one, other in combinations_with_replacement(names, 2))


def _same(
    class_name: str, model_type: str, drawn: Mapping[str, Any], plain: Mapping[str, Any], fixed: Mapping[str, Any]
) -> dict[str, Any]:
    """Fields that must be as they are by default, since weights depend on them, or may do so."""
    built = _built(class_name, model_type, drawn)
    return {
        name: value
        for name, value in plain.items()
        if (name not in drawn or name in fixed)
        and name not in _ALWAYS
        and not _FREE.fullmatch(name)
        and any(_changes(class_name, model_type, {**drawn, name: other}, built) for other in _others(value))
    }


def _others(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    return [value + 1, 2 * value + 2] if isinstance(value, int | float) else [object]


def _changes(class_name: str, model_type: str, changes: Mapping[str, Any], built: Shapes) -> bool:
    try:
        return object in changes.values() or _built(class_name, model_type, changes) != built
    except Exception:  # what cannot be built so is not told either
        return True
