"""An index is read in pieces, and says the same as its JSON does; what is no index is refused."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from mergedesk.checkpoints import weight_index
from mergedesk.checkpoints.weight_index import PlacedNames, map_of, read_index, says_the_same
from mergedesk.domain.findings import Code, UserError
from mergedesk.storage.safetensors_header import Header, read_header

NAMES = {"a.safetensors": ["x.weight", "y.weight"], "b.safetensors": ["z.weight"]}
TRUE = {name: file for file, names in NAMES.items() for name in names}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that each name is a piece."""
    monkeypatch.setattr(weight_index, "_PIECE_BYTES", 1)


@pytest.fixture
def headers(tmp_path: Path) -> dict[str, Header]:
    """Two files."""
    for file, names in NAMES.items():
        save_file({name: torch.zeros(2) for name in names}, tmp_path / file)
    return {file: read_header(tmp_path / file) for file in NAMES}


def written(folder: Path, text: str) -> Path:
    """An index file with this text."""
    (folder / "index.json").write_text(text, encoding="utf-8")
    return folder / "index.json"


@pytest.mark.parametrize("indent", [None, 2])
def test_pieces_are_the_whole(tmp_path: Path, headers: dict[str, Header], indent: int | None) -> None:
    index = read_index(
        written(tmp_path, json.dumps({"metadata": {"total_size": 5}, "weight_map": TRUE}, indent=indent))
    )
    assert len(list(index.pieces)) == len(TRUE)
    assert {name: file for piece in index.pieces for name, file in piece.items()} == TRUE
    assert index.rest == {"metadata": {"total_size": 5}}
    assert index.files == headers.keys()
    placed = map_of(index, list(headers), list(headers.values()))
    assert isinstance(placed, PlacedNames)
    assert dict(placed) == placed.as_table() == TRUE
    assert len(placed) == 3


ODD: list[dict[str, str]] = [
    {**TRUE, ',"': 'a",b'},
    {**TRUE, "\n": "\\"},
    {**TRUE, ",": ",c"},
    {",": ",", ",,": ",,"},
]


@pytest.mark.parametrize("weight_map", ODD)
def test_a_cut_within_a_text_does_not_alter_it(tmp_path: Path, weight_map: dict[str, str]) -> None:
    index = read_index(written(tmp_path, json.dumps({"weight_map": weight_map})))
    assert {name: file for piece in index.pieces for name, file in piece.items()} == weight_map
    assert index.files == set(weight_map.values())


@pytest.mark.parametrize(
    "text",
    [
        '{"weight_map": {"x": "a",}}',
        '{"weight_map": {"x": "a", }}',
        '{"weight_map": {"x": "a",, "y": "b"}}',
        '{"weight_map": {"x": "a" "y": "b"}}',
        '{"weight_map": {"x": 5}}',
        '{"weight_map": {}}',
        '{"weight_map": ["{", "}"]}',
        '{"weight_map": "{}"}',
        '{"metadata": {}}',
        '{"weight_map": {"x": "a"}',
        '{"weight_map": {"x": "a"}}}',
        '{"weight_map": {"x": "a"}} {',
        "[]",
        "{",
    ],
)
def test_what_maps_no_names_to_files_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError) as refused:
        read_index(written(tmp_path, text))
    assert refused.value.code is Code.JSON_BROKEN


WRONG: dict[str, Any] = {
    "another file": {**TRUE, "x.weight": "b.safetensors"},
    "a file that is not there": {**TRUE, "x.weight": "c.safetensors"},
    "one more": {**TRUE, "w.weight": "a.safetensors"},
    "one less": {name: file for name, file in TRUE.items() if name != "z.weight"},
    "one for another": {("w" if name == "z.weight" else name): file for name, file in TRUE.items()},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_index_that_is_not_true_is_told(tmp_path: Path, headers: dict[str, Header], wrong: str) -> None:
    index = read_index(written(tmp_path, json.dumps({"weight_map": WRONG[wrong]})))
    assert not says_the_same(index.pieces, headers)
    assert map_of(index, list(headers), list(headers.values())) == WRONG[wrong]


def test_a_name_that_stands_twice_is_not_true(tmp_path: Path, headers: dict[str, Header]) -> None:
    """The last counts, as in JSON; but no writer means that."""
    pairs = ", ".join(f'"{name}": "{file}"' for name, file in [("x.weight", "b.safetensors"), *TRUE.items()])
    index = read_index(written(tmp_path, f'{{"weight_map": {{{pairs}}}}}'))
    assert not says_the_same(index.pieces, headers)
    assert map_of(index, list(headers), list(headers.values())) == TRUE


@pytest.mark.parametrize("after", [', "metadata": {"total_size": 5}', ', "weight_map": {"x.weight": "b.safetensors"}'])
def test_what_stands_after_the_names_is_read_as_json_has_it(tmp_path: Path, after: str) -> None:
    text = f'{{"weight_map": {json.dumps(TRUE)}{after}}}'
    index = read_index(written(tmp_path, text))
    whole = json.loads(text)
    assert {name: file for piece in index.pieces for name, file in piece.items()} == whole.pop("weight_map")
    assert index.rest == whole


def test_a_wide_index_is_never_held_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight_index, "_PIECE_BYTES", 1 << 14)
    weight_map = {f"model.layers.0.mlp.experts.{number}.up_proj.weight": "a.safetensors" for number in range(30_000)}
    text = json.dumps({"metadata": {"total_size": 5}, "weight_map": weight_map}, indent=2)
    file = written(tmp_path, text)
    tracemalloc.start()
    try:
        index = read_index(file)
        assert sum(map(len, index.pieces)) == len(weight_map)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(text) / 4
