"""No path of someone's own computer goes into a result with the files beside the weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from folders import make_lora, make_model, make_tokenizer, request

from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.requests import Precision
from mergedesk.output.private_names import names_only
from mergedesk.pipelines.merge import merge


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("/home/ann/models/Little-7B", "Little-7B"),
        ("/home/ann/models/Little-7B/", "Little-7B"),
        ("~/models/Little", "Little"),
        ("C:\\Users\\Ann\\Little", "Little"),
        ("C:/Users/Ann/Little", "Little"),
        ("\\\\host\\Ann\\Little", "Little"),
        ('/home/ann/a "b" ä', 'a "b" ä'),
        ("/", ""),
        ("acme/Little-7B", "acme/Little-7B"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("name", ["_name_or_path", "name_or_path", "tokenizer_file", "base_model_name_or_path"])
def test_of_an_absolute_path_the_last_part_stays(name: str, stated: str, kept: str) -> None:
    content = json.dumps({"a": "/home/ann", name: stated, "z": [{name: stated}]}).encode()
    assert json.loads(names_only(content)) == {"a": "/home/ann", name: kept, "z": [{name: kept}]}
    assert (names_only(content) == content) is (stated == kept)


def test_text_that_only_speaks_of_such_a_field_is_left() -> None:
    content = json.dumps({"chat_template": 'say "name_or_path": "/home/ann"'}).encode()
    assert names_only(content) == content


@pytest.mark.parametrize("precision", [Precision.AUTO, Precision.FLOAT16])
def test_none_is_left_in_a_result(precision: Precision, tmp_path: Path) -> None:
    base = make_tokenizer(make_model(tmp_path / "base"))
    for name, field in (("config", "_name_or_path"), ("generation_config", "_name_or_path"),
                        ("tokenizer_config", "name_or_path")):  # fmt: skip
        file = base / f"{name}.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps({**known, field: "/home/secret/x/base"}))
    asked = request(base, make_lora(tmp_path / "adapter"), tmp_path / "out", precision=precision)
    assert merge(asked).status is MergeStatus.MERGED
    assert not [file.name for file in (tmp_path / "out").iterdir() if b"/home/secret" in file.read_bytes()]
