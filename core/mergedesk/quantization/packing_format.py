"""What a packing format is, without torch: how it is told, what its tensors stand for, how a script undoes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ..checkpoints.checkpoint import Checkpoint, PackedTensor
from ..domain.dtypes import BY_TORCH_NAME, DTYPES
from ..domain.findings import Code, UserError
from ..storage.open_files import OpenFiles, open_files
from ..storage.safetensors_header import TensorRecord

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_MAX_STATE_BYTES = 1 << 20
_NOT_PACKED_AGAIN = (
    "base._weight_conversions = None  # or transformers would try to pack the weights again as it saves them"
)

Records = Mapping[str, TensorRecord]
# The packed weight whose packed values are the stored tensor of that name.
Find = Callable[[str], PackedTensor | None]
# Rows ``begin`` to ``end`` of a packed weight, (rows, width) float64.
ExactRows = Callable[[int, int], "npt.NDArray[np.float64]"]
# The same rows' cells: what each code stands for, and the least and the most that is rounded to it, infinite for the
# outermost. All (rows, width), in memory of their own.
Cells = Callable[[int, int], "tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]"]
# What a format makes of plain rows (rows, width), float64: each value as it comes back.
Rounding = Callable[["npt.NDArray[np.float64]"], "npt.NDArray[np.float64]"]


class Amiss(StrEnum):
    """What keeps tensors that look like a format's from being read."""

    SHAPES = "shapes"
    DTYPES = "dtypes"
    MISSING = "missing"


class Unreadable(Exception):
    """Tensors that look like a format's and are not as it describes them."""

    def __init__(self, amiss: Amiss = Amiss.SHAPES) -> None:
        super().__init__(amiss)
        self.amiss = amiss


@dataclass(frozen=True, slots=True)
class Quantization:
    """How weights are stored. ``bits`` is None where the config does not say."""

    method: str
    bits: int | None

    @property
    def label(self) -> str:
        """For example ``bitsandbytes 4-bit``."""
        return f"{self.method} {self.bits}-bit" if self.bits else self.method


@dataclass(frozen=True, slots=True)
class ScriptLines:
    """What a script needs so that transformers gives plain weights: imports, lines around the load, an argument."""

    imports: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    argument: str = ""
    after: tuple[str, ...] = (_NOT_PACKED_AGAIN,)


@dataclass(frozen=True, slots=True)
class Repacks:
    """What is written of a packed weight where plain rows are packed again; all else stays the base's.

    ``unit``: rows that only go together, as in a block. ``by_rows``: bytes that so many take of each part that has a
    stretch for them; ``overall``: parts that the whole weight shares, which nothing can be packed without.
    """

    unit: int
    by_rows: Mapping[str, int]
    overall: tuple[str, ...] = ()

    def stretch(self, part: TensorRecord, role: str, begin: int, end: int) -> tuple[int, int]:
        """Where the bytes of rows ``begin`` to ``end``, whole units or the last, begin and end in ``part``."""
        size = self.by_rows[role]
        return begin // self.unit * size, min(-(-end // self.unit) * size, part.nbytes)

    def nbytes(self, packed: PackedTensor, begin: int, end: int) -> int:
        """Bytes that such rows take in all parts; the first row stands for those that the whole weight shares."""
        shared = sum(packed.parts[role].nbytes for role in self.overall) if begin == 0 else 0
        places = (self.stretch(packed.parts[role], role, begin, end) for role in self.by_rows)
        return shared + sum(stop - start for start, stop in places)


@dataclass(frozen=True, slots=True)
class Codes:
    """What the codes of a format with scales of its own stand for, as far as a scale can be judged by it.

    ``largest``: the largest value, in scales; ``by_power``: the same where scales are powers of two, which are rounded
    to one; both None where the format's bits tell. ``finest``: the least share of the needed scale that one may be.
    """

    largest: float | None = None
    by_power: float | None = None
    finest: float | None = None


@dataclass(frozen=True, slots=True)
class PackingFormat:
    """One packing format; its name is its folder's. ``dequantize.py`` beside it has ``load``, which needs torch.

    ``find(name, records, checkpoint)``: the packed weight whose packed values are the stored tensor ``name``, None
    where they are not of this format. Raises Unreadable where they are and something is amiss.
    ``prepare(records, checkpoint)``: the same for all names of one checkpoint, where those are tens of thousands and
    what they share is worked out once.
    ``exact_rows(packed)``: its rows in float64, worked out from the format's description alone.
    ``part_names``: stored names that only this format uses, told by their last three parts; ``dtypes``: stored dtypes
    that are its own. What it packs has one or the other.
    ``methods``: what configs call it. ``stated(config)``: how a config that is its own states it, beyond the general
    ``quant_method`` and ``bits``. ``script(folder)``: how transformers undoes it, None where it cannot.
    ``repacks(packed)``: what is written where its packing is kept, None where it cannot be; ``repack.py`` beside it has
    ``pack`` then, which needs torch, and ``cells(packed, files)`` are those of what is stored, by the description.
    ``codes``: what is known of the values that its codes stand for.
    ``roundings()``: what people call them, and what they do, where plain weights are commonly rounded so on the fly.
    """

    find: Callable[[str, Records, Checkpoint], PackedTensor | None]
    exact_rows: Callable[[PackedTensor], ExactRows]
    part_names: re.Pattern[str] | None = None
    dtypes: frozenset[str] = frozenset()
    methods: tuple[str, ...] = ()
    stated: Callable[[Mapping[str, Any]], Quantization | None] = lambda _: None
    script: Callable[[str], ScriptLines] | None = None
    roundings: Callable[[], Iterable[tuple[str, Rounding]]] = tuple
    prepare: Callable[[Records, Checkpoint], Find] | None = None
    repacks: Callable[[PackedTensor], Repacks | None] = lambda _: None
    cells: Callable[[PackedTensor, OpenFiles], Cells] | None = None
    codes: Codes = Codes()

    def finder(self, records: Records, checkpoint: Checkpoint) -> Find:
        """What finds its packed weights among a checkpoint's records."""
        if self.prepare is not None:
            return self.prepare(records, checkpoint)
        return lambda name: self.find(name, records, checkpoint)


def undone_while_loading(folder: str) -> ScriptLines:
    """For formats that transformers dequantises as it loads them, when their config asks for it."""
    before = (f"config = AutoConfig.from_pretrained({folder!r})", 'config.quantization_config["dequantize"] = True')
    return ScriptLines(("AutoConfig",), before, "config=config, ")


def undone_afterwards(_folder: str) -> ScriptLines:
    """For formats that transformers runs as they are, and can dequantise in memory."""
    return ScriptLines(after=("base = base.dequantize()", _NOT_PACKED_AGAIN))


def require(true: bool, amiss: Amiss = Amiss.SHAPES) -> None:
    """Raises Unreadable where the tensors are not as they should be."""
    if not true:
        raise Unreadable(amiss)


def require_dtypes(true: bool) -> None:
    """Raises Unreadable where tensors are not of the dtypes that their format has."""
    require(true, Amiss.DTYPES)


def quantization_config(config: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The config's own words on quantisation, from a nested text config where they are there.

    Empty where there is an entry that says nothing, with which no model loads.
    """
    inner = config.get("text_config")
    nested = inner.get("quantization_config") if isinstance(inner, Mapping) else None
    entries = (config.get("quantization_config"), config.get("compression_config"), nested)
    stated = next((entry for entry in entries if entry and isinstance(entry, Mapping)), None)
    return {} if stated is None and any(entry is not None for entry in entries) else stated


def target_dtype(checkpoint: Checkpoint, own: str | None) -> str:
    """What a weight becomes: the 16-bit dtype that the config states, else its own, else bfloat16."""
    inner = checkpoint.config.get("text_config")
    nested = (inner.get("dtype") or inner.get("torch_dtype")) if isinstance(inner, Mapping) else None
    stated = BY_TORCH_NAME.get(str(checkpoint.stated_dtype or nested))
    known = (stated, DTYPES.get(own or ""))
    return next((dtype.name for dtype in known if dtype and dtype.floating and dtype.bits == 16), "BF16")


def read_state(record: TensorRecord) -> bytes:
    """A stored tensor that says how others are packed, as bytes. Raises Unreadable where it is large, UserError."""
    require(record.nbytes <= _MAX_STATE_BYTES)
    try:
        with open_files() as files:
            return bytes(files.read(record, 0, record.nbytes))
    except UserError as trouble:
        reason = str(trouble.data.get("reason", ""))
        raise UserError(Code.FOLDER_UNREADABLE, file=record.file.name, reason=reason) from trouble


def integer_layer(name: str, records: Records) -> dict[str, TensorRecord] | None:
    """The parts of a linear layer of integers with scales and zero points, as GPTQ and AWQ both name them.

    Raises Unreadable, KeyError where one is missing.
    """
    module = name.removesuffix(".qweight")
    if module == name:
        return None
    parts = {"codes": records[name], "zeros": records[f"{module}.qzeros"], "scales": records[f"{module}.scales"]}
    codes, zeros, scales = parts.values()
    require_dtypes(scales.dtype in ("F16", "BF16", "F32") and codes.dtype == zeros.dtype == "I32")
    require(all(len(part.shape) == 2 for part in parts.values()) and zeros.shape[0] == scales.shape[0])
    return parts
