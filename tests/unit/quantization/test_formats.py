"""The registry of packing formats: every one is whole, is told from the others, and stands nowhere else by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from folders import write_json, write_tensors
from packed_samples import SAMPLES, WIDTH, header_of, sample

import mergedesk
from mergedesk.checkpoints.checkpoint import Checkpoint, PackedTensor, read_checkpoint
from mergedesk.quantization.dequantize import Unpacker, load_unpacker, rounded
from mergedesk.quantization.detect import find_quantization, packed_in, unpacked
from mergedesk.quantization.packing_format import PackingFormat
from mergedesk.quantization.reference import holds, packed_rows
from mergedesk.quantization.registry import FORMATS
from mergedesk.storage.open_files import open_files

CORE = Path(mergedesk.__file__).parent
FOLDER = CORE / "quantization"
EVERY_FORMAT = pytest.mark.parametrize("name", FORMATS)
# What is data there, not a decision: names of repositories, tags of their cards, configs written, a logger, sentences,
# what other tools take.
DATA = (
    "quantization/detect.py", "reports/model_card.py", "export/packed/scheme.py", "__init__.py", "domain/messages.py",
    "deployment/packings.py",
)  # fmt: skip


def make(name: str, folder: Path) -> Checkpoint:
    stored, config = sample(name)
    write_tensors(folder / "model.safetensors", stored, header_of(stored))
    plain = {"model_type": "llama", "dtype": "bfloat16", "hidden_size": WIDTH}
    write_json(folder / "config.json", {**plain, "quantization_config": config})
    return read_checkpoint(folder)


@pytest.fixture
def packed(name: str, tmp_path: Path) -> PackedTensor:
    [packed] = packed_in(unpacked(make(name, tmp_path)))
    return packed


def unpack(packed: PackedTensor, begin: int, end: int) -> Unpacker:
    """Some rows, read while its files are open."""
    with open_files() as files:
        return load_unpacker(packed, begin, end, files)


def test_every_folder_is_registered_and_every_entry_has_one() -> None:
    folders = {entry.parent.name for entry in FOLDER.glob("*/__init__.py")}
    assert folders == set(FORMATS)
    assert {entry.parent.name for entry in FOLDER.glob("*/dequantize.py")} == set(FORMATS)


def test_every_format_has_a_sample() -> None:
    assert set(SAMPLES) == set(FORMATS)


@EVERY_FORMAT
def test_names_in_configs_and_tensors_are_stated(name: str) -> None:
    known = FORMATS[name]
    assert isinstance(known, PackingFormat)
    assert known.methods
    assert known.part_names or known.dtypes


@EVERY_FORMAT
def test_it_is_told_from_all_others(name: str, packed: PackedTensor, tmp_path: Path) -> None:
    checkpoint = read_checkpoint(tmp_path)
    assert packed.packing == name
    codes = packed.parts["codes"].name
    found = {other for other, known in FORMATS.items() if known.find(codes, checkpoint.headers[0].tensors, checkpoint)}
    assert found == {name}
    told = find_quantization(checkpoint.config, checkpoint.tensors)
    assert told is not None
    assert told.method in FORMATS[name].methods


@EVERY_FORMAT
def test_every_stored_tensor_is_used(packed: PackedTensor, tmp_path: Path) -> None:
    assert {part.name for part in packed.parts.values()} == set(read_checkpoint(tmp_path).tensors)


@EVERY_FORMAT
def test_rows_are_those_of_its_reference(packed: PackedTensor) -> None:
    exact, unpacker = packed_rows(packed), unpack(packed, 0, packed.rows)
    values = rounded(packed, unpacker.values(0, packed.rows))
    assert values.shape == (packed.rows, packed.width)
    assert holds(values, packed, exact(0, packed.rows))
    assert not holds(values * 1.01, packed, exact(0, packed.rows))
    assert unpacker.expected_error(0, packed.rows) > 0


@EVERY_FORMAT
def test_rows_do_not_depend_on_where_they_are_cut(packed: PackedTensor) -> None:
    whole = unpack(packed, 0, packed.rows).values(0, packed.rows)
    exact = torch.from_numpy(packed_rows(packed)(0, packed.rows).copy())
    for begin, end in ((0, 5), (5, packed.rows), (3, 4)):
        assert torch.equal(unpack(packed, begin, end).values(begin, end), whole[begin:end])
        assert torch.equal(torch.from_numpy(packed_rows(packed)(begin, end).copy()), exact[begin:end])
    inner = unpack(packed, 1, packed.rows)
    assert torch.equal(inner.values(7, 11), whole[7:11])


@pytest.mark.parametrize("label", ["4-bit (NF4)", "4-bit (FP4)", "8-bit (int8)", "8-bit (FP8)"])
def test_what_formats_make_of_plain_weights_stays_as_it_is(label: str) -> None:
    """A second time nothing changes, and the first time not more than a step of that many bits."""
    found = [make for known in FORMATS.values() for name, make in known.roundings() if name == label]
    assert found
    rows = np.random.default_rng(0).standard_normal((24, 96))
    for make in found:
        once = make(rows)
        assert once.shape == rows.shape
        np.testing.assert_allclose(make(once), once, rtol=1e-12)
        assert 0 < np.abs(once - rows).max() < np.abs(rows).max() / (4 if "4-bit" in label else 25)


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Strings that are no docstrings."""
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str) and not isinstance(node, ast.Expr):
                yield child


@pytest.mark.slow
def test_no_format_is_named_outside_its_folder() -> None:
    names = re.compile(rf"\b({'|'.join({*FORMATS, *(one for known in FORMATS.values() for one in known.methods)})})\b")
    named = []
    for file in CORE.rglob("*.py"):
        place = file.relative_to(CORE).as_posix()
        if file.parent.parent != FOLDER and file != FOLDER / "registry.py" and place not in DATA:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            named += [f"{place}:{one.lineno}" for one in texts(tree) if names.search(str(one.value))]
    assert named == []
