"""compressed-tensors' ``pack-quantized``: exact in float32 until the product is rounded to the scales' dtype."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_all, read_flat
from ..dequantize import Unpacker, bit_fields, lookup, pairs, stated_groups


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``."""
    bits, width, groups = packed.whole("bits"), packed.width, packed.whole("groups")
    record = packed.parts["codes"]
    words = read_flat(files, record, begin * record.shape[1], end * record.shape[1]).view(end - begin, -1)
    scales, zeros = _scales(packed, files, begin, end), _zeros(packed, files, begin, end)
    codes = _codes(bits, 0 if zeros is not None else 1 << (bits - 1))
    order = stated_groups(packed, files, groups)
    sizes = torch.full((groups,), width // groups) if order is None else torch.bincount(order, minlength=groups)

    def values(start: int, stop: int) -> torch.Tensor:
        rows = slice(start - begin, stop - begin)
        plain = codes(words[rows])[:, :width]
        if order is not None:
            shifted = plain if zeros is None else plain - zeros[rows][:, order]
            return shifted * scales[rows][:, order]
        grouped = plain.reshape(stop - start, groups, -1)
        if zeros is not None:
            grouped.sub_(zeros[rows].unsqueeze(-1))
        return grouped.mul_(scales[rows].unsqueeze(-1)).view(-1, width)

    def expected_error(start: int, stop: int) -> float:
        return float((scales[start - begin : stop - begin].square() * sizes).sum()) / 12

    return Unpacker(values, expected_error)


def _codes(bits: int, zero: int) -> Callable[[torch.Tensor], torch.Tensor]:
    """(rows, words) → (rows, codes), float32, less ``zero``; those of 4 and 8 bits never run over a byte's end."""
    if bits == 4:
        book = torch.arange(16.0) - zero
        look = lookup(pairs(book, book))
        return lambda words: look(words.view(torch.uint8).reshape(-1)).view(len(words), -1)
    if bits == 8:
        return lambda words: words.view(torch.uint8).float().sub_(zero)
    return lambda words: bit_fields(words.t(), bits).t().float().sub_(zero)


def _scales(packed: PackedTensor, files: OpenFiles, begin: int, end: int) -> torch.Tensor:
    """(rows, groups) of some rows; only those are read, unless the whole tensor shares them."""
    record, groups = packed.parts["scales"], packed.whole("groups")
    if packed.whole("scale_rows") == 1:
        return read_all(files, record).float().view(1, -1).expand(end - begin, -1)
    return read_flat(files, record, begin * groups, end * groups).float().view(end - begin, groups)


def _of_rows(grid: torch.Tensor, begin: int, end: int) -> torch.Tensor:
    """(rows, groups) of some rows; what a whole tensor shares is the same for each."""
    return grid[begin:end] if len(grid) > 1 else grid.expand(end - begin, -1)


def _zeros(packed: PackedTensor, files: OpenFiles, begin: int, end: int) -> torch.Tensor | None:
    """Zero points of some rows as codes without sign; None where the middle is, as the packing is symmetric."""
    rows, record = packed.whole("scale_rows"), packed.parts.get("zeros")
    if record is None:
        return None
    stored = read_all(files, record)
    if not packed.whole("zeros_packed"):
        return _of_rows(stored.float().view(rows, -1) + float(1 << (packed.whole("bits") - 1)), begin, end)
    return _of_rows(bit_fields(stored, packed.whole("bits"))[:rows].float(), begin, end)
