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
