"""The peft engine against PEFT's own script: layer by layer, and the whole model where nothing else is sound."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from folders import (
    HIDDEN,
    VOCABULARY,
    assert_says,
    contents,
    failed,
    linear_modules,
    llama_tensors,
    lora_tensors,
    make_lora,
    make_model,
    make_sharded_model,
    make_tokenizer,
    read_json,
    request,
    the,
    write_json,
    write_tensors,
)
from peft.tuners.lora.config import KasaConfig
from safetensors.torch import load_file, save_file
from tiny_models import (
    DTYPES,
    assert_same_tensors,
    load,
    make_base,
    merge_with_peft,
    peft_model,
    randomise_trainable,
    same_bits,
    tensors,
    third_party_noise_off,
)

from mergedesk.checkpoints.adapter import read_adapter
from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import CheckCode, CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine, Precision
from mergedesk.engines.peft import layers
from mergedesk.engines.peft.attach import attach
from mergedesk.engines.peft.survey import survey
from mergedesk.output.shards import create_shards
from mergedesk.pipelines.merge import merge as run_merge
from mergedesk.planning.layout import make_layout

LINEAR = ["q_proj", "v_proj", "down_proj"]
LORA: dict[str, Any] = {"r": 4, "lora_alpha": 8, "target_modules": LINEAR}
KEEP = {"modules_to_save": ["lm_head", "norm"]}
IA3: dict[str, Any] = {"target_modules": ["k_proj", "down_proj"], "feedforward_modules": ["down_proj"]}
METHODS: Mapping[str, peft.PeftConfig] = {
    "dora": peft.LoraConfig(use_dora=True, **LORA),
    "dora_saved": peft.LoraConfig(use_dora=True, **LORA, **KEEP),
    "dora_embedding": peft.LoraConfig(r=4, use_dora=True, target_modules=["q_proj", "embed_tokens"]),
    "ia3": peft.IA3Config(**IA3),
    "ia3_saved": peft.IA3Config(**IA3, **KEEP),
    "loha": peft.LoHaConfig(r=4, alpha=8, target_modules=LINEAR),
    "loha_saved": peft.LoHaConfig(r=4, alpha=8, target_modules=LINEAR, **KEEP),
    "lokr": peft.LoKrConfig(r=4, alpha=8, target_modules=LINEAR),
    "ln_tuning": peft.LNTuningConfig(target_modules=["input_layernorm", "norm"]),
    "vera": peft.VeraConfig(r=8, target_modules=["q_proj", "v_proj"]),
    "oft": peft.OFTConfig(oft_block_size=8, target_modules=LINEAR),
    "boft": peft.BOFTConfig(boft_block_size=4, target_modules=LINEAR),
    "hra": peft.HRAConfig(r=4, target_modules=LINEAR),
    "adalora": peft.AdaLoraConfig(init_r=6, target_r=4, total_step=10, target_modules=LINEAR),
    "target_parameters": peft.LoraConfig(r=4, target_modules=[], target_parameters=["q_proj.weight"]),
    "pissa": peft.LoraConfig(init_lora_weights="pissa", **LORA),
    "pissa_dora": peft.LoraConfig(init_lora_weights="pissa", use_dora=True, **LORA),
    "olora": peft.LoraConfig(init_lora_weights="olora", **LORA),
    "kasa": peft.LoraConfig(kasa_config=KasaConfig(), **LORA),
    "token_indices": peft.LoraConfig(trainable_token_indices=[3, 7], **LORA),
    "unilora": peft.UniLoraConfig(r=4, target_modules=LINEAR),
}
Get = Callable[[str], Path]
# What PEFT says of norms that are no nn.LayerNorm.
pytestmark = pytest.mark.filterwarnings("ignore:Unsupported layer type")


def train(base: Path, config: peft.PeftConfig, folder: Path, **saving: Any) -> Path:
    """An adapter with random values everywhere, saved by PEFT."""
    torch.manual_seed(3)
    config = copy.deepcopy(config)
    config.task_type = "CAUSAL_LM"
    with third_party_noise_off():
        model = peft.get_peft_model(load("llama", base), config)
        randomise_trainable(model)
        model.save_pretrained(folder, **saving)
    return folder


@pytest.fixture(scope="module")
def base_in(tmp_path_factory: pytest.TempPathFactory) -> Get:
    made: dict[str, Path] = {}

    def get(dtype: str) -> Path:
        if dtype not in made:
            folder = tmp_path_factory.mktemp("bases") / "base"
            made[dtype] = make_model(folder, llama_tensors(dtype=DTYPES[dtype]), dtype=dtype)
        return made[dtype]

    return get


@pytest.fixture(scope="module")
def adapter_of(base_in: Get, tmp_path_factory: pytest.TempPathFactory) -> Get:
    made: dict[str, Path] = {}

    def get(method: str) -> Path:
        if method not in made:
            made[method] = train(base_in("float32"), METHODS[method], tmp_path_factory.mktemp(method))
        return made[method]

    return get


def merge(base: Path, adapter: Path, output: Path, engine: Engine = Engine.PEFT, **options: Any) -> MergeReport:
    options["engine"] = engine
    return run_merge(request(base, adapter, output, **options), lambda _: None, CancelToken())


def assert_merged(report: MergeReport) -> None:
    assert [(one.code.value, dict(one.data)) for one in report.findings if one.severity is Severity.ERROR] == []
    assert report.status is MergeStatus.MERGED
    assert [one.code.value for one in report.checks if one.status in (CheckStatus.FAIL, CheckStatus.WARN)] == []


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("method", METHODS)
def test_every_tensor_is_peft_s(method: str, dtype: str, base_in: Get, adapter_of: Get, tmp_path: Path) -> None:
    base, adapter = base_in(dtype), adapter_of(method)
    before = contents(base)
    report = merge(base, adapter, tmp_path / "ours")
    assert_merged(report)
    assert report.engine == "peft"
    assert report.engine_reason in (Code.NEEDS_PEFT_ENGINE, Code.ENGINE_CHOSEN)
    assert report.modules.targeted == report.modules.matched > 0
    assert report.tensors.merged + report.tensors.replaced >= 2
    assert_same_tensors(tmp_path / "ours", merge_with_peft("llama", base, adapter, tmp_path / "peft", dtype))
    assert contents(base) == before
    assert (tmp_path / "ours" / "config.json").read_bytes() == (base / "config.json").read_bytes()


# These take the base apart anew at each precision, so that there is no one truth to be near to.
TAKE_APART = ("pissa", "pissa_dora", "olora", "kasa")
CONVERTED = [name for name in METHODS if name not in TAKE_APART]
TO = (("float32", "bfloat16"), ("bfloat16", "float16"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "stored", "wanted"), [(name, *TO[number % 2]) for number, name in enumerate([*CONVERTED, "ia3", "dora"])]
)
def test_conversion_is_no_further_from_the_truth_than_peft_s(
    method: str, stored: str, wanted: str, base_in: Get, adapter_of: Get, tmp_path: Path
) -> None:
    base, adapter = base_in(stored), adapter_of(method)
    assert_merged(merge(base, adapter, tmp_path / "ours", precision=Precision(wanted)))
    ours = tensors(tmp_path / "ours")
    theirs = tensors(merge_with_peft("llama", base, adapter, tmp_path / "peft", wanted))
    with third_party_noise_off():
        exact = peft_model("llama", base, adapter, "float64").merge_and_unload().state_dict()
    for name, tensor in ours.items():
        assert tensor.dtype == DTYPES[wanted]
        our_error, their_error = ((one[name].double() - exact[name]).abs().sum() for one in (ours, theirs))
        assert our_error <= their_error * (1 + 1e-6), name


@pytest.mark.parametrize("method", TAKE_APART)
def test_conversion_of_a_base_taken_apart_is_in_float32(
    method: str, base_in: Get, adapter_of: Get, tmp_path: Path
) -> None:
    base, adapter = base_in("float16"), adapter_of(method)
    assert_merged(merge(base, adapter, tmp_path / "ours", precision=Precision.BFLOAT16))
    ours = tensors(tmp_path / "ours")
    with third_party_noise_off():
        exact = peft_model("llama", base, adapter, "float32").merge_and_unload().state_dict()
    assert [name for name, tensor in ours.items() if not torch.equal(tensor, exact[name].bfloat16())] == []


@pytest.mark.parametrize("method", ["dora_saved", "pissa"])
def test_files_around_the_weights(method: str, base_in: Get, adapter_of: Get, tmp_path: Path) -> None:
    """All but the weights and the config are the base's own bytes, the generation config too."""
    base = make_tokenizer(make_sharded_model(tmp_path / "base"))
    write_json(base / "generation_config.json", {"do_sample": False, "temperature": 0.6, "top_p": 0.9})
    report = merge(base, adapter_of(method), tmp_path / "out", precision=Precision.FLOAT32, max_shard_size=60_000)
    assert_merged(report)
    written = {path.name for path in (tmp_path / "out").iterdir()}
    weights = {name for name in written if name.endswith(".safetensors")}
    assert len(weights) > 1
    assert written - weights == {
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "model.safetensors.index.json", "mergedesk-report.json", "README.md",
    }  # fmt: skip
    for name in ("generation_config.json", "tokenizer.json"):
        assert (tmp_path / "out" / name).read_bytes() == (base / name).read_bytes()
    assert read_json(tmp_path / "out" / "config.json") == {**read_json(base / "config.json"), "dtype": "float32"}


def test_plain_lora_by_choice_is_the_streamed_one_to_the_byte(base_in: Get, tmp_path: Path) -> None:
    base, adapter = base_in("bfloat16"), make_lora(tmp_path / "adapter")
    assert_merged(merge(base, adapter, tmp_path / "streamed", Engine.STREAMING))
    report = merge(base, adapter, tmp_path / "layers")
    assert_merged(report)
    assert (report.engine, report.engine_reason) == ("peft", Code.ENGINE_CHOSEN)
    theirs = merge_with_peft("llama", base, adapter, tmp_path / "peft", "bfloat16")
    name = "model.safetensors"
    streamed, layers = ((tmp_path / one / name).read_bytes() for one in ("streamed", "layers"))
    assert streamed == layers
    assert_same_tensors(tmp_path / "layers", theirs)


@pytest.mark.parametrize("precision", [Precision.AUTO, Precision.FLOAT32])
def test_weights_that_loading_would_round_come_from_the_file(precision: Precision, tmp_path: Path) -> None:
    mixed = llama_tensors()
    name = "model.layers.0.self_attn.k_proj.weight"
    mixed[name] = torch.randn(HIDDEN, HIDDEN)
    base = make_model(tmp_path / "base", mixed)
    adapter = train(make_model(tmp_path / "plain"), METHODS["ia3"], tmp_path / "adapter")
    assert_merged(merge(base, adapter, tmp_path / "out", precision=precision))
    stored = load_file(adapter / "adapter_model.safetensors")
    factor = stored["base_model.model.model.layers.0.self_attn.k_proj.ia3_l"]
    torch.testing.assert_close(tensors(tmp_path / "out")[name], mixed[name] * factor, atol=0, rtol=1e-6)


# Tied embeddings


@pytest.fixture
def tied(tmp_path: Path) -> Path:
    weights = llama_tensors(dtype=torch.float32)
    del weights["lm_head.weight"]
    return make_model(tmp_path / "tied", weights, tie_word_embeddings=True, dtype="float32")


TIED: Mapping[str, peft.PeftConfig] = {
    "head saved": peft.IA3Config(**IA3, modules_to_save=["lm_head"]),
    "head merged": peft.LoHaConfig(r=4, target_modules=["q_proj", "lm_head"]),
    "embeddings merged": peft.LoraConfig(r=4, use_dora=True, target_modules=["q_proj", "embed_tokens"]),
    "embeddings saved": peft.IA3Config(**IA3, modules_to_save=["embed_tokens"]),
}


@pytest.mark.parametrize("case", TIED)
def test_tied_embeddings_come_apart(case: str, tied: Path, tmp_path: Path) -> None:
    """Each side of the tie becomes what it was while the adapter was unmerged."""
    adapter = train(tied, TIED[case], tmp_path / "adapter", save_embedding_layers=False)
    assert_merged(merge(tied, adapter, tmp_path / "out"))
    assert read_json(tmp_path / "out" / "config.json")["tie_word_embeddings"] is False
    unmerged = logits(peft_model("llama", tied, adapter))
    assert not torch.allclose(unmerged, logits(load("llama", tied)), atol=1e-3)
    torch.testing.assert_close(logits(load("llama", tmp_path / "out")), unmerged, atol=2e-5, rtol=1e-5)


def logits(model: torch.nn.Module) -> torch.Tensor:
    with torch.no_grad():
        result: torch.Tensor = model(input_ids=torch.tensor([[3, 17, 42, 5, 98, 8]])).logits
    return result


def test_tie_that_nothing_touches_stays(tied: Path, tmp_path: Path) -> None:
    adapter = train(tied, METHODS["ia3"], tmp_path / "adapter")
    assert_merged(merge(tied, adapter, tmp_path / "out"))
    assert (tmp_path / "out" / "config.json").read_bytes() == (tied / "config.json").read_bytes()
    assert "lm_head.weight" not in tensors(tmp_path / "out")


# What must not be passed over


def change_adapter(adapter: Path, target: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> Path:
    stored = load_file(adapter / "adapter_model.safetensors")
    change(stored)
    target.mkdir()
    save_file(stored, target / "adapter_model.safetensors", {"format": "pt"})
    write_json(target / "adapter_config.json", read_json(adapter / "adapter_config.json"))
    return target


@pytest.mark.parametrize(
    ("method", "part", "code"),
    [
        ("ia3", "layers.1.self_attn.k_proj", Code.KEYS_UNMATCHED),
        ("ia3_saved", "lm_head", Code.PEFT_FAILED),
    ],
)
def test_missing_keys_are_refused(
    method: str, part: str, code: Code, base_in: Get, adapter_of: Get, tmp_path: Path
) -> None:
    def drop(stored: dict[str, torch.Tensor]) -> None:
        del stored[next(name for name in stored if part in name)]

    adapter = change_adapter(adapter_of(method), tmp_path / "adapter", drop)
    report = merge(base_in("float32"), adapter, tmp_path / "out")
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, code), Severity.ERROR, part)
    assert not (tmp_path / "out").exists()


def test_keys_that_peft_would_pass_over_are_refused(base_in: Get, adapter_of: Get, tmp_path: Path) -> None:
    def add(stored: dict[str, torch.Tensor]) -> None:
        stored["base_model.model.model.layers.7.self_attn.k_proj.ia3_l"] = torch.ones(HIDDEN, 1)

    adapter = change_adapter(adapter_of("ia3"), tmp_path / "adapter", add)
    report = merge(base_in("float32"), adapter, tmp_path / "out")
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.KEYS_UNMATCHED), Severity.ERROR, "layers.7")


def test_embeddings_saved_along_are_taken(base_in: Get, adapter_of: Get, tmp_path: Path) -> None:
    name = "base_model.model.model.embed_tokens.weight"
    embeddings = torch.randn(VOCABULARY, HIDDEN)
    adapter = change_adapter(adapter_of("dora"), tmp_path / "adapter", lambda stored: stored.update({name: embeddings}))
    report = merge(base_in("float32"), adapter, tmp_path / "out")
    assert_merged(report)
    assert report.tensors.replaced == 1
    assert torch.equal(tensors(tmp_path / "out")["model.embed_tokens.weight"], embeddings)


@pytest.mark.slow
def test_biases_saved_along_are_taken(tmp_path: Path) -> None:
    weights = llama_tensors(dtype=torch.float32)
    weights |= {
        f"{name}.bias": torch.randn(HIDDEN) for name in linear_modules(("q_proj", "k_proj", "v_proj", "o_proj"))
    }
    base = make_model(tmp_path / "base", weights, attention_bias=True, dtype="float32")
    for bias in ("all", "lora_only"):
        adapter = train(base, peft.LoraConfig(use_dora=True, bias=bias, **LORA), tmp_path / f"adapter-{bias}")
        assert_merged(merge(base, adapter, tmp_path / f"ours-{bias}"))
        theirs = merge_with_peft("llama", base, adapter, tmp_path / f"peft-{bias}", "float32")
        assert_same_tensors(tmp_path / f"ours-{bias}", theirs)


def test_layer_that_the_method_leaves_as_it_was_is_warned_of(base_in: Get, adapter_of: Get, tmp_path: Path) -> None:
    def idle(stored: dict[str, torch.Tensor]) -> None:
        stored["base_model.model.model.layers.0.self_attn.k_proj.ia3_l"].fill_(1.0)

    adapter = change_adapter(adapter_of("ia3"), tmp_path / "adapter", idle)
    report = merge(base_in("bfloat16"), adapter, tmp_path / "out")
    assert report.status is MergeStatus.MERGED
    [warned] = [one for one in report.checks if one.status is CheckStatus.WARN]
    assert (warned.code.value, warned.data["count"], warned.data["total"]) == ("targeted_changed", 3, 4)


def test_adapter_that_changes_nothing_fails(base_in: Get, adapter_of: Get, tmp_path: Path) -> None:
    def idle(stored: dict[str, torch.Tensor]) -> None:
        for tensor in stored.values():
            tensor.fill_(1.000001)

    adapter = change_adapter(adapter_of("ia3"), tmp_path / "adapter", idle)
    report = merge(base_in("bfloat16"), adapter, tmp_path / "out")
    assert failed(report.checks) == {"targeted_changed"}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("method", ["ln_tuning", "token_indices"])
def test_untrained_copies_and_token_rows_fail_too(method: str, base_in: Get, adapter_of: Get, tmp_path: Path) -> None:
    def idle(stored: dict[str, torch.Tensor]) -> None:
        own = load_file(base_in("float32") / "model.safetensors")
        for name, tensor in stored.items():
            plain = name.removeprefix("base_model.model.").replace("ln_tuning_layers.", "")
            if "trainable_tokens" in name:
                tensor.copy_(own["model.embed_tokens.weight"][[3, 7]])
            else:
                tensor.copy_(own.get(plain, torch.zeros(())))

    adapter = change_adapter(adapter_of(method), tmp_path / "adapter", idle)
    report = merge(base_in("float32"), adapter, tmp_path / "out")
    assert failed(report.checks) == {"targeted_changed"}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("method", ["lora_merge_off", "half_merge"])
def test_merge_that_did_not_happen_is_found(
    method: str, base_in: Get, adapter_of: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PEFT's layers say they merged, and the engine wrote the base's values all the same."""
    real = layers.write_tensor
    written: list[str] = []

    def write(values: torch.Tensor, placed: Any, output: Any) -> None:
        written.append(placed.tensor.name)
        if method == "lora_merge_off" or len(written) == 1:
            values = llama_tensors(dtype=torch.float32)[placed.tensor.name]
        real(values, placed, output)

    monkeypatch.setattr(layers, "write_tensor", write)
    report = merge(base_in("float32"), adapter_of("ia3"), tmp_path / "out")
    assert failed(report.checks) == {"targeted_changed", "samples_as_expected"}
    check = next(one for one in report.checks if one.code is CheckCode.TARGETED_CHANGED)
    assert check.data["names"] == sorted(written if method == "lora_merge_off" else written[:1])


def test_prompts_are_refused_before_anything_is_loaded(base_in: Get, tmp_path: Path) -> None:
    config = peft.PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=4)
    adapter = train(base_in("float32"), config, tmp_path / "adapter")
    report = merge(base_in("float32"), adapter, tmp_path / "out")
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.METHOD_NOT_MERGEABLE), Severity.ERROR, "PROMPT_TUNING")


def test_what_peft_cannot_take_is_told_in_its_words(base_in: Get, tmp_path: Path) -> None:
    write_tensors(
        tmp_path / "adapter" / "adapter_model.safetensors",
        {"base_model.model.model.layers.0.self_attn.q_proj.hra_u": torch.full((5, 2), 1.5)},
    )
    config = {"peft_type": "HRA", "task_type": "CAUSAL_LM", "target_modules": ["q_proj"], "r": 2}
    write_json(tmp_path / "adapter" / "adapter_config.json", config)
    report = merge(base_in("float32"), tmp_path / "adapter", tmp_path / "out")
    assert report.status is MergeStatus.REFUSED
    finding = the(report.findings, Code.PEFT_FAILED)
    assert_says(finding, Severity.ERROR)
    assert "\n" not in str(finding.data["reason"])


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (MemoryError(), Code.OUT_OF_MEMORY),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), Code.OUT_OF_MEMORY),
        (ValueError("no\nsecond line"), Code.PEFT_FAILED),
    ],
)
def test_trouble_inside_peft(
    trouble: Exception, code: Code, base_in: Get, adapter_of: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(peft.PeftModel, "from_pretrained", fail)
    report = merge(base_in("float32"), adapter_of("ia3"), tmp_path / "out")
    refused = code is Code.PEFT_FAILED
    assert report.status is (MergeStatus.REFUSED if refused else MergeStatus.FAILED)
    assert_says(the(report.findings, code), Severity.ERROR)


def test_saved_modules_beside_ln_tuning(base_in: Get, tmp_path: Path) -> None:
    """PEFT's own merge leaves its wrapper around them, and what it saves is no model; so the unmerged one judges."""
    config = peft.LNTuningConfig(target_modules=["input_layernorm"], modules_to_save=["lm_head"])
    adapter = train(base_in("float32"), config, tmp_path / "adapter")
    report = merge(base_in("float32"), adapter, tmp_path / "out")
    assert_merged(report)
    assert report.tensors.replaced == 3
    unmerged = logits(peft_model("llama", base_in("float32"), adapter))
    torch.testing.assert_close(logits(load("llama", tmp_path / "out")), unmerged, atol=0, rtol=0)


@pytest.mark.parametrize("method", ["ia3", "pissa"])
def test_mapped_weights_are_put_back(method: str, base_in: Get, adapter_of: Get, tmp_path: Path) -> None:
    """Each layer's copy lives only while it is merged, so that memory holds one layer and not the model."""
    base, adapter = read_checkpoint(base_in("bfloat16")), read_adapter(adapter_of(method))
    found = survey(attach(base, adapter), base, adapter)
    assert found.layers
    before = [layer.parameter("weight").data_ptr() for layer in found.layers]
    [mapped] = [one for one in Path("/proc/self/maps").read_text().splitlines() if str(base.folder) in one]
    begin, end = (int(part, 16) for part in mapped.split()[0].split("-"))
    assert all(begin <= address < end for address in before)
    plan = layers.plan_for(found, base, Precision.FLOAT32, ())
    layout, planned = make_layout(plan, base), {tensor.name: tensor for tensor in plan.tensors}
    with create_shards(tmp_path, layout) as outputs:
        merged = layers.merged_values(found.layers, planned, CancelToken())
        layers.write_merged(merged, layout, outputs, lambda *_: None)
    assert len(before) >= 4
    assert [layer.parameter("weight").data_ptr() for layer in found.layers] == before
    assert {layer.parameter("weight").dtype for layer in found.layers} == {torch.bfloat16}


def test_several_shards_and_a_limit(base_in: Get, adapter_of: Get, tmp_path: Path) -> None:
    assert_merged(merge(base_in("bfloat16"), adapter_of("ia3"), tmp_path / "one"))
    assert_merged(merge(base_in("bfloat16"), adapter_of("ia3"), tmp_path / "many", max_shard_size=20_000))
    assert len(list((tmp_path / "many").glob("*.safetensors"))) == 3
    assert_same_tensors(tmp_path / "one", tmp_path / "many")


def test_adapter_of_another_size_names_what_does_not_fit(base_in: Get, tmp_path: Path) -> None:
    wide = lora_tensors()
    name = "base_model.model.model.layers.0.self_attn.q_proj"
    wide[f"{name}.lora_A.weight"] = torch.ones(4, HIDDEN * 2)
    magnitudes = {
        key.replace("lora_B.weight", "lora_magnitude_vector"): b for key, b in wide.items() if "lora_B" in key
    }
    wide |= {key: torch.ones(b.shape[0]) for key, b in magnitudes.items()}
    report = merge(base_in("float32"), make_lora(tmp_path / "adapter", wide, use_dora=True), tmp_path / "out")
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.SHAPE_MISMATCH), Severity.ERROR, "q_proj")


# The whole model in memory: experts that transformers fuses when it loads them


@pytest.fixture(scope="module")
def experts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    base = make_base("mixtral", tmp_path_factory.mktemp("mixtral") / "base", "bfloat16")
    config = peft.LoraConfig(
        task_type="CAUSAL_LM",
        r=4,
        target_modules=["q_proj"],
        target_parameters=["experts.gate_up_proj", "experts.down_proj"],
    )
    torch.manual_seed(3)
    adapter = tmp_path_factory.mktemp("experts") / "adapter"
    with third_party_noise_off():
        model = peft.get_peft_model(load("mixtral", base), config)
        randomise_trainable(model)
        model.save_pretrained(adapter)
    return base, adapter


def test_fused_experts_merge_with_the_whole_model_and_say_so(experts: tuple[Path, Path], tmp_path: Path) -> None:
    base, adapter = experts
    report = merge(base, adapter, tmp_path / "ours")
    assert_merged(report)
    assert report.engine_reason is Code.WHOLE_MODEL
    assert_says(the(report.findings, Code.WHOLE_MODEL), Severity.INFO)
    # Every expert of both layers with its three matrices, and each layer's q_proj.
    assert report.tensors.merged == 2 * (4 * 3 + 1)
    assert_same_tensors(tmp_path / "ours", merge_with_peft("mixtral", base, adapter, tmp_path / "peft"))
    for name in ("config.json", "generation_config.json"):
        assert (tmp_path / "ours" / name).read_bytes() == (base / name).read_bytes()


def test_whole_model_keeps_mixed_dtypes(experts: tuple[Path, Path], tmp_path: Path) -> None:
    """What the adapter does not touch stays the base's to the bit, whatever dtype transformers loads it in."""
    _, adapter = experts
    mixed = make_base("mixtral", tmp_path / "mixed", "bfloat16")
    stored = load_file(mixed / "model.safetensors")
    routers = [name for name in stored if name.endswith("gate.weight")]
    torch.manual_seed(5)
    stored |= {name: torch.randn(stored[name].shape) for name in routers}
    save_file(stored, mixed / "model.safetensors", {"format": "pt"})
    assert_merged(merge(mixed, adapter, tmp_path / "ours"))
    ours = tensors(tmp_path / "ours")
    assert routers
    assert all(same_bits(ours[name], stored[name]) for name in routers)
    with third_party_noise_off():
        exact = peft_model("mixtral", mixed, adapter, "float32").merge_and_unload()
        exact.save_pretrained(tmp_path / "exact")
    for name, tensor in tensors(tmp_path / "exact").items():
        assert same_bits(ours[name], tensor.to(stored[name].dtype)), name


def test_whole_model_converts_with_one_rounding(experts: tuple[Path, Path], tmp_path: Path) -> None:
    base, adapter = experts
    report = merge(base, adapter, tmp_path / "ours", precision=Precision.FLOAT16, max_shard_size=100_000)
    assert_merged(report)
    assert len(list((tmp_path / "ours").glob("*.safetensors"))) > 2
    merge_with_peft("mixtral", base, adapter, tmp_path / "exact", "float32")
    ours = tensors(tmp_path / "ours")
    exact = tensors(tmp_path / "exact")
    assert ours.keys() == exact.keys()
    assert [name for name, tensor in exact.items() if not same_bits(ours[name], tensor.half())] == []


def test_whole_model_that_is_not_merged_is_found(
    experts: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan knows what an adapter should change, so an expert left as it was does not count as untouched."""
    base, adapter = experts
    real = layers.write_tensor
    stored = load_file(base / "model.safetensors")
    skipped = "model.layers.1.block_sparse_moe.experts.2.w2.weight"

    def write(values: torch.Tensor, placed: Any, output: Any) -> None:
        real(stored[skipped] if placed.tensor.name == skipped else values, placed, output)

    monkeypatch.setattr(layers, "write_tensor", write)
    report = merge(base, adapter, tmp_path / "out")
    assert failed(report.checks) == {"targeted_changed"}
    [check] = [one for one in report.checks if one.status is CheckStatus.FAIL]
    assert check.data["names"] == [skipped]
    assert not (tmp_path / "out").exists()
