"""One small packed weight of each registered format, by hand: stored tensors and what the config says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import torch

Stored = dict[str, torch.Tensor]
Sample = tuple[Stored, dict[str, Any]]

MODULE = "model.layer"
NAME = f"{MODULE}.weight"
ROWS, WIDTH = 24, 192


def _bytes(*shape: int) -> torch.Tensor:
    return torch.randint(0, 256, shape, dtype=torch.uint8)


def _words(*shape: int) -> torch.Tensor:
    return torch.randint(-(2**31), 2**31, shape, dtype=torch.int64).to(torch.int32)


def _scales(*shape: int) -> torch.Tensor:
    return torch.rand(shape) * 0.02 + 0.001


def _bitsandbytes_4bit(rows: int, width: int) -> Sample:
    """Blocks of 128 run over the ends of rows of 192; scales are codes in blocks of 16 themselves."""
    blocks = rows * width // 128
    state = {"quant_type": "nf4", "blocksize": 128, "dtype": "bfloat16", "shape": [rows, width]}
    state |= {"nested_blocksize": 16, "nested_dtype": "float32", "nested_offset": 0.01}
    stored = {
        NAME: _bytes(rows * width // 2, 1),
        f"{NAME}.absmax": _bytes(blocks),
        f"{NAME}.quant_map": torch.linspace(-1, 1, 16),
        f"{NAME}.nested_absmax": _scales(-(-blocks // 16)),
        f"{NAME}.nested_quant_map": torch.linspace(-1, 1, 256),
        f"{NAME}.quant_state.bitsandbytes__nf4": torch.tensor(list(json.dumps(state).encode()), dtype=torch.uint8),
    }
    return stored, {"quant_method": "bitsandbytes", "load_in_4bit": True}


def _bitsandbytes_int8(rows: int, width: int) -> Sample:
    codes = _bytes(rows, width).view(torch.int8)
    stored = {NAME: codes, "model.layer.SCB": _scales(rows) * 127}
    return stored, {"quant_method": "bitsandbytes", "load_in_8bit": True}


def _float8(rows: int, width: int) -> Sample:
    codes = (torch.randn(rows, width) * 50).to(torch.float8_e4m3fn)
    return {NAME: codes, f"{NAME}_scale_inv": _scales(rows // 8, width // 32)}, {
        "quant_method": "fp8",
        "weight_block_size": [8, 32],
    }


def _mxfp4(rows: int, width: int) -> Sample:
    """Two experts of (width, rows)."""
    exponents = torch.randint(110, 130, (2, rows, width // 32), dtype=torch.uint8)
    return {f"{NAME}_blocks": _bytes(2, rows, width // 32, 16), f"{NAME}_scales": exponents}, {"quant_method": "mxfp4"}


def _gptq(rows: int, width: int) -> Sample:
    stored = {
        "model.layer.qweight": _words(width * 4 // 32, rows),
        "model.layer.qzeros": _words(width // 32, rows * 4 // 32),
        "model.layer.scales": _scales(width // 32, rows).half(),
        "model.layer.g_idx": (torch.randperm(width) // 32).int(),
    }
    return stored, {"quant_method": "gptq", "bits": 4, "group_size": 32}


def _awq(rows: int, width: int) -> Sample:
    stored = {
        "model.layer.qweight": _words(width, rows // 8),
        "model.layer.qzeros": _words(width // 32, rows // 8),
        "model.layer.scales": _scales(width // 32, rows).half(),
    }
    return stored, {"quant_method": "awq", "bits": 4, "version": "gemm"}


def _pack_quantized(rows: int, width: int) -> Sample:
    """Three bits run over words' ends."""
    stored = {
        "model.layer.weight_packed": _words(rows, width * 3 // 32),
        "model.layer.weight_scale": _scales(rows, width // 32).bfloat16(),
        "model.layer.weight_zero_point": _words(-(-rows * 3 // 32), width // 32),
        "model.layer.weight_shape": torch.tensor([rows, width]),
    }
    return stored, {"quant_method": "compressed-tensors", "format": "pack-quantized"}


def _int_quantized(rows: int, width: int) -> Sample:
    stored = {
        NAME: _bytes(rows, width).view(torch.int8),
        f"{NAME}_scale": _scales(rows, width // 32).bfloat16(),
        f"{NAME}_zero_point": torch.randint(-128, 128, (rows, width // 32), dtype=torch.int8),
    }
    return stored, {"quant_method": "compressed-tensors", "format": "int-quantized"}


def _float_quantized(rows: int, width: int) -> Sample:
    codes = (torch.randn(rows, width) * 50).to(torch.float8_e4m3fn)
    config = {"quant_method": "compressed-tensors", "format": "float-quantized"}
    return {NAME: codes, f"{NAME}_scale": _scales(rows, 1).bfloat16()}, config


def _nvfp4_pack_quantized(rows: int, width: int) -> Sample:
    stored = {
        f"{NAME}_packed": _bytes(rows, width // 2),
        f"{NAME}_scale": (_scales(rows, width // 16) * 10000).to(torch.float8_e4m3fn),
        f"{NAME}_global_scale": torch.tensor([12345.0]),
    }
    return stored, {"quant_method": "compressed-tensors", "format": "nvfp4-pack-quantized"}


def _mxfp4_pack_quantized(rows: int, width: int) -> Sample:
    exponents = torch.randint(110, 130, (rows, width // 32), dtype=torch.uint8)
    config = {"quant_method": "compressed-tensors", "format": "mxfp4-pack-quantized"}
    return {f"{NAME}_packed": _bytes(rows, width // 2), f"{NAME}_scale": exponents}, config


def _modelopt_fp8(rows: int, width: int) -> Sample:
    codes = (torch.randn(rows, width) * 50).to(torch.float8_e4m3fn)
    return {NAME: codes, f"{NAME}_scale": torch.tensor(0.0031)}, {"quant_method": "modelopt", "quant_algo": "FP8"}


def _modelopt_nvfp4(rows: int, width: int) -> Sample:
    stored = {
        NAME: _bytes(rows, width // 2),
        f"{NAME}_scale": (_scales(rows, width // 16) * 10000).to(torch.float8_e4m3fn),
        f"{NAME}_scale_2": torch.tensor(0.000123),
    }
    return stored, {"quant_method": "modelopt", "quant_algo": "NVFP4"}


def _torchao(rows: int, width: int) -> Sample:
    """What it is stands in the file's header."""
    stored = {
        f"{MODULE}._weight_qdata": torch.randint(-8, 8, (rows, width), dtype=torch.int8),
        f"{MODULE}._weight_scale": _scales(rows, width // 32).bfloat16(),
        f"{MODULE}._weight_zero_point": torch.randint(-8, 8, (rows, width // 32), dtype=torch.int8),
    }
    return stored, {"quant_method": "torchao"}


def _text(text: str) -> torch.Tensor:
    return torch.tensor(list(text.encode()), dtype=torch.uint8)


def _hqq(rows: int, width: int) -> Sample:
    """Four bits, groups of 32 along inputs."""
    groups = rows * width // 32
    stored = {
        "W_q": _bytes(groups // 2, 32),
        "scale": _scales(groups, 1).bfloat16(),
        "zero": (torch.rand(groups, 1) * 15).bfloat16(),
        "nbits": torch.tensor(4, dtype=torch.int32),
        "group_size": torch.tensor(32, dtype=torch.int32),
        "shape": torch.tensor([rows, width]),
        "axis": torch.tensor(1, dtype=torch.int32),
        "packing": _text("4bit_u8"),
        "unpack_view_dtype": _text("torch.uint8"),
        "view_as_float": torch.tensor(0, dtype=torch.uint8),
        "compute_dtype": _text("torch.bfloat16"),
        "encoded_state_dict": torch.tensor(1, dtype=torch.uint8),
    }
    return {f"{MODULE}.{part}": tensor for part, tensor in stored.items()}, {"quant_method": "hqq"}


def _quanto(rows: int, width: int) -> Sample:
    """Four bits in groups of 32; a layer that takes the hidden state."""
    groups = rows * width // 32
    stored = {
        f"{NAME}._data._data": _bytes(groups // 2, 32),
        f"{NAME}._scale": _scales(groups, 1).bfloat16(),
        f"{NAME}._shift": (torch.rand(groups, 1) * 0.1).bfloat16(),
    }
    return stored, {"quant_method": "quanto"}


def _eetq(rows: int, width: int) -> Sample:
    return {NAME: _bytes(width, rows).view(torch.int8), f"{NAME}_scales": _scales(rows).half()}, {
        "quant_method": "eetq"
    }


def header_of(stored: Stored) -> dict[str, str]:
    """What a file's header says of the torchao tensors in it."""
    kind = {"_type": "IntxUnpackedToInt8Tensor", "_data": {"block_size": [1, 32]}}
    said = json.dumps({**kind, "_tensor_data_names": ["qdata", "scale", "zero_point"]})
    codes = [name for name in stored if name.endswith("._weight_qdata")]
    return {name.replace("._weight_qdata", ".weight"): said for name in codes}


SAMPLES: Mapping[str, Callable[[int, int], Sample]] = {
    "bitsandbytes_4bit": _bitsandbytes_4bit,
    "bitsandbytes_int8": _bitsandbytes_int8,
    "float8": _float8,
    "mxfp4": _mxfp4,
    "gptq": _gptq,
    "awq": _awq,
    "pack_quantized": _pack_quantized,
    "int_quantized": _int_quantized,
    "float_quantized": _float_quantized,
    "nvfp4_pack_quantized": _nvfp4_pack_quantized,
    "mxfp4_pack_quantized": _mxfp4_pack_quantized,
    "modelopt_fp8": _modelopt_fp8,
    "modelopt_nvfp4": _modelopt_nvfp4,
    "torchao": _torchao,
    "hqq": _hqq,
    "quanto": _quanto,
    "eetq": _eetq,
}


def sample(name: str, module: str = MODULE, rows: int = ROWS, width: int = WIDTH) -> Sample:
    """A format's packed weight as ``module``'s; rows a multiple of 8, width one of 192."""
    stored, config = SAMPLES[name](rows, width)
    return {module + part.removeprefix(MODULE): tensor for part, tensor in stored.items()}, config
