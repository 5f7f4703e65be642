"""A tokenizer that transformers 5 wrote down anew is carried in the base's form, which earlier releases read too."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from folders import make_model, make_tokenizer, read_json, write_json

from mergedesk.output.companions import companion_files

NEW = "TokenizersBackend"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    base = make_tokenizer(make_model(tmp_path / "base"))
    adapter = make_tokenizer(tmp_path / "adapter", tokenizer_class=NEW)
    (adapter / "chat_template.jinja").write_text("{{ messages }}", encoding="utf-8")
    return base, adapter


def owners(base: Path, adapter: Path) -> dict[str, str]:
    return {name: file.parent.name for name, file in companion_files(base, [adapter]).items()}


def test_the_base_s_files_where_ids_and_tokens_are_equal(pair: tuple[Path, Path]) -> None:
    _, adapter = pair
    stated = read_json(adapter / "tokenizer.json")
    write_json(adapter / "tokenizer.json", {**stated, "truncation": {"max_length": 512}, "padding": {"pad_id": 0}})
    found = owners(*pair)
    assert found["tokenizer.json"] == found["tokenizer_config.json"] == "base"
    assert found["chat_template.jinja"] == "adapter"


@pytest.mark.parametrize("change", [{"eos_token": "w5"}, {"pad_token": "</s>"}, {"tokenizer_class": "LlamaTokenizer"}])
def test_the_adapter_s_where_special_tokens_differ(change: dict[str, Any], pair: tuple[Path, Path]) -> None:
    base, adapter = pair
    config = read_json(adapter / "tokenizer_config.json")
    write_json(adapter / "tokenizer_config.json", {**config, **change})
    assert owners(base, adapter)["tokenizer_config.json"] == "adapter"


def test_the_adapter_s_where_it_has_more_tokens(pair: tuple[Path, Path]) -> None:
    base, adapter = pair
    make_tokenizer(adapter, 120, tokenizer_class=NEW)
    assert owners(base, adapter)["tokenizer.json"] == "adapter"


def test_the_adapter_s_where_the_base_has_none_or_one_of_the_new_form(pair: tuple[Path, Path]) -> None:
    base, adapter = pair
    shutil.copy(adapter / "tokenizer_config.json", base)
    assert owners(base, adapter)["tokenizer_config.json"] == "adapter"
    (base / "tokenizer.json").unlink()
    assert owners(base, adapter)["tokenizer.json"] == "adapter"
