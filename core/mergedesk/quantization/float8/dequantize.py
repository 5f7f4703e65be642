"""Eight-bit floats, in float32 as the libraries work them out."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_bytes, read_flat
from ...storage.torch_dtypes import torch_dtype
from ..dequantize import Unpacker

_EXPONENT_BIAS = 127


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``."""
    width, dtype = packed.width, torch_dtype(packed.parts["codes"].dtype)
    codes = read_bytes(files, packed.parts["codes"], begin * width, end * width).view(end - begin, width)
    grid = _grid(packed, files)
    steps = _squared_steps(dtype)

    def values(start: int, end: int) -> torch.Tensor:
        plain = codes[start - begin : end - begin].view(dtype).float()
        return plain if grid is None else plain.mul_(_scales(packed, grid, start, end))

    def expected_error(start: int, end: int) -> float:
        squares = steps.index_select(0, codes[start - begin : end - begin].reshape(-1).int()).view(end - start, width)
        scales = 1.0 if grid is None else _scales(packed, grid, start, end).square()
        return float((squares * scales).sum()) / 12

    return Unpacker(values, expected_error)


def _grid(packed: PackedTensor, files: OpenFiles) -> torch.Tensor | None:
    """All scales in float32, (matrices, block rows, block columns); a scale of one byte is a power of two."""
    record = packed.parts.get("scales")
    if record is None:
        return None
    if record.dtype in ("U8", "F8_E8M0"):
        scales = (read_bytes(files, record, 0, record.nbytes).float() - _EXPONENT_BIAS).exp2()
    else:
        scales = read_flat(files, record, 0, record.elements).float()
    height = packed.shape[-2] if len(packed.shape) > 1 else 1
    down = -(-height // packed.whole("block_rows"))
    across = -(-packed.width // packed.whole("block_columns"))
    return scales.view(-1, down, across)


def _scales(packed: PackedTensor, grid: torch.Tensor, begin: int, end: int) -> torch.Tensor:
    """The scale of every element of some rows, (rows, width) or what stretches to it."""
    height = packed.shape[-2] if len(packed.shape) > 1 else 1
    rows = torch.arange(begin, end)
    matrix = torch.clamp(rows // height, max=grid.shape[0] - 1)
    picked = grid[matrix, rows % height // packed.whole("block_rows")]
    if picked.shape[1] == 1:
        return picked
    return picked.repeat_interleave(packed.whole("block_columns"), dim=1)[:, : packed.width]


def _squared_steps(dtype: torch.dtype) -> torch.Tensor:
    """For each of the 256 codes, the squared distance to its neighbours; nothing for what is no number."""
    plain = torch.arange(256, dtype=torch.int16).to(torch.uint8).view(dtype).float().abs()
    finest = torch.finfo(dtype)
    exponent = torch.frexp(torch.clamp(plain, min=finest.tiny)).exponent - 1
    return torch.where(plain.isfinite(), (exponent.float().exp2() * finest.eps).square(), 0.0)
