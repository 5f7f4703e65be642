"""The table of class weights is transformers' own, and clears only bases that hold them all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from export_class_weights import TYPES, _build, _stated, table
from folders import Tensors, llama_tensors, make_lora, make_model, request, the
from msgspec import structs
from shaped_classes import shaped_text
from tiny_models import MakeBase, third_party_noise_off
from transformers import AutoConfig

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import Code, Severity
from mergedesk.export.packed.linear_layers import linear_weights
from mergedesk.pipelines import check as check_module
from mergedesk.pipelines.check import check_with_libraries
from mergedesk.planning.known_classes import SHAPED, TABLE, is_plainly_whole, linear_weights_of_table
from mergedesk.runtime.bounded_call import Limits
from mergedesk.storage.safetensors_header import TensorRecord

NORM = "model.layers.1.input_layernorm.weight"


@pytest.mark.slow
def test_table_is_of_the_installed_transformers() -> None:
    with third_party_noise_off():
        assert json.loads(TABLE.read_text(encoding="utf-8")) == table(), (
            "transformers changed: run python tests/tools/export_class_weights.py"
        )


@pytest.mark.slow
def test_shapes_are_of_the_installed_transformers() -> None:
    with third_party_noise_off():
        assert SHAPED.read_text(encoding="utf-8") == shaped_text(), (
            "transformers changed: run python tests/tools/export_class_weights.py"
        )


@pytest.mark.slow
@pytest.mark.parametrize("model_type", TYPES)
def test_matrices_within_layers_are_the_linear_layers(model_type: str) -> None:
    with third_party_noise_off():
        model = _build(model_type, _stated(AutoConfig.for_model(model_type), 0))
    known = json.loads(TABLE.read_text(encoding="utf-8"))["classes"].get(type(model).__name__)
    if known is None:
        return
    inner = {name for name, shape in known["inner"].items() if len(shape) > 1}
    told = {f"{known['layers']}{number}{name}" for number in range(2) for name in inner}
    head = model.get_output_embeddings()
    linear = {name for name, layer in model.named_modules() if type(layer) is torch.nn.Linear and layer is not head}
    assert told == {f"{name}.weight" for name in linear}


def test_a_table_tells_what_the_class_says(base_of: MakeBase) -> None:
    base = read_checkpoint(base_of("llama"))
    asked = linear_weights(base.folder)
    assert asked.built
    assert asked.names
    assert linear_weights_of_table(base) == asked.names
    assert linear_weights_of_table(replace(base, config={**base.config, "architectures": ["Odd"]})) is None
    assert linear_weights_of_table(read_checkpoint(base_of("gpt2"))) is None


@pytest.mark.parametrize("kind", ["gpt2", "t5", "bert", "mixtral"])
def test_other_classes_are_cleared_if_they_hold_every_weight(kind: str, base_of: MakeBase) -> None:
    base = read_checkpoint(base_of(kind))
    assert is_plainly_whole(base)
    assert not is_plainly_whole(replace(base, config={**base.config, "model_type": "other"}))
    for name, tensor in base.tensors.items():
        less = {key: value for key, value in base.tensors.items() if key != name}
        assert not is_plainly_whole(replace(base, tensors=less)), name
        assert isinstance(tensor, TensorRecord)
        wider = structs.replace(tensor, shape=(*tensor.shape[:-1], tensor.shape[-1] + 1))
        assert not is_plainly_whole(replace(base, tensors={**base.tensors, name: wider})), name


def test_the_prefix_of_a_bare_model_may_be_left_out_of_all_names(base_of: MakeBase) -> None:
    base = read_checkpoint(base_of("gpt2"))
    bare = {name.removeprefix("transformer."): tensor for name, tensor in base.tensors.items()}
    assert is_plainly_whole(replace(base, tensors=bare))
    one = "transformer.wte.weight"
    mixed = {**{name: tensor for name, tensor in bare.items() if name != "wte.weight"}, one: base.tensors[one]}
    assert not is_plainly_whole(replace(base, tensors=mixed))


def test_a_whole_model_is_cleared(tmp_path: Path) -> None:
    assert is_plainly_whole(read_checkpoint(make_model(tmp_path / "base")))
    tensors = llama_tensors()
    del tensors["lm_head.weight"]
    assert is_plainly_whole(read_checkpoint(make_model(tmp_path / "tied", tensors, tie_word_embeddings=True)))


def without(name: str) -> Callable[[Tensors], Tensors]:
    return lambda tensors: {key: value for key, value in tensors.items() if key != name}


def unchanged(tensors: Tensors) -> Tensors:
    return tensors


@pytest.mark.parametrize(
    ("change", "config"),
    [
        (without(NORM), {}),
        (without("model.norm.weight"), {}),
        (without("lm_head.weight"), {}),
        (lambda tensors: {key.replace("mlp", "ffn"): value for key, value in tensors.items()}, {}),
        (lambda tensors: {**tensors, NORM: torch.ones(31)}, {}),
        (unchanged, {"attention_bias": True}),
        (unchanged, {"num_hidden_layers": 3}),
        (unchanged, {"num_hidden_layers": 10**12}),
        (unchanged, {"num_hidden_layers": None}),
        (unchanged, {"head_dim": 16}),
        (unchanged, {"vocab_size": 100}),
        (unchanged, {"vocab_size": "99"}),
        (unchanged, {"model_type": "mistral"}),
        (unchanged, {"architectures": ["LlamaForSequenceClassification"]}),
    ],
)
def test_what_may_lack_something_is_left_in_doubt(
    change: Callable[[Tensors], Tensors], config: dict[str, object], tmp_path: Path
) -> None:
    assert not is_plainly_whole(read_checkpoint(make_model(tmp_path / "base", change(llama_tensors()), **config)))


def test_the_libraries_are_asked_where_there_is_a_doubt_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def bounded(function: object, *_: object, **__: object) -> tuple[()]:
        asked.append(function)
        return ()

    adapter = make_lora(tmp_path / "adapter")
    monkeypatch.setattr(check_module, "bounded", bounded)
    found = check_with_libraries(request(make_model(tmp_path / "base"), adapter))
    assert (found.refused, asked) == (False, [])
    assert Code.TOKENIZER_ABSENT in {finding.code for finding in found.findings}
    check_with_libraries(request(make_model(tmp_path / "less", without(NORM)(llama_tensors())), adapter))
    assert len(asked) == 1


def test_what_the_libraries_did_not_say_in_time_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = make_model(tmp_path / "base", without(NORM)(llama_tensors()))
    monkeypatch.setattr(check_module, "SECONDS", 0.1)
    found = check_with_libraries(request(base, make_lora(tmp_path / "adapter")))
    assert the(found.findings, Code.LIBRARIES_NOT_ASKED).severity is Severity.INFO
    assert not found.refused


def test_a_check_takes_ten_seconds_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Limits] = []

    def bounded(*_: object, limits: Limits, **__: object) -> tuple[()]:
        given.append(limits)
        return ()

    monkeypatch.setattr(check_module, "bounded", bounded)
    base = make_model(tmp_path / "base", without(NORM)(llama_tensors()))
    check_with_libraries(request(base, make_lora(tmp_path / "adapter")))
    check_with_libraries(request(base, tmp_path / "adapter"), spent=5)
    assert 5 < given[0].seconds <= 8.5
    assert given[1].seconds <= 3.5
