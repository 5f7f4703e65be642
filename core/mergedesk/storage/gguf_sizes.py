"""How much room the tensors of a GGUF file take, and whether all of that is there."""

from __future__ import annotations

import math

from .gguf_header import GgufHeader, GgufTensor


def stored_bytes(tensor: GgufTensor) -> int | None:
    """The bytes that it takes; None where its type is not known, or its width does not fit that."""
    import gguf

    try:
        block, size = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType(tensor.kind)]
    except (KeyError, ValueError):
        return None
    width = tensor.shape[-1] if tensor.shape else 1
    return None if width % block else math.prod(tensor.shape) // block * size


def missing_bytes(header: GgufHeader) -> int:
    """How many bytes a file lacks of those that its header tells of; 0 where none."""
    end = max((tensor.offset + (stored_bytes(tensor) or 0) for tensor in header.tensors.values()), default=0)
    return max(0, end - header.file_bytes)
