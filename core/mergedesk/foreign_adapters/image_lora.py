"""LoRAs of image models, as kohya's sd-scripts and diffusers write them: named for what they are, never read."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..checkpoints.files import ADAPTER_WEIGHTS, CONFIG, SAFETENSORS
from ..domain.findings import Code, UserError
from ..storage.safetensors_header import read_header
from .origin import Origin, Source

_NAMES = re.compile(r"^(lora_(unet|te\d?|transformer)_|(unet|text_encoder(_2)?|transformer)\..+\.lora)")


def _find(source: Source) -> Path | None:
    """The one weights file of a folder that is neither a model nor PEFT's."""
    files = [name for name in sorted(source.names) if name.endswith(SAFETENSORS) and source.has(name)]
    if len(files) != 1 or files[0] == ADAPTER_WEIGHTS or CONFIG in source.names:
        return None
    file = source.folder / files[0]
    with suppress(UserError):
        return file if any(_NAMES.match(name) for name in read_header(file).tensors) else None
    return None


def _read(_source: Source, file: Path) -> Adapter:
    kohya = any(name.startswith("lora_") for name in read_header(file).tensors)
    raise UserError(Code.IMAGE_LORA, file=file.name, tool="kohya's sd-scripts" if kohya else "diffusers")


ORIGIN = Origin("image LoRA", find=_find, read=_read)
