"""Whether a file puts the same tokens around texts as the folder's tokenizer does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mergedesk.domain.findings import CheckCode, CheckStatus
from mergedesk.storage.gguf_header import GgufHeader
from mergedesk.verification.gguf_file.words import word_checks, words_of

BEGIN = {"SpecialToken": {"id": "<s>", "type_id": 0}}
TEXT = {"Sequence": {"id": "A", "type_id": 0}}


def folder_of(folder: Path, single: list[Any], config: dict[str, Any]) -> Path:
    tokenizer = {
        "model": {"type": "BPE", "vocab": {"<s>": 0, "</s>": 1, "a": 2}, "merges": []},
        "post_processor": {"type": "TemplateProcessing", "single": single},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    stated = {"bos_token": "<s>", "eos_token": "</s>", **config}
    (folder / "tokenizer_config.json").write_text(json.dumps(stated), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("single", "config", "stored", "right"),
    [
        ([BEGIN, TEXT], {}, True, True),
        ([BEGIN, TEXT], {}, False, False),
        ([TEXT], {}, True, False),
        ([TEXT], {}, False, True),
        ([BEGIN, TEXT], {"add_bos_token": False}, False, True),
        ([BEGIN, TEXT], {}, None, True),
    ],
)
def test_a_wrong_setting_of_the_first_token_is_seen(
    single: list[Any], config: dict[str, Any], stored: bool | None, right: bool, tmp_path: Path
) -> None:
    values: dict[str, Any] = {
        "tokenizer.ggml.tokens": ["<s>", "</s>", "a"],
        "tokenizer.ggml.bos_token_id": 0,
        "tokenizer.ggml.eos_token_id": 1,
    }
    if stored is not None:
        values["tokenizer.ggml.add_bos_token"] = stored
    header = GgufHeader(tmp_path / "x.gguf", 0, values, {})
    checks = {check.code: check for check in word_checks(header, words_of(folder_of(tmp_path, single, config)))}
    assert (checks[CheckCode.GGUF_SPECIAL_TOKENS].status is CheckStatus.PASS) == right


def template(*single: Any) -> dict[str, Any]:
    return {"type": "TemplateProcessing", "single": list(single)}


BYTES = {"type": "ByteLevel", "add_prefix_space": False}
BERT = {"type": "BertProcessing", "cls": ["<s>", 0], "sep": ["</s>", 1]}
MARKED = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
BARE = {"type": "Metaspace", "prepend_scheme": "never"}
PREPENDED = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, MARKED]}


@pytest.mark.parametrize(
    ("tokenizer", "values", "wrong"),
    [
        ({}, {"model": "llama"}, ["add_bos_token"]),
        ({"post_processor": template(BEGIN, TEXT)}, {"model": "llama"}, []),
        ({"post_processor": template(BEGIN, TEXT)}, {"model": "gpt2", "pre": "qwen2"}, ["add_bos_token"]),
        ({"post_processor": template(BEGIN, TEXT)}, {"model": "gpt2", "pre": "llama-bpe"}, []),
        ({"post_processor": BYTES}, {"model": "gpt2", "pre": "llama-bpe"}, ["add_bos_token"]),
        ({"post_processor": BYTES}, {"model": "gpt2", "pre": "llama-bpe", "add_bos_token": False}, []),
        ({"post_processor": BYTES}, {"model": "gpt2", "pre": "qwen2"}, []),
        (
            {"post_processor": {"type": "Sequence", "processors": [BYTES, template(BEGIN, TEXT)]}},
            {"model": "gpt2", "pre": "smollm"},
            ["add_bos_token"],
        ),
        ({"post_processor": BERT}, {"model": "gpt2", "pre": "llama-bpe"}, ["add_eos_token"]),
        ({"post_processor": {"type": "Unheard"}}, {"model": "llama"}, []),
        ({}, {"model": "of another kind"}, []),
        ({"post_processor": template(BEGIN, TEXT), "normalizer": PREPENDED}, {"model": "llama"}, []),
        ({"post_processor": template(BEGIN, TEXT), "normalizer": MARKED}, {"model": "llama"}, ["add_space_prefix"]),
        (
            {"post_processor": template(BEGIN, TEXT), "normalizer": PREPENDED},
            {"model": "llama", "add_space_prefix": False},
            ["add_space_prefix"],
        ),
        (
            {
                "post_processor": template(BEGIN, TEXT),
                "pre_tokenizer": {"type": "Metaspace", "prepend_scheme": "never"},
            },
            {"model": "llama"},
            ["add_space_prefix"],
        ),
    ],
)
def test_what_is_not_stated_is_what_llama_cpp_takes(
    tokenizer: dict[str, Any], values: dict[str, Any], wrong: list[str], tmp_path: Path
) -> None:
    folder_of(tmp_path, [TEXT], {})
    whole = {"model": {"type": "BPE", "vocab": {"<s>": 0, "</s>": 1, "a": 2}, "merges": []}, **tokenizer}
    (tmp_path / "tokenizer.json").write_text(json.dumps(whole), encoding="utf-8")
    stated = {"tokens": ["<s>", "</s>", "a"], "bos_token_id": 0, "eos_token_id": 1, **values}
    header = GgufHeader(tmp_path / "x.gguf", 0, {f"tokenizer.ggml.{key}": value for key, value in stated.items()}, {})
    checks = {check.code: check for check in word_checks(header, words_of(tmp_path))}
    check = checks[CheckCode.GGUF_SPECIAL_TOKENS]
    differences = check.data["differences"]
    assert isinstance(differences, list)
    assert [str(one).partition(":")[0] for one in differences] == wrong
    assert (check.status is CheckStatus.PASS) == (not wrong)
