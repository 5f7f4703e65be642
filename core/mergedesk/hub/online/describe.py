"""What a repository holds, from its listing, its configs and the headers of its weight files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...checkpoints.checkpoint import Checkpoint
from ...checkpoints.files import ADAPTER_CONFIG, CONFIG, MAX_JSON_BYTES, SAFETENSORS
from ...domain.findings import UserError
from ...domain.folder_info import FolderInfo, FolderKind
from ...domain.hub_reference import HubReference
from ...inspection.inspect_folder import main_dtype
from ...quantization.detect import find_quantization, stated_quantization, unpacked
from ...storage.bounded_json import parse_json
from ...storage.safetensors_header import Header
from ..questions import HubModel
from .headers import read_headers
from .hub_cache import is_complete, missing_bytes, snapshot_folder
from .remote_files import RemoteFile, Repository, look_up
from .requests import read_range
from .tokens import Token


def describe(reference: HubReference, token: Token) -> HubModel:
    """What it is. A gated repository is described by its listing alone. Raises the library's errors and UserError."""
    from huggingface_hub.errors import GatedRepoError

    repository = look_up(reference, token)
    try:
        info, accessible = _contents(repository, token), True
    except GatedRepoError:
        info, accessible = _by_names(repository), False
    return HubModel(
        reference,
        repository.commit,
        info,
        **repository.facts,
        accessible=accessible,
        missing_bytes=missing_bytes(repository),
        folder=snapshot_folder(repository) if is_complete(repository) else None,
    )


def _by_names(repository: Repository) -> FolderInfo:
    is_adapter = repository.file(ADAPTER_CONFIG) is not None
    kind = FolderKind.ADAPTER if is_adapter else FolderKind.MODEL
    return FolderInfo(repository.reference.path, kind, bytes=repository.bytes, shards=len(_weights(repository)))


def _weights(repository: Repository) -> list[RemoteFile]:
    return [file for file in repository.files if file.name.endswith(SAFETENSORS) and "/" not in file.name]


def _contents(repository: Repository, token: Token) -> FolderInfo:
    adapter = _config(repository, ADAPTER_CONFIG, token)
    headers = read_headers(repository, _weights(repository), token)
    if adapter and repository.file(CONFIG) is None:
        return _adapter_info(repository, adapter, headers)
    return _model_info(repository, _config(repository, CONFIG, token), headers)


def _config(repository: Repository, name: str, token: Token) -> Mapping[str, Any]:
    """A JSON file's content, empty where there is none that can be read."""
    file = repository.file(name)
    if file is None or file.bytes > MAX_JSON_BYTES:
        return {}
    content = read_range(repository, name, token, 0, file.bytes)
    with suppress(ValueError, RecursionError):
        read = parse_json(content.decode("utf-8-sig"))
        return read if isinstance(read, dict) else {}
    return {}


def _adapter_info(repository: Repository, config: Mapping[str, Any], headers: Sequence[Header]) -> FolderInfo:
    records = [record for header in headers for record in header.tensors.values()]
    rank, alpha, base = (config.get(name) for name in ("r", "lora_alpha", "base_model_name_or_path"))
    return FolderInfo(
        repository.reference.path,
        FolderKind.ADAPTER,
        parameters=sum(record.elements for record in records) or None,
        dtype=main_dtype(records),
        bytes=repository.bytes,
        shards=len(headers),
        peft_type=str(config["peft_type"]) if "peft_type" in config else None,
        r=rank if isinstance(rank, int) else None,
        lora_alpha=alpha if isinstance(alpha, (int, float)) else None,
        base_model_name_or_path=base if isinstance(base, str) else None,
    )


def _model_info(repository: Repository, config: Mapping[str, Any], headers: Sequence[Header]) -> FolderInfo:
    tensors = {name: record for header in headers for name, record in header.tensors.items()}
    checkpoint = Checkpoint(Path(repository.reference.repository), config, tuple(headers), tensors, None)
    quantization = find_quantization(config, tensors) or (None if tensors else stated_quantization(config))
    return FolderInfo(
        repository.reference.path,
        FolderKind.QUANTIZED_MODEL if quantization else FolderKind.MODEL,
        class_name=checkpoint.architecture,
        model_type=checkpoint.model_type or None,
        parameters=_parameters(checkpoint, is_packed=quantization is not None),
        dtype=main_dtype(tensors.values()),
        bytes=repository.bytes,
        shards=len(headers),
        quantization=quantization.label if quantization else None,
    )


def _parameters(checkpoint: Checkpoint, *, is_packed: bool) -> int | None:
    """None where only stored values would tell, as the states of some packed weights do."""
    if not is_packed:
        return checkpoint.parameters or None
    with suppress(UserError, OSError, ValueError, json.JSONDecodeError):
        return unpacked(checkpoint).parameters
    return None
