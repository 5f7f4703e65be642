"""A checkpoint of which only compressed headers are held says the same of every tensor as one that is held whole."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from mergedesk.checkpoints import folded
from mergedesk.checkpoints.folded import FoldedTensors, folding
from mergedesk.storage.safetensors_header import Header, read_header


def headers_of(folder: Path, *files: list[str]) -> list[Header]:
    """A file for each list of names, of small tensors."""
    for number, names in enumerate(files):
        save_file({name: torch.zeros(number + 1, 2) for name in names}, folder / f"{number}.safetensors")
    return [read_header(folder / f"{number}.safetensors") for number in range(len(files))]


def fold(headers: list[Header]) -> FoldedTensors | None:
    """What is left of them."""
    fold = folding()
    for header in headers:
        fold.fold(header)
    return fold.tensors


def test_folded_tensors_are_those_of_the_files(tmp_path: Path) -> None:
    headers = headers_of(tmp_path, ["b", "a"], [], ["c", "d.weight"])
    whole = {name: record for header in headers for name, record in header.tensors.items()}
    tensors = fold(headers)
    assert tensors is not None
    assert dict(tensors) == whole
    assert list(tensors) == list(whole)
    assert list(tensors.values()) == list(whole.values())
    assert len(tensors) == 4
    assert "c" in tensors
    assert "e" not in tensors
    assert 7 not in tensors
    assert tensors.get("e") is None
    with pytest.raises(KeyError):
        tensors["e"]


def test_a_name_in_two_files_is_not_folded(tmp_path: Path) -> None:
    """Which of them counts is for those to say who see both."""
    assert fold(headers_of(tmp_path, ["a", "b"], ["b"])) is None


def test_names_with_one_sum_are_not_folded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folded, "_sum_of", lambda _name: 5)
    assert fold(headers_of(tmp_path, ["a"], ["b"])) is None
    alone = fold(headers_of(tmp_path, ["a"]))
    assert alone is not None
    assert "a" in alone
    assert "b" not in alone
    assert alone.get("b") is None


def test_a_folded_tensor_takes_a_few_bytes(tmp_path: Path) -> None:
    """A record, its name and its place in tables take three hundred."""
    names = [f"model.layers.{number // 64}.mlp.experts.{number % 64}.up_proj.weight" for number in range(20 * 64)]
    headers = headers_of(tmp_path, *(names[begin : begin + 64] for begin in range(0, len(names), 64)))
    files = [header.file for header in headers]
    del headers
    read_header(files[0])
    tracemalloc.start()
    tensors = fold([read_header(file) for file in files])
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert tensors is not None
    assert len(tensors) == len(names)
    assert held / len(names) < 60
