"""Which tools run weights as they are packed, and what those that do not make of them; from the tools' sources."""

from __future__ import annotations

from collections.abc import Iterator

from .codes import Remark, Tool, UsageCode, remark
from .folder_facts import Facts

# What both vLLM (model_executor/layers/quantization) and SGLang (srt/layers/quantization) have code for.
_SERVED = frozenset({"compressed-tensors", "fp8", "gptq", "awq", "mxfp4", "modelopt", "bitsandbytes"})
# What transformers loads them with (quantizers/auto.py).
_LIBRARIES = {
    "compressed-tensors": "compressed-tensors",
    "fp8": "accelerate",
    "gptq": "gptqmodel",
    "awq": "gptqmodel",
    "mxfp4": "kernels",
    "bitsandbytes": "bitsandbytes",
    "torchao": "torchao",
    "hqq": "hqq",
    "quanto": "optimum-quanto",
    "eetq": "kernels",
}
# What GGUF has a type of its own for, so that nothing is rounded again.
_IN_GGUF = frozenset({"mxfp4"})


def packing_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """What the tool makes of packed weights; nothing of plain ones."""
    method = facts.quantization.partition(" ")[0]
    if not method:
        return
    if tool is Tool.VLLM:
        served = method in _SERVED
        yield remark(UsageCode.PACKED_SERVED if served else UsageCode.PACKED_WEIGHTS, method=facts.quantization)
    elif tool is Tool.TRANSFORMERS:
        yield _loaded(facts.quantization, _LIBRARIES.get(method))
    else:
        code = UsageCode.PACKED_IN_GGUF if method in _IN_GGUF else UsageCode.PACKED_NOT_FOR_LLAMA_CPP
        yield remark(code, method=facts.quantization)


def _loaded(label: str, library: str | None) -> Remark:
    if library is None:
        return remark(UsageCode.PACKED_WEIGHTS, method=label)
    return remark(UsageCode.PACKED_LOADED, method=label, library=library)
