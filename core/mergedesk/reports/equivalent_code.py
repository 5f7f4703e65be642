"""The same merge as a PEFT script, for people who want to read or repeat it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ..checkpoints.adapter import read_adapter, read_adapter_config
from ..domain.findings import UserError
from ..domain.folder_info import FolderInfo
from ..domain.requests import MergeRequest, Precision
from ..inspection.inspect_folder import inspect_folder
from ..quantization.detect import original_name, script_lines
from ..quantization.packing_format import ScriptLines
from ..runtime.templates import render

_SCRIPT = Path(__file__).parent / "templates" / "merge.py.jinja"
_PEFT_MODEL = "PeftModelFor"
_NO_HEAD = "FeatureExtraction"

_WHOLE_VOCABULARY = re.compile(
    r"(embed_tokens|lm_head|wte|word_embeddings|embed_in|embed_out|shared)(\.base_layer)?\.weight$"
)


def peft_script(request: MergeRequest) -> str:
    """A runnable script that merges the request's adapters, each with its weight, with PEFT."""
    looks = [inspect_folder(adapter.folder) for adapter in request.adapters]
    adapters = [
        replace(adapter, folder=look.adapter_folder or adapter.folder)
        for adapter, look in zip(request.adapters, looks, strict=True)
    ]
    base, plain = _base(request)
    return render(
        _SCRIPT,
        auto_class=_auto_class(looks[0], request.base),
        base=base,
        plain=plain,
        precision='"auto"' if request.precision is Precision.AUTO else f"torch.{request.precision}",
        rows=_rows(adapters[0].folder) if request.resize_vocabulary else None,
        adapters=adapters,
        first=adapters[0],
        several=len(adapters) > 1,
        names=[f"adapter_{number}" for number in range(1, len(adapters) + 1)],
        weights=[adapter.weight for adapter in adapters],
        stabilised=_is_stabilised(adapters[0].folder),
        combination=request.combination,
        tokenizer=str(request.base),
        output=str(request.output),
    )


def _base(request: MergeRequest) -> tuple[str, ScriptLines]:
    """What is loaded as base, and what makes the weights of a quantised one plain."""
    packing = inspect_folder(request.base).quantization if request.dequantize else None
    plain = script_lines(packing, str(request.base)) if packing else ScriptLines(after=())
    if plain is not None:
        return str(request.base), plain
    instead = f"# transformers cannot dequantise {packing}; this takes the 16-bit original"
    return original_name(request.base.name) or "the 16-bit original", ScriptLines(before=(instead,), after=())


def _rows(adapter: Path) -> int | None:
    """How many the embeddings, or the head, have that the adapter brings whole."""
    try:
        tensors = read_adapter(adapter).tensors
    except UserError:
        return None
    return max((record.shape[0] for name, record in tensors.items() if _WHOLE_VOCABULARY.search(name)), default=None)


def _is_stabilised(first: Path) -> bool:
    """A combination takes over the first adapter's config, and with rank stabilisation it would be scaled twice."""
    try:
        return bool(read_adapter_config(first).get("use_rslora"))
    except UserError:
        return False


def _auto_class(adapter: FolderInfo, base: Path) -> str:
    """By the adapter's task; where it records none, the base's own class, since AutoModel would leave its head out."""
    _, by_task, task = (adapter.class_name or "").partition(_PEFT_MODEL)
    if by_task:
        return "AutoModel" if task == _NO_HEAD else f"AutoModelFor{task}"
    own = inspect_folder(base).class_name
    return own if own and own.isidentifier() else "AutoModel"
