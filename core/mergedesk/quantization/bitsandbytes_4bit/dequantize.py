"""bitsandbytes NF4 and FP4, as bitsandbytes works them out."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_all, read_bytes, read_flat
from ..dequantize import Unpacker, code_errors, lookup, pairs


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``. Blocks run over rows' ends, so a tile is cut out of whole blocks."""
    block, width = packed.whole("block"), packed.width
    first, last = begin * width // block, -(-end * width // block)
    stop = min(last * block, packed.elements)
    codes = read_bytes(files, packed.parts["codes"], first * block // 2, (stop + 1) // 2)
    scales = _block_scales(packed, files, first, last)
    book = read_all(files, packed.parts["book"]).float()
    # The first of two values is in the upper half of a byte.
    look, errors = lookup(pairs(book, book).flip(1)), pairs(code_errors(book), code_errors(book)).sum(1)

    def blocks(start: int, end: int) -> tuple[int, int]:
        return start * width // block - first, -(-end * width // block) - first

    def values(start: int, end: int) -> torch.Tensor:
        low, high = blocks(start, end)
        flat = look(codes[low * block // 2 : high * block // 2])
        _scale(flat, scales[low:high], block)
        skip = start * width - (first + low) * block
        return flat[skip : skip + (end - start) * width].view(end - start, width)

    def expected_error(start: int, end: int) -> float:
        low, high = blocks(start, end)
        squares = errors.index_select(0, codes[low * block // 2 : high * block // 2].int())
        _scale(squares, scales[low:high].square(), block // 2)
        return float(squares.sum())

    return Unpacker(values, expected_error)


def _scale(flat: torch.Tensor, scales: torch.Tensor, block: int) -> None:
    """Multiply each block by its scale, in place; the last may be cut short."""
    full = flat.numel() // block
    flat[: full * block].view(full, block).mul_(scales[:full, None])
    if full * block < flat.numel():
        flat[full * block :].mul_(scales[full])


def _block_scales(packed: PackedTensor, files: OpenFiles, first: int, last: int) -> torch.Tensor:
    """The scales of blocks ``first`` to ``last``; with double quantisation they are codes in blocks themselves."""
    if "nested" not in packed.parts:
        return read_flat(files, packed.parts["scales"], first, last)
    block = packed.whole("nested_block")
    codes = read_flat(files, packed.parts["scales"], first, last).int()
    start = first // block
    nested = read_flat(files, packed.parts["nested"], start, -(-last // block))
    own = nested.index_select(0, torch.arange(first, last) // block - start)
    book = read_all(files, packed.parts["nested_book"])
    return book.index_select(0, codes) * own + torch.tensor(float(packed.settings["offset"]))
