"""From a quantised checkpoint's stored tensors to the weights they stand for. Only small states are read, no weight.

Each packing names its parts as the library that writes it does: bitsandbytes (``QuantState.as_dict``), transformers'
fine-grained FP8 and MXFP4, GPTQ and AWQ linear layers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.packed_tensor import PackedTensor, Packing, Setting, StoredTensor
from ..domain.errors import UserError
from ..domain.findings import Code
from ..storage.safetensors_header import TensorRecord
from .detect import looks_packed, quantization_config

_SIXTEEN_BITS: Mapping[str, str] = {"float16": "F16", "bfloat16": "BF16"}
_STATED: Mapping[str, str] = {**_SIXTEEN_BITS, "float32": "F32"}
_STATE_MARK = ".quant_state.bitsandbytes__"
_MAX_STATE_BYTES = 1 << 20
_FLOAT8 = frozenset({"F8_E4M3", "F8_E5M2"})
_SCALE_DTYPES = frozenset({"F32", "F16", "BF16", "U8", "F8_E8M0"})
_SCALES = ("{name}_scale_inv", "{name}_scale", "{module}.scale")
# Left over from running quantised: scales for activations and caches, which plain weights have no use for.
_RUN_TIME_ONLY = (".input_scale", ".activation_scale", ".k_scale", ".v_scale", ".q_scale", ".input_scale_ub")
_GPTQ_FORMATS = (None, "gptq", "gptq_v2")
_AWQ_VERSIONS = (None, "gemm", "exllama", "ipex")
_MXFP4_BYTES = 16

Records = Mapping[str, TensorRecord]


class _Unreadable(Exception):
    """A group of tensors whose packing is not one of those above."""


def unpacked(checkpoint: Checkpoint) -> Checkpoint:
    """The checkpoint with every packed weight as one PackedTensor, in the place of its parts.

    Raises UserError(quantised_unmergeable), naming the modules, where a packing cannot be read.
    """
    records = {name: one for name, one in checkpoint.tensors.items() if isinstance(one, TensorRecord)}
    tensors: dict[str, StoredTensor] = {}
    used: set[str] = set()
    broken: list[str] = []
    for name in records:
        try:
            packed = _find(name, records, checkpoint)
        except (_Unreadable, ValueError, KeyError, TypeError):
            broken.append(name)
            continue
        if packed is not None:
            tensors[packed.name] = packed
            used |= {part.name for part in packed.parts.values()}
    for name, record in records.items():
        if name not in used and not _is_run_time_only(name, tensors):
            tensors[name] = record
    broken += [name for name, one in tensors.items() if isinstance(one, TensorRecord) and looks_packed(one)]
    if broken:
        modules = list(dict.fromkeys(name.rpartition(".")[0] or name for name in broken))
        raise UserError(Code.QUANTIZED_UNMERGEABLE, method="", names=modules, count=len(modules), original=None)
    return replace(checkpoint, tensors=_in_order(tensors, records))


def _in_order(tensors: Mapping[str, StoredTensor], records: Records) -> dict[str, StoredTensor]:
    """In the order of the packed values in their files."""
    places = {name: place for place, name in enumerate(records)}

    def place(one: StoredTensor) -> int:
        return places[one.parts["codes"].name if isinstance(one, PackedTensor) else one.name]

    return {one.name: one for one in sorted(tensors.values(), key=place)}


def _is_run_time_only(name: str, tensors: Mapping[str, StoredTensor]) -> bool:
    """Whether a tensor only serves a quantised weight of the same module while it runs."""
    module = name.rpartition(".")[0]
    return name.endswith(_RUN_TIME_ONLY) and (
        isinstance(tensors.get(f"{module}.weight"), PackedTensor) or name.endswith((".k_scale", ".v_scale", ".q_scale"))
    )


def _find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """The packed weight whose main part is ``name``, if it is one's."""
    for packing in _PACKINGS:
        if (packed := packing(name, records, checkpoint)) is not None:
            return packed
    return None


def _target_dtype(checkpoint: Checkpoint, own: str | None) -> str:
    """What a weight becomes: the 16-bit dtype that the config states, else its own, else bfloat16."""
    stated = checkpoint.stated_dtype or _nested_dtype(checkpoint.config) or ""
    if stated in _SIXTEEN_BITS:
        return _SIXTEEN_BITS[stated]
    return own if own in ("F16", "BF16") else "BF16"


def _nested_dtype(config: Mapping[str, Any]) -> str | None:
    inner = config.get("text_config")
    stated = (inner.get("dtype") or inner.get("torch_dtype")) if isinstance(inner, Mapping) else None
    return stated if isinstance(stated, str) else None


def _bnb_4bit(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    states = [records[key] for kind in ("nf4", "fp4") if (key := f"{name}{_STATE_MARK}{kind}") in records]
    if not states:
        return None
    state = _read_state(states[0])
    own = _STATED[state["dtype"]]
    shape = _shape(state["shape"])
    block, nested = int(state["blocksize"]), f"{name}.nested_absmax" in records
    settings: dict[str, Setting] = {"block": block, "rounded": own}
    parts = {
        "codes": records[name],
        "scales": records[f"{name}.absmax"],
        "book": records[f"{name}.quant_map"],
        "state": states[0],
    }
    if nested:
        settings |= {"nested_block": int(state["nested_blocksize"]), "offset": float(state["nested_offset"])}
        parts |= {"nested": records[f"{name}.nested_absmax"], "nested_book": records[f"{name}.nested_quant_map"]}
    blocks = -(-math.prod(shape) // block)
    _require(parts["codes"].nbytes == (math.prod(shape) + 1) // 2 and parts["scales"].elements == blocks)
    _require(parts["scales"].dtype == ("U8" if nested else "F32") and parts["book"].shape == (16,))
    return PackedTensor(name, _target_dtype(checkpoint, own), shape, Packing.BNB_4BIT, parts, settings)


def _read_state(record: TensorRecord) -> dict[str, Any]:
    """bitsandbytes keeps what is no tensor as JSON in a tensor of bytes."""
    _require(record.nbytes <= _MAX_STATE_BYTES)
    try:
        with record.file.open("rb") as file:
            file.seek(record.offset)
            state = json.loads(file.read(record.nbytes))
    except OSError as trouble:
        raise UserError(Code.FOLDER_UNREADABLE, file=record.file.name, reason=trouble.strerror or "") from trouble
    _require(isinstance(state, dict))
    return dict(state)


def _shape(stated: Any) -> tuple[int, ...]:
    shape = tuple(int(size) for size in stated)
    _require(bool(shape) and all(size > 0 for size in shape))
    return shape


def _bnb_int8(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    module = name.removesuffix(".weight")
    scales = records.get(f"{module}.SCB")
    if not name.endswith(".weight") or scales is None:
        return None
    codes = records[name]
    _require(codes.dtype == "I8" and len(codes.shape) == 2 and scales.dtype == "F32")
    _require(scales.elements == codes.shape[0])
    parts = {"codes": codes, "scales": scales}
    if (order := records.get(f"{module}.weight_format")) is not None:
        _require(not any(_read_bytes(order)))  # zero stands for rows; older GPU orders are not supported
        parts["order"] = order
    return PackedTensor(name, _target_dtype(checkpoint, None), codes.shape, Packing.BNB_INT8, parts)


def _read_bytes(record: TensorRecord) -> bytes:
    _require(record.nbytes <= _MAX_STATE_BYTES)
    with record.file.open("rb") as file:
        file.seek(record.offset)
        return file.read(record.nbytes)


def _float8(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    codes = records[name]
    if codes.dtype not in _FLOAT8:
        return None
    module = name.removesuffix(".weight")
    names = (form.format(name=name, module=module) for form in _SCALES)
    scales = next((records[scale] for scale in names if scale in records), None)
    if scales is None:
        # Float8 without scales holds the values themselves; scales under a name not known here would be lost.
        _require(not any("scale" in other.rpartition(".")[2] for other in records))
        return PackedTensor(name, _target_dtype(checkpoint, None), codes.shape, Packing.FLOAT8, {"codes": codes})
    if scales.name == name or scales.dtype not in _SCALE_DTYPES or not codes.shape:
        raise _Unreadable(name)
    own = scales.dtype if scales.dtype in ("F16", "BF16") else None
    block = _block_size(codes.shape, scales.shape, checkpoint.config)
    settings: dict[str, Setting] = {"block_rows": block[0], "block_columns": block[1]}
    parts = {"codes": codes, "scales": scales}
    return PackedTensor(name, _target_dtype(checkpoint, own), codes.shape, Packing.FLOAT8, parts, settings)


def _block_size(shape: tuple[int, ...], scales: tuple[int, ...], config: Mapping[str, Any]) -> tuple[int, int]:
    """Rows and columns of the weight that share one scale. A grid that does not divide evenly needs the config."""
    rows, columns = (shape[-2] if len(shape) > 1 else 1), shape[-1]
    if math.prod(scales) == 1:
        return rows, columns
    if len(scales) == 1:
        scales = (*scales, 1)
    _require(len(scales) >= 2 and math.prod(scales[:-2]) in (1, math.prod(shape[:-2])))
    stated = (quantization_config(config) or {}).get("weight_block_size")
    if isinstance(stated, list) and len(stated) == 2 and _grid((rows, columns), stated) == scales[-2:]:
        return int(stated[0]), int(stated[1])
    _require(rows % scales[-2] == 0 and columns % scales[-1] == 0)
    return rows // scales[-2], columns // scales[-1]


def _grid(matrix: tuple[int, int], block: list[int]) -> tuple[int, int]:
    return -(-matrix[0] // int(block[0])), -(-matrix[1] // int(block[1]))


def _mxfp4(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """Experts of gpt-oss: stored (experts, outputs, groups, 16 bytes), meant (experts, inputs, outputs)."""
    logical = name.removesuffix("_blocks")
    scales = records.get(f"{logical}_scales")
    if logical == name or scales is None:
        return None
    codes = records[name]
    _require(codes.dtype == "U8" and scales.dtype in ("U8", "F8_E8M0") and len(codes.shape) == 4)
    _require(codes.shape[-1] == _MXFP4_BYTES and codes.shape[:-1] == scales.shape)
    experts, outputs, groups, _ = codes.shape
    shape = (experts, groups * _MXFP4_BYTES * 2, outputs)
    parts = {"codes": codes, "scales": scales}
    return PackedTensor(logical, _target_dtype(checkpoint, None), shape, Packing.MXFP4, parts)


def _integer_layer(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """GPTQ packs along inputs, AWQ along outputs: their shapes tell them apart."""
    module = name.removesuffix(".qweight")
    if module == name:
        return None
    parts = {"codes": records[name], "zeros": records[f"{module}.qzeros"], "scales": records[f"{module}.scales"]}
    if (groups := records.get(f"{module}.g_idx")) is not None:
        parts["groups"] = groups
    codes, zeros, scales = parts["codes"], parts["zeros"], parts["scales"]
    _require(all(len(part.shape) == 2 for part in (codes, zeros, scales)) and scales.dtype in ("F16", "BF16", "F32"))
    _require(codes.dtype == zeros.dtype == "I32" and zeros.shape[0] == scales.shape[0])
    make = _gptq if codes.shape[1] == scales.shape[1] else _awq
    return make(f"{module}.weight", parts, checkpoint)


def _gptq(name: str, parts: Records, checkpoint: Checkpoint) -> PackedTensor:
    stated = quantization_config(checkpoint.config) or {}
    form = stated.get("checkpoint_format") or stated.get("format")
    outputs = parts["scales"].shape[1]
    bits = parts["zeros"].shape[1] * 32 // outputs
    inputs = parts["codes"].shape[0] * 32 // max(bits, 1)
    _require(form in _GPTQ_FORMATS and bits in (2, 3, 4, 8) and stated.get("quant_method") in (None, "gptq"))
    _require(parts["zeros"].shape[1] * 32 == bits * outputs and parts["codes"].shape[0] * 32 == bits * inputs)
    groups = parts["scales"].shape[0]
    if "groups" in parts:
        _require(parts["groups"].dtype == "I32" and parts["groups"].shape == (inputs,))
    group = int(stated.get("group_size") or -1)
    group = inputs if group < 1 else group
    _require("groups" in parts or -(-inputs // group) == groups)
    settings: dict[str, Setting] = {"bits": bits, "zero_shift": int(form != "gptq_v2"), "group": group}
    dtype = _target_dtype(checkpoint, parts["scales"].dtype)
    return PackedTensor(name, dtype, (outputs, inputs), Packing.GPTQ, parts, settings)


def _awq(name: str, parts: Records, checkpoint: Checkpoint) -> PackedTensor:
    stated = quantization_config(checkpoint.config) or {}
    version = stated.get("version")
    inputs, outputs = parts["codes"].shape[0], parts["scales"].shape[1]
    groups = parts["scales"].shape[0]
    _require((str(version).lower() if version else None) in _AWQ_VERSIONS)
    _require(parts["codes"].shape[1] * 8 == outputs == parts["zeros"].shape[1] * 8 and inputs % groups == 0)
    settings: dict[str, Setting] = {"bits": 4, "group": inputs // groups}
    dtype = _target_dtype(checkpoint, parts["scales"].dtype)
    return PackedTensor(name, dtype, (outputs, inputs), Packing.AWQ, parts, settings)


def _require(true: bool) -> None:
    if not true:
        raise _Unreadable


_PACKINGS: tuple[Callable[[str, Records, Checkpoint], PackedTensor | None], ...] = (
    _bnb_4bit, _bnb_int8, _float8, _mxfp4, _integer_layer,
)  # fmt: skip


def packed_in(checkpoint: Checkpoint) -> Iterator[PackedTensor]:
    """The packed weights of an unpacked checkpoint."""
    return (one for one in checkpoint.tensors.values() if isinstance(one, PackedTensor))
