"""What a folder is: every kind, every trouble, and never an exception."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import (
    HIDDEN,
    LLAMA,
    assert_says,
    codes,
    four_bit_tensors,
    header_bytes,
    llama_tensors,
    lora_config,
    make_lora,
    make_model,
    make_sharded_model,
    make_tokenizer,
    the,
    write_json,
    write_tensors,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pickled_files import pickle_adapter, pickle_weights

from mergedesk.checkpoints.files import inside
from mergedesk.cli.rendering import recognition_json
from mergedesk.domain.findings import Code, Severity, UserError
from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.hub_reference import folder_or_name, path_of
from mergedesk.domain.messages import finding_message
from mergedesk.domain.refused_names import refused_path
from mergedesk.inspection.inspect_folder import inspect_folder, read_folder

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 4976698672\n"


def test_model(tmp_path: Path) -> None:
    found = inspect_folder(make_model(tmp_path / "base"))
    assert found.kind is FolderKind.MODEL
    assert (found.class_name, found.model_type, found.dtype, found.shards) == (
        "LlamaForCausalLM", "llama", "bfloat16", 1,
    )  # fmt: skip
    assert found.parameters == sum(tensor.numel() for tensor in llama_tensors().values())
    assert found.bytes == sum(file.stat().st_size for file in found.path.iterdir())
    assert found.findings == ()
    assert found.quantization is None


def test_sharded_model(tmp_path: Path) -> None:
    found = inspect_folder(make_sharded_model(tmp_path, 3))
    assert (found.kind, found.shards) == (FolderKind.MODEL, 3)


def test_adapter(tmp_path: Path) -> None:
    found = inspect_folder(make_lora(tmp_path / "adapter", lora_alpha=12))
    assert found.kind is FolderKind.ADAPTER
    assert (found.class_name, found.peft_type, found.r, found.lora_alpha) == ("PeftModelForCausalLM", "LORA", 4, 12)
    assert found.base_model_name_or_path == "base"
    assert found.module_count == 14
    assert "q_proj" in found.target_modules
    assert found.findings == ()


def test_alpha_may_be_a_fraction(tmp_path: Path) -> None:
    assert inspect_folder(make_lora(tmp_path, lora_alpha=0.7)).lora_alpha == 0.7


def test_adapter_without_task_is_a_plain_peft_model(tmp_path: Path) -> None:
    assert inspect_folder(make_lora(tmp_path, task_type=None)).class_name == "PeftModel"


@pytest.mark.parametrize(
    "config",
    [
        {"task_type": ["CAUSAL_LM"]},
        {"target_modules": 7},
        {"target_modules": {"q_proj": 1}},
        {"r": "sixteen", "lora_alpha": []},
        {"r": 10**400, "lora_alpha": 1e308},
        {"lora_alpha": float("nan")},
        {"base_model_name_or_path": 5},
    ],
)
def test_odd_adapter_configs_are_still_adapters(config: dict[str, Any], tmp_path: Path) -> None:
    found = inspect_folder(make_lora(tmp_path, **config))
    assert found.kind is FolderKind.ADAPTER
    json.dumps(recognition_json(found), allow_nan=False)


@pytest.mark.parametrize(
    "config",
    [
        {"architectures": []},
        {"architectures": "LlamaForCausalLM"},
        {"architectures": [None]},
        {"architectures": {"a": 1}},
        {"model_type": 5},
        {"quantization_config": "none"},
        {"quantization_config": {"quant_method": ["x"], "bits": "4"}},
        {"text_config": 3},
        {"auto_map": 1},
    ],
)
def test_odd_model_configs_are_still_models(config: dict[str, Any], tmp_path: Path) -> None:
    found = inspect_folder(make_model(tmp_path, **config))
    assert found.kind is FolderKind.MODEL
    json.dumps(recognition_json(found), allow_nan=False)


def test_training_run(tmp_path: Path) -> None:
    for step in (10, 5, 9):
        make_lora(tmp_path / f"checkpoint-{step}")
    (tmp_path / "logs").mkdir()
    write_json(tmp_path / "trainer_state.json", {})
    found = inspect_folder(tmp_path)
    assert found.kind is FolderKind.TRAINING_RUN
    assert [path.name for path in found.checkpoint_folders] == ["checkpoint-5", "checkpoint-9", "checkpoint-10"]
    finding = the(found.findings, Code.TRAINING_RUN)
    assert finding.data["last"] == "checkpoint-10"
    assert_says(finding, Severity.ERROR, "checkpoint-5", "checkpoint-10")


def test_training_run_of_full_models(tmp_path: Path) -> None:
    make_model(tmp_path / "checkpoint-20")
    make_sharded_model(tmp_path / "checkpoint-100")
    assert inspect_folder(tmp_path).checkpoint_folders[-1].name == "checkpoint-100"


def test_run_that_saved_its_last_adapter_is_that_adapter(tmp_path: Path) -> None:
    make_lora(tmp_path / "checkpoint-5")
    assert inspect_folder(make_lora(tmp_path)).kind is FolderKind.ADAPTER


def hub_cache(folder: Path) -> Path:
    """A Hugging Face cache entry with two revisions: files are links into ``blobs``. Gives the ``main`` one."""
    repository = folder / "models--acme--Little-7B"
    for revision in ("9999", "1111"):
        make_model(repository / "real" / revision)
        snapshot = repository / "snapshots" / revision
        snapshot.mkdir(parents=True)
        (repository / "blobs").mkdir(exist_ok=True)
        for file in (repository / "real" / revision).iterdir():
            blob = repository / "blobs" / f"{revision}-{file.name}"
            file.rename(blob)
            (snapshot / file.name).symlink_to(Path("../..") / "blobs" / blob.name)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("1111", encoding="utf-8")
    return repository / "snapshots" / "1111"


def test_snapshot_of_links_is_a_model(tmp_path: Path) -> None:
    snapshot = hub_cache(tmp_path)
    found = inspect_folder(snapshot)
    assert found.kind is FolderKind.MODEL
    assert found.bytes == sum(file.stat().st_size for file in snapshot.iterdir())


def test_link_to_a_snapshot_is_a_model(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(hub_cache(tmp_path), target_is_directory=True)
    assert inspect_folder(tmp_path / "link").kind is FolderKind.MODEL


def test_cache_entry_is_its_current_snapshot_or_names_all(tmp_path: Path) -> None:
    snapshot = hub_cache(tmp_path)
    repository = tmp_path / "models--acme--Little-7B"
    found = inspect_folder(repository)
    assert (found.kind, found.path) == (FolderKind.MODEL, snapshot)
    (repository / "refs/main").write_text("gone", encoding="utf-8")
    found = inspect_folder(repository)
    assert found.kind is FolderKind.TRAINING_RUN
    assert len(found.checkpoint_folders) == 2


def test_gguf(tmp_path: Path) -> None:
    (tmp_path / "model-q4.gguf").write_bytes(b"GGUF")
    found = inspect_folder(tmp_path)
    assert found.kind is FolderKind.GGUF
    assert_says(the(found.findings, Code.GGUF_ONLY), Severity.ERROR, "GGUF")


def test_pickled_model(tmp_path: Path) -> None:
    plain = inspect_folder(make_model(tmp_path))
    found = inspect_folder(pickle_weights(tmp_path))
    assert found == replace(plain, findings=found.findings, bytes=found.bytes)
    assert found.parameters
    assert_says(the(found.findings, Code.PICKLED_WEIGHTS), Severity.INFO, "pytorch_model.bin", "safetensors")


def test_pickled_model_in_shards(tmp_path: Path) -> None:
    found = inspect_folder(pickle_weights(make_model(tmp_path), shards=3))
    assert (found.kind, found.shards) == (FolderKind.MODEL, 3)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "pytorch_model.bin.index.json"])
def test_pickled_model_that_is_none(name: str, tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", LLAMA)
    write_json(tmp_path / name, {})
    found = inspect_folder(tmp_path)
    assert found.kind is FolderKind.UNKNOWN
    assert found.findings[0].severity is Severity.ERROR
    assert name in finding_message(found.findings[0])


def test_pickles_beside_safetensors_do_not_matter(tmp_path: Path) -> None:
    (make_model(tmp_path) / "pytorch_model.bin").write_bytes(b"")
    assert inspect_folder(tmp_path).kind is FolderKind.MODEL


def test_pickled_adapter(tmp_path: Path) -> None:
    plain = inspect_folder(make_lora(tmp_path / "a"))
    found = inspect_folder(pickle_adapter(make_lora(tmp_path / "b")))
    assert found == replace(plain, path=found.path, findings=found.findings, bytes=found.bytes)
    assert_says(the(found.findings, Code.PICKLED_WEIGHTS), Severity.INFO, "adapter_model.bin")


def test_broken_pickled_adapter(tmp_path: Path) -> None:
    write_json(tmp_path / "adapter_config.json", lora_config())
    (tmp_path / "adapter_model.bin").write_bytes(b"\x80\x02")
    found = inspect_folder(tmp_path)
    assert found.kind is FolderKind.ADAPTER
    assert found.peft_type == "LORA"
    assert_says(the(found.findings, Code.PICKLE_BROKEN), Severity.ERROR, "adapter_model.bin")


def test_safetensors_adapter_before_a_pickled_one(tmp_path: Path) -> None:
    (make_lora(tmp_path) / "adapter_model.bin").write_bytes(b"")
    assert inspect_folder(tmp_path).findings == ()


def test_pickled_weights_beside_an_adapter_make_no_model(tmp_path: Path) -> None:
    """Trainers leave a pytorch_model.bin in an adapter's checkpoint; without a config it is not the model."""
    (make_lora(tmp_path) / "pytorch_model.bin").write_bytes(b"")
    assert inspect_folder(tmp_path).kind is FolderKind.ADAPTER


# Adapters in a subfolder


@pytest.mark.parametrize("inner", ["default", "my_name", "checkpoint-10", "checkpoint-10/my_name"])
def test_the_only_adapter_within_is_used(inner: str, tmp_path: Path) -> None:
    make_lora(tmp_path / "run" / inner)
    make_tokenizer(tmp_path / "run")
    found = read_folder(tmp_path / "run")
    assert found.folder_info.kind is FolderKind.ADAPTER
    assert found.folder_info.path == tmp_path / "run"
    assert found.folder_info.module_count == 14
    assert found.adapter is not None
    assert found.adapter.folder == tmp_path / "run" / inner
    assert found.adapter.folders == (tmp_path / "run", tmp_path / "run" / inner)
    assert_says(the(found.folder_info.findings, Code.INNER_ADAPTER), Severity.INFO, f"“{inner}”")


def test_several_adapters_within_are_a_choice(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_lora(tmp_path / name)
    found = inspect_folder(tmp_path)
    assert found.kind is FolderKind.TRAINING_RUN
    assert [path.name for path in found.checkpoint_folders] == ["one", "two"]


def test_the_only_model_within_is_still_a_choice(tmp_path: Path) -> None:
    make_model(tmp_path / "inner")
    assert inspect_folder(tmp_path).kind is FolderKind.TRAINING_RUN


def test_an_adapter_of_its_own_before_one_within(tmp_path: Path) -> None:
    make_lora(make_lora(tmp_path) / "other")
    found = read_folder(tmp_path)
    assert found.adapter is not None
    assert found.adapter.folder == tmp_path
    assert found.folder_info.findings == ()


def test_a_broken_adapter_within_is_told(tmp_path: Path) -> None:
    (make_lora(tmp_path / "inner") / "adapter_model.safetensors").unlink()
    found = inspect_folder(tmp_path)
    assert found.kind is FolderKind.ADAPTER
    assert codes(found.findings) == {Code.INNER_ADAPTER, Code.ADAPTER_WEIGHTS_MISSING}


def test_adapter_without_weights(tmp_path: Path) -> None:
    write_json(tmp_path / "adapter_config.json", lora_config())
    assert_says(the(inspect_folder(tmp_path).findings, Code.ADAPTER_WEIGHTS_MISSING), Severity.ERROR, str(tmp_path))


def test_adapter_config_that_is_a_model_s(tmp_path: Path) -> None:
    make_lora(tmp_path)
    write_json(tmp_path / "adapter_config.json", {**LLAMA, "_name_or_path": "x"})
    assert_says(the(inspect_folder(tmp_path).findings, Code.ADAPTER_CONFIG_IS_MODEL_CONFIG), Severity.ERROR, "PEFT")


def test_quantized_model(tmp_path: Path) -> None:
    tensors = llama_tensors()
    name = "model.layers.0.self_attn.q_proj.weight"
    tensors |= four_bit_tensors(name, (HIDDEN, HIDDEN))
    config = {"quant_method": "bitsandbytes", "load_in_4bit": True}
    found = inspect_folder(make_model(tmp_path / "Little-7B-bnb-4bit", tensors, quantization_config=config))
    assert found.kind is FolderKind.QUANTIZED_MODEL
    assert found.quantization == "bitsandbytes 4-bit"
    assert found.parameters == sum(tensor.numel() for tensor in llama_tensors().values())
    assert_says(the(found.findings, Code.QUANTIZED_BASE), Severity.ERROR, "bitsandbytes 4-bit", "Little-7B")


@pytest.mark.parametrize("method", ["gptq", "awq"])
def test_packed_model(method: str, tmp_path: Path) -> None:
    tensors = llama_tensors()
    weight = tensors.pop("model.layers.0.self_attn.q_proj.weight")
    tensors["model.layers.0.self_attn.q_proj.qweight"] = weight.to(torch.int32)
    found = inspect_folder(
        make_model(tmp_path / "mine", tensors, quantization_config={"quant_method": method, "bits": 4})
    )
    assert found.kind is FolderKind.QUANTIZED_MODEL
    finding = the(found.findings, Code.QUANTIZED_UNMERGEABLE)
    assert_says(finding, Severity.ERROR, f"{method} 4-bit")


def test_quantization_config_left_on_plain_weights_is_only_said(tmp_path: Path) -> None:
    found = inspect_folder(make_model(tmp_path, quantization_config={"load_in_4bit": True}))
    assert found.kind is FolderKind.MODEL
    assert_says(the(found.findings, Code.QUANTIZATION_LEFTOVER), Severity.INFO, "bitsandbytes 4-bit")


def test_leftover_adapter_config(tmp_path: Path) -> None:
    make_model(tmp_path)
    write_json(tmp_path / "adapter_config.json", lora_config())
    found = inspect_folder(tmp_path)
    assert found.kind is FolderKind.MODEL
    assert_says(the(found.findings, Code.LEFTOVER_ADAPTER_CONFIG), Severity.WARNING)


def test_custom_code(tmp_path: Path) -> None:
    found = inspect_folder(make_model(tmp_path, auto_map={"AutoModelForCausalLM": "modeling_x.X"}))
    assert_says(the(found.findings, Code.CUSTOM_CODE), Severity.INFO, "never run")


def test_missing_folder(tmp_path: Path) -> None:
    found = inspect_folder(tmp_path / "nowhere" / "at" / "all")
    assert found.kind is FolderKind.MISSING
    assert_says(the(found.findings, Code.FOLDER_MISSING), Severity.ERROR, "nowhere")


def test_hub_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = inspect_folder(Path("meta-llama/Llama-3.1-8B"))
    assert found.kind is FolderKind.MISSING
    assert_says(the(found.findings, Code.LOOKS_LIKE_HUB_NAME), Severity.ERROR, "meta-llama/Llama-3.1-8B", "Download")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("hf://acme/../../etc", Code.HUB_NAME_WRONG),
        ("hf://../x", Code.HUB_NAME_WRONG),
        ("hf://acme", Code.HUB_NAME_WRONG),
        ("hf://a/b/c/d@..", Code.HUB_NAME_WRONG),
        ("hf://datasets/acme/x", Code.HUB_IS_DATASET),
        ("https://huggingface.co/spaces/acme/x", Code.HUB_IS_SPACE),
        ("acme/..", Code.FOLDER_MISSING),
        ("acme/ti..ny", Code.FOLDER_MISSING),
        ("hf://acme/tiny@v1", Code.LOOKS_LIKE_HUB_NAME),
    ],
)
def test_what_may_be_a_hub_name_is_the_command_s_rule(
    typed: str, code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what the command makes of it, and by the path that the window keeps."""
    monkeypatch.chdir(tmp_path)
    for path in (folder_or_name(typed), path_of(typed)):
        found = inspect_folder(path)
        assert (found.kind, codes(found.findings)) == (FolderKind.MISSING, {code}), path
        refused = refused_path(path)
        assert (refused.code if refused else None) == (code if code.startswith("hub_") else None)


def test_file(tmp_path: Path) -> None:
    file = make_model(tmp_path) / "model.safetensors"
    assert_says(the(inspect_folder(file).findings, Code.NOT_A_FOLDER), Severity.ERROR, str(tmp_path))


def test_empty_folder(tmp_path: Path) -> None:
    found = inspect_folder(tmp_path)
    assert found.kind is FolderKind.UNKNOWN
    assert_says(the(found.findings, Code.FOLDER_EMPTY), Severity.ERROR, str(tmp_path))


def test_foreign_folder(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"")
    assert_says(the(inspect_folder(tmp_path).findings, Code.FOLDER_UNKNOWN), Severity.ERROR, "config.json")


def test_weights_without_config(tmp_path: Path) -> None:
    write_tensors(tmp_path / "model.safetensors", llama_tensors())
    assert_says(the(inspect_folder(tmp_path).findings, Code.CONFIG_MISSING), Severity.ERROR, str(tmp_path))


def test_config_without_weights(tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", LLAMA)
    assert_says(the(inspect_folder(tmp_path).findings, Code.WEIGHTS_MISSING), Severity.ERROR, "model.safetensors")


def test_shards_without_index(tmp_path: Path) -> None:
    (make_sharded_model(tmp_path) / "model.safetensors.index.json").unlink()
    finding = the(inspect_folder(tmp_path).findings, Code.WEIGHTS_MISSING)
    assert_says(finding, Severity.ERROR, "model.safetensors.index.json")


def test_missing_shard(tmp_path: Path) -> None:
    (make_sharded_model(tmp_path, 3) / "model-00002-of-00003.safetensors").unlink()
    finding = the(inspect_folder(tmp_path).findings, Code.SHARDS_MISSING)
    assert_says(finding, Severity.ERROR, "model-00002-of-00003.safetensors")


def test_index_names_tensors_that_are_not_there(tmp_path: Path) -> None:
    make_sharded_model(tmp_path)
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    index["weight_map"]["model.ghost.weight"] = "model-00001-of-00002.safetensors"
    write_json(tmp_path / "model.safetensors.index.json", index)
    assert_says(the(inspect_folder(tmp_path).findings, Code.TENSORS_MISSING), Severity.ERROR, "model.ghost.weight")


@pytest.mark.parametrize(
    "name", ["../secret.safetensors", "/etc/passwd", "a/../../b", "C:\\x", "C:x", "..", "a\\..\\b"]
)
def test_index_path_that_escapes(name: str, tmp_path: Path) -> None:
    make_model(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "model.safetensors").rename(tmp_path / "secret.safetensors")
    write_json(tmp_path / "base" / "config.json", LLAMA)
    write_json(tmp_path / "base" / "model.safetensors.index.json", {"weight_map": {"lm_head.weight": name}})
    found = inspect_folder(tmp_path / "base")
    assert_says(the(found.findings, Code.PATH_ESCAPES), Severity.ERROR, name)
    with pytest.raises(UserError):
        inside(tmp_path, name)


@pytest.mark.parametrize(
    "index", [[], {"weight_map": []}, {"weight_map": {"a": 1}}, {}, {"weight_map": {}}, {"weight_map": {"a": ""}}]
)
def test_index_of_another_form(index: object, tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", LLAMA)
    write_json(tmp_path / "model.safetensors.index.json", index)
    found = inspect_folder(tmp_path)
    assert found.kind is FolderKind.UNKNOWN
    assert codes(found.findings) <= {Code.JSON_BROKEN, Code.PATH_ESCAPES}
    assert found.findings


@pytest.mark.parametrize(
    "text",
    [b'{"architectures": ["Lla', b"", b"[1, 2]", b"null", b"\xff\xfe{}", b"[" * 5000, b'{"a": ' + b"9" * 5000 + b"}"],
    ids=["cut", "empty", "list", "null", "utf16", "deep", "digits"],
)
@pytest.mark.parametrize("name", ["config.json", "adapter_config.json"])
def test_broken_json(name: str, text: bytes, tmp_path: Path) -> None:
    (make_model if name == "config.json" else make_lora)(tmp_path)
    (tmp_path / name).write_bytes(text)
    code = Code.JSON_TOO_DEEP if text.startswith(b"[[") else Code.JSON_BROKEN
    assert_says(the(inspect_folder(tmp_path).findings, code), Severity.ERROR, name)


def test_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    make_model(tmp_path)
    config = (tmp_path / "config.json").read_bytes()
    (tmp_path / "config.json").write_bytes(b"\xef\xbb\xbf" + config)
    assert inspect_folder(tmp_path).class_name == "LlamaForCausalLM"


def test_truncated_weights(tmp_path: Path) -> None:
    file = make_model(tmp_path) / "model.safetensors"
    size = file.stat().st_size
    with file.open("r+b") as stream:
        stream.truncate(size - 1)
    finding = the(inspect_folder(tmp_path).findings, Code.FILE_TRUNCATED)
    assert (finding.data["expected_bytes"], finding.data["actual_bytes"]) == (size, size - 1)
    assert_says(finding, Severity.ERROR, "model.safetensors")


def test_shard_cut_within_its_header(tmp_path: Path) -> None:
    file = make_sharded_model(tmp_path) / "model-00002-of-00002.safetensors"
    with file.open("r+b") as stream:
        stream.truncate(40)
    assert_says(the(inspect_folder(tmp_path).findings, Code.FILE_TRUNCATED), Severity.ERROR, file.name)


def entry(**changes: object) -> dict[str, object]:
    return {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **changes}


@pytest.mark.parametrize(
    "content",
    [
        LFS_POINTER,
        b"<!DOCTYPE html><html>not found</html>",
        b"",
        b"\x00" * 7,
        b"\xff" * 64,
        header_bytes(b"[]"),
        header_bytes(b"{"),
        header_bytes(b"\xff\xfe"),
        header_bytes(b"[" * 9000),
        header_bytes({"a": entry(dtype="F31")}) + bytes(8),
        header_bytes({"a": entry(shape=[3])}) + bytes(8),
        header_bytes({"a": entry(shape=[-2])}) + bytes(8),
        header_bytes({"a": entry(shape=[2.0])}) + bytes(8),
        header_bytes({"a": entry(shape=["2"])}) + bytes(8),
        header_bytes({"a": entry(shape="2")}) + bytes(8),
        header_bytes({"a": entry(shape=[float("inf")])}) + bytes(8),
        header_bytes({"a": entry(data_offsets=[0.0, 8.0])}) + bytes(8),
        header_bytes({"a": entry(data_offsets=[-8, 0])}) + bytes(8),
        header_bytes({"a": entry(data_offsets=[0])}) + bytes(8),
        header_bytes({"a": 1}) + bytes(8),
        header_bytes({"a": entry(), "b": entry()}) + bytes(8),
        header_bytes({"a": entry(), "b": entry(data_offsets=[4, 12])}) + bytes(12),
        header_bytes({"__metadata__": [1], "a": entry()}) + bytes(8),
        header_bytes({"__metadata__": {"format": {}}, "a": entry()}) + bytes(8),
    ],
)
def test_what_is_no_safetensors_file(content: bytes, tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", LLAMA)
    (tmp_path / "model.safetensors").write_bytes(content)
    assert_says(the(inspect_folder(tmp_path).findings, Code.HEADER_BROKEN), Severity.ERROR, "model.safetensors", "LFS")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_unreadable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    make_model(tmp_path)
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert_says(the(inspect_folder(tmp_path).findings, Code.FOLDER_UNREADABLE), Severity.ERROR, "Permission denied")


@pytest.mark.parametrize("name", ["x" * 5000, "null\0byte", "\udcff"])
def test_paths_that_no_system_takes(name: str, tmp_path: Path) -> None:
    found = inspect_folder(tmp_path / name)
    assert found.kind in (FolderKind.MISSING, FolderKind.UNKNOWN)
    assert found.findings


NAMES = st.sampled_from(
    [
        "config.json", "adapter_config.json", "model.safetensors", "model.safetensors.index.json",
        "adapter_model.safetensors", "adapter_model.bin", "pytorch_model.bin", "x.gguf", "checkpoint-3/config.json",
        "checkpoint-3/adapter_config.json", "snapshots/ab/model.safetensors", "tokenizer.json",
    ]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["LORA", "../x", "F32", "model.bin"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "peft_type", "architectures", "weight_map", "quantization_config", "target_modules", "r", "task_type",
                "text_config", "auto_map", "model_type", "dtype", "shape", "data_offsets", "__metadata__",
                "load_in_4bit",
            ]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip
FILES = (
    st.binary(max_size=40)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | VALUES.map(lambda value: header_bytes(json.dumps(value).encode()) + bytes(16))
)


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(files=st.dictionaries(NAMES, FILES, max_size=4))
def test_recognise_never_raises(
    files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    found = inspect_folder(folder)
    json.dumps(recognition_json(found), allow_nan=False)
    for finding in found.findings:
        assert_says(finding, finding.severity)


def test_every_kind_has_a_test_above() -> None:
    tests: list[Callable[..., None]] = [one for name, one in globals().items() if name.startswith("test_")]
    named = {name for one in tests for name in one.__code__.co_names}
    assert {kind.name for kind in FolderKind} <= named


@pytest.mark.parametrize("name", ["README.md", "inner/file.json"])
def test_a_link_that_goes_in_a_circle_is_no_accident(name: str, tmp_path: Path) -> None:
    link = make_model(tmp_path) / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(link)
    folder = inspect_folder(tmp_path)
    assert folder.kind is FolderKind.MODEL
    assert not folder.findings
