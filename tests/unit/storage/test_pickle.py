"""Pickled weights are read as torch reads them, and whatever else a file holds becomes a finding."""

from __future__ import annotations

import io
import os
import pickle
import random
import struct
import time
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pickled_files import FORMS, LEGACY, bytes_of, save, sparse_pickle, stored_bytes_of

from mergedesk.domain.dtypes import BY_TORCH_NAME
from mergedesk.domain.findings import Code, UserError
from mergedesk.storage.pickle.weights import read_pickled
from mergedesk.storage.positional_io import opened
from mergedesk.storage.torch_dtypes import torch_dtype

FUZZ = settings(
    max_examples=150, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


def assert_reads_as_torch(file: Path) -> None:
    """Every name, dtype, shape and byte is what ``torch.load(weights_only=True)`` gives."""
    ours = read_pickled(file).header.tensors
    theirs = torch.load(file, weights_only=True)
    assert list(ours) == list(theirs)
    for name, tensor in theirs.items():
        record = ours[name]
        assert (record.name, record.shape) == (name, tuple(tensor.shape)), name
        assert torch_dtype(record.dtype) is tensor.dtype
        assert record.nbytes == tensor.numel() * tensor.element_size()
        assert stored_bytes_of(record) == bytes_of(tensor), name


def refusal(file: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        read_pickled(file)
    return caught.value


MATRIX = torch.arange(48.0).view(6, 8)
CUBE = torch.randn(5, 6, 7, generator=torch.Generator().manual_seed(0))
SHAPES = {
    "matrix": MATRIX, "scalar": torch.tensor(2.5), "empty": torch.empty(0, 3), "vector": torch.arange(7),
    "parameter": torch.nn.Parameter(MATRIX), "same storage": MATRIX, "a row": MATRIX[2], "later rows": MATRIX[3:],
    "unsqueezed": MATRIX[:1].t(), "batch of one": MATRIX.unsqueeze(0),
}  # fmt: skip
VIEWS = {
    "transposed": MATRIX.t(), "columns": MATRIX[:, 2:5], "every third": MATRIX.view(-1)[::3],
    "expanded": torch.arange(5.0).view(5, 1).expand(5, 4), "repeated": torch.tensor(3.0).expand(2, 3),
    "moved": CUBE.permute(2, 0, 1), "reversed": CUBE.permute(2, 1, 0), "inner swap": CUBE.transpose(1, 2),
    "in a batch of one": MATRIX.t().unsqueeze(0), "bytes": torch.arange(12, dtype=torch.uint8).view(3, 4).t(),
    "halves": MATRIX.half().t(), "longs": torch.arange(6).view(2, 3).t(),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_shapes_offsets_and_shared_storages(form: bool, tmp_path: Path) -> None:
    assert_reads_as_torch(save(tmp_path / "x.bin", SHAPES, form))


@pytest.mark.parametrize("form", FORMS)
def test_scattered_tensors_are_read_in_order(form: bool, tmp_path: Path) -> None:
    assert not any(tensor.is_contiguous() for tensor in VIEWS.values())
    assert_reads_as_torch(save(tmp_path / "x.bin", VIEWS, form))


@pytest.mark.parametrize("name", VIEWS)
def test_any_part_of_a_scattered_tensor(name: str, tmp_path: Path) -> None:
    record = read_pickled(save(tmp_path / "x.bin", VIEWS)).header.tensors[name]
    whole = stored_bytes_of(record)
    with opened(record.file) as file:
        for begin in range(0, record.nbytes, 3):
            part = bytearray(min(11, record.nbytes - begin))
            file.read_into(memoryview(part), record.offset + begin)
            assert part == whole[begin : begin + 11]


DTYPES = [torch_dtype(dtype.name) for dtype in BY_TORCH_NAME.values()]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_dtype(dtype: torch.dtype, form: bool, tmp_path: Path) -> None:
    tensor = torch.arange(1, 7).to(torch.float32).to(dtype).view(2, 3)
    file = save(tmp_path / "x.bin", {"a": tensor, "b": tensor[1:]}, form)
    try:
        torch.load(file, weights_only=True)
    except AttributeError:  # dtypes newer than the old form: torch writes what it cannot read
        assert refusal(file).code is Code.PICKLE_REFUSED
        return
    assert_reads_as_torch(file)


def test_a_dtype_that_safetensors_lacks_is_refused(tmp_path: Path) -> None:
    file = save(tmp_path / "x.bin", {"a": torch.zeros(2, dtype=torch.complex128)})
    refused = refusal(file)
    assert (refused.code, refused.data["name"]) == (Code.PICKLE_REFUSED, "torch.ComplexDoubleStorage")


@pytest.mark.parametrize("form", FORMS)
def test_a_module_s_state_dict_with_its_metadata(form: bool, tmp_path: Path) -> None:
    module = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3))
    state = module.state_dict()
    assert isinstance(state, OrderedDict)
    assert_reads_as_torch(save(tmp_path / "x.bin", state, form))


def test_ordered_dict_as_python_2_pickled_it(tmp_path: Path) -> None:
    """There its pairs were arguments of the constructor, and texts were bytes."""
    file = save(tmp_path / "x.bin", {"weight": torch.arange(3.0)})
    old = b"\x80\x02ccollections\nOrderedDict\n]]q\x01(U\x06weight"
    rewrite(file, lambda data: data.replace(b"\x80\x02}q\x00X\x06\x00\x00\x00weight", old).replace(b"s.", b"ea\x85R."))
    record = read_pickled(file).header.tensors["weight"]
    assert stored_bytes_of(record) == bytes_of(torch.arange(3.0))
    assert torch.equal(torch.load(file, weights_only=True)["weight"], torch.arange(3.0))


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_state_dict(form: bool, tmp_path: Path) -> None:
    assert read_pickled(save(tmp_path / "x.bin", {}, form)).header.tensors == {}


@pytest.mark.parametrize("form", FORMS)
def test_the_sparse_files_of_the_speed_tests_are_torch_s_too(form: bool, tmp_path: Path) -> None:
    assert_reads_as_torch(sparse_pickle(tmp_path / "x.bin", {"a": (3, 4), "b": (5,)}, form))


def test_without_checksums_as_torch_can_write(tmp_path: Path) -> None:
    torch.serialization.set_crc32_options(False)
    try:
        file = save(tmp_path / "x.bin", SHAPES)
    finally:
        torch.serialization.set_crc32_options(True)
    assert_reads_as_torch(file)


# What stands around a state dict


@pytest.mark.parametrize("key", ["state_dict", "model", "model_state_dict", "module"])
def test_a_training_checkpoint_is_unwrapped(key: str, tmp_path: Path) -> None:
    optimizer = {"state": {0: {"step": torch.tensor(1.0)}}, "param_groups": [{"lr": 0.1, "betas": (0.9, 0.99)}]}
    read = read_pickled(save(tmp_path / "x.bin", {key: {"a": MATRIX}, "optimizer": optimizer, "epoch": 3}))
    assert list(read.header.tensors) == ["a"]
    assert read.unwrapped == (key,)


@pytest.mark.parametrize(
    "content",
    [
        {"state_dict": {"a": MATRIX}, "model": {"b": MATRIX}},
        {"state_dict": {"a": MATRIX}, "b": MATRIX},
        {"a": MATRIX, "epoch": 3},
        {"unheard of": {"a": MATRIX}},
        {3: MATRIX},
        [MATRIX],
        MATRIX,
        None,
        "text",
        {"model": {"a": {"b": MATRIX}}},
    ],
)
def test_what_is_unclear_is_refused(content: object, tmp_path: Path) -> None:
    assert refusal(save(tmp_path / "x.bin", content)).code is Code.PICKLE_UNCLEAR


# Files that mean harm


class Harm:
    """Runs a command when unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.proof}",)


@pytest.mark.parametrize("form", FORMS)
def test_a_program_in_the_file_is_named_and_not_run(form: bool, tmp_path: Path) -> None:
    file = save(tmp_path / "x.bin", {"a": MATRIX, "b": Harm(tmp_path / "proof")}, form)
    refused = refusal(file)
    assert refused.code is Code.PICKLE_REFUSED
    assert refused.data["name"] == "posix.system"
    assert not (tmp_path / "proof").exists()
    torch.load(file, weights_only=False)
    assert (tmp_path / "proof").exists()  # so the file does mean harm


@pytest.mark.parametrize(
    "call",
    [
        b"cbuiltins\neval\nX\x01\x00\x00\x001\x85R",
        b"c__builtin__\nexec\nX\x01\x00\x00\x001\x85R",
        b"ctorch.serialization\nload\n)R",
        b"ctorch.hub\nload\n)R",
        b"ctorch._utils\n_rebuild_qtensor\n)R",
        b"ccollections\nOrderedDict.fromkeys\n)R",
        b"cos\nsystem\n",
        b"\x8c\x02os\x8c\x06system\x93)R",
        b"(cos\nsystem\nX\x02\x00\x00\x00ls\x6f",
        b"ccollections\nOrderedDict\n)\x81",
        b"X\x06\x00\x00\x00tensor)R",
        b"Ptorch\n",
        b"\x80\x04N",
    ],
)
def test_every_way_to_name_or_call_something_else(call: bytes, tmp_path: Path) -> None:
    assert refusal(archive(tmp_path / "x.bin", b"\x80\x02" + call + b".")).code is Code.PICKLE_REFUSED


def archive(file: Path, pickled: bytes, name: str = "x/data.pkl", **entries: bytes) -> Path:
    """A zip in torch's form around a pickle."""
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(name, pickled)
        for entry, data in entries.items():
            made.writestr(f"x/data/{entry.removeprefix('_')}", data)
    return file


def rewrite(file: Path, change: Callable[[bytes], bytes]) -> None:
    """Change the pickle inside a torch zip."""
    with zipfile.ZipFile(file) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(file, "w") as made:
        for name, data in entries.items():
            made.writestr(name, change(data) if name.endswith("data.pkl") else data)


def tensor_pickle(
    elements: int = 4,
    offset: int = 0,
    shape: tuple[int, ...] = (2, 2),
    strides: tuple[int, ...] = (2, 1),
    key: str = "0",
    part: object = None,
) -> bytes:
    """A pickle of one float32 tensor under the name ``a``, with whatever numbers."""

    storage = object()

    class Persistent(pickle.Pickler):
        def persistent_id(self, found: object) -> object:
            whole = ("storage", torch.FloatStorage, key, "cpu", elements)
            return ((*whole, part) if part else whole) if found is storage else None

    class Tensor:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return torch._utils._rebuild_tensor_v2, (storage, offset, shape, strides, False, OrderedDict())

    made = io.BytesIO()
    Persistent(made, 2).dump({"a": Tensor()})
    return made.getvalue()


def test_the_handmade_tensor_is_one(tmp_path: Path) -> None:
    file = archive(tmp_path / "x.bin", tensor_pickle(), _0=bytes(16))
    assert read_pickled(file).header.tensors["a"].shape == (2, 2)


@pytest.mark.parametrize(
    "pickled",
    [
        tensor_pickle(elements=1 << 60),
        tensor_pickle(elements=-4),
        tensor_pickle(elements=5),
        tensor_pickle(offset=1),
        tensor_pickle(offset=-1),
        tensor_pickle(offset=1 << 70),
        tensor_pickle(shape=(1 << 40, 1 << 40), strides=(1, 1)),
        tensor_pickle(shape=(2, 3)),
        tensor_pickle(shape=(-2, -2)),
        tensor_pickle(shape=(2,)),
        tensor_pickle(strides=(-2, 1)),
        tensor_pickle(strides=(4, 1)),
        tensor_pickle(shape=(1,) * 100, strides=(1,) * 100),
        tensor_pickle(key="1"),
        tensor_pickle(key="../data.pkl"),
        tensor_pickle()[:-1],
        b"",
        b".",
        b"\x80\x02N",
        b"\x80\x02}X\xff\xff\xff\xffa",
        b"\x80\x02}(((((s.",
        b"\x80\x02]r\xff\xff\xff\xffh\x01.",
        b"\x80\x02}]Ns.",
        b"\x80\x02c" + b"a" * 1000,
        b"\x80\x02N)Q.",
        b"\x80\x02X\x01\x00\x00\x00\xffN.",
    ],
)
def test_numbers_that_cannot_be_are_a_finding(pickled: bytes, tmp_path: Path) -> None:
    file = archive(tmp_path / "x.bin", pickled, _0=bytes(16))
    assert refusal(file).code in (Code.PICKLE_BROKEN, Code.PICKLE_REFUSED)


@pytest.mark.alone
def test_a_tuple_that_takes_for_ever_to_hash(tmp_path: Path) -> None:
    nested = b"\x80\x02})" + b"".join(b"q\x00h\x00\x86" for _ in range(100)) + b"Ns."
    began = time.perf_counter()
    assert refusal(archive(tmp_path / "x.bin", nested)).code is Code.PICKLE_BROKEN
    assert time.perf_counter() - began < 1


def test_a_dictionary_that_holds_itself(tmp_path: Path) -> None:
    itself = b"\x80\x02}q\x00X\x05\x00\x00\x00modelh\x00s."
    assert refusal(archive(tmp_path / "x.bin", itself)).code is Code.PICKLE_UNCLEAR


@pytest.mark.slow
def test_very_deep_nesting(tmp_path: Path) -> None:
    deep = b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b"."
    assert refusal(archive(tmp_path / "x.bin", deep)).code is Code.PICKLE_UNCLEAR


@pytest.mark.alone
def test_a_pickle_that_copies_itself_over_and_over_is_stopped(tmp_path: Path) -> None:
    many = b"\x80\x02](" + b"N" * 100_000 + b"eq\x00" + b"0h\x00ctorch\nSize\nh\x00\x85R" * 100_000
    began = time.perf_counter()
    refusal(archive(tmp_path / "x.bin", many.replace(b"0h", b"h") + b"."))
    assert time.perf_counter() - began < 5


def test_a_file_of_nothing_but_instructions_comes_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mergedesk.storage.pickle.machine.MAX_INSTRUCTIONS", 1000)
    file = tmp_path / "x.bin"
    file.write_bytes(b"\x80\x02" + b"N" * 2000)
    assert refusal(file).code is Code.PICKLE_BROKEN


def test_compressed_entries_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.bin", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("x/data.pkl", tensor_pickle())
        made.writestr("x/data/0", bytes(16))
    assert refusal(tmp_path / "x.bin").code is Code.PICKLE_REFUSED


def test_big_endian_is_refused(tmp_path: Path) -> None:
    file = save(tmp_path / "x.bin", {"a": MATRIX})
    content = file.read_bytes()
    with zipfile.ZipFile(file) as made:
        entries = {name: made.read(name) for name in made.namelist()}
    assert b"little" in content
    with zipfile.ZipFile(file, "w") as made:
        for name, data in entries.items():
            made.writestr(name, b"big" if name.endswith("byteorder") else data)
    assert refusal(file).code is Code.PICKLE_REFUSED


def test_two_entries_of_one_name(tmp_path: Path) -> None:
    archive(tmp_path / "x.bin", tensor_pickle(), _0=bytes(16))
    with zipfile.ZipFile(tmp_path / "x.bin", "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("x/data/0", bytes(16))
    assert refusal(tmp_path / "x.bin").code is Code.PICKLE_BROKEN


@pytest.mark.parametrize(
    "content", [b"", b"\x80", b"PK\x03\x04", b"version https://git-lfs.github.com/spec/v1\n", b"<!"]
)
def test_what_is_no_torch_file(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(content)
    assert refusal(tmp_path / "x.bin").code in (Code.PICKLE_BROKEN, Code.PICKLE_REFUSED)


@pytest.mark.parametrize(("first", "elements"), [(2, 4), (0, 8), (5, 4), (-1, 4), (2, 1 << 63)])
def test_a_part_of_a_storage_as_the_oldest_files_name_it(first: int, elements: int, tmp_path: Path) -> None:
    """There a persistent id could say which part of the storage was meant, and the tensor counted from there."""
    pickled = tensor_pickle(elements=8, part=("part", first, elements))
    content = [pickle.dumps(part, 2) for part in (0x1950A86A20F9469CFC6C, 1001, {})]
    stored = struct.pack("<q8f", 8, *range(8))
    (tmp_path / "x.bin").write_bytes(b"".join(content) + pickled + pickle.dumps(["0"], 2) + stored)
    if not 0 <= first <= first + elements <= 8:
        assert refusal(tmp_path / "x.bin").code is Code.PICKLE_BROKEN
        return
    assert_reads_as_torch(tmp_path / "x.bin")
    assert stored_bytes_of(read_pickled(tmp_path / "x.bin").header.tensors["a"]) == struct.pack(
        "<4f", *range(first, first + 4)
    )


def test_a_legacy_file_that_ends_too_soon_says_how_much_is_missing(tmp_path: Path) -> None:
    file = save(tmp_path / "x.bin", {"a": MATRIX}, LEGACY)
    size = file.stat().st_size
    os.truncate(file, size - 5)
    refused = refusal(file)
    assert (refused.code, refused.data["expected_bytes"]) == (Code.FILE_TRUNCATED, size)


def test_a_central_directory_that_claims_the_whole_memory(tmp_path: Path) -> None:
    file = tmp_path / "x.bin"
    with file.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(3 << 30)
        stream.seek(3 << 30)
        stream.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 3 << 30, 0, 0))
    assert refusal(file).code is Code.PICKLE_BROKEN


# Files that were damaged on the way


@pytest.fixture(scope="module", params=FORMS, ids=["zip", "legacy"])
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    state = torch.nn.Linear(3, 2).state_dict()
    content = {**state, "t": MATRIX[:2].t(), "scalar": torch.tensor(1), "half": MATRIX.half()[0]}
    return save(tmp_path_factory.mktemp("sound") / "x.bin", content, request.param).read_bytes()


def read_or_refuse(file: Path, content: bytes) -> None:
    """Reading ends in records that lie within the file, or in a UserError; anything else fails the test."""
    file.write_bytes(content)
    try:
        tensors = read_pickled(file).header.tensors
    except UserError:
        return
    for record in tensors.values():
        assert len(stored_bytes_of(record)) == record.nbytes


@pytest.mark.slow
def test_every_truncation(sound: bytes, tmp_path: Path) -> None:
    for length in range(len(sound)):
        (tmp_path / "x.bin").write_bytes(sound[:length])
        refusal(tmp_path / "x.bin")


@pytest.mark.slow
def test_every_byte_flipped(sound: bytes, tmp_path: Path) -> None:
    chance = random.Random(0)
    for place in range(len(sound)):
        content = bytearray(sound)
        content[place] ^= 1 << chance.randrange(8)
        read_or_refuse(tmp_path / "x.bin", bytes(content))


@pytest.mark.slow
@FUZZ
@given(data=st.data())
def test_many_changes_at_once(data: st.DataObject, sound: bytes, tmp_path: Path) -> None:
    content = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(sound) - 1))
        content[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    read_or_refuse(tmp_path / "x.bin", bytes(content))


@pytest.mark.slow
@FUZZ
@given(pickled=st.binary(max_size=60))
def test_any_bytes_as_the_pickle(pickled: bytes, tmp_path: Path) -> None:
    file = archive(tmp_path / "x.bin", b"\x80\x02" + pickled + b".")
    with suppress(UserError):
        read_pickled(file)


STEPS = st.sampled_from(
    [b"}", b"]", b")", b"(", b"t", b"\x85", b"\x86", b"R", b"b", b"Q", b"a", b"e", b"s", b"u", b"N", b"K\x01", b"q\x00",
     b"h\x00", b"X\x01\x00\x00\x00a", b"X\x07\x00\x00\x00storage", b"ctorch\nFloatStorage\n", b"ctorch\nSize\n",
     b"ctorch._utils\n_rebuild_tensor_v2\n", b"ctorch._utils\n_rebuild_parameter\n", b"ccollections\nOrderedDict\n"]
)  # fmt: skip


@pytest.mark.slow
@FUZZ
@given(steps=st.lists(STEPS, max_size=25))
def test_any_row_of_instructions(steps: list[bytes], tmp_path: Path) -> None:
    file = archive(tmp_path / "x.bin", b"\x80\x02" + b"".join(steps) + b".", _a=bytes(16))
    with suppress(UserError):
        read_pickled(file)
