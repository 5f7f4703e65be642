"""One small packed weight of each registered format, by hand: stored tensors and what the config says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import torch

Stored = dict[str, torch.Tensor]
Sample = tuple[Stored, dict[str, Any]]

NAME = "model.layer.weight"
ROWS, WIDTH = 24, 96


def _bytes(*shape: int) -> torch.Tensor:
    return torch.randint(0, 256, shape, dtype=torch.uint8)


def _words(*shape: int) -> torch.Tensor:
    return torch.randint(-(2**31), 2**31, shape, dtype=torch.int64).to(torch.int32)


def _scales(*shape: int) -> torch.Tensor:
    return torch.rand(shape) * 0.02 + 0.001


def _bitsandbytes_4bit() -> Sample:
    """Blocks of 64 run over the ends of rows of 96; scales are codes in blocks of 16 themselves."""
    blocks = ROWS * WIDTH // 64
    state = {"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": [ROWS, WIDTH]}
    state |= {"nested_blocksize": 16, "nested_dtype": "float32", "nested_offset": 0.01}
    stored = {
        NAME: _bytes(ROWS * WIDTH // 2, 1),
        f"{NAME}.absmax": _bytes(blocks),
        f"{NAME}.quant_map": torch.linspace(-1, 1, 16),
        f"{NAME}.nested_absmax": _scales(-(-blocks // 16)),
        f"{NAME}.nested_quant_map": torch.linspace(-1, 1, 256),
        f"{NAME}.quant_state.bitsandbytes__nf4": torch.tensor(list(json.dumps(state).encode()), dtype=torch.uint8),
    }
    return stored, {"quant_method": "bitsandbytes", "load_in_4bit": True}


def _bitsandbytes_int8() -> Sample:
    codes = _bytes(ROWS, WIDTH).view(torch.int8)
    return {NAME: codes, "model.layer.SCB": _scales(ROWS)}, {"quant_method": "bitsandbytes", "load_in_8bit": True}


def _float8() -> Sample:
    codes = (torch.randn(ROWS, WIDTH) * 50).to(torch.float8_e4m3fn)
    return {NAME: codes, f"{NAME}_scale_inv": _scales(3, 3)}, {"quant_method": "fp8", "weight_block_size": [8, 32]}


def _mxfp4() -> Sample:
    """Two experts of (WIDTH, ROWS)."""
    exponents = torch.randint(110, 130, (2, ROWS, WIDTH // 32), dtype=torch.uint8)
    return {f"{NAME}_blocks": _bytes(2, ROWS, WIDTH // 32, 16), f"{NAME}_scales": exponents}, {"quant_method": "mxfp4"}


def _gptq() -> Sample:
    stored = {
        "model.layer.qweight": _words(WIDTH * 4 // 32, ROWS),
        "model.layer.qzeros": _words(3, ROWS * 4 // 32),
        "model.layer.scales": _scales(3, ROWS).half(),
        "model.layer.g_idx": (torch.randperm(WIDTH) // 32).int(),
    }
    return stored, {"quant_method": "gptq", "bits": 4, "group_size": 32}


def _awq() -> Sample:
    stored = {
        "model.layer.qweight": _words(WIDTH, ROWS // 8),
        "model.layer.qzeros": _words(3, ROWS // 8),
        "model.layer.scales": _scales(3, ROWS).half(),
    }
    return stored, {"quant_method": "awq", "bits": 4, "version": "gemm"}


def _pack_quantized() -> Sample:
    """Three bits run over words' ends; each row's codes take nine words, each column's zero points three."""
    stored = {
        "model.layer.weight_packed": _words(ROWS, WIDTH * 3 // 32),
        "model.layer.weight_scale": _scales(ROWS, 3).bfloat16(),
        "model.layer.weight_zero_point": _words(-(-ROWS * 3 // 32), 3),
        "model.layer.weight_shape": torch.tensor([ROWS, WIDTH]),
    }
    return stored, {"quant_method": "compressed-tensors", "format": "pack-quantized"}


SAMPLES: Mapping[str, Callable[[], Sample]] = {
    "bitsandbytes_4bit": _bitsandbytes_4bit,
    "bitsandbytes_int8": _bitsandbytes_int8,
    "float8": _float8,
    "mxfp4": _mxfp4,
    "gptq": _gptq,
    "awq": _awq,
    "pack_quantized": _pack_quantized,
}
