"""Write what hqq, optimum-quanto and torchao store for small weights, and what they turn it back into.

These libraries cannot be installed beside the tests: once they can be imported, transformers and PEFT load them, and
that warns, compiles or takes seconds. So they are asked once, in an environment of their own:

    python -m venv there && there/bin/pip install torch hqq optimum-quanto torchao numpy
    there/bin/python tests/tools/export_packed.py tests/oracle/packed

writes a file for each library, with its version and all cases in the header. ``tests/oracle/test_stored_packings.py``
holds MergeDesk against them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

Stored = dict[str, torch.Tensor]
# What is stored for the module ``layer``, what the library makes of it, and what the file's header says.
Case = tuple[Stored, torch.Tensor, dict[str, str]]

ROWS, WIDTH = 16, 128
DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}


def weight(dtype: torch.dtype, width: int = WIDTH) -> torch.nn.Linear:
    """A layer with values of the usual size."""
    layer = torch.nn.Linear(width, ROWS, bias=False, dtype=dtype)
    layer.weight.data = (torch.randn(ROWS, width) * 0.05).to(dtype)
    return layer


def hqq_cases() -> Iterator[tuple[str, Case]]:
    """Every number of bits, along both axes, with and without groups."""
    from hqq.core.quantize import BaseQuantizeConfig, HQQLinear

    for name, dtype in DTYPES.items():
        for bits in (8, 4, 3, 2, 1):
            for axis in (0, 1):
                config = BaseQuantizeConfig(nbits=bits, group_size=64, axis=axis)
                layer = HQQLinear(weight(dtype), config, compute_dtype=dtype, device="cpu")
                stored = {f"layer.{part}": value for part, value in layer.state_dict().items()}
                yield f"{bits} bits, axis {axis}, {name}", (stored, layer.dequantize(), {})


def quanto_cases() -> Iterator[tuple[str, Case]]:
    """Bytes, small floats and shared bytes, in groups and by rows."""
    from optimum.quanto import QLinear, qfloat8, qfloat8_e5m2, qint2, qint4, qint8

    kinds = {"qint8": qint8, "qint4": qint4, "qint2": qint2, "qfloat8": qfloat8, "qfloat8_e5m2": qfloat8_e5m2}
    for name, dtype in DTYPES.items():
        for kind, qtype in kinds.items():
            for width in (64, 256):
                layer = QLinear.from_module(weight(dtype, width), weights=qtype)
                layer.freeze()
                stored = {f"layer.{part}": value for part, value in layer.state_dict().items()}
                packed = layer.weight
                if type(packed).__name__.startswith("TinyGemm"):  # for this CPU alone; it is stored in the common form
                    packed = packed.weight_qbits_tensor()
                yield f"{kind}, {width} inputs, {name}", (stored, packed.dequantize(), {})


def torchao_cases() -> Iterator[tuple[str, Case]]:
    """What needs no GPU to be made."""
    from torchao.prototype.safetensors.safetensors_support import flatten_tensor_state_dict
    from torchao.quantization import (
        Float8WeightOnlyConfig,
        Int8DynamicActivationInt8WeightConfig,
        Int8WeightOnlyConfig,
        IntxWeightOnlyConfig,
        PerAxis,
        PerGroup,
        quantize_,
    )
    from torchao.quantization.quant_primitives import MappingType

    kinds: dict[str, Any] = {
        "int8": Int8WeightOnlyConfig(version=2),
        "int8 in groups": Int8WeightOnlyConfig(version=2, granularity=PerGroup(32)),
        "int8 with activations": Int8DynamicActivationInt8WeightConfig(version=2),
        "float8": Float8WeightOnlyConfig(version=2),
        "int4 in groups": IntxWeightOnlyConfig(weight_dtype=torch.int4, granularity=PerGroup(32), version=2),
        "int4 by rows": IntxWeightOnlyConfig(weight_dtype=torch.int4, granularity=PerAxis(0), version=2),
        "int3 asymmetric": IntxWeightOnlyConfig(
            weight_dtype=torch.int3, granularity=PerGroup(32), mapping_type=MappingType.ASYMMETRIC, version=2
        ),
    }
    for name, dtype in DTYPES.items():
        for kind, config in kinds.items():
            model = torch.nn.ModuleDict({"layer": weight(dtype)})
            try:
                quantize_(model, config)
            except Exception as trouble:
                print(f"torchao does not make {kind}, {name}: {trouble}", file=sys.stderr)
                continue
            stored, said = flatten_tensor_state_dict(model.state_dict())
            yield f"{kind}, {name}", (stored, model["layer"].weight.dequantize(), said)


LIBRARIES: dict[str, Callable[[], Iterator[tuple[str, Case]]]] = {
    "hqq": hqq_cases,
    "optimum-quanto": quanto_cases,
    "torchao": torchao_cases,
}


def export(library: str, folder: Path) -> None:
    """One file, each tensor's name led by its case."""
    torch.manual_seed(0)
    tensors, said = dict[str, torch.Tensor](), dict[str, dict[str, str]]()
    for case, (stored, plain, header) in LIBRARIES[library]():
        said[case] = header
        tensors |= {f"{case}/{name}": value.detach().clone().contiguous() for name, value in stored.items()}
        tensors[f"{case}/plain"] = plain.detach().clone().contiguous()
    save_file(tensors, folder / f"{library}.safetensors", {"version": version(library), "cases": json.dumps(said)})


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(exist_ok=True)
    for library in sys.argv[2:] or LIBRARIES:
        export(library, Path(sys.argv[1]))
