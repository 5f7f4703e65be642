"""What stands beside the weights: copied to the byte, the adapter's first, and nothing of its own machinery."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from folders import make_lora, make_model, make_tokenizer, read_json, write_json, write_tensors

from mergedesk.domain.findings import Code, UserError
from mergedesk.output.companions import (
    ConfigChanges,
    changed_config,
    companion_files,
    write_companions,
    write_config,
)

TEMPLATE = "chat_template.jinja"
ODD_BYTES = b'{"a":1,\r\n  "b": "\xc3\xa9\xe2\x80\x8b" }\n\n'


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A model as people have it, with everything around it that a folder gathers."""
    folder = make_model(tmp_path / "base")
    (tmp_path / "out").mkdir()
    carried = ["generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]
    carried += ["vocab.txt", "merges.txt", "tokenizer.model", TEMPLATE, "preprocessor_config.json", "params.tiktoken"]
    left = [
        "trainer_state.json",
        "all_results.json",
        ".hidden.json",
        "model.safetensors.index.json",
        "adapter_config.json",
    ]
    left += ["pytorch_model.bin.index.json", "consolidated.safetensors.index.json", "mergedesk-report.json"]
    left += ["optimizer.pt", "scheduler.pt", "rng_state.pth", "training_args.bin", "pytorch_model.bin", "model.gguf"]
    left += ["adapter_model.safetensors", "adapter_model.bin", "checkpoint-5/tokenizer.json", ".git/config.json"]
    for name in [*carried, *left]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(ODD_BYTES)
    return folder


def test_what_is_carried_and_what_is_not(base: Path) -> None:
    assert sorted(companion_files(base, [])) == [
        "chat_template.jinja", "generation_config.json", "merges.txt", "params.tiktoken", "preprocessor_config.json",
        "special_tokens_map.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.txt",
    ]  # fmt: skip


def test_bytes_are_the_sources(base: Path, tmp_path: Path) -> None:
    write_companions(companion_files(base, []), tmp_path / "out")
    for name in companion_files(base, []):
        assert (tmp_path / "out" / name).read_bytes() == (base / name).read_bytes() == ODD_BYTES


def test_adapter_s_copy_comes_first(base: Path, tmp_path: Path) -> None:
    adapter = make_tokenizer(make_lora(tmp_path / "adapter"))
    for name in ("optimizer.pt", "training_args.bin", "trainer_state.json", "README.md", "generation_config.json"):
        (adapter / name).write_bytes(b"adapter's")
    chosen = companion_files(base, [adapter])
    assert {name for name, source in chosen.items() if source.parent == adapter} == {
        "tokenizer.json", "tokenizer_config.json",
    }  # fmt: skip
    assert not {name for name in chosen if name.startswith(("adapter_", "optimizer", "train"))}
    write_companions(chosen, tmp_path / "out")
    assert (tmp_path / "out" / "tokenizer.json").read_bytes() == (adapter / "tokenizer.json").read_bytes()
    assert (tmp_path / "out" / "generation_config.json").read_bytes() == ODD_BYTES


def test_later_adapter_s_copy_comes_before_an_earlier_one_s(base: Path, tmp_path: Path) -> None:
    one, two = make_tokenizer(tmp_path / "one", 50), make_tokenizer(tmp_path / "two", 60)
    assert companion_files(base, [one, two])["tokenizer.json"] == two / "tokenizer.json"


def test_template_inside_the_adapter_s_config_is_not_hidden_by_the_base_s_file(base: Path, tmp_path: Path) -> None:
    adapter = make_tokenizer(tmp_path / "adapter", chat_template="{{ adapter }}")
    assert TEMPLATE in companion_files(base, [])
    assert TEMPLATE not in companion_files(base, [adapter])
    (adapter / TEMPLATE).write_text("{{ file }}", encoding="utf-8")
    assert companion_files(base, [adapter])[TEMPLATE] == adapter / TEMPLATE


def test_base_s_template_stays_where_the_adapter_brings_none(base: Path, tmp_path: Path) -> None:
    adapter = make_tokenizer(tmp_path / "adapter")
    assert companion_files(base, [adapter])[TEMPLATE] == base / TEMPLATE
    (adapter / "tokenizer_config.json").write_text("{broken", encoding="utf-8")
    assert companion_files(base, [adapter])[TEMPLATE] == base / TEMPLATE


def test_custom_code_is_copied_and_not_run(base: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    code = f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n"
    (base / "modeling_mine.py").write_text(code, encoding="utf-8")
    write_companions(companion_files(base, []), tmp_path / "out")
    assert (tmp_path / "out" / "modeling_mine.py").read_text(encoding="utf-8") == code
    assert not mark.exists()


def test_licences_are_carried(base: Path) -> None:
    for name in ("LICENSE", "LICENSE.txt", "Notice", "USE_POLICY.md"):
        (base / name).write_text("", encoding="utf-8")
    assert {"LICENSE", "LICENSE.txt", "Notice", "USE_POLICY.md"} <= set(companion_files(base, []))


def test_pooling_folder(base: Path, tmp_path: Path) -> None:
    write_json(base / "1_Pooling" / "config.json", {"pooling_mode_mean_tokens": True})
    write_companions(companion_files(base, []), tmp_path / "out")
    assert read_json(tmp_path / "out" / "1_Pooling" / "config.json") == {"pooling_mode_mean_tokens": True}


def test_parts_with_weights_of_their_own(base: Path) -> None:
    write_tensors(base / "2_Dense" / "model.safetensors", {})
    write_json(base / "2_Dense" / "config.json", {})
    assert not [name for name in companion_files(base, []) if "Dense" in name]
    write_json(base / "modules.json", [{"path": ""}, {"path": "2_Dense"}, {"path": "../adapter"}, 5])
    assert {"2_Dense/model.safetensors", "2_Dense/config.json", "modules.json"} <= set(companion_files(base, []))
    assert not [name for name in companion_files(base, []) if ".." in name]


def test_folders_of_other_formats_are_left(base: Path) -> None:
    write_json(base / "original" / "params.json", {})
    (base / "original" / "consolidated.00.pth").write_bytes(b"")
    write_json(base / "onnx" / "config.json", {})
    (base / "onnx" / "model.onnx").write_bytes(b"")
    assert not [name for name in companion_files(base, []) if "/" in name]


def test_folder_that_was_moved_away_is_not_made_again(base: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        write_companions({"deep/config.json": base / "config.json"}, tmp_path / "moved")
    assert not (tmp_path / "moved").exists()


def test_links_become_files(base: Path, tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"{}")
    (base / "processor_config.json").symlink_to(tmp_path / "blob")
    write_companions(companion_files(base, []), tmp_path / "out")
    assert not (tmp_path / "out" / "processor_config.json").is_symlink()


def test_config_that_does_not_change_is_copied_raw(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(ODD_BYTES)
    (tmp_path / "out").mkdir()
    write_config(tmp_path, tmp_path / "out", ConfigChanges())
    assert (tmp_path / "out" / "config.json").read_bytes() == ODD_BYTES


@pytest.mark.parametrize("key", ["dtype", "torch_dtype"])
def test_dtype_keeps_the_key_it_had(key: str) -> None:
    config = {"a": 1, key: "bfloat16", "z": 2}
    changed = changed_config(config, ConfigChanges(dtype="F16"))
    assert changed == {"a": 1, key: "float16", "z": 2}
    assert list(changed) == list(config)


def test_dtype_where_none_was_stated() -> None:
    assert changed_config({"a": 1}, ConfigChanges(dtype="F32")) == {"a": 1, "dtype": "float32"}


def test_untied() -> None:
    config = {"tie_word_embeddings": True, "text_config": {"tie_word_embeddings": True}, "vision_config": {"x": 1}}
    assert changed_config(config, ConfigChanges(untie=True)) == {
        "tie_word_embeddings": False,
        "text_config": {"tie_word_embeddings": False},
        "vision_config": {"x": 1},
    }
    assert changed_config({}, ConfigChanges(untie=True)) == {"tie_word_embeddings": False}


def test_quantization_dropped() -> None:
    quantized: dict[str, Any] = {"quantization_config": {"load_in_4bit": True}}
    config = {**quantized, "text_config": {**quantized, "dtype": "float16"}, "dtype": "float16"}
    changed = changed_config(config, ConfigChanges(drop_quantization=True))
    assert changed == {"text_config": {"dtype": "float16"}, "dtype": "float16"}
    assert "quantization_config" in config["text_config"]


def test_nested_dtypes_keep_step() -> None:
    config = {"text_config": {"torch_dtype": "float32"}, "vision_config": {"x": 1}, "torch_dtype": "float32"}
    changed = changed_config(config, ConfigChanges(dtype="BF16"))
    assert changed == {"text_config": {"torch_dtype": "bfloat16"}, "vision_config": {"x": 1}, "torch_dtype": "bfloat16"}


def test_config_is_written_as_readable_json(tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", {"name": "Größe"})
    (tmp_path / "out").mkdir()
    write_config(tmp_path, tmp_path / "out", ConfigChanges(dtype="F32"))
    text = (tmp_path / "out" / "config.json").read_bytes().decode("utf-8")
    assert json.loads(text) == {"name": "Größe", "dtype": "float32"}
    assert "Größe" in text
    assert "\r" not in text


def test_full_disk_is_told_as_such(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int, _data: object, _offset: int) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.pwrite", full)
    with pytest.raises(UserError) as caught:
        write_companions(companion_files(base, []), tmp_path / "out")
    assert caught.value.code is Code.DISK_FILLED_UP


def test_companion_that_cannot_be_read_is_not_told_as_written(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_file: int, _buffers: object, _offset: int) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.preadv", broken)
    with pytest.raises(UserError) as caught:
        write_companions(companion_files(base, []), tmp_path / "out")
    assert caught.value.code is Code.READ_FAILED
