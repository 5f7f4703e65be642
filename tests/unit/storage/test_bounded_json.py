"""Small files and JSON: what is no plain file, absurdly large or absurdly deep is refused at once, with a sentence."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from folders import assert_says, make_model, make_tokenizer

from mergedesk.checkpoints.files import MAX_JSON_BYTES, read_json
from mergedesk.checkpoints.tokenizer_files import chat_template, tokenizer_length
from mergedesk.deployment.tokenizer_facts import read_tokenizer
from mergedesk.domain.findings import Code, Severity, UserError
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.storage.bounded_json import MAX_DEPTH, parse_json

needs_devices = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither /dev/zero nor named pipes")


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


def refusal(file: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        read_json(file)
    assert_says(caught.value.finding(), Severity.ERROR, file.name)
    return caught.value


def test_depth_is_bounded() -> None:
    assert parse_json(nested(MAX_DEPTH))
    with pytest.raises(RecursionError):
        parse_json(nested(MAX_DEPTH + 1))


def test_a_config_that_is_too_deep(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(f'{{"a": {nested(MAX_DEPTH)}}}', encoding="utf-8")
    assert refusal(tmp_path / "config.json").code is Code.JSON_TOO_DEEP


def test_half_of_a_surrogate_pair_is_refused_and_a_whole_one_taken(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(r'{"a": "\ud800"}', encoding="utf-8")
    assert refusal(tmp_path / "config.json").code is Code.JSON_BROKEN
    (tmp_path / "config.json").write_text(r'{"a": "\ud83d\ude00"}', encoding="utf-8")
    assert read_json(tmp_path / "config.json") == {"a": "😀"}


def test_a_file_of_absurd_size_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "config.json").open("wb") as stream:
        stream.truncate(MAX_JSON_BYTES + 1)
    assert refusal(tmp_path / "config.json").code is Code.FILE_ABSURDLY_BIG


@needs_devices
@pytest.mark.parametrize("make", [lambda file: file.symlink_to("/dev/zero"), os.mkfifo], ids=["zero", "pipe"])
def test_devices_and_pipes_are_not_read(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "config.json")
    assert refusal(tmp_path / "config.json").code is Code.NOT_A_PLAIN_FILE
    make(tmp_path / "tokenizer.json")
    make(tmp_path / "chat_template.jinja")
    make(tmp_path / "tokenizer_config.json")
    assert tokenizer_length(tmp_path) is None
    assert chat_template(tmp_path) is None
    assert read_tokenizer(tmp_path).length is None
    make_model(tmp_path / "model")
    make(tmp_path / "model" / "model.safetensors.index.json")
    (tmp_path / "model" / "model.safetensors").unlink()
    assert inspect_folder(tmp_path / "model").findings


@pytest.mark.parametrize(
    "number", ["Infinity", "-Infinity", "NaN", "1e400", "9" * 4000, "-1", "true", "null", "[]", str(2**40)]
)
def test_token_ids_that_are_none_do_not_count(number: str, tmp_path: Path) -> None:
    make_tokenizer(tmp_path)
    file = tmp_path / "tokenizer.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    said["added_tokens"][0]["id"] = "HERE"
    file.write_text(json.dumps(said).replace('"HERE"', number), encoding="utf-8")
    assert tokenizer_length(tmp_path) == 99
    assert read_tokenizer(tmp_path).ids.get("</s>", 2) == 2


def test_a_token_id_of_thousands_of_digits_in_the_vocabulary(tmp_path: Path) -> None:
    make_tokenizer(tmp_path)
    file = tmp_path / "tokenizer.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"</s>": 2', f'"</s>": {"9" * 5000}'), encoding="utf-8")
    assert read_tokenizer(tmp_path).special["eos_token"] == "</s>"


@pytest.mark.slow
def test_a_large_tokenizer_made_to_be_searched_for_ever(tmp_path: Path) -> None:
    """A lazy search from each of a million beginnings to an end that never comes would take days."""
    (tmp_path / "tokenizer.json").write_bytes(b'"added_tokens": [ "merges" ' * 1_000_000)
    assert tokenizer_length(tmp_path) is None
    assert read_tokenizer(tmp_path).ids == {}
