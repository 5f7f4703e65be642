"""Any packed weight, some rows at a time, rounded as the packing's own library rounds; and what all formats share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

import torch

from ..checkpoints.checkpoint import PackedTensor
from ..domain.dtypes import DTYPES
from ..domain.findings import Code, UserError
from ..storage.open_files import OpenFiles
from ..storage.safetensors_header import TensorRecord
from ..storage.tensor_reading import read_all, read_bytes, read_flat
from ..storage.torch_dtypes import torch_dtype
from .slots import flat_rows, slots_of


@dataclass(frozen=True, slots=True)
class Unpacker:
    """Some rows of a packed weight, ready to be unpacked tile by tile; rows are counted from the weight's first.

    ``values(begin, end)``: (rows, width) float32, as the packing's own library works them out before it rounds; the
    caller's until the next call.
    ``expected_error(begin, end)``: the sum of squared errors that quantising these rows made, if each value lay
    anywhere in its step with equal chance.
    """

    values: Callable[[int, int], torch.Tensor]
    expected_error: Callable[[int, int], float]


# What codes of four bits are worth (OCP Microscaling Formats v1.0, section 5.3.3).
FOUR_BIT_FLOATS = torch.tensor([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, -0.0, -0.5, -1.0, -1.5, -2.0, -3.0, -4.0, -6.0])
_EXPONENT_BIAS, _NO_EXPONENT = 127, 255
# Twice the bytes of E4M3 that are no numbers; sign, exponent and mantissa of float16 as far as E4M3 has them.
_E4M3_NO_NUMBER, _FLOAT16_FROM_E4M3 = 0xFE, 0xBF80 - 0x10000
# Bits of the words that integers are packed in.
WORD_BITS = 32

# A packed weight, rows ``begin`` to ``end``, its open files → those rows. Raises UserError(read_failed).
Load = Callable[[PackedTensor, int, int, OpenFiles], Unpacker]


def load_unpacker(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Read what rows ``begin`` to ``end`` of a packed weight need.

    Raises UserError(read_failed, packed_scales_broken).
    """
    if begin == 0:
        refuse_broken_scales(packed, files)
    return loader(packed.packing)(packed, begin, end, files)


def refuse_broken_scales(packed: PackedTensor, files: OpenFiles) -> None:
    """Raises UserError where numbers that codes are scaled by are infinite or none."""
    for role, record in packed.parts.items():
        if role not in ("codes", "book") and not _is_finite(files, record):
            raise UserError(Code.PACKED_SCALES_BROKEN, names=[record.name], count=1)


def _is_finite(files: OpenFiles, record: TensorRecord) -> bool:
    if record.dtype == "F8_E8M0":
        return bool((read_bytes(files, record, 0, record.nbytes) != _NO_EXPONENT).all())
    numbers = DTYPES[record.dtype].floating or record.dtype.startswith("F8")
    return not numbers or bool(scale_values(files, record).isfinite().all())


def loader(name: str) -> Load:
    """A registered format's own ``load``."""
    return cast(Load, import_module(f".{name}.dequantize", __package__).load)


def rounded(packed: PackedTensor, values: torch.Tensor) -> torch.Tensor:
    """Unpacked values in the dtype that the library gives the weight before anything is merged into it.

    Some first round to the dtype the weight had when it was quantised.
    """
    first = packed.settings.get("rounded")
    if first is not None:
        values = values.to(torch_dtype(str(first)))
    return values.to(torch_dtype(packed.dtype))


def code_errors(book: torch.Tensor) -> torch.Tensor:
    """Mean squared error of each code, for values spread evenly over all that is rounded to it.

    A cell from l to u around c has ((u - c)³ + (c - l)³) / 3(u - l); the outermost codes are not exceeded.
    """
    levels, place = torch.unique(book.double(), sorted=True, return_inverse=True)
    middles = (levels[1:] + levels[:-1]) / 2
    low, high = torch.cat([levels[:1], middles]), torch.cat([middles, levels[-1:]])
    cells: torch.Tensor = ((high - levels) ** 3 + (levels - low) ** 3) / (3 * (high - low)).clamp(min=1e-300)
    return cells[place].float()


def pairs(low: torch.Tensor, high: torch.Tensor) -> torch.Tensor:
    """A table of (256, 2): what a byte's first and second four bits stand for, one book for each place."""
    number = torch.arange(256)
    return torch.stack([low[number & 15], high[number >> 4]], dim=1)


def lookup(pairs: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
    """What gives the values of flat bytes, flat and float32, the caller's until its next call.

    ``pairs``: (256, 2), the values of each byte.

    Two bytes at a time: a table of so many values still fits the cache, and each look takes as long as for one.
    """
    both = torch.stack([pairs.expand(256, 256, 2), pairs[:, None].expand(256, 256, 2)], dim=2)
    fours = both.view(-1, 4).view(torch.complex128).view(-1)
    room = torch.empty(0, dtype=torch.complex128)

    def values(codes: torch.Tensor) -> torch.Tensor:
        if codes.numel() % 2 or codes.data_ptr() % 2:
            return pairs.index_select(0, codes.int()).view(-1)
        places = codes.view(torch.uint16).int()
        return torch.index_select(fours, 0, places, out=room.resize_(places.numel())).view(torch.float32)

    return values


def bit_fields(words: torch.Tensor, bits: int) -> torch.Tensor:
    """Codes along the first dimension: a stream of ``bits`` each, little end first, in words of 32 bits.

    Where codes run over words' ends, the last may be of padding.
    """
    period = 1 if WORD_BITS % bits == 0 else bits
    padded = torch.nn.functional.pad(words, (0, 0, 0, -words.shape[0] % period))
    grouped = padded.reshape(-1, period, words.shape[1])
    fields = [_field(grouped, number * bits, bits) for number in range(period * WORD_BITS // bits)]
    return torch.stack(fields, dim=1).view(-1, words.shape[1])


def _field(grouped: torch.Tensor, bit: int, bits: int) -> torch.Tensor:
    word, shift = divmod(bit, WORD_BITS)
    mask, inside = (1 << bits) - 1, min(bits, WORD_BITS - shift)
    field = (grouped[:, word] >> shift) & ((1 << inside) - 1)
    if inside == bits:
        return field
    return field | ((grouped[:, word + 1] << inside) & mask)


def stated_groups(packed: PackedTensor, files: OpenFiles, count: int) -> torch.Tensor | None:
    """The group of each input, where inputs were ordered by activation. Raises UserError where it is none of them."""
    record = packed.parts.get("groups")
    if record is None:
        return None
    groups = read_all(files, record).long()
    if int(groups.min()) < 0 or int(groups.max()) >= count:
        raise UserError(Code.QUANTIZED_UNMERGEABLE, method=packed.packing, names=[record.name], count=1, original=None)
    return groups


def affine_unpacker(
    integers: Callable[[int, int], torch.Tensor],
    zeros: torch.Tensor,
    scales: torch.Tensor,
    groups: torch.Tensor,
    begin: int,
) -> Unpacker:
    """(code - zero) · scale. ``integers``: (inputs, rows) codes of some rows; ``groups``: the group of each input.

    zeros, scales: (groups, rows) of all rows that are loaded, of which ``begin`` is the first.
    """

    def values(start: int, stop: int) -> torch.Tensor:
        part = slice(start - begin, stop - begin)
        plain = integers(start, stop).float().sub_(zeros[:, part].index_select(0, groups))
        return plain.mul_(scales[:, part].index_select(0, groups)).t().contiguous()

    def expected_error(start: int, stop: int) -> float:
        squares = scales[:, start - begin : stop - begin].square().sum(1)
        return float(squares.index_select(0, groups).sum()) / 12

    return Unpacker(values, expected_error)


def scale_values(files: OpenFiles, record: TensorRecord) -> torch.Tensor:
    """All scales, flat, in float32; one of a byte without sign is a power of two. Raises UserError(read_failed)."""
    if record.dtype in ("U8", "F8_E8M0"):
        return (read_bytes(files, record, 0, record.nbytes).float() - _EXPONENT_BIAS).exp2()
    if record.dtype.startswith("F8"):
        return read_bytes(files, record, 0, record.nbytes).view(torch_dtype(record.dtype)).float()
    return read_flat(files, record, 0, record.elements).float()


def grid(packed: PackedTensor, values: torch.Tensor) -> torch.Tensor:
    """Scales or zero points as (matrices, block rows, block columns)."""
    height = packed.shape[-2] if len(packed.shape) > 1 else 1
    down, across = -(-height // packed.whole("block_rows")), -(-packed.width // packed.whole("block_columns"))
    return values.view(-1, down, across)


def spread(packed: PackedTensor, values: torch.Tensor, begin: int, end: int) -> torch.Tensor:
    """What a grid has for every element of some rows, (rows, width) or what stretches to it."""
    height = packed.shape[-2] if len(packed.shape) > 1 else 1
    rows = torch.arange(begin, end)
    matrix = torch.clamp(rows // height, max=values.shape[0] - 1)
    picked = values[matrix, rows % height // packed.whole("block_rows")]
    if picked.shape[1] == 1:
        return picked
    return picked.repeat_interleave(packed.whole("block_columns"), dim=1)[:, : packed.width]


# Rows from and to → (rows, width) float32.
Plain = Callable[[int, int], torch.Tensor]


def scaled_unpacker(packed: PackedTensor, plain: Plain, errors: Plain, scales: torch.Tensor | None) -> Unpacker:
    """What codes are worth by themselves, times the scales of a grid.

    ``errors``: their mean squared errors at a scale of one, or what stretches to them.
    """

    def values(start: int, stop: int) -> torch.Tensor:
        worth = plain(start, stop)
        return worth if scales is None else worth.mul_(spread(packed, scales, start, stop))

    def expected_error(start: int, stop: int) -> float:
        squares = errors(start, stop)
        scaled = squares if scales is None else squares * spread(packed, scales, start, stop).square()
        return float(scaled.expand(stop - start, packed.width).sum())

    return Unpacker(values, expected_error)


def load_eight_bit_floats(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end`` of a weight of eight-bit floats."""
    width, dtype = packed.width, torch_dtype(packed.parts["codes"].dtype)
    codes = read_bytes(files, packed.parts["codes"], begin * width, end * width).view(end - begin, width)
    record, steps = packed.parts.get("scales"), _squared_steps(dtype) / 12
    scales = grid(packed, scale_values(files, record)) if record else None

    def plain(start: int, stop: int) -> torch.Tensor:
        some = codes[start - begin : stop - begin]
        return e4m3_floats(some) if dtype is torch.float8_e4m3fn else some.view(dtype).float()

    def errors(start: int, stop: int) -> torch.Tensor:
        return steps.index_select(0, codes[start - begin : stop - begin].reshape(-1).int()).view(stop - start, width)

    return scaled_unpacker(packed, plain, errors, scales)


def e4m3_floats(codes: torch.Tensor) -> torch.Tensor:
    """What bytes of E4M3 stand for, float32. Its bits, moved to float16's places, stand for 2⁻⁸ of that.

    torch's own conversion takes several times as long; codes that are no numbers are left to it.
    """
    if codes.numel() == 0 or int((codes << 1).max()) == _E4M3_NO_NUMBER:
        return codes.view(torch.float8_e4m3fn).float()
    bits = codes.view(torch.int8).to(torch.int16)
    bits <<= 7
    bits &= _FLOAT16_FROM_E4M3
    return bits.view(torch.float16).float().mul_(256.0)


def _squared_steps(dtype: torch.dtype) -> torch.Tensor:
    """For each of the 256 codes, the squared distance to its neighbours; nothing for what is no number."""
    plain = torch.arange(256, dtype=torch.int16).to(torch.uint8).view(dtype).float().abs()
    finest = torch.finfo(dtype)
    exponent = torch.frexp(torch.clamp(plain, min=finest.tiny)).exponent - 1
    return torch.where(plain.isfinite(), (exponent.float().exp2() * finest.eps).square(), 0.0)


def load_four_bit_floats(
    packed: PackedTensor, begin: int, end: int, files: OpenFiles, divides: bool = False
) -> Unpacker:
    """Rows ``begin`` to ``end`` of four-bit floats, low halves first; ``divides``: their scales by the overall one."""
    half = packed.width // 2
    codes = read_bytes(files, packed.parts["codes"], begin * half, end * half).view(end - begin, half)
    scales = grid(packed, scale_values(files, packed.parts["scales"]))
    if (record := packed.parts.get("overall")) is not None:
        overall = scale_values(files, record)
        scales = scales / overall if divides else scales * overall

    def of(table: torch.Tensor) -> Plain:
        look = lookup(pairs(table, table))
        return lambda start, stop: look(codes[start - begin : stop - begin].reshape(-1)).view(
            stop - start, packed.width
        )

    return scaled_unpacker(packed, of(FOUR_BIT_FLOATS), of(code_errors(FOUR_BIT_FLOATS)), scales)


def load_integers(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end`` of signed bytes, (code - zero) · scale of the block."""
    width, record = packed.width, packed.parts.get("zeros")
    codes = read_flat(files, packed.parts["codes"], begin * width, end * width).view(end - begin, width)
    zeros = grid(packed, read_all(files, record).float()) if record else None

    def plain(start: int, stop: int) -> torch.Tensor:
        worth = codes[start - begin : stop - begin].float()
        return worth if zeros is None else worth.sub_(spread(packed, zeros, start, stop))

    scales = grid(packed, scale_values(files, packed.parts["scales"]))
    return scaled_unpacker(packed, plain, lambda *_: torch.tensor(1 / 12), scales)


# Codes as they are stored, and the group of each → float32.
Worth = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def load_slotted(
    packed: PackedTensor, begin: int, end: int, files: OpenFiles, worth: Worth, scales: torch.Tensor
) -> Unpacker:
    """Rows ``begin`` to ``end`` of codes that share bytes or words. ``scales``: of each group."""
    slots = slots_of(packed)
    first, last, skipped = flat_rows(packed, begin, end)
    pieces = [
        _slot(packed, files, slots.row_bytes(top), slots.row_bytes(bottom)) >> shift & slots.mask
        for shift, top, bottom in slots.pieces(first, last)
    ]
    codes = torch.cat(pieces)[skipped:]

    def groups(start: int, stop: int) -> torch.Tensor:
        places = torch.arange(start * packed.width, stop * packed.width)
        return places // slots.width if packed.whole("axis") == 1 else places % slots.width

    def values(start: int, stop: int) -> torch.Tensor:
        part = codes[(start - begin) * packed.width : (stop - begin) * packed.width]
        return worth(part, groups(start, stop)).view(stop - start, packed.width)

    def expected_error(start: int, stop: int) -> float:
        return float(scales[groups(start, stop)].square().sum()) / 12

    return Unpacker(values, expected_error)


def _slot(packed: PackedTensor, files: OpenFiles, begin: int, end: int) -> torch.Tensor:
    stored = read_bytes(files, packed.parts["codes"], begin, end)
    return stored.view(torch.int32) if packed.whole("slot_bytes") == 4 else stored
