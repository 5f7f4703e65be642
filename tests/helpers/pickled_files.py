"""Pickled weights as people have them, made with torch.save; and what torch itself reads from them."""

from __future__ import annotations

import io
import json
import math
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import torch
from safetensors.torch import load_file

from mergedesk.storage.positional_io import opened
from mergedesk.storage.safetensors_header import TensorRecord

ZIP, LEGACY = True, False
FORMS = (ZIP, LEGACY)


def save(file: Path, content: object, form: bool = ZIP) -> Path:
    """torch.save in the zip form, or in the one from before torch 1.6."""
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save(content, file, _use_new_zipfile_serialization=form)
    return file


def stored_bytes_of(record: TensorRecord) -> bytes:
    """All bytes of a record, read as the engines read them."""
    buffer = bytearray(record.nbytes)
    with opened(record.file) as file:
        file.read_into(memoryview(buffer), record.offset)
    return bytes(buffer)


def bytes_of(tensor: torch.Tensor) -> bytes:
    """The tensor's elements in order."""
    flat = tensor.detach().contiguous().view(-1)
    return bytes(flat.view(torch.uint8).numpy()) if flat.numel() else b""


def pickle_weights(folder: Path, form: bool = ZIP, share: Mapping[str, str] | None = None, shards: int = 1) -> Path:
    """Turn a model's safetensors into .bin files; ``share`` maps further names to those they share a tensor with."""
    tensors = {name: one for file in sorted(folder.glob("*.safetensors")) for name, one in load_file(file).items()}
    for file in (*folder.glob("*.safetensors"), *folder.glob("*.safetensors.index.json")):
        file.unlink()
    tensors |= {name: tensors[other] for name, other in (share or {}).items()}
    if shards == 1:
        save(folder / "pytorch_model.bin", tensors, form)
        return folder
    names, weight_map = list(tensors), {}
    for number in range(shards):
        file_name = f"pytorch_model-{number + 1:05d}-of-{shards:05d}.bin"
        part = names[number * len(names) // shards : (number + 1) * len(names) // shards]
        save(folder / file_name, {name: tensors[name] for name in part}, form)
        weight_map |= dict.fromkeys(part, file_name)
    total = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    index: dict[str, object] = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index), encoding="utf-8")
    return folder


def pickle_adapter(folder: Path, form: bool = ZIP) -> Path:
    """Turn an adapter's safetensors into adapter_model.bin."""
    file = folder / "adapter_model.safetensors"
    save(folder / "adapter_model.bin", load_file(file), form)
    file.unlink()
    return folder


def sparse_pickle(file: Path, shapes: Mapping[str, tuple[int, ...]], form: bool = ZIP) -> Path:
    """A file of bfloat16 tensors as torch writes it, of the right size and taking no disk: the data are holes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    sizes = {str(number): math.prod(shape) for number, shape in enumerate(shapes.values())}
    with file.open("wb") as stream:
        (_sparse_archive if form == ZIP else _sparse_sequence)(stream, _directory(shapes, form), sizes)
        stream.truncate()
    return file


@dataclass(frozen=True)
class _Storage:
    key: str
    elements: int
    legacy: bool


class _Tensor:
    """Pickles as a contiguous tensor does."""

    def __init__(self, storage: _Storage, shape: tuple[int, ...]) -> None:
        self.storage, self.shape = storage, shape

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        strides = torch.empty(self.shape, device="meta").stride()
        return torch._utils._rebuild_tensor_v2, (self.storage, 0, self.shape, strides, False, OrderedDict())


class _Pickler(pickle.Pickler):
    def persistent_id(self, found: object) -> object:
        if not isinstance(found, _Storage):
            return None
        whole = ("storage", torch.BFloat16Storage, found.key, "cpu", found.elements)
        return (*whole, None) if found.legacy else whole


def _directory(shapes: Mapping[str, tuple[int, ...]], form: bool) -> bytes:
    made = io.BytesIO()
    state = {
        name: _Tensor(_Storage(str(number), math.prod(shape), form == LEGACY), shape)
        for number, (name, shape) in enumerate(shapes.items())
    }
    _Pickler(made, 2).dump(state)
    return made.getvalue()


def _sparse_archive(stream: BinaryIO, directory: bytes, sizes: Mapping[str, int]) -> None:
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x/data.pkl", directory)
        archive.writestr("x/byteorder", "little")
        archive.writestr("x/version", "3\n")
        for key, elements in sizes.items():
            entry = zipfile.ZipInfo(f"x/data/{key}")
            entry.file_size = entry.compress_size = 2 * elements
            entry.header_offset, entry.CRC = stream.tell(), 0
            stream.write(entry.FileHeader(zip64=True))
            stream.seek(2 * elements, os.SEEK_CUR)
            archive.filelist.append(entry)
            archive.NameToInfo[entry.filename] = entry
        archive.start_dir = stream.tell()


def _sparse_sequence(stream: BinaryIO, directory: bytes, sizes: Mapping[str, int]) -> None:
    for content in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
        pickle.dump(content, stream, 2)
    stream.write(directory)
    pickle.dump(list(sizes), stream, 2)
    for elements in sizes.values():
        stream.write(struct.pack("<q", elements))
        stream.seek(2 * elements, os.SEEK_CUR)
