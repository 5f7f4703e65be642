"""A GGUF file's header is read as the official reader reads it, and nothing in a file leads past its end."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mergedesk.domain.findings import Code, UserError
from mergedesk.storage.gguf_header import read_gguf_header


def written(file: Path) -> Path:
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(77)
    writer.add_array("tokenizer.ggml.tokens", ["one", "zwei", "三"])
    writer.add_array("numbers", [1, 2, 3])
    writer.add_float32("llama.rope.freq_base", 5000.0)
    writer.add_bool("yes", True)
    writer.add_tensor("a.weight", np.arange(64, dtype=np.float32).reshape(2, 32))
    writer.add_tensor("b.weight", np.ones((3, 32), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def test_it_reads_what_the_official_reader_reads(tmp_path: Path) -> None:
    file = written(tmp_path / "x.gguf")
    ours, theirs = read_gguf_header(file), gguf.GGUFReader(file)
    stated = {name: field.contents() for name, field in theirs.fields.items() if not name.startswith("GGUF.")}
    assert ours.values == stated
    assert ours.architecture == "llama"
    assert ours.of_architecture("context_length") == 77
    tensors = {one.name: (tuple(reversed([int(n) for n in one.shape])), one.data_offset) for one in theirs.tensors}
    assert {name: (one.shape, one.offset) for name, one in ours.tensors.items()} == tensors


@pytest.mark.parametrize("content", [b"", b"GG", b"GGUF", b"PK\x03\x04" + bytes(40), b"GGUF\x09" + bytes(40)])
def test_what_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.gguf"
    file.write_bytes(content)
    with pytest.raises(UserError) as trouble:
        read_gguf_header(file)
    assert trouble.value.code is Code.GGUF_BROKEN


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError) as trouble:
        read_gguf_header(tmp_path / "none.gguf")
    assert trouble.value.code is Code.READ_FAILED


def test_a_header_that_ends_anywhere_is_told(tmp_path: Path) -> None:
    whole = written(tmp_path / "x.gguf").read_bytes()
    end = min(one.offset for one in read_gguf_header(tmp_path / "x.gguf").tensors.values())
    for length in range(0, end - 32, 3):
        (tmp_path / "cut.gguf").write_bytes(whole[:length])
        with pytest.raises(UserError) as trouble:
            read_gguf_header(tmp_path / "cut.gguf")
        assert trouble.value.code is Code.GGUF_BROKEN


@settings(max_examples=200, deadline=1000)
@given(st.lists(st.tuples(st.integers(4, 300), st.integers(0, 255)), min_size=1, max_size=6))
def test_whatever_bytes_are_changed_it_comes_to_an_end(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("gguf")
    content = bytearray(written(folder / "x.gguf").read_bytes())
    for place, value in changes:
        content[place] = value
    (folder / "x.gguf").write_bytes(content)
    try:
        read_gguf_header(folder / "x.gguf")
    except UserError as trouble:
        assert trouble.code is Code.GGUF_BROKEN  # noqa: PT017


def test_a_tensor_that_is_there_twice_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "x.gguf")
    file.write_bytes(file.read_bytes().replace(b"b.weight", b"a.weight"))
    with pytest.raises(UserError, match="twice"):
        read_gguf_header(file)
