"""Pickled weights as people have them, made with torch.save; and what torch itself reads from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file

from mergedesk.checkpoints.safetensors_header import TensorRecord
from mergedesk.positional_io import opened

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
