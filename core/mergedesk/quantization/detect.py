"""Whether a checkpoint's weights are quantised, what they stand for, and what its 16-bit original is called.

Only small states are read, no weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from ..checkpoints.checkpoint import Checkpoint, PackedTensor, StoredTensor
from ..domain.dtypes import DTYPES
from ..domain.findings import Code, Finding, UserError, info
from ..storage.safetensors_header import TensorRecord
from .grid import is_in_groups_of, stated_groups
from .packing_format import Amiss, PackingFormat, Quantization, ScriptLines, Unreadable, quantization_config, require
from .registry import FORMATS

# Dtypes that no library keeps plain matrices in, whatever packed them.
_PACKED_DTYPES = frozenset({"I32", "U32", "U8", "I8", "F4", "F6_E2M3", "F6_E3M2"})
# MLX states its bits under a name of its own, and the method under none.
_MLX, _MLX_CONFIG = "MLX", "quantization"
_UNNAMED = "unknown"
_ITS_OWN_DTYPES = _PACKED_DTYPES.union(*(known.dtypes for known in FORMATS.values()))
# What formats that are not read here call parts of a weight.
_FOREIGN_PARTS = {
    "trellis": "exl3", "q_invperm": "exl2", "codebooks": "aqlm", "Qidxs": "quip", "dense_weights": "spqr",
    "tables": "higgs", "centroids": "vptq", "biases": _MLX,
}  # fmt: skip
# compressed-tensors' formats, which vLLM and SGLang run.
_OF_SERVERS = frozenset(
    {"pack_quantized", "int_quantized", "float_quantized", "nvfp4_pack_quantized", "mxfp4_pack_quantized"}
)
_TABLES = re.compile(r"(position|token_type)_ids$|_index$|mask$|tracked$|tid2eid$|^bias$")
_CODES = 64
_AMISS = {
    Amiss.MISSING: Code.PACKED_PART_MISSING,
    Amiss.SHAPES: Code.PACKED_SHAPES_DIFFER,
    Amiss.DTYPES: Code.PACKED_DTYPES_DIFFER,
}
# Packing formats whose entry in a config says nothing of plain weights: it was left over when they were unpacked.
_OF_PACKED_WEIGHTS = frozenset({
    "hqq", "quanto", "eetq", "aqlm", "vptq", "spqr", "higgs", "torchao", "exl2", "exl3", "quip", "auto-round", "sinq",
    "fbgemm_fp8", "quark", "modelopt", "bitblas", "marlin", "compressed-tensors", "fp_quant",
})  # fmt: skip
# How repositories of quantised models are named after that of their original.
_QUANTIZED_NAME = re.compile(
    r"[-_.](unsloth-)?(bnb-)?(4bit|8bit|int4|int8|nf4|fp8|fp4|mxfp4|nvfp4|gptq|awq|w4a16|w8a8|w8a16|eetq|hqq|aqlm|exl2|gguf)\b.*$",
    re.IGNORECASE,
)
# Left over from running quantised: scales for activations and caches, which plain weights have no use for.
_OF_CACHES = (
    ".k_scale",
    ".v_scale",
    ".q_scale",
    ".k_zero_point",
    ".v_zero_point",
    ".k_global_scale",
    ".v_global_scale",
)
_RUN_TIME_ONLY = (
    ".input_scale", ".activation_scale", ".input_scale_ub", ".output_scale", ".input_zero_point", ".input_global_scale",
    *_OF_CACHES,
)  # fmt: skip


def find_quantization(config: Mapping[str, Any], tensors: Mapping[str, StoredTensor]) -> Quantization | None:
    """How the weights are packed, by config and tensors; None where they are plain, whatever the config says."""
    if not any(map(looks_packed, tensors.values())) and not codes_without_weight(config, tensors):
        return None
    stated = stated_quantization(config)
    if stated is not None and stated.method != _UNNAMED:
        return stated
    packed = [tensor for tensor in tensors.values() if looks_packed(tensor)]
    name = _name_of(packed or codes_without_weight(config, tensors), tensors)
    if name == _MLX:
        return Quantization(name, _mlx_bits(config))
    return stated or Quantization(name, None)


def _mlx_bits(config: Mapping[str, Any]) -> int | None:
    stated = config.get(_MLX_CONFIG) or quantization_config(config)
    bits = stated.get("bits") if isinstance(stated, Mapping) else None
    return bits if isinstance(bits, int) else None


def _name_of(packed: Sequence[StoredTensor], tensors: Iterable[str]) -> str:
    """The one format that alone names its parts so, or stores such dtypes."""
    dtypes, leaves = {tensor.dtype for tensor in packed}, {name.rpartition(".")[2] for name in tensors}
    by_part = (name for part, name in _FOREIGN_PARTS.items() if part in leaves)
    by_dtype = (name for name, known in FORMATS.items() if dtypes <= known.dtypes)
    return next(by_part, next(by_dtype, "packed"))


def codes_without_weight(config: Mapping[str, Any], tensors: Mapping[str, StoredTensor]) -> list[StoredTensor]:
    """Integers of modules that have no weight: codes of a format that is not known here, whatever it calls them.

    Where the config states no format, numbers that scale them must lie beside them: plain models keep tables as well.
    """
    codes = [tensor for tensor in tensors.values() if _is_code(tensor, tensors)]
    if not codes or quantization_config(config):
        return codes
    scaled = {name.rpartition(".")[0] for name, tensor in tensors.items() if tensor.is_floating}
    places = ((tensor, *tensor.name.rpartition(".")[::2]) for tensor in codes)
    return [tensor for tensor, module, leaf in places if module in scaled or leaf in _FOREIGN_PARTS]


def _is_code(tensor: StoredTensor, tensors: Mapping[str, StoredTensor]) -> bool:
    if tensor.is_floating or tensor.dtype == "BOOL" or not DTYPES[tensor.dtype].computed or tensor.elements < _CODES:
        return False
    module, _, leaf = tensor.name.rpartition(".")
    weight = tensors.get(f"{module}.weight")
    return not _TABLES.search(leaf) and (weight is None or not weight.is_floating)


def looks_packed(tensor: StoredTensor) -> bool:
    """Whether a stored tensor is a packed weight or belongs to one."""
    if isinstance(tensor, PackedTensor):
        return True
    if len(tensor.shape) > 1 and tensor.dtype in _ITS_OWN_DTYPES:
        return True
    return bool(_formats_of(_end_of(tensor.name)))


def _end_of(name: str) -> str:
    """The last three parts of a name, in which every format's names differ: the same for thousands of layers."""
    parts = name.rsplit(".", 3)
    return name[len(parts[0]) :] if len(parts) > 3 else name


@lru_cache(maxsize=32_768)
def _formats_of(end: str) -> tuple[str, ...]:
    """The formats that alone use a name that ends so."""
    return tuple(name for name, known in FORMATS.items() if known.part_names and known.part_names.search(end))


def stated_quantization(config: Mapping[str, Any]) -> Quantization | None:
    """What the config says of quantisation, true or left over."""
    stated = quantization_config(config)
    if stated is None:
        return None
    bits = stated.get("bits") or stated.get("w_bit")
    generally = Quantization(str(stated.get("quant_method") or _UNNAMED), bits if isinstance(bits, int) else None)
    by_format = (known.stated(stated) for known in FORMATS.values())
    return next((told for told in by_format if told is not None), generally)


def computes_quantized(config: Mapping[str, Any]) -> bool:
    """Whether the config makes plain weights compute as quantised ones: then it is part of the model, not left over."""
    stated = quantization_config(config)
    if not stated:
        return False
    method = str(stated.get("quant_method") or "")
    trained = str(stated.get("quantization_status") or "compressed") != "compressed"
    of_packed = method in _OF_PACKED_WEIGHTS or any(method in known.methods for known in FORMATS.values())
    by_format = any(known.stated(stated) for known in FORMATS.values())
    return trained or not (of_packed or by_format)


def script_lines(label: str, folder: str) -> ScriptLines | None:
    """How a script of transformers' gets plain weights from a folder of that quantisation; None where it cannot."""
    method = label.partition(" ")[0]
    known = next((packing for packing in FORMATS.values() if packing.script and method in packing.methods), None)
    return known.script(folder) if known and known.script else None


def original_name(name: str) -> str | None:
    """The likely name of the 16-bit original: ``…-bnb-4bit`` and kin cut off; None if nothing to cut."""
    shorter = _QUANTIZED_NAME.sub("", name)
    return shorter if shorter and shorter != name else None


def unpacked(checkpoint: Checkpoint) -> Checkpoint:
    """The checkpoint with every packed weight as one PackedTensor, in the place of its parts.

    Raises UserError(quantised_unmergeable), naming the modules, where a packing cannot be read.
    """
    seen, broken = seen_unpacked(checkpoint)
    broken += _turned(checkpoint)
    if broken:
        modules = list(dict.fromkeys(name.rpartition(".")[0] or name for name in broken))
        raise UserError(Code.QUANTIZED_UNMERGEABLE, method="", names=modules, count=len(modules), original=None)
    return seen


def _turned(checkpoint: Checkpoint) -> list[str]:
    """What says that weights are of use only with rotations that the model applies as it runs."""
    transforms = (quantization_config(checkpoint.config) or {}).get("transform_config")
    return ["transform_config"] if isinstance(transforms, Mapping) and transforms.get("config_groups") else []


def seen_unpacked(checkpoint: Checkpoint) -> tuple[Checkpoint, list[str]]:
    """The same as far as it can be read, and the stored tensors that cannot be, which stay as they are."""
    records = _records_of(checkpoint)
    packed, amiss = _found(records, checkpoint)
    broken = list(amiss)
    tensors: dict[str, StoredTensor] = {one.name: one for one in packed}
    left = _besides(packed, records)
    tensors |= {name: record for name, record in left.items() if not _is_run_time_only(name, tensors)}
    broken += [name for name, record in left.items() if name in tensors and looks_packed(record)]
    codes = codes_without_weight(checkpoint.config, tensors)
    broken += [code.name for code in codes if isinstance(code, TensorRecord)]
    # In the order of the packed values in their files.
    stored = {
        tensor.parts["codes"].name if isinstance(tensor, PackedTensor) else tensor.name: tensor
        for tensor in tensors.values()
    }
    ordered = {stored[name].name: stored[name] for name in records if name in stored}
    return replace(checkpoint, tensors=ordered), broken


def seen_for_servers(checkpoint: Checkpoint) -> Checkpoint | None:
    """The same with packed weights as one each, where all of them are compressed-tensors'; None where not, or none."""
    seen, broken = seen_unpacked(checkpoint)
    packings = {packed.packing for packed in packed_in(seen)}
    return seen if packings and packings <= _OF_SERVERS and not broken else None


def what_is_amiss(checkpoint: Checkpoint) -> Iterator[Finding]:
    """Why packed weights cannot be read that are of a format that is known here."""
    _, broken = _found(_records_of(checkpoint), checkpoint)
    for amiss, code in _AMISS.items():
        if names := list(dict.fromkeys(what for reason, what in broken.values() if reason is amiss)):
            yield info(code, names=names, count=len(names))


def _records_of(checkpoint: Checkpoint) -> Mapping[str, TensorRecord]:
    """Its tensors that are stored as they are: mostly all, of which then no second table is made."""
    tensors = checkpoint.tensors
    if all(isinstance(tensor, TensorRecord) for tensor in tensors.values()):
        return cast(Mapping[str, TensorRecord], tensors)
    return {name: tensor for name, tensor in tensors.items() if isinstance(tensor, TensorRecord)}


def _besides(packed: Iterable[PackedTensor], records: Mapping[str, TensorRecord]) -> dict[str, TensorRecord]:
    """The records that belong to no packed weight."""
    used = {part.name for one in packed for part in one.parts.values()}
    return {name: record for name, record in records.items() if name not in used}


def _found(
    records: Mapping[str, TensorRecord], checkpoint: Checkpoint
) -> tuple[list[PackedTensor], dict[str, tuple[Amiss, str]]]:
    """Packed weights in the order of their files; tensors that look so to a format, what is amiss and with which."""
    packed: list[PackedTensor] = []
    broken: dict[str, tuple[Amiss, str]] = {}
    finders = [known.finder(records, checkpoint) for known in _formats_in(records)]
    sizes = stated_groups(checkpoint.config)
    for name in records:
        try:
            for find in finders:
                if (candidate := find(name)) is not None:
                    require(not sizes or is_in_groups_of(candidate, sizes))
                    packed.append(candidate)
                    break
        except Unreadable as trouble:
            broken[name] = (trouble.amiss, name)
        except KeyError as trouble:
            broken[name] = (Amiss.MISSING, str(trouble.args[0]))
        except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError):
            broken[name] = (Amiss.SHAPES, name)
    return packed, broken


def _formats_in(records: Mapping[str, TensorRecord]) -> list[PackingFormat]:
    """The formats that have a name or a dtype of their own among the records; no other finds anything there."""
    named = {name for end in set(map(_end_of, records)) for name in _formats_of(end)}
    dtypes = {record.dtype for record in records.values()}
    return [known for name, known in FORMATS.items() if name in named or known.dtypes & dtypes]


def _is_run_time_only(name: str, tensors: Mapping[str, StoredTensor]) -> bool:
    """Whether a tensor only serves a quantised weight of the same module while it runs."""
    if not name.endswith(_RUN_TIME_ONLY):
        return False
    module = name.rpartition(".")[0]
    return isinstance(tensors.get(f"{module}.weight"), PackedTensor) or name.endswith(_OF_CACHES)


def packed_in(checkpoint: Checkpoint) -> Iterator[PackedTensor]:
    """The packed weights of an unpacked checkpoint."""
    return (tensor for tensor in checkpoint.tensors.values() if isinstance(tensor, PackedTensor))
