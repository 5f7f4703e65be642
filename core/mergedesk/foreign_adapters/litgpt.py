"""litgpt: ``lit_model.pth.lora`` with one pair for queries, keys and values together.

A has r rows for each of the three that is trained, B all rows of the first, then of the next; heads lie as
transformers has them. The ranks and the scaling are in ``hyperparameters.yaml``, the heads in ``model_config.yaml``.
Source: ``litgpt.lora``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..domain.findings import Code, UserError
from ..storage.bounded_json import read_bounded
from ..storage.pickle.weights import read_pickled
from ..storage.safetensors_header import TensorRecord
from .named_pairs import pairs_by_name
from .origin import Origin, Source
from .peft_form import ForeignContents, Pair, as_peft, odd_tensors
from .views import rows_of

_NAME = "litgpt"
_WEIGHTS, _TRAINING, _MODEL = "lit_model.pth.lora", "hyperparameters.yaml", "model_config.yaml"
_MOST_BYTES = 1_000_000
_PART = re.compile(r"^(?P<module>.+)\.(?P<part>lora_A|lora_B)$")
_LAYER = re.compile(r"^transformer\.h\.(?P<layer>\d+)\.(?P<module>.+)$")
_MODULES = {
    "attn.qkv": "self_attn.qkv", "attn.attn": "self_attn.qkv", "attn.proj": "self_attn.o_proj",
    "mlp.fc_1": "mlp.gate_proj", "mlp.fc_2": "mlp.up_proj", "mlp.proj": "mlp.down_proj",
}  # fmt: skip
_THREE = (("q_proj", "lora_query"), ("k_proj", "lora_key"), ("v_proj", "lora_value"))
_MLPS = ("LLaMAMLP", "GemmaMLP")
_FIELD = re.compile(r"^(\w+):[ \t]*([^\s#]+)[ \t]*$", re.MULTILINE)
Fields = Mapping[str, str]


def _find(source: Source) -> Path | None:
    return source.folder / _WEIGHTS if source.has(_WEIGHTS) else None


def _read(source: Source, file: Path) -> Adapter:
    training, model = _fields(source.folder / _TRAINING), _fields(source.folder / _MODEL)
    joined = pairs_by_name(_NAME, read_pickled(file).header.tensors, _PART, _module)
    if model.get("mlp_class_name") not in _MLPS:
        raise UserError(Code.FOREIGN_BASE_UNKNOWN, tool=_NAME, model_type=model.get("name", "?"), known=list(_MLPS))
    alpha = float(_number(training, "lora_alpha", _TRAINING))
    pairs = dict(_apart(joined, training, model))
    return as_peft(_NAME, source.folder, file, ForeignContents(pairs, lambda _rank: alpha))


def _fields(file: Path) -> Fields:
    """The plain fields at the top of a YAML file; none where it is not there."""
    if not file.is_file():
        return {}
    return dict(_FIELD.findall(read_bounded(file, _MOST_BYTES).decode("utf-8", "replace")))


def _number(fields: Fields, name: str, file: str) -> int:
    value = fields.get(name, "")
    if not value.isdigit():
        raise UserError(Code.FOREIGN_SCALING_UNKNOWN, tool=_NAME, file=file, name=name)
    return int(value)


def _module(name: str) -> str | None:
    """What transformers calls a module, of which three are one here."""
    match = _LAYER.match(name)
    if match is None:
        return "lm_head" if name == "lm_head" else None
    known = _MODULES.get(match["module"])
    return known and f"model.layers.{match['layer']}.{known}"


def _apart(joined: Mapping[str, Pair], training: Fields, model: Fields) -> Iterator[tuple[str, Pair]]:
    for module, pair in joined.items():
        if module.endswith(".qkv"):
            yield from _three(module.removesuffix("qkv"), pair, training, model)
        else:
            yield module, pair


def _three(parent: str, pair: Pair, training: Fields, model: Fields) -> Iterator[tuple[str, Pair]]:
    """The pairs of those of the three that are trained."""
    head = _number(model, "head_size", _MODEL)
    heads, groups = _number(model, "n_head", _MODEL), _number(model, "n_query_groups", _MODEL)
    trained = [(name, heads if name == "q_proj" else groups) for name, flag in _THREE if training.get(flag) == "true"]
    rank, outputs = pair.b.shape[-1], sum(count * head for _, count in trained)
    if not _agree(pair.a, pair.b, rank * len(trained), outputs):
        raise odd_tensors(_NAME, [pair.a.name, pair.b.name])
    first = 0
    for place, (name, count) in enumerate(trained):
        yield parent + name, Pair(rows_of(pair.a, place * rank, rank), rows_of(pair.b, first, count * head))
        first += count * head


def _agree(a: TensorRecord, b: TensorRecord, rows: int, outputs: int) -> bool:
    return len(a.shape) == len(b.shape) == 2 and (a.shape[0], b.shape[0]) == (rows, outputs)


ORIGIN = Origin(_NAME, Code.FOREIGN_READ_SPLIT, find=_find, read=_read)
