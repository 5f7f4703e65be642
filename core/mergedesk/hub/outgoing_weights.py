"""Files of weights that are about to go to a hub: whole, and without a path of this computer in their metadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..checkpoints.files import SAFETENSORS
from ..domain.findings import Code, UserError
from ..storage.gguf_header import read_gguf_header
from ..storage.gguf_sizes import missing_bytes
from ..storage.safetensors_header import read_header
from .local_paths import has_local_path

GGUF = ".gguf"
# A vocabulary and a chat template are the model's own, and hold words that look like paths.
_OF_THE_MODEL = "tokenizer."


def check_weights(file: Path) -> None:
    """Nothing for other files than those of weights whose header can be read. No weight is looked at.

    Raises:
        UserError: hub_path_inside, since changing the metadata would change the file that was proved; gguf_broken,
            file_truncated, or what ``read_header`` refuses.
    """
    ending = file.suffix.lower()
    if ending == SAFETENSORS:
        _refuse_paths(file, read_header(file).metadata)
    elif ending == GGUF:
        header = read_gguf_header(file)
        if missing := missing_bytes(header):
            whole = header.file_bytes + missing
            raise UserError(Code.FILE_TRUNCATED, file=file.name, expected_bytes=whole, actual_bytes=header.file_bytes)
        _refuse_paths(file, header.values)


def _refuse_paths(file: Path, metadata: Mapping[str, Any]) -> None:
    """Raises UserError(hub_path_inside)."""
    for key, value in metadata.items():
        if not key.startswith(_OF_THE_MODEL) and any(has_local_path(text) for text in (key, *_texts(value))):
            raise UserError(Code.HUB_PATH_INSIDE, file=file.name, key=key)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Iterable):
        for inner in value:
            yield from _texts(inner)
