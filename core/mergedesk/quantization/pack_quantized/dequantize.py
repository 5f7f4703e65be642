"""compressed-tensors' ``pack-quantized``: exact in float32 until the product is rounded to the scales' dtype."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_all, read_flat
from ..dequantize import Unpacker, bit_fields, stated_groups


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``."""
    bits, width, groups = packed.whole("bits"), packed.width, packed.whole("groups")
    record = packed.parts["codes"]
    words = read_flat(files, record, begin * record.shape[1], end * record.shape[1]).view(end - begin, -1)
    grid = read_all(files, packed.parts["scales"]).float().view(packed.whole("scale_rows"), -1)
    scales, zeros = _of_rows(grid, begin, end), _of_rows(_zeros(packed, files), begin, end)
    order = stated_groups(packed, files, groups)
    sizes = torch.full((groups,), width // groups) if order is None else torch.bincount(order, minlength=groups)

    def values(start: int, stop: int) -> torch.Tensor:
        rows = slice(start - begin, stop - begin)
        plain = _codes(words[rows], bits)[:, :width].float()
        if order is not None:
            return plain.sub_(zeros[rows][:, order]).mul_(scales[rows][:, order])
        grouped = plain.reshape(stop - start, groups, -1)
        return grouped.sub_(zeros[rows].unsqueeze(-1)).mul_(scales[rows].unsqueeze(-1)).view(-1, width)

    def expected_error(start: int, stop: int) -> float:
        return float((scales[start - begin : stop - begin].square() * sizes).sum()) / 12

    return Unpacker(values, expected_error)


def _codes(words: torch.Tensor, bits: int) -> torch.Tensor:
    """(rows, words) → (rows, codes), without sign; those of four and eight bits never run over a byte's end."""
    if bits == 8:
        return words.view(torch.uint8)
    if bits == 4:
        stored = words.view(torch.uint8)
        return torch.stack((stored & 15, stored >> 4), dim=-1).view(len(words), -1)
    return bit_fields(words.t(), bits).t()


def _of_rows(grid: torch.Tensor, begin: int, end: int) -> torch.Tensor:
    """(rows, groups) of some rows; what a whole tensor shares is the same for each."""
    return grid[begin:end] if len(grid) > 1 else grid.expand(end - begin, -1)


def _zeros(packed: PackedTensor, files: OpenFiles) -> torch.Tensor:
    """Zero points as codes without sign; the middle where the packing is symmetric."""
    rows, middle = packed.whole("scale_rows"), float(1 << (packed.whole("bits") - 1))
    record = packed.parts.get("zeros")
    if record is None:
        return torch.full((rows, packed.whole("groups")), middle)
    stored = read_all(files, record)
    if not packed.whole("zeros_packed"):
        return stored.float().view(rows, -1) + middle
    return bit_fields(stored, packed.whole("bits"))[:rows].float()
