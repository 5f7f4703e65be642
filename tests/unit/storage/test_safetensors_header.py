"""Headers: read as safetensors reads them, written as safetensors writes them, and never a crash on what is broken."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from tiny_models import WEIGHTS, make_adapter, merge_with_mergedesk, merge_with_peft, sha256

from mergedesk.checkpoints.checkpoint import Checkpoint, read_checkpoint
from mergedesk.checkpoints.files import inside
from mergedesk.domain.findings import Code, UserError
from mergedesk.planning.layout import Layout, make_layout
from mergedesk.planning.plan import Action, Plan, PlannedTensor
from mergedesk.storage.safetensors_header import MAX_HEADER_BYTES, Header, TensorRecord, read_header, stored_bytes

MakeBase = Callable[..., Path]
TORCH_DTYPES = {
    "BOOL": torch.bool, "U8": torch.uint8, "I8": torch.int8, "F8_E5M2": torch.float8_e5m2,
    "F8_E4M3": torch.float8_e4m3fn, "I16": torch.int16, "U16": torch.uint16, "F16": torch.float16,
    "BF16": torch.bfloat16, "I32": torch.int32, "U32": torch.uint32, "F32": torch.float32, "C64": torch.complex64,
    "F64": torch.float64, "I64": torch.int64, "U64": torch.uint64,
}  # fmt: skip
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda name: name != "__metadata__"
)
shapes = st.lists(st.integers(0, 4), max_size=3).map(tuple)
contents = st.dictionaries(names, st.tuples(st.sampled_from(sorted(TORCH_DTYPES)), shapes), max_size=6)
Contents = dict[str, tuple[str, tuple[int, ...]]]


def written(folder: Path, described: Contents) -> Path:
    """What safetensors itself writes."""
    file = folder / WEIGHTS
    made = {name: torch.zeros(shape, dtype=TORCH_DTYPES[dtype]) for name, (dtype, shape) in described.items()}
    save_file(made, file, {"format": "pt"})
    return file


def prefix_of(file: Path) -> bytes:
    content = file.read_bytes()
    return content[: 8 + struct.unpack("<Q", content[:8])[0]]


def planned(described: Contents, header: Header | None = None) -> Plan:
    tensors = []
    for name, (dtype, shape) in described.items():
        nowhere = TensorRecord(name, dtype, shape, Path("absent"), 0, stored_bytes(dtype, shape))
        record = header.tensors[name] if header else nowhere
        tensors.append(PlannedTensor(name, dtype, shape, Action.COPY, record, record))
    return Plan(tuple(tensors), False, 0)


def laid_out(described: Contents, limit: int) -> Layout:
    return make_layout(planned(described), Checkpoint(Path(), {}, (), {}, None), limit)


@pytest.mark.slow
@quick
@given(contents)
def test_header_is_what_safetensors_writes(tmp_path: Path, described: Contents) -> None:
    assert laid_out(described, 10**9).shards[0].prefix == prefix_of(written(tmp_path, described))


def test_dtypes_lie_in_safetensors_order(tmp_path: Path) -> None:
    described: Contents = {f"{number:02d}": (dtype, (2,)) for number, dtype in enumerate(sorted(TORCH_DTYPES))}
    assert laid_out(described, 10**9).shards[0].prefix == prefix_of(written(tmp_path, described))


@pytest.mark.slow
@quick
@given(contents)
def test_header_is_read_as_safetensors_reads_it(tmp_path: Path, described: Contents) -> None:
    file = written(tmp_path, described)
    header = read_header(file)
    assert {name: (one.dtype, one.shape) for name, one in header.tensors.items()} == described
    assert (header.metadata, header.file_bytes) == ({"format": "pt"}, file.stat().st_size)
    prefix = prefix_of(file)
    entries = json.loads(prefix[8:])
    places = {name: [record.offset, record.offset + record.nbytes] for name, record in header.tensors.items()}
    assert places == {name: [len(prefix) + place for place in entries[name]["data_offsets"]] for name in described}


@pytest.mark.slow
@quick
@given(contents)
def test_unchanged_file_keeps_its_header(tmp_path: Path, described: Contents) -> None:
    """Also one that no library would write so: the base's bytes win."""
    file = written(tmp_path, described)
    spaced = json.dumps(json.loads(prefix_of(file)[8:]), indent=1).encode()
    file.write_bytes(struct.pack("<Q", len(spaced)) + spaced + file.read_bytes()[len(prefix_of(file)) :])
    header = read_header(file)
    base = Checkpoint(tmp_path, {}, (header,), header.tensors, None)
    layout = make_layout(planned(described, header), base)
    assert layout.shards[0].prefix == prefix_of(file)
    assert layout.shards[0].nbytes == file.stat().st_size
    assert all(placed.offset == header.tensors[placed.tensor.name].offset for _, placed in layout.placed)


@quick
@given(contents, st.integers(1, 60))
def test_layout_has_neither_gaps_nor_overlaps(described: Contents, limit: int) -> None:
    layout = laid_out(described, limit)
    assert sorted(placed.tensor.name for _, placed in layout.placed) == sorted(described)
    for shard in layout.shards:
        assert struct.unpack("<Q", shard.prefix[:8])[0] + 8 == len(shard.prefix)
        assert len(shard.prefix) % 8 == 0
        end = len(shard.prefix)
        for placed in shard.tensors:
            assert placed.offset == end
            end += placed.tensor.nbytes
        assert end == shard.nbytes
        assert len(shard.tensors) == 1 or sum(one.tensor.nbytes for one in shard.tensors) <= limit
    if layout.index is not None:
        assert layout.index["metadata"]["total_size"] == sum(stored_bytes(*one) for one in described.values())
        assert layout.index["weight_map"].keys() == described.keys()


def test_cast_file_is_what_safetensors_writes(base_of: MakeBase, tmp_path: Path) -> None:
    """A rebuilt header, with PEFT's file as the witness."""
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", lora_alpha=0)
    theirs = merge_with_peft("llama", base, adapter, tmp_path / "peft", "bfloat16")
    merge_with_mergedesk(base, adapter, tmp_path / "ours", "bfloat16")
    assert sha256(tmp_path / "ours" / WEIGHTS) == sha256(theirs / WEIGHTS)


def read_or_refuse(file: Path, content: bytes) -> Header | None:
    """The header, or None where it is refused; anything else that is raised fails the test."""
    file.write_bytes(content)
    try:
        return read_header(file)
    except UserError as trouble:
        refusal = trouble.code
    assert refusal in (Code.HEADER_BROKEN, Code.FILE_TRUNCATED)
    return None


@pytest.mark.slow
@settings(quick, max_examples=300)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    read_or_refuse(tmp_path / "x", content)
    read_or_refuse(tmp_path / "x", struct.pack("<Q", len(content)) + content)


@pytest.mark.slow
@settings(quick, max_examples=150)
@given(contents, st.data())
def test_damaged_files_are_read_or_refused(tmp_path: Path, described: Contents, data: st.DataObject) -> None:
    whole = bytearray(written(tmp_path, described).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(tmp_path / "x", bytes(whole))


@pytest.mark.slow
@quick
@given(contents, st.data())
def test_a_shortened_file_is_refused(tmp_path: Path, described: Contents, data: st.DataObject) -> None:
    whole = written(tmp_path, described).read_bytes()
    assert read_or_refuse(tmp_path / "x", whole[: data.draw(st.integers(0, len(whole) - 1))]) is None


numbers = st.one_of(st.integers(-3, 40), st.floats(), st.booleans(), st.integers(2**60, 2**80), st.text(max_size=2))
entries = st.fixed_dictionaries(
    {
        "dtype": st.one_of(st.sampled_from(["F32", "BF16", "F4", "nonsense"]), numbers),
        "shape": st.one_of(st.lists(numbers, max_size=3), numbers),
        "data_offsets": st.one_of(st.lists(numbers, max_size=3), numbers),
    }
)
json_values = st.one_of(numbers, st.none(), st.lists(numbers, max_size=2), entries)


@pytest.mark.slow
@settings(quick, max_examples=300)
@given(st.one_of(json_values, st.dictionaries(st.sampled_from(["a", "b", "__metadata__", "\ud800"]), json_values)))
def test_any_json_is_read_or_refused(tmp_path: Path, described: Any) -> None:
    text = json.dumps(described).encode()
    header = read_or_refuse(tmp_path / "x", struct.pack("<Q", len(text)) + text + bytes(16))
    for record in header.tensors.values() if header else ():
        assert record.nbytes == stored_bytes(record.dtype, record.shape)
        assert all(type(number) is int for number in (*record.shape, record.offset, record.nbytes))


def assembled(described: dict[str, Any], data: int) -> bytes:
    text = json.dumps(described).encode()
    return struct.pack("<Q", len(text)) + text + bytes(data)


def entry(begin: int, end: int) -> dict[str, Any]:
    return {"dtype": "U8", "shape": [end - begin], "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    ("described", "data"),
    [
        pytest.param({"a": entry(0, 8), "b": entry(4, 12)}, 12, id="overlap"),
        pytest.param({"a": entry(0, 8), "b": entry(10, 12)}, 12, id="hole"),
        pytest.param({"a": entry(0, 4), "b": entry(0, 4)}, 8, id="overlap_as_long_as_the_hole"),
        pytest.param({"a": entry(2, 8)}, 8, id="late"),
        pytest.param({"a": entry(0, 8)}, 9, id="left_over"),
        pytest.param({"a": entry(0, 8), "__metadata__": {"format": 1}}, 8, id="metadata"),
        pytest.param({"a": {**entry(0, 8), "shape": [7]}}, 8, id="shape"),
        pytest.param({"a": {**entry(0, 8), "shape": [-2, -4]}}, 8, id="negative"),
        pytest.param({"a": {**entry(0, 8), "dtype": "Z9"}}, 8, id="dtype"),
        pytest.param({"a": {**entry(0, 8), "data_offsets": [0.0, 8.0]}}, 8, id="fraction"),
        pytest.param({"a": {**entry(0, 8), "shape": [True, 8]}}, 8, id="truth"),
        pytest.param({"a": {**entry(0, 8), "shape": ["8"]}}, 8, id="text"),
    ],
)
def test_what_safetensors_refuses_is_refused(described: dict[str, Any], data: int, tmp_path: Path) -> None:
    assert read_or_refuse(tmp_path / "x", assembled(described, data)) is None
    with pytest.raises(SafetensorError), safe_open(tmp_path / "x", "pt"):
        pass


ENTRY = b'{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
WRITTEN_OTHERWISE = {
    "plain": b'{"a":%s}' % ENTRY,
    "spaces around": b' \n{"a":%s}  ' % ENTRY,
    "byte order mark": b'\xef\xbb\xbf{"a":%s}' % ENTRY,
    "UTF-16": (b'{"a":%s}' % ENTRY).decode().encode("utf-16-le"),
    "no UTF-8": b'{"a\xff":%s}' % ENTRY,
    "a tensor twice": b'{"a":%s,"a":%s}' % (ENTRY, ENTRY),
    "a field twice": b'{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    "metadata twice": b'{"__metadata__":{},"__metadata__":{},"a":%s}' % ENTRY,
    "a metadatum twice": b'{"__metadata__":{"k":"1","k":"2"},"a":%s}' % ENTRY,
    "metadata null": b'{"__metadata__":null,"a":%s}' % ENTRY,
    "metadata a list": b'{"__metadata__":[],"a":%s}' % ENTRY,
    "a field more": b'{"a":{"x":[1,{}],"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    "a field in order": b'{"a":["F32",[1],[0,4]]}',
    "not a number": b'{"a":{"x":NaN,"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    "beyond numbers": b'{"a":{"x":1e999,"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    "minus zero": b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[-0,4]}}',
    "minus zero in a name": b'{"[-0]":%s}' % ENTRY,
    "half of a pair": b'{"\\ud800":%s}' % ENTRY,
    "half of a pair deeper": b'{"a":{"x":"\\ud800","dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    "125 levels": b'{"a":{"x":%s,"dtype":"F32","shape":[1],"data_offsets":[0,4]}}' % (b"[" * 125 + b"]" * 125),
    "127 levels": b'{"a":{"x":%s,"dtype":"F32","shape":[1],"data_offsets":[0,4]}}' % (b"[" * 127 + b"]" * 127),
    "a dtype as an object": b'{"a":{"dtype":{"F32":null},"shape":[1],"data_offsets":[0,4]}}',
    "a dtype as an object, in order": b'{"a":[{"F32":null},[1],[0,4]]}',
    "a dtype of something": b'{"a":{"dtype":{"F32":1},"shape":[1],"data_offsets":[0,4]}}',
    "a dtype of an object": b'{"a":{"dtype":{"F32":{}},"shape":[1],"data_offsets":[0,4]}}',
    "a dtype of a list": b'{"a":{"dtype":{"F32":[]},"shape":[1],"data_offsets":[0,4]}}',
    "a dtype in a list": b'{"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}}',
    "two dtypes": b'{"a":{"dtype":{"F32":null,"I32":null},"shape":[1],"data_offsets":[0,4]}}',
    "a dtype twice": b'{"a":{"dtype":{"F32":null,"F32":null},"shape":[1],"data_offsets":[0,4]}}',
    "no dtype": b'{"a":{"dtype":{},"shape":[1],"data_offsets":[0,4]}}',
    "an unknown dtype as an object": b'{"a":{"dtype":{"Z9":null},"shape":[1],"data_offsets":[0,4]}}',
    "65 dimensions": b'{"a":{"dtype":"F32","shape":[1%s],"data_offsets":[0,4]}}' % (b",1" * 64),
    "half a byte": b'{"a":{"dtype":"F4","shape":[7],"data_offsets":[0,4]}}',
    "shape an object": b'{"a":{"dtype":"F32","shape":{},"data_offsets":[0,4]}}',
    "too many to count": b'{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]},"b":%s}' % ENTRY,
    "many and none": b'{"a":{"dtype":"F32","shape":[18446744073709551615,0],"data_offsets":[0,0]},"b":%s}' % ENTRY,
}


@pytest.mark.parametrize("text", WRITTEN_OTHERWISE.values(), ids=list(WRITTEN_OTHERWISE))
def test_safetensors_itself_says_which_headers_are_read(text: bytes, tmp_path: Path) -> None:
    content = struct.pack("<Q", len(text)) + text + bytes(4)
    header = read_or_refuse(tmp_path / "x", content)
    try:
        with safe_open(tmp_path / "x", "pt") as opened:
            theirs = {name: tuple(opened.get_slice(name).get_shape()) for name in opened.keys()}  # noqa: SIM118
    except SafetensorError:
        assert header is None
    else:
        assert header is not None
        assert {name: record.shape for name, record in header.tensors.items()} == theirs


def test_a_header_of_absurd_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as stream:
        stream.write(struct.pack("<Q", MAX_HEADER_BYTES + 1))
        stream.truncate(MAX_HEADER_BYTES + 100)
    with pytest.raises(UserError) as caught:
        read_header(tmp_path / "x")
    assert caught.value.code == Code.FILE_ABSURDLY_BIG


def test_a_header_longer_than_its_file_is_truncated(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(struct.pack("<Q", 1000) + b"{}")
    with pytest.raises(UserError) as caught:
        read_header(tmp_path / "x")
    assert caught.value.code == Code.FILE_TRUNCATED
    assert (caught.value.data["expected_bytes"], caught.value.data["actual_bytes"]) == (1008, 10)


ESCAPES = [
    "/etc/passwd", "../up.safetensors", "a/../../up", "..", "a\\b", "..\\up", "C:\\up", "C:up", "c:/up",
    "//host/share/x", "\\\\host\\share", "", "file:///x",
]  # fmt: skip


@pytest.mark.parametrize("name", ESCAPES)
def test_an_index_cannot_name_a_file_elsewhere(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        inside(tmp_path, name)
    assert caught.value.code == Code.PATH_ESCAPES
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    index = {"metadata": {}, "weight_map": {"a": name}}
    (tmp_path / f"{WEIGHTS}.index.json").write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_checkpoint(tmp_path)
    assert caught.value.code == Code.PATH_ESCAPES


@pytest.mark.parametrize("name", ["model-1.safetensors", "parts/model.safetensors", "a..b.safetensors", "..."])
def test_plain_names_are_taken(name: str, tmp_path: Path) -> None:
    assert inside(tmp_path, name) == tmp_path / name


INDEX_BROKEN: list[object] = [None, [], {"a": 3}, {"a": None}, "x"]


@pytest.mark.parametrize("weight_map", INDEX_BROKEN)
def test_a_broken_index_is_refused(weight_map: object, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / f"{WEIGHTS}.index.json").write_text(json.dumps({"weight_map": weight_map}), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_checkpoint(tmp_path)
    assert caught.value.code == Code.JSON_BROKEN


def test_an_index_that_names_more_than_there_is(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    index = tmp_path / f"{WEIGHTS}.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "1.safetensors", "b": "1.safetensors"}}), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_checkpoint(tmp_path)
    assert (caught.value.code, caught.value.data["files"]) == (Code.SHARDS_MISSING, ["1.safetensors"])
    save_file({"a": torch.zeros(2)}, tmp_path / "1.safetensors")
    with pytest.raises(UserError) as caught:
        read_checkpoint(tmp_path)
    assert (caught.value.code, caught.value.data["names"]) == (Code.TENSORS_MISSING, ["b"])
